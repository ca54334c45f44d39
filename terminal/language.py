"""Which language a command speaks, and how command help says things in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from ..grammar.record import record

Language = Literal["zh", "en"]


@record
class Say:
    """Picks one of two spellings.

    >>> Say("zh")("你好", "hello")
    '你好'
    """

    lang: Language

    def __call__(self, zh: str, en: str) -> str:
        return zh if self.lang == "zh" else en


def chosen_language(arguments: Sequence[str], environment: Mapping[str, str]) -> Language | None:
    """The language that ``--lang`` or ``QINGTING_LANG`` asks for, None where neither does.

    Looks at the arguments before they are parsed, since help and usage errors need it too.

    >>> chosen_language(["check", "--lang", "zh"], {"QINGTING_LANG": "en"})
    'zh'
    """
    for number, word in enumerate(arguments):
        if word == "--lang" and number + 1 < len(arguments):
            return _language(arguments[number + 1])
        if word.startswith("--lang="):
            return _language(word.partition("=")[2])
    return _language(environment["QINGTING_LANG"]) if environment.get("QINGTING_LANG") else None


def locale_language(environment: Mapping[str, str]) -> Language:
    """The language of the locale, English where it is not Chinese."""
    for key in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(key):
            return _language(environment[key])
    return "en"


def _language(text: str) -> Language:
    return "zh" if text.lower().startswith("zh") else "en"
