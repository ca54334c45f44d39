"""What conditions ask of the calendar: the boundaries that Python computes for each frame."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ..program.clock import local_day
from ..program.holidays import HolidayCalendar
from ..program.ir import (
    All,
    Anniversary,
    Any,
    Changed,
    Compare,
    Condition,
    Cutoff,
    CutoffKind,
    Did,
    DidOnDays,
    DueToReorder,
    Duration,
    EventQuery,
    FinishedPlaybook,
    HasTag,
    HeldFor,
    HoldsCoupon,
    Invited,
    InWindow,
    MomentHas,
    MomentIn,
    Not,
    Received,
    ReceivedRedpacket,
    TaskIs,
    TodayIs,
    Total,
    UsedCoupon,
    ValueType,
    Window,
)
from .calendar import EARLIEST, LATEST, cutoff_instant, date_bound, lunar_day_ranges, month_day_ranges
from .lunar import RANGES as LUNAR_RANGES
from .story import Story, placed, placed_window

SOLAR_RANGES = 2
Values = tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class InstantNeed:
    """The instant of a cutoff. ``ends`` says that a window ends there, which is empty before the first activity."""

    cutoff: Cutoff
    ends: bool = False

    def values(self, t: int, zone: str, holidays: HolidayCalendar, story: Story) -> Values:
        """What stands in the columns for t and a zone."""
        return (cutoff_instant(placed(self.cutoff, t, story), t, zone, EARLIEST if self.ends else LATEST),)


@dataclass(frozen=True, slots=True)
class DateNeed:
    """The first date, as yyyymmdd, that starts at a cutoff or later; ``ends`` as of :class:`InstantNeed`."""

    cutoff: Cutoff
    ends: bool = False

    def values(self, t: int, zone: str, holidays: HolidayCalendar, story: Story) -> Values:
        """What stands in the columns for t and a zone."""
        return (date_bound(placed(self.cutoff, t, story), t, zone, EARLIEST if self.ends else LATEST),)


@dataclass(frozen=True, slots=True)
class MonthDayNeed:
    """The days of a window as half-open ranges of mmdd, two columns each, of the solar or lunar calendar."""

    window: Window
    lunar: bool

    def values(self, t: int, zone: str, holidays: HolidayCalendar, story: Story) -> Values:
        """What stands in the columns for t and a zone."""
        window = placed_window(self.window, t, story)
        return lunar_day_ranges(window, t, zone) if self.lunar else month_day_ranges(window, t, zone)


@dataclass(frozen=True, slots=True)
class DayKindNeed:
    """Whether the local day of t is a workday or a holiday; no where the calendar does not know it."""

    kind: Literal["workday", "holiday"]

    def values(self, t: int, zone: str, holidays: HolidayCalendar, story: Story) -> Values:
        """What stands in the columns for t and a zone."""
        return (int(holidays.kind(local_day(t, zone)) == self.kind),)


@dataclass(frozen=True, slots=True)
class LocalDaysNeed:
    """The offsets of the frame's zone, which stand in a table of their own."""

    def values(self, t: int, zone: str, holidays: HolidayCalendar, story: Story) -> Values:
        """Nothing: there are no columns."""
        return ()


@dataclass(frozen=True, slots=True)
class StartNeed:
    """The seq of the fact that started the unit's journey; unknown outside of one."""

    def values(self, t: int, zone: str, holidays: HolidayCalendar, story: Story) -> Values:
        """What stands in the column."""
        return (story.event,)


Need = InstantNeed | DateNeed | MonthDayNeed | DayKindNeed | LocalDaysNeed | StartNeed


def width(need: Need) -> int:
    """How many columns a need takes."""
    if isinstance(need, MonthDayNeed):
        return 2 * (LUNAR_RANGES if need.lunar else SOLAR_RANGES)
    return 0 if isinstance(need, LocalDaysNeed) else 1


def needs_of(condition: Condition) -> Iterator[Need]:
    """The boundaries that a condition in normal form asks about."""
    match condition:
        case All(items=items) | Any(items=items):
            for item in items:
                yield from needs_of(item)
        case Not(item=item):
            yield from needs_of(item)
        case InWindow(operand=operand, window=window):
            yield from _dates(window) if operand.type is ValueType.DATE else _instants(window)
        case Anniversary(operand=operand, window=window):
            yield MonthDayNeed(window, operand.type is ValueType.LUNAR_DATE)
        case TodayIs(kind=kind):
            yield DayKindNeed(kind)
        case HeldFor(duration=duration):
            yield from _of_cutoff(held_from(duration))
        case Invited(where=where, window=window):
            yield from () if window is None else _instants(window)
            yield from () if where is None else needs_of(where)
        case HoldsCoupon(expiring=Window() as window):
            yield from _instants(window)
        case (
            HasTag(window=Window() as window)
            | Received(window=Window() as window)
            | Changed(window=Window() as window)
            | UsedCoupon(window=Window() as window)
            | ReceivedRedpacket(window=Window() as window)
            | TaskIs(window=Window() as window)
            | FinishedPlaybook(window=Window() as window)
        ):
            yield from _instants(window)
        case _:
            yield from _of_events(condition)


def held_from(duration: Duration) -> Cutoff:
    """The first instant of (t - duration, t]."""
    after = 1 - duration.micros
    return Cutoff(CutoffKind.MONTHS, -duration.months, after) if duration.months else Cutoff(CutoffKind.T, 0, after)


def _of_events(condition: Condition) -> Iterator[Need]:
    match condition:
        case Compare(operand=Total(query=query)) | Did(query=query):
            yield from _of_query(query)
        case DidOnDays(query=query):
            yield LocalDaysNeed()
            yield from _of_query(query)
        case MomentIn(query=query, window=window) | DueToReorder(query=query, window=window):
            yield from _of_query(query)
            yield from _instants(window)
        case MomentHas(query=query, has=has):
            yield from _of_query(query)
            yield from needs_of(has)


def _of_query(query: EventQuery) -> Iterator[Need]:
    if query.same is not None:
        yield StartNeed()
    if query.window is not None:
        yield from _instants(query.window)
    if query.where is not None:
        yield from needs_of(query.where)


def _instants(window: Window) -> Iterator[Need]:
    yield from () if window.low is None else _of_cutoff(window.low)
    yield from () if window.high is None else _of_cutoff(window.high, is_end(window.high))
    yield from _since(window)


def _of_cutoff(cutoff: Cutoff, ends: bool = False) -> Iterator[Need]:
    if cutoff.kind is not CutoffKind.T:
        yield InstantNeed(cutoff, ends)


def is_end(high: Cutoff) -> bool:
    """Whether it matters that a window ends at a cutoff and does not begin there."""
    return high.kind in (CutoffKind.LATEST_START, CutoffKind.LATEST_END)


def _dates(window: Window) -> Iterator[Need]:
    yield from () if window.low is None else [DateNeed(window.low)]
    yield from () if window.high is None else [DateNeed(window.high, is_end(window.high))]
    yield from _since(window)
    if window.since is not None:
        yield LocalDaysNeed()


def _since(window: Window) -> Iterator[Need]:
    if window.since is not None:
        yield from _of_query(window.since.query)
