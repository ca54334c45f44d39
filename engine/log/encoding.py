"""The binary form of the log: what is hashed, byte by byte (docs/log-format.md).

Every encoded thing begins with a type byte and a format byte. Integers are big-endian. A variable field is an
unsigned 32-bit length followed by that many bytes; the length ``ffffffff`` with nothing behind it says that the
field is absent, so that absent and empty differ. Texts are UTF-8 in Unicode normalisation form C.

Leaves are those of RFC 9162 section 2.1: SHA-256 over the byte 0 and the entry.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from struct import Struct
from unicodedata import normalize

FORMAT = 1
RECORD = 1
DELIVERY = 2
HEADER = 3
DELIVERY_TEXTS = 4
MESSAGE_TEXT = 5
ERASURE = 6

_LENGTH = Struct(">I")
_INTEGER = Struct(">q")
_RECORD = Struct(">BBB32sQB16sqQq32s")
_DELIVERY = Struct(">BBBQQqIQ32s")
_ERASURE = Struct(">BBBQB16sq")
_LEAF_PREFIX = 0
_ABSENT = b"\xff\xff\xff\xff"
_INTEGER_LENGTH = _LENGTH.pack(8)

RecordRow = tuple[bytes, int, int, bytes, int, int, int, bytes]
"""A record in the order of its bytes: header digest, seq, kind, pseudonym, t, mark, not_before, key."""


@dataclass(frozen=True, slots=True)
class HeaderFields:
    """What the records of one occurrence, step, status, reason and content share.

    ``run`` is the run's id, ``decided_at`` its T in microseconds, ``version`` the hex digest of the playbook
    version, ``block`` the index of the block entered, ``occurrence`` the name of the occurrence. ``content`` is
    the template as ``name@digest`` for a push, or the coupon's name. ``params`` is the canonical JSON text of
    :func:`canonical_params`.
    """

    run: str
    decided_at: int
    playbook: str
    version: str
    block: int
    category: str
    step: str
    action: str
    channel: str | None
    content: str | None
    params: str
    arm: str | None
    status: str
    reason: str | None
    occurrence: str


@dataclass(frozen=True, slots=True)
class DeliveryFields:
    """What became of one dispatch at its channel: the columns of ``deliveries``, in microseconds and seqs."""

    seq: int
    dispatch: int
    at: int
    attempt: int
    outcome: str
    reason: str | None
    channel_id: str | None
    error: str | None
    text_digest: bytes | None
    arrived_seq: int


def canonical_params(params: Mapping[str, str | int | bool | Sequence[str] | None]) -> str:
    """Return ``params`` as JSON with sorted keys, no spaces and no escapes beyond those JSON needs.

    >>> canonical_params({"coupon": "满100减20", "changed": False})
    '{"changed":false,"coupon":"满100减20"}'
    """
    return normalize("NFC", json.dumps(params, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


@lru_cache(maxsize=4096)
def text_field(text: str | None) -> bytes:
    """Return a text as a length-prefixed field; None is absent.

    >>> text_field("猫").hex(), text_field("").hex(), text_field(None).hex()
    ('00000003e78cab', '00000000', 'ffffffff')
    """
    if text is None:
        return _ABSENT
    data = normalize("NFC", text).encode()
    return _LENGTH.pack(len(data)) + data


def bytes_field(data: bytes | None) -> bytes:
    """Return bytes as a length-prefixed field; None is absent."""
    return _ABSENT if data is None else _LENGTH.pack(len(data)) + data


def integer_field(value: int) -> bytes:
    """Return a signed 64-bit integer as a length-prefixed field.

    >>> integer_field(-1).hex()
    '00000008ffffffffffffffff'
    """
    return _INTEGER_LENGTH + _INTEGER.pack(value)


def header_body(fields: HeaderFields) -> bytes:
    """Return the bytes of a header: type, format and the fields in the order of :class:`HeaderFields`."""
    text = text_field
    return b"".join(
        (
            bytes((HEADER, FORMAT)),
            text(fields.run),
            integer_field(fields.decided_at),
            text(fields.playbook),
            text(fields.version),
            integer_field(fields.block),
            text(fields.category),
            text(fields.step),
            text(fields.action),
            text(fields.channel),
            text(fields.content),
            text(fields.params),
            text(fields.arm),
            text(fields.status),
            text(fields.reason),
            text(fields.occurrence),
        )
    )


def header_digest(body: bytes) -> bytes:
    """Return the SHA-256 of a header's bytes, 32 bytes."""
    return sha256(body).digest()


