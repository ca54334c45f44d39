"""Cells to values: what a column of each type takes, and why it refuses the rest.

A cell is the text of a CSV file, or a text, number, yes/no or null of JSON. An empty one is None: unknown. Faults name
the column, never the value, which may be personal.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfoNotFoundError

from ...program.clock import zone_of
from ...program.ir import ValueType
from .instants import read_instant
from .report import RowError

Scalar = str | int | Decimal | bool
Cell = Scalar | list[object] | dict[str, object] | None
Value = int | str | None

MOST_CHARACTERS = 10_000
INTEGER_LIMIT = 2**63 - 1
POINTS_LIMIT = 10**12

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d+)?|\.\d+)", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_LUNAR = re.compile(r"(\d\d)-(\d\d)", re.ASCII)
_POWERS = {2: 100, 6: 1_000_000}
_YES = frozenset({"true", "yes", "是"})
_NO = frozenset({"false", "no", "否"})


def read_value(value_type: ValueType, cell: Cell, column: str, zone: str) -> Value:
    """Return the value of ``cell`` in the units of ``ir``, None where it is empty; raises RowError."""
    if cell is None:
        return None
    if isinstance(cell, list | dict):
        raise RowError("S128", column=column)
    if isinstance(cell, str):
        cell = read_text(cell, column)
        if cell is None:
            return None
    if value_type is ValueType.INSTANT:
        return _instant(cell, column, zone)
    return _READERS[value_type](cell, column)


def read_text(cell: Cell, column: str) -> str | None:
    """Return a text in NFC without outer white space, None where it is empty; raises RowError."""
    if cell is None:
        return None
    if not isinstance(cell, str):
        raise RowError("S128" if isinstance(cell, list | dict) else "S102", column=column)
    text = cell.strip()
    if not text.isascii():
        text = _normal(text, column)
    if "\0" in text:
        raise RowError("S103", column=column)
    if len(text) > MOST_CHARACTERS:
        raise RowError("S104", column=column, most=MOST_CHARACTERS)
    return text or None


def _normal(text: str, column: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise RowError("S105", column=column) from None
    return unicodedata.normalize("NFC", text)


def is_empty(cell: Cell) -> bool:
    """Whether a cell says that something is unknown."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def require(value: str | None, column: str) -> str:
    """Return ``value``; raises RowError where it is empty."""
    if value is None:
        raise RowError("S101", column=column)
    return value


def read_points(cell: Cell, column: str) -> int | None:
    """Return whole points, None where the cell is empty; raises RowError for parts of a point."""
    value = read_value(ValueType.NUMBER, cell, column, "UTC")
    if value is None:
        return None
    whole, rest = divmod(int(value), 1_000_000)
    if rest:
        raise RowError("S132", column=column)
    if abs(whole) > POINTS_LIMIT:
        raise RowError("S108", column=column)
    return whole


def _text(cell: Scalar, column: str) -> str:
    if not isinstance(cell, str):
        raise RowError("S102", column=column)
    return cell


def _scaled(cell: Scalar, column: str, places: int) -> int:
    if isinstance(cell, bool) or (isinstance(cell, str) and not (_NUMBER.fullmatch(cell) and len(cell) < 64)):
        raise RowError("S106", column=column)
    scaled = cell * _POWERS[places] if isinstance(cell, int) else _shifted(Decimal(cell), column, places)
    if abs(scaled) > INTEGER_LIMIT:
        raise RowError("S108", column=column)
    return scaled


def _shifted(number: Decimal, column: str, places: int) -> int:
    sign, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int):
        raise RowError("S106", column=column)
    if exponent < -places:
        raise RowError("S107", column=column, most=places)
    # Beyond this a power of ten would be built that no column can hold.
    if exponent > 30 or len(digits) > 64:
        raise RowError("S108", column=column)
    magnitude = int("".join(map(str, digits)) + "0" * (exponent + places))
    return -magnitude if sign else magnitude


def _number(cell: Scalar, column: str) -> int:
    return _scaled(cell, column, 6)


def _money(cell: Scalar, column: str) -> int:
    return _scaled(cell, column, 2)


def _day(cell: Scalar, column: str) -> int:
    if not isinstance(cell, str) or not _DATE.fullmatch(cell):
        raise RowError("S109", column=column)
    try:
        day = date.fromisoformat(cell)
    except ValueError:
        raise RowError("S109", column=column) from None
    return day.year * 10_000 + day.month * 100 + day.day


def _lunar(cell: Scalar, column: str) -> int:
    found = _LUNAR.fullmatch(cell) if isinstance(cell, str) else None
    if found is None or not (1 <= int(found[1]) <= 12 and 1 <= int(found[2]) <= 30):
        raise RowError("S110", column=column)
    return int(found[1]) * 100 + int(found[2])


def _instant(cell: Scalar, column: str, zone: str) -> int:
    if not isinstance(cell, str):
        raise RowError("S112", column=column)
    return read_instant(cell, zone, column)


def _yes_no(cell: Scalar, column: str) -> int:
    if isinstance(cell, bool):
        return int(cell)
    word = cell.lower() if isinstance(cell, str) else ""
    if word not in _YES and word not in _NO:
        raise RowError("S113", column=column)
    return int(word in _YES)


def check_zone(name: str, column: str) -> str:
    """Return ``name`` if it is an IANA zone or UTC; raises RowError."""
    try:
        zone_of(name)
    # A folder of the zone database, a path out of it, and a name it does not have.
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise RowError("S114", column=column) from None
    return name


_READERS: dict[ValueType, Callable[[Scalar, str], int | str]] = {
    ValueType.TEXT: _text,
    ValueType.NUMBER: _number,
    ValueType.MONEY: _money,
    ValueType.DATE: _day,
    ValueType.LUNAR_DATE: _lunar,
    ValueType.YES_NO: _yes_no,
}
