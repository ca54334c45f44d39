"""Conditions of the syntax tree. Leading windows move behind their test, 未做过 and 无标签 become ``Not``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import lark

from .diagnostics import Span
from .keywords import BUILT_IN_ATTRIBUTES, BUILT_IN_FIELDS
from .layout import MAX_DEPTH
from .make_values import Maker, Tree, first_token, span, token_types, tokens, trees
from .make_windows import WINDOW_RULES, make_window
from .syntax import (
    And,
    Anniversary,
    Comparison,
    Condition,
    Count,
    Did,
    EventFilter,
    EventMoment,
    InSample,
    InSegment,
    Listed,
    MomentOfAttribute,
    Name,
    Not,
    Operator,
    Or,
    Pattern,
    Received,
    ReceivedTemplate,
    Share,
    Tagged,
    TaggedInGroup,
    Total,
    TotalComparison,
    Value,
    Window,
    YesNo,
)

OPERATORS: dict[str, Operator] = {
    "IS": "is", "IS_NOT": "is_not", "LT": "lt", "LE": "le", "GT": "gt", "GE": "ge", "CONTAINS": "contains",
    "STARTS_WITH": "starts", "ENDS_WITH": "ends", "KNOWN": "known", "UNKNOWN": "unknown", "IN": "in",
    "NOT_IN": "not_in", "BETWEEN": "between", "IS_YES": "is", "IS_NO": "is",
}
_COUNTS: dict[str, Literal["at_least", "at_most", "exactly"]] = {
    "AT_LEAST": "at_least", "AT_MOST": "at_most", "EXACTLY": "exactly",
}
_LISTS: dict[str, Literal["all", "any", "none"]] = {"ALL_OF": "all", "ANY_OF": "any", "NONE_OF": "none"}

Block = Callable[[], Sequence[Condition]]
"""Makes the conditions of the block under the line."""


@dataclass(slots=True)
class _Clauses:
    """What stood around a test, in whatever order: where, has, count, window, range."""

    where: Condition | None = None
    has: Condition | None = None
    count: Count | None = None
    window: Window | None = None
    between: tuple[Value, ...] | None = None


class ConditionMaker:
    """Makes the condition of one line; ``block`` gives the conditions of the block that follows ``any of``."""

    def __init__(self, maker: Maker, end: int, block: Block | None) -> None:
        self.maker = maker
        self.end = end
        self.block = block
        self.in_fields = False

    def condition(self, tree: Tree) -> Condition:
        """The condition of a ``condition`` tree: a test, or one flat and / or."""
        items = trees(tree)
        if len(items) == 1:
            return self.test(items[0])
        kinds = token_types(tree)
        if len(kinds) > 1:
            self._mixed(tree)
        self._field_after_where(tree)
        made = tuple(self.test(item) for item in items)
        return And(made, span(tree)) if "AND" in kinds else Or(made, span(tree))

    def _mixed(self, tree: Tree) -> None:
        words = [self.maker.source(span(child)) for child in tree.children]
        kinds = [child.type if isinstance(child, lark.Token) else "" for child in tree.children]
        first = next(token for token in tokens(tree) if token.type != tokens(tree)[0].type)
        self.maker.blame(
            "E113", span(first), related=(span(tokens(tree)[0]),),
            one=_grouped(words, kinds, "AND"), other=_grouped(words, kinds, "OR"),
        )

    def _field_after_where(self, tree: Tree) -> None:
        """``and`` ends a where; a field of that event behind it was meant to be joined by a comma."""
        for before, sign, after in zip(tree.children, tree.children[1:], tree.children[2:], strict=False):
            if not isinstance(before, lark.Tree) or not isinstance(after, lark.Tree):
                continue
            event = _event_with_where(before)
            if event is None or after.data != "windowless":
                continue
            name = first_token(after)
            fields = self.maker.names.fields.get(event, frozenset())
            if str(name) in fields or str(name) in BUILT_IN_FIELDS or str(name) in BUILT_IN_FIELDS.values():
                self.maker.blame("E146", span(sign), field=str(name), written=str(sign))

    def test(self, tree: Tree) -> Condition:
        rule = str(tree.data)
        if rule == "negation":
            return self._negation(tree)
        if rule == "group":
            return self.condition(trees(tree)[0])
        if rule == "listed":
            return self._listed(tree)
        if rule == "windowless":
            return self._windowless(trees(tree)[0])
        return self._windowed(tree)

    def _negation(self, tree: Tree) -> Condition:
        *words, base = trees(tree)
        if len(words) > MAX_DEPTH:
            self.maker.blame("E110", span(words[MAX_DEPTH]), limit=MAX_DEPTH)
            words = words[:1]
        made = self.test(base)
        for word in reversed(words):
            made = Not(made, span(word) | span(base))
        return made

    def _listed(self, tree: Tree) -> Condition:
        kind = _LISTS[first_token(tree).type]
        if self.block is None or span(tree).end != self.end:
            self.maker.blame("E127", span(tree), written=self.maker.source(span(tree)))
            return Listed(kind, (), span(tree))
        items = tuple(self.block())
        where = span(tree)
        return Listed(kind, items, where | items[-1].span if items else where)

    # Tests without a window of their own

    def _windowless(self, tree: Tree) -> Condition:
        rule, where = str(tree.data), span(tree)
        if rule == "in_segment":
            return InSegment(self.maker.title(trees(tree)[0]), where)
        if rule == "in_sample":
            return self._sample(tree)
        name = self._name(trees(tree)[0])
        if rule == "moment_of":
            return MomentOfAttribute(name, make_window(self.maker, trees(tree)[1]), where)
        operator, values = self._tail(trees(tree)[1])
        return Comparison(name, operator, values, where)

    def _name(self, tree: Tree) -> Name:
        return self.maker.name(tree, BUILT_IN_FIELDS if self.in_fields else BUILT_IN_ATTRIBUTES)

    def _sample(self, tree: Tree) -> Condition:
        shares: list[Share] = [self.maker.share(share) for share in trees(tree, "share")]
        titles = trees(tree, "title")
        name = self.maker.title(titles[0]) if titles else None
        low = shares[0] if len(shares) > 1 else None
        if low is not None and low.parts >= shares[-1].parts:
            self.maker.blame("E149", low.span | shares[-1].span)
        return InSample(low, shares[-1], name, span(tree))

    def _tail(self, tree: Tree) -> tuple[Operator, tuple[Value, ...]]:
        """Operator and values of a ``tail``, ``op_tail`` or ``compare_tail``."""
        inner = trees(tree)
        if inner and inner[0].data == "compare_tail":
            tree, inner = inner[0], trees(inner[0])
        if inner and inner[0].data == "compare":
            return OPERATORS[first_token(inner[0]).type], (self.maker.value(inner[1]),)
        sign = first_token(tree)
        if sign.type in ("IS_YES", "IS_NO"):
            return "is", (YesNo(sign.type == "IS_YES", span(sign)),)
        if sign.type == "BETWEEN":
            return "between", tuple(self.maker.amount(amount) for amount in inner)
        return OPERATORS[sign.type], tuple(self.maker.value(value) for value in inner)

    # Tests that take a window

    def _windowed(self, tree: Tree) -> Condition:
        *leading, inner = trees(tree)
        clauses = _Clauses()
        if leading:
            clauses.window = make_window(self.maker, leading[0])
        make = {
            "tagged": self._tagged, "tagged_group": self._tagged_group, "did": self._did,
            "total_test": self._total_test, "moment": self._moment, "received": self._received,
            "received_template": self._received_template, "anniversary": self._anniversary,
        }[str(inner.data)]
        return make(inner, clauses, span(tree))

    def _gather(self, tree: Tree, clauses: _Clauses) -> _Clauses:
        for child in trees(tree):
            rule = str(child.data)
            if rule in WINDOW_RULES:
                self._once(clauses.window, "E140", child)
                clauses.window = make_window(self.maker, child)
            elif rule in ("count", "bare_count"):
                self._once(clauses.count, "E141", child)
                clauses.count = self._count(child)
            elif rule == "where":
                self._once(clauses.where, "E144", child)
                clauses.where = self.fields(child)
            elif rule == "has":
                self._once(clauses.has, "E144", child)
                clauses.has = self.fields(child)
            elif rule == "between_amounts":
                self._once(clauses.between, "E144", child)
                clauses.between = tuple(self.maker.amount(amount) for amount in trees(child))
        return clauses

    def _once(self, before: object, code: str, tree: Tree) -> None:
        if before is not None:
            self.maker.blame(code, span(tree), written=self.maker.source(span(tree)))

    def _count(self, tree: Tree) -> Count:
        kind = _COUNTS.get(first_token(tree).type, "exactly")
        number = next(token for token in tokens(tree) if token.type == "NUMBER")
        if tree.data == "bare_count":
            self.maker.blame("E143", span(tree), written=self.maker.source(span(tree)), number=str(number))
        return Count(kind, self.maker.whole(number, 0, 1_000_000), span(tree))

    def fields(self, tree: Tree) -> Condition:
        """The tests of a where or has list: comma joins, a value continues the list before it."""
        outer, self.in_fields = self.in_fields, True
        made: list[Condition] = []
        more: list[Value] = []
        for item in trees(tree):
            if item.data == "more_value":
                self._continue(made[-1], more, item)
                continue
            made[-1:] = _extended(made, more)
            more = []
            made.append(self._field_test(item))
        made[-1:] = _extended(made, more)
        self.in_fields = outer
        return made[0] if len(made) == 1 else And(tuple(made), made[0].span | made[-1].span)

    def _field_test(self, item: Tree) -> Condition:
        if item.data == "field_group":
            return self.condition(trees(item)[0])
        name, tail = trees(item)
        if item.data == "field_moment":
            return MomentOfAttribute(self.maker.field(name), make_window(self.maker, tail), span(item))
        return Comparison(self.maker.field(name), *self._tail(tail), span(item))

    def _continue(self, last: Condition, more: list[Value], item: Tree) -> None:
        if isinstance(last, Comparison) and last.operator in ("in", "not_in"):
            more.append(self.maker.value(trees(item)[0]))
        else:
            self.maker.blame("E145", span(item), written=self.maker.source(span(item)))

    def _tagged(self, tree: Tree, clauses: _Clauses, where: Span) -> Condition:
        word = tokens(tree)[0].type
        self._gather(tree, clauses)
        if word == "GAINED" and clauses.window is None:
            self.maker.blame("E150", span(tree), written=self.maker.source(span(tree)))
        patterns = self._patterns(tree)
        made = Tagged("all" if word == "TAGGED_ALL" else "any", patterns, clauses.window, where)
        return Not(made, where) if word == "NOT_TAGGED" else made

    def _patterns(self, tree: Tree) -> tuple[Pattern, ...]:
        return tuple(self.maker.pattern(pattern) for pattern in trees(tree, "pattern"))

    def _tagged_group(self, tree: Tree, clauses: _Clauses, where: Span) -> Condition:
        self._gather(tree, clauses)
        return TaggedInGroup(self.maker.title(trees(tree)[0]), clauses.window, where)

    def _filter(self, tree: Tree, clauses: _Clauses, window: Window | None, where: Span) -> EventFilter:
        subjects = trees(tree, "subjects")
        event = self.maker.name(trees(tree, "name")[0], {})
        return EventFilter(event, self._patterns(subjects[0]) if subjects else (), clauses.where, window, where)

    def _did(self, tree: Tree, clauses: _Clauses, where: Span) -> Condition:
        self._gather(tree, clauses)
        events = self._filter(tree, clauses, clauses.window, where)
        made = Did(events, clauses.count, where)
        return Not(made, where) if tokens(tree)[0].type == "DID_NOT" else made

    def total(self, tree: Tree, clauses: _Clauses, where: Span) -> Total:
        """A total, with the clauses around it."""
        self._gather(tree, clauses)
        if clauses.count is not None:
            self.maker.blame("E151", clauses.count.span, written=self.maker.source(clauses.count.span))
        events = self._filter(tree, clauses, clauses.window, where)
        if tree.data == "sum_of":
            return Total("sum", self.maker.field(trees(tree, "name")[1]), events, where)
        return Total("number", None, events, where)

    def metric_total(self, tree: Tree) -> Total:
        """The total of a metric: a ``windowed_total`` tree."""
        *leading, inner = trees(tree)
        clauses = _Clauses(window=make_window(self.maker, leading[0]) if leading else None)
        made = self.total(inner, clauses, span(tree))
        if clauses.between is not None:
            self.maker.blame("E145", span(inner), written=self.maker.source(span(inner)))
        return made

    def _total_test(self, tree: Tree, clauses: _Clauses, where: Span) -> Condition:
        inner, *rest = trees(tree)
        total = self.total(inner, clauses, where)
        if rest and rest[0].data == "compare_tail":
            operator, values = self._tail(rest[0])
        elif rest:
            operator, values = OPERATORS[first_token(rest[0]).type], (self.maker.value(rest[1]),)
        elif tokens(tree):
            operator, values = OPERATORS[tokens(tree)[0].type], ()
        elif clauses.between is not None:
            operator, values = "between", clauses.between
        else:
            self.maker.blame("E152", span(tree), written=self.maker.source(span(tree)))
            operator, values = "known", ()
        return TotalComparison(total, operator, values, where)

    def _moment(self, tree: Tree, clauses: _Clauses, where: Span) -> Condition:
        self._gather(tree, clauses)
        if (clauses.window is None) == (clauses.has is None):
            self.maker.blame("E153", span(tree), "both" if clauses.window else None,
                             written=self.maker.source(span(tree)))
        which: Literal["first", "last"] = "last" if tokens(tree)[0].type == "LAST" else "first"
        return EventMoment(which, self._filter(tree, clauses, None, where), clauses.window, clauses.has, where)

    def _received(self, tree: Tree, clauses: _Clauses, where: Span) -> Condition:
        self._gather(tree, clauses)
        titles = [self.maker.title(title) for title in trees(tree, "title")]
        step = titles[1] if len(titles) > 1 else None
        return Received(titles[0], step, clauses.count, clauses.window, where)

    def _received_template(self, tree: Tree, clauses: _Clauses, where: Span) -> Condition:
        self._gather(tree, clauses)
        return ReceivedTemplate(self._patterns(tree)[0], clauses.count, clauses.window, where)

    def _anniversary(self, tree: Tree, clauses: _Clauses, where: Span) -> Condition:
        self._gather(tree, clauses)
        name = self.maker.name(trees(tree, "name")[0], BUILT_IN_ATTRIBUTES)
        if clauses.window is None:
            self.maker.blame("E154", span(tree), written=self.maker.source(span(tree)))
            return Not(InSegment(name, where), where)
        return Anniversary(name, clauses.window, where)


def _extended(made: list[Condition], more: list[Value]) -> list[Condition]:
    """The last test with the further values of its list."""
    last = made[-1:]
    if more and isinstance(last[0], Comparison):
        return [replace(last[0], values=(*last[0].values, *more), span=last[0].span | more[-1].span)]
    return last


def _grouped(words: list[str], kinds: list[str], inner: str) -> str:
    """The tests of a mixed and/or, with parentheses around each group joined by ``inner``."""
    groups: list[list[str]] = [[words[0]]]
    joints: list[str] = []
    for word, kind, test in zip(words[1::2], kinds[1::2], words[2::2], strict=True):
        if kind == inner:
            groups[-1] += [word, test]
        else:
            joints.append(word)
            groups.append([test])
    shown = [f"({' '.join(group)})" if len(group) > 1 else group[0] for group in groups]
    return " ".join([shown[0], *(f"{joint} {group}" for joint, group in zip(joints, shown[1:], strict=True))])


def _event_with_where(tree: Tree) -> str | None:
    """The event of a ``did … where …`` test, None for other tests."""
    if tree.data == "negation":
        tree = trees(tree)[-1]
    inner = trees(tree)[-1] if tree.data == "windowed" else tree
    if inner.data != "did" or not trees(inner, "where"):
        return None
    return str(first_token(trees(inner, "name")[0]))
