"""Constants: a written value in the unit of what it is compared with."""

from __future__ import annotations

from decimal import Decimal

from ...grammar import syntax
from ...grammar.fixes import rename
from ...grammar.nearest import nearest
from . import ir
from .entries import Entry
from .ir import ValueType
from .scope import CheckSettings
from .windows import yyyymmdd

_YUAN_CURRENCIES = frozenset({"CNY", "JPY"})
_LIMIT = 2**63 - 1
_CENTS = 100
_EXPECTED = {
    ValueType.NUMBER: "E301",
    ValueType.MONEY: "E302",
    ValueType.TEXT: "E303",
    ValueType.DATE: "E304",
    ValueType.INSTANT: "E304",
    ValueType.YES_NO: "E305",
    ValueType.LUNAR_DATE: "E306",
}


def as_written(value: syntax.Value) -> str:
    """Return a value in words for a message."""
    match value:
        case syntax.Text(text):
            return f'"{text}"'
        case syntax.Number(text):
            return text
        case syntax.Money(cents):
            return f"¥{Decimal(cents) / 100:f}"
        case syntax.Share(parts):
            return f"{Decimal(parts) / 100:f}%"
        case syntax.Date(day):
            return day.isoformat()
        case syntax.Instant(instant):
            return instant.isoformat(" ", "minutes")
        case syntax.YesNo(yes):
            return "yes/为是" if yes else "no/为否"


def constant(
    entry: Entry, settings: CheckSettings, name: str, wanted: ValueType, value: syntax.Value,
    choices: tuple[str, ...] = (),
) -> int | str | None:
    """Return ``value`` as ``wanted``, None with an error where it is another kind of thing."""
    match wanted, value:
        case ValueType.TEXT, syntax.Text(text):
            return _chosen(entry, name, value, text, choices)
        case ValueType.NUMBER, syntax.Number(text):
            return _scaled(entry, value, text, ir.NUMBER_SCALE)
        case ValueType.MONEY, syntax.Money(cents):
            return cents if money_fits(entry, settings, value) else None
        case ValueType.MONEY, syntax.Number(text):
            return _scaled(entry, value, text, _CENTS)
        case ValueType.DATE, syntax.Date(day):
            return yyyymmdd(day)
        case ValueType.YES_NO, syntax.YesNo(yes):
            return int(yes)
    entry.error(_EXPECTED[wanted], value.span, name=name, found=as_written(value))
    return None


def money_fits(entry: Entry, settings: CheckSettings, value: syntax.Money) -> bool:
    """Whether ``¥`` means something here: only where the currency is CNY or JPY (else an error)."""
    if settings.currency not in _YUAN_CURRENCIES:
        entry.error("E312", value.span, currency=settings.currency)
        return False
    if abs(value.cents) > _LIMIT:
        entry.error("E325", value.span)
        return False
    return True


def expected_code(wanted: ValueType) -> str:
    """Return the code that says a value should have been of type ``wanted``."""
    return _EXPECTED[wanted]


def _chosen(entry: Entry, name: str, value: syntax.Text, text: str, choices: tuple[str, ...]) -> str | None:
    if not choices or text in choices:
        return text
    near = nearest(text, choices)
    fix = rename(value.span, entry.text, near, choices) if near else None
    entry.error(
        "E314", value.span, hint="near" if near else None, fix=fix, name=name, value=text, choices=", ".join(choices),
        near=near or "",
    )
    return None


def _scaled(entry: Entry, value: syntax.Number, text: str, scale: int) -> int | None:
    # The parser allows no more digits than a decimal keeps exactly, and no more decimals than a number has.
    scaled = Decimal(text) * scale
    if scaled != scaled.to_integral_value():
        entry.error("E310", value.span)
        return None
    if abs(scaled) > _LIMIT:
        entry.error("E325", value.span)
        return None
    return int(scaled)
