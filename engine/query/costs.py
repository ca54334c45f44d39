"""What a condition costs: how many it is true of, what one probe takes, what it takes to find all.

Times are microseconds on the machine of the measurements; only their proportions matter. The counts are the store's
upper bounds, so that the estimates need no statistics of the database.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..program.ir import (
    DAY,
    All,
    Always,
    Anniversary,
    Any,
    Changed,
    Compare,
    Condition,
    Did,
    DidOnDays,
    DueToReorder,
    EventQuery,
    FinishedPlaybook,
    HasTag,
    HeldFor,
    HoldsCoupon,
    InGroup,
    InPlaybook,
    Invited,
    IsFriend,
    MomentHas,
    MomentIn,
    Not,
    Received,
    ReceivedRedpacket,
    Sample,
    TaskIs,
    TodayIs,
    Total,
    UsedCoupon,
    Window,
)
from .belongings import Belonging
from .calendar import cutoff_instant
from .events import query_of
from .leaves import OfEvents
from .members import is_member_test
from .relations import Extent, Relations
from .story import Story, placed

ROW = 0.08  # a row of a scan of an index
MEMBER_ROW = 0.15  # a row of a scan of members
MEMBER_SEEK = 0.2  # a member by number
SEEK = 0.45  # a probe of an index
COLLECT = 0.25  # a row kept in a set
DRAW = 1.5  # a hash in Python
DISTINCT = 7.0  # a set of days for one unit
PLACES = 8.0  # putting the days of one unit in their order
NEVER = float("inf")
NARROW = 0.15  # below this share of a type's events they are looked up by instant
_SHARES = {"is": 0.1, "in": 0.2, "is_not": 0.85, "not_in": 0.75, "between": 0.3, "known": 0.9, "unknown": 0.1}


@dataclass(frozen=True, slots=True)
class Cost:
    """``share`` of the members it is true of, ``probe`` for one of them, ``drive`` to find all ``units``."""

    share: float
    probe: float
    drive: float = NEVER
    units: float = 0.0


@dataclass(frozen=True, slots=True)
class Costs:
    """Estimates for conditions in normal form over one store."""

    relations: Relations

    @property
    def members(self) -> float:
        """About how many members there are, at least one."""
        return max(1.0, self.relations.members())

    def of(self, condition: Condition) -> Cost:
        """The cost of a condition in normal form."""
        match condition:
            case Always(value=value):
                return Cost(1.0 if value else 0.0, 0.0)
            case Not(item=item):
                cost = self.of(item)
                return Cost(1.0 - cost.share, cost.probe)
            case All(items=items):
                return self._all([self.of(item) for item in items])
            case Any(items=items):
                return self._any([self.of(item) for item in items])
        if is_member_test(condition):
            return Cost(_member_share(condition), MEMBER_SEEK + (DRAW if isinstance(condition, Sample) else 0))
        return self._leaf(condition)

    def _leaf(self, condition: Condition) -> Cost:
        match condition:
            case HasTag():
                return self._tag(condition)
            case Did() | DidOnDays() | MomentIn() | MomentHas() | DueToReorder():
                return self._events(condition)
            case Received():
                rows = self.relations.push_rows()
                return self._found(rows * ROW * 10, rows * 0.1, SEEK * 6)
            case TodayIs():
                return Cost(0.5, 0.0)
            case HeldFor() | Changed():
                return self._history(condition)
            case Invited():
                return self._invited(condition)
            case (
                HoldsCoupon() | UsedCoupon() | ReceivedRedpacket() | InGroup() | IsFriend() | InPlaybook()
                | FinishedPlaybook()
            ):
                return self._belonging(condition)
            case TaskIs():
                rows = self.relations.task_rows()
                return self._found(rows * (ROW + SEEK * 2), rows * 0.3, SEEK * 3)
        if isinstance(condition, Compare):
            return self._events(condition)
        raise AssertionError(f"{type(condition).__name__} needs journeys; no program that runs has it")

    def _found(self, drive: float, units: float, probe: float) -> Cost:
        return Cost(min(1.0, units / self.members), probe, drive, min(units, self.members))

    def _all(self, costs: list[Cost]) -> Cost:
        share = 1.0
        for cost in costs:
            share *= cost.share
        best = min(costs, key=lambda cost: cost.drive + cost.units * SEEK)
        units = share * self.members if best.drive < NEVER else 0.0
        return Cost(share, probes_cost(costs), best.drive + best.units * SEEK, units)

    def _any(self, costs: list[Cost]) -> Cost:
        none = 1.0
        for cost in costs:
            none *= 1.0 - cost.share
        drive = sum(cost.drive + cost.units * COLLECT for cost in costs)
        return Cost(1.0 - none, sum(cost.probe for cost in costs), drive, sum(cost.units for cost in costs))

    def _tag(self, test: HasTag) -> Cost:
        extents = [extent for _, extent in self.relations.tags(test.patterns)]
        rows = sum(extent.rows for extent in extents)
        kept = rows * COLLECT if len(extents) > 1 else 0.0
        units = sum(extent.units or extent.rows for extent in extents) * (0.3 if test.window else 1.0)
        return self._found(rows * ROW + kept, units, SEEK * max(1, len(extents)))

    def _history(self, test: HeldFor | Changed) -> Cost:
        extent = self.relations.attribute_extent(test.operand.name)
        rows = 0 if extent is None else extent.rows
        if isinstance(test, HeldFor):
            return Cost(0.5, SEEK * 3)
        # Most facts are the first of their member, whom two seeks turn away.
        inside = 1.0 if extent is None else self.window_share(test.window, extent)
        return self._found(rows * (ROW + inside * SEEK * 2), rows * inside * 0.3, SEEK * 3)

    def _invited(self, test: Invited) -> Cost:
        nested = 0.0 if test.where is None else self.of(test.where).probe
        extent = self.relations.attribute_extent("inviter")
        rows = 0 if extent is None else extent.rows
        each = SEEK * 2 + nested
        return self._found(self.members * MEMBER_ROW + rows * each, rows * 0.3, each * (2 + rows / self.members))

    def _belonging(self, test: Belonging) -> Cost:
        match test:
            case HoldsCoupon(coupon=name) | UsedCoupon(coupon=name):
                rows, share = self.relations.holding_rows("coupon", name), 0.4
            case ReceivedRedpacket(redpacket=name):
                rows, share = self.relations.holding_rows("redpacket", name), 0.5
            case InGroup():
                rows, share = self.relations.holding_rows("group", ""), 0.1
            case IsFriend():
                rows, share = self.relations.holding_rows("friendship", ""), 0.9
            case InPlaybook():
                rows, share = self.relations.journey_rows(), 0.1
            case FinishedPlaybook():
                rows, share = self.relations.journey_rows(), 0.3
        return self._found(rows * (ROW + COLLECT), rows * share, SEEK * 2)

    def _events(self, test: OfEvents) -> Cost:
        query = query_of(test)
        found = self.relations.event(query.event)
        if found is None:
            return Cost(0.0, 0.0, 0.0, 0.0)
        extent = found[1]
        inside = self.window_share(query.window, extent)
        picked = inside * (0.1 if query.subjects else 1.0) * (0.3 if query.where is not None else 1.0)
        narrow = inside < NARROW
        scan = extent.rows * inside * (ROW + SEEK) if narrow else extent.rows * ROW * 1.5
        each = extent.rows / self.members
        matched = min(extent.units, extent.rows * picked)
        return self._event_cost(test, scan, matched, SEEK + each * ROW)

    def _event_cost(self, test: OfEvents, scan: float, matched: float, probe: float) -> Cost:
        if isinstance(test, DidOnDays):
            own = DISTINCT + (PLACES if test.in_a_row else 0.0)
            days = matched * COLLECT * (8 if test.in_a_row else 4)
            return self._found(scan + days, matched / (test.at_least + 1), probe * 2 + own)
        if isinstance(test, DueToReorder):
            return self._found(scan + matched * 0.2 * SEEK, matched * 0.1, probe)
        if isinstance(test, Did):
            plain = test.at_least == 1 and test.at_most is None
            units = matched / (1 if plain else test.at_least + 1)
            return self._found(scan, units, probe)
        if isinstance(test, Compare):
            if not nothing_is_enough(test):
                return self._found(scan, matched * 0.4, probe * 1.5)
            return Cost(1.0 - 0.4 * min(1.0, matched / self.members), probe * 1.5)
        if isinstance(test, MomentIn):
            return self._found(scan, matched * 0.4, SEEK)
        return self._found(scan + matched * SEEK, matched * 0.2, probe)

    def window_share(self, window: Window | None, extent: Extent) -> float:
        """About which part of a type's events lies in a window of the latest t."""
        if window is None:
            return 1.0
        t = self.relations.t_high
        first, last = extent.min_at, max(extent.min_at + 1, extent.max_at)
        # When a journey began nobody knows here; a day ago is as good as any.
        story = Story(t - DAY, t - DAY, None, tuple((end.name, t - DAY) for end in (window.low, window.high) if end))
        low = first if window.low is None else max(first, cutoff_instant(placed(window.low, t, story), t, "UTC"))
        high = last if window.high is None else min(last, cutoff_instant(placed(window.high, t, story), t, "UTC"))
        return max(0.0, min(1.0, (high - low) / (last - first)))

    def is_narrow(self, query: EventQuery) -> bool:
        """Whether the events of a query are so few that they are looked up by instant."""
        found = self.relations.event(query.event)
        return found is not None and self.window_share(query.window, found[1]) < NARROW


