"""Negated tests that let in more people than meant."""

from __future__ import annotations

from collections.abc import Iterator

from ....grammar import syntax
from ....grammar.diagnostics import Diagnostic
from .. import ir
from ..builtin_names import ALWAYS_KNOWN, attribute_name
from ..entries import Entry
from .literals import tests_in
from .material import Material, Pair, conjuncts, conjuncts_of, nodes, warn

_LAPSED = 7 * ir.DAY
"""A behaviour missing for less is no idea of somebody who has gone."""


def lapsed_only(material: Material) -> Iterator[Diagnostic]:
    """W440: who has not bought for long, without anything that says that they ever did or were there by then.

    Only under schedules: an event that starts a block says something of the member already.
    """
    for pair in material.pairs:
        scheduled = [isinstance(block.trigger, ir.Schedule) for block in pair.playbook.blocks]
        for (written, block), by_schedule in zip(pair.blocks, scheduled, strict=True):
            tests = conjuncts_of(pair.playbook.audience) + conjuncts_of(block.audience)
            if not by_schedule or any(_says_something(test, material.library) for test in tests):
                continue
            if not any(_is_negative_only(test) is False for test in tests):
                continue  # told as an audience that is nothing but negations
            found = _missing(pair, written)
            if found is not None:
                yield warn(pair.entry, "W440", found[0].span, event=found[1])
                break


def _missing(pair: Pair, block: syntax.Block) -> tuple[syntax.Not, str] | None:
    """The first test that something was not done within a long time, and the event."""
    for condition in (pair.audience, block.audience):
        for part in conjuncts(condition) if condition is not None else ():
            if isinstance(part, syntax.Not) and isinstance(part.item, syntax.Did) and part.item.days is None:
                window = part.item.events.window
                if isinstance(window, syntax.Within) and _days(window.duration) * ir.DAY >= _LAPSED:
                    return part, part.item.events.event.text
    return None


def _days(duration: syntax.Duration) -> float:
    return duration.count * {"minute": 0, "hour": 1 / 24, "day": 1, "week": 7, "month": 30}[duration.unit]


def _is_negative_only(test: ir.Condition) -> bool:
    return isinstance(test, ir.Not | ir.Always)


def _says_something(test: ir.Condition, library: ir.Library) -> bool:
    """Whether a test says of a member that they did something, or when they came."""
    if isinstance(test, ir.Not):
        return False
    found = list(tests_in(test, library))
    return any(not isinstance(each, _SAY_NOTHING) and not _is_plain(each) for each in found)


_SAY_NOTHING = (ir.HasTag, ir.IsFriend, ir.InGroup, ir.Sample, ir.SourceIn, ir.TodayIs)


def _is_plain(test: ir.Condition) -> bool:
    return isinstance(test, ir.Compare) and isinstance(test.operand, ir.AttributeRef) and test.operand.name != "points"


def unwatched_journeys(material: Material) -> Iterator[Diagnostic]:
    """W441: who has not bought gets a journey with waits that nothing ends when they do."""
    for pair in material.pairs:
        if pair.playbook.goal is not None or pair.playbook.exit is not None:
            continue
        for written, block in pair.blocks:
            if not _pushes_after_wait(block):
                continue
            for condition in (written.audience, pair.audience):
                part = _negated(condition, _events_asked(block))
                if part is not None:
                    yield warn(pair.entry, "W441", part[0].span, event=part[1])
                    break
            else:
                continue
            break


def _pushes_after_wait(block: ir.Block) -> bool:
    waited = False
    for instruction in block.code:
        if isinstance(instruction, ir.Waiting):
            waited = True
        elif waited and isinstance(instruction, ir.Push):
            return True
    return False


def _events_asked(block: ir.Block) -> frozenset[str]:
    """The events that the steps themselves ask about."""
    return frozenset(
        node.event for i in block.code if isinstance(i, ir.Branch | ir.WaitFor) for node in nodes(i.condition)
        if isinstance(node, ir.EventQuery)
    )


def _negated(condition: syntax.Condition | None, asked: frozenset[str]) -> tuple[syntax.Not, str] | None:
    for part in conjuncts(condition) if condition is not None else ():
        if isinstance(part, syntax.Not) and isinstance(part.item, syntax.Did) and part.item.events.event.text not in asked:
            return part, part.item.events.event.text
    return None


def unknown_in_not(material: Material) -> Iterator[Diagnostic]:
    """W443: ``not`` over a comparison of an attribute: members of whom it is unknown are let in as well.

    Of yes and no that is what ``not`` is for.
    """
    for entry, segment in material.declarations.of(syntax.SegmentDecl):
        yield from _open_nots(material, entry, segment.condition)
    for pair in material.pairs:
        for condition in (pair.audience, *(block.audience for block in pair.written.blocks)):
            if condition is not None:
                yield from _open_nots(material, pair.entry, condition)


def _open_nots(material: Material, entry: Entry, condition: syntax.Condition) -> Iterator[Diagnostic]:
    negated = [(node, test) for node in nodes(condition) for test in _negated_tests(node)]
    if not negated:
        return
    sure = {
        part.name.text for part in conjuncts(condition)
        if isinstance(part, syntax.Comparison) and part.operator != "unknown"
    }
    said = {
        node.name.text for node in nodes(condition)
        if isinstance(node, syntax.Comparison) and node.operator in ("unknown", "known")
    }
    for node, test in negated:
        name = test.name.text
        if name not in sure | said and _may_be_unknown(material, name):
            yield warn(entry, "W443", node.span if isinstance(node, syntax.Not) else test.span, name=name)


def _negated_tests(node: object) -> list[syntax.Comparison]:
    match node:
        case syntax.Not(syntax.Comparison() as test):
            return [test]
        case syntax.Listed("none", items):
            return [item for item in items if isinstance(item, syntax.Comparison)]
    return []


def _may_be_unknown(material: Material, name: str) -> bool:
    attribute = material.library.attributes.get(name) or material.library.attributes.get(attribute_name(name))
    return attribute is not None and attribute.name not in ALWAYS_KNOWN and attribute.type is not ir.ValueType.YES_NO

