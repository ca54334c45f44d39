"""The entries of the log as bytes, each made from the columns of the store and compared with its leaf.

With a record comes the header that its digest stands for, with a delivery record its answer, so that what is handed on can be
understood. What of a delivery may be personal stays behind.
"""

from __future__ import annotations

import heapq
import struct
from collections.abc import Iterator
from operator import attrgetter
from typing import NamedTuple

from ...grammar.diagnostics import CannotRun
from .encoding import (
    DELIVERY_FORMAT,
    DeliveryFields,
    answer_bytes,
    delivery_entry,
    erasure_entry,
    header_digest,
    record_entry,
)
from .first_format import FIRST_FORMAT, first_entry
from .merkle import leaf_hash
from .store import LogStore

_RECORDS = """
SELECT d.seq, d.leaf, h.digest, h.body, d.kind, coalesce(m.pseudonym, g.pseudonym, e.pseudonym), d.t, d.mark, d.not_before, d.key
FROM dispatches AS d
LEFT JOIN headers AS h ON h.header = d.header
LEFT JOIN members AS m ON d.kind = 0 AND m.unit = d.unit
LEFT JOIN groups AS g ON d.kind = 1 AND g.unit = d.unit
LEFT JOIN erasures AS e ON d.kind = 0 AND e.unit = d.unit
WHERE d.seq >= :first AND d.seq < :end ORDER BY d.seq
"""
_DELIVERIES = """
SELECT leaf, format, seq, dispatch, at, attempt, outcome, reason, private, arrived_seq
FROM deliveries WHERE seq >= :first AND seq < :end ORDER BY seq
"""
_ERASURES = "SELECT seq, leaf, pseudonym, at FROM erasures WHERE seq >= :first AND seq < :end ORDER BY seq"
_MEMBER = 0
# A column of another type or size than anything that was ever hashed.
_UNHASHABLE = (struct.error, TypeError, ValueError, AttributeError)


class LogEntry(NamedTuple):
    """An entry's ``seq`` and bytes; ``part`` is the header of a record or the answer of a delivery (format 2), else None."""

    seq: int
    data: bytes
    part: bytes | None


def read_entries(store: LogStore, first: int, end: int) -> Iterator[LogEntry]:
    """Yield the entries [first, end) in order.

    Raises CannotRun D207 where one is missing, D420 where one is not what its leaf or header digest says.
    """
    span = {"first": first, "end": end}
    expected = first
    for entry in heapq.merge(*(read(store, span) for read in (_records, _deliveries, _erasures)), key=attrgetter("seq")):
        if entry.seq != expected:
            break
        expected += 1
        yield entry
    if expected < end:
        raise CannotRun("D207", leaf=expected)


def delivery_bytes(form: int, fields: DeliveryFields) -> bytes:
    """Return the entry of a delivery record in its format. Raises ValueError, TypeError or struct.error for what is none."""
    if form == DELIVERY_FORMAT:
        return delivery_entry(fields)
    if form != FIRST_FORMAT or fields.private is None:
        raise ValueError("no such format")
    return first_entry(fields.seq, fields.dispatch, fields.at, fields.attempt, fields.arrived_seq, fields.private)


def check_entry(seq: int, data: bytes, leaf: bytes) -> bytes:
    """Return the entry ``data`` if ``leaf`` is its hash. Raises CannotRun D420 otherwise."""
    if leaf_hash(data) != leaf:
        raise CannotRun("D420", seq=seq)
    return data


def _records(store: LogStore, span: dict[str, int]) -> Iterator[LogEntry]:
    known: tuple[bytes | None, bytes | None] = (None, None)
    for seq, leaf, digest, body, kind, pseudonym, t, mark, not_before, key in store.connection.execute(_RECORDS, span):
        if known != (digest, body):
            if not isinstance(body, bytes) or header_digest(body) != digest:
                raise CannotRun("D420", seq=seq)
            known = (digest, body)
        try:
            data = record_entry((digest, seq, kind, pseudonym, t, mark, not_before, key))
        except _UNHASHABLE:
            raise CannotRun("D420", seq=seq) from None
        yield LogEntry(seq, check_entry(seq, data, leaf), body)


def _deliveries(store: LogStore, span: dict[str, int]) -> Iterator[LogEntry]:
    for leaf, form, *columns in store.connection.execute(_DELIVERIES, span):
        fields = DeliveryFields(*columns)
        try:
            data = delivery_bytes(form, fields)
        except _UNHASHABLE:
            raise CannotRun("D420", seq=fields.seq) from None
        part = answer_bytes(fields.outcome, fields.reason) if form == DELIVERY_FORMAT else None
        yield LogEntry(fields.seq, check_entry(fields.seq, data, leaf), part)


def _erasures(store: LogStore, span: dict[str, int]) -> Iterator[LogEntry]:
    for seq, leaf, pseudonym, at in store.connection.execute(_ERASURES, span):
        try:
            data = erasure_entry(seq, _MEMBER, pseudonym, at)
        except _UNHASHABLE:
            raise CannotRun("D420", seq=seq) from None
        yield LogEntry(seq, check_entry(seq, data, leaf), None)
