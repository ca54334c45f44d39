"""Parse one logical line: tokens from the scanner, fed one by one to the LALR tables."""

from __future__ import annotations

from .diagnostics import Span
from .layout import RUN, LogicalLine
from .record import record
from .scanner import Piece, Scanner
from .tables import END, Stack
from .trees import Token, Tree


@record
class Stumble:
    """Where a line cannot be read on: the span, what stood there, and the stack before it.

    ``terminal`` is None for a run or sign that is no token here, ``$END`` where the line ends too early.
    """

    span: Span
    terminal: str | None
    stack: Stack


@record
class ReadLine:
    """The outcome for a line: a tree, or where it stumbled. ``unknown`` are runs read as names nobody declared."""

    tree: Tree | None
    stumble: Stumble | None
    first: str | None
    unknown: tuple[tuple[Piece, Stack], ...]


def parse_line(scanner: Scanner, line: LogicalLine, start: str) -> ReadLine:
    """Read a logical line as ``start``."""
    parse = scanner.tables.begin(start)
    position = scanner.skip(line.start, line.end)
    unknown: list[tuple[Piece, Stack]] = []
    first: str | None = None
    while position < line.end:
        stack = parse.stack
        pieces = scanner.read(position, line.end, stack)
        if not pieces:
            return ReadLine(None, Stumble(_unreadable(scanner, position, line.end), None, stack), first, tuple(unknown))
        for piece in pieces:
            stack = parse.stack
            if not piece.known:
                unknown.append((piece, stack))
            text = scanner.flat[piece.start : piece.end]
            if not parse.feed(Token(piece.terminal, text, piece.start, piece.end)):
                return ReadLine(None, Stumble(Span(piece.start, piece.end), piece.terminal, stack), first, tuple(unknown))
            first = first or piece.terminal
        position = scanner.skip(pieces[-1].end, line.end)
    stack = parse.stack
    tree = parse.finish()
    stumble = Stumble(Span(line.end, line.end), END, stack) if tree is None else None
    return ReadLine(tree, stumble, first, tuple(unknown))


def _unreadable(scanner: Scanner, position: int, end: int) -> Span:
    run = RUN.match(scanner.flat, position, end)
    return Span(position, run.end() if run else position + 1)
