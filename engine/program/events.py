"""Tests of behaviour: how many events, on which days, what they add up to, the first and the last."""

from __future__ import annotations

from dataclasses import replace

from ...grammar import syntax
from . import ir
from .comparisons import resolve_comparison
from .ir import ValueType
from .queries import counted_since, past_window, resolve_query, resolve_where
from .scope import Context, find_field, spelling

_ADDED = (ValueType.NUMBER, ValueType.MONEY)
_COUNTING = ("number", "distinct")


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
    """Return a test of how often, or on how many days, something was done; never is the complement of once."""
    query = resolve_query(context, did.events)
    if query is None:
        return None
    if query.window is None and not did.ever:
        query = replace(query, window=counted_since(context))
    if did.days is not None:
        return _on_days(context, query, did.days)
    low, high = counted(did.count)
    if high == 0:
        return ir.Not(ir.Did(query))
    return ir.Did(query, low, high)


def _on_days(context: Context, query: ir.EventQuery, days: syntax.DayCount) -> ir.Condition | None:
    number = days.number
    match days.kind:
        case "at_most" | "exactly" if number == 0:
            return ir.Not(ir.Did(query))
        case "at_least" | "in_a_row" if number == 0:
            context.entry.error("E365", days.span)
            return None
        case "at_least":
            return ir.DidOnDays(query, number)
        case "at_most":
            return ir.DidOnDays(query, 0, number)
        case "exactly":
            return ir.DidOnDays(query, number, number)
        case _:
            return ir.DidOnDays(query, number, None, in_a_row=True)


def total_type(kind: str, field: ValueType | None) -> ValueType | None:
    """Return the type of a total over a field (None: over events); None where such a field has no such total."""
    if kind in _COUNTING:
        return ValueType.NUMBER
    return field if field in _ADDED else None


def resolve_total(context: Context, total: syntax.Total) -> ir.Total | None:
    """Return a number over events; sums, averages, largest and smallest are of number or money fields."""
    query = resolve_query(context, total.events)
    if query is None:
        return None
    if total.field is None:
        return ir.Total(total.kind, query, None, ValueType.NUMBER)
    field = find_field(context, query.event, total.field)
    if field is None:
        return None
    kind = total_type(total.kind, field.type)
    if kind is None:
        context.entry.error("E321", total.field.span, name=spelling(context, total.field))
        return None
    return ir.Total(total.kind, query, field, kind)


def resolve_total_comparison(context: Context, test: syntax.TotalComparison) -> ir.Condition | None:
    """Return the comparison of a total with values."""
    total = resolve_total(context, test.total)
    if total is None:
        return None
    if total.query.window is None:
        total = replace(total, query=replace(total.query, window=counted_since(context)))
    name = spelling(context, test.total.field or test.total.events.event)
    return resolve_comparison(context, name, total, test.operator, test.values, test.span)


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
