"""Lines of playbook headers and of the policy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from ...grammar import syntax
from ...grammar.diagnostics import Span
from . import ir
from .builtin_names import CHANNEL_ALIASES, channel_name
from .conditions import resolve_member_condition
from .entries import Entry
from .ir import Window
from .scope import Context, unknown
from .windows import clock_minutes, duration, local, local_end, local_start
from .zones import is_zone, zone_names

Line = TypeVar("Line")
_WHOLE = 10_000


def only_one(entry: Entry, lines: Iterable[object], wanted: type[Line]) -> Line | None:
    """Return the line of one kind; a second one is an error."""
    found = [line for line in lines if isinstance(line, wanted)]
    for line in found[1:]:
        entry.error_with("E402", _span(line), [_span(found[0])])
    return found[0] if found else None


def _span(line: object) -> Span:
    span = getattr(line, "span", None)
    assert isinstance(span, Span)
    return span


def resolve_zone(context: Context, line: syntax.TimezoneLine | None, default: ir.Zone) -> ir.Zone:
    """Return the zone of a ``timezone`` line, ``default`` without one; an unknown zone is an error."""
    if line is None:
        return default
    if not is_zone(line.zone.text):
        unknown(context, "E213", line.zone, zone_names())
        return default
    return ir.Zone(line.zone.text, line.per_member)


def resolve_quiet(entry: Entry, line: syntax.QuietHours | None) -> ir.QuietHours | None:
    """Return quiet hours; equal start and end are an error."""
    if line is None:
        return None
    if line.start.value == line.end.value:
        entry.error("E405", line.span)
        return None
    return ir.QuietHours(clock_minutes(line.start), clock_minutes(line.end), line.overflow)


def resolve_holdout(entry: Entry, line: syntax.HoldoutLine | None) -> int:
    """Return the held-out share in 10,000, 0 without a line; all or none of the members is an error."""
    if line is None:
        return 0
    if not 0 < line.share.parts < _WHOLE:
        entry.error("E406", line.share.span)
    return line.share.parts


def resolve_guard(entry: Entry, line: syntax.GuardLine | None) -> ir.Guard | None:
    """Return the guard; none or more than all of the members is an error."""
    if line is None:
        return None
    if line.share is not None and not 0 < line.share.parts <= _WHOLE:
        entry.error("E407", line.span)
    return ir.Guard(line.members, line.share.parts if line.share else None)


def resolve_active(entry: Entry, line: syntax.ActiveLine | None) -> Window:
    """Return when a playbook runs, from start to the end of the last day or minute; an empty time is an error."""
    if line is None:
        return Window(None, None)
    low = local(local_start(line.first)) if line.first else None
    high = local(local_end(line.last)) if line.last else None
    if low and high and low.n >= high.n:
        entry.error("E408", line.span)
    return Window(low, high)


def resolve_reentry(entry: Entry, lines: Sequence[object]) -> ir.Reentry | None:
    """Return the one re-entry rule; ``once`` beside ``again``, or two of a kind, are errors."""
    found = [line for line in lines if isinstance(line, syntax.OnceLine | syntax.AgainLine)]
    for line in found[1:]:
        entry.error_with("E404", line.span, [found[0].span])
    match found[:1]:
        case [syntax.OnceLine(per, in_all)]:
            return ir.Reentry("once", per, None, in_all)
        case [syntax.AgainLine(after, in_all)]:
            return ir.Reentry("again", None, duration(entry, after), in_all)
    return None


def resolve_policy(context: Context, written: syntax.PolicyDecl) -> ir.Policy:
    """Return the policy; errors go to the context's entry."""
    entry, lines = context.entry, written.lines
    default = ir.Zone(context.scope.settings.timezone)
    consents: list[ir.Consent] = []
    for line in lines:
        if isinstance(line, syntax.NeverPush):
            condition = resolve_member_condition(context, line.condition)
            if condition is not None:
                consents.append(ir.Consent(line.marketing_only, condition))
    caps = [_cap(context, line) for line in lines if isinstance(line, syntax.CapLine)]
    return ir.Policy(
        zone=resolve_zone(context, only_one(entry, lines, syntax.TimezoneLine), default),
        consents=tuple(consents),
        quiet=resolve_quiet(entry, only_one(entry, lines, syntax.QuietHours)),
        caps=tuple(cap for cap in caps if cap is not None),
        holdout=resolve_holdout(entry, only_one(entry, lines, syntax.HoldoutLine)),
        guard=resolve_guard(entry, only_one(entry, lines, syntax.GuardLine)),
    )


def _cap(context: Context, line: syntax.CapLine) -> ir.Cap | None:
    if line.number < 1:
        context.entry.error("E415", line.span)
    per = duration(context.entry, line.per) if line.per else None
    channel = resolve_channel(context, line.channel) if line.channel else None
    # Caps per group speak of group sends, which no member playbook makes.
    if line.unit == "group" or (line.per and per is None) or (line.channel and channel is None):
        return None
    return ir.Cap(line.number, per, channel, line.defer)


def resolve_channel(context: Context, name: syntax.Name) -> str | None:
    """Return the canonical name of a configured channel, None with an error."""
    channels = context.scope.settings.channels
    for text in (name.text, channel_name(name.text)):
        if text in channels:
            return text
    spellings = [alias for alias, canonical in CHANNEL_ALIASES.items() if canonical in channels]
    unknown(context, "E214", name, [*channels, *spellings], channels=", ".join(sorted(channels)) or "-")
    return None
