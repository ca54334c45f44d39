"""Windows and durations: from words about time to cutoffs seen from t.

All windows are half-open [low, high). A date stands for its whole day in the zone, an instant written to the minute
for that minute, so that ``between D and E`` includes both as written.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from ...grammar import syntax
from . import ir
from .entries import Entry
from .ir import Cutoff, CutoffKind, Window

_MICROS = {"minute": ir.MINUTE, "hour": ir.HOUR, "day": ir.DAY, "week": 7 * ir.DAY}
_DAYS = {"day": 1, "week": 7}
_CALENDAR = {"day": CutoffKind.DAY, "week": CutoffKind.WEEK, "month": CutoffKind.MONTH}
_LONGEST_MONTHS = 1200
_LONGEST_MICROS = 36_525 * ir.DAY
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_DAY = date(9999, 12, 31)


def duration(entry: Entry, written: syntax.Duration) -> ir.Duration | None:
    """Return a duration; more than a hundred years is an error."""
    found = elapsed(written)
    if found.months > _LONGEST_MONTHS or found.micros > _LONGEST_MICROS:
        entry.error("E326", written.span)
        return None
    return found


def elapsed(written: syntax.Duration) -> ir.Duration:
    """Return a duration as it is written, however long."""
    if written.unit == "month":
        return ir.Duration(0, written.count)
    return ir.Duration(written.count * _MICROS[written.unit])


def clock_minutes(clock: syntax.Clock) -> int:
    """Return minutes after midnight."""
    return clock.value.hour * 60 + clock.value.minute


def yyyymmdd(day: date) -> int:
    """Return a date as a number."""
    return day.year * 10_000 + day.month * 100 + day.day


def local_start(written: syntax.Date | syntax.Instant) -> int:
    """Return the local date-time at which a date or instant begins, in microseconds of the naive clock."""
    if isinstance(written, syntax.Date):
        return _micros(datetime(written.value.year, written.value.month, written.value.day))
    return _micros(written.value)


def local_end(written: syntax.Date | syntax.Instant) -> int:
    """Return the local date-time just after a day or a minute."""
    if isinstance(written, syntax.Instant):
        return local_start(written) + ir.MINUTE
    return local_start(written) + ir.DAY


def _micros(naive: datetime) -> int:
    return (naive.replace(tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1)


def local(micros: int, plus: int = 0) -> Cutoff:
    """Return the cutoff at a local date-time."""
    return Cutoff(CutoffKind.LOCAL, micros, plus)


ByClock = (
    syntax.Within | syntax.MoreThanAgo | syntax.BetweenAgo | syntax.ExactlyDays | syntax.CalendarWindow | syntax.OnDate
)
"""Windows that follow from t and the calendar alone."""


def resolve_window(entry: Entry, window: ByClock) -> Window | None:
    """Return the window that the words mean, None with an error where it is empty or too long."""
    if not _durations_fit(entry, window):
        return None
    match window:
        case syntax.Within(written, ahead):
            if ahead:
                return Window(Cutoff(CutoffKind.T, 0, 1), _moved(written, 1))
            return Window(_moved(written, -1), Cutoff(CutoffKind.T, 0, 1))
        case syntax.MoreThanAgo(written):
            return Window(None, _moved(written, -1))
        case syntax.BetweenAgo(earlier, later):
            if _surely_not_longer(earlier, later):
                entry.error("E316", window.span)
                return None
            return Window(_moved(earlier, -1), _moved(later, -1))
        case syntax.ExactlyDays(written, ahead):
            return day_away(written, 1 if ahead else -1)
        case syntax.CalendarWindow(unit, shift):
            return Window(Cutoff(_CALENDAR[unit], shift), Cutoff(_CALENDAR[unit], shift + 1))
        case syntax.OnDate():
            return _on_date(entry, window)


def looks_ahead(window: syntax.Window) -> bool:
    """Whether the words speak of what is still to come."""
    return isinstance(window, syntax.Within | syntax.ExactlyDays) and window.ahead


def day_away(written: syntax.Duration, sign: int) -> Window:
    """Return the calendar day that lies ``written`` from t's day."""
    if written.unit == "month":
        n = sign * written.count
        return Window(Cutoff(CutoffKind.MONTH_DAY, n), Cutoff(CutoffKind.MONTH_DAY, n, ir.DAY))
    n = sign * written.count * _DAYS.get(written.unit, 1)
    return Window(Cutoff(CutoffKind.DAY, n), Cutoff(CutoffKind.DAY, n + 1))


