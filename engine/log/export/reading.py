"""From the store to the lines of an export, in the order of the log, one after the other.

What is exported is what was hashed: each entry is compared with its leaf and each header with its digest on the way, and fields
are read from those bytes, not from the columns beside them.
"""

from __future__ import annotations

import heapq
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from operator import attrgetter
from typing import NamedTuple

from ....grammar.diagnostics import CannotRun
from ..decoding import read_header
from ..encoding import (
    DELIVERY_FORMAT,
    DeliveryFields,
    HeaderFields,
    PrivateTexts,
    answer_bytes,
    erasure_entry,
    header_digest,
    private_texts,
    record_entry,
)
from ..entries import check_entry, delivery_bytes
from ..first_format import first_texts
from ..keys import record_id
from ..paths import PathFinder
from ..records import LogFilter, conditions_of
from ..signed import SignedEnd, signed_end
from ..store import LogStore, leaf_count
from ..tree import LogTree
from ..whole_log import Stretch, WholeLog
from .lines import DeliveryLine, ErasureLine, Line, Proof, RecordLine

# The order of joins is fixed, so that a long log is read in its own order and never sorted.
_WHO = """
CROSS JOIN headers AS h ON h.header = d.header
CROSS JOIN runs AS r ON r.run = h.run
CROSS JOIN occurrences AS o ON o.occurrence = d.occurrence
LEFT JOIN members AS m ON d.kind = 0 AND m.unit = d.unit
LEFT JOIN groups AS g ON d.kind = 1 AND g.unit = d.unit
LEFT JOIN erasures AS e ON d.kind = 0 AND e.unit = d.unit
"""
_RECORDS = """
SELECT d.seq, d.leaf, d.header, d.kind, coalesce(m.pseudonym, g.pseudonym, e.pseudonym), coalesce(m.id, g.id),
  d.t, d.mark, d.not_before, d.key, d.unit
FROM dispatches AS d
""" + _WHO + " WHERE d.seq >= :first AND "
_DELIVERIES = """
SELECT v.leaf, v.format, v.seq, v.dispatch, v.at, v.attempt, v.outcome, v.reason, v.private, v.arrived_seq, d.key
FROM deliveries AS v
CROSS JOIN dispatches AS d ON d.seq = v.dispatch
""" + _WHO + " WHERE v.seq >= :first AND d.seq >= :oldest AND "
_NEWEST = """
SELECT d.seq
FROM dispatches AS d
""" + _WHO + " WHERE d.seq >= :first AND "
_HEADER = "SELECT digest, body FROM headers WHERE header = :header"
_TEXTS = "SELECT salt, channel_id, error, text_digest FROM delivery_texts WHERE seq = :seq"
_ERASURES = "SELECT seq, leaf, pseudonym, at FROM erasures WHERE seq >= :first AND seq < :stop ORDER BY seq"
_PSEUDONYM = """
SELECT pseudonym FROM members WHERE id = :member UNION ALL SELECT pseudonym FROM groups WHERE id = :member
"""
_NAMES = (
    "SELECT id, pseudonym FROM members WHERE unit = :unit",
    "SELECT id, pseudonym FROM groups WHERE unit = :unit",
)
_UNITS = ("member", "group")
_MEMBER = 0
_HEADERS_KEPT = 10_000
# A column of another type or size than anything that was ever hashed.
_UNHASHABLE = (struct.error, TypeError, ValueError, AttributeError, IndexError)
_NO_FILTER = LogFilter()
Values = Mapping[str, str | int | bytes]


@dataclass(frozen=True, slots=True)
class Export:
    """The lines of an export, to be read once; ``signed`` is None without proofs."""

    lines: Iterator[Line]
    signed: SignedEnd | None


