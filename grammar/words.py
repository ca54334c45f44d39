"""First words of lines: which continue the line before, and which begin a statement and so end a parenthesis."""

from __future__ import annotations

from functools import cache

from .keywords import KEYWORDS, spellings_of
from .layout import LogicalLine
from .names import DeclaredNames
from .scanner import Scanner
from .statements import CONDITIONS
from .tables import START_RULES, Tables

_JOINING = frozenset(spelling for name in ("AND", "OR") for spelling in spellings_of(name))
_CAPITALS = frozenset(word.upper() for word in _JOINING if word.isascii())
_RUN_TOGETHER = sorted((word for word in _JOINING if not word.isascii()), key=len, reverse=True)


class LineWords:
    """Answers about first words, given the declared names."""

    def __init__(self, tables: Tables, names: DeclaredNames) -> None:
        self.tables = tables
        self.names = names

    def continues(self, flat: str, start: int, end: int, _line: LogicalLine) -> bool:
        """Whether a line's first run is and/or, alone or run together with the test after it.

        ``或许`` is a name: a run that only begins with the character counts if the rest can be read as a test.
        """
        run = flat[start:end]
        if run in _JOINING or run in _CAPITALS:
            return True
        word = next((word for word in _RUN_TOGETHER if run.startswith(word)), None)
        if word is None or run in self.names.words:
            return False
        scanner = Scanner(self.tables, flat, {}, self.names)
        stack = self.tables.start_stack(CONDITIONS)
        start += len(word)
        if scanner.cut(start, end, stack) is not None or word != "或":
            return True
        return any(piece.end > start + 1 for piece, _ in scanner.pieces_at(start, end, stack))

    def begins_statement(self, run: str) -> bool:
        """Whether a run begins a declaration, header, trigger or step and cannot begin a test."""
        if run in self.names.words:
            return False
        whole, beginnings = _statement_words(self.tables)
        return run in whole or run.startswith(beginnings)


@cache
def _statement_words(tables: Tables) -> tuple[frozenset[str], tuple[str, ...]]:
    """The first words of statements that no test begins with, and those that may run together with what follows."""
    tests = _words(tables, CONDITIONS)
    statements: set[str] = set()
    for start in START_RULES:
        if start != CONDITIONS:
            statements |= _words(tables, start)
    whole = frozenset(statements - tests)
    return whole, tuple(word for word in whole if len(word) > 1 and not word.isascii())


def _words(tables: Tables, start: str) -> set[str]:
    """The first words of the keywords that a line of some kind can begin with."""
    expected = tables.expected(tables.start_stack(start))
    return {
        spelling.split(" ")[0] for name in expected if name in KEYWORDS for spelling in spellings_of(name)
    }
