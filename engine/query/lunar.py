"""The Chinese lunar calendar: the days of a window as ranges of lunar month and day, for the years 1900 to 2100."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

RANGES = 3
LONGEST_YEAR = 385
WHOLE_YEAR = (0, 1_300)
NO_DAYS = (0, 0)


@lru_cache(maxsize=256)
def lunar_ranges(first: date, end: date) -> tuple[tuple[int, int], ...]:
    """The days from ``first`` up to but not including ``end`` as half-open ranges of mmdd; three, some perhaps empty.

    A leap month counts as the ordinary one before it. The 30th that a month lacks belongs to its 29th. Days outside
    the calendar's years give no range.

    >>> lunar_ranges(date(2026, 9, 25), date(2026, 9, 26))[0]
    (815, 816)
    """
    if (end - first).days >= LONGEST_YEAR:
        return (WHOLE_YEAR, NO_DAYS, NO_DAYS)
    found: list[tuple[int, int]] = []
    for low, high in _days(first, end):
        if found and found[-1][0] <= low and found[-1][1] <= high:
            found[-1] = (found[-1][0], high)
        else:
            found.append((low, high))
    return (*found, *[NO_DAYS] * (RANGES - len(found)))


def _days(first: date, end: date) -> Iterator[tuple[int, int]]:
    """The range of mmdd of each day."""
    day = first
    while day < end:
        lunar = _lunar(day)
        if lunar is None:
            return
        low, high, _ = lunar
        yield low, high
        day += timedelta(days=1)


def _lunar(day: date) -> tuple[int, int, bool] | None:
    """The range [low, high) of mmdd that a day is, and whether its month is a leap month; None outside the calendar's years.

    The 29th of a month without a 30th is both.
    """
    # Only lunar dates pay for the import.
    from borax.calendars.lunardate import InvalidLunarDateError, LunarDate

    try:
        lunar, tomorrow = LunarDate.from_solar(day), LunarDate.from_solar(day + timedelta(days=1))
    except (InvalidLunarDateError, ValueError):
        return None
    low = lunar.month * 100 + lunar.day
    return low, low + (2 if lunar.day == 29 and tomorrow.day == 1 else 1), bool(lunar.leap)


@lru_cache(maxsize=4096)
def lunar_days(day: date) -> tuple[int, ...]:
    """The mmdd that a day is in its lunar year: of the last 29th of a month without a 30th both.

    A day of a leap month, or outside the calendar's years, is none, so that every day of the year comes once.

    >>> lunar_days(date(2026, 9, 25)), lunar_days(date(2025, 1, 28))
    ((815,), (1229, 1230))
    """
    lunar = _lunar(day)
    if lunar is None or lunar[2]:
        return ()
    return tuple(range(lunar[0], lunar[1]))
