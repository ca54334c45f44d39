"""Conditions over members: names and types checked, conveniences written out."""

from __future__ import annotations

from dataclasses import replace

from ...grammar import syntax
from . import histories, ir, states
from .comparisons import resolve_comparison
from .events import counted, resolve_did, resolve_event_moment, resolve_total_comparison
from .queries import joined
from .scope import Context, find, find_operand, spelling


def resolve_member_condition(context: Context, condition: syntax.Condition) -> ir.Condition | None:
    """Return the checked condition, None if anything in it is wrong; all errors go to the context's entry."""
    match condition:
        case syntax.And(items):
            return joined([resolve_member_condition(context, item) for item in items], all_of=True)
        case syntax.Or(items):
            return joined([resolve_member_condition(context, item) for item in items], all_of=False)
        case syntax.Not(item):
            return _complement(resolve_member_condition(context, item))
        case syntax.Listed(kind, items):
            found = joined([resolve_member_condition(context, item) for item in items], all_of=kind == "all")
            return _complement(found) if kind == "none" else found
        case syntax.Did():
            return resolve_did(context, condition)
        case syntax.TotalComparison():
            return resolve_total_comparison(context, condition)
        case syntax.EventMoment():
            return resolve_event_moment(context, condition)
        case syntax.Invited():
            return _invited(context, condition)
        case _:
            return _attribute_test(context, condition)


def _complement(item: ir.Condition | None) -> ir.Condition | None:
    return None if item is None else ir.Not(item)


def _invited(context: Context, test: syntax.Invited) -> ir.Condition | None:
    """A number of members; what is asked of them is asked as things stand, not since somebody else's entry."""
    inside = replace(context, since=None, event=None)
    where = resolve_member_condition(inside, test.where) if test.where else None
    window, sound = histories.happened_window(context, test.window)
    if not sound or (test.where and where is None):
        return None
    low, high = counted(test.count)
    if high == 0:
        return ir.Not(ir.Invited(1, None, where, window))
    return ir.Invited(low, high, where, window)


_Rest = (
    syntax.Tagged | syntax.TaggedInGroup | syntax.Comparison | syntax.MomentOfAttribute | syntax.Anniversary
    | syntax.HeldFor | syntax.Changed | syntax.InSegment | syntax.HoldsCoupon | syntax.UsedCoupon
    | syntax.ReceivedRedpacket | syntax.Received | syntax.ReceivedTemplate | syntax.InPlaybook
    | syntax.FinishedPlaybook | syntax.DueToReorder | syntax.InGroup | syntax.IsFriend | syntax.SourceInGroup
    | syntax.TaskIs | syntax.TodayIs | syntax.InSample
)


def _attribute_test(context: Context, condition: _Rest) -> ir.Condition | None:
    match condition:
        case syntax.Comparison(name, operator, values, span):
            operand = find_operand(context, name)
            said = spelling(context, name)
            return resolve_comparison(context, said, operand, operator, values, span) if operand else None
        case syntax.MomentOfAttribute():
            return states.resolve_moment_of_attribute(context, condition)
        case syntax.Anniversary():
            return states.resolve_anniversary(context, condition)
        case syntax.HeldFor():
            return states.resolve_held(context, condition)
        case syntax.Changed():
            return states.resolve_changed(context, condition)
        case (
            syntax.HoldsCoupon() | syntax.UsedCoupon() | syntax.ReceivedRedpacket() | syntax.Received()
            | syntax.ReceivedTemplate() | syntax.InPlaybook() | syntax.FinishedPlaybook() | syntax.DueToReorder()
        ):
            return _history_test(context, condition)
        case _:
            return _state_test(context, condition)


_History = (
    syntax.HoldsCoupon | syntax.UsedCoupon | syntax.ReceivedRedpacket | syntax.Received | syntax.ReceivedTemplate
    | syntax.InPlaybook | syntax.FinishedPlaybook | syntax.DueToReorder
)


def _history_test(context: Context, condition: _History) -> ir.Condition | None:
    match condition:
        case syntax.HoldsCoupon():
            return histories.resolve_holds_coupon(context, condition)
        case syntax.UsedCoupon():
            return histories.resolve_used_coupon(context, condition)
        case syntax.ReceivedRedpacket():
            return histories.resolve_redpacket(context, condition)
        case syntax.Received():
            return histories.resolve_received(context, condition)
        case syntax.ReceivedTemplate():
            return histories.resolve_received_template(context, condition)
        case syntax.InPlaybook():
            return histories.resolve_in_playbook(context, condition)
        case syntax.FinishedPlaybook():
            return histories.resolve_finished_playbook(context, condition)
        case syntax.DueToReorder():
            return histories.resolve_due_to_reorder(context, condition)


_State = (
    syntax.Tagged | syntax.TaggedInGroup | syntax.InSegment | syntax.InGroup | syntax.IsFriend | syntax.SourceInGroup
    | syntax.TaskIs | syntax.TodayIs | syntax.InSample
)


def _state_test(context: Context, condition: _State) -> ir.Condition | None:
    match condition:
        case syntax.Tagged():
            return states.resolve_tagged(context, condition)
        case syntax.TaggedInGroup():
            return states.resolve_tagged_in_group(context, condition)
        case syntax.InSegment(name):
            segment = find(context, "segment", name)
            return None if segment is None else ir.InSegment(segment)
        case syntax.InGroup():
            return states.resolve_in_group(condition)
        case syntax.IsFriend():
            return ir.IsFriend()
        case syntax.SourceInGroup():
            return states.resolve_source_in_group(context, condition)
        case syntax.TaskIs():
            return states.resolve_task(context, condition)
        case syntax.TodayIs(kind):
            return ir.TodayIs(kind)
        case syntax.InSample():
            return states.resolve_sample(context, condition)
