"""Diagnostics put out in every format: for people, as JSON, and as other programs want to read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..grammar.diagnostics import Diagnostic
from ..grammar.messages import render
from ..grammar.report import report_in, to_json
from ..grammar.source import LineIndex
from .blocks import Screen
from .language import Language


def diagnostics_json(
    diagnostics: Sequence[Diagnostic], texts: Mapping[str, str], lang: Language
) -> list[dict[str, object]]:
    """The diagnostics in the order given; ``texts`` are those of the files they speak of."""
    return [to_json(d, texts.get(d.file, ""), lang) for d in diagnostics]


def show_diagnostics(
    diagnostics: Sequence[Diagnostic], texts: Mapping[str, str], lang: Language, screen: Screen
) -> None:
    """Show each diagnostic with its line, the span underlined in display cells."""
    indexes = {file: LineIndex(texts.get(file, "")) for file in {d.file for d in diagnostics}}
    for diagnostic in diagnostics:
        screen.out.write(report_in(diagnostic, indexes[diagnostic.file], lang, screen.color) + "\n\n")


def compact_lines(diagnostics: Sequence[Diagnostic], texts: Mapping[str, str], lang: Language) -> Iterable[str]:
    """``file:line:column: severity[CODE] message``, one line each, as editors and grep read it."""
    for found, line, column, _ in _placed(diagnostics, texts):
        yield f"{one_line(found.file)}:{line}:{column}: {found.severity}[{found.code}] {_sentence(found, lang)}"


def github_lines(diagnostics: Sequence[Diagnostic], texts: Mapping[str, str], lang: Language) -> Iterable[str]:
    """Workflow commands by which GitHub shows the diagnostics beside the changed lines.

    Source: GitHub, "Workflow commands for GitHub Actions"; its runner reads ``%``, line ends and, in properties,
    ``:`` and ``,`` from percent codes.
    """
    for found, line, column, end in _placed(diagnostics, texts):
        sentence, hint = render(found.code, found.params, lang, found.hint)
        place = {"file": found.file, "line": line, "endLine": end[0], "col": column}
        # GitHub refuses an end column beside an end on another line.
        properties = {**place, **({"endColumn": end[1]} if end[0] == line else {}), "title": found.code}
        listed = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
        yield f"::{found.severity} {listed}::{_data(sentence + (chr(10) + hint if hint else ''))}"


def _placed(
    diagnostics: Sequence[Diagnostic], texts: Mapping[str, str]
) -> Iterable[tuple[Diagnostic, int, int, tuple[int, int]]]:
    indexes = {file: LineIndex(texts.get(file, "")) for file in {d.file for d in diagnostics}}
    for found in diagnostics:
        index = indexes[found.file]
        yield found, *index.position(found.span.start), index.position(found.span.end)


def _sentence(found: Diagnostic, lang: Language) -> str:
    return one_line(render(found.code, found.params, lang, found.hint)[0])


def one_line(text: str) -> str:
    """Return a text as part of one line that cannot move the cursor: whatever a terminal would obey is replaced."""
    return "".join(c if c.isprintable() else " " if c.isspace() else "\N{REPLACEMENT CHARACTER}" for c in text)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
