"""The names that can be used, and how a use finds its declaration."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field

from ...grammar.record import record
from ...grammar.syntax import Name, Pattern
from .builtin_names import ATTRIBUTE_ALIASES, FIELD_ALIASES, attribute_name, field_name
from .entries import Entry, Key, Kind
from .ir import Attribute, AttributeRef, FieldRef, MetricRef, TextPattern, ValueType
from .nearest import nearest_name


@record
class CheckSettings:
    """What the workspace's configuration says: canonical ``channels``, the default ``timezone``, the ``currency``."""

    channels: frozenset[str]
    timezone: str
    currency: str


@record
class Scope:
    """Every declared name with what its users need to know of it.

    ``events`` give the type of each declared field; ``tags`` their group; ``metrics`` their type, None where it
    could not be found; ``playbooks`` the names a ``step`` may have, None where they are not known; ``exclusive``
    the tag groups of which a member holds one tag at most. ``doubtful`` are
    words of declarations that did not parse, with the codes of what is wrong there. ``broken`` are declared names
    with errors, given only where those errors are told elsewhere.
    """

    settings: CheckSettings
    attributes: Mapping[str, Attribute]
    events: Mapping[str, Mapping[str, ValueType]]
    tag_groups: frozenset[str]
    tags: Mapping[str, str | None]
    segments: frozenset[str]
    metrics: Mapping[str, ValueType | None]
    templates: frozenset[str]
    coupons: frozenset[str]
    playbooks: Mapping[str, frozenset[str] | None]
    exclusive: frozenset[str] = frozenset()
    doubtful: Mapping[str, frozenset[str]] = field(default_factory=dict)
    broken: Mapping[str, frozenset[str]] = field(default_factory=dict)


@record
class Context:
    """Where a condition stands: the names, its declaration, and the ``sample`` name it takes without its own."""

    scope: Scope
    entry: Entry
    sample: str | None


_UNKNOWN: Mapping[Kind, str] = {
    "event": "E202", "tag": "E204", "tag_group": "E205", "segment": "E206", "template": "E207", "coupon": "E208",
    "playbook": "E209",
}


def find(context: Context, kind: Kind, name: Name) -> str | None:
    """Return the canonical declared name that ``name`` means, None (with an error) if there is none."""
    known = declared(context.scope, kind)
    if name.text in known:
        if kind == "tag_group":
            _use_members(context, name)
        return use(context, kind, name.text, name)
    unknown(context, _UNKNOWN[kind], name, known)
    return None


def _use_members(context: Context, group: Name) -> None:
    """A group means its tags, and one whose line did not parse may be missing among them."""
    if context.entry.key.kind == "tag":
        return
    context.entry.doubts.update(context.scope.doubtful.get(group.text, ()))
    for tag, its_group in context.scope.tags.items():
        if its_group == group.text:
            context.entry.uses.add(Key("tag", tag))


def declared(scope: Scope, kind: Kind) -> Iterable[str]:
    """Return the declared names of one kind."""
    match kind:
        case "event":
            return scope.events.keys()
        case "tag":
            return scope.tags.keys()
        case "tag_group":
            return scope.tag_groups
        case "segment":
            return scope.segments
        case "template":
            return scope.templates
        case "coupon":
            return scope.coupons
        case "playbook":
            return scope.playbooks.keys()
        case _:
            return ()


def use(context: Context, kind: Kind, canonical: str, name: Name | Pattern) -> str | None:
    """Note that the declaration at hand uses ``canonical``; None where that is broken and told elsewhere."""
    key = Key(kind, canonical)
    context.entry.uses.add(key)
    if str(key) in context.scope.broken:
        context.entry.error("E226", name.span, name=name.text)
        return None
    return canonical


def unknown(context: Context, code: str, name: Name | Pattern, known: Iterable[str], **params: str) -> None:
    """Report an unknown name with the nearest known one, or stay silent where its declaration did not parse."""
    doubts = context.scope.doubtful.get(name.text)
    if doubts is not None:
        context.entry.doubts.update(doubts)
        return
    near = nearest_name(name.text, known)
    if near is None:
        context.entry.error(code, name.span, name=name.text, **params)
    else:
        context.entry.error(code, name.span, hint="near", name=name.text, near=near, **params)


def find_operand(context: Context, name: Name) -> AttributeRef | MetricRef | None:
    """Return the attribute or metric that ``name`` means."""
    scope = context.scope
    for text in (name.text, attribute_name(name.text)):
        if text in scope.attributes:
            found = use(context, "attribute", text, name)
            return AttributeRef(found, scope.attributes[text].type) if found else None
        if text in scope.metrics:
            found = use(context, "metric", text, name)
            kind = scope.metrics[text]
            return MetricRef(found, kind) if found and kind else None
    unknown(context, "E201", name, [*scope.attributes, *ATTRIBUTE_ALIASES, *scope.metrics])
    return None


def find_attribute(context: Context, name: Name) -> AttributeRef | None:
    """Return the attribute that ``name`` means."""
    for text in (name.text, attribute_name(name.text)):
        if text in context.scope.attributes:
            found = use(context, "attribute", text, name)
            return AttributeRef(found, context.scope.attributes[text].type) if found else None
    unknown(context, "E201", name, [*context.scope.attributes, *ATTRIBUTE_ALIASES])
    return None


def find_field(context: Context, event: str, name: Name) -> FieldRef | None:
    """Return the field of ``event`` that ``name`` means."""
    fields = context.scope.events[event]
    text = name.text if name.text in fields else field_name(name.text)
    if text in fields:
        return FieldRef(text, fields[text])
    spellings = [alias for alias, canonical in FIELD_ALIASES.items() if canonical in fields]
    unknown(context, "E203", name, [*fields, *spellings], event=event)
    return None


def find_patterns(context: Context, kind: Kind, patterns: Iterable[Pattern]) -> tuple[TextPattern, ...] | None:
    """Return patterns over declared names; each must match at least one, but for the bare star."""
    known = declared(context.scope, kind)
    found: list[TextPattern] = []
    sound = True
    for pattern in patterns:
        matched = _matching(pattern, known)
        for name in matched:
            use(context, kind, name, pattern)
        if matched or (pattern.prefix and not pattern.text):
            found.append(TextPattern(pattern.text, pattern.prefix))
        elif pattern.prefix:
            unknown(context, "E212", pattern, [])
            sound = False
        else:
            unknown(context, _UNKNOWN[kind], pattern, known)
            sound = False
    return tuple(sorted(set(found), key=lambda p: (p.text, p.prefix))) if sound else None


def _matching(pattern: Pattern, known: Iterable[str]) -> list[str]:
    if not pattern.prefix:
        return [name for name in known if name == pattern.text]
    return [name for name in known if name.startswith(pattern.text)]
