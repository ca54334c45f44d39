"""What sets an attribute: a value of its type, or a field of the event at hand."""

from __future__ import annotations

from ...grammar import syntax
from . import ir
from .builtin_names import ATTRIBUTES
from .clock import local_to_instant
from .ir import ValueType
from .scope import Context, find_attribute, find_field
from .values import constant
from .windows import local_start

# Built-in attributes that are plain data of the member; the others follow from friendships, ledgers and ladders.
_SETTABLE = frozenset({"name", "source", "timezone"})
_OTHER_WAYS = frozenset({"points", "tier"})


def resolve_setting(
    context: Context, written: syntax.SetAttribute, zone: str
) -> tuple[ir.AttributeRef, int | str | ir.FieldRef] | None:
    """Return the attribute and what it is set to, None with an error. Dates and clocks are those of ``zone``."""
    attribute = find_attribute(context, written.name)
    if attribute is None:
        return None
    if attribute.name in ATTRIBUTES and attribute.name not in _SETTABLE:
        hint = attribute.name if attribute.name in _OTHER_WAYS else None
        context.entry.error("E431", written.name.span, hint=hint, name=written.name.text)
        return None
    if isinstance(written.value, syntax.Name):
        field = _field(context, attribute, written.value)
        return (attribute, field) if field else None
    value = _value(context, attribute, written, written.value, zone)
    return None if value is None else (attribute, value)


def _field(context: Context, attribute: ir.AttributeRef, name: syntax.Name) -> ir.FieldRef | None:
    if context.event is None:
        context.entry.error("E432", name.span, name=name.text)
        return None
    field = find_field(context, context.event, name)
    if field is not None and field.type is not attribute.type:
        context.entry.error("E433", name.span, name=attribute.name, field=name.text)
        return None
    return field


def _value(
    context: Context, attribute: ir.AttributeRef, written: syntax.SetAttribute, value: syntax.Value, zone: str
) -> int | str | None:
    if attribute.type is ValueType.INSTANT and isinstance(value, syntax.Date | syntax.Instant):
        return local_to_instant(local_start(value), zone)
    choices = context.scope.attributes[attribute.name].choices
    return constant(context.entry, context.scope.settings, written.name.text, attribute.type, value, choices)
