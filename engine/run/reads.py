"""What a condition depends on, as far as it matters for when it may have become true."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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

    events: frozenset[str]
    only: bool


@dataclass(frozen=True, slots=True)
class News:
    """What is new to journeys: facts behind ``mark``, and what lay ahead at the instant ``handled`` and has come."""

    mark: int
    handled: int

    @property
    def values(self) -> dict[str, int]:
        """The names under which statements bind them."""
        return {"since_mark": self.mark, "handled": self.handled}


def reads_of(condition: Condition, library: Library) -> Reads:
    """What a condition reads, inside the segments, metrics and ladders that it names as well."""
    found = list(_parts(normal(condition, library)))
    events = frozenset(query.event for query, _ in found if query is not None)
    return Reads(events, all(stands for _, stands in found))


def _parts(condition: Condition) -> Iterator[tuple[EventQuery | None, bool]]:
    """The queries of a condition in normal form, each with whether its answer changes by its events alone."""
    match condition:
        case Always():
            return
        case All(items=items) | Any(items=items):
            for item in items:
                yield from _parts(item)
        case Not(item=item):
            yield from _parts(item)
        case Did(query=query) | Compare(operand=Total(query=query)) | MomentHas(query=query):
            yield from _of_query(query)
        case _:
            yield from _queries_within(condition)
            yield None, False


def _of_query(query: EventQuery) -> Iterator[tuple[EventQuery | None, bool]]:
    yield query, _stands(query.window) and _fields_stand(query.where)
    if query.window is not None and query.window.since is not None:
        yield from _of_query(query.window.since.query)


def _queries_within(condition: Condition) -> Iterator[tuple[EventQuery | None, bool]]:
    """The events that any other test names."""
    query = getattr(condition, "query", None)
    if isinstance(query, EventQuery):
        yield from _of_query(query)
    window = getattr(condition, "window", None)
    if isinstance(window, Window) and window.since is not None:
        yield from _of_query(window.since.query)


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
