"""Contradictions between the values that an attribute, total or rung is to have."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from ..ir import (
    NUMBER_SCALE,
    AttributeRef,
    Compare,
    CompareOp,
    HeldFor,
    InvitedNumber,
    InWindow,
    LadderRef,
    Library,
    Operand,
    Sample,
    Total,
    ValueType,
)
from .literals import Branch

Value = int | str
_OPPOSITES: dict[CompareOp, CompareOp] = {
    "is": "is_not", "is_not": "is", "in": "not_in", "not_in": "in", "lt": "ge", "le": "gt", "gt": "le", "ge": "lt",
}
_SHARES = 10_000


def values_contradict(branch: Branch, library: Library) -> bool:
    """No value of some operand passes all its tests, or no draw lies in all its samples."""
    return any(
        _is_empty(operand, wanted, barred, library) for operand, (wanted, barred) in _by_operand(branch).items()
    ) or _samples_contradict(branch)


def _by_operand(branch: Branch) -> dict[Operand, tuple[list[Compare], list[Compare]]]:
    found: dict[Operand, tuple[list[Compare], list[Compare]]] = {}
    for test, wanted in branch:
        if isinstance(test, HeldFor):
            test = Compare(test.operand, "is", (test.value,))
            if not wanted:
                continue
        if isinstance(test, InWindow):
            test = Compare(test.operand, "known")
            if not wanted:
                continue
        if isinstance(test, Compare):
            found.setdefault(test.operand, ([], []))[0 if wanted else 1].append(test)
    return found


def _is_empty(operand: Operand, wanted: list[Compare], barred: list[Compare], library: Library) -> bool:
    unknown = [test for test in wanted if test.op == "unknown"] + [test for test in barred if test.op == "known"]
    known = [test for test in wanted if test.op != "unknown"] + [test for test in barred if test.op == "unknown"]
    if unknown:
        return bool(known) or always_known(operand)
    if not known and not always_known(operand):
        return False  # an unknown value passes all that are not to be true
    allowed = _Allowed(_choices(operand, library))
    for test in wanted:
        allowed.narrow(test.op, test.values, operand)
    for test in barred:
        if test.op in _OPPOSITES:
            allowed.narrow(_OPPOSITES[test.op], test.values, operand)
        elif test.op in _TEXT_TESTS:
            allowed.bar(test.op, str(test.values[0]))
    return allowed.is_empty()


def always_known(operand: Operand) -> bool:
    """Whether an operand has a value for everybody."""
    match operand:
        case AttributeRef(name):
            return name in ("id", "points")
        case Total(kind):
            return kind in ("sum", "number", "distinct")
        case InvitedNumber():
            return True
    return False


def _choices(operand: Operand, library: Library) -> frozenset[Value] | None:
    match operand:
        case AttributeRef(name, kind):
            declared = library.attributes.get(name)
            if kind is ValueType.YES_NO:
                return frozenset((0, 1))
            return frozenset(declared.choices) if declared is not None and declared.choices else None
        case LadderRef(name):
            return frozenset(rung.name for rung in library.ladders[name].rungs) if name in library.ladders else None
    return None


def is_whole(operand: Operand) -> bool:
    """Whether an operand's numbers are whole, so that nothing lies between two that follow each other."""
    match operand:
        case AttributeRef(name):
            return name == "points"
        case Total(kind):
            return kind in ("number", "distinct")
    return isinstance(operand, InvitedNumber)


_TEXT_TESTS: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda text, part: part in text,
    "starts": lambda text, part: text.startswith(part),
    "ends": lambda text, part: text.endswith(part),
}


