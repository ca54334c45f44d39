"""Steps that nobody comes to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from ....grammar import syntax
from ....grammar.diagnostics import Diagnostic
from .. import ir
from ..identities import all_steps, substeps
from ..windows import clock_minutes
from .clocks import clocks_of
from .material import Material, Pair, warn

_LATE = 120
"""Minutes after which a day's block is skipped as late."""


def unreachable_steps(material: Material) -> Iterator[Diagnostic]:
    """W413: steps behind a ``stop`` on every way. W418: a ``day 0`` block that is past at every entry."""
    for pair in material.pairs:
        for written, block in pair.blocks:
            yield from _behind_stops(pair, written.steps)
            yield from _past_days(pair, written, block)


def _behind_stops(pair: Pair, steps: Sequence[syntax.Step]) -> Iterator[Diagnostic]:
    for before, step in pairwise(steps):
        if always_stops(before):
            yield warn(pair.entry, "W413", step.span, related=[before.span] if isinstance(before, syntax.Stop) else [])
            break
    for step in steps:
        for inner in _lists_in(step):
            yield from _behind_stops(pair, inner)


def _lists_in(step: syntax.Step) -> list[tuple[syntax.Step, ...]]:
    """The lists of steps directly inside a step, each of which is gone through by itself."""
    match step:
        case syntax.If(branches, otherwise):
            return [*(steps for _, steps in branches), otherwise]
        case syntax.WaitFor(_, _, then, otherwise):
            return [then, otherwise]
        case syntax.Split(_, arms):
            return [arm.steps for arm in arms]
    return [tuple(substeps(step))]


def always_stops(step: syntax.Step) -> bool:
    """Whether nobody goes on behind a step."""
    match step:
        case syntax.Stop():
            return True
        case syntax.NamedStep(_, steps):
            return any(always_stops(each) for each in steps)
        case syntax.If() | syntax.WaitFor() | syntax.Split():
            return all(any(always_stops(each) for each in steps) for steps in _lists_in(step))
    return False


def _past_days(pair: Pair, written: syntax.Block, block: ir.Block) -> Iterator[Diagnostic]:
    clocks = clocks_of(block)
    if clocks is None:
        return
    for step, _ in all_steps([written]):
        match step:
            case syntax.DayBlock(0, syntax.Clock() as clock) if min(clocks) > clock_minutes(clock) + _LATE:
                yield warn(pair.entry, "W418", step.span, related=[written.trigger.span])
