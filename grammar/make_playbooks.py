"""The policy and playbooks of the syntax tree: header lines, triggers and steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from .make_library import channel_name, clock_range, make_line_condition
from .make_schedules import make_schedule
from .make_steps import make_steps
from .make_values import Maker, Tree, first_token, span, token_types, tokens, trees
from .statements import Statement
from .syntax import (
    AboutLine,
    ActiveLine,
    AgainLine,
    AudienceLine,
    Block,
    CapLine,
    CategoryLine,
    Declaration,
    GuardLine,
    Header,
    HoldoutLine,
    NeverPush,
    OnceLine,
    OwnerLine,
    PlaybookDecl,
    PolicyDecl,
    PolicyLine,
    PriorityLine,
    QuietHours,
    ReentryLine,
    StateLine,
    TimezoneLine,
    Trigger,
    WhenTagged,
)

_PERIODS: dict[str, Literal["year", "month", "week", "day"]] = {
    "PER_YEAR": "year", "EACH_YEAR": "year", "PER_MONTH": "month", "EACH_MONTH": "month", "PER_WEEK": "week",
    "EACH_WEEK": "week", "PER_DAY": "day", "EACH_DAY": "day",
}


def make_policy(maker: Maker, statement: Statement, _tree: Tree) -> Declaration:
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


def make_playbook(maker: Maker, statement: Statement, tree: Tree) -> Declaration:
    lines: list[Header] = []
    audiences: list[AudienceLine] = []
    blocks: list[Block] = []
    for child in statement.children:
        if child.tree is None:
            continue
        inner = trees(child.tree)[0]
        if inner.data == "audience":
            condition = make_line_condition(maker, child, trees(inner)[0])
            audiences.append(AudienceLine(condition, span(inner) | condition.span))
        elif inner.data == "block":
            blocks.append(_block(maker, child, inner))
        else:
            lines.append(_HEADERS[str(inner.data)](maker, inner))
    return PlaybookDecl(maker.title(trees(tree)[0]), tuple(lines), tuple(audiences), tuple(blocks), statement.span)


def _block(maker: Maker, statement: Statement, tree: Tree) -> Block:
    trigger, *rest = trees(tree)
    audience = make_line_condition(maker, statement, rest[0]) if rest else None
    reentry: list[ReentryLine] = []
    steps: list[Statement] = []
    for child in statement.children:
        inner = trees(child.tree)[0] if child.tree is not None else None
        if inner is None or inner.data == "step_line":
            steps.append(child)
        elif steps:
            maker.blame("E161", span(inner), written=maker.source(span(inner)))
        else:
            reentry.append(_reentry(maker, inner))
    if not steps:
        maker.blame("E117", statement.line.span)
    return Block(_trigger(maker, trigger), audience, tuple(reentry), make_steps(maker, steps), statement.span)


def _trigger(maker: Maker, tree: Tree) -> Trigger:
    if tree.data == "when_tagged":
        return WhenTagged(maker.pattern(trees(tree)[0]), span(tree))
    return make_schedule(maker, tree)


def _reentry(maker: Maker, tree: Tree) -> ReentryLine:
    words = token_types(tree)
    in_all = bool(words & {"IN_ALL", "WHOLE_PLAYBOOK"})
    if tree.data == "again":
        return AgainLine(maker.duration(trees(tree)[0]), in_all, span(tree))
    period = next((_PERIODS[word] for word in words if word in _PERIODS), None)
    return OnceLine(period, in_all, span(tree))


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
    "active_to": _active, "state": _state, "once": _reentry, "again": _reentry, "quiet_hours": _quiet_hours,
    "holdout": _holdout, "guard": _guard,
}
