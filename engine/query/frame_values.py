"""The values of many frames, computed once for all instants of a local day where they only depend on the day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from ..program.clock import day_start, local_day, local_of
from ..program.ir import CutoffKind
from .frames import FramePlan
from .needs import DateNeed, DayKindNeed, InstantNeed, LocalDaysNeed, MonthDayNeed, Need, Values
from .story import NO_STORY, Story

_OF_THE_DAY = frozenset({
    CutoffKind.DAY, CutoffKind.WEEK, CutoffKind.MONTH, CutoffKind.MONTH_DAY, CutoffKind.DAY_SINCE, CutoffKind.DAY_PAST,
    CutoffKind.YEAR, CutoffKind.LOCAL,
})


@dataclass(frozen=True, slots=True)
class _Day:
    """A local day as instants [start, end), with the values of the needs that depend on the day alone."""

    start: int
    end: int
    values: tuple[Values | None, ...]


@dataclass(slots=True)
class FrameValues:
    """Gives the values of a plan's columns; of each zone the day asked last is kept.

    The values are those of :meth:`FramePlan.values`. Instants that are asked in order cost little.
    """

    plan: FramePlan
    _days: dict[str, _Day] = field(default_factory=dict)

    def values(self, t: int, zone: str, story: Story) -> Values:
        """What stands in the columns for t, a zone and a journey."""
        day = self._days.get(zone)
        if day is None or not day.start <= t < day.end:
            day = self._days[zone] = self._day(t, zone)
        found: list[int | None] = []
        for need, kept in zip(self.plan.needs, day.values, strict=True):
            found += kept if kept is not None else need.values(t, zone, self.plan.holidays, story)
        return tuple(found)

    def _day(self, t: int, zone: str) -> _Day:
        today = local_day(t, zone)
        values = tuple(
            need.values(t, zone, self.plan.holidays, NO_STORY) if _is_of_the_day(need) else None
            for need in self.plan.needs
        )
        start, end = day_start(today, zone), day_start(today + timedelta(days=1), zone)
        # On a day on which clocks change, nothing is kept: it need not be one stretch of time.
        kept = local_of(start, zone) - start == local_of(end, zone) - end
        return _Day(start, end if kept else start, values)


def _is_of_the_day(need: Need) -> bool:
    match need:
        case InstantNeed(cutoff) | DateNeed(cutoff):
            return cutoff.kind in _OF_THE_DAY
        case MonthDayNeed(window):
            return all(end is None or end.kind in _OF_THE_DAY for end in (window.low, window.high))
        case DayKindNeed() | LocalDaysNeed():
            return True
    return False
