"""Playbooks: headers, audience and blocks put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from ...grammar import syntax
from . import ir
from .conditions import resolve_member_condition
from .entries import Entry
from .groups import check_lines_of_groups, resolve_group_audience
from .headers import (
    only_one,
    resolve_active,
    resolve_budgets,
    resolve_catch_up,
    resolve_during,
    resolve_exit,
    resolve_goal,
    resolve_guard,
    resolve_holdout,
    resolve_quiet,
    resolve_take,
    resolve_zone,
)
from .identities import first_identities, step_names
from .pushes import Place
from .queries import shared_session
from .reentry import reentry_line, resolve_reentry
from .scope import Context
from .steps import Flow
from .triggers import check_unit, event_of, resolve_trigger, session_of

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
    only_in = only_one(entry, lines, syntax.OnlyOneLine)
    zone = resolve_zone(context, only_one(entry, lines, syntax.TimezoneLine), policy_zone)
    if _group_line(written) is not None:
        # A group has no clock of its own.
        zone = replace(zone, per_member=False)
    inside = replace(context, steps=context.scope.playbooks[written.name.text] or step_names(written.blocks))
    blocks = _blocks(inside, written, templates, zone.name)
    journey = _journey(inside, written, blocks)
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
        zone=zone,
        active=resolve_active(entry, only_one(entry, lines, syntax.ActiveLine)),
        quiet=resolve_quiet(entry, only_one(entry, lines, syntax.QuietHours)),
        holdout=resolve_holdout(entry, only_one(entry, lines, syntax.HoldoutLine)),
        guard=resolve_guard(entry, only_one(entry, lines, syntax.GuardLine)),
        audience=_audience(replace(context, session=journey.session), written),
        blocks=blocks,
        during=resolve_during(context, lines),
        goal=resolve_goal(journey, only_one(entry, lines, syntax.GoalLine)),
        exit=resolve_exit(journey, only_one(entry, lines, syntax.ExitLine)),
        budgets=resolve_budgets(context, lines),
        take=resolve_take(context, only_one(entry, lines, syntax.TakeLine)),
        only_one_of=only_in.name.text if only_in else None,
        catch_up=resolve_catch_up(context, only_one(entry, lines, syntax.CatchUpLine)),
        groups=_groups(context, written),
    )


def _journey(inside: Context, written: syntax.PlaybookDecl, blocks: Sequence[ir.Block]) -> Context:
    """Where goal and exit stand: in the journey, with the event or session that starts every block if it is the same."""
    if len(blocks) < len(written.blocks):
        return inside
    events = {event_of(block.trigger) for block in blocks}
    return replace(
        inside, event=events.pop() if len(events) == 1 else None,
        session=shared_session([session_of(block.trigger) for block in blocks]),
    )


def _group_line(written: syntax.PlaybookDecl) -> syntax.GroupAudienceLine | None:
    found = [line for line in written.audiences if isinstance(line, syntax.GroupAudienceLine)]
    return found[0] if found else None


def _groups(context: Context, written: syntax.PlaybookDecl) -> ir.GroupAudience | None:
    line = _group_line(written)
    if line is None:
        return None
    check_lines_of_groups(context, written)
    return resolve_group_audience(context, line)


def _audience(context: Context, written: syntax.PlaybookDecl) -> ir.Condition:
    for further in written.audiences[1:]:
        context.entry.error_with("E403", further.span, [written.audiences[0].span])
    lines = [line for line in written.audiences if isinstance(line, syntax.AudienceLine)]
    if not lines:
        return ir.Always(True)
    found = [resolve_member_condition(context, line.condition) for line in lines]
    first = lines[0].condition
    if _is_negation(first) and not all(block.audience for block in written.blocks):
        context.entry.warn("W402", first.span, name=written.name.text)
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
    inside: Context, written: syntax.PlaybookDecl, templates: Mapping[str, ir.Template], zone: str
) -> tuple[ir.Block, ...]:
    flow, groups = Flow(), _group_line(written) is not None
    for_all = reentry_line(inside, written.lines)
    blocks: list[ir.Block] = []
    for index, block in enumerate(written.blocks):
        found = resolve_trigger(inside, block)
        trigger, limits = found or (None, None)
        if trigger is not None:
            check_unit(inside, trigger, block.trigger.span, groups=groups)
        here = replace(inside, event=event_of(trigger), session=session_of(trigger))
        # Of a block of a playbook for groups the audience is an error already.
        audience = _block_audience(here, block) if block.audience and not groups else None
        reentry = resolve_reentry(here, reentry_line(here, block.reentry) or for_all) if trigger else None
        code = flow.write_block(Place(here, trigger, templates, zone, groups), block.steps)
        if trigger is not None:
            blocks.append(ir.Block(index, trigger, audience, reentry, code, limits))
    if len(blocks) == len(written.blocks):
        _warn_equal_identities(inside.entry, written.blocks, blocks)
    return tuple(blocks)


def _block_audience(here: Context, block: syntax.Block) -> ir.Condition | None:
    # It is tested before the journey begins.
    assert block.audience is not None
    return resolve_member_condition(replace(here, steps=None), block.audience)


def _warn_equal_identities(entry: Entry, written: Sequence[syntax.Block], blocks: Sequence[ir.Block]) -> None:
    """Ask for step names where blocks that can address the same member have steps of one identity."""
    steps = [first_identities(block.steps) for block in written]
    told: set[str] = set()
    for first, second in combinations(range(len(blocks)), 2):
        if _apart(blocks[first].audience, blocks[second].audience):
            continue
        for identity, step in steps[second].items():
            if identity in steps[first] and identity not in told:
                told.add(identity)
                entry.warn("W405", step.span, step=identity)


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
