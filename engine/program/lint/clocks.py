"""The clocks of the day at which a block begins, and those at which its steps are done."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ....grammar import syntax
from .. import ir
from ..windows import clock_minutes

Clocks = frozenset[int]
"""Minutes after midnight."""
WHOLE_DAY = 24 * 60
_UNITS = {"minute": 1, "hour": 60, "day": WHOLE_DAY, "week": 7 * WHOLE_DAY, "month": WHOLE_DAY}
_LONGEST_REPEAT = 60


def clocks_of(block: ir.Block) -> Clocks | None:
    """The clocks at which a block's schedule falls due; None where they are not known or its sends are spread."""
    if block.limits is not None and block.limits.over is not None:
        return None
    match block.trigger:
        case (
            ir.Daily() | ir.DayKind() | ir.EveryWeeks() | ir.Monthly() | ir.MonthlyWeekday() | ir.Yearly()
        ) as schedule:
            return frozenset(schedule.clocks)
        case ir.Interval(minutes, between):
            return frozenset(range(0, WHOLE_DAY, minutes)) if between is None else _between(minutes, *between)
        case ir.Cron(text):
            return _of_cron(text)
        case ir.Once(local):
            return frozenset((local % ir.DAY // ir.MINUTE,))
        case ir.ActivityEdge(clock=None) as edge:
            return _of_edge(edge)
        case ir.ActivityEdge(clock=int(clock)) | ir.MemberDate(clock=int(clock)) | ir.CouponExpires(clock=int(clock)):
            return frozenset((clock,))
    return None


def _of_edge(edge: ir.ActivityEdge) -> Clocks:
    """The clocks to which the starts or ends of an activity are moved."""
    at_start, times = edge.edge == "start", edge.times
    if times.weekdays:
        clocks = [times.start if at_start else times.end]
    else:
        moments = [(start if at_start else end) // ir.MINUTE for start, end in times.spans]
        whole = [min(moments, default=0) if at_start else max(moments, default=0)]
        clocks = moments if edge.each_session else whole
    shift = 0 if edge.offset is None else edge.offset.duration.micros // ir.MINUTE
    sign = -1 if edge.offset is not None and edge.offset.before else 1
    return frozenset((clock + sign * shift) % WHOLE_DAY for clock in clocks)


def _between(minutes: int, start: int, end: int) -> Clocks:
    return frozenset(
        clock for clock in range(0, WHOLE_DAY, minutes)
        if (start <= clock < end if start < end else clock >= start or clock < end)
    )


def _of_cron(text: str) -> Clocks | None:
    minute, hour, *_ = text.split()
    if not minute.isdigit() or not all(part.isdigit() for part in hour.split(",")):
        return None
    return frozenset(int(part) * 60 + int(minute) for part in hour.split(","))


Visit = Callable[[syntax.Step, "Clocks | None"], "Clocks | None"]
"""What hears of every action with the clocks at which it is done, and says those at which it goes on."""


def follow(steps: Sequence[syntax.Step], clocks: Clocks | None, entry: Clocks | None, visit: Visit) -> Clocks | None:
    """Go through steps in order and return the clocks behind them; None where they are not known.

    ``entry`` are the clocks of the entry, to which ``day N`` without a clock comes back.
    """
    for step in steps:
        clocks = _after(step, clocks, entry, visit)
    return clocks


def _after(step: syntax.Step, clocks: Clocks | None, entry: Clocks | None, visit: Visit) -> Clocks | None:
    match step:
        case syntax.Wait(duration):
            return _later(clocks, duration)
        case syntax.WaitUntil(_, clock):
            return frozenset((clock_minutes(clock),))
        case syntax.DayBlock(_, clock, steps):
            inside = follow(steps, frozenset((clock_minutes(clock),)) if clock else entry, entry, visit)
            # A day that was past at entry is skipped.
            return _either([inside, clocks])
        case syntax.NamedStep(_, steps):
            return follow(steps, clocks, entry, visit)
        case syntax.WaitFor(_, up_to, then, otherwise):
            follow(then, None, entry, visit)
            follow(otherwise, _later(clocks, up_to), entry, visit)
            return None
        case syntax.If(branches, otherwise):
            ways = [follow(steps, clocks, entry, visit) for _, steps in branches]
            return _either([*ways, follow(otherwise, clocks, entry, visit)])
        case syntax.Split(_, arms):
            return _either([follow(arm.steps, clocks, entry, visit) for arm in arms])
        case syntax.Repeat():
            return _repeated(step, clocks, entry, visit)
        case syntax.Stop():
            return clocks
    return visit(step, clocks)


def _repeated(step: syntax.Repeat, clocks: Clocks | None, entry: Clocks | None, visit: Visit) -> Clocks | None:
    starts = clocks
    if clocks is not None:
        shift = step.every.count * _UNITS[step.every.unit]
        passes = min(step.at_most, _LONGEST_REPEAT)
        starts = frozenset((clock + number * shift) % WHOLE_DAY for clock in clocks for number in range(passes))
    return follow(step.steps, starts, entry, visit)


def _later(clocks: Clocks | None, duration: syntax.Duration) -> Clocks | None:
    if clocks is None:
        return None
    return frozenset((clock + duration.count * _UNITS[duration.unit]) % WHOLE_DAY for clock in clocks)


def _either(ways: Sequence[Clocks | None]) -> Clocks | None:
    known = [way for way in ways if way is not None]
    return frozenset().union(*known) if len(known) == len(ways) else None
