"""What the migration to schema 4 computes and SQL cannot; it never changes, whatever becomes of the log's formats."""

from __future__ import annotations

from hashlib import sha256
from unicodedata import normalize

_TYPE_AND_FORMAT = b"\x04\x01"
_ABSENT = b"\xff\xff\xff\xff"


def delivery_texts_digest(
    outcome: str, reason: str | None, channel_id: str | None, error: str | None, text_digest: bytes | None
) -> bytes:
    """Return the digest by which a delivery's leaf of the first format binds its texts (docs/log-format.md)."""
    texts = (None if text is None else normalize("NFC", text).encode() for text in (outcome, reason, channel_id, error))
    return sha256(_TYPE_AND_FORMAT + b"".join(map(_field, (*texts, text_digest)))).digest()


def _field(data: bytes | None) -> bytes:
    return _ABSENT if data is None else len(data).to_bytes(4, "big") + data
