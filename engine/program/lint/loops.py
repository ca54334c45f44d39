"""Trigger loops over the whole workspace: blocks that set each other off without end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ....grammar.diagnostics import Diagnostic
from ....grammar.record import record
from .. import ir
from ..cycles import find_cycles
from ..entries import Key
from .material import Material, Pair, nodes, warn

Deed = tuple[str, str, str]
"""What a block does: a kind (tag, attribute), a name, and to what: ``+``, ``-`` or a value."""

_ENTERING = "playbook"


@record
class _Link:
    """A block with what it does, and what of that sets it off."""

    pair: Pair
    index: int
    deeds: frozenset[Deed]
    causes: frozenset[Deed]


def trigger_loops(material: Material) -> Iterator[Diagnostic]:
    """W427: blocks that start each other in a ring, where all that starts them is also undone in the ring.

    A tag gained while it is held starts nothing, so that a ring which only gives goes round once. A block with a
    re-entry line ends it.
    """
    links = {Key("playbook", f"{p.playbook.name}\0{b.index}"): _link(p, b, material.library) for p, b in _open(material)}
    starts = {key: _started_by(link, links) for key, link in links.items()}
    for ring in find_cycles(starts):
        members = [links[key] for key in ring]
        if _comes_round(members):
            first = members[0]
            path = " → ".join([link.pair.playbook.name for link in members[:8]] + [first.pair.playbook.name])
            block = first.pair.written.blocks[first.index]
            yield warn(first.pair.entry, "W427", block.trigger.span, path=path)


def _open(material: Material) -> Iterator[tuple[Pair, ir.Block]]:
    for pair in material.pairs:
        yield from ((pair, block) for block in pair.playbook.blocks if block.reentry is None)


def _link(pair: Pair, block: ir.Block, library: ir.Library) -> _Link:
    causes = frozenset(_causes(block.trigger, pair.playbook.name, library))
    return _Link(pair, block.index, frozenset(_deeds(block, library)), causes)


def _deeds(block: ir.Block, library: ir.Library) -> Iterator[Deed]:
    for action in block.code:
        match action:
            case ir.GiveTags(_, tags):
                yield from (("tag", tag, "+") for tag in tags)
                yield from (("tag", other, "-") for tag in tags for other in _driven_out(tag, library))
            case ir.EnterPlaybook(_, playbook):
                yield _ENTERING, playbook, "+"
            case ir.TakeTags(_, tags):
                yield from (("tag", tag, "-") for tag in tags)
            case ir.SetAttribute(_, attribute, value):
                yield "attribute", attribute.name, repr(value)
            case ir.ChangePoints(_, delta):
                yield "attribute", "points", "+" if delta > 0 else "-"


def _driven_out(tag: str, library: ir.Library) -> list[str]:
    """The other tags of an exclusive group, of which a member holds one."""
    declared = library.tags.get(tag)
    group = library.tag_groups.get(declared.group or "") if declared is not None else None
    if group is None or not group.exclusive:
        return []
    return [other for other, each in library.tags.items() if each.group == group.name and other != tag]


def _causes(trigger: ir.Trigger, playbook: str, library: ir.Library) -> Iterator[Deed]:
    """The deeds that can start a block of a playbook; the third part is empty where any does."""
    match trigger:
        case ir.Entered():
            yield _ENTERING, playbook, ""
        case ir.TagGained(pattern):
            yield from (("tag", tag, "+") for tag in _matching(pattern, library))
        case ir.TagLost(pattern):
            yield from (("tag", tag, "-") for tag in _matching(pattern, library))
        case ir.AttributeChanges(operand) | ir.MarkReached(ir.AttributeRef() as operand):
            yield "attribute", operand.name, ""
        case ir.TierMoves(ladder):
            found = library.ladders.get(ladder)
            if found is not None and isinstance(found.operand, ir.AttributeRef):
                yield "attribute", found.operand.name, ""
        case ir.SegmentCrossed(segment):
            for node in nodes(library.segments.get(segment)):
                if isinstance(node, ir.HasTag):
                    yield from (("tag", tag, "") for pattern in node.patterns for tag in _matching(pattern, library))
                elif isinstance(node, ir.AttributeRef):
                    yield "attribute", node.name, ""


def _matching(pattern: ir.TextPattern, library: ir.Library) -> list[str]:
    if not pattern.prefix:
        return [pattern.text]
    return [tag for tag in library.tags if tag.startswith(pattern.text)]


def _answers(deed: Deed, cause: Deed) -> bool:
    return deed[:2] == cause[:2] and cause[2] in ("", deed[2])


def _started_by(link: _Link, links: Mapping[Key, _Link]) -> list[Key]:
    return [
        key for key, other in links.items()
        if any(_answers(deed, cause) for deed in link.deeds for cause in other.causes)
    ]


def _comes_round(ring: Sequence[_Link]) -> bool:
    """Whether each block of a ring is started by something of which the ring also does the opposite.

    A ring that only enters is told of otherwise.
    """
    deeds = {deed for link in ring for deed in link.deeds}
    if all(kind == _ENTERING for link in ring for kind, _, _ in link.causes):
        return False
    return all(
        any(_answers(deed, cause) and _is_undone(deed, deeds) for deed in deeds for cause in link.causes) for link in ring
    )


def _is_undone(deed: Deed, deeds: set[Deed]) -> bool:
    return deed[0] == _ENTERING or any(other[:2] == deed[:2] and other[2] != deed[2] for other in deeds)
