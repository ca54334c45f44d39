"""Workdays and holidays: a published calendar with a workspace's own days.

A workday is a day people work by that calendar, make-up days included; a holiday is a statutory day off; a plain
weekend is neither. Beyond the years that the government has announced nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from functools import lru_cache
from typing import Literal

from ...grammar.record import record

DayKind = Literal["workday", "holiday", "weekend"]
CALENDARS = ("CN",)
"""The calendars there are: the State Council's yearly announcements for China, as ``chinesecalendar`` keeps them."""

_SATURDAY = 6


@record
class HolidayCalendar:
    """A calendar by name (one of ``CALENDARS``, or "" for the own days alone) with ``days`` of the workspace's own.

    >>> calendar = HolidayCalendar("CN", {date(2026, 11, 12): "off"})
    >>> [calendar.kind(date(2026, *day)) for day in ((2, 14), (2, 15), (2, 17), (11, 12))]
    ['workday', 'holiday', 'holiday', 'holiday']
    >>> calendar.kind(date(2999, 1, 1)) is None
    True
    """

    name: str = ""
    days: Mapping[date, Literal["off", "work"]] = field(default_factory=dict)

    def kind(self, day: date) -> DayKind | None:
        """What a day is; None where it is not known: beyond the announced years, or without a calendar."""
        own = self.days.get(day)
        if own is not None:
            return "workday" if own == "work" else "holiday"
        first, last = self.years
        if not first <= day.year <= last:
            return None
        off, worked = _announced(self.name)
        if day in off:
            return "holiday"
        return "weekend" if day.isoweekday() >= _SATURDAY and day not in worked else "workday"

    @property
    def years(self) -> tuple[int, int]:
        """The first and last year announced; (1, 0) without a calendar."""
        if self.name not in CALENDARS:
            return 1, 0
        off, _ = _announced(self.name)
        return min(off).year, max(off).year


NO_CALENDAR = HolidayCalendar()
"""Where a workspace names none: no day is known to be a workday or a holiday."""


@lru_cache
def _announced(name: str) -> tuple[frozenset[date], frozenset[date]]:
    """The days off and the weekends worked of a calendar."""
    assert name == "CN"
    from chinese_calendar.constants import holidays, workdays

    return frozenset(holidays), frozenset(workdays)
