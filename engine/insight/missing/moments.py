"""When facts enter and leave windows. The ends of windows only move forward with t, so that halving finds the instants."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge

from ...program.ir import DAY, Cutoff, CutoffKind, Window
from ...query.calendar import EARLIEST, LATEST, cutoff_instant

HORIZON = 20 * 366 * DAY
"""How far ahead is looked."""
_OF_JOURNEYS = (CutoffKind.ENTRY, CutoffKind.WAIT, CutoffKind.STEP)
_FIXED = (CutoffKind.LOCAL, CutoffKind.LATEST_END)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a new fact can lie: at ``at`` or later; it is in the window from ``since`` on, and must not be later than ``by``."""

    at: int
    since: int
    by: int | None = None


def ends(window: Window | None, t: int, zone: str) -> tuple[int, int]:
    """The instants [low, high) of a window seen from t; what counts from a journey is open."""
    if window is None:
        return EARLIEST, LATEST
    return _end(window.low, t, zone, EARLIEST, LATEST), _end(window.high, t, zone, LATEST, EARLIEST)


def _end(cutoff: Cutoff | None, t: int, zone: str, open_end: int, nothing: int) -> int:
    if cutoff is None or cutoff.kind in _OF_JOURNEYS:
        return open_end
    return cutoff_instant(cutoff, t, zone, nothing)


def inside(instants: Sequence[int], window: Window | None, t: int, zone: str) -> int:
    """How many of the instants lie in the window seen from t, and not after t."""
    low, high = ends(window, t, zone)
    return sum(low <= instant < high and instant <= t for instant in instants)


def first_after(t: int, holds: Callable[[int], bool]) -> int | None:
    """The first instant after t at which something holds that goes on holding; None beyond the horizon."""
    low, high = t, t + HORIZON
    if not holds(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def leaving(instant: int, window: Window | None, t: int, zone: str) -> int | None:
    """The first instant after t from which on a window begins behind ``instant``."""
    low = None if window is None else window.low
    if low is None or low.kind in _OF_JOURNEYS:
        return None
    if low.kind is CutoffKind.T:
        return max(t + 1, instant - low.n - low.plus + 1)
    return first_after(t, lambda then: ends(window, then, zone)[0] > instant)


def entering(instant: int, window: Window | None, t: int, zone: str) -> int | None:
    """The first instant after t from which on a window ends behind ``instant``."""
    high = None if window is None else window.high
    if high is None or high.kind in _OF_JOURNEYS:
        return None
    if high.kind is CutoffKind.T:
        return max(t + 1, instant - high.n - high.plus + 1)
    return first_after(t, lambda then: ends(window, then, zone)[1] > instant)


def turns(instants: Sequence[int], window: Window | None, t: int, zone: str) -> Iterator[int]:
    """The instants after t at which one of ``instants`` (in order) enters or leaves a window, in order."""
    return merge(_each(instants, window, t, zone, entering), _each(instants, window, t, zone, leaving))


Turn = Callable[[int, Window | None, int, str], int | None]


def _each(instants: Sequence[int], window: Window | None, t: int, zone: str, turn: Turn) -> Iterator[int]:
    known: int | None = None
    for instant in instants:
        # What turns at the same boundary of the calendar need not be looked for again.
        if _is_past(instant, window, t if known is None else known, zone, turn):
            continue
        found = turn(instant, window, t, zone)
        if found is None:
            return
        known = found
        yield found


def _is_past(instant: int, window: Window | None, then: int, zone: str, turn: Turn) -> bool:
    low, high = ends(window, then, zone)
    return (low if turn is leaving else high) > instant


def first_inside(instant: int, window: Window | None, t: int, zone: str) -> int | None:
    """The first instant from t on seen from which a window holds ``instant``, which need not have come; None for never."""
    for then in (t, *turns([instant], window, t, zone)):
        low, high = ends(window, then, zone)
        if low <= instant < high:
            return then
    return None


def place_in(window: Window | None, t: int, zone: str) -> Place | None:
    """Where a new fact can lie so that the window takes it in, now or as soon as it does; None where it never can."""
    low, high = ends(window, t, zone)
    if low <= t < high:
        return Place(t, t, _last(window, t, zone))
    if high <= t:
        since = first_after(t, lambda then: ends(window, then, zone)[1] > t)
        return None if since is None else _placed(window, t, since, zone)
    since = first_after(t, lambda then: ends(window, then, zone)[0] <= then)
    return None if since is None else _placed(window, since, since, zone)


def _placed(window: Window | None, at: int, since: int, zone: str) -> Place | None:
    low, high = ends(window, since, zone)
    if low <= at < high:
        return Place(at, since, _last(window, since, zone))
    return Place(since, since, _last(window, since, zone)) if low <= since < high else None


def _last(window: Window | None, t: int, zone: str) -> int | None:
    """The last instant that the window takes in, where its end does not move with t."""
    if window is None or window.high is None or window.high.kind not in _FIXED:
        return None
    return ends(window, t, zone)[1] - 1
