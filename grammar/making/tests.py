"""Tests of the syntax tree that take a window, from their trees and the clauses around them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from ..diagnostics import Span
from ..keywords import BUILT_IN_ATTRIBUTES
from ..syntax import (
    Anniversary,
    Changed,
    Condition,
    Did,
    DueToReorder,
    EventFilter,
    EventMoment,
    FinishedPlaybook,
    HoldsCoupon,
    InGroup,
    InPlaybook,
    InSample,
    InSegment,
    Invited,
    IsFriend,
    Not,
    Pattern,
    Received,
    ReceivedRedpacket,
    ReceivedTemplate,
    Tagged,
    TaggedInGroup,
    TaskIs,
    Total,
    TotalComparison,
    UsedCoupon,
    Window,
    Within,
)
from .clauses import Clauses, gather
from .values import Tree, first_token, span, tokens, trees

if TYPE_CHECKING:
    from .conditions import ConditionMaker

_KINDS: dict[str, Literal["sum", "average", "largest", "smallest", "distinct"]] = {
    "SUM_OF": "sum", "AVERAGE_OF": "average", "LARGEST_OF": "largest", "SMALLEST_OF": "smallest",
    "DISTINCT_OF": "distinct",
}
_TASKS: dict[str, Literal["done", "open", "overdue"]] = {
    "TASK_DONE": "done", "TASK_OPEN": "open", "TASK_OVERDUE": "overdue",
}

TestMaker = Callable[["ConditionMaker", Tree, Clauses, Span], Condition]
"""Makes a test of its tree, given the clauses before it and the span of all."""


def _written(conditions: ConditionMaker, tree: Tree) -> str:
    return conditions.maker.source(span(tree))


def _clauses(conditions: ConditionMaker, tree: Tree, clauses: Clauses, days: bool = False) -> Clauses:
    """All clauses of a test. Days, which may stand before every test, count for behaviour only."""
    gather(conditions, trees(tree), clauses)
    if clauses.days is not None and not days:
        where = clauses.days.span
        conditions.maker.blame("E181", where, written=conditions.maker.source(where))
    return clauses


def _patterns(conditions: ConditionMaker, tree: Tree) -> tuple[Pattern, ...]:
    return tuple(conditions.maker.pattern(pattern) for pattern in trees(tree, "pattern"))


# Tags


def _tagged(conditions: ConditionMaker, tree: Tree, clauses: Clauses, where: Span) -> Condition:
    word = tokens(tree)[0].type
    _clauses(conditions, tree, clauses)
    if word == "GAINED" and clauses.window is None:
        conditions.maker.blame("E150", span(tree), written=_written(conditions, tree))
    patterns = _patterns(conditions, tree)
    made = Tagged("all" if word == "TAGGED_ALL" else "any", patterns, clauses.window, where)
    return Not(made, where) if word == "NOT_TAGGED" else made


def _tagged_group(conditions: ConditionMaker, tree: Tree, clauses: Clauses, where: Span) -> Condition:
    _clauses(conditions, tree, clauses)
    return TaggedInGroup(conditions.maker.title(trees(tree)[0]), clauses.window, where)


# Behaviour


def make_event_filter(
    conditions: ConditionMaker, tree: Tree, clauses: Clauses, where: Span, in_window: bool = True
) -> EventFilter:
    """The events of a tree with a name and perhaps subjects; ``in_window`` is False where the window is another's."""
    subjects = trees(tree, "subjects")
    event = conditions.maker.name(trees(tree, "name")[0], {})
    if subjects and clauses.category is not None:
        at = span(trees(tree, "category_of")[0])
        conditions.maker.blame("E180", at, related=(span(subjects[0]),), written=conditions.maker.source(at))
    patterns = _patterns(conditions, subjects[0]) if subjects else ()
    window = clauses.window if in_window else None
    return EventFilter(event, patterns, clauses.category, clauses.where, clauses.same, window, where)


