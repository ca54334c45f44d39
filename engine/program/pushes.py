"""Pushes: which channel, which content, and what comes with it."""

from __future__ import annotations

from collections.abc import Mapping

from ...grammar import syntax
from ...grammar.diagnostics import Span
from ...grammar.record import record
from . import ir
from .builtin_names import channel_in_chinese, channel_name
from .entries import Entry
from .groups import GROUP_CHANNEL
from .headers import resolve_channel
from .identities import pattern_text
from .scope import Context, find, find_patterns
from .templates import COUPON_CODE, EVENT_PREFIX
from .windows import duration

WELCOME_CHANNEL = "wecom"


@record
class Place:
    """Where steps stand: the block's ``context`` and ``trigger`` (None where it is wrong), and what is declared.

    ``templates`` are in the order declared. ``zone`` is that of dates and clocks. With ``groups`` the playbook speaks to
    groups.
    """

    context: Context
    trigger: ir.Trigger | None
    templates: Mapping[str, ir.Template]
    zone: str
    groups: bool


@record
class _Content:
    template: str
    templates: tuple[ir.Template, ...]
    rotation: ir.Rotation | None


def resolve_push(place: Place, push: syntax.Push, identity: str) -> ir.Push | None:
    """Return a push, None with an error."""
    context = place.context
    content = _content(place, push.content)
    coupon = find(context, "coupon", push.coupon) if push.coupon else None
    redpacket = find(context, "redpacket", push.redpacket) if push.redpacket else None
    channel = _channel(place, push, content)
    within = duration(context.entry, push.within) if push.within else None
    confirmed = _confirmed(context.entry, push.confirmed)
    if content is None or channel is None or (push.coupon and not coupon) or (push.redpacket and not redpacket):
        return None
    _check_variables(place, push.span, content.templates, coupon)
    if push.groups is not None and not place.groups:
        if push.coupon is not None or push.redpacket is not None:
            context.entry.error("E441", push.span)
        else:
            context.entry.warn("W433", push.span)
    despite = {line.what for line in push.despite}
    return ir.Push(
        identity, channel, content.template, coupon, content.rotation, redpacket, within, "caps" in despite,
        "quiet_hours" in despite, confirmed,
        ir.TextPattern(push.groups.text, push.groups.prefix) if push.groups else None,
    )


def _content(place: Place, written: syntax.Name | syntax.Rotation) -> _Content | None:
    if isinstance(written, syntax.Name):
        if _means_rotation(place, written):
            place.context.entry.error("E207", written.span, hint="rotating", name=written.text)
            return None
        name = find(place.context, "template", written)
        template = place.templates.get(name) if name else None
        return _Content(template.name, (template,), None) if template else None
    patterns = find_patterns(place.context, "template", [written.pattern])
    no_repeat = duration(place.context.entry, written.no_repeat) if written.no_repeat else None
    if patterns is None or (written.no_repeat and no_repeat is None):
        return None
    matched = tuple(template for name, template in place.templates.items() if patterns[0].matches(name))
    if not matched:
        place.context.entry.error("E212", written.pattern.span, name=written.pattern.text)
        return None
    names = tuple(template.name for template in matched)
    return _Content("", matched, ir.Rotation(pattern_text(written.pattern), names, no_repeat))


def _means_rotation(place: Place, name: syntax.Name) -> bool:
    """Whether a name with a star at its end stands for several templates, which only rotating takes."""
    start = name.text.removesuffix("*")
    if start == name.text or start.endswith("\\") or name.text in place.templates:
        return False
    return any(template.startswith(start) for template in place.templates)


def _channel(place: Place, push: syntax.Push, content: _Content | None) -> str | None:
    context = place.context
    if push.groups is not None or place.groups:
        return _group_channel(place, push, content)
    if push.channel is None:
        return _template_channel(context, push, content)
    if channel_name(push.channel.text) == GROUP_CHANNEL:
        context.entry.error("E440", push.channel.span)
        return None
    channel = resolve_channel(context, push.channel)
    return channel if channel and _suits(context.entry, push.channel.span, push.channel.text, channel, content) else None


def _group_channel(place: Place, push: syntax.Push, content: _Content | None) -> str | None:
    """Pushes to groups need name no channel: theirs is the group's own."""
    entry, span = place.context.entry, _content_span(push)
    other = push.channel is not None and channel_name(push.channel.text) != GROUP_CHANNEL
    if push.channel is not None and (other or (push.groups is not None and place.groups)):
        entry.error("E439", push.channel.span)
        return None
    channel = resolve_channel(place.context, syntax.Name(GROUP_CHANNEL, False, span))
    return channel if channel and _suits(entry, span, channel, channel, content) else None


def _suits(entry: Entry, span: Span, written: str, channel: str, content: _Content | None) -> bool:
    for template in content.templates if content else ():
        if template.channel not in (None, channel):
            theirs = template.channel or ""
            entry.error("E414", span, template=template.name, theirs=theirs, theirs_zh=channel_in_chinese(theirs),
                        channel=written, channel_zh=channel_in_chinese(written))
            return False
    return True


def _template_channel(context: Context, push: syntax.Push, content: _Content | None) -> str | None:
    if content is None:
        return None
    for template in content.templates:
        if template.channel is None:
            context.entry.error("E413", push.span, template=template.name)
            return None
    span = _content_span(push)
    channel = resolve_channel(context, syntax.Name(content.templates[0].channel or "", False, span))
    return channel if channel and _suits(context.entry, span, channel, channel, content) else None


def _content_span(push: syntax.Push) -> Span:
    return push.content.span if isinstance(push.content, syntax.Name) else push.content.pattern.span


def _confirmed(entry: Entry, written: syntax.Confirmed | None) -> ir.Confirmed | None:
    within = duration(entry, written.within) if written else None
    return ir.Confirmed(within, written.otherwise) if written and within else None


def _check_variables(place: Place, span: Span, templates: tuple[ir.Template, ...], coupon: str | None) -> None:
    entry = place.context.entry
    for template in templates:
        if COUPON_CODE in template.needed and coupon is None:
            entry.warn("W406", span, template=template.name)
        for variable in template.variables:
            if not has_event_field(place, variable):
                field = variable.removeprefix(EVENT_PREFIX)
                entry.error("E355", span, template=template.name, field=field)


def has_event_field(place: Place, variable: str) -> bool:
    """Whether a variable is no field of an event, or one of the event that starts the block."""
    if not variable.startswith(EVENT_PREFIX) or place.trigger is None:
        return True
    event = place.context.event
    return event is not None and variable.removeprefix(EVENT_PREFIX) in place.context.scope.events[event]


def resolve_welcome(place: Place, welcome: syntax.Welcome, identity: str) -> ir.Welcome | None:
    """Return a welcome, None with an error; only who joins is welcomed."""
    context, trigger = place.context, place.trigger
    joins = isinstance(trigger, ir.Joined) or (isinstance(trigger, ir.GroupEvent) and trigger.what == "joins")
    if trigger is not None and not joins:
        context.entry.error("E430", welcome.span)
    name = find(context, "template", welcome.template)
    template = place.templates.get(name) if name else None
    if template is None:
        return None
    channel = resolve_channel(
        context, syntax.Name(template.channel or WELCOME_CHANNEL, False, welcome.template.span)
    )
    _check_variables(place, welcome.span, (template,), None)
    return ir.Welcome(identity, channel, template.name) if channel else None
