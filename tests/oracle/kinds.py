"""Which kinds of test a condition is made of."""

from __future__ import annotations

from collections.abc import Iterator

from qingting.engine.program import ir

KINDS = (
    "has tag",
    "tag gained",
    "compare attribute",
    "compare total",
    "compare metric",
    "in window",
    "anniversary",
    "did",
    "did counted",
    "moment in",
    "moment has",
    "in segment",
    "received",
    "sample",
    "compare large",
    "compare rung",
    "held for",
    "changed",
    "did on days",
    "did in a row",
    "holds coupon",
    "used coupon",
    "received redpacket",
    "invited",
    "due to reorder",
    "in group",
    "is friend",
    "source in",
    "since event",
    "during activity",
    "where",
    "not",
    "all",
    "any",
)


def kind_of(condition: ir.Condition) -> str:
    """The kind of one node."""
    match condition:
        case ir.HasTag(window=window):
            return "has tag" if window is None else "tag gained"
        case ir.Compare(operand=ir.Total(kind="average" | "largest" | "smallest" | "distinct")):
            return "compare large"
        case ir.Compare(operand=ir.LadderRef()):
            return "compare rung"
        case ir.DidOnDays(in_a_row=in_a_row):
            return "did in a row" if in_a_row else "did on days"
        case ir.Compare(operand=ir.Total()):
            return "compare total"
        case ir.Compare(operand=ir.MetricRef()):
            return "compare metric"
        case ir.Compare():
            return "compare attribute"
        case ir.InWindow():
            return "in window"
        case ir.Did(at_least=1, at_most=None):
            return "did"
        case ir.Did():
            return "did counted"
    names = {
        ir.Anniversary: "anniversary",
        ir.MomentIn: "moment in",
        ir.MomentHas: "moment has",
        ir.InSegment: "in segment",
        ir.Received: "received",
        ir.Sample: "sample",
        ir.Not: "not",
        ir.All: "all",
        ir.Any: "any",
        ir.Always: "always",
        ir.HeldFor: "held for",
        ir.Changed: "changed",
        ir.HoldsCoupon: "holds coupon",
        ir.UsedCoupon: "used coupon",
        ir.ReceivedRedpacket: "received redpacket",
        ir.Invited: "invited",
        ir.DueToReorder: "due to reorder",
        ir.InGroup: "in group",
        ir.IsFriend: "is friend",
        ir.SourceIn: "source in",
        ir.TodayIs: "today is",
    }
    return names[type(condition)]


def parts_of(condition: ir.Condition) -> Iterator[ir.Condition]:
    """The condition and all conditions about members inside it."""
    yield condition
    match condition:
        case ir.All(items=items) | ir.Any(items=items):
            for item in items:
                yield from parts_of(item)
        case ir.Not(item=item):
            yield from parts_of(item)


def query_of(condition: ir.Condition) -> ir.EventQuery | None:
    """The events a test asks about."""
    match condition:
        case ir.Did(query=query) | ir.MomentIn(query=query) | ir.MomentHas(query=query):
            return query
        case ir.Compare(operand=ir.Total(query=query)) | ir.DidOnDays(query=query) | ir.DueToReorder(query=query):
            return query
    return None


def windows_of(condition: ir.Condition) -> Iterator[ir.Window]:
    """The windows of one test."""
    query = query_of(condition)
    if query is not None and query.window is not None:
        yield query.window
    window = getattr(condition, "window", None) or getattr(condition, "expiring", None)
    if isinstance(window, ir.Window):
        yield window
