"""Flow charts as Mermaid text.

The syntax is that of https://mermaid.js.org/syntax/flowchart.html: boxes ``id["text"]``, stadiums ``id(["text"])``, hexagons
``id{{"text"}}``, links ``a --> b``, and ``subgraph`` … ``end``. In quoted texts ``#35;`` stands for the character 35.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .chart import Box, Chart, Fork, Frame, Piece, boxes_of, leaves

_SHAPES = {
    "start": '(["{}"])', "audience": '[/"{}"/]', "step": '["{}"]', "wait": '("{}")', "choice": '{{"{}"}}',
    "arm": '["{}"]', "frame": '["{}"]', "end": '(["{}"])',
}
# Quotes and tags end a text, # begins a code, %% and { a directive, and the rest would be read as Markdown, mathematics or style.
_SPECIAL = re.compile(r"""["#<>&`*_~\\$;:|{}\[\]^]|%(?=[%{])""")
_BEGINNING = re.compile(r"^(\d+)([.)])(?= |$)|^([-+])(?= |$)")
_GAPS = re.compile(r"\s+|[\x00-\x1f\x7f]")


def mermaid_text(charts: Sequence[Chart]) -> str:
    """Return charts as one Mermaid flow chart; several stand in a frame each, under their titles."""
    lines = ["flowchart TD"]
    for place, chart in enumerate(charts, start=1):
        inside = [line for flow in chart.flows for line in _sequence(flow, f"p{place}")]
        if len(charts) > 1:
            inside = [f'subgraph p{place}["{escaped(chart.title)}"]', *(f"  {line}" for line in inside), "end"]
        lines.extend(f"  {line}" for line in inside)
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    """A text as it stands in quotes.

    >>> escaped('说"好" #1')
    '说#34;好#34; #35;1'
    """
    line = _GAPS.sub(" ", text).strip()
    codes = _SPECIAL.sub(lambda found: f"#{ord(found[0])};", line)
    # A number with a point, or a dash, would make a list of it.
    return _BEGINNING.sub(lambda found: f"{found[1] or ''}#{ord(found[2] or found[3])};", codes)


def _sequence(pieces: Sequence[Piece], prefix: str) -> Iterator[str]:
    for piece in pieces:
        yield from _nodes(piece, prefix)
    yield from _links(pieces, prefix)


def _nodes(piece: Piece, prefix: str) -> Iterator[str]:
    match piece:
        case Box(key, kind, text):
            yield f"{prefix}{key}" + _SHAPES[kind].replace("{}", escaped(text))
        case Fork(box, ways):
            yield from _nodes(box, prefix)
            for way in ways:
                for each in way:
                    yield from _nodes(each, prefix)
        case Frame(inside):
            first = next(boxes_of(inside))
            yield f'subgraph {prefix}{first.key}f[" "]'
            for each in inside:
                yield from (f"  {line}" for line in _nodes(each, prefix))
            yield "end"


def _links(pieces: Sequence[Piece], prefix: str) -> Iterator[str]:
    """The links between the pieces of a sequence, and inside them."""
    open_ends: list[str] = []
    for piece in pieces:
        first = next(boxes_of((piece,)))
        yield from (f"{prefix}{key} --> {prefix}{first.key}" for key in open_ends)
        match piece:
            case Fork(box, ways):
                for way in ways:
                    yield f"{prefix}{box.key} --> {prefix}{next(boxes_of(way)).key}"
                    yield from _links(way, prefix)
            case Frame(inside):
                yield from _links(inside, prefix)
        open_ends = list(_ends((piece,)))


def _ends(pieces: Sequence[Piece]) -> Iterator[str]:
    """The boxes from which one goes on behind some pieces."""
    if any(map(leaves, pieces)):
        return
    match pieces[-1]:
        case Box(key):
            yield key
        case Fork(_, ways):
            for way in ways:
                yield from _ends(way)
        case Frame(inside):
            yield from _ends(inside)
