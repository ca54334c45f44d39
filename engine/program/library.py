"""Library declarations: tags, templates, coupons and the rest, each checked by itself."""

from __future__ import annotations

from collections.abc import Iterable

from ...grammar import syntax
from . import ir
from .builtin_names import FIELDS, field_name
from .entries import Entry
from .ir import ValueType
from .scope import Context, find
from .values import money_fits
from .windows import clock_minutes, duration, local_end

_TYPES = {
    "text": ValueType.TEXT,
    "number": ValueType.NUMBER,
    "money": ValueType.MONEY,
    "date": ValueType.DATE,
    "lunar_date": ValueType.LUNAR_DATE,
    "instant": ValueType.INSTANT,
    "yes_no": ValueType.YES_NO,
}
_WHOLE = 10_000


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


def resolve_coupon(context: Context, written: syntax.CouponDecl) -> ir.Coupon:
    """Return a coupon; worth and hours out of range are errors."""
    entry, worth = context.entry, written.worth
    _check_worth(context, worth)
    limit = written.limit
    return ir.Coupon(
        name=written.name.text,
        face_cents=worth.off_cents or 0,
        threshold_cents=worth.threshold_cents,
        percent_off=worth.percent_off,
        gift=worth.gift.text if worth.gift else None,
        stock=int(written.stock.text) if written.stock else None,
        limit=limit.number if limit else None,
        limit_per=limit.per if limit else None,
        validity=_validity(entry, written.validity) if written.validity else None,
        hours=_hours(entry, written.hours) if written.hours else None,
    )


def _check_worth(context: Context, worth: syntax.Worth) -> None:
    entry = context.entry
    if worth.off_cents is not None or worth.threshold_cents:
        money_fits(entry, context.scope.settings, syntax.Money(worth.off_cents or worth.threshold_cents, worth.span))
    if worth.off_cents is not None and 0 < worth.threshold_cents < worth.off_cents:
        entry.error("E344", worth.span)
    if worth.percent_off is not None and not 0 < worth.percent_off < _WHOLE:
        entry.error("E342", worth.span)


def _validity(entry: Entry, written: syntax.Validity) -> ir.Validity:
    if written.duration is not None:
        return ir.Validity(duration(entry, written.duration))
    return ir.Validity(None, local_end(written.until) if written.until else None)


def _hours(entry: Entry, written: tuple[syntax.Clock, syntax.Clock]) -> tuple[int, int]:
    start, end = written
    if start.value == end.value:
        entry.error("E345", start.span | end.span)
    return clock_minutes(start), clock_minutes(end)
