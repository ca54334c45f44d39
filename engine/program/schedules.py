"""Schedules: clocks, days and cron lines checked and put into one form."""

from __future__ import annotations

from ...grammar import syntax
from . import ir
from .activities import find_sessions, find_times
from .cron import check_cron
from .entries import Entry
from .ir import ValueType
from .scope import Context, find_attribute
from .windows import clock_minutes, duration, local, local_end, local_start, yyyymmdd

_DAY_MINUTES = 24 * 60
_EVERY_DAY = 7
_LAST_DAY = 32
_WHOLE_DAYS = ("day", "week", "month")
# What goes out later than the schedule says must still go out before it comes round again the next day.
_LONGEST_OVER = ir.DAY
Clocks = tuple[int, ...]


def resolve_timetable(
    context: Context, written: syntax.Schedule, limits: syntax.ScheduleLimits | None
) -> ir.Timetable | None:
    """Return a schedule with its limits, None with an error where either cannot be read or never fires."""
    schedule = resolve_clock_schedule(context, written)
    narrowed = _limits(context, limits) if limits is not None else None
    if schedule is None or (limits is not None and narrowed is None):
        return None
    return ir.Timetable(schedule, narrowed)


def resolve_clock_schedule(context: Context, schedule: syntax.Schedule) -> ir.Schedule | None:
    """Return a schedule with clocks and days in order, None with an error where it cannot be read or never fires."""
    match schedule:
        case syntax.Daily(weekdays, clocks):
            days = tuple(sorted(set(weekdays))) if weekdays is not None else None
            return ir.Daily(None if days is not None and len(days) == _EVERY_DAY else days, _clocks(clocks))
        case syntax.DayKind(kind, clocks):
            return ir.DayKind(kind, _clocks(clocks))
        case syntax.EveryWeeks(weeks, weekdays, start, clocks):
            return ir.EveryWeeks(weeks, tuple(sorted(set(weekdays))), yyyymmdd(start.value), _clocks(clocks))
        case syntax.Monthly(days, clocks):
            # The last day stands behind the numbered ones.
            ordered = sorted(set(days), key=lambda day: _LAST_DAY if day == -1 else day)
            return ir.Monthly(tuple(ordered), _clocks(clocks))
        case syntax.MonthlyWeekday(nth, weekday, clocks):
            return ir.MonthlyWeekday(nth, weekday, _clocks(clocks))
        case syntax.Yearly(days, clocks):
            return _yearly(days, clocks)
        case _:
            return _moment_schedule(context, schedule)


def _moment_schedule(
    context: Context,
    schedule: syntax.Interval | syntax.CronLine | syntax.Once | syntax.ActivityEdge | syntax.MemberDate,
) -> ir.Schedule | None:
    match schedule:
        case syntax.Interval():
            return _interval(context.entry, schedule)
        case syntax.CronLine(text):
            return _cron(context.entry, text)
        case syntax.Once(at):
            return ir.Once(local_start(at))
        case syntax.ActivityEdge():
            return _activity_edge(context, schedule)
        case syntax.MemberDate():
            return _member_date(context, schedule)


def _clocks(clocks: tuple[syntax.Clock, ...]) -> Clocks:
    return tuple(sorted({clock_minutes(clock) for clock in clocks}))


def _yearly(days: tuple[syntax.MonthDay, ...], clocks: tuple[syntax.Clock, ...]) -> ir.Yearly:
    solar = tuple(sorted({day.month * 100 + day.day for day in days if not day.lunar}))
    lunar = tuple(sorted({day.month * 100 + day.day for day in days if day.lunar}))
    return ir.Yearly(solar, lunar, _clocks(clocks))


