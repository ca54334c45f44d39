"""Parse one logical line: tokens from the scanner, fed one by one to the LALR tables."""

from __future__ import annotations

from dataclasses import dataclass

import lark
from lark.exceptions import UnexpectedToken

from .diagnostics import Span
from .layout import RUN, LogicalLine
from .scanner import Piece, Scanner
from .tables import END, Stack


@dataclass(frozen=True, slots=True)
class Stumble:
    """Where a line cannot be read on: the span, what stood there, and the stack before it.

    ``terminal`` is None for a run or sign that is no token here, ``$END`` where the line ends too early.
    """

    span: Span
    terminal: str | None
    stack: Stack


@dataclass(frozen=True, slots=True)
class ReadLine:
    """The outcome for a line: a tree, or where it stumbled. ``unknown`` are runs read as names nobody declared."""

    tree: lark.Tree[lark.Token] | None
    stumble: Stumble | None
    first: str | None
    unknown: tuple[tuple[Piece, Stack], ...]


def parse_line(scanner: Scanner, line: LogicalLine, start: str) -> ReadLine:
    """Read a logical line as ``start``."""
    state = scanner.tables.begin(start)
    position = scanner.skip(line.start, line.end)
    unknown: list[tuple[Piece, Stack]] = []
    first: str | None = None
    while position < line.end:
        stack = tuple(state.state_stack)
        pieces = scanner.read(position, line.end, stack)
        if not pieces:
            return ReadLine(None, Stumble(_unreadable(scanner, position, line.end), None, stack), first, tuple(unknown))
        for piece in pieces:
            stack = tuple(state.state_stack)
            if not piece.known:
                unknown.append((piece, stack))
            try:
                state.feed_token(_token(piece, scanner.flat))
            except UnexpectedToken:
                stumble = Stumble(Span(piece.start, piece.end), piece.terminal, stack)
                return ReadLine(None, stumble, first, tuple(unknown))
            first = first or piece.terminal
        position = scanner.skip(pieces[-1].end, line.end)
    stack = tuple(state.state_stack)
    try:
        tree = state.feed_token(_token(Piece(END, line.end, line.end), ""), is_end=True)
    except UnexpectedToken:
        return ReadLine(None, Stumble(Span(line.end, line.end), END, stack), first, tuple(unknown))
    return ReadLine(tree, None, first, tuple(unknown))


def _unreadable(scanner: Scanner, position: int, end: int) -> Span:
    run = RUN.match(scanner.flat, position, end)
    return Span(position, run.end() if run else position + 1)


def _token(piece: Piece, flat: str) -> lark.Token:
    return lark.Token(piece.terminal, flat[piece.start : piece.end], piece.start, 1, 1, 1, 1, piece.end)
