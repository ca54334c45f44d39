"""Schedules that tell the same people the same again."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from ....grammar import syntax
from ....grammar.diagnostics import Diagnostic
from .. import ir
from .clocks import clocks_of
from .material import Material, Pair, nodes, warn
from .moving import Change, moves, period_of


def told_again(material: Material) -> Iterator[Diagnostic]:
    """W412: a repeating schedule whose audience stays, with the same push, and no re-entry line."""
    for pair in material.pairs:
        for written, block in pair.blocks:
            period = period_of(block)
            if period is None or block.reentry is not None or not _says_the_same(block):
                continue
            if not stays(material, pair.playbook, block, period) or _once_only(pair.playbook, block, period):
                continue
            yield warn(pair.entry, "W412", written.trigger.span, name=pair.playbook.name)


def _says_the_same(block: ir.Block) -> bool:
    """Whether a block pushes a text that is the same each time to whoever enters.

    Behind a branch or a wait for something it depends on what they do meanwhile.
    """
    for_all = takewhile(lambda i: not isinstance(i, ir.Branch | ir.WaitFor), block.code)
    return any(isinstance(i, ir.Push) and i.rotation is None for i in for_all)


def stays(material: Material, playbook: ir.Playbook, block: ir.Block, period: int) -> bool:
    """Whether who is in the audience of a block at one occurrence is in it at the next as well."""
    if playbook.take is not None and playbook.take.by is None:
        return False
    if playbook.groups is not None and playbook.groups.created is not None:
        return False
    change = Change.of(block)
    audiences = [playbook.audience, *([block.audience] if block.audience is not None else [])]
    return not any(moves(audience, period, change, material.library) for audience in audiences)


def _once_only(playbook: ir.Playbook, block: ir.Block, period: int) -> bool:
    """Whether dates let a schedule fall due about once."""
    windows = [playbook.active, *([block.limits.window] if block.limits and block.limits.window else [])]
    for window in windows:
        low, high = window.low, window.high
        if low is not None and high is not None and low.kind is high.kind and 0 <= high.n - low.n <= period:
            return True
    times = block.limits.times if block.limits else None
    spans = times.spans if times is not None else ()
    return bool(spans) and spans[-1][1] - spans[0][0] <= period


def samples_again(material: Material) -> Iterator[Diagnostic]:
    """W414: a sample in the audience of a repeating schedule, which is the same members each time.

    A sample with a name of its own in an audience that moves is an experiment, and meant so.
    """
    for pair in material.pairs:
        for written, block in pair.blocks:
            period = period_of(block)
            if period is None:
                continue
            still = block.reentry is None and stays(material, pair.playbook, block, period)
            for sample in _samples(pair, written):
                if sample.name is None or still:
                    yield warn(pair.entry, "W414", sample.span, related=[written.trigger.span])


def _samples(pair: Pair, block: syntax.Block) -> Iterator[syntax.InSample]:
    if block is pair.written.blocks[0]:
        yield from (node for node in nodes(pair.audience) if isinstance(node, syntax.InSample))
    yield from (node for node in nodes(block.audience) if isinstance(node, syntax.InSample))


def days_meant(material: Material) -> Iterator[Diagnostic]:
    """W442: ``within 1 day`` under fixed clocks, where the calendar day before or the present one is meant."""
    for pair in material.pairs:
        by_clock = [_has_clocks(block) for block in pair.playbook.blocks]
        if by_clock and all(by_clock):
            yield from _days_in(pair, pair.audience)
        for (written, _), fixed in zip(pair.blocks, by_clock, strict=True):
            if fixed:
                yield from _days_in(pair, written.audience)


def _has_clocks(block: ir.Block) -> bool:
    # An interval comes round so often that a calendar day makes no sense for it.
    return clocks_of(block) is not None and not isinstance(block.trigger, ir.Interval | ir.ActivityEdge)


def _days_in(pair: Pair, condition: syntax.Condition | None) -> Iterator[Diagnostic]:
    for node in nodes(condition):
        if isinstance(node, syntax.Within) and not node.ahead and node.duration.unit == "day" and node.duration.count == 1:
            yield warn(pair.entry, "W442", node.span)
