"""Tests of one value as they are written: attributes, metrics, fields."""

from __future__ import annotations

from ..syntax import Changed, Comparison, HeldFor, MomentOfAttribute, Operator, Value, YesNo
from .tongue import Tongue
from .values import duration, value, values
from .windows import window

_SIGNS: dict[Operator, str] = {"lt": "LT", "le": "LE", "gt": "GT", "ge": "GE"}
_WORDS: dict[Operator, str] = {
    "is": "IS", "is_not": "IS_NOT", "in": "IN", "not_in": "NOT_IN", "contains": "CONTAINS", "starts": "STARTS_WITH",
    "ends": "ENDS_WITH", "known": "KNOWN", "unknown": "UNKNOWN",
}


def comparison(test: Comparison, tongue: Tongue) -> str:
    """``points >= 500``"""
    return f"{tongue.operand(test.name)} {compared(test.operator, test.values, tongue)}"


def compared(operator: Operator, found: tuple[Value, ...], tongue: Tongue) -> str:
    """An operator with its values; the signs of order are the same in both languages."""
    if operator == "between":
        to = tongue.either("TO", "AND")
        return f"{tongue.word('BETWEEN')} {value(found[0], tongue)} {to} {value(found[1], tongue)}"
    if operator == "is" and tongue.chinese and isinstance(found[0], YesNo):
        return tongue.word("IS_YES" if found[0].value else "IS_NO")
    word = tongue.sign(_SIGNS[operator]) if operator in _SIGNS else tongue.word(_WORDS[operator])
    return f"{word} {values(found, tongue)}" if found else word


def moment_of(test: MomentOfAttribute, tongue: Tongue) -> str:
    """``joined exactly 3 days ago``; the window follows in both languages."""
    return f"{tongue.operand(test.name)} {window(test.window, tongue)}"


def held(test: HeldFor, tongue: Tongue) -> str:
    """``card has been "金卡" for 30 days``"""
    words = f"{tongue.attribute(test.name)} {tongue.word('HAS_BEEN')} {value(test.value, tongue)}"
    so_long = duration(test.duration, tongue)
    return f"{words} {so_long}" if tongue.chinese else f"{words} {tongue.word('FOR')} {so_long}"


def changed(test: Changed, tongue: Tongue) -> str:
    """``card changed``, without its window."""
    return f"{tongue.attribute(test.name)} {tongue.word('CHANGED')}"
