"""Coupons, red packets, points and tiers as they are written."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from ..syntax import (
    Budget,
    CouponDecl,
    EarnLine,
    PerMember,
    PointsDecl,
    RedpacketDecl,
    Rung,
    TiersDecl,
    Validity,
    Worth,
)
from .behaviour import filtered
from .conditions import inner_words
from .phrases import Phrase, spaced
from .sheet import Say, Sheet
from .strings import string
from .tongue import Tongue
from .values import amount, clock_range, day, duration, money, share

_WHOLE = 10_000
_PERIODS = {"day": ("EACH_DAY", "PER_DAY"), "year": ("EACH_YEAR", "PER_YEAR")}
_BUDGETS = {"pushes": ("MESSAGES", "PUSHES"), "coupons": ("PIECES", "COUPONS")}


def write_coupon(sheet: Sheet, node: CouponDecl) -> None:
    """A coupon with its lines, in the order they stand."""
    sheet.statement(0, node.span, lambda tongue: spaced(
        tongue.word("COUPON"), string(node.name.text), _worth(node.worth, tongue)
    ))
    lines: list[tuple[int, Say]] = []
    stock, limit, validity, hours = node.stock, node.limit, node.validity, node.hours
    if stock is not None:
        lines.append((stock.span.start, lambda tongue: f"{tongue.word('STOCK')} {stock.text}"))
    if limit is not None:
        lines.append((limit.span.start, lambda tongue: _limit(limit, "PIECES", tongue)))
    if validity is not None:
        lines.append((validity.span.start, lambda tongue: _validity(validity, tongue)))
    if hours is not None:
        lines.append((hours[0].span.start, lambda tongue: f"{tongue.word('USABLE')} {clock_range(*hours, tongue)}"))
    sheet.lines(1, lines)


def _worth(found: Worth, tongue: Tongue) -> str:
    threshold = money(found.threshold_cents) if found.threshold_cents else ""
    if found.gift is not None:
        words = tongue.word("REDEEM") if tongue.chinese else tongue.words("WORTH", "GIFT")
        return f"{words} {string(found.gift.text)}"
    if found.off_cents is not None:
        off = money(found.off_cents)
        if tongue.chinese:
            return (f"{tongue.word('SPEND')}{threshold}" if threshold else "") + f"{tongue.word('MINUS')}{off}"
        return f"{tongue.word('WORTH')} {off}" + (f" {tongue.word('OFF')} {threshold}" if threshold else "")
    return _percent(found.percent_off or 0, threshold, tongue)


def _percent(parts: int, threshold: str, tongue: Tongue) -> str:
    """A share off; Chinese counts what is left in tenths, and has no such word for nothing or all of it."""
    if tongue.chinese and 0 < parts < _WHOLE:
        spend = f"{tongue.word('SPEND')}{threshold}" if threshold else ""
        return f"{spend}{tongue.word('DISCOUNT')}{_folds(parts)}{tongue.word('FOLD')}"
    return f"{tongue.word('WORTH')} {share(parts)} {tongue.word('OFF')}" + (f" {threshold}" if threshold else "")


def _folds(parts: int) -> str:
    text = f"{Decimal(_WHOLE - parts) / 1000:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _limit(found: PerMember, things: str, tongue: Tongue) -> str:
    """How many a member may have; ``things`` is the measure word that Chinese needs."""
    if tongue.chinese:
        if found.activity is not None:
            period = f"{tongue.word('EACH_ACTIVITY')}{string(found.activity.text)}"
        else:
            period = tongue.word(_PERIODS[found.per][0]) if found.per else ""
        return f"{tongue.word('EACH_MEMBER')}{period}{tongue.word('LIMIT')}{found.number}{tongue.word(things)}"
    if found.activity is not None:
        period = f" {tongue.word('PER_ACTIVITY')} {string(found.activity.text)}"
    else:
        period = f" {tongue.word(_PERIODS[found.per][1])}" if found.per else ""
    return f"{tongue.word('AT_MOST')} {found.number} {tongue.word('PER_MEMBER')}{period}"


def _validity(found: Validity, tongue: Tongue) -> str:
    if found.duration is not None:
        return f"{tongue.word('VALID')} {duration(found.duration, tongue)}"
    if found.until is not None:
        return f"{tongue.word('VALID_UNTIL')} {day(found.until)}"
    return tongue.word("VALID_TODAY")


def budget_words(found: Budget, tongue: Tongue) -> str:
    """``budget 1000 pushes per day``"""
    if found.kind == "money":
        most = money(found.amount)
    else:
        chinese, english = _BUDGETS[found.kind]
        most = tongue.counted(found.amount, chinese if tongue.chinese else english)
    per_day = f" {tongue.either('EACH_DAY', 'PER_DAY')}" if found.per_day else ""
    return f"{tongue.word('BUDGET')} {most}{per_day}"


def write_redpacket(sheet: Sheet, node: RedpacketDecl) -> None:
    """A red packet with its lines, in the order they stand."""
    def say(tongue: Tongue) -> Phrase:
        drawn = f"{tongue.word('TO')} {money(node.high.cents)} {tongue.word('RANDOM')}" if node.high else ""
        return spaced(tongue.word("REDPACKET"), string(node.name.text), money(node.low.cents), drawn)

    sheet.statement(0, node.span, say)
    lines: list[tuple[int, Say]] = []
    limit, budget = node.limit, node.budget
    if limit is not None:
        lines.append((limit.span.start, lambda tongue: _limit(limit, "ITEMS", tongue)))
    if budget is not None:
        lines.append((budget.span.start, lambda tongue: budget_words(budget, tongue)))
    sheet.lines(1, lines)


def write_points(sheet: Sheet, node: PointsDecl) -> None:
    """What earns points."""
    sheet.statement(0, node.span, lambda tongue: tongue.word("POINTS_RULES"))
    for line in node.lines:
        sheet.statement(1, line.span, partial(_earn, line))


def _earn(found: EarnLine, tongue: Tongue) -> Phrase:
    per = f"{tongue.word('PER_AMOUNT')} {money(found.per.cents)}" if found.per else ""
    most = ""
    if found.at_most_per_day is not None:
        if tongue.chinese:
            most = f"{tongue.word('EACH_DAY')}{tongue.word('AT_MOST')}{found.at_most_per_day}"
        else:
            most = f"{tongue.word('AT_MOST')} {found.at_most_per_day} {tongue.word('PER_DAY')}"
    return spaced(filtered(found.events, tongue, inner_words), tongue.word("EARNS"), str(found.points), per, most)


def write_tiers(sheet: Sheet, node: TiersDecl) -> None:
    """A ladder of tiers."""
    def say(tongue: Tongue) -> Phrase:
        name = string(node.name.text) if node.name else ""
        by = f"{tongue.word('BY')} {tongue.attribute(node.metric)}" if node.metric else ""
        return spaced(tongue.word("TIERS"), name, by)

    sheet.statement(0, node.span, say)
    for rung in node.rungs:
        sheet.statement(1, rung.span, partial(_rung, rung))


def _rung(found: Rung, tongue: Tongue) -> Phrase:
    word = {"above": "ABOVE", "from": "FROM_MARK", "otherwise": "OTHERS"}[found.relation]
    mark = amount(found.mark) if found.mark is not None else ""
    return spaced(string(found.name.text), tongue.word(word), mark)
