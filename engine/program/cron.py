"""Cron lines: what is accepted, and whether one can ever fire.

Five fields: minute, hour, day of month, month, day of week. Lists, ranges (also over the end, ``22-2``), steps,
month and weekday names, 0 and 7 for Sunday, ``L`` for the last day of the month, ``L5`` for the last Friday,
``5#2`` for the second Friday. Six fields, ``@daily`` and the like, ``W`` and ``?`` are refused.
"""

from __future__ import annotations

import re

from ...grammar.record import record

_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAY_NAMES = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_MONTHS = {name: n for n, name in enumerate(_MONTH_NAMES, 1)}
_WEEKDAYS = {name: n for n, name in enumerate(_WEEKDAY_NAMES)}
_LONGEST = {1: 31, 2: 29, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31, 8: 31, 9: 30, 10: 31, 11: 30, 12: 31}
_PART = re.compile(r"(\*|\w+)(?:-(\w+))?(?:/(\d+))?")


@record
class Field:
    """One of the five: its place, allowed range and names."""

    low: int
    high: int
    names: tuple[tuple[str, int], ...] = ()


@record
class CronFault:
    """Why a cron line is refused: a message ``code`` and the ``part`` that is wrong."""

    code: str
    part: str


_FIELDS = (
    Field(0, 59), Field(0, 23), Field(1, 31), Field(1, 12, tuple(_MONTHS.items())),
    Field(0, 7, tuple(_WEEKDAYS.items())),
)


def check_cron(text: str) -> CronFault | None:
    """Return what is wrong with a cron line, None if it can be read and will fire.

    >>> check_cron("0 9 * * 1-5") is None
    True
    >>> check_cron("0 9 30 2 *").code
    'E334'
    """
    parts = text.lower().split()
    if text.lstrip().startswith("@"):
        return CronFault("E331", text.strip())
    if len(parts) != len(_FIELDS):
        return CronFault("E330", str(len(parts)))
    # Names such as WED contain no lone w, so only days are looked at for it.
    for part in parts:
        if "?" in part or "w" in part.replace("wed", ""):
            return CronFault("E332", part)
    for position, (part, field) in enumerate(zip(parts, _FIELDS, strict=True)):
        if _field_values(part, field, position) is None:
            return CronFault("E333", part)
    if _ever(parts):
        return None
    return CronFault("E334", " ".join(parts[2:4]))


def _field_values(text: str, field: Field, position: int) -> frozenset[int] | None:
    """The plain values of a field; specials (L, #) are allowed but add none. None where it cannot be read."""
    values: set[int] = set()
    pieces = text.split(",")
    for piece in pieces:
        if _is_special(piece, field, position):
            # The second Friday beside a plain weekday has no agreed meaning.
            if position == 4 and not all(_is_special(other, field, position) for other in pieces):
                return None
            continue
        found = _piece_values(piece, field)
        if found is None:
            return None
        values |= found
    return frozenset(values)


def _is_special(piece: str, field: Field, position: int) -> bool:
    if position == 2:
        return piece == "l"
    if position != 4:
        return False
    if piece.startswith("l"):
        return len(piece) > 1 and _value(piece[1:], field) is not None
    day, mark, week = piece.partition("#")
    return bool(mark) and _value(day, field) is not None and week in ("1", "2", "3", "4", "5")


def _piece_values(piece: str, field: Field) -> frozenset[int] | None:
    match = _PART.fullmatch(piece)
    if match is None:
        return None
    first, last, step = match.groups()
    width = int(step) if step else 1
    if width == 0 or width > field.high:
        return None
    if first == "*":
        return None if last else frozenset(range(field.low, field.high + 1, width))
    low = _value(first, field)
    high = low if last is None and step is None else field.high if last is None else _value(last, field)
    if low is None or high is None:
        return None
    if low <= high:
        return frozenset(range(low, high + 1, width))
    return frozenset([*range(low, field.high + 1), *range(field.low, high + 1)])


def _value(text: str, field: Field) -> int | None:
    for name, number in field.names:
        if text == name:
            return number
    if not (text.isascii() and text.isdigit()) or len(text) > 2:
        return None
    number = int(text)
    return number if field.low <= number <= field.high else None


def _ever(parts: list[str]) -> bool:
    # A weekday comes in every month; only a bare day of the month can miss all of its months.
    if parts[4] != "*" or "l" in parts[2].split(","):
        return True
    days = _field_values(parts[2], _FIELDS[2], 2) or frozenset()
    months = _field_values(parts[3], _FIELDS[3], 3) or frozenset()
    return any(day <= _LONGEST[month] for day in days for month in months)
