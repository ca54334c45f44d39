"""Conditions as staff read them: one test a line, lists as nested lines, segments with what they mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...program import ir
from .model import Line
from .voice import Voice


def audience_lines(condition: ir.Condition, voice: Voice, segments: Mapping[str, ir.Condition]) -> tuple[Line, ...]:
    """Return a condition line by line; all lines hold. A segment has its own condition below it."""
    if isinstance(condition, ir.All):
        return tuple(_line(item, voice, segments, frozenset()) for item in condition.items)
    return (_line(condition, voice, segments, frozenset()),)


def _line(
    condition: ir.Condition, voice: Voice, segments: Mapping[str, ir.Condition], around: frozenset[str]
) -> Line:
    def below(items: tuple[ir.Condition, ...]) -> tuple[Line, ...]:
        return tuple(_line(item, voice, segments, around) for item in items)

    match condition:
        case ir.All(items):
            return Line(voice.say("who.all"), below=below(items))
        case ir.Any(items):
            return Line(voice.say("who.any"), below=below(items))
        case ir.Not(ir.Any(items)):
            return Line(voice.say("who.none"), below=below(items))
        case ir.InSegment(name) if name in segments and name not in around:
            inside = _line(segments[name], voice, segments, around | {name})
            return Line(voice.test(condition), below=(inside,))
    return Line(voice.test(condition))


def segments_told(condition: ir.Condition | None) -> frozenset[str]:
    """Return the segments of which the lines of a condition say what they are."""
    match condition:
        case ir.All(items) | ir.Any(items) | ir.Not(ir.Any(items)):
            return frozenset().union(*map(segments_told, items))
        case ir.InSegment(name):
            return frozenset({name})
    return frozenset()


def parts_of(node: object) -> Iterator[object]:
    """Everything inside a part of the checked program, itself included."""
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, tuple):
            waiting.extend(reversed(part))
        elif hasattr(part, "__match_args__"):
            yield part
            waiting.extend(getattr(part, name) for name in reversed(part.__match_args__))
