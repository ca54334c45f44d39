"""Values that make tests of one field or attribute true, chosen as near as can be to what is there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any as Anything

from ...program.clock import day_start
from ...program.ir import (
    NUMBER_SCALE,
    All,
    Always,
    Any,
    Compare,
    Condition,
    EventQuery,
    FieldRef,
    InWindow,
    Library,
    Not,
    Operand,
    ValueType,
)
from ...query.calendar import first_date_from
from ...query.normal import normal
from .moments import ends
from .parts import Setting

Value = int | str | None
Test = Compare | InWindow | Not
_MOST_BRANCHES = 32
_OTHERS = 20


def suits(test: Test, value: Value, t: int, zone: str) -> bool:
    """Whether a signed test of one value, seen from t, is true of ``value``."""
    match test:
        case Not(item):
            assert isinstance(item, Compare | InWindow)
            return not suits(item, value, t, zone)
        case InWindow(operand, window):
            if not isinstance(value, int):
                return False
            low, high = ends(window, t, zone)
            instant = day_start(as_date(value), zone) if operand.type is ValueType.DATE else value
            return low <= instant < high
        case Compare():
            return _compares(test.op, value, test.values)


def _compares(op: str, value: Value, constants: Sequence[int | str]) -> bool:
    if op in ("known", "unknown"):
        return (value is None) == (op == "unknown")
    if value is None:
        return False
    match op:
        case "in" | "not_in":
            return (value in constants) == (op == "in")
        case "between":
            return constants[0] <= value <= constants[1]  # type: ignore[operator]
        case "is" | "is_not":
            return (value == constants[0]) == (op == "is")
        case "contains" | "starts" | "ends":
            return _has_part(op, str(value), str(constants[0]))
    return _ORDERED[op](value, constants[0])


def _has_part(op: str, text: str, part: str) -> bool:
    return {"contains": part in text, "starts": text.startswith(part), "ends": text.endswith(part)}[op]


_ORDERED: dict[str, Callable[[Anything, Anything], bool]] = {
    "lt": lambda a, b: a < b, "le": lambda a, b: a <= b, "gt": lambda a, b: a > b, "ge": lambda a, b: a >= b,
}


def value_for(tests: Sequence[Test], kind: ValueType, now: Value, t: int, zone: str, choices: Sequence[str] = ()) -> Setting | None:
    """A value of which all tests are true, the nearest to ``now`` of those at the bounds; None where none is found.

    The result has no name yet.
    """
    candidates = [value for test in tests for value in _bounds(test, kind, t, zone)]
    candidates += [*choices, *_anything(kind, t, zone), None]
    fitting = [value for value in dict.fromkeys(candidates) if all(suits(test, value, t, zone) for test in tests)]
    if not fitting:
        return None
    return Setting("", kind, min(fitting, key=lambda value: _distance(value, now)))


def _distance(value: Value, now: Value) -> tuple[bool, int]:
    near = abs(value - now) if isinstance(value, int) and isinstance(now, int) else 0
    return value is None, near


def _bounds(test: Test, kind: ValueType, t: int, zone: str) -> Iterator[Value]:
    """The values at the bounds of a test and those next to them."""
    if isinstance(test, Not):
        assert isinstance(test.item, Compare | InWindow)
        test = test.item
    if isinstance(test, InWindow):
        yield from _of_window(test, kind, t, zone)
        return
    for constant in test.values:
        yield constant
        yield from _beside(constant, kind)


def _beside(value: int | str, kind: ValueType) -> Iterator[Value]:
    if isinstance(value, str):
        yield f"{value}2"
        return
    match kind:
        case ValueType.DATE:
            yield from (_written(as_date(value) + timedelta(days=days)) for days in (1, -1))
        case ValueType.LUNAR_DATE:
            yield from (101, 1230)
        case ValueType.YES_NO:
            yield 1 - value
        case ValueType.NUMBER:
            yield from (value + NUMBER_SCALE, value - NUMBER_SCALE, value + 1, value - 1)
        case _:
            yield from (value + 1, value - 1)


def _of_window(test: InWindow, kind: ValueType, t: int, zone: str) -> Iterator[Value]:
    low, high = ends(test.window, t, zone)
    for instant in (t, low, high - 1, low - 1, high):
        try:
            day = first_date_from(instant, zone)
        except (OverflowError, ValueError):
            continue
        if kind is ValueType.DATE:
            yield from (_written(day), _written(day - timedelta(days=1)))
        else:
            yield instant


def _anything(kind: ValueType, t: int, zone: str) -> Iterable[Value]:
    """Values where any would do."""
    match kind:
        case ValueType.TEXT:
            return ("1", "2")
        case ValueType.DATE:
            return (_written(first_date_from(t, zone)),)
        case ValueType.LUNAR_DATE:
            return (101, 102)
        case ValueType.INSTANT:
            return (t,)
        case ValueType.YES_NO:
            return (1, 0)
    return (NUMBER_SCALE, 2 * NUMBER_SCALE) if kind is ValueType.NUMBER else (100, 200)


def others_of(kind: ValueType) -> Iterator[int | str]:
    """Some values of a type, one as good as another."""
    for number in range(1, _OTHERS):
        match kind:
            case ValueType.TEXT:
                yield str(number)
            case ValueType.DATE:
                yield _written(date(2000, 1, 1) + timedelta(days=number))
            case ValueType.YES_NO:
                yield number % 2
            case ValueType.NUMBER:
                yield number * NUMBER_SCALE
            case _:
                yield number * 100 + 1


def as_date(written: int) -> date:
    """The date of a number yyyymmdd."""
    return date(written // 10_000, written // 100 % 100, written % 100)


def _written(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day


# Events


def event_like(
    query: EventQuery, more: Sequence[Test], library: Library, t: int, zone: str
) -> tuple[Setting, ...] | None:
    """Fields of an event that a query finds and of which ``more`` is true too, the fewest; None where none are found."""
    for tests in branches(Always(True) if query.where is None else normal(query.where, library)):
        found = _fields_for([*tests, *more], query, t, zone)
        if found is not None:
            return found
    return None


def branches(condition: Condition) -> list[list[Test]]:
    """The tests of which all must be true, one list for each way."""
    match condition:
        case Always(value):
            return [[]] if value else []
        case All(items):
            found: list[list[Test]] = [[]]
            for item in items:
                found = [[*left, *right] for left in found for right in branches(item)][:_MOST_BRANCHES]
            return found
        case Any(items):
            return [branch for item in items for branch in branches(item)][:_MOST_BRANCHES]
    assert isinstance(condition, Compare | InWindow | Not), condition
    return [[condition]]


def speaks_of_time(condition: Condition | None) -> bool:
    """Whether a condition about an event asks when it happened."""
    match condition:
        case All(items) | Any(items):
            return any(speaks_of_time(item) for item in items)
        case Not(item):
            return speaks_of_time(item)
        case InWindow(FieldRef(name)):
            return name == "time"
    return False


def field_of(test: Test) -> Operand:
    """What a signed test of a value is about."""
    if isinstance(test, Not):
        assert isinstance(test.item, Compare | InWindow)
        return test.item.operand
    return test.operand


def _fields_for(tests: Sequence[Test], query: EventQuery, t: int, zone: str) -> tuple[Setting, ...] | None:
    by_field: dict[Operand, list[Test]] = {}
    for test in tests:
        by_field.setdefault(field_of(test), []).append(test)
    found = []
    subjects = [pattern.text for pattern in query.subjects]
    for field, asked in by_field.items():
        assert isinstance(field, FieldRef)
        choices = subjects if field.name == "subject" else ()
        setting = _field_for(field, asked, query, t, zone, choices)
        if setting is None:
            return None
        found.append(setting)
    if subjects and not any(setting.name == "subject" for setting in found):
        found.append(Setting("subject", ValueType.TEXT, subjects[0]))
    return tuple(setting for setting in found if setting.value is not None and setting.name != "time")


def _field_for(
    field: FieldRef, tests: Sequence[Test], query: EventQuery, t: int, zone: str, choices: Sequence[str]
) -> Setting | None:
    if field.name == "time":
        return Setting("time", field.type, t) if all(suits(test, t, t, zone) for test in tests) else None
    if all(suits(test, None, t, zone) for test in tests) and not choices:
        return Setting(field.name, field.type, None)
    if choices:
        asked: list[Test] = [*tests, Compare(field, "in", tuple(choices))]
        exact = value_for(asked, field.type, None, t, zone)
        if exact is not None or not any(pattern.prefix for pattern in query.subjects):
            return None if exact is None else replace(exact, name=field.name)
        fitting = [
            text for test in tests for text in _bounds(test, field.type, t, zone)
            if isinstance(text, str) and any(pattern.matches(text) for pattern in query.subjects)
            and all(suits(one, text, t, zone) for one in tests)
        ]
        return Setting(field.name, field.type, fitting[0]) if fitting else None
    chosen = value_for(tests, field.type, None, t, zone)
    return None if chosen is None else replace(chosen, name=field.name)
