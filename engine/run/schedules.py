"""When a schedule falls due: a schedule and a zone give instants.

Fixed clocks run once a day: at the jump where the clocks skip them, at the first where they come twice. A cron line
with ``*`` in the hour runs at every real instant whose wall clock matches. Intervals count elapsed time from local
midnight.
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
from ..program.ir import DAY, MINUTE, Cron, Daily, Interval, Monthly, Once, Schedule

_LAST_YEAR = 9000


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """One occurrence: the ``instant`` (UTC) and the ``local`` date-time that the schedule names."""

    instant: int
    local: int


def occurrences(schedule: Schedule, zone: str, after: int, until: int) -> Iterator[int]:
    """The instants at which ``schedule`` falls due in (after, until], ascending, each once.

    >>> from ..program.ir import Daily
    >>> list(occurrences(Daily(None, (9 * 60,)), "UTC", 0, 2 * DAY))
    [32400000000, 118800000000]
    """
    return (due.instant for due in dues(schedule, zone, after, until))


def dues(schedule: Schedule, zone: str, after: int, until: int) -> Iterator[Due]:
    """The occurrences in (after, until], ascending, one for an instant."""
    last = after
    for due in _candidates(schedule, zone, after, until):
        if due.instant > until:
            return
        if due.instant > last:
            last = due.instant
            yield due


def _candidates(schedule: Schedule, zone: str, after: int, until: int) -> Iterator[Due]:
    if isinstance(schedule, Once):
        return iter([Due(local_to_instant(schedule.local, zone), schedule.local)])
    # A zone can move by a day against another, so a day more on the side of the past.
    first = local_day(after, zone) - timedelta(days=1)
    if isinstance(schedule, Cron):
        return _cron(schedule, zone, naive_micros(datetime(first.year, first.month, first.day)))
    days = _days(first, until, zone)
    if isinstance(schedule, Interval):
        return (due for day in days for due in _interval(schedule, zone, day))
    return (due for day in days if _runs_on(schedule, day) for due in _clocks(schedule.clocks, zone, day))


def _days(first: date, until: int, zone: str) -> Iterator[date]:
    last = local_day(until, zone) + timedelta(days=1)
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _runs_on(schedule: Daily | Monthly, day: date) -> bool:
    if isinstance(schedule, Daily):
        return schedule.weekdays is None or day.isoweekday() in schedule.weekdays
    is_last = (day + timedelta(days=1)).month != day.month
    return day.day in schedule.days or (is_last and -1 in schedule.days)


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
