"""Names as they are written: bare where nothing else can be read there, else in quotes; built-in ones translated."""

from __future__ import annotations

from ..keywords import (
    BUILT_IN_ATTRIBUTES,
    BUILT_IN_CHANNELS,
    BUILT_IN_FIELDS,
    TERMINALS_BY_SPELLING,
    WORDS_THAT_BEGIN_TESTS,
)
from ..layout import RUN
from ..names import BUILT_IN_WORDS, DeclaredNames
from ..scanner import Scanner
from ..statements import CONDITIONS
from ..syntax import Name
from ..tables import Stack, Tables, load_tables

_PLACES = ((), ("DID",), ("SUM_OF",), ("SUM_OF", "NAME", "DOT"), ("DID", "NAME", "WHERE"))
_LONGEST_CUT = 40


class Spelling:
    """Says which names need quotes, so that a written file reads the same whatever else is declared."""

    def __init__(self, tables: Tables | None = None) -> None:
        self._tables = tables or load_tables()
        self._stacks = tuple(self._tables.walk(CONDITIONS, place) for place in _PLACES)
        self._known: dict[tuple[str, bool], bool] = {}

    def written(self, name: Name) -> str | None:
        """The name itself if it may stand bare, else None."""
        key = (name.text, name.quoted)
        bare = self._known.get(key)
        if bare is None:
            bare = self._known[key] = self._may_stand_bare(name)
        return name.text if bare else None

    def _may_stand_bare(self, name: Name) -> bool:
        text = name.text
        if text in BUILT_IN_WORDS:
            return True
        if RUN.fullmatch(text) is None or text[0].isdigit() or text in WORDS_THAT_BEGIN_TESTS or self._is_keyword(text):
            return False
        return not name.quoted or not self._could_be_cut(text)

    def _is_keyword(self, text: str) -> bool:
        terminals = TERMINALS_BY_SPELLING.get(text, ())
        return any(self._tables.advance(stack, terminal) for stack in self._stacks for terminal in terminals)

    def _could_be_cut(self, text: str) -> bool:
        """Whether the name falls apart into keywords and names, whatever names are declared."""
        if len(text) > _LONGEST_CUT:
            return True
        parts = frozenset(
            text[start:end] for start in range(len(text)) for end in range(start + 1, len(text) + 1)
            if not text[start].isdigit() and end - start < len(text)
        )
        scanner = Scanner(self._tables, text, {}, DeclaredNames(attributes=parts))
        return any(self._cut(scanner, text, stack) for stack in self._stacks)

    def _cut(self, scanner: Scanner, text: str, stack: Stack) -> bool:
        pieces = scanner.cut(0, len(text), stack)
        return pieces is not None and any(piece.terminal != "NAME" for piece in pieces)


def _chinese(table: dict[str, str]) -> dict[str, str]:
    """The Chinese spelling of each built-in name; the longest where there are several, which says most."""
    made: dict[str, str] = {}
    for chinese, english in table.items():
        if len(chinese) > len(made.get(english, "")):
            made[english] = chinese
    return made


CHINESE_ATTRIBUTES = _chinese(dict(BUILT_IN_ATTRIBUTES))
CHINESE_FIELDS = _chinese(dict(BUILT_IN_FIELDS))
CHINESE_CHANNELS = _chinese(dict(BUILT_IN_CHANNELS))
