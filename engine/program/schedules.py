"""Schedules: clocks, days and cron lines checked and put into one form."""

from __future__ import annotations

from ...grammar import syntax
from . import ir
from .cron import check_cron
from .entries import Entry
from .windows import clock_minutes, local_start

_DAY_MINUTES = 24 * 60
_EVERY_DAY = 7


def resolve_clock_schedule(entry: Entry, schedule: syntax.Schedule) -> ir.Schedule | None:
    """Return a schedule with clocks and days in order, None with an error where it cannot be read or never fires."""
    match schedule:
        case syntax.Daily(weekdays, clocks):
            days = tuple(sorted(set(weekdays))) if weekdays is not None else None
            return ir.Daily(None if days is not None and len(days) == _EVERY_DAY else days, _clocks(clocks))
        case syntax.Monthly(days, clocks):
            # The last day stands behind the numbered ones.
            ordered = sorted(set(days), key=lambda day: 32 if day == -1 else day)
            return ir.Monthly(tuple(ordered), _clocks(clocks))
        case syntax.Interval():
            return _interval(entry, schedule)
        case syntax.CronLine(text):
            return _cron(entry, text)
        case syntax.Once(at):
            return ir.Once(local_start(at))


def _clocks(clocks: tuple[syntax.Clock, ...]) -> tuple[int, ...]:
    return tuple(sorted({clock_minutes(clock) for clock in clocks}))


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


