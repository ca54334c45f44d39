"""Schedules of the syntax tree: times of the calendar, and what narrows them."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Literal

from ..syntax import (
    Clock,
    CronLine,
    Daily,
    Date,
    DayKind,
    EveryWeeks,
    Instant,
    Interval,
    MonthDay,
    Monthly,
    MonthlyWeekday,
    Once,
    Schedule,
    ScheduleLimits,
    Timetable,
    Yearly,
)
from .edges import make_activity_edge, make_member_date, make_session_edge
from .library import clock_range, tell_twice
from .values import Maker, Tree, first_token, numbers_of, span, token_types, tokens, trees

_WEEKDAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
_NTH = {"NTH_FIRST": 1, "NTH_SECOND": 2, "NTH_THIRD": 3, "NTH_FOURTH": 4, "NTH_FIFTH": 5, "NTH_LAST": -1}
_LEAP_YEAR = 2000
_LUNAR_MONTH = 30
_SOME_DAY = date(2000, 1, 3)


def make_schedule(maker: Maker, tree: Tree) -> Timetable:
    """The schedule of a ``schedule`` tree with its limits."""
    timing, *suffixes = trees(tree)
    limits = _limits(maker, suffixes)
    if timing.data == "weeks":
        made, limits = _weeks(maker, timing, limits)
        return Timetable(made, limits, span(tree))
    return Timetable(_MAKERS[str(timing.data)](maker, timing), limits, span(tree))


def weekday_of(tree: Tree) -> int:
    """The ISO number of a ``weekday`` tree."""
    return _WEEKDAYS.index(first_token(tree).type) + 1


def weekdays_of(tree: Tree) -> tuple[int, ...]:
    """The ISO numbers of a ``weekday_range`` tree, in order."""
    words = token_types(tree)
    if "WEEKDAY" in words:
        return (1, 2, 3, 4, 5)
    if "WEEKEND" in words:
        return (6, 7)
    days = [weekday_of(day) for day in trees(tree)]
    if "TO" in words:
        first, last = days
        count = (last - first) % 7 + 1
        days = [(first - 1 + step) % 7 + 1 for step in range(count)]
    return tuple(sorted(set(days)))


def _limits(maker: Maker, suffixes: list[Tree]) -> ScheduleLimits | None:
    """What stands behind a schedule, in whatever order; each once."""
    if not suffixes:
        return None
    made = ScheduleLimits(None, None, None, None, False, None, span(suffixes[0]) | span(suffixes[-1]))
    seen: set[str] = set()
    for suffix in suffixes:
        rule = str(suffix.data)
        if rule in seen:
            tell_twice(maker, suffix)
        elif rule == "limit_from":
            made = replace(made, first=maker.day(trees(suffix)[0]))
        elif rule == "limit_to":
            made = replace(made, last=maker.day(trees(suffix)[0]))
        elif rule == "limit_during":
            activity, *phases = trees(trees(trees(suffix)[0])[0])
            phase = maker.title(phases[0]) if phases else None
            made = replace(made, activity=maker.title(activity), phase=phase)
        elif rule == "limit_except":
            made = replace(made, except_holidays=True)
        else:
            made = replace(made, over=maker.duration(trees(suffix)[0]))
        seen.add(rule)
    return made


def _clocks(maker: Maker, tree: Tree) -> tuple[Clock, ...]:
    return tuple(maker.clock(token) for token in tokens(trees(tree, "clocks")[0]) if token.type == "CLOCK")


def _weeks(maker: Maker, tree: Tree, limits: ScheduleLimits | None) -> tuple[Schedule, ScheduleLimits | None]:
    """Every so many weeks; the day it counts from stands before the clocks or as a limit behind them."""
    every = maker.duration(trees(tree)[0])
    if every.unit != "week":
        maker.blame("E179", every.span, written=maker.source(every.span))
    found = [maker.date(token) for token in tokens(tree) if token.type == "DATE"]
    start = found[0] if found else None
    if start is None and limits is not None and limits.first is not None:
        start, limits = _start_of(limits.first, limits)
    if start is None:
        maker.blame("E178", span(tree), written=maker.source(span(tree)))
        start = Date(_SOME_DAY, span(tree))
    days = tuple(sorted({weekday_of(day) for day in trees(tree, "weekday")}))
    return EveryWeeks(every.count, days, start, _clocks(maker, tree), span(tree)), limits


def _start_of(first: Date | Instant, limits: ScheduleLimits) -> tuple[Date, ScheduleLimits | None]:
    """The day that a limit begins with, and the limit without it where it says no more than that day."""
    if isinstance(first, Instant):
        return Date(first.value.date(), first.span), limits
    rest = replace(limits, first=None)
    others = (rest.last, rest.activity, rest.over)
    return first, rest if rest.except_holidays or any(each is not None for each in others) else None


def _monthly(maker: Maker, tree: Tree) -> Schedule:
    days = tuple(_month_day(maker, day) for day in trees(tree, "month_day"))
    return Monthly(tuple(dict.fromkeys(days)), _clocks(maker, tree), span(tree))


def _month_day(maker: Maker, tree: Tree) -> int:
    token = first_token(tree)
    return -1 if token.type == "LAST_DAY" else maker.whole(token, 1, 31)


def _month_weekday(maker: Maker, tree: Tree) -> Schedule:
    nth, weekday = trees(tree, "nth")[0], trees(tree, "weekday")[0]
    numbers = [token for token in tokens(nth) if token.type == "NUMBER"]
    which = maker.whole(numbers[0], 1, 5) if numbers else _NTH[first_token(nth).type]
    return MonthlyWeekday(which, weekday_of(weekday), _clocks(maker, tree), span(tree))


def _yearly(maker: Maker, tree: Tree) -> Schedule:
    days: list[MonthDay] = []
    lunar = False
    for day in trees(tree, "year_day"):
        lunar = lunar or "LUNAR" in token_types(day)  # the word speaks of all days behind it
        days.append(_year_day(maker, day, lunar))
    return Yearly(tuple(days), _clocks(maker, tree), span(tree))


def _year_day(maker: Maker, tree: Tree, lunar: bool) -> MonthDay:
    token = tokens(tree)[-1]
    month, day = numbers_of(token)
    longest = 0 if not 1 <= month <= 12 else _LUNAR_MONTH if lunar else monthrange(_LEAP_YEAR, month)[1]
    if not 1 <= day <= longest:
        maker.blame("E131", span(token), written=str(token))
        month = day = 1
    return MonthDay(month, day, lunar, span(tree))


def _interval(maker: Maker, tree: Tree) -> Schedule:
    every = maker.duration(trees(tree)[0])
    if every.unit not in ("minute", "hour"):
        maker.blame("E159", every.span, written=maker.source(every.span))
    between = clock_range(maker, tree) if "CLOCK" in token_types(tree) else None
    return Interval(every, between, span(tree))


def _day_kind(maker: Maker, tree: Tree) -> Schedule:
    kind: Literal["workday", "holiday"] = "workday" if "WORKDAY" in token_types(tree) else "holiday"
    return DayKind(kind, _clocks(maker, tree), span(tree))


def _once(maker: Maker, tree: Tree) -> Schedule:
    day, clock = (token for token in tokens(tree) if token.type in ("DATE", "CLOCK"))
    instant = maker.instant([day, clock], span(day) | span(clock))
    assert isinstance(instant, Instant)
    return Once(instant, span(tree))


_MAKERS: dict[str, Callable[[Maker, Tree], Schedule]] = {
    "daily": lambda maker, tree: Daily(None, _clocks(maker, tree), span(tree)),
    "weekly": lambda maker, tree: Daily(weekdays_of(trees(tree)[0]), _clocks(maker, tree), span(tree)),
    "day_kind": _day_kind, "interval": _interval, "monthly": _monthly, "month_weekday": _month_weekday,
    "yearly": _yearly, "cron": lambda maker, tree: CronLine(maker.text(trees(tree)[0]), span(tree)), "once_at": _once,
    "activity_edge": make_activity_edge, "session_edge": make_session_edge, "member_date": make_member_date,
}
