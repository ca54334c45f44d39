"""Conditions over members: names and types checked, conveniences written out."""

from __future__ import annotations

from ...grammar import syntax
from . import ir
from .comparisons import is_birthday_like, names_a_single_day, resolve_comparison
from .events import (
    joined,
    past_window,
    received_template,
    resolve_did,
    resolve_event_moment,
    resolve_received,
    resolve_total_comparison,
)
from .ir import ValueType
from .scope import Context, find, find_attribute, find_operand, find_patterns
from .windows import resolve_window, whole_days


def resolve_member_condition(context: Context, condition: syntax.Condition) -> ir.Condition | None:
    """Return the checked condition, None if anything in it is wrong; all errors go to the context's entry."""
    match condition:
        case syntax.And(items):
            return joined([resolve_member_condition(context, item) for item in items], all_of=True)
        case syntax.Or(items):
            return joined([resolve_member_condition(context, item) for item in items], all_of=False)
        case syntax.Not(item):
            return _complement(resolve_member_condition(context, item))
        case syntax.Listed(kind, items):
            found = joined([resolve_member_condition(context, item) for item in items], all_of=kind == "all")
            return _complement(found) if kind == "none" else found
        case syntax.Did():
            return resolve_did(context, condition)
        case syntax.TotalComparison():
            return resolve_total_comparison(context, condition)
        case syntax.EventMoment():
            return resolve_event_moment(context, condition)
        case syntax.Received():
            return resolve_received(context, condition)
        case _:
            return _resolve_state(context, condition)


_State = (
    syntax.Tagged | syntax.TaggedInGroup | syntax.Comparison | syntax.MomentOfAttribute | syntax.Anniversary
    | syntax.InSegment | syntax.ReceivedTemplate | syntax.InSample
)


def _resolve_state(context: Context, condition: _State) -> ir.Condition | None:
    match condition:
        case syntax.Tagged():
            return _tagged(context, condition)
        case syntax.TaggedInGroup():
            return _tagged_in_group(context, condition)
        case syntax.Comparison(name, operator, values, span):
            operand = find_operand(context, name)
            return resolve_comparison(context, name.text, operand, operator, values, span) if operand else None
        case syntax.MomentOfAttribute():
            return _moment_of_attribute(context, condition)
        case syntax.Anniversary():
            return _anniversary(context, condition)
        case syntax.InSegment(name):
            segment = find(context, "segment", name)
            return None if segment is None else ir.InSegment(segment)
        case syntax.ReceivedTemplate(template, count, window):
            found = find_patterns(context, "template", [template])
            return received_template(context, found[0], count, window) if found else None
        case syntax.InSample():
            return _in_sample(context, condition)


def _complement(item: ir.Condition | None) -> ir.Condition | None:
    return None if item is None else ir.Not(item)


def _tagged(context: Context, test: syntax.Tagged) -> ir.Condition | None:
    patterns = find_patterns(context, "tag", test.patterns)
    window = past_window(context, test.window) if test.window else None
    if patterns is None or (test.window and window is None):
        return None
    if test.quantifier == "any":
        return ir.HasTag(patterns, window)
    return joined([ir.HasTag((pattern,), window) for pattern in patterns], all_of=True)


def _tagged_in_group(context: Context, test: syntax.TaggedInGroup) -> ir.Condition | None:
    group = find(context, "tag_group", test.group)
    window = past_window(context, test.window) if test.window else None
    if group is None or (test.window and window is None):
        return None
    members = sorted(tag for tag, its_group in context.scope.tags.items() if its_group == group)
    if not members:
        return ir.Always(False)
    return ir.HasTag(tuple(ir.TextPattern(tag) for tag in members), window)


def _moment_of_attribute(context: Context, test: syntax.MomentOfAttribute) -> ir.Condition | None:
    operand = find_attribute(context, test.name)
    window = resolve_window(context.entry, test.window)
    if operand is None:
        return None
    if operand.type is ValueType.LUNAR_DATE:
        context.entry.error("E306", test.span, name=test.name.text, found="")
        return None
    if operand.type not in (ValueType.INSTANT, ValueType.DATE):
        context.entry.error("E318", test.name.span, name=test.name.text)
        return None
    if window is None:
        return None
    if is_birthday_like(operand) and names_a_single_day(window):
        context.entry.warn("W403", test.span, name=test.name.text)
    return ir.InWindow(operand, window)


def _anniversary(context: Context, test: syntax.Anniversary) -> ir.Condition | None:
    operand = find_attribute(context, test.name)
    window = whole_days(context.entry, test.window)
    if operand is None or window is None:
        return None
    if operand.type not in (ValueType.DATE, ValueType.LUNAR_DATE):
        context.entry.error("E319", test.name.span, name=test.name.text)
        return None
    return ir.Anniversary(operand, window)


def _in_sample(context: Context, test: syntax.InSample) -> ir.Condition | None:
    name = test.name.text if test.name else context.sample
    low, high = test.low.parts if test.low else 0, test.high.parts
    if name is None:
        context.entry.error("E324", test.span)
    return None if name is None else ir.Sample(name, low, high)
