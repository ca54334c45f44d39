"""Tags that nothing gives or nothing tests, and declarations that nothing uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ....grammar import syntax
from ....grammar.diagnostics import Diagnostic
from .. import ir
from ..entries import Key, Kind
from .material import Material, conditions_of, nodes, warn

_CODES: dict[Kind, str] = {
    "tag": "W426", "tag_group": "W426", "segment": "W426", "metric": "W426", "template": "W426", "coupon": "W426",
    "redpacket": "W426", "activity": "W426",
}
"""What is there to be used. Attributes, events, products and sources also describe what is imported."""


def idle_declarations(material: Material) -> Iterator[Diagnostic]:
    """W424: a tag tested that nothing gives. W425: a tag given that nothing tests. W426: what nothing uses.

    Only in a workspace without errors and with a playbook: else what uses a name may be what is missing.
    """
    if not material.is_whole or not material.pairs:
        return
    used = {key for item in material.declarations.items for key in item.entry.uses if key != item.entry.key}
    grouped = {written.group.text for _, written in material.declarations.of(syntax.TagDecl) if written.group}
    for item in material.declarations.items:
        key = item.entry.key
        if key.kind not in _CODES or key in used or (key.kind == "tag_group" and key.name in grouped):
            continue
        yield warn(item.entry, _CODES[key.kind], item.entry.span, name=key.name)
    yield from _tags(material, used)


def _tags(material: Material, used: set[Key]) -> Iterator[Diagnostic]:
    tested = frozenset(_matching(_tested(material), material.library))
    given = frozenset(_given(material))
    for entry, written in material.declarations.of(syntax.TagDecl):
        tag = written.name.text
        if tag in tested and tag not in given and not _is_held(material, tag):
            yield warn(entry, "W424", entry.span, tag=tag, hint="store" if material.around.store else None)
        elif tag in given and tag not in tested and Key("tag", tag) in used and not _ends_another(material, tag, tested):
            yield warn(entry, "W425", entry.span, tag=tag)


def _is_held(material: Material, tag: str) -> bool:
    store = material.around.store
    return store is not None and store.holds_tag(tag)


def _tested(material: Material) -> Iterator[ir.TextPattern]:
    program = material.program
    conditions: list[object] = [*program.library.segments.values(), *(c.condition for c in program.policy.consents)]
    conditions += [*program.library.metrics.values(), *program.library.points, *(r.query for r in program.library.rules)]
    for pair in material.pairs:
        conditions.extend(conditions_of(pair.playbook))
        for block in pair.playbook.blocks:
            if isinstance(block.trigger, ir.TagGained | ir.TagLost):
                yield block.trigger.pattern
            conditions.append(block.trigger)
    for node in (node for condition in conditions for node in nodes(condition)):
        if isinstance(node, ir.HasTag):
            yield from node.patterns


def _matching(patterns: Iterable[ir.TextPattern], library: ir.Library) -> Iterator[str]:
    for pattern in set(patterns):
        if not pattern.prefix:
            yield pattern.text
        elif pattern.text:
            yield from (tag for tag in library.tags if tag.startswith(pattern.text))


def _given(material: Material) -> Iterator[str]:
    for pair in material.pairs:
        for block in pair.playbook.blocks:
            yield from (tag for i in block.code if isinstance(i, ir.GiveTags) for tag in i.tags)
    for rule in material.library.rules:
        yield from (tag for action in rule.actions if isinstance(action, ir.RuleTags) and action.given for tag in action.tags)


def _ends_another(material: Material, tag: str, tested: frozenset[str]) -> bool:
    """Whether gaining a tag takes a tested one away, or its group is asked about as a whole."""
    library = material.library
    group = library.tags[tag].group if tag in library.tags else None
    if group is None or not library.tag_groups[group].exclusive:
        return False
    return any(other in tested for other, declared in library.tags.items() if declared.group == group)
