"""The language in which a tree is written: its keywords, and names in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal

from ..keywords import KEYWORDS, canonical, spellings_of
from ..syntax import Name
from .spelling import CHINESE_ATTRIBUTES, CHINESE_CHANNELS, CHINESE_FIELDS, Spelling
from .strings import string

Language = Literal["zh", "en"]
_WORD = re.compile(r"\w")
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+\-]*(?:/[A-Za-z0-9_+\-]+)*")


class Tongue:
    """One language, with the rules of spelling. ``chinese`` tells which."""

    __slots__ = ("_in_fields", "_side", "_spelling", "chinese", "lang")

    def __init__(self, lang: Language, spelling: Spelling, in_fields: bool = False) -> None:
        self.lang = lang
        self._in_fields = in_fields
        self.chinese = lang == "zh"
        self._side = 0 if self.chinese else 1
        self._spelling = spelling

    def word(self, terminal: str) -> str:
        """The spelling of a keyword in this language."""
        return canonical(terminal)[self._side]

    def words(self, *terminals: str) -> str:
        """Keywords that follow each other: run together in Chinese."""
        return ("" if self.chinese else " ").join(self.word(terminal) for terminal in terminals)

    def either(self, chinese: str, english: str) -> str:
        """The keyword of the terminal that this language uses."""
        return self.word(chinese if self.chinese else english)

    def sign(self, terminal: str) -> str:
        """The sign of a terminal that both languages write with it."""
        return canonical(terminal)[1]

    @property
    def equals(self) -> str:
        """The sign between a metric and its total, the same in both languages."""
        return next(spelling for spelling in spellings_of("IS") if _WORD.search(spelling) is None)

    def noun(self, terminal: str) -> str:
        """The last spelling of a keyword: of ``every`` the one that Chinese says before a noun, of things a single one.
        """
        return KEYWORDS[terminal][0 if self._side else 1][-1]

    def counted(self, number: int, terminal: str) -> str:
        """A number of things; the second English spelling is that of a single one."""
        if self.chinese:
            return f"{number}{self.word(terminal)}"
        english = KEYWORDS[terminal][0]
        return f"{number} {english[1] if number == 1 and len(english) > 1 else english[0]}"

    def attribute(self, name: Name) -> str:
        """The name of an attribute, metric or ladder; built-in ones in this language."""
        return self._name(name, CHINESE_ATTRIBUTES)

    def of_fields(self) -> Tongue:
        """The same language inside ``where`` and ``has``, where a test speaks of an event's fields."""
        return Tongue(self.lang, self._spelling, in_fields=True)

    def operand(self, name: Name) -> str:
        """What a test speaks of: an attribute or metric, inside ``where`` a field."""
        return self.field(name) if self._in_fields else self.attribute(name)

    def field(self, name: Name) -> str:
        """The name of an event field; built-in ones in this language."""
        return self._name(name, CHINESE_FIELDS)

    def channel(self, name: Name) -> str:
        """The name of a channel; built-in ones in this language."""
        return self._name(name, CHINESE_CHANNELS)

    def plain(self, name: Name) -> str:
        """The name of an event or of something declared here, never translated."""
        return self._name(name, {})

    def _name(self, name: Name, chinese: Mapping[str, str]) -> str:
        if self.chinese and name.text in chinese:
            return chinese[name.text]
        return self._spelling.written(name) or string(name.text)

    def zone(self, name: Name) -> str:
        """The name of a time zone."""
        return name.text if _ZONE.fullmatch(name.text) else string(name.text)

    def titles(self, names: Iterable[Name]) -> str:
        """Names that are always strings, with commas."""
        return ", ".join(string(name.text) for name in names)
