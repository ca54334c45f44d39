"""When a schedule falls due: a schedule and a zone give instants.

Fixed clocks run once a day: at the jump where the clocks skip them, at the first where they come twice. A cron line
with ``*`` in the hour runs at every real instant whose wall clock matches. Intervals count elapsed time from local
midnight. A calendar of workdays and holidays that does not know a day makes no occurrence of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from heapq import merge
from itertools import groupby

from ..program.clock import (
    day_start,
    is_doubled,
    local_day,
    local_of,
    local_to_instant,
    naive_datetime,
    naive_micros,
)
from ..program.holdings import goes_on
from ..program.holidays import NO_CALENDAR, HolidayCalendar
from ..program.ir import (
    DAY,
    MINUTE,
    ActivityEdge,
    Cron,
    Daily,
    DayKind,
    EveryWeeks,
    Interval,
    Limits,
    MemberDate,
    Monthly,
    MonthlyWeekday,
    Once,
    Schedule,
    Window,
    Yearly,
)
from ..query.calendar import EARLIEST, LATEST, cutoff_instant
from ..query.lunar import lunar_days
from .edges import edge_dues

ClockSchedule = Daily | DayKind | EveryWeeks | Monthly | MonthlyWeekday | Yearly
"""Schedules that say on which days, and at which clocks of them."""

_LAST_YEAR = 9000
_LONGEST_SILENCE = 366


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """One occurrence: the ``instant`` (UTC) and the ``local`` date-time that the schedule names."""

    instant: int
    local: int


def occurrences(
    schedule: Schedule, zone: str, after: int, until: int, limits: Limits | None = None,
    holidays: HolidayCalendar = NO_CALENDAR,
) -> Iterator[int]:
    """The instants at which ``schedule`` falls due in (after, until], ascending, each once.

    >>> from ..program.ir import Daily
    >>> list(occurrences(Daily(None, (9 * 60,)), "UTC", 0, 2 * DAY))
    [32400000000, 118800000000]
    """
    return (due.instant for due in dues(schedule, zone, after, until, limits, holidays))


def dues(
    schedule: Schedule, zone: str, after: int, until: int, limits: Limits | None = None,
    holidays: HolidayCalendar = NO_CALENDAR,
) -> Iterator[Due]:
    """The occurrences in (after, until] within ``limits``, ascending, one for an instant.

    Days of which the calendar does not know whether they are workdays or holidays have none, where that is asked. A
    schedule of members' own dates has none here: they are the members'.
    """
    last = after
    for due in _candidates(schedule, zone, after, until, holidays):
        if due.instant > until:
            return
        if due.instant > last and (limits is None or lies_within(limits, due, zone, holidays)):
            last = due.instant
            yield due


def lies_within(limits: Limits, due: Due, zone: str, holidays: HolidayCalendar) -> bool:
    """Whether an occurrence lies within what narrows its schedule."""
    if limits.except_holidays and holidays.kind(naive_datetime(due.local).date()) in (None, "holiday"):
        return False
    if limits.times is not None and not goes_on(limits.times, local_of(due.instant, zone)):
        return False
    return limits.window is None or in_window(limits.window, due.instant, zone)


def in_window(window: Window, instant: int, zone: str) -> bool:
    """Whether an instant lies in a window of local date-times."""
    low, high = window_span(window, zone)
    return low <= instant < high


def window_span(window: Window, zone: str) -> tuple[int, int]:
    """The instants [low, high) of a window of local date-times."""
    low = EARLIEST if window.low is None else cutoff_instant(window.low, 0, zone)
    high = LATEST if window.high is None else cutoff_instant(window.high, 0, zone)
    return low, high


def unknown_days(
    schedule: Schedule, limits: Limits | None, zone: str, after: int, until: int, holidays: HolidayCalendar
) -> tuple[date, ...]:
    """The days in (after, until] of which it would have to be known whether they are workdays or holidays.

    Never more than a year of them is looked at.
    """
    if not isinstance(schedule, DayKind) and not (limits is not None and limits.except_holidays):
        return ()
    first = max(local_day(after, zone), local_day(until, zone) - timedelta(days=_LONGEST_SILENCE))
    return tuple(day for day in _days(first, until - DAY, zone) if holidays.kind(day) is None)


def _candidates(schedule: Schedule, zone: str, after: int, until: int, holidays: HolidayCalendar) -> Iterator[Due]:
    if isinstance(schedule, MemberDate):
        return iter(())
    if isinstance(schedule, Once):
        return iter([Due(local_to_instant(schedule.local, zone), schedule.local)])
    if isinstance(schedule, ActivityEdge):
        found = edge_dues(schedule, zone, local_of(after, zone) - DAY, local_of(until, zone) + DAY)
        return iter(sorted(Due(instant, local) for instant, local in found))
    # A zone can move by a day against another, so a day more on the side of the past.
    first = local_day(after, zone) - timedelta(days=1)
    if isinstance(schedule, Cron):
        return _cron(schedule, zone, naive_micros(datetime(first.year, first.month, first.day)))
    days = _days(first, until, zone)
    if isinstance(schedule, Interval):
        return (due for day in days for due in _interval(schedule, zone, day))
    return (due for day in days if runs_on(schedule, day, holidays) for due in _clocks(schedule.clocks, zone, day))


def _days(first: date, until: int, zone: str) -> Iterator[date]:
    last = local_day(until, zone) + timedelta(days=1)
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def runs_on(schedule: ClockSchedule, day: date, holidays: HolidayCalendar) -> bool:
    """Whether a schedule of clocks runs on a day."""
    match schedule:
        case Daily(weekdays):
            return weekdays is None or day.isoweekday() in weekdays
        case DayKind(kind):
            return holidays.kind(day) == kind
        case EveryWeeks(weeks, weekdays, start):
            first = date(start // 10_000, start // 100 % 100, start % 100)
            passed = (_monday(day) - _monday(first)).days // 7
            return day >= first and passed % weeks == 0 and day.isoweekday() in weekdays
        case Monthly(days):
            return day.day in days or (_is_last(day) and -1 in days)
        case MonthlyWeekday(nth, weekday):
            if day.isoweekday() != weekday:
                return False
            return (day + timedelta(days=7)).month != day.month if nth == -1 else (day.day - 1) // 7 + 1 == nth
        case Yearly(days, lunar):
            return day.month * 100 + day.day in days or bool(lunar and set(lunar_days(day)) & set(lunar))


def _is_last(day: date) -> bool:
    return (day + timedelta(days=1)).month != day.month


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _clocks(clocks: tuple[int, ...], zone: str, day: date) -> Iterator[Due]:
    midnight = naive_micros(datetime(day.year, day.month, day.day))
    for clock in sorted(clocks):
        local = midnight + clock * MINUTE
        yield Due(local_to_instant(local, zone), local)


def _interval(schedule: Interval, zone: str, day: date) -> Iterator[Due]:
    start, end = day_start(day, zone), day_start(day + timedelta(days=1), zone)
    for instant in range(start, end, schedule.minutes * MINUTE):
        local = local_of(instant, zone)
        if schedule.between is None or _lies_between(local % DAY // MINUTE, *schedule.between):
            yield Due(instant, local)


def _lies_between(clock: int, start: int, end: int) -> bool:
    return start <= clock < end if start < end else clock >= start or clock < end


def _cron(schedule: Cron, zone: str, start: int) -> Iterator[Due]:
    """Occurrences of a cron line from the local date-time ``start`` on."""
    hourly = schedule.text.split()[1].startswith("*")
    streams = [_cron_locals(line, start) for line in _either_day(schedule.text)]
    for _, locals_of_day in groupby(merge(*streams), key=lambda local: local // DAY):
        # Within a day the clock may go back, so that the order of clocks is not the order of instants.
        yield from sorted(due for local in locals_of_day for due in _instants(local, zone, hourly))


def _instants(local: int, zone: str, hourly: bool) -> Iterator[Due]:
    yield Due(local_to_instant(local, zone), local)
    if hourly and is_doubled(local, zone):
        yield Due(local_to_instant(local, zone, 1), local)


def _either_day(text: str) -> list[str]:
    """The cron lines whose union is ``text``: restricted days of month and of week mean either."""
    minute, hour, day, month, weekday = text.split()
    if day == "*" or weekday == "*":
        return [text]
    return [f"{minute} {hour} {day} {month} *", f"{minute} {hour} * {month} {weekday}"]


def _cron_locals(line: str, start: int) -> Iterator[int]:
    from croniter import CroniterBadDateError, croniter

    iterator = croniter(line, naive_datetime(start - 1), max_years_between_matches=_LAST_YEAR)
    while True:
        try:
            yield naive_micros(iterator.get_next(datetime))
        except CroniterBadDateError:
            return