def _did(conditions: ConditionMaker, tree: Tree, clauses: Clauses, where: Span) -> Condition:
    _clauses(conditions, tree, clauses, days=True)
    word = tokens(tree)[0].type
    events = make_event_filter(conditions, tree, clauses, where)
    made = Did(events, clauses.count, clauses.days, word in ("EVER_DID", "NEVER_DID"), where)
    return Not(made, where) if word in ("DID_NOT", "NEVER_DID") else made


def make_total(conditions: ConditionMaker, tree: Tree, clauses: Clauses, where: Span) -> Total:
    """A total of a ``total`` tree, with the clauses around it."""
    _clauses(conditions, tree, clauses)
    if clauses.count is not None:
        at = clauses.count.span
        conditions.maker.blame("E151", at, written=conditions.maker.source(at))
    events = make_event_filter(conditions, tree, clauses, where)
    kind = _KINDS.get(first_token(tree).type)
    if kind is None:
        return Total("number", None, events, where)
    return Total(kind, conditions.maker.field(trees(tree, "name")[1]), events, where)


def _total_test(conditions: ConditionMaker, tree: Tree, clauses: Clauses, where: Span) -> Condition:
    inner, *rest = trees(tree)
    gather(conditions, rest, clauses)
    total = make_total(conditions, inner, clauses, where)
    tail = trees(tree, "total_tail")
    if tail and clauses.between is not None:
        conditions.maker.blame("E144", span(tail[0]), written=_written(conditions, tail[0]))
    if tail:
        operator, values = conditions.tail(tail[0])
    elif clauses.between is not None:
        operator, values = "between", clauses.between
    else:
        conditions.maker.blame("E152", span(tree), written=_written(conditions, tree))
        operator, values = "known", ()
    return TotalComparison(total, operator, values, where)


def _moment(conditions: ConditionMaker, tree: Tree, clauses: Clauses, where: Span) -> Condition:
    _clauses(conditions, tree, clauses)
    if (clauses.window is None) == (clauses.has is None):
        hint = "both" if clauses.window else None
        conditions.maker.blame("E153", span(tree), hint, written=_written(conditions, tree))
    which: Literal["first", "last"] = "last" if tokens(tree)[0].type == "LAST" else "first"
    events = make_event_filter(conditions, tree, clauses, where, in_window=False)
    return EventMoment(which, events, clauses.window, clauses.has, where)


# What the member got, and from whom


def _received(conditions: ConditionMaker, tree: Tree, clauses: Clauses, where: Span) -> Condition:
    _clauses(conditions, tree, clauses)
    titles = [conditions.maker.title(title) for title in trees(tree, "title")]
    step = titles[1] if len(titles) > 1 else None
    return Received(titles[0], step, clauses.count, clauses.window, where)


def _received_template(conditions: ConditionMaker, tree: Tree, clauses: Clauses, where: Span) -> Condition:
    _clauses(conditions, tree, clauses)
    return ReceivedTemplate(_patterns(conditions, tree)[0], clauses.count, clauses.window, where)


def _received_redpacket(conditions: ConditionMaker, tree: Tree, clauses: Clauses, where: Span) -> Condition:
    _clauses(conditions, tree, clauses)
    return ReceivedRedpacket(conditions.maker.title(trees(tree)[0]), clauses.count, clauses.window, where)


def _used_coupon(conditions: ConditionMaker, tree: Tree, clauses: Clauses, where: Span) -> Condition:
    _clauses(conditions, tree, clauses)
    return UsedCoupon(conditions.maker.title(trees(tree)[0]), clauses.count, clauses.window, where)


def _holds_coupon(conditions: ConditionMaker, tree: Tree, clauses: Clauses, where: Span) -> Condition:
    """``expiring`` and its window stand in any order; one without the other says nothing."""
    _clauses(conditions, tree, clauses)
    coupon = conditions.maker.title(trees(tree)[0])
    if clauses.expiring is not None and clauses.window is None:
        at = span(clauses.expiring)
        conditions.maker.blame("E154", at, "expiring", written=conditions.maker.source(at))
    elif clauses.expiring is None and clauses.window is not None:
        at = clauses.window.span
        conditions.maker.blame("E163", at, "coupon", written=conditions.maker.source(at))
    return HoldsCoupon(coupon, _ahead(clauses.window), where)


