"""One language in which a sheet speaks: its sentences, and what operators write turned into prose."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest

from ....grammar.messages import render
from ...program import ir
from ...program.words.conditions import describe
from ...program.words.schedules import dates_words
from ...program.words.steps import channel_words
from ...program.words.values import Tongue, value_words
from ...program.words.windows import elapsed_words

_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPED = re.compile(r"\\(.)")
_PREFIX = re.compile(r"(?:[^\\]|\\.)*\*")
_MARK = "\ufffc"
"""Stands for a name while the words around it are put in order."""
_SIGNS = {" >= ": " ≥ ", " <= ": " ≤ "}


@dataclass(frozen=True, slots=True)
class Voice:
    """Says things in ``lang``, ``zh`` or ``en``."""

    lang: str

    @property
    def tongue(self) -> Tongue:
        """The language of the words that operators write."""
        return Tongue(self.lang)

    def say(self, code: str, /, **params: str | int) -> str:
        """A sentence of the catalogue of sheets."""
        return render(f"sheet.{code}", params, self.lang)[0]

    def prose(self, written: str) -> str:
        """What an operator writes, as it is read aloud: quotation marks, beginnings said in words, no gaps in Chinese.

        >>> Voice("zh").prose('昨天 做过 点击 "猫*" 且 积分 >= 500')
        '昨天做过点击“猫”开头的且积分 ≥ 500'
        """
        names = [self.name(found[1], written=True) for found in _STRING.finditer(written)]
        plain = self._plain(_STRING.sub(_MARK, written))
        # The gaps go first, so that those inside names stay.
        words = (_without_gaps(plain) if self.tongue.chinese else plain).split(_MARK)
        return "".join(map("".join, zip_longest(words, names, fillvalue="")))

    def _plain(self, words: str) -> str:
        for sign, shown in _SIGNS.items():
            words = words.replace(sign, shown)
        if not self.tongue.chinese:
            return words
        where = self.tongue.word("WHERE")
        return words.replace(", ", "、").replace(f" {where} ", f",{where}")

    def name(self, text: str, *, written: bool = False) -> str:
        """A name in quotation marks; one that is ``written`` has escapes, and perhaps a star for what begins with it."""
        if not written:
            return f"“{text}”"
        if text == "*":
            return self.say("prose.anything")
        if _PREFIX.fullmatch(text):
            return self.say("prose.prefix", text=_ESCAPED.sub(r"\1", text[:-1]))
        plain = _ESCAPED.sub(r"\1", text)
        return f"“{plain}”"

    def names(self, texts: Iterable[str]) -> str:
        """Names one after the other."""
        return self.joined(map(self.name, texts))

    def joined(self, words: Iterable[str]) -> str:
        """Words of one kind, one after the other."""
        return self.say("prose.joined").join(words)

    def pattern(self, pattern: ir.TextPattern) -> str:
        """A name, or what begins with it."""
        if not pattern.prefix:
            return self.name(pattern.text)
        return self.say("prose.prefix", text=pattern.text) if pattern.text else self.say("prose.anything")

    def test(self, condition: ir.Condition, *, limited: bool = False) -> str:
        """A condition in one line; ``limited`` as of ``describe``."""
        return self.prose(describe(condition, self.lang, limited=limited))

    def time(self, duration: ir.Duration) -> str:
        """A length of time."""
        return elapsed_words(duration, self.tongue)

    def dates(self, window: ir.Window) -> str:
        """From one date to another."""
        return self.prose(dates_words(window, self.tongue))

    def attribute(self, name: str) -> str:
        """The name of an attribute or ladder."""
        return self.prose(self.tongue.attribute(name))

    def value(self, kind: ir.ValueType, value: int | str) -> str:
        """A constant."""
        return self.name(value) if isinstance(value, str) else value_words(kind, value, self.tongue)

    def channel(self, channel: str) -> str:
        """The name of a channel; Latin letters stand between spaces in Chinese."""
        words = channel_words(channel, self.lang)
        return f" {words} " if self.tongue.chinese and words.isascii() else words


def _without_gaps(words: str) -> str:
    """Without the spaces between two wide characters, or at either end."""
    shown = [
        char for place, char in enumerate(words)
        if char != " " or not (_is_wide(words[place - 1 : place]) and _is_wide(words[place + 1 : place + 2]))
    ]
    return "".join(shown).strip()


def _is_wide(char: str) -> bool:
    return char == _MARK or char in "()" or unicodedata.east_asian_width(char) in ("W", "F")
