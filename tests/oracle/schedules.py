"""When a schedule falls due: every minute of every day, tried one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache

import chinese_calendar
from oracle import clock
from oracle.lunar import leap_month_on, lunar_month_day, lunar_month_length
from qingting.engine.program import ir
from qingting.engine.program.holidays import HolidayCalendar

LONGEST = timedelta(days=60)
Moment = tuple[int, int]
"""An instant and the local date-time that the schedule names."""


def dues(
    schedule: ir.Schedule, zone: str, after: int, until: int, limits: ir.Limits | None = None,
    holidays: HolidayCalendar | None = None,
) -> list[Moment]:
    """The occurrences in (after, until] within limits, one for an instant."""
    found: dict[int, int] = {}
    for instant, shown in sorted(_all(schedule, zone, after, until, holidays)):
        found.setdefault(instant, shown)
    return [
        (instant, shown)
        for instant, shown in sorted(found.items())
        if after < instant <= until and within(limits, instant, shown, zone, holidays)
    ]


def within(
    limits: ir.Limits | None, instant: int, shown: int, zone: str, holidays: HolidayCalendar | None
) -> bool:
    """Whether an occurrence lies within the dates, the activity and the days of a schedule."""
    if limits is None:
        return True
    day = (clock.EPOCH + shown * clock.MICRO).date()
    if limits.except_holidays and kind_of(day, holidays) not in ("workday", "weekend"):
        return False
    if limits.times is not None and not clock.goes_on(limits.times, instant, zone):
        return False
    return clock.inside(instant, limits.window, instant, zone)


def kind_of(day: date, holidays: HolidayCalendar | None) -> str | None:
    """Whether a day is a workday, a holiday or a weekend; None where nobody has said."""
    if holidays is None:
        return None
    if day in holidays.days:
        return {"off": "holiday", "work": "workday"}[holidays.days[day]]
    if not holidays.name:
        return None
    try:
        is_off, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return None
    if not is_off:
        return "workday"
    return "weekend" if name is None else "holiday"


def _all(
    schedule: ir.Schedule, zone: str, after: int, until: int, holidays: HolidayCalendar | None
) -> Iterator[Moment]:
    if isinstance(schedule, ir.Once):
        yield clock.instant_of(clock.EPOCH + schedule.local * clock.MICRO, zone), schedule.local
        return
    if isinstance(schedule, ir.ActivityEdge):
        yield from _edges(schedule, zone, clock.local(after, zone) - LONGEST, clock.local(until, zone) + LONGEST)
        return
    day = clock.local(after, zone).date() - timedelta(days=2)
    while clock.start_of_day(day, zone) <= until:
        if isinstance(schedule, ir.DayKind):
            if kind_of(day, holidays) == schedule.kind:
                yield from _on_day(ir.Daily(None, schedule.clocks), zone, day)
        else:
            yield from _on_day(schedule, zone, day)
        day += timedelta(days=1)


@cache
def _on_day(schedule: ir.Schedule, zone: str, day: date) -> list[Moment]:
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
        case ir.EveryWeeks(clocks=clocks):
            return minute in clocks and _matches_week(schedule, moment.date())
        case ir.MonthlyWeekday(clocks=clocks):
            return minute in clocks and _matches_nth(schedule, moment.date())
        case ir.Yearly(days=days, lunar=lunar, clocks=clocks):
            in_year = moment.month * 100 + moment.day in days
            return minute in clocks and (in_year or any(_is_lunar(moment.date(), wanted) for wanted in lunar))
        case ir.Cron(text=text):
            return _matches_cron(text, moment)
    raise AssertionError(schedule)


def _matches_week(schedule: ir.EveryWeeks, day: date) -> bool:
    """Counts the weeks from that of the start, one by one."""
    start = date(schedule.start // 10_000, schedule.start // 100 % 100, schedule.start % 100)
    if day < start or day.isoweekday() not in schedule.weekdays:
        return False
    week = start - timedelta(days=start.weekday())
    while week + timedelta(days=7) <= day:
        week += timedelta(days=7 * schedule.weeks)
    return week <= day


def _matches_nth(schedule: ir.MonthlyWeekday, day: date) -> bool:
    alike = [one for one in _month_of(day) if one.isoweekday() == schedule.weekday]
    place = schedule.nth - 1 if schedule.nth > 0 else len(alike) - 1
    return place < len(alike) and alike[place] == day


def _month_of(day: date) -> list[date]:
    days = [day.replace(day=1) + timedelta(days=n) for n in range(31)]
    return [one for one in days if one.month == day.month]


def _is_lunar(day: date, wanted: int) -> bool:
    if leap_month_on(day):
        return False
    month, number = lunar_month_day(day)
    return month == wanted // 100 and number == min(wanted % 100, lunar_month_length(day))


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


def _interval(schedule: ir.Interval, zone: str, day: date) -> list[Moment]:
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


def _edges(edge: ir.ActivityEdge, zone: str, first: datetime, last: datetime) -> Iterator[Moment]:
    spans = clock.spans_of(edge.times, first, last)
    if not edge.each_session and not edge.times.weekdays:
        spans = [(min(a for a, _ in spans), max(b for _, b in spans))]
    for start, end in spans:
        around = start if edge.edge == "start" else end
        if edge.edge == "end" and edge.clock is not None and end.time() == time(0):
            around = end - timedelta(days=1)
        yield moved(around, edge.offset, edge.clock, zone)


def moved(moment: datetime, offset: ir.Offset | None, at: int | None, zone: str) -> Moment:
    """So long before or after a local moment: hours as they elapse, days and months on the calendar."""
    if offset is not None:
        sign = -1 if offset.before else 1
        if offset.duration.micros % ir.DAY:
            instant = clock.instant_of(moment, zone) + sign * offset.duration.micros
            return instant, clock.naive_micros(clock.local(instant, zone))
        day = clock.add_months(moment.date(), sign * offset.duration.months)
        moment = datetime.combine(day + timedelta(days=sign * offset.duration.micros // ir.DAY), moment.time())
    if at is not None:
        moment = datetime.combine(moment.date(), time(at // 60, at % 60))
    return clock.instant_of(moment, zone), clock.naive_micros(moment)