def _interval(entry: Entry, schedule: syntax.Interval) -> ir.Interval | None:
    minutes = schedule.every.count * (60 if schedule.every.unit == "hour" else 1)
    if schedule.every.unit not in ("minute", "hour") or minutes > _DAY_MINUTES:
        entry.error("E336", schedule.every.span)
        return None
    if schedule.between is None:
        return ir.Interval(minutes)
    start, end = (clock_minutes(clock) for clock in schedule.between)
    if start == end:
        entry.error("E337", schedule.span)
        return None
    if not any(_between(moment, start, end) for moment in range(0, _DAY_MINUTES, minutes)):
        entry.error("E334", schedule.span, hint="interval", part=f"{schedule.every.count} {schedule.every.unit}")
        return None
    return ir.Interval(minutes, (start, end))


def _between(moment: int, start: int, end: int) -> bool:
    if start < end:
        return start <= moment < end
    return moment >= start or moment < end


def _cron(entry: Entry, text: syntax.Text) -> ir.Cron | None:
    fault = check_cron(text.text)
    if fault is not None:
        entry.error(fault.code, text.span, part=fault.part)
        return None
    return ir.Cron(" ".join(text.text.lower().split()))


# Around activities and the member's own dates


def _activity_edge(context: Context, written: syntax.ActivityEdge) -> ir.ActivityEdge | None:
    offset = _offset(context.entry, written.offset)
    if written.each_session:
        found = find_sessions(context, written.activity, written.span)
    else:
        found = find_times(context, written.activity, written.phase)
    if found is None or (written.offset is not None and offset is None):
        return None
    clock = clock_minutes(written.clock) if written.clock else None
    return ir.ActivityEdge(found[0], found[1], written.each_session, written.edge, offset, clock)


def _member_date(context: Context, written: syntax.MemberDate) -> ir.MemberDate | None:
    offset = _offset(context.entry, written.offset)
    operand = find_attribute(context, written.name)
    if operand is None or (written.offset is not None and offset is None):
        return None
    if not _is_dated(context.entry, written, operand):
        return None
    clock = clock_minutes(written.clock) if written.clock else None
    if clock is None and operand.type is not ValueType.INSTANT and _in_days(written.offset):
        context.entry.warn("W431", written.span)
    return ir.MemberDate(operand, written.anniversary, offset, clock)


def _is_dated(entry: Entry, written: syntax.MemberDate, operand: ir.AttributeRef) -> bool:
    if operand.type is ValueType.LUNAR_DATE and not written.anniversary:
        entry.error("E254", written.name.span, hint="lunar", name=written.name.text)
        return False
    if written.anniversary and operand.type not in (ValueType.DATE, ValueType.LUNAR_DATE):
        entry.error("E319", written.name.span, name=written.name.text)
        return False
    if operand.type not in (ValueType.DATE, ValueType.INSTANT, ValueType.LUNAR_DATE):
        entry.error("E254", written.name.span, name=written.name.text)
        return False
    return True


def _in_days(offset: syntax.Offset | None) -> bool:
    return offset is None or offset.duration.unit in _WHOLE_DAYS


def _offset(entry: Entry, written: syntax.Offset | None) -> ir.Offset | None:
    if written is None:
        return None
    found = duration(entry, written.duration)
    return ir.Offset(found, written.before) if found else None


# Limits


def _limits(context: Context, written: syntax.ScheduleLimits) -> ir.Limits | None:
    entry = context.entry
    low = local(local_start(written.first)) if written.first else None
    high = local(local_end(written.last)) if written.last else None
    if low and high and low.n >= high.n:
        entry.error("E335", written.span)
        return None
    times = find_times(context, written.activity, written.phase) if written.activity else None
    over = _over(entry, written.over) if written.over else None
    if (written.activity and times is None) or (written.over and over is None):
        return None
    return ir.Limits(
        window=ir.Window(low, high) if low or high else None,
        activity=times[0] if times else None,
        times=times[1] if times else None,
        except_holidays=written.except_holidays,
        over=over,
    )


def _over(entry: Entry, written: syntax.Duration) -> int | None:
    found = duration(entry, written)
    if found is None:
        return None
    if found.months or found.micros > _LONGEST_OVER:
        entry.error("E338", written.span)
        return None
    return found.micros
