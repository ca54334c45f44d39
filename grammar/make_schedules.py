"""Schedules of the syntax tree."""

from __future__ import annotations

from .make_library import clock_range
from .make_values import Maker, Tree, first_token, span, token_types, tokens, trees
from .syntax import Clock, CronLine, Daily, Instant, Interval, Monthly, Once, Schedule

_WEEKDAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")


def make_schedule(maker: Maker, tree: Tree) -> Schedule:
    """The schedule a tree says."""
    rule, where = str(tree.data), span(tree)
    if rule == "daily":
        return Daily(None, _clocks(maker, tree), where)
    if rule == "weekly":
        return Daily(_weekdays(trees(tree)[0]), _clocks(maker, tree), where)
    if rule == "monthly":
        days = tuple(_month_day(maker, day) for day in trees(tree, "month_day"))
        return Monthly(tuple(dict.fromkeys(days)), _clocks(maker, tree), where)
    if rule == "interval":
        return _interval(maker, tree)
    if rule == "cron":
        return CronLine(maker.text(trees(tree)[0]), where)
    day, clock = (token for token in tokens(tree) if token.type in ("DATE", "CLOCK"))
    instant = maker.instant([day, clock], span(day) | span(clock))
    assert isinstance(instant, Instant)
    return Once(instant, where)


def _clocks(maker: Maker, tree: Tree) -> tuple[Clock, ...]:
    return tuple(maker.clock(token) for token in tokens(trees(tree, "clocks")[0]) if token.type == "CLOCK")


def _weekdays(tree: Tree) -> tuple[int, ...]:
    words = token_types(tree)
    if "WEEKDAY" in words:
        return (1, 2, 3, 4, 5)
    if "WEEKEND" in words:
        return (6, 7)
    days = [_WEEKDAYS.index(first_token(day).type) + 1 for day in trees(tree)]
    if "TO" in words:
        first, last = days
        count = (last - first) % 7 + 1
        days = [(first - 1 + step) % 7 + 1 for step in range(count)]
    return tuple(sorted(set(days)))


def _month_day(maker: Maker, tree: Tree) -> int:
    token = first_token(tree)
    return -1 if token.type == "LAST_DAY" else maker.whole(token, 1, 31)


def _interval(maker: Maker, tree: Tree) -> Schedule:
    every = maker.duration(trees(tree)[0])
    if every.unit not in ("minute", "hour"):
        maker.blame("E159", every.span, written=maker.source(every.span))
    between = clock_range(maker, tree) if "CLOCK" in token_types(tree) else None
    return Interval(every, between, span(tree))
