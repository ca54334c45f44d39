"""Library declarations: attributes, events, tags, products and sources, each checked by itself."""

from __future__ import annotations

from collections.abc import Iterable

from ...grammar import syntax
from . import ir
from .builtin_names import FIELDS, field_name
from .entries import Entry
from .ir import ValueType
from .scope import Context, find
from .values import money_fits
from .windows import duration

_TYPES = {
    "text": ValueType.TEXT,
    "number": ValueType.NUMBER,
    "money": ValueType.MONEY,
    "date": ValueType.DATE,
    "lunar_date": ValueType.LUNAR_DATE,
    "instant": ValueType.INSTANT,
    "yes_no": ValueType.YES_NO,
}


def resolve_attribute(entry: Entry, written: syntax.AttributeDecl) -> ir.Attribute:
    """Return an attribute with its type; a choice given twice is an error."""
    choices = [choice.text for choice in written.type.choices]
    for position, choice in enumerate(written.type.choices):
        if choice.text in choices[:position]:
            entry.error("E225", choice.span, name=choice.text)
    return ir.Attribute(written.name.text, _TYPES[written.type.word], tuple(choices))


def resolve_event(entry: Entry, written: syntax.EventDecl) -> ir.Event:
    """Return an event with its declared fields in name order; a field given twice or built in is an error."""
    found: dict[str, ir.FieldRef] = {}
    for field in written.fields:
        name = field_name(field.name.text)
        if name in FIELDS:
            entry.error("E221", field.name.span, name=field.name.text)
        elif name in found:
            entry.error("E225", field.name.span, name=field.name.text)
        found[name] = ir.FieldRef(name, _TYPES[field.type.word])
    return ir.Event(written.name.text, tuple(found[name] for name in sorted(found)))


def check_field_types(events: Iterable[tuple[Entry, syntax.EventDecl]]) -> None:
    """Report fields that have another type in an earlier event: one field name has one type everywhere."""
    first: dict[str, tuple[ValueType, str]] = {}
    for entry, written in events:
        for field in written.fields:
            kind = _TYPES[field.type.word]
            known, event = first.setdefault(field_name(field.name.text), (kind, written.name.text))
            if known is not kind:
                entry.error("E224", field.span, name=field.name.text, event=event)


def resolve_tag(context: Context, written: syntax.TagDecl) -> ir.Tag:
    """Return a tag with its group and expiry."""
    group = find(context, "tag_group", written.group) if written.group else None
    expires = duration(context.entry, written.expires) if written.expires else None
    return ir.Tag(written.name.text, group, expires)


def resolve_product(entry: Entry, written: syntax.ProductDecl) -> ir.Product:
    """Return a product with its category and how long one piece lasts."""
    lasts = duration(entry, written.lasts) if written.lasts else None
    return ir.Product(written.name.text, written.category.text if written.category else None, lasts)


def resolve_source(context: Context, written: syntax.SourceDecl) -> ir.Source:
    """Return where members come from, with what it costs."""
    cost = written.cost
    if cost is not None:
        money_fits(context.entry, context.scope.settings, cost)
    return ir.Source(written.name.text, written.group.text if written.group else None, cost.cents if cost else 0)
