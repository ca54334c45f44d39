"""The clauses around a test, in whatever order they were written: where, has, counts, days, windows, ranges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ..syntax import Condition, Count, DayCount, Name, Value, Window
from .values import Tree, first_token, span, tokens, trees
from .windows import WINDOW_RULES, make_window

if TYPE_CHECKING:
    from .conditions import ConditionMaker

_COUNTS: dict[str, Literal["at_least", "at_most", "exactly"]] = {
    "AT_LEAST": "at_least", "AT_MOST": "at_most", "EXACTLY": "exactly",
}
MAX_COUNT = 1_000_000


@dataclass(slots=True)
class Clauses:
    """What stood around one test; what may stand once is None as long as it did not."""

    where: Condition | None = None
    has: Condition | None = None
    category: Name | None = None
    same: Name | None = None
    count: Count | None = None
    days: DayCount | None = None
    window: Window | None = None
    between: tuple[Value, ...] | None = None
    expiring: Tree | None = None


def gather(conditions: ConditionMaker, found: list[Tree], clauses: Clauses) -> Clauses:
    """Put the clauses among some trees to those already there; what stands twice is told."""
    for child in found:
        rule = str(child.data)
        if rule in WINDOW_RULES:
            _once(conditions, clauses.window, "E140", child)
            clauses.window = make_window(conditions.maker, child)
        elif rule in ("count", "bare_count", "people", "bare_people"):
            _once(conditions, clauses.count or clauses.days, "E141", child)
            clauses.count = _count(conditions, child)
        elif rule == "days":
            _once(conditions, clauses.count or clauses.days, "E141", child)
            clauses.days = _days(conditions, child)
        else:
            _further(conditions, rule, child, clauses)
    return clauses


def _further(conditions: ConditionMaker, rule: str, child: Tree, clauses: Clauses) -> None:
    """Clauses that are no time and no count."""
    if rule == "where":
        _once(conditions, clauses.where, "E144", child)
        clauses.where = conditions.fields(child)
    elif rule == "invited_where":
        _once(conditions, clauses.where, "E144", child)
        clauses.where = conditions.condition(trees(child)[0])
    elif rule == "has":
        _once(conditions, clauses.has, "E144", child)
        clauses.has = conditions.fields(child)
    elif rule == "category_of":
        _once(conditions, clauses.category, "E144", child)
        clauses.category = conditions.maker.title(trees(child)[0])
    elif rule == "same":
        _once(conditions, clauses.same, "E144", child)
        clauses.same = conditions.maker.field(trees(child)[0])
    elif rule == "between_amounts":
        _once(conditions, clauses.between, "E144", child)
        clauses.between = tuple(conditions.maker.amount(amount) for amount in trees(child))
    elif rule == "expiring":
        _once(conditions, clauses.expiring, "E144", child)
        clauses.expiring = child


def _once(conditions: ConditionMaker, before: object, code: str, tree: Tree) -> None:
    if before is not None:
        conditions.maker.blame(code, span(tree), written=conditions.maker.source(span(tree)))


def _count(conditions: ConditionMaker, tree: Tree) -> Count:
    """How many times, or how many people."""
    maker = conditions.maker
    kind = _COUNTS.get(first_token(tree).type, "exactly")
    number = next(token for token in tokens(tree) if token.type == "NUMBER")
    if tree.data == "bare_count":
        maker.blame("E143", span(tree), written=maker.source(span(tree)), number=str(number))
    elif tree.data == "bare_people":
        maker.blame("E143", span(tree), "people", written=maker.source(span(tree)), number=str(number))
    return Count(kind, maker.whole(number, 0, MAX_COUNT), span(tree))


def _days(conditions: ConditionMaker, tree: Tree) -> DayCount:
    found = tokens(tree)
    number = next(token for token in found if token.type == "NUMBER")
    where = span(tree)
    count = next((_COUNTS[token.type] for token in found if token.type in _COUNTS), None)
    if count is None:
        return DayCount("in_a_row", conditions.maker.whole(number, 1, MAX_COUNT), where)
    return DayCount(count, conditions.maker.whole(number, 0, MAX_COUNT), where)
