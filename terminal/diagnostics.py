"""Diagnostics as people and programs read them: the line, the place under it, the sentence, the way out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..grammar.diagnostics import Diagnostic
from ..grammar.messages import render
from ..grammar.report import to_json
from ..grammar.source import LineIndex, display_cells
from .blocks import Screen
from .language import Language

WIDEST = 160


def diagnostics_json(
    diagnostics: Sequence[Diagnostic], texts: Mapping[str, str], lang: Language
) -> list[dict[str, object]]:
    """The diagnostics in the order given; ``texts`` are those of the files they speak of."""
    return [dict(to_json(d, texts.get(d.file, ""), lang)) for d in diagnostics]


def show_diagnostics(
    diagnostics: Sequence[Diagnostic], texts: Mapping[str, str], lang: Language, screen: Screen
) -> None:
    """Show each diagnostic with its line, the span underlined in display cells."""
    indexes = {file: LineIndex(texts.get(file, "")) for file in {d.file for d in diagnostics}}
    for diagnostic in diagnostics:
        _show(diagnostic, indexes[diagnostic.file], lang, screen)


def _show(diagnostic: Diagnostic, index: LineIndex, lang: Language, screen: Screen) -> None:
    line, column = index.position(diagnostic.span.start)
    message, hint = render(diagnostic.code, diagnostic.params, lang, diagnostic.hint)
    kind = render(f"T.{diagnostic.severity}", {}, lang)[0]
    place = f"{diagnostic.file}:{line}:{column}"
    screen.line(f"{place}: {kind} {diagnostic.code}: {message}", "bad" if diagnostic.severity == "error" else "warning")
    shown, marks = underlined(index, line, column, diagnostic.span.end)
    gutter = f"{line:>5} | "
    screen.line(gutter + shown)
    screen.line(" " * (len(gutter) - 2) + "| " + marks, "bad" if diagnostic.severity == "error" else "warning")
    if hint:
        screen.line(f"        {render('T.hint', {}, lang)[0]}: {hint}", "number")


def underlined(index: LineIndex, line: int, column: int, end: int) -> tuple[str, str]:
    """A line and the marks under what lies from ``column`` to the offset ``end``, cut where it is very long.

    >>> underlined(LineIndex("属性 城市"), 1, 4, 5)
    ('属性 城市', '     ^^^^')
    """
    span = index.line_span(line)
    text = index.text[span.start : span.end].replace("\t", " ")
    start = column - 1
    stop = max(start + 1, min(end, span.end) - span.start)
    if len(text) > WIDEST:
        cut = max(0, start - WIDEST // 2)
        text, start, stop = text[cut : cut + WIDEST], start - cut, min(stop - cut, WIDEST)
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    marks = " " * display_cells(shown[:start]) + "^" * max(1, display_cells(shown[start:stop]))
    return shown, marks
