"""Playbooks: headers, audience and blocks put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

from ...grammar import syntax
from . import ir
from .conditions import resolve_member_condition
from .entries import Entry
from .headers import (
    only_one,
    resolve_active,
    resolve_guard,
    resolve_holdout,
    resolve_quiet,
    resolve_reentry,
    resolve_zone,
)
from .schedules import resolve_clock_schedule
from .scope import Context, find_patterns
from .steps import Flow, base_identity, substeps

DEFAULT_PRIORITY = 50


def resolve_playbook(
    context: Context, written: syntax.PlaybookDecl, templates: Mapping[str, ir.Template], policy_zone: ir.Zone
) -> ir.Playbook:
    """Return a playbook without its version; errors go to the context's entry, and then it must not run."""
    entry, lines = context.entry, written.lines
    about, owner = only_one(entry, lines, syntax.AboutLine), only_one(entry, lines, syntax.OwnerLine)
    state = only_one(entry, lines, syntax.StateLine)
    priority = only_one(entry, lines, syntax.PriorityLine)
    category = only_one(entry, lines, syntax.CategoryLine)
    reentry = resolve_reentry(entry, lines)
    audience = _audience(context, written)
    # Where a line could not be read, the trigger may well be that line.
    if not written.blocks and not entry.doubts:
        entry.error("E416", written.name.span, name=written.name.text)
    return ir.Playbook(
        name=written.name.text,
        about=about.text.text if about else "",
        owner=owner.name.text if owner else "",
        state=state.state if state else "live",
        category=category.category if category else "marketing",
        priority=priority.number if priority else DEFAULT_PRIORITY,
        zone=resolve_zone(context, only_one(entry, lines, syntax.TimezoneLine), policy_zone),
        active=resolve_active(entry, only_one(entry, lines, syntax.ActiveLine)),
        quiet=resolve_quiet(entry, only_one(entry, lines, syntax.QuietHours)),
        holdout=resolve_holdout(entry, only_one(entry, lines, syntax.HoldoutLine)),
        guard=resolve_guard(entry, only_one(entry, lines, syntax.GuardLine)),
        audience=audience,
        blocks=_blocks(context, written, templates, reentry),
    )


def _audience(context: Context, written: syntax.PlaybookDecl) -> ir.Condition:
    for further in written.audiences[1:]:
        context.entry.error_with("E403", further.span, [written.audiences[0].span])
    found = [resolve_member_condition(context, line.condition) for line in written.audiences]
    if not found:
        return ir.Always(True)
    first = written.audiences[0]
    if _is_negation(first.condition) and not all(block.audience for block in written.blocks):
        context.entry.warn("W402", first.condition.span, name=written.name.text)
    return found[0] or ir.Always(False)


def _is_negation(condition: syntax.Condition) -> bool:
    match condition:
        case syntax.Not():
            return True
        case syntax.Listed("none", _):
            return True
        case syntax.And(items) | syntax.Or(items) | syntax.Listed(_, items):
            return all(_is_negation(item) for item in items)
        case syntax.Did(_, syntax.Count("exactly" | "at_most", 0)):
            return True
        case _:
            return False


def _blocks(
    context: Context, written: syntax.PlaybookDecl, templates: Mapping[str, ir.Template], reentry: ir.Reentry | None
) -> tuple[ir.Block, ...]:
    flow = Flow(context, templates)
    blocks: list[ir.Block] = []
    for index, block in enumerate(written.blocks):
        trigger = _trigger(context, block.trigger)
        audience = resolve_member_condition(context, block.audience) if block.audience else None
        own = resolve_reentry(context.entry, block.reentry)
        code = flow.write_block(block.steps)
        if trigger is not None:
            blocks.append(ir.Block(index, trigger, audience, own or reentry, code))
    if len(blocks) == len(written.blocks):
        _warn_equal_identities(context.entry, written.blocks, blocks)
    return tuple(blocks)


def _trigger(context: Context, written: syntax.Trigger) -> ir.Trigger | None:
    if isinstance(written, syntax.WhenTagged):
        found = find_patterns(context, "tag", [written.pattern])
        return ir.TagGained(found[0]) if found else None
    return resolve_clock_schedule(context.entry, written)


def _warn_equal_identities(entry: Entry, written: Sequence[syntax.Block], blocks: Sequence[ir.Block]) -> None:
    """Ask for step names where blocks that can address the same member have steps of one identity."""
    steps = [_identities(block.steps) for block in written]
    told: set[str] = set()
    for first, second in combinations(range(len(blocks)), 2):
        if _apart(blocks[first].audience, blocks[second].audience):
            continue
        for identity, step in steps[second].items():
            if identity in steps[first] and identity not in told:
                told.add(identity)
                entry.warn("W405", step.span, step=identity)


def _identities(steps: Sequence[syntax.Step]) -> dict[str, syntax.Step]:
    """The first step of each identity, in text order."""
    found: dict[str, syntax.Step] = {}
    waiting: list[tuple[syntax.Step, tuple[str, ...]]] = [(step, ()) for step in reversed(steps)]
    while waiting:
        step, path = waiting.pop()
        identity = base_identity(step, path)
        if identity is not None:
            found.setdefault(identity, step)
        inner = (*path, step.name.text) if isinstance(step, syntax.NamedStep) else path
        waiting.extend((child, inner) for child in reversed(substeps(step)))
    return found


def _apart(left: ir.Condition | None, right: ir.Condition | None) -> bool:
    """Whether two audiences surely have no member in common; a plain comparison of their terms, no proof."""
    if left is None or right is None:
        return False
    return any(_contradict(a, b) for a in _terms(left) for b in _terms(right))


def _terms(condition: ir.Condition) -> tuple[ir.Condition, ...]:
    return condition.items if isinstance(condition, ir.All) else (condition,)


def _contradict(left: ir.Condition, right: ir.Condition) -> bool:
    match left, right:
        case ir.Not(item), other if item == other:
            return True
        case other, ir.Not(item) if item == other:
            return True
        case ir.Compare(a, "is" | "in", first), ir.Compare(b, "is" | "in", second):
            return a == b and not set(first) & set(second)
        case ir.Compare(a, "between", (int() as low, int() as high)), ir.Compare(
            b, "between", (int() as other_low, int() as other_high)
        ):
            return a == b and (high < other_low or other_high < low)
    return False
