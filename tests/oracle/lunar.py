"""The Chinese lunar calendar from the usual table of month lengths, for the years 2010 to 2034."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

NEW_YEAR_2010 = date(2010, 2, 14)

# Bits 15 to 4: months 1 to 12 have 30 days; bits 3 to 0: which month is repeated; bit 16: the repeated one has 30 days.
YEARS = (
    0x0A950, 0x0B4A0, 0x0BAA4, 0x0AD50, 0x055D9, 0x04BA0, 0x0A5B0, 0x15176, 0x052B0, 0x0A930,
    0x07954, 0x06AA0, 0x0AD50, 0x05B52, 0x04B60, 0x0A6E6, 0x0A4E0, 0x0D260, 0x0EA65, 0x0D530,
    0x05AA0, 0x076A3, 0x096D0, 0x04AFB, 0x04AD0,
)  # fmt: skip


def months_of(year: int) -> list[tuple[int, int]]:
    """The months of a lunar year as (number, length); a repeated month stands twice."""
    bits = YEARS[year - 2010]
    months = []
    for month in range(1, 13):
        months.append((month, 30 if bits & (0x10000 >> month) else 29))
        if bits & 0xF == month:
            months.append((month, 30 if bits & 0x10000 else 29))
    return months


@cache
def _find(day: date) -> tuple[int, int, int, bool]:
    first = NEW_YEAR_2010
    for year in range(2010, 2010 + len(YEARS)):
        before = 0
        for month, length in months_of(year):
            if day < first + timedelta(days=length):
                return month, (day - first).days + 1, length, month == before
            first += timedelta(days=length)
            before = month
    raise AssertionError(day)


def lunar_month_day(day: date) -> tuple[int, int]:
    """The lunar month and day of a day; a repeated month has the number of the ordinary one."""
    month, number, _, _ = _find(day)
    return month, number


def lunar_month_length(day: date) -> int:
    """How many days the lunar month of a day has."""
    return _find(day)[2]


def leap_month_on(day: date) -> bool:
    """Whether a day lies in a repeated month."""
    return _find(day)[3]
