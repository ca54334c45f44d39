"""Diagnostics as people and programs read them: text with the line underlined, and JSON."""

from __future__ import annotations

import unicodedata

from .diagnostics import Diagnostic, Edit, Span
from .fixes import fix_of
from .messages import render
from .source import LineIndex, display_cells

MAX_CELLS = 160
"""Longer lines are shown around the span only."""

_COLORS = {"error": "\x1b[1;31m", "warning": "\x1b[1;33m", "hint": "\x1b[36m", "place": "\x1b[2m"}
_RESET = "\x1b[0m"


def report(diagnostic: Diagnostic, text: str | None, lang: str, color: bool = False) -> str:
    """One diagnostic as text: sentence, place, the line with the exact span underlined, hint.

    ``text`` is the file's; None where it could not be read, then only the sentence and the hint are told. ``lang`` is
    ``zh`` or ``en``. The underline stands right under double-width characters.
    """
    return report_in(diagnostic, LineIndex(text) if text is not None else None, lang, color)


def report_in(diagnostic: Diagnostic, index: LineIndex | None, lang: str, color: bool = False) -> str:
    """One diagnostic as :func:`report` tells it, in a text whose lines are found already."""
    sentence, hint = render(diagnostic.code, diagnostic.params, lang, diagnostic.hint)
    severity = diagnostic.severity
    head = _paint(f"{_word(severity, lang)}[{diagnostic.code}]", severity, color)
    lines = [f"{head}: {sentence}"]
    if index is None:
        lines.append(_paint(f" --> {diagnostic.file}", "place", color))
    else:
        lines += _places(diagnostic, index, color)
    if hint:
        lines.append(f" {_paint(_word('hint', lang), 'hint', color)}: {hint}")
    return "\n".join(lines)


def _word(name: str, lang: str) -> str:
    return render(f"T.{name}", {}, lang)[0]


def _places(diagnostic: Diagnostic, index: LineIndex, color: bool) -> list[str]:
    """Where it is, and the lines of its span and its related spans."""
    line, column = index.position(diagnostic.span.start)
    lines = [_paint(f" --> {diagnostic.file}:{line}:{column}", "place", color)]
    spans = {index.position(span.start)[0]: span for span in reversed(diagnostic.related)}
    spans[line] = diagnostic.span
    width = len(str(max(spans)))
    for number in sorted(spans):
        is_main = number == line
        style = diagnostic.severity if is_main else "place"
        lines += _excerpt(index, number, spans[number], width, style, is_main, color)
    return lines


def to_json(diagnostic: Diagnostic, text: str | None, lang: str) -> dict[str, object]:
    """One diagnostic as the command line's JSON tells it: 1-based lines and columns in code points, end exclusive.

    ``fix`` holds the edits that mend it, None where none are known; only safe ones are written by ``check --fix``.
    """
    sentence, hint = render(diagnostic.code, diagnostic.params, lang, diagnostic.hint)
    index = LineIndex(text or "")
    fix = fix_of(diagnostic, text) if text is not None else None
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": sentence,
        "file": diagnostic.file,
        **_extent(diagnostic.span, index),
        "hint": hint,
        "fix": None if fix is None else {"safe": fix.safe, "edits": [_edit(edit, index) for edit in fix.edits]},
    }


def _extent(span: Span, index: LineIndex) -> dict[str, int]:
    line, column = index.position(span.start)
    end_line, end_column = index.position(span.end)
    return {"line": line, "column": column, "end_line": end_line, "end_column": end_column}


def _edit(edit: Edit, index: LineIndex) -> dict[str, object]:
    return {**_extent(edit.span, index), "text": edit.text}


def _excerpt(index: LineIndex, number: int, span: Span, width: int, style: str, main: bool, color: bool) -> list[str]:
    place = index.line_span(number)
    start = max(span.start - place.start, 0)
    end = max(min(span.end, place.end) - place.start, start + 1)
    source = _visible(index.text[place.start : place.end])
    source, start, end = _window(source, start, end)
    marks = ("^" if main else "-") * max(1, display_cells(source[start:end]) or 1)
    gutter = " " * width
    return [
        f"{_paint(f'{number:>{width}} |', 'place', color)} {source}",
        f"{_paint(f'{gutter} |', 'place', color)} {' ' * display_cells(source[:start])}{_paint(marks, style, color)}",
    ]


def _visible(line: str) -> str:
    """The line with tabs and invisible characters as one visible cell each, so that columns hold."""
    if line.isprintable():
        return line
    return "".join(
        " " if char == "\t" else char if char.isprintable() or unicodedata.category(char) in ("Zs", "Mn") else "�"
        for char in line
    )


def _window(source: str, start: int, end: int) -> tuple[str, int, int]:
    """Of a very long line the part around the span."""
    if len(source) <= MAX_CELLS:
        return source, start, end
    end = min(end, start + MAX_CELLS // 2)
    left = max(0, start - MAX_CELLS // 4)
    right = min(len(source), left + MAX_CELLS)
    before, after = ("…" if left else ""), ("…" if right < len(source) else "")
    shift = len(before) - left
    return before + source[left:right] + after, start + shift, end + shift


def _paint(text: str, style: str, color: bool) -> str:
    return f"{_COLORS[style]}{text}{_RESET}" if color else text
