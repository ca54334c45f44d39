"""The rungs of a ladder as ranges of what the ladder goes by."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any as Anything

from ..program.ir import All, Always, Any, Compare, CompareOp, Condition, Ladder, Not, Rung

_MATCHES: dict[CompareOp, Callable[[str, tuple[Anything, ...]], bool]] = {
    "is": lambda name, wanted: name == wanted[0],
    "is_not": lambda name, wanted: name != wanted[0],
    "in": lambda name, wanted: name in wanted,
    "not_in": lambda name, wanted: name not in wanted,
    "contains": lambda name, wanted: wanted[0] in name,
    "starts": lambda name, wanted: name.startswith(wanted[0]),
    "ends": lambda name, wanted: name.endswith(wanted[0]),
}


def on_rungs(ladder: Ladder, op: CompareOp, wanted: tuple[int | str, ...]) -> Condition:
    """The test of a member's rung as one of the ladder's operand.

    Who is on no rung has an unknown one; ``otherwise`` takes everybody left, an unknown operand included.
    """
    if op in ("known", "unknown"):
        known = _reached(ladder, ladder.rungs[-1])
        return known if op == "known" else Not(known)
    matches = _MATCHES[op]
    found = tuple(standing for rung, standing in _standings(ladder) if matches(rung.name, wanted))
    return Any(found) if found else Always(False)


def _standings(ladder: Ladder) -> Iterator[tuple[Rung, Condition]]:
    """Each rung with the condition of standing on it: reaching it and not the one above."""
    above: Condition | None = None
    for rung in ladder.rungs:
        reached = _reached(ladder, rung)
        yield rung, reached if above is None else All((reached, Not(above)))
        above = reached


def _reached(ladder: Ladder, rung: Rung) -> Condition:
    """Whether a member stands on a rung or above it."""
    if rung.mark is None:
        return Always(True)
    return Compare(ladder.operand, "ge" if rung.included else "gt", (rung.mark,))