def record_entry(row: RecordRow) -> bytes:
    """Return the 115 bytes of a record, the entry that its leaf hashes."""
    return _RECORD.pack(_LEAF_PREFIX, RECORD, FORMAT, *row)[1:]


def record_leaf(
    digest: bytes, seq: int, kind: int, pseudonym: bytes, t: int, mark: int, not_before: int, key: bytes
) -> bytes:
    """Return the leaf hash of one record, 32 bytes. ``digest`` is its header's; instants are microseconds."""
    packed = _RECORD.pack(_LEAF_PREFIX, RECORD, FORMAT, digest, seq, kind, pseudonym, t, mark, not_before, key)
    return sha256(packed).digest()


def record_leaves(rows: Iterable[RecordRow]) -> list[bytes]:
    """Return the leaf hashes of many records, in their order.

    >>> row = (bytes(32), 7, 0, bytes(16), 1, 2, 3, bytes(32))
    >>> record_leaves([row]) == [record_leaf(*row)]
    True
    """
    pack, digest = _RECORD.pack, sha256
    return [digest(pack(_LEAF_PREFIX, RECORD, FORMAT, *row)).digest() for row in rows]


def delivery_texts(fields: DeliveryFields) -> bytes:
    """Return the bytes of a delivery's variable fields: outcome, reason, channel's id, error, digest of the text."""
    return b"".join(
        (
            bytes((DELIVERY_TEXTS, FORMAT)),
            text_field(fields.outcome),
            text_field(fields.reason),
            text_field(fields.channel_id),
            text_field(fields.error),
            bytes_field(fields.text_digest),
        )
    )


def delivery_entry(fields: DeliveryFields) -> bytes:
    """Return the 70 bytes of a delivery record, the entry that its leaf hashes."""
    return _packed_delivery(fields)[1:]


def delivery_leaf(fields: DeliveryFields) -> bytes:
    """Return the leaf hash of a delivery record, 32 bytes."""
    return sha256(_packed_delivery(fields)).digest()


def _packed_delivery(fields: DeliveryFields) -> bytes:
    texts = sha256(delivery_texts(fields)).digest()
    return _DELIVERY.pack(
        _LEAF_PREFIX,
        DELIVERY,
        FORMAT,
        fields.seq,
        fields.dispatch,
        fields.at,
        fields.attempt,
        fields.arrived_seq,
        texts,
    )


def erasure_entry(seq: int, kind: int, pseudonym: bytes, at: int) -> bytes:
    """Return the 35 bytes that say of the unit of a pseudonym that it was erased at the instant ``at``."""
    return _ERASURE.pack(_LEAF_PREFIX, ERASURE, FORMAT, seq, kind, pseudonym, at)[1:]


def erasure_leaf(seq: int, kind: int, pseudonym: bytes, at: int) -> bytes:
    """Return the leaf hash of an erasure, 32 bytes. ``at`` is in microseconds.

    >>> erasure_leaf(1, 0, bytes(16), 2) == sha256(b"\\0" + erasure_entry(1, 0, bytes(16), 2)).digest()
    True
    """
    return sha256(_ERASURE.pack(_LEAF_PREFIX, ERASURE, FORMAT, seq, kind, pseudonym, at)).digest()


def message_digest(texts: Sequence[str | None]) -> bytes:
    """Return the SHA-256 of a rendered message: its text, then kind, value, title and page of each part."""
    return sha256(bytes((MESSAGE_TEXT, FORMAT)) + b"".join(map(text_field, texts))).digest()
