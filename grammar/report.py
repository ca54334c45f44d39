"""Diagnostics as people and programs read them: text with the line underlined, and JSON."""

from __future__ import annotations

import unicodedata

from .diagnostics import Diagnostic, Span
from .messages import render
from .source import LineIndex, display_cells

MAX_CELLS = 160
"""Longer lines are shown around the span only."""

_WORDS = {
    "zh": {"error": "错误", "warning": "警告", "hint": "提示", "errors": "{} 个错误", "warnings": "{} 个警告"},
    "en": {
        "error": "error",
        "warning": "warning",
        "hint": "hint",
        "errors": "{} error(s)",
        "warnings": "{} warning(s)",
    },
}
_COLORS = {"error": "\x1b[1;31m", "warning": "\x1b[1;33m", "hint": "\x1b[36m", "place": "\x1b[2m"}
_RESET = "\x1b[0m"


def report(diagnostic: Diagnostic, text: str | None, lang: str, color: bool = False) -> str:
    """One diagnostic as text: sentence, place, the line with the exact span underlined, hint.

    ``text`` is the file's; None where it could not be read, then only the sentence and the hint are told. ``lang`` is
    ``zh`` or ``en``. The underline stands right under double-width characters.
    """
    words = _WORDS["zh" if lang.startswith("zh") else "en"]
    sentence, hint = render(diagnostic.code, diagnostic.params, lang, diagnostic.hint)
    severity = diagnostic.severity
    head = _paint(f"{words[severity]}[{diagnostic.code}]", severity, color)
    lines = [f"{head}: {sentence}"]
    if text is None:
        lines.append(_paint(f" --> {diagnostic.file}", "place", color))
    else:
        index = LineIndex(text)
        line, column = index.position(diagnostic.span.start)
        lines.append(_paint(f" --> {diagnostic.file}:{line}:{column}", "place", color))
        shown = [*diagnostic.related, diagnostic.span]
        numbers = sorted({index.position(span.start)[0] for span in shown})
        width = len(str(numbers[-1]))
        for number in numbers:
            main = number == line
            span = diagnostic.span if main else next(s for s in shown if index.position(s.start)[0] == number)
            lines += _excerpt(index, number, span, width, severity if main else "place", main, color)
    if hint:
        lines.append(f" {_paint(words['hint'], 'hint', color)}: {hint}")
    return "\n".join(lines)


def to_json(diagnostic: Diagnostic, text: str | None, lang: str) -> dict[str, str | int | None]:
    """One diagnostic as the command line's JSON tells it: 1-based lines and columns in code points, end exclusive."""
    sentence, hint = render(diagnostic.code, diagnostic.params, lang, diagnostic.hint)
    index = LineIndex(text or "")
    line, column = index.position(diagnostic.span.start) if text is not None else (1, 1)
    end_line, end_column = index.position(diagnostic.span.end) if text is not None else (1, 1)
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": sentence,
        "file": diagnostic.file,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "hint": hint,
    }


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
