"""What a condition depends on, as far as it matters for when it may have become true."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import reduce

from ..program.ir import (
    All,
    Always,
    Any,
    Compare,
    Condition,
    Cutoff,
    CutoffKind,
    Did,
    EventQuery,
    InWindow,
    Library,
    MomentHas,
    Not,
    Total,
    Window,
)
from ..query.normal import normal

_STANDING = frozenset({CutoffKind.ENTRY, CutoffKind.WAIT, CutoffKind.STEP, CutoffKind.LOCAL})


@dataclass(frozen=True, slots=True)
class Reads:
    """The ``events`` that a condition names, by type; ``only`` says that nothing but such an event can change it.

    A window that moves with t, and whatever is no event, may change it at any instant.
    """

    events: frozenset[str] = frozenset()
    only: bool = True

    def and_of(self, other: Reads) -> Reads:
        """What two conditions read together."""
        return Reads(self.events | other.events, self.only and other.only)


def reads_of(condition: Condition, library: Library) -> Reads:
    """What a condition reads, inside the segments, metrics and ladders that it names as well."""
    return _together(_parts(normal(condition, library)))


def _together(parts: Iterator[Reads]) -> Reads:
    return reduce(Reads.and_of, parts, Reads())


def _parts(condition: Condition) -> Iterator[Reads]:
    """What the tests of a condition in normal form read."""
    match condition:
        case Always():
            return
        case All(items=items) | Any(items=items):
            for item in items:
                yield from _parts(item)
        case Not(item=item):
            yield from _parts(item)
        case Did(query=query) | Compare(operand=Total(query=query)) | MomentHas(query=query):
            yield _of_query(query)
        case _:
            yield replace(_queries_within(condition), only=False)


def _of_query(query: EventQuery) -> Reads:
    own = Reads(events=frozenset({query.event}), only=_stands(query.window) and _fields_stand(query.where))
    since = None if query.window is None else query.window.since
    return own if since is None else own.and_of(_of_query(since.query))


def _queries_within(condition: Condition) -> Reads:
    """The events that any other test names."""
    query, window = getattr(condition, "query", None), getattr(condition, "window", None)
    own = _of_query(query) if isinstance(query, EventQuery) else Reads()
    if isinstance(window, Window) and window.since is not None:
        return own.and_of(_of_query(window.since.query))
    return own


def _stands(window: Window | None) -> bool:
    """Whether a window only grows at its upper end as t goes on."""
    if window is None:
        return True
    return (window.low is None or window.low.kind in _STANDING) and (window.high is None or _is_now(window.high))


def _is_now(high: Cutoff) -> bool:
    return high.kind is CutoffKind.T and high.n + high.plus == 1


def _fields_stand(where: Condition | None) -> bool:
    match where:
        case All(items=items) | Any(items=items):
            return all(_fields_stand(item) for item in items)
        case Not(item=item):
            return _fields_stand(item)
        case InWindow(window=window):
            return all(end is None or end.kind in _STANDING for end in (window.low, window.high))
        case _:
            return True
