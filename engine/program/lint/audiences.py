"""Audiences nobody can be in, and branches that nobody takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ....grammar import syntax
from ....grammar.diagnostics import Diagnostic
from .. import ir
from ..entries import Entry
from ..identities import substeps
from .material import Material, Pair, conjuncts, meaning, meaning_outside, warn
from .satisfiable import core_of, is_impossible

Part = tuple[syntax.Condition, ir.Condition | None]


def impossible_audiences(material: Material) -> Iterator[Diagnostic]:
    """W410: audiences, segments, consents, goals and exits that are true of nobody, whatever the store holds."""
    yield from _of_segments(material)
    yield from _of_consents(material)
    for pair in material.pairs:
        yield from _of_playbook(material, pair)


def _of_segments(material: Material) -> Iterator[Diagnostic]:
    for entry, segment in material.declarations.of(syntax.SegmentDecl):
        found = material.library.segments.get(segment.name.text)
        if found is not None and is_impossible(found, material.library):
            parts = [(part, meaning_outside(material, entry, part)) for part in conjuncts(segment.condition)]
            yield from _told(material, entry, parts, segment.condition)


def _of_consents(material: Material) -> Iterator[Diagnostic]:
    for entry, policy in material.declarations.of(syntax.PolicyDecl):
        for line in policy.lines:
            if not isinstance(line, syntax.NeverPush) or entry.faults():
                continue
            parts = [(part, meaning_outside(material, entry, part)) for part in conjuncts(line.condition)]
            if _all_known_and_impossible(parts, material.library):
                yield from _told(material, entry, parts, line.condition)


def _of_playbook(material: Material, pair: Pair) -> Iterator[Diagnostic]:
    written, library = pair.audience, material.library
    own: list[Part] = []
    if written is not None and is_impossible(pair.playbook.audience, library):
        own = [(part, meaning(material, pair, None, part)) for part in conjuncts(written)]
        yield from _told(material, pair.entry, own, written)
        return
    for block_written, block in pair.blocks:
        if block_written.audience is None or block.audience is None:
            continue
        if is_impossible(ir.All((pair.playbook.audience, block.audience)), library):
            own = [(part, meaning(material, pair, None, part)) for part in conjuncts(written)] if written else []
            further = [(part, meaning(material, pair, block, part)) for part in conjuncts(block_written.audience)]
            yield from _told(material, pair.entry, [*own, *further], block_written.audience)
    for line in pair.written.lines:
        if isinstance(line, syntax.GoalLine | syntax.ExitLine):
            parts = [(part, meaning(material, pair, None, part)) for part in conjuncts(line.condition)]
            if _all_known_and_impossible(parts, library):
                yield from _told(material, pair.entry, parts, line.condition)


def _all_known_and_impossible(parts: Sequence[Part], library: ir.Library) -> bool:
    found = [part for _, part in parts if part is not None]
    return len(found) == len(parts) and is_impossible(ir.All(tuple(found)), library)


def _told(
    material: Material, entry: Entry, parts: Sequence[Part], whole: syntax.Condition, code: str = "W410"
) -> Iterator[Diagnostic]:
    found = [part for _, part in parts if part is not None]
    if len(found) < len(parts) or not is_impossible(ir.All(tuple(found)), material.library):
        yield warn(entry, code, whole.span)
        return
    core = core_of(found, material.library)
    if len(core) == 1 and isinstance(found[core[0]], ir.InSegment):
        return  # told of the segment itself
    spans = [parts[place][0].span for place in core]
    yield warn(entry, code, spans[-1], hint=None if len(core) == 1 else "several", related=spans[:-1])


def impossible_branches(material: Material) -> Iterator[Diagnostic]:
    """W411: a branch whose condition is never true there. W413: an ``else`` that nobody comes to."""
    for pair in material.pairs:
        for written, block in pair.blocks:
            for step in _steps(written.steps):
                if isinstance(step, syntax.If):
                    yield from _of_if(material, pair, block, step)


def _steps(steps: Sequence[syntax.Step]) -> Iterator[syntax.Step]:
    waiting = list(reversed(steps))
    while waiting:
        step = waiting.pop()
        yield step
        waiting.extend(reversed(substeps(step)))


def _of_if(material: Material, pair: Pair, block: ir.Block, step: syntax.If) -> Iterator[Diagnostic]:
    before: list[ir.Condition] = []
    for condition, _ in step.branches:
        found = meaning(material, pair, block, condition)
        if found is None:
            return
        if is_impossible(found, material.library):
            parts = [(part, meaning(material, pair, block, part)) for part in conjuncts(condition)]
            yield from _told(material, pair.entry, parts, condition, "W411")
        elif before and is_impossible(ir.All((*before, found)), material.library):
            earlier = [other.span for other, _ in step.branches[: len(before)]]
            yield warn(pair.entry, "W411", condition.span, hint="covered", related=earlier)
        else:
            before.append(ir.Not(found))
            continue
        before.append(ir.Not(found))
    if step.otherwise and is_impossible(ir.All(tuple(before)), material.library):
        related = [condition.span for condition, _ in step.branches]
        yield warn(pair.entry, "W413", step.otherwise[0].span, hint="otherwise", related=related)
