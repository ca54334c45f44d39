"""Values as people read them: money with its sign, instants with their offset, tags with since when they are held."""

from __future__ import annotations

from decimal import Decimal

from ...grammar.messages import render
from ..program.clock import iso
from ..program.ir import (
    Anniversary,
    AttributeRef,
    Compare,
    Condition,
    Did,
    HasTag,
    InWindow,
    MetricRef,
    MomentHas,
    MomentIn,
    Not,
    Received,
    Sample,
    Total,
    ValueType,
)
from ..program.value_words import date_words, money, plain, quoted
from .answers import Shown
from .view import View

_SCALE = 1_000_000
_DRAWS = 2**64
_SHIFT = 2**63
_DECIMALS = Decimal("0.01")


def seen_value(condition: Condition, view: View, lang: str) -> Shown:
    """The value that a test looks at; None where it is unknown, or where there is no single one."""
    match condition:
        case Not(item):
            return seen_value(item, view, lang)
        case Compare(operand) | InWindow(operand) | Anniversary(operand):
            return _operand(operand, view, lang)
        case Did(query):
            return view.total(Total("number", query, None, ValueType.NUMBER))
        case MomentIn() | MomentHas():
            moment = view.moment(condition)
            return None if moment is None else iso(moment, view.zone)
        case HasTag():
            return _held(condition, view, lang)
        case Received():
            return view.received(condition)
        case Sample():
            return share_of(view.draw(condition))
    return None


def _operand(operand: object, view: View, lang: str) -> Shown:
    match operand:
        case MetricRef(name):
            return _operand(view.library.metrics[name], view, lang)
        case Total():
            found = view.total(operand)
            return found if operand.field is None else shown(operand.type, found, view.zone, lang)
        case AttributeRef(name="points"):
            return view.attribute(operand)
        case AttributeRef():
            value = view.attribute(operand)
            return None if value is None else shown(operand.type, value, view.zone, lang)
    return None


def shown(kind: ValueType, value: int | str, zone: str, lang: str) -> str:
    """A stored value as text.

    >>> shown(ValueType.MONEY, 1150, "UTC", "en"), shown(ValueType.INSTANT, 0, "Asia/Shanghai", "en")
    ('¥11.50', '1970-01-01T08:00:00+08:00')
    """
    if isinstance(value, str):
        return value
    match kind:
        case ValueType.MONEY:
            return money(value)
        case ValueType.NUMBER:
            return plain(Decimal(value) / _SCALE)
        case ValueType.DATE:
            return date_words(value)
        case ValueType.LUNAR_DATE:
            return f"{value // 100:02d}-{value % 100:02d}"
        case ValueType.INSTANT:
            return iso(value, zone)
        case ValueType.YES_NO:
            return render("explain.yes" if value else "explain.no", {}, lang)[0]
    return str(value)


def share_of(draw: int) -> str:
    """A draw as the share at which it lies; rounded down, so that it never shows a share it has not reached.

    >>> share_of(0)
    '50.00%'
    """
    parts = (draw + _SHIFT) * 10_000 // _DRAWS
    return f"{(Decimal(parts) / 100).quantize(_DECIMALS)}%"


def _held(test: HasTag, view: View, lang: str) -> Shown:
    held = [
        render("explain.held", {"tag": quoted(tag), "since": iso(since, view.zone)}, lang)[0]
        for tag, since in view.tags(test)
    ]
    return ", ".join(held) if held else None
