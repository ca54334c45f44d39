"""Where a journey goes on, for the oracle: when waits end, what they look at, and what its windows count from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime, time, timedelta

from oracle import clock
from oracle.model import Enrolment, Member
from qingting.engine.program import ir

GRACE = 2 * ir.HOUR
"""A day that was over by more than this at entry is skipped."""


def in_journey(window: ir.Window, journey: Enrolment | None, t: int) -> ir.Window:
    """The window with instants of a journey in the place of its entry, its wait and its steps; of a step not done none."""
    kinds = ir.CutoffKind
    low = window.low
    if low is None or low.kind not in (kinds.ENTRY, kinds.WAIT, kinds.STEP):
        return window
    assert journey is not None
    found = {kinds.ENTRY: journey.entered, kinds.WAIT: journey.waited}.get(low.kind)
    if low.kind == kinds.STEP:
        done = [at for step, at in journey.done if step == low.name or step.startswith(low.name + "/")]
        found = max(done, default=2**61)
    assert found is not None
    return replace(window, low=ir.Cutoff(kinds.T, 0, found - t + low.plus))


def next_clock(wait: ir.WaitUntil, t: int, zone: str) -> int:
    """The next instant after t at which the clock shows a time, on a weekday if one is given."""
    first = clock.local(t, zone).date()
    for number in range(15):
        day = first + timedelta(days=number)
        instant = _at(day, wait.clock, zone)
        if instant > t and wait.weekday in (None, day.isoweekday()):
            return instant
    raise AssertionError(wait)


def day_of_journey(wait: ir.WaitDay, entered: int, zone: str) -> int:
    """The instant of a day of a journey, counted from the local day of entry."""
    shown = clock.local(entered, zone)
    day = shown.date() + timedelta(days=wait.day)
    if wait.clock is None:
        return clock.instant_of(datetime.combine(day, shown.time()), zone)
    return _at(day, wait.clock, zone)


def _at(day: date, minutes: int, zone: str) -> int:
    midnight = datetime.combine(day, time(0))
    return clock.instant_of(midnight + timedelta(minutes=minutes), zone)


def looks(journey: Enrolment, wait: ir.WaitFor, member: Member, library: ir.Library, now: int, mark: int) -> Iterator[int]:
    """The instants up to ``now`` at which a wait for something is tested again: what it asks about, and its end."""
    assert journey.waited is not None
    end = clock.add_duration(journey.waited, wait.up_to, journey.zone)
    asked = events_asked(wait.condition, library)
    for event in member.events:
        if event.event in asked and event.seq <= mark and event.known <= min(now, end):
            if event.known > journey.looked:
                yield event.known
            elif event.seq > journey.seen:
                yield journey.looked
    if end <= now:
        yield end


def events_asked(condition: object, library: ir.Library) -> set[str]:
    """The types of events that a condition asks about, also by segments, metrics and ladders."""
    found: set[str] = set()
    waiting = [condition]
    while waiting:
        node = waiting.pop()
        match node:
            case ir.EventQuery(event=event):
                found.add(event)
            case ir.InSegment(name=name):
                waiting.append(library.segments[name])
            case ir.MetricRef(name=name):
                waiting.append(library.metrics[name])
            case ir.LadderRef(name=name):
                waiting.append(library.ladders[name].operand)
        if isinstance(node, tuple):
            waiting.extend(node)
        elif is_dataclass(node):
            waiting.extend(getattr(node, field.name) for field in fields(node))
    return found
