"""What the store remembers of one member up to a decision: pushes that count, coupons had, entries made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..log.keys import record_id
from ..program.ir import Cap, Cutoff, CutoffKind, Reentry
from ..query.calendar import EARLIEST, LATEST, cutoff_instant
from ..run.entry import forbidden_span
from ..run.judge import before
from .view import View

Cell = int | str | bytes | None
Span = tuple[int, int]
_EVERY_LEAF = 2**63 - 1


@dataclass(frozen=True, slots=True)
class CountedPush:
    """A push that a cap counts; ``at`` is when it may go out."""

    id: str
    playbook: str
    step: str
    at: int


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry into a block. ``due`` is when an open one goes on; ``ended`` and ``why`` are None while the member is inside.

    ``version`` is the number of the version entered, ``occurrence`` that under which its steps are decided. Position and due are
    those of the last run: what they were before is not kept.
    """

    entered: int
    position: int | None
    due: int | None
    ended: int | None
    why: str | None
    version: int
    occurrence: int


def span_of(low: Cutoff | None, high: Cutoff | None, view: View) -> Span:
    """The instants [low, high) of two cutoffs, seen from t."""
    first = EARLIEST if low is None else cutoff_instant(low, view.t, view.zone)
    return first, LATEST if high is None else cutoff_instant(high, view.t, view.zone)


def cap_begins(cap: Cap) -> Cutoff:
    """From when on a cap counts, seen from t."""
    return Cutoff(CutoffKind.DAY, 0) if cap.per is None else before(cap.per.months, cap.per.micros)


def counted_pushes(view: View, cap: Cap, leaf: int = _EVERY_LEAF) -> list[CountedPush]:
    """The pushes decided before the record ``leaf`` that a cap counts at t, oldest first."""
    low, high = span_of(cap_begins(cap), Cutoff(CutoffKind.DAY, 1) if cap.per is None else None, view)
    values: dict[str, Cell] = {
        "unit": view.unit, "kind": view.kind, "at": view.at, "leaf": leaf, "low": low, "high": high, "channel": cap.channel,
    }
    return [
        CountedPush(record_id(key), playbook, step, not_before)
        for key, playbook, step, not_before in rows_of(view, _PUSHES, values)
    ]


_PUSHES = """
SELECT d.key, s.playbook, s.name, d.not_before
FROM main.dispatches d JOIN main.headers h ON h.header = d.header JOIN main.steps s ON s.step = d.step
JOIN main.runs r ON r.run = h.run
WHERE d.kind = :kind AND d.unit IN (
    SELECT :unit UNION ALL SELECT g.unit FROM main.merges g WHERE g.target = :unit AND :kind = 0 AND g.at <= :at)
  AND d.seq < :leaf AND r.at <= :at
  AND d.not_before >= :low AND d.not_before < :high
  AND h.status = 'queued' AND h.action = 'push' AND h.category = 'marketing'
  AND (:channel IS NULL OR h.channel = :channel)
  AND coalesce((
    SELECT v.outcome FROM main.deliveries v WHERE v.dispatch = d.seq AND v.at <= :at ORDER BY v.seq DESC LIMIT 1), '')
    NOT IN ('failed', 'refused', 'withdrawn')
ORDER BY d.not_before, d.seq
"""


def forbidding_entry(view: View, playbook: str, block: int, reentry: Reentry) -> int | None:
    """The latest earlier entry because of which another is not allowed at t; None where it is.

    Where entries count for a field of the event that starts them, another event may always start another.
    """
    if reentry.field is not None:
        return None
    low, high = span_of(*forbidden_span(reentry), view)
    values = {"playbook": playbook, "block": None if reentry.in_all else block, "low": low, "high": high}
    values |= {"unit": view.unit, "kind": view.kind, "at": view.at}
    found = [entry for sql in (_FORBIDDING, _RECEIVED) if (entry := _latest(view, sql, values)) is not None]
    return max(found, default=None)


