"""Triggers: what starts a block, on the clock or as something happens."""

from __future__ import annotations

import re

from ...grammar import syntax
from ...grammar.diagnostics import Span
from ...grammar.keywords import canonical
from ...grammar.nearest import nearest
from . import ir
from .builtin_names import attribute_name
from .events import resolve_total
from .ir import ValueType
from .queries import resolve_query
from .schedules import resolve_timetable
from .scope import Context, find, find_attribute, find_operand, find_patterns, unknown
from .values import constant
from .windows import clock_minutes, duration

_WHOLE_DAYS = ("day", "week", "month")
_SCHEDULES = (
    syntax.Daily, syntax.DayKind, syntax.EveryWeeks, syntax.Monthly, syntax.MonthlyWeekday, syntax.Yearly,
    syntax.Interval, syntax.CronLine, syntax.Once, syntax.ActivityEdge, syntax.MemberDate,
)


def resolve_trigger(context: Context, block: syntax.Block) -> tuple[ir.Trigger, ir.Limits | None] | None:
    """Return what starts a block with the limits of a schedule, None with an error."""
    if isinstance(block.trigger, _SCHEDULES):
        found = resolve_timetable(context, block.trigger, block.limits)
        return (found.schedule, found.limits) if found else None
    trigger = _event_trigger(context, block.trigger)
    return (trigger, None) if trigger else None


def _event_trigger(context: Context, written: syntax.EventTrigger) -> ir.EventTrigger | None:
    match written:
        case syntax.WhenJoined():
            return ir.Joined()
        case syntax.WhenLeft():
            return ir.Left()
        case syntax.WhenHandedOver():
            return ir.HandedOver()
        case syntax.WhenInvited():
            return ir.SomebodyInvited()
        case syntax.WhenEntered():
            return ir.Entered()
        case syntax.WhenGroup(what, pattern):
            return ir.GroupEvent(what, ir.TextPattern(pattern.text, pattern.prefix) if pattern else None)
        case syntax.WhenTagged(pattern):
            found = find_patterns(context, "tag", [pattern])
            return ir.TagGained(found[0]) if found else None
        case syntax.WhenUntagged(pattern):
            found = find_patterns(context, "tag", [pattern])
            return ir.TagLost(found[0]) if found else None
        case _:
            return _named_trigger(context, written)


_STARTS = (
    "JOINED", "LEFT", "HANDED_OVER", "INVITES", "ENTERED", "JOINS_GROUP", "LEAVES_GROUP", "GROUP_MADE",
)
_SOMEBODY = re.compile("(?:客户|顾客|会员|用户|粉丝|有人|新客)(?=.)|(?:somebody|someone|member|customer)_?(?=.)", re.IGNORECASE)


def _is_spoken(context: Context, name: syntax.Name) -> bool:
    """Whether a start is said as in speech, ``客户加好友``, which is an error that names what is meant."""
    events = context.scope.events
    if name.text in events or name.text in context.scope.doubtful:
        return False
    starts = {word for terminal in _STARTS for word in canonical(terminal)}
    said = _SOMEBODY.sub("", name.text, count=1) if _SOMEBODY.match(name.text) else name.text
    near = said if said != name.text and said in {*starts, *events} else nearest(said, starts)
    if near is None or nearest(name.text, events) is not None:
        return False
    context.entry.error("E202", name.span, fix=None, hint="near", name=name.text, near=near)
    return True


_Named = (
    syntax.WhenEvent | syntax.WhenMark | syntax.WhenTier | syntax.WhenSegment | syntax.WhenChanged
    | syntax.WhenCouponExpires | syntax.WhenCouponUsed
)


def _named_trigger(context: Context, written: _Named) -> ir.EventTrigger | None:
    match written:
        case syntax.WhenEvent(events, nth):
            if _is_spoken(context, events.event):
                return None
            query = resolve_query(context, events)
            return ir.EventHappens(query, nth) if query else None
        case syntax.WhenMark():
            return _mark(context, written)
        case syntax.WhenTier():
            return _tier(context, written)
        case syntax.WhenSegment(direction, segment):
            found = find(context, "segment", segment)
            return ir.SegmentCrossed(found, direction) if found else None
        case syntax.WhenChanged(name):
            return _changed(context, name)
        case syntax.WhenCouponExpires():
            return _coupon_expires(context, written)
        case syntax.WhenCouponUsed(coupon):
            found = find(context, "coupon", coupon)
            return ir.CouponUsed(found) if found else None


