"""The binary form of the log: what is hashed, byte by byte (docs/log-format.md).

Every encoded thing begins with a type byte and a format byte. Integers are big-endian. A variable field is an
unsigned 32-bit length followed by that many bytes; the length ``ffffffff`` with nothing behind it says that the
field is absent, so that absent and empty differ. Texts are UTF-8 in Unicode normalisation form C.

Leaves are those of RFC 9162 section 2.1: SHA-256 over the byte 0 and the entry.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
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
PRIVATE_TEXTS = 7

DELIVERY_FORMAT = 2
"""The format of delivery records and their answers; ``first_format`` has the one of older logs."""
SALT_LENGTH = 16

_LENGTH = Struct(">I")
_INTEGER = Struct(">q")
_RECORD = Struct(">BBB32sQB16sqQq32s")
_RECORD_TAIL = Struct(">QB16sqQq32s")
_DELIVERY = Struct(">BBBQQqIQ32s32s")
_ERASURE = Struct(">BBBQB16sq")
_LEAF_PREFIX = 0
_ABSENT = b"\xff\xff\xff\xff"
_NOTHING_PRIVATE = bytes(32)
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
    """What became of one dispatch at its channel: the columns of ``deliveries``, in microseconds and seqs.

    ``private`` is the digest of what may be personal, None where there was nothing.
    """

    seq: int
    dispatch: int
    at: int
    attempt: int
    outcome: str
    reason: str | None
    private: bytes | None
    arrived_seq: int


@dataclass(frozen=True, slots=True)
class PrivateTexts:
    """What of a delivery may be personal, kept apart so that it can be erased: the columns of ``delivery_texts``.

    Without the ``salt``, 16 random bytes that are drawn for each delivery and kept nowhere else, the digest tells nothing to
    whoever guesses the rest.
    """

    salt: bytes
    channel_id: str | None
    error: str | None
    text_digest: bytes | None


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


LeafMaker = Callable[[int, int, bytes, int, int, int, bytes], bytes]
"""Gives the leaf hash of a record by seq, kind, pseudonym, t, mark, not_before and key."""


def leaf_maker(digest: bytes) -> LeafMaker:
    """Return what gives the leaf hashes of the records of one header, by its digest.

    A hash that has read what they share is copied, which is faster than beginning a new one.

    >>> leaf_maker(bytes(32))(7, 0, bytes(16), 1, 2, 3, bytes(32)) == record_leaf(bytes(32), 7, 0, bytes(16), 1, 2, 3, bytes(32))
    True
    """
    pack, copy = _RECORD_TAIL.pack, sha256(bytes((_LEAF_PREFIX, RECORD, FORMAT)) + digest).copy

    def leaf(seq: int, kind: int, pseudonym: bytes, t: int, mark: int, not_before: int, key: bytes) -> bytes:
        begun = copy()
        begun.update(pack(seq, kind, pseudonym, t, mark, not_before, key))
        return begun.digest()

    return leaf


def answer_bytes(outcome: str, reason: str | None) -> bytes:
    """Return the bytes of what a delivery came to."""
    return bytes((DELIVERY_TEXTS, DELIVERY_FORMAT)) + text_field(outcome) + text_field(reason)


@lru_cache(maxsize=256)
def answer_digest(outcome: str, reason: str | None) -> bytes:
    """Return the SHA-256 of what a delivery came to, 32 bytes."""
    return sha256(answer_bytes(outcome, reason)).digest()


def private_texts(texts: PrivateTexts) -> bytes:
    """Return the bytes of what may be personal: salt, channel's id, error, digest of the text.

    Raises ValueError for a salt of another length than 16.
    """
    if len(texts.salt) != SALT_LENGTH:
        raise ValueError("a salt has 16 bytes")
    return b"".join(
        (
            bytes((PRIVATE_TEXTS, FORMAT)),
            texts.salt,
            text_field(texts.channel_id),
            text_field(texts.error),
            bytes_field(texts.text_digest),
        )
    )


def private_digest(texts: PrivateTexts) -> bytes:
    """Return the SHA-256 of what may be personal of a delivery, 32 bytes."""
    return sha256(private_texts(texts)).digest()


def delivery_entry(fields: DeliveryFields) -> bytes:
    """Return the 102 bytes of a delivery record, the entry that its leaf hashes.

    Raises ValueError for a private digest of another length than 32, and for zeros, which say that there is none.
    """
    return _packed_delivery(fields)[1:]


def delivery_leaf(fields: DeliveryFields) -> bytes:
    """Return the leaf hash of a delivery record, 32 bytes. Raises ValueError as :func:`delivery_entry`."""
    return sha256(_packed_delivery(fields)).digest()


def _packed_delivery(fields: DeliveryFields) -> bytes:
    private = fields.private
    if private is not None and (len(private) != len(_NOTHING_PRIVATE) or private == _NOTHING_PRIVATE):
        raise ValueError("a private digest has 32 bytes, not all zero")
    return _DELIVERY.pack(
        _LEAF_PREFIX,
        DELIVERY,
        DELIVERY_FORMAT,
        fields.seq,
        fields.dispatch,
        fields.at,
        fields.attempt,
        fields.arrived_seq,
        answer_digest(fields.outcome, fields.reason),
        _NOTHING_PRIVATE if private is None else private,
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
