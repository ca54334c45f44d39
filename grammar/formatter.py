"""One form for every text: the formatter, and the proof that what it wrote says the same.

The form: two spaces a level; keywords and names apart; strings in ``"``; dates, clocks, units and signs in one spelling;
when a thing lies first in Chinese and last in English; three tests or more, or a line wider than a hundred cells, one
test a line; at most one blank line. A file is written in one language, without a choice in the one in which most of its
lines begin. The order of declarations and lines, the comments and the text of strings stay.
"""

from __future__ import annotations

from typing import Literal

from .diagnostics import Diagnostic, Span
from .layout import Layout
from .names import DeclaredNames, collect_names
from .parser import parse_with_layout
from .record import record
from .syntax import SyntaxFile
from .writing.files import prevailing_language, write_file
from .writing.margin import comments_of
from .writing.tongue import Language

_PLACES = frozenset({"span"})
_PLACES_AND_QUOTES = frozenset({"span", "quoted"})


@record
class Formatted:
    """What became of a text: ``text`` is the new one, or the old one where ``diagnostics`` say why it was left.

    ``requoted`` where a name got or lost its quotes, which is all that may differ between the two trees but places.
    """

    path: str
    old: str
    text: str
    diagnostics: tuple[Diagnostic, ...]
    requoted: bool = False

    @property
    def changed(self) -> bool:
        """Whether formatting makes a difference."""
        return self.text != self.old


def format_text(
    text: str, lang: Literal["zh", "en"] | None = None, *, names: DeclaredNames | None = None, path: str = "<stdin>"
) -> Formatted:
    """Write a text in its one form, in ``lang`` or in the language in which most of its lines begin.

    ``names`` are those of the workspace, without them the text's own. A text with syntax errors is left as it is, with
    their diagnostics; so is one whose new form could not be proven to say the same (F101).

    >>> format_text("每天20点 ，").diagnostics[0].severity
    'error'
    >>> print(format_text('分群 "x"\\n   积分大于500', "en").text, end="")
    segment "x"
      points > 500
    """
    known = collect_names([text]) if names is None else names
    file, diagnostics, layout = parse_with_layout(text, path, known)
    errors = tuple(found for found in diagnostics if found.severity == "error")
    if errors or layout is None:
        return Formatted(path, text, text, errors)
    language = lang or prevailing_language(layout, known)
    written = write_file(file.declarations, language, layout)
    again, place = _proven(file, layout, written, language, known)
    if place is not None:
        return Formatted(path, text, text, (Diagnostic("F101", "error", path, place),))
    requoted = not same_tree(file.declarations, again.declarations, _PLACES)
    return Formatted(path, text, written, (), requoted)


def _proven(
    file: SyntaxFile, layout: Layout, written: str, lang: Language, names: DeclaredNames
) -> tuple[SyntaxFile, Span | None]:
    """The new text read again, and where it says something else than the old one, None where it says the same.

    It must give equal trees and the same comments in the same order, and written again the same text.
    """
    again, diagnostics, new_layout = parse_with_layout(written, file.path, names)
    whole = Span(0, max(1, len(file.text)))
    broken = any(found.severity == "error" for found in diagnostics)
    if broken or new_layout is None or len(again.declarations) != len(file.declarations):
        return again, whole
    for old, new in zip(file.declarations, again.declarations, strict=True):
        if not same_tree(old, new):
            return again, old.span
    if list(comments_of(layout)) != list(comments_of(new_layout)):
        return again, whole
    return again, None if write_file(again.declarations, lang, new_layout) == written else whole


def same_tree(one: object, other: object, ignored: frozenset[str] = _PLACES_AND_QUOTES) -> bool:
    """Whether two syntax trees say the same: equal but for places, and for whether a name was quoted."""
    if one.__class__ is not other.__class__:
        return False
    if isinstance(one, tuple):
        assert isinstance(other, tuple)
        return len(one) == len(other) and all(same_tree(*pair, ignored) for pair in zip(one, other, strict=True))
    if not hasattr(one, "__dataclass_fields__"):
        return one == other
    names: tuple[str, ...] = one.__match_args__  # type: ignore[attr-defined]
    return all(same_tree(getattr(one, name), getattr(other, name), ignored) for name in names if name not in ignored)
