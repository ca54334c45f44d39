"""A sheet's steps as a flow chart: boxes, ways that part and join again, and frames around steps that belong together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ....grammar.record import record
from .model import Line, Sheet
from .voice import Voice

BoxKind = Literal["start", "audience", "step", "wait", "choice", "arm", "frame", "end"]


@record
class Box:
    """A box with its ``key``, which is the same whenever the same sheet is drawn."""

    key: str
    kind: BoxKind
    text: str


@record
class Fork:
    """A box from which ways part; each ``ways`` begins with the box that says who goes there. Behind it they join."""

    box: Box
    ways: tuple[tuple[Piece, ...], ...]


@record
class Frame:
    """Steps that belong together; the first box says why."""

    pieces: tuple[Piece, ...]


Piece = Box | Fork | Frame


@record
class Chart:
    """The flow chart of one playbook: what each trigger starts, side by side."""

    title: str
    flows: tuple[tuple[Piece, ...], ...]


def chart_of(sheet: Sheet) -> Chart:
    """Return the flow chart of a sheet; one with errors has none of its steps."""
    section, voice, keys = sheet.section("what"), Voice(sheet.lang), _Keys()
    blocks = section.lines if section is not None else ()
    who = _audience(sheet, voice)
    flows = tuple(tuple(_flow(block, who, voice, keys)) for block in blocks)
    return Chart(sheet.playbook, flows)


@dataclass(slots=True)
class _Keys:
    count: int = 0

    def box(self, kind: BoxKind, text: str) -> Box:
        self.count += 1
        return Box(f"n{self.count}", kind, text)


def _audience(sheet: Sheet, voice: Voice) -> str:
    section = sheet.section("who")
    if section is None:
        return ""
    first = section.lines[0]
    tests = [line.text for line in first.below if not line.below] if first.below else [first.text]
    whole = len(tests) == len(first.below or tests)
    # What nests does not fit into a box; the sheet beside the chart has it.
    return voice.say("chart.audience", who=voice.joined(tests) + ("" if whole else "…"))


def _flow(block: Line, who: str, voice: Voice, keys: _Keys) -> Iterator[Piece]:
    yield keys.box("start", _numbered(block))
    if who:
        yield keys.box("audience", who)
    yield from _pieces(block, keys)
    yield keys.box("end", voice.say("chart.end"))


def _pieces(line: Line, keys: _Keys) -> tuple[Piece, ...]:
    return tuple(_piece(each, keys) for each in line.below if each.number)


def _piece(line: Line, keys: _Keys) -> Piece:
    text = _numbered(line)
    match line.kind:
        case "choice":
            box = keys.box("choice", text)
            return Fork(box, tuple((keys.box("arm", _numbered(arm)), *_pieces(arm, keys)) for arm in line.below))
        case "frame":
            return Frame((keys.box("frame", text), *_pieces(line, keys)))
        case "wait":
            return keys.box("wait", text)
        case "end":
            return keys.box("end", text)
    return keys.box("step", text)


def _numbered(line: Line) -> str:
    return f"{line.number} {line.text}" if line.number else line.text


def leaves(piece: Piece) -> bool:
    """Whether nobody comes out of a piece: it ends the journey, or all its ways do."""
    match piece:
        case Box(_, kind):
            return kind == "end"
        case Fork(_, ways):
            return all(any(map(leaves, way)) for way in ways)
        case Frame(pieces):
            return any(map(leaves, pieces))


def boxes_of(pieces: tuple[Piece, ...]) -> Iterator[Box]:
    """All boxes of some pieces, from the top down and from left to right."""
    for piece in pieces:
        match piece:
            case Box():
                yield piece
            case Fork(box, ways):
                yield box
                for way in ways:
                    yield from boxes_of(way)
            case Frame(inside):
                yield from boxes_of(inside)
