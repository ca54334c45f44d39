"""Reading the bytes of the log back: what entries, headers and answers say (docs/log-format.md).

Strict: bytes that are not exactly what ``encoding`` writes are a ValueError, so that nothing is read in two ways.
"""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct

from .encoding import (
    DELIVERY,
    DELIVERY_FORMAT,
    DELIVERY_TEXTS,
    ERASURE,
    FORMAT,
    HEADER,
    RECORD,
    HeaderFields,
    answer_bytes,
    header_body,
)
from .first_format import FIRST_FORMAT

_RECORD = Struct(">BB32sQB16sqQq32s")
_DELIVERY = Struct(">BBQQqIQ32s32s")
_FIRST_DELIVERY = Struct(">BBQQqIQ32s")
_ERASURE = Struct(">BBQB16sq")
_LENGTH = 4
_INTEGER_BYTES = 8
_ABSENT = b"\xff\xff\xff\xff"
_PREFIX = 2
_NOTHING = bytes(32)


@dataclass(frozen=True, slots=True)
class RecordEntry:
    """What the entry of a record says. ``header`` is a digest; instants are microseconds."""

    header: bytes
    seq: int
    kind: int
    pseudonym: bytes
    t: int
    mark: int
    not_before: int
    key: bytes


@dataclass(frozen=True, slots=True)
class DeliveryEntry:
    """What the entry of a delivery record says. ``answer`` is a digest, of the first format that of all its texts.

    ``private`` is None where there is nothing private, and in the first format.
    """

    format: int
    seq: int
    dispatch: int
    at: int
    attempt: int
    arrived_seq: int
    answer: bytes
    private: bytes | None


@dataclass(frozen=True, slots=True)
class ErasureEntry:
    """What the entry of an erasure says."""

    seq: int
    kind: int
    pseudonym: bytes
    at: int


Entry = RecordEntry | DeliveryEntry | ErasureEntry


def read_entry(data: bytes) -> Entry:
    """Return what an entry of the log says. Raises ValueError for bytes that are none.

    >>> from .encoding import erasure_entry
    >>> read_entry(erasure_entry(7, 0, bytes(16), -1)).seq
    7
    """
    head, length = data[:_PREFIX], len(data)
    if head == bytes((RECORD, FORMAT)) and length == _RECORD.size:
        return RecordEntry(*_RECORD.unpack(data)[_PREFIX:])
    if head == bytes((DELIVERY, DELIVERY_FORMAT)) and length == _DELIVERY.size:
        _, form, seq, dispatch, at, attempt, arrived, answer, private = _DELIVERY.unpack(data)
        return DeliveryEntry(form, seq, dispatch, at, attempt, arrived, answer, None if private == _NOTHING else private)
    if head == bytes((DELIVERY, FIRST_FORMAT)) and length == _FIRST_DELIVERY.size:
        _, form, seq, dispatch, at, attempt, arrived, answer = _FIRST_DELIVERY.unpack(data)
        return DeliveryEntry(form, seq, dispatch, at, attempt, arrived, answer, None)
    if head == bytes((ERASURE, FORMAT)) and length == _ERASURE.size:
        return ErasureEntry(*_ERASURE.unpack(data)[_PREFIX:])
    raise ValueError("not an entry")


def read_header(body: bytes) -> HeaderFields:
    """Return what the bytes of a header say. Raises ValueError for bytes that are none."""
    fields = _fields(body, HEADER, FORMAT)
    if len(fields) != len(HeaderFields.__slots__):
        raise ValueError("not a header")
    run, decided_at, playbook, version, block, category, step, action, channel, content, params, arm, status, reason, name = fields
    header = HeaderFields(
        run=_text(run),
        decided_at=_integer(decided_at),
        playbook=_text(playbook),
        version=_text(version),
        block=_integer(block),
        category=_text(category),
        step=_text(step),
        action=_text(action),
        channel=_any_text(channel),
        content=_any_text(content),
        params=_text(params),
        arm=_any_text(arm),
        status=_text(status),
        reason=_any_text(reason),
        occurrence=_text(name),
    )
    if header_body(header) != body:
        raise ValueError("not a header")
    return header


def read_answer(body: bytes) -> tuple[str, str | None]:
    """Return outcome and reason that the bytes of an answer (format 2) say. Raises ValueError for bytes that are none."""
    fields = _fields(body, DELIVERY_TEXTS, DELIVERY_FORMAT)
    if len(fields) != 2:
        raise ValueError("not an answer")
    outcome, reason = _text(fields[0]), _any_text(fields[1])
    if answer_bytes(outcome, reason) != body:
        raise ValueError("not an answer")
    return outcome, reason


def _fields(body: bytes, kind: int, form: int) -> list[bytes | None]:
    """The variable fields behind a type and a format; None for one that is absent."""
    if body[:_PREFIX] != bytes((kind, form)):
        raise ValueError("of another type or format")
    fields: list[bytes | None] = []
    place = _PREFIX
    while place < len(body):
        prefix = body[place : place + _LENGTH]
        place += _LENGTH
        if prefix == _ABSENT:
            fields.append(None)
            continue
        end = place + int.from_bytes(prefix, "big")
        if len(prefix) != _LENGTH or end > len(body):
            raise ValueError("a field is cut off")
        fields.append(body[place:end])
        place = end
    return fields


def _any_text(field: bytes | None) -> str | None:
    return None if field is None else field.decode()


def _text(field: bytes | None) -> str:
    if field is None:
        raise ValueError("a text is absent")
    return field.decode()


def _integer(field: bytes | None) -> int:
    if field is None or len(field) != _INTEGER_BYTES:
        raise ValueError("not an integer")
    return int.from_bytes(field, "big", signed=True)