def _ahead(window: Window | None) -> Window | None:
    """What a coupon held expires within lies ahead: ``2天内 过期`` is ``未来2天内 过期``."""
    return replace(window, ahead=True) if isinstance(window, Within) else window


def _finished(conditions: ConditionMaker, tree: Tree, clauses: Clauses, where: Span) -> Condition:
    _clauses(conditions, tree, clauses)
    return FinishedPlaybook(conditions.maker.title(trees(tree)[0]), clauses.window, where)


def _invited(conditions: ConditionMaker, tree: Tree, clauses: Clauses, where: Span) -> Condition:
    _clauses(conditions, tree, clauses)
    return Invited(clauses.count, clauses.where, clauses.window, where)


def _task(conditions: ConditionMaker, tree: Tree, clauses: Clauses, where: Span) -> Condition:
    _clauses(conditions, tree, clauses)
    state = next(_TASKS[token.type] for token in tokens(tree) if token.type in _TASKS)
    return TaskIs(conditions.maker.title(trees(tree)[0]), state, clauses.window, where)


# Times of an attribute or product


def _anniversary(conditions: ConditionMaker, tree: Tree, clauses: Clauses, where: Span) -> Condition:
    _clauses(conditions, tree, clauses)
    name = conditions.maker.name(trees(tree, "name")[0], BUILT_IN_ATTRIBUTES)
    if clauses.window is None:
        conditions.maker.blame("E154", span(tree), written=_written(conditions, tree))
        return IsFriend(where)
    return Anniversary(name, clauses.window, where)


def _changed(conditions: ConditionMaker, tree: Tree, clauses: Clauses, where: Span) -> Condition:
    _clauses(conditions, tree, clauses)
    return Changed(conditions.maker.name(trees(tree, "name")[0], BUILT_IN_ATTRIBUTES), clauses.window, where)


def _due(conditions: ConditionMaker, tree: Tree, clauses: Clauses, where: Span) -> Condition:
    _clauses(conditions, tree, clauses)
    product = conditions.maker.title(trees(tree)[0])
    if clauses.window is None:
        conditions.maker.blame("E154", span(tree), "reorder", written=_written(conditions, tree))
        return IsFriend(where)
    return DueToReorder(product, clauses.window, where)


# How the member stands now


def _standing(conditions: ConditionMaker, tree: Tree, clauses: Clauses, where: Span) -> Condition:
    _clauses(conditions, tree, clauses)
    if clauses.window is not None:
        at = clauses.window.span
        conditions.maker.blame("E163", at, written=conditions.maker.source(at))
    kind = tokens(tree)[0].type
    if kind == "IN_SAMPLE":
        return _sample(conditions, tree, where)
    if kind in ("IS_FRIEND", "IS_NO_FRIEND"):
        return IsFriend(where) if kind == "IS_FRIEND" else Not(IsFriend(where), where)
    if kind == "IN_CUSTOMER_GROUP":
        return InGroup(_patterns(conditions, tree)[0], where)
    title = conditions.maker.title(trees(tree)[0])
    return InSegment(title, where) if kind == "IN_SEGMENT" else InPlaybook(title, where)


def _sample(conditions: ConditionMaker, tree: Tree, where: Span) -> Condition:
    shares = [conditions.maker.share(share) for share in trees(tree, "share")]
    titles = trees(tree, "title")
    name = conditions.maker.title(titles[0]) if titles else None
    low = shares[0] if len(shares) > 1 else None
    if low is not None and low.parts >= shares[-1].parts:
        conditions.maker.blame("E149", low.span | shares[-1].span)
    return InSample(low, shares[-1], name, where)


TESTS: Mapping[str, TestMaker] = MappingProxyType({
    "tagged": _tagged, "tagged_group": _tagged_group, "did": _did, "total_test": _total_test, "moment": _moment,
    "received": _received, "received_template": _received_template, "received_redpacket": _received_redpacket,
    "used_coupon": _used_coupon, "holds_coupon": _holds_coupon, "finished_playbook": _finished, "invited": _invited,
    "task": _task, "anniversary": _anniversary, "changed": _changed, "due": _due, "standing": _standing,
})
