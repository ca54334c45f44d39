"""Tests of behaviour: which events, how many, what they add up to, the first and the last."""

from __future__ import annotations

from collections.abc import Sequence

from ...grammar import syntax
from . import ir
from .comparisons import resolve_comparison
from .ir import ValueType
from .scope import Context, find, find_field, unknown
from .windows import looks_ahead, resolve_window


def joined(items: Sequence[ir.Condition | None], all_of: bool) -> ir.Condition | None:
    """Return all (or any) of ``items``, None if one of them is not sound."""
    sound = tuple(item for item in items if item is not None)
    if len(sound) < len(items):
        return None
    if len(sound) == 1:
        return sound[0]
    return ir.All(sound) if all_of else ir.Any(sound)


def past_window(context: Context, window: syntax.Window) -> ir.Window | None:
    """Return a window over what has happened; one that looks ahead is an error."""
    if looks_ahead(window):
        context.entry.error("E317", window.span)
        return None
    return resolve_window(context.entry, window)


def resolve_query(context: Context, events: syntax.EventFilter) -> ir.EventQuery | None:
    """Return the events that are meant, None with errors."""
    event = find(context, "event", events.event)
    window = past_window(context, events.window) if events.window else None
    where = resolve_where(context, event, events.where) if event and events.where else None
    if event is None or (events.window and window is None) or (events.where and where is None):
        return None
    subjects = {ir.TextPattern(pattern.text, pattern.prefix) for pattern in events.subjects}
    ordered = tuple(sorted(subjects, key=lambda pattern: (pattern.text, pattern.prefix)))
    return ir.EventQuery(event, ordered, where, window)


def resolve_where(context: Context, event: str, condition: syntax.Condition) -> ir.Condition | None:
    """Return a condition over the fields of ``event``; tests of the member are errors here."""
    match condition:
        case syntax.And(items):
            return joined([resolve_where(context, event, item) for item in items], all_of=True)
        case syntax.Or(items):
            return joined([resolve_where(context, event, item) for item in items], all_of=False)
        case syntax.Not(item):
            inner = resolve_where(context, event, item)
            return None if inner is None else ir.Not(inner)
        case syntax.Comparison(name, operator, values, span):
            field = find_field(context, event, name)
            return resolve_comparison(context, name.text, field, operator, values, span) if field else None
        case syntax.MomentOfAttribute(name, window):
            field = find_field(context, event, name)
            return _field_in_window(context, field, name, window) if field else None
        case _:
            context.entry.error("E322", condition.span, event=event)
            return None


def _field_in_window(
    context: Context, field: ir.FieldRef, name: syntax.Name, window: syntax.Window
) -> ir.Condition | None:
    if field.type not in (ValueType.INSTANT, ValueType.DATE):
        context.entry.error("E318", name.span, name=name.text)
        return None
    found = resolve_window(context.entry, window)
    return None if found is None else ir.InWindow(field, found)


def counted(count: syntax.Count | None) -> tuple[int, int | None]:
    """Return the range (at least, at most) that a count means; (0, 0) is "never"."""
    if count is None:
        return 1, None
    match count.kind:
        case "at_least":
            return count.number, None
        case "at_most":
            return 0, count.number
        case "exactly":
            return count.number, count.number


def resolve_did(context: Context, did: syntax.Did) -> ir.Condition | None:
    """Return a test of how often something was done; never is the complement of once."""
    query = resolve_query(context, did.events)
    if query is None:
        return None
    low, high = counted(did.count)
    if high == 0:
        return ir.Not(ir.Did(query))
    return ir.Did(query, low, high)


def resolve_total(context: Context, total: syntax.Total) -> ir.Total | None:
    """Return a sum (of a number or money field) or a number of events."""
    query = resolve_query(context, total.events)
    if query is None:
        return None
    if total.field is None:
        return ir.Total(total.kind, query, None, ValueType.NUMBER)
    field = find_field(context, query.event, total.field)
    if field is None:
        return None
    if field.type not in (ValueType.NUMBER, ValueType.MONEY):
        context.entry.error("E321", total.field.span, name=total.field.text)
        return None
    return ir.Total(total.kind, query, field, field.type)


def resolve_total_comparison(context: Context, test: syntax.TotalComparison) -> ir.Condition | None:
    """Return the comparison of a total with values."""
    total = resolve_total(context, test.total)
    name = (test.total.field or test.total.events.event).text
    return resolve_comparison(context, name, total, test.operator, test.values, test.span) if total else None


def resolve_event_moment(context: Context, moment: syntax.EventMoment) -> ir.Condition | None:
    """Return a test of the first or last event."""
    query = resolve_query(context, moment.events)
    window = past_window(context, moment.window) if moment.window else None
    has = resolve_where(context, query.event, moment.has) if query and moment.has else None
    if query is None:
        return None
    if window is not None:
        return ir.MomentIn(moment.which, query, window)
    return None if has is None else ir.MomentHas(moment.which, query, has)


def resolve_received(context: Context, test: syntax.Received) -> ir.Condition | None:
    """Return a test of pushes received from a playbook or one of its steps."""
    playbook = find(context, "playbook", test.playbook)
    window = past_window(context, test.window) if test.window else None
    if playbook is None or (test.window and window is None):
        return None
    step = test.step.text if test.step else None
    steps = context.scope.playbooks[playbook]
    if test.step and steps is not None and test.step.text not in steps:
        _unknown_step(context, test.step, playbook, steps)
        return None
    return _received(ir.Received(playbook, step, None, 1, None, window), test.count)


def received_template(
    context: Context, template: ir.TextPattern, count: syntax.Count | None, window: syntax.Window | None
) -> ir.Condition | None:
    """Return a test of pushes received with a template."""
    found = past_window(context, window) if window else None
    if window and found is None:
        return None
    return _received(ir.Received(None, None, template, 1, None, found), count)


def _received(test: ir.Received, count: syntax.Count | None) -> ir.Condition:
    low, high = counted(count)
    if high == 0:
        return ir.Not(test)
    return ir.Received(test.playbook, test.step, test.template, low, high, test.window)


def _unknown_step(context: Context, step: syntax.Name, playbook: str, steps: frozenset[str]) -> None:
    unknown(context, "E210", step, steps, playbook=playbook)
