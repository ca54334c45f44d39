"""Delivery records in their first format, as logs hold them that a store of the third schema or an older one began.

One digest covers outcome, reason, channel's id, error and the digest of the text, without a salt. Nothing is written in this
format any more (docs/log-format.md).
"""

from __future__ import annotations

from hashlib import sha256
from struct import Struct

from .encoding import DELIVERY, DELIVERY_TEXTS, bytes_field, text_field

FIRST_FORMAT = 1

_DELIVERY = Struct(">BBBQQqIQ32s")
_LEAF_PREFIX = 0
_DIGEST_LENGTH = 32


def first_texts(
    outcome: str, reason: str | None, channel_id: str | None, error: str | None, text_digest: bytes | None
) -> bytes:
    """Return the bytes of a delivery's variable fields in the first format."""
    texts = b"".join(map(text_field, (outcome, reason, channel_id, error)))
    return bytes((DELIVERY_TEXTS, FIRST_FORMAT)) + texts + bytes_field(text_digest)


def first_entry(seq: int, dispatch: int, at: int, attempt: int, arrived_seq: int, texts: bytes) -> bytes:
    """Return the 70 bytes of a delivery record in the first format. ``texts`` is the SHA-256 of :func:`first_texts`.

    Raises ValueError for a digest of another length than 32.
    """
    return _packed(seq, dispatch, at, attempt, arrived_seq, texts)[1:]


def first_leaf(seq: int, dispatch: int, at: int, attempt: int, arrived_seq: int, texts: bytes) -> bytes:
    """Return the leaf hash of a delivery record in the first format, 32 bytes. Raises ValueError as :func:`first_entry`."""
    return sha256(_packed(seq, dispatch, at, attempt, arrived_seq, texts)).digest()


def _packed(seq: int, dispatch: int, at: int, attempt: int, arrived_seq: int, texts: bytes) -> bytes:
    if len(texts) != _DIGEST_LENGTH:
        raise ValueError("a digest has 32 bytes")
    return _DELIVERY.pack(_LEAF_PREFIX, DELIVERY, FIRST_FORMAT, seq, dispatch, at, attempt, arrived_seq, texts)