def read_export(
    log: WholeLog, filters: LogFilter, *, reveal: bool = False, proofs: bool = False, archives: bool = True
) -> Export:
    """Return the records that pass ``filters`` and all that became of them, in the order of the log.

    Erasures come with them where nothing is filtered. ``reveal`` adds outside ids and what channels answered in their own
    words. Without ``archives`` it is about what stands in the store alone. Read it in one snapshot. Raises CannotRun D420 for an
    entry that is not what was hashed, D428 for an archive that is not there; with ``proofs`` as ``signed_end``.
    """
    signed = signed_end(log.store) if proofs else None
    paths = PathFinder(LogTree(log.store), signed.size) if signed is not None else None
    return Export(_lines(log, filters, reveal, paths, archives), signed)


def _lines(
    log: WholeLog, filters: LogFilter, reveal: bool, paths: PathFinder | None, archives: bool
) -> Iterator[Line]:
    stretches = list(log.stretches()) if archives else [log.present]
    readers = [_Reader(stretch, log.store, filters, reveal, paths) for stretch in stretches]
    oldest = _oldest(readers, filters.limit)
    for reader in readers:
        if reader.stretch.stop > oldest:
            yield from reader.lines(oldest)


def _as_known_in(log: LogStore, store: LogStore, filters: LogFilter) -> LogFilter:
    """The filters for an archive, which knows members by their pseudonyms alone."""
    if log is store or filters.member is None:
        return filters
    row = store.connection.execute(_PSEUDONYM, {"member": filters.member}).fetchone()
    return replace(filters, member=None, pseudonym=b"" if row is None else row[0])


def _oldest(readers: Sequence[_Reader], limit: int | None) -> int:
    """The first of the newest records that are asked for, over all stretches."""
    left = limit
    if left is not None:
        for reader in reversed(readers):
            newest = reader.newest(left)
            left -= len(newest)
            if left == 0:
                return newest[-1]
    return readers[0].stretch.first


