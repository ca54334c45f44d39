"""The pieces of a logical line: what a run of characters is, given what can stand there.

``Scanner.read`` gives the tokens at one place. A run that is a declared name is that name; else it is cut into
keywords, names and numbers if the whole of it can be cut so, the longest first piece first; a run that cannot is one
unknown name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass

from .keywords import PUNCTUATION, TERMINALS_BY_SPELLING
from .layout import RUN, StringPiece
from .names import DeclaredNames
from .record import record
from .tables import Stack, Tables

MAX_RUN = 120
"""Longer runs are not cut: nobody writes them, and cutting costs."""
_MAX_STEPS = 4000

_SPACES = re.compile(r"[ \t\r\n]+")
_MONEY = re.compile(r"-?¥ ?-?[0-9]+(?:\.[0-9]+)?")
_SIGNED = re.compile(r"[+-][0-9]+(?:\.[0-9]+)?%?")
_SIGN = re.compile(r"<=|>=|<>|!=|==|[<>=≤≥≠]")
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+\-]*(?:/[A-Za-z0-9_+\-]+)*")
_NUMERALS = (
    ("DATE", re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}[日号]")),
    ("MONTHDAY", re.compile(r"[0-9]{1,2}月[0-9]{1,2}[日号]|[0-9]{1,2}-[0-9]{1,2}(?![0-9-])")),
    ("CLOCK", re.compile(r"[0-9]{1,2}:[0-9]{2}(?![0-9])|[0-9]{1,2}点(?:[0-9]{1,2}分)?")),
    ("MONEY", re.compile(r"[0-9]+(?:\.[0-9]+)?元")),
    ("SHARE", re.compile(r"[0-9]+(?:\.[0-9]+)?%")),
    ("NUMBER", re.compile(r"[0-9]+(?:\.[0-9]+)?")),
    ("DAY_MARK", re.compile(r"[Dd][0-9]{1,4}(?![A-Za-z0-9_])")),
)
_WORD = re.compile(r"[A-Za-z0-9_]")
_NUMERAL_STARTS = frozenset("0123456789Dd")


@dataclass(frozen=True, slots=True)
class Piece:
    """A terminal and where it stands. ``known`` is False for a run read as a name nobody declared."""

    terminal: str
    start: int
    end: int
    known: bool = True


@record
class _Spelling:
    """One spelling of some terminals. ``words`` are those of a phrase; one that ends in a letter ends a word."""

    text: str
    terminals: tuple[str, ...]
    words: tuple[str, ...]
    ends_word: bool

    def match(self, flat: str, position: int) -> int | None:
        """Where the spelling ends if it stands at a place."""
        if not flat.startswith(self.words[0], position):
            return None
        end = position + len(self.words[0])
        for word in self.words[1:]:
            space = _SPACES.match(flat, end)
            if space is None or not flat.startswith(word, space.end()):
                return None
            end = space.end() + len(word)
        return None if self.ends_word and _WORD.match(flat, end) else end


def _keywords_by_first() -> dict[str, tuple[_Spelling, ...]]:
    table: dict[str, list[_Spelling]] = {}
    for text, terminals in TERMINALS_BY_SPELLING.items():
        if not _SIGN.fullmatch(text):
            spelling = _Spelling(text, terminals, tuple(text.split(" ")), _WORD.match(text[-1]) is not None)
            table.setdefault(text[0], []).append(spelling)
    return {first: tuple(found) for first, found in table.items()}


KEYWORDS_BY_FIRST = _keywords_by_first()


def _phrases_by_first() -> dict[str, tuple[_Spelling, ...]]:
    """The spellings of several words by their first word."""
    table: dict[str, list[_Spelling]] = {}
    for spellings in KEYWORDS_BY_FIRST.values():
        for spelling in spellings:
            if len(spelling.words) > 1:
                table.setdefault(spelling.words[0], []).append(spelling)
    return {first: tuple(found) for first, found in table.items()}


PHRASES_BY_FIRST = _phrases_by_first()


class Scanner:
    """Reads the tokens of one text. ``excluded`` is a name that is not to be found, while it is being declared."""

    def __init__(self, tables: Tables, flat: str, strings: Mapping[int, StringPiece], names: DeclaredNames) -> None:
        self.tables = tables
        self.flat = flat
        self.strings = strings
        self.names = names
        self.excluded: str | None = None

    def skip(self, position: int, end: int) -> int:
        """The place of the next character that is no space."""
        match = _SPACES.match(self.flat, position, end)
        return match.end() if match else position

    def read(self, position: int, end: int, stack: Stack) -> list[Piece]:
        """The pieces at a place that is no space; empty where the character means nothing."""
        piece = self.strings.get(position)
        if piece is not None:
            return [Piece("STRING", position, piece.end)]
        run = RUN.match(self.flat, position, end)
        if run is not None:
            return self._run(position, run.end(), stack)
        return self._sign(position, end, stack)

    def _sign(self, position: int, end: int, stack: Stack) -> list[Piece]:
        flat = self.flat
        match = _MONEY.match(flat, position, end)
        if match:
            return [Piece("MONEY", position, match.end())]
        match = _SIGNED.match(flat, position, end)
        if match:
            terminal = "SHARE" if match.group().endswith("%") else "NUMBER"
            return [Piece(terminal, position, match.end())]
        match = _SIGN.match(flat, position, end)
        if match:
            terminals = TERMINALS_BY_SPELLING[match.group()]
            return [Piece(self._accepted(terminals, stack) or terminals[0], position, match.end())]
        terminal = PUNCTUATION.get(flat[position], "")
        return [Piece(terminal, position, position + 1)] if terminal else []

    def _accepted(self, terminals: tuple[str, ...], stack: Stack) -> str | None:
        return next((name for name in terminals if self.tables.advance(stack, name) is not None), None)

    def _run(self, start: int, end: int, stack: Stack) -> list[Piece]:
        if self.tables.advance(stack, "NEW_NAME") is not None:
            return [Piece("NEW_NAME", start, end)]
        text = unicodedata.normalize("NFC", self.flat[start:end])
        takes_name = self.tables.advance(stack, "NAME") is not None
        declared = text in self.names.words and takes_name
        if declared and text not in self.names.quoted and not self._is_keyword(text, start, stack):
            return [Piece("NAME", start, end)]
        pieces = self.cut(start, end, stack)
        if pieces is not None:
            return pieces
        if declared or takes_name:
            return [Piece("NAME", start, end, known=declared)]
        return []

    def _is_keyword(self, text: str, start: int, stack: Stack) -> bool:
        """Whether a run is a keyword here, or the first word of one of several words."""
        if self._accepted(TERMINALS_BY_SPELLING.get(text, ()), stack) is not None:
            return True
        return any(
            spelling.match(self.flat, start) is not None and self._accepted(spelling.terminals, stack) is not None
            for spelling in PHRASES_BY_FIRST.get(text, ())
        )

    def cut(self, start: int, end: int, stack: Stack) -> list[Piece] | None:
        """Cut a run completely, or None. The last piece may reach past ``end``: a phrase of several words."""
        if end - start > MAX_RUN:
            return None
        return _Cut(self, end).from_(start, stack)

    def pieces_at(self, position: int, end: int, stack: Stack) -> Iterator[tuple[Piece, Stack]]:
        """What can stand at a place within a run, longest first, with the stack after it."""
        row = self.tables.row(stack)
        first = self.flat[position]
        found: list[Piece] = []
        for spelling in KEYWORDS_BY_FIRST.get(first, ()):
            for terminal in spelling.terminals:
                if terminal in row:
                    stop = spelling.match(self.flat, position)
                    if stop is not None:
                        found.append(Piece(terminal, position, stop))
        if first in _NUMERAL_STARTS:
            found += self._numerals_at(position, end, row)
        if "ZONE" in row:
            zone = _ZONE.match(self.flat, position)
            if zone:
                found.append(Piece("ZONE", position, zone.end()))
        if "NAME" in row:
            found += self._names_at(position, end)
        found.sort(key=lambda piece: piece.start - piece.end)
        for piece in found:
            following = self.tables.advance(stack, piece.terminal)
            if following is not None:
                yield piece, following

    def _numerals_at(self, position: int, end: int, row: Container[str]) -> Iterator[Piece]:
        for terminal, pattern in _NUMERALS:
            match = pattern.match(self.flat, position, end) if terminal in row else None
            if match:
                yield Piece(terminal, position, match.end())

    def _names_at(self, position: int, end: int) -> Iterator[Piece]:
        flat, words = self.flat, self.names.words
        for length in self.names.by_first.get(flat[position], ()):
            stop = position + length
            word = flat[position:stop]
            if stop > end or word not in words or word == self.excluded:
                continue
            ends_ascii = _WORD.match(flat[stop - 1]) is not None
            if not (ends_ascii and stop < end and _WORD.match(flat[stop])):
                yield Piece("NAME", position, stop)


class _Cut:
    """One attempt to cut a run; remembers the places that lead nowhere."""

    def __init__(self, scanner: Scanner, end: int) -> None:
        self.scanner = scanner
        self.end = end
        self.dead: set[tuple[int, Stack]] = set()

    def from_(self, position: int, stack: Stack) -> list[Piece] | None:
        if position >= self.end:
            return []
        if (position, stack) in self.dead or len(self.dead) > _MAX_STEPS:
            return None
        for piece, following in self.scanner.pieces_at(position, self.end, stack):
            rest = self.from_(piece.end, following)
            if rest is not None:
                return [piece, *rest]
        self.dead.add((position, stack))
        return None