def _mark(context: Context, written: syntax.WhenMark) -> ir.MarkReached | None:
    operand = _mark_operand(context, written.operand)
    if operand is None:
        return None
    if operand.type not in (ValueType.NUMBER, ValueType.MONEY):
        context.entry.error("E420", written.operand.span, name=_operand_name(written.operand))
        return None
    name = _operand_name(written.operand)
    found = [
        constant(context.entry, context.scope.settings, name, operand.type, mark) for mark in written.marks
    ]
    marks = {mark for mark in found if isinstance(mark, int)}
    if len(marks) < len(found) and None in found:
        return None
    return ir.MarkReached(operand, written.direction, tuple(sorted(marks)))


def _mark_operand(
    context: Context, operand: syntax.Name | syntax.Total | syntax.InvitedCount
) -> ir.AttributeRef | ir.MetricRef | ir.Total | ir.InvitedNumber | None:
    match operand:
        case syntax.InvitedCount():
            return ir.InvitedNumber()
        case syntax.Total():
            return resolve_total(context, operand)
        case syntax.Name():
            found = find_operand(context, operand)
            if isinstance(found, ir.LadderRef):
                context.entry.error("E420", operand.span, name=operand.text)
                return None
            return found


def _operand_name(operand: syntax.Name | syntax.Total | syntax.InvitedCount) -> str:
    match operand:
        case syntax.Name(text):
            return text
        case syntax.Total(_, field, events):
            return (field or events.event).text
        case _:
            return ""


def _tier(context: Context, written: syntax.WhenTier) -> ir.TierMoves | None:
    name = written.ladder
    ladder = find(context, "ladder", syntax.Name(attribute_name(name.text), name.quoted, name.span))
    if ladder is None:
        return None
    tiers = context.scope.ladders[ladder]
    if written.tier.text not in tiers:
        unknown(context, "E229", written.tier, tiers, ladder=name.text)
        return None
    return ir.TierMoves(ladder, written.direction, written.tier.text)


def _changed(context: Context, name: syntax.Name) -> ir.AttributeChanges | None:
    if attribute_name(name.text) in context.scope.ladders or name.text in context.scope.ladders:
        context.entry.error("E421", name.span, name=name.text)
        return None
    operand = find_attribute(context, name)
    return ir.AttributeChanges(operand) if operand else None


def _coupon_expires(context: Context, written: syntax.WhenCouponExpires) -> ir.CouponExpires | None:
    coupon = find(context, "coupon", written.coupon)
    ahead = duration(context.entry, written.ahead)
    if written.clock is not None and written.ahead.unit not in _WHOLE_DAYS:
        context.entry.error("E253", written.ahead.span | written.clock.span)
        return None
    if coupon is None or ahead is None:
        return None
    return ir.CouponExpires(coupon, ahead, clock_minutes(written.clock) if written.clock else None)


def event_of(trigger: ir.Trigger | None) -> str | None:
    """Return the type of the event that starts a block, None where none does."""
    return trigger.query.event if isinstance(trigger, ir.EventHappens) else None


def session_of(trigger: ir.Trigger | None) -> ir.ActivityEdge | None:
    """Return the schedule around sessions that starts a block, None where there is none."""
    match trigger:
        case ir.ActivityEdge(_, times, each_session) if each_session or times.weekdays:
            return trigger
    return None


def check_unit(context: Context, trigger: ir.Trigger, span: Span, *, groups: bool) -> None:
    """Report a trigger that speaks of members in a playbook for groups, or the other way round."""
    created = isinstance(trigger, ir.GroupEvent) and trigger.what == "created"
    if created and not groups:
        context.entry.error("E422", span)
    if groups and not created and not isinstance(trigger, _OF_GROUPS):
        context.entry.error("E423", span)


_OF_GROUPS = (
    ir.Daily, ir.DayKind, ir.EveryWeeks, ir.Monthly, ir.MonthlyWeekday, ir.Yearly, ir.Interval, ir.Cron, ir.Once,
    ir.ActivityEdge,
)
