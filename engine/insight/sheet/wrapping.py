"""Text broken into lines of so many cells: between words, between Chinese characters, never before closing marks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ....grammar.source import display_cells

_PIECE = re.compile(r"\n| +|[!-~\u00a1-\u02ff\u0370-\u1fff]+|.", re.DOTALL)
_CLOSING = frozenset(",。、;:!?)”’〕】》,.;:!?)]}…%")
_OPENING = frozenset("(“‘〔【《([{¥")


def wrapped(text: str, cells: int) -> tuple[str, ...]:
    """Return the lines of a text, each at most ``cells`` wide, wide characters counted as two.

    >>> wrapped("每天给老客发一条 welcome message", 16)
    ('每天给老客发一条', 'welcome message')
    """
    lines, line = [], ""
    for piece in _pieces(text, cells):
        if piece == "\n":
            lines.append(line)
            line = ""
        elif display_cells(line + piece.rstrip(" ")) <= cells:
            line += piece if line or piece.strip() else ""
        else:
            lines.append(line)
            line = piece.lstrip(" ")
    return tuple(each.rstrip() for each in (*lines, line)) or ("",)


def _pieces(text: str, cells: int) -> Iterator[str]:
    """The parts between which a line may end: a mark stays with what it closes or opens."""
    part = ""
    for found in _PIECE.finditer(text):
        piece = found[0]
        joins = part and piece not in ("\n",) and (piece[0] in _CLOSING or part[-1] in _OPENING)
        if part and not (joins and display_cells(part + piece) <= cells):
            yield from _short(part, cells)
            part = ""
        part += piece
    if part:
        yield from _short(part, cells)


def _short(part: str, cells: int) -> Iterator[str]:
    """What is wider than a line in as many parts as it takes."""
    line = ""
    for char in part:
        if line and display_cells(line + char) > cells:
            yield line
            line = ""
        line += char
    yield line
