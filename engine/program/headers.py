"""Lines of headers: those that a playbook shares with the policy, and those of playbooks alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from ...grammar import syntax
from ...grammar.diagnostics import Span
from ...grammar.fixes import replacement
from . import ir
from .activities import find_times
from .builtin_names import CHANNEL_ALIASES, CHANNEL_NICKNAMES, channel_in_chinese, channel_name
from .conditions import resolve_member_condition
from .coupons import resolve_budget
from .entries import Entry
from .events import resolve_total
from .ir import CutoffKind, ValueType, Window
from .scope import Context, find_operand, unknown
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


def resolve_during(context: Context, lines: Iterable[object]) -> tuple[ir.During, ...]:
    """Return when a playbook runs by activities: during at most one, and outside of any number."""
    found = [line for line in lines if isinstance(line, syntax.DuringLine)]
    only_one(context.entry, [line for line in found if not line.negated], syntax.DuringLine)
    during = [_during(context, line) for line in found]
    return tuple(sorted((each for each in during if each), key=lambda each: (each.negated, each.activity)))


def _during(context: Context, line: syntax.DuringLine) -> ir.During | None:
    times = find_times(context, line.activity, line.phase)
    return ir.During(times[0], times[1], line.negated) if times else None


def resolve_goal(context: Context, line: syntax.GoalLine | None) -> ir.Goal | None:
    """Return a goal; behaviours in it count since entry."""
    if line is None:
        return None
    condition = resolve_member_condition(replace(context, since=CutoffKind.ENTRY), line.condition)
    up_to = duration(context.entry, line.up_to)
    return ir.Goal(condition, up_to) if condition is not None and up_to is not None else None


def resolve_exit(context: Context, line: syntax.ExitLine | None) -> ir.Condition | None:
    """Return the condition of ``exit when``; behaviours in it count since entry."""
    if line is None:
        return None
    return resolve_member_condition(replace(context, since=CutoffKind.ENTRY), line.condition)


def resolve_budgets(context: Context, lines: Iterable[object]) -> tuple[ir.Budget, ...]:
    """Return the budgets, at most one of each kind in all and per day."""
    found: dict[tuple[str, bool], syntax.BudgetLine] = {}
    for line in lines:
        if isinstance(line, syntax.BudgetLine):
            first = found.setdefault((line.budget.kind, line.budget.per_day), line)
            if first is not line:
                context.entry.error_with("E402", line.span, [first.span])
    return tuple(resolve_budget(context, found[key].budget) for key in sorted(found))


def resolve_take(context: Context, line: syntax.TakeLine | None) -> ir.Take | None:
    """Return how many of the audience are taken and by what: a number or an amount of money."""
    if line is None:
        return None
    if line.by is None:
        return ir.Take(line.number)
    operand = resolve_total(context, line.by) if isinstance(line.by, syntax.Total) else find_operand(context, line.by)
    if operand is None:
        return None
    if isinstance(operand, ir.LadderRef) or operand.type not in (ValueType.NUMBER, ValueType.MONEY):
        context.entry.error("E427", line.by.span)
        return None
    return ir.Take(line.number, operand)


def resolve_catch_up(context: Context, line: syntax.CatchUpLine | None) -> ir.CatchUp | None:
    """Return which missed occurrences still run."""
    if line is None:
        return None
    return ir.CatchUp(line.which, duration(context.entry, line.within) if line.within else None)


def resolve_channel(context: Context, name: syntax.Name) -> str | None:
    """Return the canonical name of a configured channel, None with an error."""
    channels = context.scope.settings.channels
    for text in (name.text, channel_name(name.text)):
        if text in channels:
            return text
    spellings = [alias for alias, canonical in CHANNEL_ALIASES.items() if canonical in channels]
    told = {
        "channels": ", ".join(sorted(channels)) or "-",
        "channels_zh": "、".join(channel_in_chinese(text) for text in sorted(channels)) or "-",
    }
    meant = CHANNEL_NICKNAMES.get(name.text)
    if meant is not None and channel_name(meant) in channels:
        fix = replacement(name.span, meant, safe=False)
        context.entry.error("E214", name.span, hint="near", fix=fix, name=name.text, near=meant, **told)
    else:
        unknown(context, "E214", name, [*channels, *spellings], **told)
    return None
