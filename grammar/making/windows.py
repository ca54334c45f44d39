"""Windows of the syntax tree: every way of saying when, in both languages."""

from __future__ import annotations

from typing import Literal

from ..diagnostics import Span
from ..syntax import (
    BetweenAgo,
    CalendarWindow,
    Duration,
    DuringActivity,
    DuringSession,
    EventFilter,
    ExactlyDays,
    MoreThanAgo,
    OnDate,
    SinceEntry,
    SinceEvent,
    SinceStep,
    Window,
    Within,
)
from .values import Maker, Tree, first_token, span, token_types, tokens, trees

WINDOW_RULES = frozenset({
    "within", "within_next", "more_than_ago", "between_ago", "since_now", "exactly_ago", "in_days", "ago_alone",
    "ahead_alone", "calendar", "on_day", "before_day", "since_day", "between_days", "during_activity",
    "during_session", "since_entry", "since_step", "since_event",
})
_CALENDAR: dict[str, tuple[Literal["day", "week", "month"], int]] = {
    "TODAY": ("day", 0), "YESTERDAY": ("day", -1), "THIS_WEEK": ("week", 0), "THIS_MONTH": ("month", 0),
    "LAST_WEEK": ("week", -1), "LAST_MONTH": ("month", -1),
}
_RELATIONS: dict[str, Literal["on", "before", "since", "between"]] = {
    "on_day": "on", "before_day": "before", "since_day": "since", "between_days": "between",
}
_MINUTES = {"minute": 1, "hour": 60, "day": 1440, "week": 10080, "month": 43200}


def make_window(maker: Maker, tree: Tree) -> Window:
    """The window a tree says."""
    rule, where = str(tree.data), span(tree)
    if rule == "calendar":
        return CalendarWindow(*_CALENDAR[first_token(tree).type], where)
    if rule in _RELATIONS:
        days = [maker.day(day) for day in trees(tree, "day")]
        return OnDate(_RELATIONS[rule], days[0], days[1] if len(days) > 1 else None, where)
    if rule in ("during_activity", "during_session", "since_entry", "since_step", "since_event"):
        return _bound(maker, rule, tree, where)
    if rule == "since_now":
        return _since_now(maker, tree, where)
    durations = [maker.duration(duration) for duration in trees(tree, "duration")]
    if rule == "between_ago":
        return _between(durations[0], durations[1], where)
    return _plain(maker, rule, durations[0], where)


def _plain(maker: Maker, rule: str, duration: Duration, where: Span) -> Window:
    if rule in ("within", "within_next"):
        return Within(duration, rule == "within_next", where)
    if rule == "more_than_ago":
        return MoreThanAgo(duration, where)
    if rule in ("ago_alone", "ahead_alone"):
        maker.blame("E142", where, rule, written=maker.source(where), number=duration.count,
                    zh_unit=_ZH_UNITS[duration.unit], en_unit=duration.unit + ("s" if duration.count > 1 else ""))
    elif duration.unit in ("minute", "hour"):
        maker.blame("E148", where, written=maker.source(where))
    return ExactlyDays(duration, rule in ("in_days", "ahead_alone"), where)


def _bound(maker: Maker, rule: str, tree: Tree, where: Span) -> Window:
    """Windows bound to an activity, a journey or an event of the member."""
    if rule == "during_session":
        return DuringSession(where)
    if rule == "since_entry":
        return SinceEntry(where)
    if rule == "since_event":
        return _since_event(maker, tree, where)
    titles = [maker.title(title) for title in trees(tree, "title")]
    if rule == "since_step":
        return SinceStep(titles[0], where)
    return DuringActivity(titles[0], titles[1] if len(titles) > 1 else None, where)


def _since_event(maker: Maker, tree: Tree, where: Span) -> SinceEvent:
    inner = trees(tree)
    patterns = tuple(maker.pattern(pattern) for pattern in inner[1:])
    events = EventFilter(maker.name(inner[0], {}), patterns, None, None, None, None, span(inner[0]) | span(inner[-1]))
    which: Literal["first", "last"] = "first" if "FIRST" in token_types(tree) else "last"
    return SinceEvent(which, events, where)


def _since_now(maker: Maker, tree: Tree, where: Span) -> Window:
    durations = [maker.duration(duration) for duration in trees(tree, "duration")]
    if len(durations) == 2:
        return _between(durations[1], durations[0], where)
    number = next(token for token in tokens(tree) if token.type == "NUMBER")
    later = Duration(maker.count_of(number), durations[0].unit, span(number))
    return _between(durations[0], later, where)


def _between(one: Duration, other: Duration, where: Span) -> BetweenAgo:
    """Of two durations the longer is the earlier end, in whatever order they were written."""
    if one.count * _MINUTES[one.unit] < other.count * _MINUTES[other.unit]:
        one, other = other, one
    return BetweenAgo(one, other, where)


_ZH_UNITS = {"minute": "分钟", "hour": "小时", "day": "天", "week": "周", "month": "个月"}
