"""A condition as alternatives of literals: tests that have to be true or false together."""

from __future__ import annotations

from collections.abc import Iterator

from ..ir import All, Always, Any, Compare, Condition, Did, HasTag, InSegment, Library, MetricRef, Not

MOST_BRANCHES = 256
_FEW = 3
"""So many tags are told apart; of longer lists only what all of them have in common is known."""

Literal = tuple[Condition, bool]
"""A test, and whether it is to be true."""
Branch = tuple[Literal, ...]


def branches(condition: Condition, library: Library, wanted: bool = True) -> list[Branch] | None:
    """The alternatives of a condition, segments and metrics put in place; None where they are too many to look at."""
    match condition:
        case Always(value):
            return [()] if value == wanted else []
        case Not(item):
            return branches(item, library, not wanted)
        case InSegment(name):
            found = library.segments.get(name)
            return [((condition, wanted),)] if found is None else branches(found, library, wanted)
        case All(items) | Any(items):
            parts = [branches(item, library, wanted) for item in items]
            if any(part is None for part in parts):
                return None
            known = [part for part in parts if part is not None]
            return _both(known) if isinstance(condition, All) == wanted else _either(known)
        case Compare(MetricRef(name), op, values) if name in library.metrics:
            return branches(Compare(library.metrics[name], op, values), library, wanted)
        case HasTag(patterns, window) if wanted and len(patterns) <= _FEW:
            return [((HasTag((pattern,), window), True),) for pattern in patterns]
    return _outside(condition) if not wanted else [((condition, wanted),)]


def _outside(condition: Condition) -> list[Branch]:
    """The alternatives of a test that is not to be true: below and above, of one that says between."""
    match condition:
        case Compare(operand, "between", (low, high)):
            tests: list[Condition] = [
                Compare(operand, "lt", (low,)), Compare(operand, "gt", (high,)), Compare(operand, "unknown")
            ]
            return [((test, True),) for test in tests]
        case Did(query, at_least, int(at_most)) if at_least:
            return [((Did(query, 0, at_least - 1), True),), ((Did(query, at_most + 1), True),)]
    return [((condition, False),)]


def _either(parts: list[list[Branch]]) -> list[Branch] | None:
    found = [branch for part in parts for branch in part]
    return found if len(found) <= MOST_BRANCHES else None


def _both(parts: list[list[Branch]]) -> list[Branch] | None:
    found: list[Branch] = [()]
    for part in parts:
        found = [(*before, *branch) for before in found for branch in part]
        if len(found) > MOST_BRANCHES:
            return None
    return found


def tests_in(condition: Condition, library: Library) -> Iterator[Condition]:
    """Every test of a condition, those of its segments included."""
    match condition:
        case Always():
            return
        case Not(item):
            yield from tests_in(item, library)
        case All(items) | Any(items):
            for item in items:
                yield from tests_in(item, library)
        case InSegment(name) if name in library.segments:
            yield from tests_in(library.segments[name], library)
        case _:
            yield condition
