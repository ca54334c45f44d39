"""A condition as alternatives of literals: tests that have to be true or false together."""

from __future__ import annotations

from collections.abc import Iterator

from ..ir import All, Always, Any, Compare, Condition, InSegment, Library, MetricRef, Not

MOST_BRANCHES = 256

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
            return [((Compare(library.metrics[name], op, values), wanted),)]
    return [((condition, wanted),)]


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
