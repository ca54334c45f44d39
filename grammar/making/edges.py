"""Schedules around something: beginnings and ends of activities and sessions, and members' own dates."""

from __future__ import annotations

from typing import Literal

from ..keywords import BUILT_IN_ATTRIBUTES
from ..syntax import ActivityEdge, Clock, MemberDate, Offset
from .values import Maker, Tree, span, token_types, tokens, trees

_BEFORE = frozenset({"BEFORE", "START_BEFORE", "END_BEFORE", "DATE_BEFORE"})
_AFTER = frozenset({"AFTER", "START_AFTER", "END_AFTER", "DATE_AFTER"})
_STARTS = frozenset({"STARTS", "START_BEFORE", "START_AFTER"})
_ENDS = frozenset({"ENDS", "END_BEFORE", "END_AFTER"})
_SHORT = ("minute", "hour")


def make_activity_edge(maker: Maker, tree: Tree) -> ActivityEdge:
    """Around the beginning or end of an activity or a phase of it."""
    activity, *phases = trees(trees(tree, "activity_time")[0])
    phase = maker.title(phases[0]) if phases else None
    edge: Literal["start", "end"] = "end" if token_types(tree) & _ENDS else "start"
    offset = _offset(maker, tree)
    return ActivityEdge(maker.title(activity), phase, False, edge, offset, _clock(maker, tree, offset), span(tree))


def make_session_edge(maker: Maker, tree: Tree) -> ActivityEdge:
    """Around every session of an activity; unless the line says otherwise, after one means after its end."""
    words = token_types(tree)
    says_end = words & _ENDS or ("AFTER" in words and not words & _STARTS)
    offset = _offset(maker, tree)
    activity = maker.title(trees(tree, "title")[0])
    clock = _clock(maker, tree, offset)
    return ActivityEdge(activity, None, True, "end" if says_end else "start", offset, clock, span(tree))


def make_member_date(maker: Maker, tree: Tree) -> MemberDate:
    """Around a date or instant that each member has of their own."""
    own = trees(tree, "own_date")[0]
    name = maker.name(trees(own)[0], BUILT_IN_ATTRIBUTES)
    offset = _offset(maker, tree)
    return MemberDate(name, bool(tokens(own)), offset, _clock(maker, tree, offset), span(tree))


def _offset(maker: Maker, tree: Tree) -> Offset | None:
    durations = trees(tree, "duration")
    if not durations:
        return None
    duration = maker.duration(durations[0])
    word = next(token for token in tokens(tree) if token.type in _BEFORE | _AFTER)
    first, last = sorted((duration.span, span(word)))
    return Offset(duration, word.type in _BEFORE, first | last)


def _clock(maker: Maker, tree: Tree, offset: Offset | None) -> Clock | None:
    clock = next((maker.clock(token) for token in tokens(tree) if token.type == "CLOCK"), None)
    if clock is not None and offset is not None and offset.duration.unit in _SHORT:
        written = maker.source(offset.duration.span)
        maker.blame("E177", clock.span, related=(offset.duration.span,), written=written)
    return clock
