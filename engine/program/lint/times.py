"""Windows of time compared, as far as that does not depend on the instant they are seen from."""

from __future__ import annotations

from itertools import combinations

from ..ir import (
    DAY,
    HOUR,
    Compare,
    Condition,
    Cutoff,
    CutoffKind,
    Did,
    DidOnDays,
    InWindow,
    Library,
    MomentIn,
    Received,
    Total,
    Window,
)
from .literals import Branch

_CLOCKS_MOVE = 3 * HOUR
"""More than the clocks of any zone are put forward or back within some days."""
_ORDERED = (CutoffKind.T, CutoffKind.DAY, CutoffKind.WEEK, CutoffKind.MONTH, CutoffKind.YEAR, CutoffKind.LOCAL)


def windows_contradict(branch: Branch, library: Library) -> bool:
    """An instant is to lie in windows that have nothing in common, or in one that is empty."""
    asked = [each for test, wanted in branch if wanted for each in _asked(test)]
    if any(is_empty(window) for _, window in asked):
        return True
    return any(
        are_apart(first, second) and key == other for (key, first), (other, second) in combinations(asked, 2)
    )


def _asked(test: Condition) -> list[tuple[object, Window]]:
    match test:
        case InWindow(operand, window):
            return [(operand, window)]
        case MomentIn(which, query, window):
            return [((which, query), window)]
        case Did(query, at_least) | DidOnDays(query, at_least) if at_least and query.window is not None:
            return [(test, query.window)]
        case Received(window=Window() as window, at_least=at_least) if at_least:
            return [(test, window)]
        case Compare(Total("number" | "distinct", query), "ge" | "gt" | "is", (int(value),)) if value > 0:
            return [(test, query.window)] if query.window is not None else []
    return []


def before(first: Cutoff | None, second: Cutoff | None) -> bool | None:
    """Whether a cutoff lies before another, or at it, from wherever they are seen; None where that is not known."""
    if first is None or second is None:
        return None
    if {first.kind, second.kind} == {CutoffKind.T, CutoffKind.DAY}:
        return _day_before(first, second)
    if first.kind is not second.kind or first.kind not in _ORDERED:
        return None
    if first.kind is not CutoffKind.T and first.kind is not CutoffKind.LOCAL and first.plus != second.plus:
        return None
    return (first.n, first.plus) <= (second.n, second.plus)


def _day_before(first: Cutoff, second: Cutoff) -> bool | None:
    """The same for t moved against the start of a day; the day of t began at most a day, clocks put back, before t."""
    if first.kind is CutoffKind.T:
        surely = first.plus + first.n <= (second.n - 1) * DAY - _CLOCKS_MOVE + second.plus
        never = first.plus + first.n > second.n * DAY + _CLOCKS_MOVE + second.plus
    else:
        surely = first.n * DAY + _CLOCKS_MOVE + first.plus <= second.plus + second.n
        never = (first.n - 1) * DAY - _CLOCKS_MOVE + first.plus > second.plus + second.n
    return True if surely else False if never else None


def is_empty(window: Window) -> bool:
    """Whether nothing lies in a window, from wherever it is seen."""
    return bool(before(window.high, window.low))


def are_apart(first: Window, second: Window) -> bool:
    """Whether two windows have nothing in common."""
    return bool(before(first.high, second.low)) or bool(before(second.high, first.low))


def lies_inside(inner: Window | None, outer: Window | None) -> bool:
    """Whether a window of what has happened by t lies inside another, from wherever they are seen."""
    if outer is None:
        return True
    if inner is None or outer.since is not None:
        return inner == outer
    starts = outer.low is None or bool(before(outer.low, inner.low))
    return starts and (_reaches_now(outer.high) or bool(before(inner.high, outer.high)))


def _reaches_now(high: Cutoff | None) -> bool:
    """Whether an end cuts off nothing that has happened by t."""
    if high is None:
        return True
    if high.kind is CutoffKind.T:
        return (high.n, high.plus) >= (0, 1)
    return high.kind in (CutoffKind.DAY, CutoffKind.WEEK, CutoffKind.MONTH, CutoffKind.YEAR) and high.n >= 1
