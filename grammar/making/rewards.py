"""Coupons and red packets of the syntax tree, and what a budget says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from ..statements import Statement
from ..syntax import Budget, CouponDecl, Declaration, Money, Number, PerMember, RedpacketDecl, Validity, Worth
from .library import clock_range, tell_twice
from .values import Maker, Tree, span, token_types, tokens, trees

_FULL_PRICE = 10_000
MAX_COUNT = 10**12


def make_coupon(maker: Maker, statement: Statement, tree: Tree) -> Declaration:
    """A coupon with its worth and limits."""
    title, worth = trees(tree)
    made = CouponDecl(maker.title(title), _worth(maker, worth), None, None, None, None, statement.span)
    for child in statement.children:
        if child.tree is not None:
            made = _coupon_line(maker, made, child.tree)
    return made


def _worth(maker: Maker, tree: Tree) -> Worth:
    rule, where, inner = str(tree.data), span(tree), trees(tree)
    if rule == "worth_gift":
        return Worth(0, None, None, maker.text(inner[0]), where)
    if rule == "worth_share":
        threshold = maker.cents(inner[1]) if len(inner) > 1 else 0
        return Worth(threshold, None, maker.share(inner[0]).parts, None, where)
    if rule == "spend_fold":
        threshold = maker.cents(inner[0]) if inner else 0
        return Worth(threshold, None, _percent_off(maker, tree), None, where)
    cents = [maker.cents(amount) for amount in inner]
    if rule == "spend_money":
        cents.reverse()
    return Worth(cents[1] if len(cents) > 1 else 0, cents[0], None, None, where)


def _percent_off(maker: Maker, tree: Tree) -> int:
    """Hundredths of a percent off of ``打8.8折``; two whole digits are tenths of a fold: ``打88折``."""
    token = next(token for token in tokens(tree) if token.type == "NUMBER")
    folds = maker.decimal(token, 3)
    if folds >= 10:
        folds /= 10
    if not 0 < folds < 10:
        maker.blame("E158", span(token), written=str(token))
        return _FULL_PRICE // 10
    return int(_FULL_PRICE - folds * 1000)


def _coupon_line(maker: Maker, made: CouponDecl, tree: Tree) -> CouponDecl:
    rule = str(tree.data)
    field, make = _COUPON_LINES[rule]
    if getattr(made, field) is not None:
        tell_twice(maker, tree)
        return made
    return replace(made, **{field: make(maker, tree)})  # type: ignore[arg-type]


def _stock(maker: Maker, tree: Tree) -> Number:
    token = tokens(tree)[1]
    return Number(str(maker.whole(token, 0, MAX_COUNT)), span(token))


def _valid_for(maker: Maker, tree: Tree) -> Validity:
    return Validity(maker.duration(trees(tree)[0]), None, span(tree))


def _valid_until(maker: Maker, tree: Tree) -> Validity:
    days = trees(tree)
    return Validity(None, maker.day(days[0]) if days else None, span(tree))


def _limit(maker: Maker, tree: Tree) -> PerMember:
    return make_per_member(maker, trees(tree)[0])


def make_per_member(maker: Maker, tree: Tree) -> PerMember:
    """``at most 1 per member per day`` of a ``per_member`` tree."""
    kinds = token_types(tree)
    number = next(token for token in tokens(tree) if token.type == "NUMBER")
    count = maker.whole(number, 1, 1_000_000)
    activities = trees(tree, "title")
    if activities:
        return PerMember(count, "activity", maker.title(activities[0]), span(tree))
    if kinds & {"PER_DAY", "EACH_DAY"}:
        return PerMember(count, "day", None, span(tree))
    return PerMember(count, "year" if kinds & {"PER_YEAR", "EACH_YEAR"} else None, None, span(tree))


def make_redpacket(maker: Maker, statement: Statement, tree: Tree) -> Declaration:
    """A red packet with its amount, or the range of it."""
    title, *amounts = trees(tree)
    low, *rest = (Money(maker.cents(amount), span(amount)) for amount in amounts)
    high = rest[0] if rest else None
    if high is not None and high.cents <= low.cents:
        maker.blame("E172", low.span | high.span)
    made = RedpacketDecl(maker.title(title), low, high, None, None, statement.span)
    for child in statement.children:
        if child.tree is not None:
            made = _redpacket_line(maker, made, child.tree)
    return made


def _redpacket_line(maker: Maker, made: RedpacketDecl, tree: Tree) -> RedpacketDecl:
    if (made.limit if tree.data == "limit" else made.budget) is not None:
        tell_twice(maker, tree)
        return made
    if tree.data == "limit":
        return replace(made, limit=_limit(maker, tree))
    return replace(made, budget=Budget(maker.cents(trees(tree)[0]), "money", _per_day(tree), span(tree)))


def _per_day(tree: Tree) -> bool:
    return bool(token_types(tree) & {"PER_DAY", "EACH_DAY"})


def make_budget(maker: Maker, tree: Tree) -> Budget:
    """The budget of a playbook: so many pushes, coupons, or so much face value."""
    inner = trees(tree)[0]
    if trees(inner):
        return Budget(maker.cents(trees(inner)[0]), "money", _per_day(tree), span(tree))
    number, unit = tokens(inner)
    kind: Literal["pushes", "coupons"] = "pushes" if unit.type in ("PUSHES", "MESSAGES") else "coupons"
    return Budget(maker.whole(number, 1, MAX_COUNT), kind, _per_day(tree), span(tree))


_COUPON_LINES: dict[str, tuple[str, Callable[[Maker, Tree], object]]] = {
    "stock": ("stock", _stock), "limit": ("limit", _limit), "valid_for": ("validity", _valid_for),
    "valid_today": ("validity", _valid_until), "valid_until": ("validity", _valid_until),
    "usable": ("hours", clock_range),
}
