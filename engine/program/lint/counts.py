"""Contradictions between how often things are to have happened."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from ..ir import (
    NUMBER_SCALE,
    Compare,
    Condition,
    Did,
    DidOnDays,
    EventQuery,
    Invited,
    Library,
    Received,
    ReceivedRedpacket,
    Total,
    UsedCoupon,
)
from .literals import Branch
from .tags import covers
from .times import lies_inside

Range = tuple[int, int | None]
_Counted = Received | ReceivedRedpacket | UsedCoupon | Invited


def counts_contradict(branch: Branch, library: Library) -> bool:
    """Something is to have happened more often than it may, or than something that includes it."""
    spans = [each for test, wanted in branch for each in _spans(test, wanted)]
    if len(spans) == 1:  # as a rule; hashing a query takes longer than all the rest
        low, high = spans[0][1]
        return high is not None and low > high
    found: dict[object, Range] = {}
    for key, span in spans:
        low, high = found.get(key, (0, None))
        found[key] = (max(low, span[0]), _lesser(high, span[1]))
    if any(high is not None and low > high for low, high in found.values()):
        return True
    events = [(query, span) for query, span in found.items() if isinstance(query, EventQuery)]
    return any(
        most is not None and low > most and is_part(inner, outer)
        for inner, (low, _) in events
        for outer, (_, most) in events
        if inner != outer
    )


def _spans(test: Condition, wanted: bool) -> list[tuple[object, Range]]:
    match test:
        case Did(query, at_least, at_most):
            return [(query, span) for span in _range(at_least, at_most, wanted)]
        case DidOnDays(query, at_least, at_most, in_a_row):
            if wanted:
                # So many days need no fewer events.
                return [(query, (at_least, None))] + [
                    (("days", query), span) for span in _range(at_least, at_most, wanted) if not in_a_row
                ]
            return [(("days", query), span) for span in _range(at_least, at_most, wanted) if not in_a_row]
        case Compare(Total("number", query), op, values):
            return [(query, span) for span in _numbers(op, cast("tuple[int, ...]", values), wanted)]
        case Received() | ReceivedRedpacket() | UsedCoupon() | Invited():
            key = replace(test, at_least=0, at_most=None)
            return [(key, span) for span in _range(test.at_least, test.at_most, wanted)]
    return []


def _range(at_least: int, at_most: int | None, wanted: bool) -> list[Range]:
    if wanted:
        return [(at_least, at_most)]
    if at_most is None:
        return [(0, at_least - 1)]
    return [(at_most + 1, None)] if at_least == 0 else []


def _numbers(op: str, values: tuple[int, ...], wanted: bool) -> list[Range]:
    """The counts that a comparison of a number of events allows; only what is one range is said."""
    if not values:
        return []
    first = values[0]
    up, down = -(-first // NUMBER_SCALE), first // NUMBER_SCALE
    whole = first % NUMBER_SCALE == 0
    spans: dict[str, Range] = {
        "ge": (max(up, 0), None), "gt": (max(down + 1, 0), None), "le": (0, down), "lt": (0, up - 1),
    }
    opposite = {"ge": "lt", "gt": "le", "le": "gt", "lt": "ge"}
    if op in spans:
        return [spans[op if wanted else opposite[op]]]
    if op == "is" and wanted and whole:
        return [(down, down)]
    if op == "between" and wanted:
        return [(max(up, 0), values[1] // NUMBER_SCALE)]
    return []


def _lesser(first: int | None, second: int | None) -> int | None:
    if first is None or second is None:
        return second if first is None else first
    return min(first, second)


def is_part(inner: EventQuery, outer: EventQuery) -> bool:
    """Whether every event of one query is one of another."""
    if inner.event != outer.event or outer.same != inner.same:
        return False
    if outer.where is not None and outer.where != inner.where:
        return False
    if outer.subjects and not (
        inner.subjects and all(any(covers(wide, narrow) for wide in outer.subjects) for narrow in inner.subjects)
    ):
        return False
    return lies_inside(inner.window, outer.window)
