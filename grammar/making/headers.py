"""The policy and the header lines of playbooks in the syntax tree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from ..keywords import BUILT_IN_ATTRIBUTES
from ..statements import Statement
from ..syntax import (
    AboutLine,
    ActiveLine,
    AgainLine,
    AtMostLine,
    BudgetLine,
    CapLine,
    CatchUpLine,
    CategoryLine,
    Declaration,
    DuringLine,
    ExitLine,
    GoalLine,
    GuardLine,
    Header,
    HoldoutLine,
    NeverPush,
    OnceLine,
    OnlyOneLine,
    OwnerLine,
    PolicyDecl,
    PolicyLine,
    PriorityLine,
    QuietHours,
    ReentryLine,
    StateLine,
    TakeLine,
    TimezoneLine,
)
from .conditions import ConditionMaker
from .library import channel_name, clock_range, make_line_condition
from .rewards import make_budget
from .values import Maker, Tree, first_token, span, token_types, tokens, trees

_PERIODS: dict[str, Literal["year", "month", "week", "day", "activity"]] = {
    "PER_YEAR": "year", "EACH_YEAR": "year", "PER_MONTH": "month", "EACH_MONTH": "month", "PER_WEEK": "week",
    "EACH_WEEK": "week", "PER_DAY": "day", "EACH_DAY": "day", "PER_ACTIVITY": "activity", "EACH_ACTIVITY": "activity",
}
_CATCH_UP: dict[str, Literal["latest", "all", "none"]] = {"LATEST": "latest", "EVERY_ONE": "all", "NOT_ONE": "none"}
REENTRY = frozenset({"once", "again", "at_most"})
"""The rules of re-entry lines, which stand in headers and in blocks."""
MAX_MEMBERS = 10**12


def make_policy(maker: Maker, statement: Statement, _tree: Tree) -> Declaration:
    """The policy of the workspace with its lines."""
    lines = [_policy_line(maker, child, trees(child.tree)[0]) for child in statement.children if child.tree is not None]
    return PolicyDecl(tuple(lines), statement.span)


def _policy_line(maker: Maker, statement: Statement, tree: Tree) -> PolicyLine:
    rule = str(tree.data)
    if rule in ("never_push", "never_market"):
        condition = make_line_condition(maker, statement, trees(tree)[0])
        return NeverPush(rule == "never_market", condition, span(tree) | condition.span)
    if rule == "cap":
        return _cap(maker, tree)
    shared: dict[str, Callable[[Maker, Tree], PolicyLine]] = {
        "timezone": _timezone, "quiet_hours": _quiet_hours, "holdout": _holdout, "guard": _guard,
    }
    return shared[rule](maker, tree)


def _cap(maker: Maker, tree: Tree) -> CapLine:
    scopes, ends = trees(tree, "cap_scope"), trees(tree, "cap_end")
    number = maker.whole(next(token for token in tokens(tree) if token.type == "NUMBER"), 0, 1_000_000)
    words = token_types(tree).union(*(token_types(part) for part in scopes + ends))
    durations = [duration for part in (tree, *scopes) for duration in trees(part, "duration")]
    channels = [name for part in (tree, *ends) for name in trees(part, "name")]
    periods = len(durations) + len(words & {"PER_DAY", "EACH_DAY"})
    units = len(words & {"PER_MEMBER", "EACH_MEMBER", "PER_GROUP", "EACH_GROUP"})
    if periods != 1 or units != 1 or len(scopes) > 2 or len(channels) > 1:
        maker.blame("E160", span(tree), written=maker.source(span(tree)))
    return CapLine(
        number, maker.duration(durations[0]) if durations else None,
        "group" if words & {"PER_GROUP", "EACH_GROUP"} else "member",
        channel_name(maker, channels[0]) if channels else None, "DEFER" in words, span(tree),
    )


def _timezone(maker: Maker, tree: Tree) -> TimezoneLine:
    return TimezoneLine(maker.name(trees(tree)[0], {}), "BY_MEMBER" in token_types(tree), span(tree))


def _quiet_hours(maker: Maker, tree: Tree) -> QuietHours:
    overflow: Literal["defer", "skip"] = "defer" if "DEFER" in token_types(tree) else "skip"
    return QuietHours(*clock_range(maker, tree), overflow, span(tree))


def _holdout(maker: Maker, tree: Tree) -> HoldoutLine:
    return HoldoutLine(maker.share(trees(tree)[0]), span(tree))


def _guard(maker: Maker, tree: Tree) -> GuardLine:
    shares = trees(tree, "share")
    if shares:
        return GuardLine(None, maker.share(shares[0]), span(tree))
    return GuardLine(maker.whole(tokens(tree)[1], 1, 10**12), None, span(tree))


def make_header(maker: Maker, statement: Statement, tree: Tree) -> Header:
    """A header line of a playbook that is no audience."""
    rule = str(tree.data)
    if rule == "exit":
        condition = make_line_condition(maker, statement, trees(tree)[0])
        return ExitLine(condition, span(tree) | condition.span)
    if rule == "goal":
        condition = make_line_condition(maker, statement, trees(tree)[0])
        return GoalLine(condition, maker.duration(trees(tree)[1]), span(tree))
    if rule in REENTRY:
        return make_reentry(maker, tree)
    return _HEADERS[rule](maker, tree)


def make_reentry(maker: Maker, tree: Tree) -> ReentryLine:
    """How often a member may enter."""
    words = token_types(tree)
    in_all = bool(words & {"IN_ALL", "WHOLE_PLAYBOOK"})
    if tree.data == "again":
        return AgainLine(maker.duration(trees(tree)[0]), in_all, span(tree))
    if tree.data == "at_most":
        number = next(token for token in tokens(tree) if token.type == "NUMBER")
        return AtMostLine(maker.whole(number, 1, 1_000_000), in_all, span(tree))
    fields = trees(tree, "name")
    if fields:
        return OnceLine("field", maker.field(fields[0]), in_all, span(tree))
    period = next((_PERIODS[word] for word in words if word in _PERIODS), None)
    activities = trees(tree, "title")
    return OnceLine(period, maker.title(activities[0]) if activities else None, in_all, span(tree))


def _during(maker: Maker, tree: Tree) -> DuringLine:
    activity, *phases = trees(trees(tree)[0])
    phase = maker.title(phases[0]) if phases else None
    return DuringLine(maker.title(activity), phase, tree.data == "not_during", span(tree))


def _budget(maker: Maker, tree: Tree) -> BudgetLine:
    return BudgetLine(make_budget(maker, tree), span(tree))


def _take(maker: Maker, tree: Tree) -> TakeLine:
    number = maker.whole(next(token for token in tokens(tree) if token.type == "NUMBER"), 1, MAX_MEMBERS)
    by = trees(tree)
    if not by:
        return TakeLine(number, None, span(tree))
    if by[0].data == "name":
        return TakeLine(number, maker.name(by[0], BUILT_IN_ATTRIBUTES), span(tree))
    return TakeLine(number, ConditionMaker(maker, span(tree).end, None).total(by[0]), span(tree))


def _catch_up(maker: Maker, tree: Tree) -> CatchUpLine:
    which = next(_CATCH_UP[word] for word in token_types(tree) if word in _CATCH_UP)
    within = trees(tree, "duration")
    return CatchUpLine(which, maker.duration(within[0]) if within else None, span(tree))


def _active(maker: Maker, tree: Tree) -> ActiveLine:
    days = [maker.day(day) for day in trees(tree, "day")]
    if tree.data == "active_to":
        return ActiveLine(None, days[0], span(tree))
    return ActiveLine(days[0], days[1] if len(days) > 1 else None, span(tree))


def _priority(maker: Maker, tree: Tree) -> PriorityLine:
    return PriorityLine(maker.whole(tokens(tree)[1], 0, 100), span(tree))


def _category(_maker: Maker, tree: Tree) -> CategoryLine:
    return CategoryLine("marketing" if "MARKETING" in token_types(tree) else "service", span(tree))


def _state(_maker: Maker, tree: Tree) -> StateLine:
    return StateLine("draft" if first_token(tree).type == "DRAFT" else "paused", span(tree))


_HEADERS: dict[str, Callable[[Maker, Tree], Header]] = {
    "about": lambda maker, tree: AboutLine(maker.text(trees(tree)[0]), span(tree)),
    "owner": lambda maker, tree: OwnerLine(maker.title(trees(tree)[0]), span(tree)),
    "category": _category, "priority": _priority, "timezone": _timezone, "active_from": _active,
    "active_to": _active, "during": _during, "not_during": _during, "state": _state, "quiet_hours": _quiet_hours,
    "holdout": _holdout, "budget": _budget, "guard": _guard, "take": _take, "catch_up": _catch_up,
    "only_one": lambda maker, tree: OnlyOneLine(maker.title(trees(tree)[0]), span(tree)),
}
