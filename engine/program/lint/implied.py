"""What a trigger says of the member whom it starts a block for."""

from __future__ import annotations

from dataclasses import replace

from .. import ir

_LATE = ir.DAY
"""Facts that arrive later than this start nothing, unless the playbook catches up on more."""


def implied_by(trigger: ir.Trigger, playbook: ir.Playbook) -> ir.Condition | None:
    """A condition that is true of a member at the occurrence of a trigger; None where nothing is known."""
    match trigger:
        case ir.EventHappens(query) if query.window is None:
            lately = ir.Window(ir.Cutoff(ir.CutoffKind.T, 0, -_LATE), ir.Cutoff(ir.CutoffKind.T, 0, 1))
            return ir.Did(query if playbook.catch_up is not None else replace(query, window=lately))
        case ir.TagGained(pattern):
            return ir.HasTag((pattern,))
        case ir.TagLost(pattern) if not pattern.prefix:
            return ir.Not(ir.HasTag((pattern,)))
        case ir.SegmentCrossed(segment, direction):
            return ir.InSegment(segment) if direction == "enters" else ir.Not(ir.InSegment(segment))
        case ir.TierMoves(ladder, "becomes", tier):
            return ir.Compare(ir.LadderRef(ladder), "is", (tier,))
        case ir.CouponUsed(coupon):
            return ir.UsedCoupon(coupon)
        case ir.MarkReached(operand, direction, marks) if not isinstance(operand, ir.MetricRef):
            mark = min(marks) if direction == "reach" else max(marks)
            return ir.Compare(operand, "ge" if direction == "reach" else "lt", (mark,))
    return None
