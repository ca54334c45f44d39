"""The checks of all declarations in the order in which they need each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

from ...grammar import syntax
from ...grammar.record import record
from . import ir
from .activities import resolve_activity
from .builtin_names import ATTRIBUTES, FIELDS, field_name
from .conditions import resolve_member_condition
from .coupons import resolve_coupon, resolve_redpacket
from .cycles import find_cycles
from .entries import Entry, Key
from .events import resolve_total, total_type
from .identities import all_steps, step_names
from .ir import ValueType
from .library import (
    check_field_types,
    resolve_attribute,
    resolve_event,
    resolve_product,
    resolve_source,
    resolve_tag,
)
from .names import Declarations
from .playbooks import resolve_playbook
from .policy import resolve_policy
from .scope import CheckSettings, Context, Scope
from .standing_rules import resolve_points, resolve_whenever
from .templates import event_fields_of, resolve_template
from .tiers import ladder_name, resolve_tiers

_LONGEST_RING = 8
Made = TypeVar("Made")


@record
class Rule:
    """A standing rule or a points rule with the key of its declaration, so that a broken one can be left out."""

    key: Key
    rule: ir.StandingRule | ir.PointsRule


@record
class Checked:
    """Everything declared, the broken still among it. ``policy`` is None without one, ``scope`` holds all names.

    ``rules`` are the points rules and standing rules, which have no names; the library does not have them.
    """

    library: ir.Library
    rules: tuple[Rule, ...]
    policy: ir.Policy | None
    playbooks: tuple[tuple[Entry, ir.Playbook], ...]
    scope: Scope


@record
class _Data:
    """What is declared without conditions, and so before any scope."""

    attributes: Mapping[str, ir.Attribute]
    events: Mapping[str, ir.Event]
    activities: Mapping[str, ir.Activity]


def check_declarations(declarations: Declarations, settings: CheckSettings) -> Checked:
    """Check every declaration; errors, warnings and uses go to the entries."""
    attributes = dict(ATTRIBUTES)
    for entry, attribute in declarations.of(syntax.AttributeDecl):
        attributes[attribute.name.text] = resolve_attribute(entry, attribute)
    events = {written.name.text: resolve_event(entry, written) for entry, written in declarations.of(syntax.EventDecl)}
    check_field_types(declarations.of(syntax.EventDecl))
    activities = {
        written.name.text: resolve_activity(entry, written) for entry, written in declarations.of(syntax.ActivityDecl)
    }
    data = _Data(attributes, events, activities)
    scope = _scope(declarations, settings, data)
    library = _library(declarations, scope, data)
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
    _warn_entering_rings(playbooks)
    return Checked(library, _rules(declarations, scope, zone.name), policy, playbooks, scope)


def _scope(declarations: Declarations, settings: CheckSettings, data: _Data) -> Scope:
    fields = {
        name: {**FIELDS, **{field.name: field.type for field in event.fields}} for name, event in data.events.items()
    }
    playbooks = list(declarations.of(syntax.PlaybookDecl))
    return Scope(
        settings=settings,
        attributes=data.attributes,
        events=fields,
        tag_groups=_names(declarations, syntax.TagGroupDecl),
        tags={
            written.name.text: written.group.text if written.group else None
            for _, written in declarations.of(syntax.TagDecl)
        },
        segments=_names(declarations, syntax.SegmentDecl),
        metrics={
            written.name.text: _metric_type(written.total, fields)
            for _, written in declarations.of(syntax.MetricDecl)
        },
        templates=_names(declarations, syntax.TemplateDecl),
        coupons=_names(declarations, syntax.CouponDecl),
        playbooks={
            written.name.text: step_names(written.blocks) if not entry.doubts else None for entry, written in playbooks
        },
        exclusive=frozenset(w.name.text for _, w in declarations.of(syntax.TagGroupDecl) if w.exclusive),
        redpackets=_names(declarations, syntax.RedpacketDecl),
        products={w.name.text: resolve_product(entry, w) for entry, w in declarations.of(syntax.ProductDecl)},
        sources={w.name.text: w.group.text if w.group else None for _, w in declarations.of(syntax.SourceDecl)},
        activities=data.activities,
        ladders={
            ladder_name(w): tuple(rung.name.text for rung in w.rungs) for _, w in declarations.of(syntax.TiersDecl)
        },
        tasks=_tasks(declarations),
        entered=frozenset(
            written.name.text
            for entry, written in playbooks
            # Where a line could not be read, the trigger may well be that line.
            if entry.doubts or any(isinstance(block.trigger, syntax.WhenEntered) for block in written.blocks)
        ),
        doubtful=declarations.doubtful,
    )


class _HasName(Protocol):
    @property
    def name(self) -> syntax.Name: ...


Named = TypeVar("Named", bound=_HasName)


def _names(declarations: Declarations, wanted: type[Named]) -> frozenset[str]:
    return frozenset(written.name.text for _, written in declarations.of(wanted))


def _tasks(declarations: Declarations) -> frozenset[str] | None:
    titles: set[str] = set()
    for entry, written in declarations.of(syntax.PlaybookDecl):
        if entry.doubts:
            return None
        titles.update(step.title.text for step, _ in all_steps(written.blocks) if isinstance(step, syntax.GiveTask))
    return frozenset(titles)


def _metric_type(total: syntax.Total, events: Mapping[str, Mapping[str, ValueType]]) -> ValueType | None:
    if total.field is None:
        return ValueType.NUMBER
    fields = events.get(total.events.event.text, {})
    return total_type(total.kind, fields.get(total.field.text) or fields.get(field_name(total.field.text)))


def _library(declarations: Declarations, scope: Scope, data: _Data) -> ir.Library:
    segments: dict[str, ir.Condition] = {}
    for entry, segment in declarations.of(syntax.SegmentDecl):
        found = resolve_member_condition(Context(scope, entry, None), segment.condition)
        segments[segment.name.text] = found or ir.Always(False)
    metrics: dict[str, ir.Total] = {}
    for entry, metric in declarations.of(syntax.MetricDecl):
        total = resolve_total(Context(scope, entry, None), metric.total)
        if total is not None:
            metrics[metric.name.text] = total
    event_fields = event_fields_of(scope)

    def each(wanted: type[Named], made: Callable[[Context, Named], Made]) -> Mapping[str, Made]:
        return {w.name.text: made(Context(scope, entry, None), w) for entry, w in declarations.of(wanted)}

    ladders = [resolve_tiers(Context(scope, entry, None), w) for entry, w in declarations.of(syntax.TiersDecl)]
    return ir.Library(
        attributes=data.attributes,
        events=data.events,
        tags=each(syntax.TagDecl, resolve_tag),
        tag_groups={
            w.name.text: ir.TagGroup(w.name.text, w.exclusive) for _, w in declarations.of(syntax.TagGroupDecl)
        },
        segments=segments,
        metrics=metrics,
        templates=each(syntax.TemplateDecl, lambda context, w: resolve_template(context, w, event_fields)),
        coupons=each(syntax.CouponDecl, resolve_coupon),
        redpackets=each(syntax.RedpacketDecl, resolve_redpacket),
        products=scope.products,
        sources=each(syntax.SourceDecl, resolve_source),
        activities=data.activities,
        holidays=scope.settings.holidays,
        ladders={ladder.name: ladder for ladder in ladders if ladder is not None},
    )


def _rules(declarations: Declarations, scope: Scope, zone: str) -> tuple[Rule, ...]:
    found: list[Rule] = []
    for entry, points in declarations.of(syntax.PointsDecl):
        found.extend(Rule(entry.key, rule) for rule in resolve_points(Context(scope, entry, None), points))
    identities: set[str] = set()
    for entry, written in declarations.of(syntax.WheneverDecl):
        rule = resolve_whenever(Context(scope, entry, None), written, zone)
        if rule is None:
            continue
        identity = _rule_identity(rule)
        if identity in identities:
            entry.error("E251", written.span)
        identities.add(identity)
        found.append(Rule(entry.key, replace(rule, identity=identity)))
    return tuple(found)


def _rule_identity(rule: ir.StandingRule) -> str:
    # Telling back is seldom needed here, and loading it takes as long as checking some playbooks.
    from .words.library import rule_words

    return rule_words(rule, "en")


def _warn_entering_rings(playbooks: Sequence[tuple[Entry, ir.Playbook]]) -> None:
    entries = {entry.key: entry for entry, _ in playbooks}
    entered = {
        entry.key: {
            Key("playbook", i.playbook) for block in playbook.blocks for i in block.code
            if isinstance(i, ir.EnterPlaybook)
        }
        for entry, playbook in playbooks
    }
    for ring in find_cycles(entered):
        path = " → ".join([*_shown([key.name for key in ring]), ring[0].name])
        entries[ring[0]].warn("W435", entries[ring[0]].span, path=path)


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