def _moved(written: syntax.Duration, sign: int) -> Cutoff:
    # One microsecond later than the bound, since the windows of elapsed time are (low, high].
    if written.unit == "month":
        return Cutoff(CutoffKind.MONTHS, sign * written.count, 1)
    return Cutoff(CutoffKind.T, 0, sign * written.count * _MICROS[written.unit] + 1)


def _durations_fit(entry: Entry, window: syntax.Window) -> bool:
    match window:
        case syntax.BetweenAgo(earlier, later):
            return all([duration(entry, earlier), duration(entry, later)])
        case syntax.Within(written) | syntax.MoreThanAgo(written) | syntax.ExactlyDays(written):
            return duration(entry, written) is not None
        case _:
            return True


def _surely_not_longer(earlier: syntax.Duration, later: syntax.Duration) -> bool:
    if earlier.unit == "month" and later.unit == "month":
        return earlier.count <= later.count
    longest = earlier.count * (31 * ir.DAY if earlier.unit == "month" else _MICROS[earlier.unit])
    shortest = later.count * (28 * ir.DAY if later.unit == "month" else _MICROS[later.unit])
    return longest <= shortest


def _on_date(entry: Entry, window: syntax.OnDate) -> Window | None:
    start = local(local_start(window.first))
    match window.relation:
        case "on":
            return Window(start, local(local_end(window.first)))
        case "before":
            return Window(None, start)
        case "since":
            return Window(start, None)
        case "between":
            assert window.last is not None
            end = local(local_end(window.last))
            if end.n <= start.n:
                entry.error("E315", window.span)
                return None
            return Window(start, end)


def whole_days(entry: Entry, window: syntax.Window) -> Window | None:
    """Return the calendar days of ``window`` for an anniversary: those whose start lies in it.

    Open, clock-precise and hour-long windows are errors: an anniversary is a day.
    """
    if not _durations_fit(entry, window):
        return None
    found = _whole_days(window)
    if found is None:
        entry.error("E320", window.span)
        return None
    if isinstance(window, syntax.BetweenAgo | syntax.OnDate):
        return found if resolve_window(entry, window) is not None else None
    return found


def _whole_days(window: syntax.Window) -> Window | None:
    match window:
        case syntax.Within(written, True) if _in_days(written):
            return Window(Cutoff(CutoffKind.DAY, 1), _day_after(written, 1))
        case syntax.Within(written, False) if _in_days(written):
            return Window(_day_after(written, -1), Cutoff(CutoffKind.DAY, 1))
        case syntax.BetweenAgo(earlier, later) if _in_days(earlier) and _in_days(later):
            return Window(_day_after(earlier, -1), _day_after(later, -1))
        case syntax.ExactlyDays(written, ahead):
            return day_away(written, 1 if ahead else -1)
        case syntax.CalendarWindow(unit, shift):
            return Window(Cutoff(_CALENDAR[unit], shift), Cutoff(_CALENDAR[unit], shift + 1))
        case syntax.OnDate("on" | "between", syntax.Date() as first, syntax.Date() | None as last):
            return Window(local(local_start(first)), local(local_end(last or first)))
        case _:
            return None


def _in_days(written: syntax.Duration) -> bool:
    return written.unit in ("day", "week", "month")


def _day_after(written: syntax.Duration, sign: int) -> Cutoff:
    if written.unit == "month":
        return Cutoff(CutoffKind.MONTH_DAY, sign * written.count, ir.DAY)
    return Cutoff(CutoffKind.DAY, sign * written.count * _DAYS[written.unit] + 1)