# An entry is known from the run on that made it, so not before a run at its instant or later.
_FORBIDDING = """
SELECT max(e.entered) FROM main.enrolments e
WHERE e.playbook = :playbook AND e.kind = :kind AND e.unit IN (
    SELECT :unit UNION ALL SELECT g.unit FROM main.merges g WHERE g.target = :unit AND :kind = 0 AND g.at <= :at)
  AND (:block IS NULL OR e.block = :block)
  AND e.counted = 1 AND e.entered >= :low AND e.entered < :high
  AND e.entered <= (SELECT coalesce(max(r.at), e.entered - 1) FROM main.runs r WHERE r.at <= :at)
"""


# Entries of which no enrolment was kept, since no line asked for it then.
_RECEIVED = """
SELECT max(d.t) FROM main.dispatches d JOIN main.headers h ON h.header = d.header
JOIN main.occurrences o ON o.occurrence = d.occurrence JOIN main.runs r ON r.run = h.run
WHERE o.playbook = :playbook AND d.kind = :kind AND d.unit IN (
    SELECT :unit UNION ALL SELECT g.unit FROM main.merges g WHERE g.target = :unit AND :kind = 0 AND g.at <= :at)
  AND (:block IS NULL OR h.block = :block)
  AND h.status <> 'suppressed' AND d.t >= :low AND d.t < :high AND r.at <= :at
  AND NOT EXISTS (
    SELECT 1 FROM main.enrolments e WHERE e.playbook = o.playbook AND e.unit = d.unit AND e.block = h.block
      AND e.kind = d.kind AND e.occurrence = d.occurrence)
"""


def present_entry(view: View, playbook: str, block: int) -> Entry | None:
    """The entry by which the member is inside a block at T; None outside."""
    values: dict[str, Cell] = {"playbook": playbook, "block": block, "unit": view.unit, "kind": view.kind, "at": view.at}
    rows = rows_of(view, _PRESENT, values)
    if not rows:
        return None
    return _entry(view, rows[0])


def last_entry(view: View, playbook: str, block: int) -> Entry | None:
    """The latest entry that had ended at T, where one was kept; None for who never entered or is inside."""
    values: dict[str, Cell] = {"playbook": playbook, "block": block, "unit": view.unit, "kind": view.kind, "at": view.at}
    rows = rows_of(view, _ENDED, values)
    return _entry(view, rows[0]) if rows else None


def _entry(view: View, row: tuple[Any, ...]) -> Entry:
    entered, position, due, ended, why, version, occurrence = row
    return Entry(entered, position, due if due is not None and due > view.at else None, ended, why, version, occurrence)


_ENDED = """
SELECT e.entered, e.position, e.due, e.ended, e.why, e.version, e.occurrence FROM main.enrolments e
WHERE e.playbook = :playbook AND e.unit = :unit AND e.kind = :kind AND e.block = :block AND e.ended <= :at
  AND e.entered <= (SELECT coalesce(max(r.at), e.entered - 1) FROM main.runs r WHERE r.at <= :at)
ORDER BY e.enrolment DESC LIMIT 1
"""
_PRESENT = """
SELECT e.entered, e.position, e.due, e.ended, e.why, e.version, e.occurrence FROM main.enrolments e
WHERE e.playbook = :playbook AND e.unit = :unit AND e.kind = :kind AND e.block = :block
  AND (e.ended IS NULL OR e.ended > :at)
  AND e.entered <= (SELECT coalesce(max(r.at), e.entered - 1) FROM main.runs r WHERE r.at <= :at)
ORDER BY e.enrolment DESC LIMIT 1
"""


def rows_of(view: View, sql: str, values: Mapping[str, Cell]) -> list[tuple[Any, ...]]:
    """The rows of a question to the store."""
    with view.store.guarded() as connection:
        return connection.execute(sql, values).fetchall()


def _latest(view: View, sql: str, values: Mapping[str, Cell]) -> int | None:
    found = rows_of(view, sql, values)[0][0]
    return None if found is None else int(found)
