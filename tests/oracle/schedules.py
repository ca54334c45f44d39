"""When a schedule falls due: every minute of every day, tried one after the other."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache

from oracle import clock
from qingting.engine.program import ir


def dues(schedule: ir.Schedule, zone: str, after: int, until: int) -> list[tuple[int, int]]:
    """The (instant, local date-time) at which a schedule falls due in (after, until], one for an instant."""
    if isinstance(schedule, ir.Once):
        found = {clock.instant_of(clock.EPOCH + schedule.local * clock.MICRO, zone): schedule.local}
    else:
        found = {}
        day = clock.local(after, zone).date() - timedelta(days=2)
        while clock.start_of_day(day, zone) <= until:
            for instant, shown in _on_day(schedule, zone, day):
                found.setdefault(instant, shown)
            day += timedelta(days=1)
    return sorted((instant, shown) for instant, shown in found.items() if after < instant <= until)


@cache
def _on_day(schedule: ir.Schedule, zone: str, day: date) -> list[tuple[int, int]]:
    if isinstance(schedule, ir.Interval):
        return _interval(schedule, zone, day)
    moments = [datetime.combine(day, time(minute // 60, minute % 60)) for minute in range(24 * 60)]
    due = [moment for moment in moments if _matches(schedule, moment)]
    return [(clock.instant_of(moment, zone), clock.naive_micros(moment)) for moment in due]


def _matches(schedule: ir.Schedule, moment: datetime) -> bool:
    minute = moment.hour * 60 + moment.minute
    match schedule:
        case ir.Daily(weekdays=weekdays, clocks=clocks):
            return minute in clocks and (weekdays is None or moment.isoweekday() in weekdays)
        case ir.Monthly(days=days, clocks=clocks):
            last = (moment + timedelta(days=1)).day == 1
            return minute in clocks and (moment.day in days or (last and -1 in days))
        case ir.Cron(text=text):
            return _matches_cron(text, moment)
    raise AssertionError(schedule)


def _matches_cron(text: str, moment: datetime) -> bool:
    """Lines of numbers, lists, ranges and ``*`` with no star in the hour; Sunday is 0."""
    minute, hour, day, month, weekday = (_numbers(field) for field in text.split())
    fixed = [(minute, moment.minute), (hour, moment.hour), (month, moment.month)]
    if not all(allowed is None or value in allowed for allowed, value in fixed):
        return False
    by_day = day is not None and moment.day in day
    by_weekday = weekday is not None and moment.isoweekday() % 7 in weekday
    if day is None or weekday is None:
        return (day is None or by_day) and (weekday is None or by_weekday)
    return by_day or by_weekday


@cache
def _numbers(field: str) -> set[int] | None:
    if field == "*":
        return None
    numbers: set[int] = set()
    for part in field.split(","):
        first, _, last = part.partition("-")
        numbers.update(range(int(first), int(last or first) + 1))
    return numbers


def _interval(schedule: ir.Interval, zone: str, day: date) -> list[tuple[int, int]]:
    found = []
    instant, end = clock.start_of_day(day, zone), clock.start_of_day(day + timedelta(days=1), zone)
    while instant < end:
        shown = clock.local(instant, zone)
        minute = shown.hour * 60 + shown.minute
        if schedule.between is None or _between(minute, *schedule.between):
            found.append((instant, clock.naive_micros(shown)))
        instant += schedule.minutes * ir.MINUTE
    return found


def _between(minute: int, start: int, end: int) -> bool:
    return start <= minute < end if start < end else minute >= start or minute < end
