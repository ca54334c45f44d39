"""Conditions of the syntax tree. Leading windows move behind their test, 未做过 and 无标签 become ``Not``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal

from ..keywords import BUILT_IN_ATTRIBUTES, BUILT_IN_FIELDS
from ..layout import MAX_DEPTH
from ..syntax import (
    And,
    Comparison,
    Condition,
    EventFilter,
    HeldFor,
    IsFriend,
    Listed,
    MomentOfAttribute,
    Name,
    Not,
    Operator,
    Or,
    SourceInGroup,
    TodayIs,
    Total,
    Value,
    YesNo,
)
from .clauses import Clauses, gather
from .tests import TESTS, make_event_filter, make_total
from .values import Maker, Token, Tree, first_token, span, token_types, tokens, trees
from .windows import make_window

OPERATORS: dict[str, Operator] = {
    "IS": "is", "IS_NOT": "is_not", "LT": "lt", "LE": "le", "GT": "gt", "GE": "ge", "CONTAINS": "contains",
    "STARTS_WITH": "starts", "ENDS_WITH": "ends", "KNOWN": "known", "UNKNOWN": "unknown", "IN": "in",
    "NOT_IN": "not_in", "BETWEEN": "between", "IS_YES": "is", "IS_NO": "is",
}
_LISTS: dict[str, Literal["all", "any", "none"]] = {"ALL_OF": "all", "ANY_OF": "any", "NONE_OF": "none"}

Block = Callable[[], Sequence[Condition]]
"""Makes the conditions of the block under the line."""


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
        kinds = [child.type if isinstance(child, Token) else "" for child in tree.children]
        first = next(token for token in tokens(tree) if token.type != tokens(tree)[0].type)
        self.maker.blame(
            "E113", span(first), related=(span(tokens(tree)[0]),),
            one=_grouped(words, kinds, "AND"), other=_grouped(words, kinds, "OR"),
        )

    def _field_after_where(self, tree: Tree) -> None:
        """``and`` ends a where; a field of that event behind it was meant to be joined by a comma."""
        for before, sign, after in zip(tree.children, tree.children[1:], tree.children[2:], strict=False):
            if not isinstance(before, Tree) or not isinstance(after, Tree):
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
        rule, where, inner = str(tree.data), span(tree), trees(tree)
        if rule == "today_is":
            return self._today(tree)
        name = self.name(inner[0])
        if rule == "moment_of":
            return MomentOfAttribute(name, make_window(self.maker, inner[1]), where)
        if rule == "held":
            return HeldFor(name, self.maker.value(inner[1]), self.maker.duration(inner[2]), where)
        if rule == "source_group":
            return SourceInGroup(name, self.maker.title(inner[1]), where)
        operator, values = self.tail(inner[1])
        return Comparison(name, operator, values, where)

    def name(self, tree: Tree) -> Name:
        """The name of an attribute, or inside a where of a field."""
        return self.maker.name(tree, BUILT_IN_FIELDS if self.in_fields else BUILT_IN_ATTRIBUTES)

    def _today(self, tree: Tree) -> Condition:
        found = token_types(tree)
        made = TodayIs("workday" if "WORKDAY" in found else "holiday", span(tree))
        return Not(made, span(tree)) if "IS_NOT" in found else made

    def tail(self, tree: Tree) -> tuple[Operator, tuple[Value, ...]]:
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
        clauses = gather(self, leading, Clauses())
        if inner.data == "windowless":
            return self._without_time(trees(inner)[0], clauses)
        if inner.data == "time_before":
            self._name_after_time(trees(inner)[0], tree, leading)
            return IsFriend(span(tree))
        return TESTS[str(inner.data)](self, inner, clauses, span(tree))

    def _without_time(self, tree: Tree, clauses: Clauses) -> Condition:
        """A test that speaks of the present, though a time or a number of days stands before it."""
        if clauses.days is not None:
            self.maker.blame("E181", clauses.days.span, written=self.maker.source(clauses.days.span))
        if tree.data == "comparison" and self._is_event(trees(tree)[0]):
            where = span(trees(tree)[0])
            self.maker.blame("E183", where, "compared", name=self.maker.source(where))
        elif clauses.window is not None:
            code = "E140" if tree.data == "moment_of" else "E163"
            self.maker.blame(code, clauses.window.span, written=self.maker.source(clauses.window.span))
        return self._windowless(tree)

    def _name_after_time(self, name: Tree, tree: Tree, leading: list[Tree]) -> None:
        """A time and a name alone: of an attribute the time stands behind it, of an event the verb is missing."""
        if self._is_event(name):
            self.maker.blame("E183", span(name), name=self.maker.source(span(name)))
        else:
            window = " ".join(self.maker.source(span(each)) for each in leading)
            written = self.maker.source(span(name))
            is_birthday = written.endswith("生日")
            first, second = (window, f"{written}周年") if is_birthday else (written, window)
            self.maker.blame("E167", span(tree), first=first, second=second)

    def _is_event(self, name: Tree) -> bool:
        text = str(first_token(name))
        return text in self.maker.names.events and text not in self.maker.names.attributes | self.maker.names.metrics

    def event_filter(self, tree: Tree) -> EventFilter:
        """The filter of a tree that has a name and perhaps subjects, a where and a category, as of a trigger."""
        return make_event_filter(self, tree, gather(self, trees(tree), Clauses()), span(tree))

    def total(self, tree: Tree) -> Total:
        """The total by itself of a ``windowed_total`` tree, as of a metric."""
        *leading, inner = trees(tree)
        clauses = gather(self, leading, Clauses())
        made = make_total(self, inner, clauses, span(tree))
        if clauses.between is not None:
            self.maker.blame("E145", span(inner), written=self.maker.source(span(inner)))
        return made

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
        return Comparison(self.maker.field(name), *self.tail(tail), span(item))

    def _continue(self, last: Condition, more: list[Value], item: Tree) -> None:
        if isinstance(last, Comparison) and last.operator in ("in", "not_in"):
            more.append(self.maker.value(trees(item)[0]))
        else:
            self.maker.blame("E145", span(item), written=self.maker.source(span(item)))


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
