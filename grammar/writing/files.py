"""A whole file written anew in one language, with its comments."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..keywords import KEYWORDS
from ..layout import RUN, Layout
from ..names import DeclaredNames
from ..syntax import Declaration
from .declarations import write_declarations
from .margin import Margin
from .sheet import Sheet
from .spelling import Spelling
from .tongue import Language, Tongue

_ENGLISH = frozenset(spelling.split(" ")[0] for english, _ in KEYWORDS.values() for spelling in english)
_CHINESE = re.compile("|".join(sorted(
    {re.escape(spelling) for _, chinese in KEYWORDS.values() for spelling in chinese if not spelling.isascii()},
    key=len, reverse=True,
)))


def write_file(declarations: Iterable[Declaration], lang: Language, layout: Layout | None = None) -> str:
    """The text of declarations in a language; with the ``layout`` they were read from, with its comments."""
    spelling = Spelling()
    tongue, other = Tongue(lang, spelling), Tongue("en" if lang == "zh" else "zh", spelling)
    sheet = Sheet(tongue, other, Margin(layout) if layout is not None else None)
    write_declarations(sheet, declarations)
    return sheet.text()


def prevailing_language(layout: Layout, names: DeclaredNames) -> Language:
    """The language in which most lines of a text begin; Chinese where they are as many."""
    chinese = english = 0
    for line in layout.lines:
        run = RUN.match(layout.flat, line.start)
        if run is None or run.group() in names.words:
            continue
        if run.group() in _ENGLISH:
            english += 1
        elif _CHINESE.match(run.group()):
            chinese += 1
    return "en" if english > chinese else "zh"
