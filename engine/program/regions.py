"""Which declarations a syntax error has damaged.

The parser blanks a statement that it cannot read and goes on, so what remains of the declaration says something else
than its author meant. Everything it damaged is found here and later kept from running.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ...grammar.diagnostics import Diagnostic, Span
from ...grammar.keywords import KEYWORDS
from ...grammar.record import record
from ...grammar.syntax import Declaration, PolicyDecl, SyntaxFile

_WORDS = re.compile(r"\"([^\"\n]+)\"?|'([^'\n]+)'?|“([^”\n]+)”?|‘([^’\n]+)’?|「([^」\n]+)」?|『([^』\n]+)』?|(\w+)")

_HEADS = tuple(
    spelling
    for keyword in (
        "ATTRIBUTE", "EVENT", "TAG_GROUP", "TAG", "SEGMENT", "METRIC", "TEMPLATE", "COUPON", "REDPACKET", "PRODUCT", "SOURCE",
        "ACTIVITY", "POINTS_RULES", "TIERS", "WHENEVER", "POLICY", "PLAYBOOK",
    )
    for spellings in KEYWORDS.get(keyword, ())
    for spelling in spellings
)
# The parser tells only so many errors; behind this one there are more whose places are not known.
UNTOLD = "E191"


@record
class Damage:
    """The damage in one file.

    ``inside`` gives the codes for each declaration by its start; ``outside`` those of errors that belong to none;
    ``words`` the words of lines that should have begun a declaration, with the codes there: perhaps its name.
    """

    inside: Mapping[int, frozenset[str]]
    outside: frozenset[str]
    words: Mapping[str, frozenset[str]]


def find_damage(file: SyntaxFile, diagnostics: Sequence[Diagnostic]) -> Damage:
    """Return what the syntax errors of ``file`` have damaged.

    An error belongs to the declaration whose span holds it, or whose head is the last line before it that begins in
    the first column: a blanked last line lies behind the span.
    """
    inside: dict[int, frozenset[str]] = {}
    outside: set[str] = set()
    words: dict[str, frozenset[str]] = {}
    heads = {_line_start(file.text, declaration.span.start): declaration for declaration in file.declarations}
    for found in diagnostics:
        if found.severity != "error" or found.file != file.path:
            continue
        code = frozenset({found.code})
        if found.code == UNTOLD:
            rest = [declaration for declaration in file.declarations if declaration.span.end > found.span.start]
            inside.update({each.span.start: inside.get(each.span.start, frozenset()) | code for each in rest})
        head = _head_line(file.text, found.span.start)
        owner = _owner(file.declarations, found.span) or heads.get(head)
        if owner is not None:
            inside[owner.span.start] = inside.get(owner.span.start, frozenset()) | code
            continue
        outside.add(found.code)
        above = _declaration_above(file.declarations, found.span)
        if isinstance(above, PolicyDecl) and not file.text.startswith(_HEADS, head):
            # Most likely a line of the policy that lost its indentation: without it the policy may protect nobody.
            inside[above.span.start] = inside.get(above.span.start, frozenset()) | code
        # A name that has swallowed the word behind it is used by itself elsewhere.
        for word in (*_words(file.text, head), *(str(found.params[key]) for key in ("name",) if key in found.params)):
            words[word] = words.get(word, frozenset()) | code
    return Damage(inside, frozenset(outside), words)


def without_echoes(
    found: Sequence[Diagnostic], syntax_errors: Sequence[Diagnostic], texts: Mapping[str, str]
) -> list[Diagnostic]:
    """What the checker found, but for what stands on lines in which the parser has already found something wrong."""
    told = {(error.file, _line_start(texts.get(error.file, ""), error.span.start)) for error in syntax_errors}
    files = {file for file, _ in told}
    return [
        each
        for each in found
        if each.file not in files or (each.file, _line_start(texts.get(each.file, ""), each.span.start)) not in told
    ]


def _owner(declarations: Sequence[Declaration], span: Span) -> Declaration | None:
    for declaration in declarations:
        if declaration.span.start <= span.start < declaration.span.end:
            return declaration
    return None


def _declaration_above(declarations: Sequence[Declaration], span: Span) -> Declaration | None:
    above = [declaration for declaration in declarations if declaration.span.start < span.start]
    return max(above, key=lambda declaration: declaration.span.start, default=None)


def _line_start(text: str, offset: int) -> int:
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1


def _head_line(text: str, offset: int) -> int:
    start = _line_start(text, offset)
    while start > 0 and not _begins(text, start):
        start = _line_start(text, start - 1)
    return start


def _begins(text: str, start: int) -> bool:
    first = text[start : start + 1]
    return bool(first) and not first.isspace() and first not in "#\ufeff"


def _words(text: str, start: int) -> list[str]:
    line = re.split(r"[\r\n]", text[start:], maxsplit=1)[0]
    return [word for match in _WORDS.finditer(line) for word in match.groups() if word]
