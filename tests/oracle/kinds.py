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
        case ir.Compare(operand=ir.Total(query=query)):
            return query
    return None


def windows_of(condition: ir.Condition) -> Iterator[ir.Window]:
    """The windows of one test."""
    query = query_of(condition)
    if query is not None and query.window is not None:
        yield query.window
    match condition:
        case ir.HasTag(window=window) | ir.Received(window=window) if window is not None:
            yield window
        case ir.InWindow(window=window) | ir.MomentIn(window=window) | ir.Anniversary(window=window):
            yield window
