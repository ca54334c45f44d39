"""Activities: when they, their phases and their sessions go on.

A date as an end means the end of that day; so does 23:59, which is how a day's end is written. Any other clock is
the instant at which the activity is over, so that an hour before a session that ends at 21:30 is 20:30.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from ...grammar import syntax
from ...grammar.diagnostics import Span
from . import ir
from .entries import Entry
from .ir import DAY, MINUTE, Times
from .scope import Context, find, unknown
from .windows import clock_minutes, local_end, local_start

_EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)
_LAST_MINUTE = 24 * 60 - 1
Named = tuple[tuple[str, Times], ...]


def resolve_activity(entry: Entry, written: syntax.ActivityDecl) -> ir.Activity:
    """Return an activity; an empty time, and phases or sessions outside of the activity, are errors."""
    phases, sessions = _named(entry, written.phases), _named(entry, written.sessions)
    match written.when:
        case syntax.RecurringHours() as hours:
            for period in (*written.phases, *written.sessions):
                entry.error("E243", period.name.span, name=period.name.text)
            return ir.Activity(written.name.text, _hours(entry, hours))
        case syntax.Period() as period:
            times = Times((_span(entry, period),))
            _check_inside(entry, (*written.phases, *written.sessions), times)
        case None if sessions:
            spans = [span for _, session in sessions for span in session.spans]
            times = Times(((min(start for start, _ in spans), max(end for _, end in spans)),))
            _check_inside(entry, written.phases, times)
        case None:
            # The parser has told that nothing says when; the declaration is broken.
            times = Times()
    _warn_overlaps(entry, written.phases)
    return ir.Activity(written.name.text, times, phases, sessions)


def _named(entry: Entry, periods: Sequence[syntax.NamedPeriod]) -> Named:
    found: dict[str, Times] = {}
    for period in periods:
        if period.name.text in found:
            entry.error("E225", period.name.span, name=period.name.text)
        found[period.name.text] = Times((_span(entry, period.period),))
    return tuple(sorted(found.items(), key=lambda item: (item[1].spans, item[0])))


def _span(entry: Entry, period: syntax.Period) -> tuple[int, int]:
    start, end = local_start(period.first), _end(period)
    if end <= start:
        entry.error("E241", period.span)
    return start, end


def _end(period: syntax.Period) -> int:
    match period.last:
        case syntax.Clock() as clock:
            minutes = clock_minutes(clock)
            midnight = local_start(period.first) // DAY * DAY
            return midnight + (DAY if minutes == _LAST_MINUTE else minutes * MINUTE)
        case syntax.Date() as day:
            return local_end(day)
        case syntax.Instant(datetime(hour=23, minute=59)) as instant:
            return local_end(instant)
        case instant:
            return local_start(instant)


def _hours(entry: Entry, hours: syntax.RecurringHours) -> Times:
    start, end = clock_minutes(hours.start), clock_minutes(hours.end)
    if start == end:
        entry.error("E241", hours.span)
    weekdays = tuple(sorted(set(hours.weekdays))) if hours.weekdays is not None else _EVERY_DAY
    return Times((), weekdays, start, 0 if end == _LAST_MINUTE else end)


def _check_inside(entry: Entry, periods: Sequence[syntax.NamedPeriod], whole: Times) -> None:
    (first, last), *_ = whole.spans
    for period in periods:
        start, end = local_start(period.period.first), _end(period.period)
        if first < last and start < end and not first <= start < end <= last:
            entry.error("E242", period.period.span, name=period.name.text)


def _warn_overlaps(entry: Entry, phases: Sequence[syntax.NamedPeriod]) -> None:
    ordered = sorted(phases, key=lambda phase: local_start(phase.period.first))
    for earlier, later in pairwise(ordered):
        if local_start(later.period.first) < _end(earlier.period):
            entry.warn("W430", later.period.span, name=later.name.text, other=earlier.name.text)


def find_times(
    context: Context, activity: syntax.Name, phase: syntax.Name | None
) -> tuple[str, Times] | None:
    """Return the name (``activity`` or ``activity/phase``) and times that two names mean, None with an error."""
    found = find(context, "activity", activity)
    if found is None:
        return None
    declared = context.scope.activities[found]
    if phase is None:
        return (found, declared.times) if declared.times != Times() else None
    phases = dict(declared.phases)
    if phase.text not in phases:
        unknown(context, "E218", phase, phases, activity=found)
        return None
    return f"{found}/{phase.text}", phases[phase.text]


def find_sessions(context: Context, activity: syntax.Name, span: Span) -> tuple[str, Times] | None:
    """Return the times of all sessions of an activity; hours that recur are sessions. None with an error."""
    found = find(context, "activity", activity)
    if found is None:
        return None
    declared = context.scope.activities[found]
    if declared.times.weekdays:
        return found, declared.times
    if not declared.sessions:
        context.entry.error("E252", span, name=found)
        return None
    return found, Times(tuple(sorted({span for _, session in declared.sessions for span in session.spans})))
