"""The calendar seen from t: cutoffs as instants, dates and month-days. Exact where clocks jump or repeat.

Whatever lies outside the years a calendar knows is taken as before or after everything.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from ..program.clock import add_months, day_start, local_day, local_of, local_to_instant, naive_datetime, naive_micros
from ..program.holdings import holdings
from ..program.ir import DAY, Cutoff, CutoffKind, Times, Window
from .lunar import NO_DAYS, WHOLE_YEAR, lunar_ranges
from .lunar import RANGES as LUNAR_RANGES

EARLIEST = -(1 << 62)
LATEST = 1 << 62
LAST_DATE = 99_991_232
_LONGEST_MONTH = 31
YEAR_END = 1_300  # past every mmdd


def cutoff_instant(cutoff: Cutoff, t: int, zone: str, nothing: int = LATEST) -> int:
    """The instant of a cutoff seen from t on the calendar of ``zone``; ``nothing`` where no activity has begun yet.

    The start of a day that the clocks skip is the instant at which they jump; a clock that comes twice gives the
    first. Months move to the same day and clock or to the month's last day.

    >>> from ..program.clock import iso, local_to_instant, naive_micros
    >>> t = local_to_instant(naive_micros(datetime(2026, 3, 31, 12)), "Asia/Shanghai")
    >>> iso(cutoff_instant(Cutoff(CutoffKind.MONTHS, -1), t, "Asia/Shanghai"), "Asia/Shanghai")
    '2026-02-28T12:00:00+08:00'
    """
    try:
        return _clamped(_base(cutoff, t, zone, nothing) + cutoff.plus)
    except (OverflowError, ValueError):
        forward = cutoff.n > 0
        return LATEST if forward else EARLIEST


def _clamped(instant: int) -> int:
    return max(EARLIEST, min(LATEST, instant))


def _base(cutoff: Cutoff, t: int, zone: str, nothing: int) -> int:
    kind, n = cutoff.kind, cutoff.n
    if kind in (CutoffKind.LATEST_START, CutoffKind.LATEST_END):
        begun = [held for held in held_times(cutoff.times, t, zone) if held[0] <= t]
        return max(begun)[kind is CutoffKind.LATEST_END] if begun else nothing
    assert kind not in (CutoffKind.ENTRY, CutoffKind.WAIT, CutoffKind.STEP), "what counts from a journey is placed before"
    if kind is CutoffKind.T:
        return t + n
    if kind is CutoffKind.LOCAL:
        return local_to_instant(n, zone)
    if kind is CutoffKind.MONTHS:
        return t if n == 0 else local_to_instant(add_months(local_of(t, zone), n), zone)
    if kind is CutoffKind.MONTHS_SINCE:
        return _first_within_months(n, t, zone)
    if kind in (CutoffKind.DAY_SINCE, CutoffKind.DAY_PAST):
        return day_start(_first_moved_to(local_day(t, zone), n, past=kind is CutoffKind.DAY_PAST), zone)
    return day_start(_first_day(kind, n, local_day(t, zone)), zone)


def _first_moved_to(today: date, months: int, *, past: bool) -> date:
    """The first day that, moved by months, is ``today`` or later (``past``: later than today)."""
    day = _moved(today, -months) - timedelta(days=_LONGEST_MONTH)
    while _moved(day, months) < today or (past and _moved(day, months) == today):
        day += timedelta(days=1)
    return day


def held_times(times: Times, t: int, zone: str) -> Iterator[tuple[int, int]]:
    """The instants [start, end) of the times on the clock of ``zone``; of those that recur, the ones around t."""
    today = local_of(t, zone) // DAY * DAY
    # A weekday of today may begin after t, where its latest holding is that of a week ago.
    around = holdings(times, today - 7 * DAY, today + DAY - 1) if times.weekdays else times.spans
    for start, end in around:
        yield local_to_instant(start, zone), local_to_instant(end, zone)


def _first_within_months(months: int, t: int, zone: str) -> int:
    """The first instant which ``months`` later lies after t.

    Months forward are not the inverse of months back where months end: what began on 31 January is a month old on 28
    February. Days of the month before are tried from the earliest that can be meant.
    """
    local = local_of(t, zone)
    clock = local % DAY
    back = add_months(local, -months)
    latest = back
    for days in range(4):
        if add_months(back + days * DAY, months) <= local:
            latest = back + days * DAY
    end_of_day = latest - clock + DAY - 1
    if add_months(end_of_day, months) <= local:
        latest = end_of_day
    return local_to_instant(latest, zone) + 1


def _first_day(kind: CutoffKind, n: int, today: date) -> date:
    if kind is CutoffKind.DAY:
        return today + timedelta(days=n)
    if kind is CutoffKind.WEEK:
        return today + timedelta(days=7 * n - today.weekday())
    if kind is CutoffKind.MONTH:
        return _moved(today.replace(day=1), n)
    if kind is CutoffKind.MONTH_DAY:
        return _moved(today, n)
    return date(today.year + n, 1, 1)


def _moved(day: date, months: int) -> date:
    local = naive_micros(datetime(day.year, day.month, day.day))
    return naive_datetime(add_months(local, months)).date()


def first_date_from(instant: int, zone: str) -> date:
    """The first date whose local day starts at ``instant`` or later."""
    day = local_day(instant, zone) - timedelta(days=1)
    while day_start(day, zone) < instant:
        day += timedelta(days=1)
    return day


def date_bound(cutoff: Cutoff, t: int, zone: str, nothing: int = LATEST) -> int:
    """The first date, as yyyymmdd, that starts at the cutoff or later; ``nothing`` as for :func:`cutoff_instant`."""
    instant = cutoff_instant(cutoff, t, zone, nothing)
    try:
        day = first_date_from(instant, zone)
    except (OverflowError, ValueError):
        return LAST_DATE if instant > t else 0
    return day.year * 10_000 + day.month * 100 + day.day


def lunar_day_ranges(window: Window, t: int, zone: str) -> tuple[int, ...]:
    """The days of a window as half-open ranges of lunar mmdd: low, high of each; some may be empty."""
    if window.low is None or window.high is None:
        return (*WHOLE_YEAR, *NO_DAYS * (LUNAR_RANGES - 1))
    try:
        first, end = (first_date_from(cutoff_instant(cut, t, zone), zone) for cut in (window.low, window.high))
    except (OverflowError, ValueError):
        return NO_DAYS * LUNAR_RANGES
    return tuple(bound for span in lunar_ranges(first, end) for bound in span)


def month_day_ranges(window: Window, t: int, zone: str) -> tuple[int, int, int, int]:
    """The days of a window as two half-open ranges of mmdd: low, high, low, high; the second may be empty.

    29 February lies between the 28th and 1 March, so that a range over the last of February of any year holds it.
    """
    if window.low is None or window.high is None:
        return 0, YEAR_END, 0, 0
    first, end = date_bound(window.low, t, zone), date_bound(window.high, t, zone)
    if end <= first:
        return 0, 0, 0, 0
    years = end // 10_000 - first // 10_000
    if years == 0:
        return first % 10_000, end % 10_000, 0, 0
    if years > 1:
        return 0, YEAR_END, 0, 0
    return first % 10_000, YEAR_END, 0, end % 10_000
