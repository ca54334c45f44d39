"""The calendar of the oracle: zoneinfo and plain datetimes, one question at a time."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from qingting.engine.program import ir

EPOCH = datetime(1970, 1, 1)
MICRO = timedelta(microseconds=1)


def naive_micros(moment: datetime) -> int:
    """Microseconds since 1970 of a naive datetime."""
    return (moment - EPOCH) // MICRO


def local(instant: int, zone: str) -> datetime:
    """What the clock of the zone shows at an instant, as a naive datetime."""
    return (EPOCH.replace(tzinfo=UTC) + instant * MICRO).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def instant_of(moment: datetime, zone: str) -> int:
    """The first instant at which the clock shows ``moment``; if the clock skips it, the instant of the jump."""
    aware = moment.replace(tzinfo=ZoneInfo(zone), fold=0)
    found = naive_micros(aware.astimezone(UTC).replace(tzinfo=None))
    if local(found, zone) == moment:
        return found
    low = naive_micros(moment.replace(tzinfo=ZoneInfo(zone), fold=1).astimezone(UTC).replace(tzinfo=None))
    high = found
    while low < high:
        middle = (low + high) // 2
        if local(middle, zone) >= moment:
            high = middle
        else:
            low = middle + 1
    return low


@cache
def start_of_day(day: date, zone: str) -> int:
    """The instant at which a local day begins."""
    return instant_of(datetime(day.year, day.month, day.day), zone)


def add_months(day: date, months: int) -> date:
    """The same day of the month ``months`` later, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def add_duration(instant: int, duration: ir.Duration, zone: str, sign: int = 1) -> int:
    """The instant a duration later (or earlier, ``sign`` -1): months on the local clock, then elapsed time."""
    if duration.months:
        shown = local(instant, zone)
        moved = add_months(shown.date(), sign * duration.months)
        instant = instant_of(datetime.combine(moved, shown.time()), zone)
    return instant + sign * duration.micros


@cache
def cutoff(edge: ir.Cutoff, t: int, zone: str) -> int:
    """The instant a cutoff stands for, seen from t."""
    return _base(edge, t, zone) + edge.plus


def is_of_activity(edge: ir.Cutoff | None) -> bool:
    """Whether a cutoff counts from the latest time of an activity."""
    return edge is not None and edge.kind in (ir.CutoffKind.LATEST_START, ir.CutoffKind.LATEST_END)


def latest_held(times: ir.Times, t: int, zone: str) -> tuple[int, int] | None:
    """The latest time of an activity that began by t, None where none did."""
    held = [(instant_of(EPOCH + a * MICRO, zone), instant_of(EPOCH + b * MICRO, zone)) for a, b in times.spans]
    today = local(t, zone).date()
    for back in range(9):
        day = datetime.combine(today - timedelta(days=back), datetime.min.time())
        if day.isoweekday() in times.weekdays:
            end = day + timedelta(minutes=times.end, days=1 if times.end <= times.start else 0)
            held.append((instant_of(day + timedelta(minutes=times.start), zone), instant_of(end, zone)))
    return max((span for span in held if span[0] <= t), default=None)


def spans_of(times: ir.Times, first: datetime, last: datetime) -> list[tuple[datetime, datetime]]:
    """When an activity goes on, on the local clock; of hours that recur those that begin in [first, last]."""
    found = [(EPOCH + start * MICRO, EPOCH + end * MICRO) for start, end in times.spans]
    day = datetime.combine(first.date(), datetime.min.time())
    while times.weekdays and day <= last:
        start = day + timedelta(minutes=times.start)
        end = day + timedelta(minutes=times.end, days=1 if times.end <= times.start else 0)
        if day.isoweekday() in times.weekdays and first <= start <= last:
            found.append((start, end))
        day += timedelta(days=1)
    return found


def goes_on(times: ir.Times, instant: int, zone: str) -> bool:
    """Whether an activity goes on at an instant, by what the clock shows."""
    shown = local(instant, zone)
    return any(start <= shown < end for start, end in spans_of(times, shown - timedelta(days=3), shown))


def _base(edge: ir.Cutoff, t: int, zone: str) -> int:
    day = local(t, zone).date()
    kind = ir.CutoffKind
    match edge.kind:
        case kind.T:
            return t
        case kind.MONTHS:
            return add_duration(t, ir.Duration(0, edge.n), zone)
        case kind.DAY:
            return start_of_day(day + timedelta(days=edge.n), zone)
        case kind.WEEK:
            return start_of_day(day + timedelta(days=7 * edge.n - day.weekday()), zone)
        case kind.MONTH:
            return start_of_day(add_months(day.replace(day=1), edge.n), zone)
        case kind.MONTH_DAY:
            return start_of_day(add_months(day, edge.n), zone)
        case kind.YEAR:
            return start_of_day(date(day.year + edge.n, 1, 1), zone)
        case kind.LOCAL:
            return instant_of(EPOCH + edge.n * MICRO, zone)
        case kind.LATEST_START | kind.LATEST_END:
            held = latest_held(edge.times, t, zone)
            assert held is not None
            return held[0 if edge.kind == kind.LATEST_START else 1]
    raise AssertionError(edge)


def inside(instant: int, window: ir.Window | None, t: int, zone: str) -> bool:
    """Whether an instant lies in a window seen from t; no window holds everything."""
    if window is None:
        return True
    for edge in (window.low, window.high):
        if edge is not None and is_of_activity(edge) and latest_held(edge.times, t, zone) is None:
            return False
    if window.low is not None and instant < cutoff(window.low, t, zone):
        return False
    return window.high is None or instant < cutoff(window.high, t, zone)


def days_of(window: ir.Window, t: int, zone: str) -> list[date]:
    """The local days that start inside a window; one that the clocks skip starts where they jump."""
    assert window.low is not None
    assert window.high is not None
    low, high = cutoff(window.low, t, zone), cutoff(window.high, t, zone)
    day = local(low, zone).date() - timedelta(days=1)
    days = []
    while start_of_day(day, zone) < high:
        if start_of_day(day, zone) >= low:
            days.append(day)
        day += timedelta(days=1)
    return days


def utc_name(instant: int) -> str:
    """An instant as text in UTC, with microseconds only where there are any."""
    return (EPOCH + instant * MICRO).isoformat() + "Z"


def local_name(shown: int) -> str:
    """A local date-time as text."""
    return (EPOCH + shown * MICRO).isoformat()
