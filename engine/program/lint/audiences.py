"""Audiences nobody can be in, and branches that nobody takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ....grammar import syntax
from ....grammar.diagnostics import Diagnostic, Span
from .. import ir
from ..entries import Entry
from ..identities import all_steps
from .implied import implied_by
from .material import Material, Pair, conjuncts, meaning, meaning_outside, warn
from .satisfiable import core_of, is_impossible

Part = tuple[Span, ir.Condition]
"""A test as it stands in the text, and what it means."""


def impossible_audiences(material: Material) -> Iterator[Diagnostic]:
    """W410: audiences, segments, consents, goals and exits that are true of nobody, whatever the store holds."""
    for entry, segment in material.declarations.of(syntax.SegmentDecl):
        if segment.name.text in material.library.segments:
            yield from _outside(material, entry, segment.condition)
    for entry, policy in material.declarations.of(syntax.PolicyDecl):
        for line in policy.lines if not entry.faults() else ():
            if isinstance(line, syntax.NeverPush):
                yield from _outside(material, entry, line.condition)
    for pair in material.pairs:
        yield from _of_playbook(material, pair)


def _outside(material: Material, entry: Entry, condition: syntax.Condition) -> Iterator[Diagnostic]:
    found = [(part.span, meaning_outside(material, entry, part)) for part in conjuncts(condition)]
    yield from _told(material, entry, [(span, part) for span, part in found if part is not None])


def _of_playbook(material: Material, pair: Pair) -> Iterator[Diagnostic]:
    playbook, library = pair.playbook, material.library
    goal = playbook.goal.condition if playbook.goal is not None else None
    for line in pair.written.lines:
        meant = goal if isinstance(line, syntax.GoalLine) else playbook.exit
        if isinstance(line, syntax.GoalLine | syntax.ExitLine) and meant is not None and is_impossible(meant, library):
            yield from _told(material, pair.entry, _parts(material, pair, None, line.condition))
    if is_impossible(playbook.audience, library):
        yield from _told(material, pair.entry, _parts(material, pair, None, pair.audience))
        return
    for written, block in pair.blocks:
        whole = playbook.audience if block.audience is None else ir.All((playbook.audience, block.audience))
        if block.audience is not None and is_impossible(whole, library):
            yield from _told(material, pair.entry, _asked(material, pair, written, block))
        elif whole != ir.Always(True):
            yield from _kept_out(material, pair, written, block, whole)


def _kept_out(
    material: Material, pair: Pair, written: syntax.Block, block: ir.Block, whole: ir.Condition
) -> Iterator[Diagnostic]:
    """An audience that the trigger, the consents, the goal or the exit leave nobody of."""
    entry, playbook, library = pair.entry, pair.playbook, material.library
    started = implied_by(block.trigger, playbook)
    if started is not None and is_impossible(ir.All((started, whole)), library):
        asked = _asked(material, pair, written, block)
        yield from _told(material, entry, [(written.trigger.span, started), *asked], hint="trigger")
        return
    for hint, condition in _barred(material.program.policy, playbook) if block.pushes else ():
        if is_impossible(ir.All((ir.Not(condition), whole)), library):
            asked = _asked(material, pair, written, block)
            core = core_of([ir.Not(condition), *(part for _, part in asked)], library)
            spans = [asked[place - 1][0] for place in core if place]
            if spans:
                yield warn(entry, "W410", spans[-1], hint=hint, related=spans[:-1])
                return


def _barred(policy: ir.Policy, playbook: ir.Playbook) -> list[tuple[str, ir.Condition]]:
    """The conditions of which who meets them is not pushed to, or does not enter."""
    found = [("consent", each.condition) for each in policy.consents_for(playbook.category)]
    found += [("goal", playbook.goal.condition)] if playbook.goal is not None else []
    return [*found, *([("exit", playbook.exit)] if playbook.exit is not None else [])]


def _parts(
    material: Material, pair: Pair, block: ir.Block | None, condition: syntax.Condition | None
) -> list[Part]:
    """The tests of a condition; nothing where one of them cannot be read by itself."""
    written = conjuncts(condition) if condition is not None else []
    found = [(part.span, meaning(material, pair, block, part)) for part in written]
    return [(span, part) for span, part in found if part is not None]


def _told(
    material: Material, entry: Entry, parts: Sequence[Part], code: str = "W410", hint: str = "several"
) -> Iterator[Diagnostic]:
    """A warning at the tests that contradict each other, where they do."""
    tests = [part for _, part in parts]
    if not tests or not is_impossible(ir.All(tuple(tests)), material.library):
        return
    core = core_of(tests, material.library)
    if len(core) == 1 and isinstance(tests[core[0]], ir.InSegment):
        return  # told of the segment itself
    spans = [parts[place][0] for place in core]
    yield warn(entry, code, spans[-1], hint=None if len(core) == 1 else hint, related=spans[:-1])


def impossible_branches(material: Material) -> Iterator[Diagnostic]:
    """W411: a branch whose condition is never true there. W413: an ``else`` that nobody comes to."""
    for pair in material.pairs:
        for written, block in pair.blocks:
            for step, _ in all_steps([written]):
                if isinstance(step, syntax.If):
                    # At the first step of a block the audience still holds as it was asked.
                    asked = _asked(material, pair, written, block) if step is written.steps[0] else []
                    yield from _of_if(material, pair, block, step, asked)


def _asked(material: Material, pair: Pair, written: syntax.Block, block: ir.Block) -> list[Part]:
    return [*_parts(material, pair, None, pair.audience), *_parts(material, pair, block, written.audience)]


def _of_if(
    material: Material, pair: Pair, block: ir.Block, step: syntax.If, asked: Sequence[Part]
) -> Iterator[Diagnostic]:
    library, known = material.library, [part for _, part in asked]
    before: list[ir.Condition] = []
    for condition, _ in step.branches:
        found = meaning(material, pair, block, condition)
        if found is None:
            return
        if is_impossible(found, library):
            yield from _told(material, pair.entry, _parts(material, pair, block, condition), "W411")
        elif before and is_impossible(ir.All((*before, found)), library):
            earlier = [other.span for other, _ in step.branches[: len(before)]]
            yield warn(pair.entry, "W411", condition.span, hint="covered", related=earlier)
        elif known and is_impossible(ir.All((*known, *before, found)), library):
            yield warn(pair.entry, "W411", condition.span, hint="audience", related=[span for span, _ in asked])
        before.append(ir.Not(found))
    if step.otherwise and is_impossible(ir.All((*known, *before)), library):
        hint = "otherwise" if is_impossible(ir.All(tuple(before)), library) else "audience"
        related = [condition.span for condition, _ in step.branches]
        yield warn(pair.entry, "W413", step.otherwise[0].span, hint=hint, related=related)
