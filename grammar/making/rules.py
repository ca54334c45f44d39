"""Rules for all members of the syntax tree: points, tiers, and what is done as events arrive."""

from __future__ import annotations

from typing import Literal

from ..keywords import BUILT_IN_ATTRIBUTES
from ..statements import Statement
from ..syntax import Declaration, EarnLine, Money, PointsDecl, Rung, TiersDecl, WheneverDecl
from .actions import make_rule_action
from .library import make_picked, tell_twice
from .values import Maker, Tree, span, token_types, tokens, trees

MAX_POINTS = 1_000_000


def make_points(maker: Maker, statement: Statement, _tree: Tree) -> Declaration:
    """How points are earned, a line for each kind of event."""
    lines = [_earn(maker, child.tree) for child in statement.children if child.tree is not None]
    return PointsDecl(tuple(lines), statement.span)


def _earn(maker: Maker, tree: Tree) -> EarnLine:
    picked, *clauses = trees(tree)
    number = next(token for token in tokens(tree) if token.type == "NUMBER")
    per: Money | None = None
    limit: int | None = None
    for clause in clauses:
        is_per = clause.data == "earn_per"
        if (per if is_per else limit) is not None:
            tell_twice(maker, clause)
        elif is_per:
            amount = trees(clause)[0]
            per = Money(maker.cents(amount), span(amount))
        else:
            limit = maker.whole(next(token for token in tokens(clause) if token.type == "NUMBER"), 1, MAX_POINTS)
    return EarnLine(make_picked(maker, picked), maker.whole(number, 1, MAX_POINTS), per, limit, span(tree))


def make_tiers(maker: Maker, statement: Statement, tree: Tree) -> Declaration:
    """A ladder of tiers with its rungs."""
    rungs = tuple(_rung(maker, child.tree) for child in statement.children if child.tree is not None)
    named = trees(tree)
    if not named:
        return TiersDecl(None, None, rungs, statement.span)
    title, metric = named
    return TiersDecl(maker.title(title), maker.name(metric, BUILT_IN_ATTRIBUTES), rungs, statement.span)


def _rung(maker: Maker, tree: Tree) -> Rung:
    title, *amounts = trees(tree)
    if not amounts:
        return Rung(maker.title(title), "otherwise", None, span(tree))
    relation: Literal["above", "from"] = "above" if "ABOVE" in token_types(tree) else "from"
    return Rung(maker.title(title), relation, maker.amount(amounts[0]), span(tree))


def make_whenever(maker: Maker, statement: Statement, tree: Tree) -> Declaration:
    """A standing rule: what happens whenever an event of a kind arrives."""
    picked, *inline = trees(tree)
    actions = [make_rule_action(maker, action) for action in inline]
    actions += [make_rule_action(maker, trees(child.tree)[0]) for child in statement.children if child.tree is not None]
    if not actions and not statement.line.children:
        maker.blame("E117", statement.line.span)
    return WheneverDecl(make_picked(maker, picked), tuple(actions), statement.span)