@dataclass(slots=True)
class _Allowed:
    """The values still allowed: ``only`` these if given, between the ends (open or not), but for ``barred``."""

    only: frozenset[Value] | None
    low: tuple[int, bool] | None = None
    high: tuple[int, bool] | None = None
    barred: set[Value] = field(default_factory=set)
    starts: list[str] = field(default_factory=list)
    parts: list[tuple[str, str, bool]] = field(default_factory=list)
    least: int | None = None
    whole: bool = False

    def narrow(self, op: CompareOp, values: tuple[Value, ...], operand: Operand) -> None:
        self.whole = is_whole(operand)
        if isinstance(operand, Total | InvitedNumber) and self.whole:
            self._raise(0, is_open=False)
        match op:
            case "is" | "in":
                self._keep(values)
            case "is_not" | "not_in":
                self.barred.update(values)
            case "between":
                self._raise(int(values[0]), is_open=False)
                self._lower(int(values[1]), is_open=False)
            case "gt" | "ge":
                self._raise(int(values[0]), is_open=op == "gt")
            case "lt" | "le":
                self._lower(int(values[0]), is_open=op == "lt")
            case "starts" | "contains" | "ends":
                self.parts.append((op, str(values[0]), True))

    def bar(self, op: str, part: str) -> None:
        self.parts.append((op, part, False))

    def _keep(self, values: Iterable[Value]) -> None:
        found = frozenset(values)
        self.only = found if self.only is None else self.only & found

    def _raise(self, value: int, *, is_open: bool) -> None:
        if self.low is None or (value, is_open) > self.low:
            self.low = (value, is_open)

    def _lower(self, value: int, *, is_open: bool) -> None:
        if self.high is None or (value, not is_open) < (self.high[0], not self.high[1]):
            self.high = (value, is_open)

    def is_empty(self) -> bool:
        if self.only is not None:
            return not any(self._passes(value) for value in self.only)
        return self._no_number() or self._no_text()

    def _passes(self, value: Value) -> bool:
        if value in self.barred:
            return False
        if isinstance(value, str):
            return all(_TEXT_TESTS[op](value, part) is wanted for op, part, wanted in self.parts)
        above = self.low is None or value > self.low[0] or (value == self.low[0] and not self.low[1])
        below = self.high is None or value < self.high[0] or (value == self.high[0] and not self.high[1])
        return above and below

    def _no_number(self) -> bool:
        if self.low is None or self.high is None:
            return False
        if self.whole:
            first = self.low[0] // NUMBER_SCALE + (1 if self.low[1] or self.low[0] % NUMBER_SCALE else 0)
            last = -(-self.high[0] // NUMBER_SCALE) - (1 if self.high[1] or self.high[0] % NUMBER_SCALE else 0)
            return first > last or (last - first < len(self.barred) and all(
                number * NUMBER_SCALE in self.barred for number in range(first, last + 1)
            ))
        if self.low[0] == self.high[0]:
            return self.low[1] or self.high[1] or self.low[0] in self.barred
        return self.low[0] > self.high[0]

    def _no_text(self) -> bool:
        starts = sorted({part for op, part, wanted in self.parts if op == "starts" and wanted}, key=len)
        if any(not longer.startswith(shorter) for shorter, longer in itertools.pairwise(starts)):
            return True
        needed = [(op, part) for op, part, wanted in self.parts if wanted]
        return any(
            not wanted and any(_implies(has, op, part) for has in needed) for op, part, wanted in self.parts
        )


def _implies(has: tuple[str, str], op: str, part: str) -> bool:
    """Whether a text that starts, ends with or contains something also does what is barred."""
    kind, text = has
    if op == "contains":
        return part in text
    return kind == op and _TEXT_TESTS[op](text, part)


def _samples_contradict(branch: Branch) -> bool:
    spans: dict[str, list[tuple[int, int]]] = {}
    for test, wanted in branch:
        if not isinstance(test, Sample):
            continue
        left = spans.setdefault(test.name, [(0, _SHARES)])
        inside = [(test.low, test.high)] if wanted else [(0, test.low), (test.high, _SHARES)]
        spans[test.name] = [
            (max(a, low), min(b, high)) for a, b in left for low, high in inside if max(a, low) < min(b, high)
        ]
    return any(not left for left in spans.values())
