"""Ways to mend what a diagnostic tells of: those that follow from its code, and corrections of names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from .diagnostics import Diagnostic, Edit, Fix, Span
from .layout import RUN
from .nearest import edit_distance
from .slips import is_slip

_QUOTES = "\"'“‘「『"
_CANNOT_BE_QUOTED = re.compile(r"[\"'“”‘’「」『』\\\r\n]")
_LAST_WORD = re.compile(r"[^\s\"'“”‘’「」『』#,,、()()]+(?=[ \t]*(?:[\r\n]|$))")


def fix_of(diagnostic: Diagnostic, text: str) -> Fix | None:
    """The way to mend ``diagnostic`` in ``text``, None where none is known."""
    if diagnostic.fix is not None:
        return diagnostic.fix
    make = _BY_CODE.get(diagnostic.code)
    return make(diagnostic, text) if make else None


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text after edits that do not overlap.

    >>> apply_edits("每天 晚8点", [Edit(Span(3, 6), "20:00")])
    '每天 20:00'
    """
    pieces: list[str] = []
    position = 0
    for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end)):
        pieces += (text[position : edit.span.start], edit.text)
        position = edit.span.end
    return "".join([*pieces, text[position:]])


def replacement(span: Span, text: str, *, safe: bool = True) -> Fix:
    """One span written anew."""
    return Fix((Edit(span, text),), safe)


def rename(span: Span, text: str, near: str, known: Iterable[str]) -> Fix | None:
    """The name at ``span`` of ``text`` written as ``near``, with the quotes that it has.

    Safe where it is plainly a slip and no other of the ``known`` names is as near.
    """
    written = text[span.start : span.end]
    if not written or written.startswith('"""') or _CANNOT_BE_QUOTED.search(near):
        return None
    is_quoted = written[0] in _QUOTES and len(written) > 2
    name = written[1:-1] if is_quoted else written
    safe = is_slip(name, near) and is_alone(name, near, known)
    if is_quoted:
        return replacement(span, written[0] + near + written[-1], safe=safe)
    return replacement(span, near if RUN.fullmatch(near) else f'"{near}"', safe=safe)


def rename_word(span: Span, text: str, near: str, known: Iterable[str]) -> Fix | None:
    """The word at ``span`` of ``text``, within a longer text, written as ``near``; None where more stands there."""
    written = text[span.start : span.end]
    if not written or written[0] in _QUOTES:
        return None
    return replacement(span, near, safe=is_slip(written, near) and is_alone(written, near, known))


def is_alone(word: str, near: str, known: Iterable[str]) -> bool:
    """Whether no other of the known words is as near to ``word`` as ``near`` is."""
    word = word.casefold()
    distance = edit_distance(word, near.casefold(), len(word))
    return not any(other != near and edit_distance(word, other.casefold(), distance) <= distance for other in known)


def _deleted(diagnostic: Diagnostic, _text: str) -> Fix:
    return replacement(diagnostic.span, "")


def _written(diagnostic: Diagnostic, _text: str) -> Fix:
    return replacement(diagnostic.span, str(diagnostic.params["write"]))


def _closed(diagnostic: Diagnostic, text: str) -> Fix | None:
    """The closing quote behind the last word of a line; where more follows, only the author knows its place."""
    mark = str(diagnostic.params["mark"])
    word = _LAST_WORD.match(text, diagnostic.span.end)
    return replacement(Span(word.end(), word.end()), mark) if word and len(mark) == 1 else None


def _spaced(diagnostic: Diagnostic, _text: str) -> Fix:
    return replacement(diagnostic.span, f"{diagnostic.params['name']} {diagnostic.params['word']}")


def _quoted(diagnostic: Diagnostic, text: str) -> Fix:
    return replacement(diagnostic.span, f'"{text[diagnostic.span.start : diagnostic.span.end]}"')


def _commented(diagnostic: Diagnostic, text: str) -> Fix:
    follows = text[diagnostic.span.end : diagnostic.span.end + 1]
    return replacement(diagnostic.span, "#" if follows.isspace() else "# ")


_BY_CODE: dict[str, Callable[[Diagnostic, str], Fix | None]] = {
    "E102": _closed, "E103": _deleted, "E104": _deleted, "E106": _deleted, "E121": _spaced, "E130": _written,
    "E147": _deleted, "E164": _quoted, "E169": _commented,
}
