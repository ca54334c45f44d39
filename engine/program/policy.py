"""The policy of a workspace: consents, quiet hours, caps, holdout and guard."""

from __future__ import annotations

from ...grammar import syntax
from . import ir
from .conditions import resolve_member_condition
from .headers import only_one, resolve_channel, resolve_guard, resolve_holdout, resolve_quiet, resolve_zone
from .scope import Context
from .windows import duration


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
    if (line.per and per is None) or (line.channel and channel is None):
        return None
    return ir.Cap(line.number, per, channel, line.defer, line.unit == "group")
