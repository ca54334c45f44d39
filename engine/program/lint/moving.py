"""Whether an audience is other people each time, and how far apart the times are."""

from __future__ import annotations

from dataclasses import replace

from ....grammar.record import record
from .. import ir
from ..ir import DAY, MINUTE, CutoffKind
from .material import nodes

_SLACK = 2
"""A window of so many periods still lets a member be told about as often as it slides."""
_UNIT = {CutoffKind.DAY: DAY, CutoffKind.WEEK: 7 * DAY, CutoffKind.MONTH: 30 * DAY, CutoffKind.YEAR: 365 * DAY,
         CutoffKind.MONTHS: 30 * DAY, CutoffKind.MONTH_DAY: 30 * DAY}
_EVER = 10_000 * DAY


def period_of(block: ir.Block) -> int | None:
    """The microseconds between two occurrences of a schedule that repeats, on the average; None of all else.

    Yearly schedules and those around activities and members' dates speak of something new each time.
    """
    match block.trigger:
        case ir.Daily(None, clocks):
            return DAY // len(clocks)
        case ir.Daily(tuple() as weekdays, clocks):
            return 7 * DAY // (len(weekdays) * len(clocks))
        case ir.DayKind(kind, clocks):
            return (7 * DAY // 5 if kind == "workday" else 10 * DAY) // len(clocks)
        case ir.EveryWeeks(weeks, weekdays, _, clocks):
            return 7 * weeks * DAY // (len(weekdays) * len(clocks))
        case ir.Monthly(days, clocks):
            return 30 * DAY // (len(days) * len(clocks))
        case ir.MonthlyWeekday(_, _, clocks):
            return 30 * DAY // len(clocks)
        case ir.Interval(minutes):
            return minutes * MINUTE
        case ir.Cron(text):
            return _of_cron(text)
    return None


def _of_cron(text: str) -> int | None:
    _, hour, day, month, weekday = text.split()
    if month != "*":
        return None
    if day == "*" and weekday == "*":
        return DAY if hour.isdigit() else DAY // 24
    return 7 * DAY if day == "*" else 30 * DAY


@record
class Change:
    """What a block does to those whom it reaches, by which it may keep them out next time."""

    given: frozenset[str]
    taken: frozenset[str]
    attributes: frozenset[str]
    coupons: frozenset[str]

    @classmethod
    def of(cls, block: ir.Block) -> Change:
        """What the actions of a block change."""
        def tags(kind: type[ir.GiveTags] | type[ir.TakeTags]) -> frozenset[str]:
            return frozenset(tag for i in block.code if isinstance(i, kind) for tag in i.tags)

        coupons = {i.coupon for i in block.code if isinstance(i, ir.Push | ir.IssueCoupon) and i.coupon}
        attributes = {i.attribute.name for i in block.code if isinstance(i, ir.SetAttribute)}
        if any(isinstance(i, ir.ChangePoints) for i in block.code):
            attributes.add("points")
        return cls(tags(ir.GiveTags), tags(ir.TakeTags), frozenset(attributes), frozenset(coupons))


def moves(condition: ir.Condition, period: int, change: Change, library: ir.Library, wanted: bool = True) -> bool:
    """Whether who is in an audience at one occurrence is, as a rule, no longer in it at the next.

    A window that is at most about as long as the time between two occurrences slides past everybody; so does a test of
    what the block itself does. A negated window keeps people in.
    """
    match condition:
        case ir.Not(item):
            return moves(item, period, change, library, not wanted)
        case ir.All(items) | ir.Any(items):
            found = [moves(item, period, change, library, wanted) for item in items]
            return any(found) if isinstance(condition, ir.All) == wanted else all(found)
        case ir.InSegment(name) if name in library.segments:
            return moves(library.segments[name], period, change, library, wanted)
        case ir.Compare(ir.MetricRef(name)) if name in library.metrics:
            return moves(replace(condition, operand=library.metrics[name]), period, change, library, wanted)
        case ir.TodayIs():
            return False
    return _slides(condition, period) if wanted and _slides(condition, period) else _keeps_out(condition, change, wanted)


def _slides(condition: ir.Condition, period: int) -> bool:
    windows = [node for node in nodes(condition) if isinstance(node, ir.Window)]
    if isinstance(condition, ir.HeldFor) or (isinstance(condition, ir.Did | ir.DidOnDays) and not condition.at_least):
        return False
    if isinstance(condition, ir.Compare) and condition.op in ("lt", "le", "is_not", "not_in"):
        return False
    return any(length_of(window) <= _SLACK * period for window in windows)


def length_of(window: ir.Window) -> int:
    """About how many microseconds a window is long; a very large number where it has no end or does not move."""
    if window.since is not None:
        return 0
    if window.low is None:
        return _EVER
    if window.high is None:
        return _EVER
    low, high = _place(window.low), _place(window.high)
    return _EVER if low is None or high is None else high - low


def _place(cutoff: ir.Cutoff) -> int | None:
    if cutoff.kind is CutoffKind.T:
        return cutoff.n + cutoff.plus
    unit = _UNIT.get(cutoff.kind)
    return None if unit is None else cutoff.n * unit + cutoff.plus


def _keeps_out(condition: ir.Condition, change: Change, wanted: bool) -> bool:
    """Whether what the block does, or has been done, makes the test fail the next time."""
    match condition:
        case ir.HasTag(patterns):
            tags = change.taken if wanted else change.given
            return any(pattern.matches(tag) for pattern in patterns for tag in tags)
        case ir.Compare(ir.AttributeRef(name)) | ir.HeldFor(ir.AttributeRef(name)):
            return name in change.attributes
        case ir.Received() | ir.ReceivedRedpacket() | ir.UsedCoupon() | ir.FinishedPlaybook():
            return not wanted
        case ir.HoldsCoupon(coupon):
            return not wanted and coupon in change.coupons
        case ir.TaskIs():
            return wanted
    return False
