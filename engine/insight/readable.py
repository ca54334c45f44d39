"""Values as people read them: money with its sign, instants with their offset, draws as shares."""

from __future__ import annotations

from decimal import Decimal

from ...grammar.messages import render
from ..program.clock import iso
from ..program.ir import ValueType
from ..program.words.values import date_words, money, plain

_SCALE = 1_000_000
_DRAWS = 2**64
_SHIFT = 2**63
_DECIMALS = Decimal("0.01")


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
