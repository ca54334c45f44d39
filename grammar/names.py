"""The names that declarations introduce, found by a first pass that strings and comments cannot fool."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from .keywords import BUILT_IN_ATTRIBUTES, BUILT_IN_CHANNELS, BUILT_IN_FIELDS, KEYWORDS
from .layout import RUN, Layout, LogicalLine, read_layout


@dataclass(frozen=True)
class DeclaredNames:
    """The bare names of a workspace, by kind; ``fields`` by event. Built-in names are always known.

    ``quoted`` are those that a declaration introduces in quotes: a run is cut before it is read as one of them.
    ``ladders`` are the tiers rules with a name, which is tested like an attribute.
    """

    attributes: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
    fields: Mapping[str, frozenset[str]] = field(default_factory=dict)
    metrics: frozenset[str] = frozenset()
    quoted: frozenset[str] = frozenset()
    ladders: frozenset[str] = frozenset()

    @cached_property
    def words(self) -> frozenset[str]:
        """Every name that can stand bare in a text."""
        declared = self.attributes | self.events | self.metrics | self.ladders
        return declared.union(*self.fields.values()) | BUILT_IN_WORDS

    @cached_property
    def by_first(self) -> Mapping[str, tuple[int, ...]]:
        """The lengths of the names that begin with a character, longest first."""
        lengths: dict[str, set[int]] = {}
        for word in self.words:
            lengths.setdefault(word[0], set()).add(len(word))
        return {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}


BUILT_IN_WORDS = frozenset(
    word
    for table in (BUILT_IN_ATTRIBUTES, BUILT_IN_FIELDS, BUILT_IN_CHANNELS)
    for pair in table.items()
    for word in pair
)
_KINDS = {
    spelling: terminal
    for terminal in ("ATTRIBUTE", "EVENT", "METRIC", "TIERS")
    for spellings in KEYWORDS[terminal]
    for spelling in spellings
}
# Most files of a workspace declare none of these; wide letters may spell a keyword as well.
_MAY_DECLARE = re.compile("|".join(sorted(_KINDS)) + "|[\uff21-\uff5a]")
_WITH = frozenset(spelling for spellings in KEYWORDS["WITH_FIELDS"] for spelling in spellings)


def collect_names(texts: Iterable[str]) -> DeclaredNames:
    """Collect the names that the declarations of a workspace's texts introduce.

    >>> sorted(collect_names(['属性 城市 文本', '# 属性 乡村 文本']).attributes)
    ['城市']
    """
    found = _Found()
    for text in texts:
        if not _MAY_DECLARE.search(text):
            continue
        layout = read_layout(text, "", lambda *_: False, lambda _: False)
        for line in layout.lines:
            if line.indent == 0:
                found.read(layout, line)
    return DeclaredNames(
        frozenset(found.names["ATTRIBUTE"]), frozenset(found.names["EVENT"]),
        {event: frozenset(fields) for event, fields in found.fields.items()},
        frozenset(found.names["METRIC"]), frozenset(found.quoted - found.bare), frozenset(found.names["TIERS"]),
    )


class _Found:
    def __init__(self) -> None:
        self.names: dict[str, set[str]] = {"ATTRIBUTE": set(), "EVENT": set(), "METRIC": set(), "TIERS": set()}
        self.fields: dict[str, set[str]] = {}
        self.quoted: set[str] = set()
        self.bare: set[str] = set()

    def read(self, layout: Layout, line: LogicalLine) -> None:
        first = RUN.match(layout.flat, line.start)
        kind = _KINDS.get(first.group()) if first else None
        if first is None or kind is None:
            return
        name, position = self._name(layout, first.end(), line.end)
        if name is None:
            return
        self.names[kind].add(name)
        if kind == "EVENT":
            self._fields(layout, name, position, line.end)

    def _fields(self, layout: Layout, event: str, position: int, end: int) -> None:
        fields = self.fields.setdefault(event, set())
        word = RUN.match(layout.flat, _skip(layout.flat, position, end))
        if word is None or word.group() not in _WITH:
            return
        position = word.end()
        while position < end:
            name, position = self._name(layout, position, end)
            # A string without a type behind it is a further choice of the field before.
            if name is not None and RUN.match(layout.flat, _skip(layout.flat, position, end)):
                fields.add(name)
            position = _next_comma(layout, position, end)

    def _name(self, layout: Layout, position: int, end: int) -> tuple[str | None, int]:
        position = _skip(layout.flat, position, end)
        piece = layout.strings.get(position)
        if piece is not None:
            text = unicodedata.normalize("NFC", layout.text[piece.content_start : piece.content_end])
            self.quoted.add(text)
            return text or None, piece.end
        run = RUN.match(layout.flat, position, end)
        if run is None:
            return None, position + 1
        text = unicodedata.normalize("NFC", run.group())
        self.bare.add(text)
        return text, run.end()


def _skip(flat: str, position: int, end: int) -> int:
    while position < end and flat[position] in " \t\r\n":
        position += 1
    return position


_COMMA_OR_QUOTE = re.compile(r"[,\"'“‘「『]")


def _next_comma(layout: Layout, position: int, end: int) -> int:
    """Behind the next comma that is not in a string; a string after it is a further choice, so it is passed too."""
    while True:
        match = _COMMA_OR_QUOTE.search(layout.flat, position, end)
        if match is None:
            return end
        if match.group() == ",":
            return match.end()
        piece = layout.strings.get(match.start())
        position = piece.end if piece is not None else match.end()