class _Reader:
    """Reads the lines of one stretch of the log."""

    def __init__(
        self, stretch: Stretch, store: LogStore, filters: LogFilter, reveal: bool, paths: PathFinder | None
    ) -> None:
        self.stretch = stretch
        self._store = store
        self._connection = stretch.log.connection
        self._where, self._bound = conditions_of(_as_known_in(stretch.log, store, filters))
        self._is_whole = filters == _NO_FILTER
        self._reveal = reveal
        self._paths = paths
        self._header = lru_cache(maxsize=_HEADERS_KEPT)(self._read_header)

    def newest(self, limit: int) -> list[int]:
        """The newest records that are asked for, the newest first."""
        values = {**self._bound, "first": self.stretch.first, "limit": limit}
        rows = self._connection.execute(_NEWEST + self._where + " ORDER BY d.seq DESC LIMIT :limit", values)
        return [seq for (seq,) in rows]

    def lines(self, oldest: int) -> Iterator[Line]:
        """All lines about records from ``oldest`` on, in the order of the log."""
        records = {**self._bound, "first": max(oldest, self.stretch.first)}
        deliveries = {**self._bound, "first": self.stretch.first, "oldest": oldest}
        streams: list[Iterator[Line]] = [self._records(records), self._deliveries(deliveries)]
        if not self._is_whole:
            yield from heapq.merge(*streams, key=attrgetter("seq"))
            return
        expected = self.stretch.first
        for line in heapq.merge(*streams, self._erasures(), key=attrgetter("seq")):
            if line.seq != expected:
                raise CannotRun("D207", leaf=expected)
            expected += 1
            yield line
        if expected < min(self.stretch.stop, leaf_count(self.stretch.log)):
            raise CannotRun("D207", leaf=expected)

    def _records(self, values: Values) -> Iterator[RecordLine]:
        for row in self._connection.execute(_RECORDS + self._where + " ORDER BY d.seq", values):
            seq, leaf, number, kind, pseudonym, member_id, t, mark, not_before, key, unit = row
            known = self._header(number)
            if known is None:
                raise CannotRun("D420", seq=seq)
            digest, body, header = known
            try:
                entry = record_entry((digest, seq, kind, pseudonym, t, mark, not_before, key))
            except _UNHASHABLE:
                raise CannotRun("D420", seq=seq) from None
            check_entry(seq, entry, leaf)
            yield RecordLine(
                seq=seq,
                id=record_id(key),
                header=header,
                unit=_UNITS[kind],
                pseudonym=pseudonym,
                member_id=(member_id or self._name(kind, unit, pseudonym)) if self._reveal else None,
                t=t,
                mark=mark,
                not_before=not_before,
                key=key,
                leaf=leaf,
                proof=self._proof(seq, entry, header=body),
            )

    def _deliveries(self, values: Values) -> Iterator[DeliveryLine]:
        for leaf, form, *columns, key in self._connection.execute(_DELIVERIES + self._where + " ORDER BY v.seq", values):
            fields = DeliveryFields(*columns)
            seq = fields.seq
            try:
                entry = delivery_bytes(form, fields)
                texts = self._texts(form, fields) if self._reveal else None
            except _UNHASHABLE:
                raise CannotRun("D420", seq=seq) from None
            answer = answer_bytes(fields.outcome, fields.reason) if form == DELIVERY_FORMAT else None
            yield DeliveryLine(
                seq=seq,
                id=record_id(key),
                dispatch=fields.dispatch,
                at=fields.at,
                attempt=fields.attempt,
                outcome=fields.outcome,
                reason=fields.reason,
                arrived_seq=fields.arrived_seq,
                leaf=leaf,
                proof=self._proof(
                    seq, check_entry(seq, entry, leaf), answer=answer, private=None if texts is None else texts.hashed
                ),
                channel_id=None if texts is None else texts.channel_id,
                error=None if texts is None else texts.error,
                text_digest=None if texts is None else texts.text_digest,
            )

    def _erasures(self) -> Iterator[ErasureLine]:
        span = {"first": self.stretch.first, "stop": self.stretch.stop}
        for seq, leaf, pseudonym, at in self._connection.execute(_ERASURES, span):
            try:
                entry = erasure_entry(seq, _MEMBER, pseudonym, at)
            except _UNHASHABLE:
                raise CannotRun("D420", seq=seq) from None
            proof = self._proof(seq, check_entry(seq, entry, leaf))
            yield ErasureLine(seq=seq, unit=_UNITS[_MEMBER], pseudonym=pseudonym, at=at, leaf=leaf, proof=proof)

    def _proof(
        self, seq: int, entry: bytes, header: bytes | None = None, answer: bytes | None = None, private: bytes | None = None
    ) -> Proof | None:
        if self._paths is None:
            return None
        return Proof(entry, header, answer, private, self._paths.path(seq))

    def _name(self, kind: int, unit: int, pseudonym: bytes) -> str | None:
        """The outside id of a unit in an archive, which has none itself."""
        if self.stretch.log is self._store:
            return None
        row = self._store.connection.execute(_NAMES[kind], {"unit": unit}).fetchone()
        return str(row[0]) if row is not None and row[1] == pseudonym else None

    def _read_header(self, number: int) -> tuple[bytes, bytes, HeaderFields] | None:
        """Digest, bytes and fields of a header; None where they do not fit each other."""
        row = self._connection.execute(_HEADER, {"header": number}).fetchone()
        if row is None or not isinstance(row[1], bytes) or header_digest(row[1]) != row[0]:
            return None
        try:
            return row[0], row[1], read_header(row[1])
        except ValueError:
            return None

    def _texts(self, form: int, fields: DeliveryFields) -> _Texts | None:
        """What may be personal of a delivery, None where there is nothing, or nothing any more."""
        row = self._connection.execute(_TEXTS, {"seq": fields.seq}).fetchone()
        if row is None:
            return None
        known = row[1:]
        if form == DELIVERY_FORMAT:
            hashed = private_texts(PrivateTexts(*row))
        else:
            hashed = first_texts(fields.outcome, fields.reason, *known)
        if sha256(hashed).digest() != fields.private:
            raise ValueError("other texts")
        return _Texts(hashed, *known)


class _Texts(NamedTuple):
    """What may be personal of a delivery, and the bytes that are hashed of it."""

    hashed: bytes
    channel_id: str | None
    error: str | None
    text_digest: bytes | None
