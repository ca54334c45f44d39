"""The names that can be used, and how a use finds its declaration."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field

from ...grammar.fixes import rename
from ...grammar.nearest import nearest
from ...grammar.record import record
from ...grammar.syntax import Name, Pattern
from .builtin_names import ATTRIBUTE_ALIASES, FIELD_ALIASES, attribute_name, field_name
from .entries import Entry, Key, Kind
from .holidays import NO_CALENDAR, HolidayCalendar
from .ir import (
    Activity,
    ActivityEdge,
    Attribute,
    AttributeRef,
    CutoffKind,
    FieldRef,
    LadderRef,
    MetricRef,
    Product,
    TextPattern,
    ValueType,
)


@record
class CheckSettings:
    """What the workspace's configuration says: canonical ``channels``, the default ``timezone``, the ``currency``.

    ``holidays`` is the calendar of workdays and holidays.
    """

    channels: frozenset[str]
    timezone: str
    currency: str
    holidays: HolidayCalendar = NO_CALENDAR


@record
class Scope:
    """Every declared name with what its users need to know of it.

    ``events`` give the type of each declared field; ``tags`` their group; ``metrics`` their type, None where it
    could not be found; ``playbooks`` the names a ``step`` may have, None where they are not known; ``exclusive``
    the tag groups of which a member holds one tag at most; ``sources`` give their group; ``ladders`` the names of
    their tiers, the one by points under ``tier``; ``tasks`` are the titles that steps give, None where not all of
    them are known; ``entered`` the playbooks that others may enter. ``doubtful`` are
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
    redpackets: frozenset[str] = frozenset()
    products: Mapping[str, Product] = field(default_factory=dict)
    sources: Mapping[str, str | None] = field(default_factory=dict)
    activities: Mapping[str, Activity] = field(default_factory=dict)
    ladders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tasks: frozenset[str] | None = None
    entered: frozenset[str] = frozenset()
    doubtful: Mapping[str, frozenset[str]] = field(default_factory=dict)
    broken: Mapping[str, frozenset[str]] = field(default_factory=dict)


@record
class Context:
    """Where a condition stands: the names, its declaration, and the ``sample`` name it takes without its own.

    ``since`` is what behaviours without a window count from (ENTRY in goals and exits, WAIT in waits), None without
    such a limit. ``event`` is the type of the event that starts the block, for ``same`` and ``event.FIELD``. ``session``
    is the schedule around the sessions of an activity that starts the block. ``steps`` are the names that ``since step``
    may take, None outside of journeys.
    """

    scope: Scope
    entry: Entry
    sample: str | None
    since: CutoffKind | None = None
    event: str | None = None
    session: ActivityEdge | None = None
    steps: frozenset[str] | None = None


_QUOTES = "\"'“”‘’「」『』"
_UNKNOWN: Mapping[Kind, str] = {
    "event": "E202", "tag": "E204", "tag_group": "E205", "segment": "E206", "template": "E207", "coupon": "E208",
    "playbook": "E209", "redpacket": "E215", "product": "E216", "activity": "E217", "ladder": "E228",
}


def spelling(context: Context, name: Name) -> str:
    """Return a name as it stands in the text, without quotes, for saying it back; built-in names have two spellings."""
    written = context.entry.text[name.span.start : name.span.end]
    return written.strip(_QUOTES) or name.text


def find(context: Context, kind: Kind, name: Name) -> str | None:
    """Return the canonical declared name that ``name`` means, None (with an error) if there is none."""
    known = declared(context.scope, kind)
    if name.text in known:
        if kind == "tag_group":
            _use_members(context, name)
        return use(context, kind, name.text, name)
    _undeclared(context, kind, name, known)
    return None


def _undeclared(context: Context, kind: Kind, name: Name | Pattern, known: Iterable[str]) -> None:
    """Report a name that is not declared as ``kind``; where it is declared as another kind, that is said."""
    other = _other_kind(context.scope, kind, name.text)
    if other is not None:
        context.entry.error(_UNKNOWN[kind], name.span, fix=None, hint=f"is_{other}", name=name.text)
    else:
        unknown(context, _UNKNOWN[kind], name, known)


_MISTAKEN: tuple[Kind, ...] = ("tag", "coupon", "redpacket", "segment", "template", "activity", "playbook")
"""Kinds whose names are taken for one another: all stand in quotes."""


def _other_kind(scope: Scope, kind: Kind, name: str) -> Kind | None:
    """The kind that a name has, where it is declared but not as ``kind``."""
    if kind not in _MISTAKEN:
        return None
    return next((other for other in _MISTAKEN if other != kind and name in declared(scope, other)), None)


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
        case "redpacket":
            return scope.redpackets
        case "product":
            return scope.products.keys()
        case "activity":
            return scope.activities.keys()
        case "ladder":
            return scope.ladders.keys()
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
    known = tuple(known)
    near = nearest(name.text, known)
    if near is None:
        context.entry.error(code, name.span, fix=None, hint=None, name=name.text, **params)
    else:
        fix = rename(name.span, context.entry.text, near, known)
        context.entry.error(code, name.span, hint="near", fix=fix, name=name.text, near=near, **params)


def find_operand(context: Context, name: Name) -> AttributeRef | MetricRef | LadderRef | None:
    """Return the attribute, metric or ladder that ``name`` means; ``tier`` is the ladder by points where one is."""
    scope = context.scope
    for text in (name.text, attribute_name(name.text)):
        if text in scope.ladders:
            found = use(context, "ladder", text, name)
            return LadderRef(found) if found else None
        if text in scope.attributes:
            found = use(context, "attribute", text, name)
            return AttributeRef(found, scope.attributes[text].type) if found else None
        if text in scope.metrics:
            found = use(context, "metric", text, name)
            kind = scope.metrics[text]
            return MetricRef(found, kind) if found and kind else None
    unknown(context, "E201", name, [*scope.attributes, *ATTRIBUTE_ALIASES, *scope.metrics, *scope.ladders])
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
        wanted = TextPattern(pattern.text, pattern.prefix)
        matched = [name for name in known if wanted.matches(name)]
        for name in matched:
            use(context, kind, name, pattern)
        if matched or (pattern.prefix and not pattern.text):
            found.append(wanted)
        elif pattern.prefix:
            unknown(context, "E212", pattern, [])
            sound = False
        else:
            _undeclared(context, kind, pattern, known)
            sound = False
    return tuple(sorted(set(found), key=lambda p: (p.text, p.prefix))) if sound else None