def nothing_is_enough(test: Compare) -> bool:
    """Whether a test of a total is true of the total of nothing: 0 of a sum or a number of values, else unknown."""
    if isinstance(test.operand, Total) and test.operand.kind in ("average", "largest", "smallest"):
        return False
    numbers = [int(value) for value in test.values]
    match test.op:
        case "lt":
            return numbers[0] > 0
        case "le":
            return numbers[0] >= 0
        case "gt":
            return numbers[0] < 0
        case "ge":
            return numbers[0] <= 0
        case "between":
            return numbers[0] <= 0 <= numbers[1]
        case "is" | "in":
            return 0 in numbers
        case "is_not" | "not_in":
            return 0 not in numbers
    return test.op == "known"


def probes_cost(costs: list[Cost]) -> float:
    """The cost of probing one after the other, each only where those before are true."""
    total, share = 0.0, 1.0
    for cost in sorted(costs, key=rank):
        total += share * cost.probe
        share *= cost.share
    return total


def rank(cost: Cost) -> float:
    """The place of a probe among others: cheap ones that turn many away come first."""
    return cost.probe / max(1e-6, 1.0 - cost.share)


def _member_share(condition: Condition) -> float:
    match condition:
        case Sample(low=low, high=high):
            return max(0, high - low) / 10_000
        case Compare(op=op):
            return _SHARES.get(op, 0.3)
        case Anniversary():
            return 0.01
    return 0.1


