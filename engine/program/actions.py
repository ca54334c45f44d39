"""Actions: what a step does to a member, to the ledger or to the work of staff."""

from __future__ import annotations

from collections.abc import Sequence

from ...grammar import syntax
from . import ir
from .entries import Key
from .pushes import Place, has_event_field, resolve_push, resolve_welcome
from .scope import Context, find
from .settable import resolve_setting
from .templates import EVENT_PREFIX, read_text
from .windows import duration


def resolve_action(place: Place, step: syntax.Action, identity: str) -> ir.Action | None:
    """Return an action under its identity, None with an error."""
    context = place.context
    match step:
        case syntax.Push():
            return resolve_push(place, step, identity)
        case syntax.Welcome():
            return resolve_welcome(place, step, identity)
        case syntax.GiveTag(tags):
            _warn_exclusive(context, tags)
            names = _tags(context, tags)
            return ir.GiveTags(identity, names) if names else None
        case syntax.TakeTag(tags):
            names = _tags(context, tags)
            return ir.TakeTags(identity, names) if names else None
        case syntax.IssueCoupon(name):
            coupon = find(context, "coupon", name)
            return ir.IssueCoupon(identity, coupon) if coupon else None
        case syntax.IssueRedpacket(name):
            redpacket = find(context, "redpacket", name)
            return ir.IssueRedpacket(identity, redpacket) if redpacket else None
        case _:
            return _further(place, step, identity)


_Further = syntax.ChangePoints | syntax.SetAttribute | syntax.GiveTask | syntax.Alert | syntax.EnterPlaybook


def _further(place: Place, step: _Further, identity: str) -> ir.Action | None:
    match step:
        case syntax.ChangePoints(delta):
            place.context.entry.uses.add(Key("attribute", "points"))
            return ir.ChangePoints(identity, delta)
        case syntax.SetAttribute():
            setting = resolve_setting(place.context, step, place.zone)
            return ir.SetAttribute(identity, *setting) if setting else None
        case syntax.GiveTask():
            return _task(place, step, identity)
        case syntax.Alert(whom, text):
            needed = _liquid(place, text)
            return ir.Alert(identity, whom, text.text, needed) if needed is not None else None
        case syntax.EnterPlaybook(playbook):
            return _enter(place.context, playbook, identity)


def _tags(context: Context, tags: Sequence[syntax.Name]) -> tuple[str, ...] | None:
    found = [find(context, "tag", tag) for tag in tags]
    names = tuple(dict.fromkeys(name for name in found if name is not None))
    return names if None not in found else None


def _warn_exclusive(context: Context, tags: Sequence[syntax.Name]) -> None:
    scope, first = context.scope, dict[str, str]()
    for tag in tags:
        group = scope.tags.get(tag.text)
        if group in scope.exclusive and first.setdefault(group, tag.text) != tag.text:
            context.entry.warn("W407", tag.span, tag=tag.text, other=first[group], group=group)


def _task(place: Place, step: syntax.GiveTask, identity: str) -> ir.GiveTask | None:
    due = duration(place.context.entry, step.due)
    needed = _liquid(place, syntax.Text(step.title.text, step.title.span))
    if due is None or needed is None:
        return None
    return ir.GiveTask(identity, step.title.text, due, step.staff.text if step.staff else None, step.manager)


def _liquid(place: Place, text: syntax.Text) -> tuple[str, ...] | None:
    """The variables that a text of an alert or a task needs, None with an error."""
    variables = read_text(place.context, text)
    if variables is None:
        return None
    for variable in variables:
        if not has_event_field(place, variable):
            place.context.entry.error("E356", text.span, field=variable.removeprefix(EVENT_PREFIX))
            return None
    return tuple(sorted(name for name, needed in variables.items() if needed))


def _enter(context: Context, playbook: syntax.Name, identity: str) -> ir.EnterPlaybook | None:
    target = find(context, "playbook", playbook)
    if target is None:
        return None
    if target not in context.scope.entered:
        context.entry.error("E437", playbook.span, name=target)
        return None
    return ir.EnterPlaybook(identity, target)
