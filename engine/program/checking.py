"""The checks of all declarations in the order in which they need each other."""

from __future__ import annotations

from collections.abc import Mapping

from ...grammar import syntax
from ...grammar.record import record
from . import ir
from .builtin_names import ATTRIBUTES, FIELDS, field_name
from .conditions import resolve_member_condition
from .cycles import find_cycles
from .entries import Entry, Key
from .events import resolve_total
from .headers import resolve_policy
from .ir import ValueType
from .library import check_field_types, resolve_attribute, resolve_coupon, resolve_event, resolve_tag
from .names import Declarations
from .playbooks import resolve_playbook
from .scope import CheckSettings, Context, Scope
from .steps import step_names
from .templates import resolve_template

_LONGEST_RING = 8


@record
class Checked:
    """Everything declared, the broken still among it. ``policy`` is None without one."""

    library: ir.Library
    policy: ir.Policy | None
    playbooks: tuple[tuple[Entry, ir.Playbook], ...]


def check_declarations(declarations: Declarations, settings: CheckSettings) -> Checked:
    """Check every declaration; errors, warnings and uses go to the entries."""
    attributes = dict(ATTRIBUTES)
    for entry, attribute in declarations.of(syntax.AttributeDecl):
        attributes[attribute.name.text] = resolve_attribute(entry, attribute)
    events = {written.name.text: resolve_event(entry, written) for entry, written in declarations.of(syntax.EventDecl)}
    check_field_types(declarations.of(syntax.EventDecl))
    scope = _scope(declarations, settings, attributes, events)
    library = _library(declarations, scope, attributes, events)
    _report_cycles(declarations)
    policies = [
        resolve_policy(Context(scope, entry, None), written) for entry, written in declarations.of(syntax.PolicyDecl)
    ]
    policy = policies[0] if policies else None
    zone = policy.zone if policy else ir.Zone(settings.timezone)
    playbooks = tuple(
        (entry, resolve_playbook(Context(scope, entry, written.name.text), written, library.templates, zone))
        for entry, written in declarations.of(syntax.PlaybookDecl)
    )
    return Checked(library, policy, playbooks)


def _scope(
    declarations: Declarations, settings: CheckSettings, attributes: Mapping[str, ir.Attribute],
    events: Mapping[str, ir.Event],
) -> Scope:
    fields = {name: {**FIELDS, **{field.name: field.type for field in event.fields}} for name, event in events.items()}
    return Scope(
        settings=settings,
        attributes=attributes,
        events=fields,
        tag_groups=frozenset(written.name.text for _, written in declarations.of(syntax.TagGroupDecl)),
        tags={
            written.name.text: written.group.text if written.group else None
            for _, written in declarations.of(syntax.TagDecl)
        },
        segments=frozenset(written.name.text for _, written in declarations.of(syntax.SegmentDecl)),
        metrics={
            written.name.text: _metric_type(written.total, fields)
            for _, written in declarations.of(syntax.MetricDecl)
        },
        templates=frozenset(written.name.text for _, written in declarations.of(syntax.TemplateDecl)),
        coupons=frozenset(written.name.text for _, written in declarations.of(syntax.CouponDecl)),
        playbooks={
            written.name.text: step_names(written.blocks) if not entry.doubts else None
            for entry, written in declarations.of(syntax.PlaybookDecl)
        },
        exclusive=frozenset(w.name.text for _, w in declarations.of(syntax.TagGroupDecl) if w.exclusive),
        doubtful=declarations.doubtful,
    )


def _metric_type(total: syntax.Total, events: Mapping[str, Mapping[str, ValueType]]) -> ValueType | None:
    if total.field is None:
        return ValueType.NUMBER
    fields = events.get(total.events.event.text, {})
    found = fields.get(total.field.text) or fields.get(field_name(total.field.text))
    return found if found in (ValueType.NUMBER, ValueType.MONEY) else None


def _library(
    declarations: Declarations, scope: Scope, attributes: Mapping[str, ir.Attribute], events: Mapping[str, ir.Event]
) -> ir.Library:
    segments: dict[str, ir.Condition] = {}
    for entry, segment in declarations.of(syntax.SegmentDecl):
        found = resolve_member_condition(Context(scope, entry, None), segment.condition)
        segments[segment.name.text] = found or ir.Always(False)
    metrics: dict[str, ir.Total] = {}
    for entry, metric in declarations.of(syntax.MetricDecl):
        total = resolve_total(Context(scope, entry, None), metric.total)
        if total is not None:
            metrics[metric.name.text] = total
    event_fields = frozenset(field for fields in scope.events.values() for field in fields) | FIELDS.keys()
    return ir.Library(
        attributes=attributes,
        events=events,
        tags={w.name.text: resolve_tag(Context(scope, e, None), w) for e, w in declarations.of(syntax.TagDecl)},
        tag_groups={
            w.name.text: ir.TagGroup(w.name.text, w.exclusive) for _, w in declarations.of(syntax.TagGroupDecl)
        },
        segments=segments,
        metrics=metrics,
        templates={
            w.name.text: resolve_template(Context(scope, e, None), w, event_fields)
            for e, w in declarations.of(syntax.TemplateDecl)
        },
        coupons={
            w.name.text: resolve_coupon(Context(scope, e, None), w) for e, w in declarations.of(syntax.CouponDecl)
        },
    )


def _report_cycles(declarations: Declarations) -> None:
    entries: dict[Key, Entry] = {}
    for item in declarations.items:
        if item.entry.key.kind in ("segment", "metric"):
            entries.setdefault(item.entry.key, item.entry)
    for ring in find_cycles({key: entry.uses for key, entry in entries.items()}):
        path = " → ".join([*_shown([key.name for key in ring]), ring[0].name])
        entries[ring[0]].error("E230", entries[ring[0]].span, path=path)
        for key in ring[1:]:
            entries[key].doubts.add("E230")


def _shown(names: list[str]) -> list[str]:
    if len(names) <= _LONGEST_RING:
        return names
    return [*names[: _LONGEST_RING - 2], "…", names[-1]]
