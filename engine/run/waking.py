"""Journeys that wait for a condition: which are looked at in this run, and at which instants.

What waits since an earlier run is woken by the events that have come since and that its condition names. Conditions that
something else can change are asked at the run's instant too, when all that fell due is done.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlglot import exp

from ..program.ir import WaitFor
from .affected import find_affected
from .context import BlockRun, RunContext
from .enrol import bring_woken
from .framing import asked, frame_units
from .judge import compiler_for
from .news import had_arrivals_ahead
from .progress import Progress
from .reads import reads_of
from .statement import Part, fill, fill_once


@dataclass(frozen=True, slots=True)
class WaitPlace:
    """A wait for a condition in a version of a block."""

    run: BlockRun
    position: int
    waiting: WaitFor

    @property
    def values(self) -> dict[str, int | str | bytes | None]:
        """What names the place in statements."""
        return {
            "playbook": self.run.name, "groups": self.run.kind, "block": self.run.number, "version": self.run.version,
            "position": self.position,
        }


def wait_places(runs: Iterable[BlockRun]) -> list[WaitPlace]:
    """The waits for conditions in blocks, in order."""
    return [
        WaitPlace(run, position, instruction)
        for run in runs
        for position, instruction in enumerate(run.block.code)
        if isinstance(instruction, WaitFor)
    ]


def wake_by_events(ctx: RunContext, place: WaitPlace, since: Progress) -> None:
    """Makes journeys that have waited since an earlier run due at the first event behind their latest look."""
    ctx.execute("DELETE FROM woken")
    for number in ctx.event_numbers(reads_of(place.waiting.condition, place.run.loaded.program.library).events):
        for which in _news(ctx, number, since):
            values = {**place.values, "at": ctx.at, "mark": ctx.mark, **since.values}
            ctx.execute(fill(_WOKEN, which=which, named=exp.Literal.number(number)), values)
    _take_up(ctx)


def _news(ctx: RunContext, event: int, since: Progress) -> Iterator[Part]:
    if ctx.has_newer_facts("event", event, since.mark):
        yield _ARRIVED
    if ctx.has_later_facts("event", event, since.handled):
        yield _COME_DUE
        if had_arrivals_ahead(ctx, since):
            yield _LEARNED


_ARRIVED = Part("v.seq > :since_mark")
_COME_DUE = Part("v.seq <= :since_mark AND v.at > v.arrived AND v.at > :handled")
# What had arrived later than the instant of the run that could have met it.
_LEARNED = Part("v.seq <= :since_mark AND v.arrived > :handled")
# Who waits since an earlier run is due when the wait is over. Another wait right before this one parks at the same position,
# but then this wait has not begun.
_WOKEN = """
INSERT INTO woken
SELECT e.enrolment, min(max(v.at, v.arrived, e.looked))
FROM events v JOIN enrolments e ON e.playbook = :playbook AND e.unit = v.unit AND e.block = :block
WHERE v.type = named AND which AND e.kind = 0 AND e.version = :version AND e.position = :position AND e.ended IS NULL
  AND e.waited IS NOT NULL AND v.at <= :at AND v.arrived <= :at AND v.seq <= :mark AND max(v.at, v.arrived) <= e.due
  AND (v.seq > e.seen OR max(v.at, v.arrived) > e.looked)
GROUP BY e.enrolment
ON CONFLICT (enrolment) DO UPDATE SET due = min(due, excluded.due)
"""


def _take_up(ctx: RunContext) -> int:
    """Brings the woken into the delta tables, due when they are looked at; gives their number."""
    bring_woken(ctx)
    return ctx.execute(_MAKE_DUE).rowcount


_MAKE_DUE = """
UPDATE run_enrolments SET due = w.due FROM woken w
WHERE w.enrolment = run_enrolments.enrolment AND run_enrolments.ended IS NULL
"""


def look_at_waits(ctx: RunContext, place: WaitPlace, since: Progress) -> bool:
    """Makes those due at T who wait for something that is true of them by now; says whether there are any."""
    library = place.run.loaded.program.library
    if reads_of(place.waiting.condition, library).only:
        return False
    ctx.execute("DELETE FROM unit_frames")
    affected = find_affected(ctx, place.waiting.condition, library, since)
    if not ctx.execute(fill(_WAITING, stored=affected), {**place.values, "at": ctx.at, **asked(place.run)}).rowcount:
        return False
    frame_units(ctx, place.run)
    compiler = compiler_for(ctx, place.run, ctx.at)
    test = compiler.predicate(place.waiting.condition, exp.column("unit", "u"), "f")
    ctx.execute("DELETE FROM woken")
    ctx.execute(fill_once(_TRUE_NOW, test=test), {**compiler.parameters.values, "at": ctx.at})
    return _take_up(ctx) > 0


_WAITING = """
INSERT INTO unit_frames (number, unit, kind, due, zone, entered, waited, fact, occurrence)
SELECT enrolment, unit, kind, :at, :zone, CASE WHEN :ask_entered THEN entered END, CASE WHEN :ask_waited THEN waited END,
  CASE WHEN :ask_event THEN fact END, occurrence
FROM (SELECT * FROM run_enrolments r WHERE r.playbook = :playbook UNION ALL SELECT * FROM stored) e
WHERE version = :version AND block = :block AND position = :position AND waited IS NOT NULL
  AND ended IS NULL AND due > :at
"""
_TRUE_NOW = """
INSERT INTO woken
SELECT u.number, :at FROM unit_frames u JOIN frames f ON f.frame = u.frame WHERE test
"""
