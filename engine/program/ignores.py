"""Warnings silenced where they stand: ``# ignore W412: reason``, ``# 忽略 W412: 理由``."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from ...grammar.diagnostics import Diagnostic, Span
from ...grammar.layout import read_layout
from ...grammar.record import record
from ...grammar.source import LineIndex
from ...grammar.syntax import SyntaxFile

WITHOUT_REASON = "W498"
UNUSED = "W499"

_IGNORE = re.compile(r"(?:ignore|忽略)\s*(?P<code>[A-Z][0-9]{3})\b\s*(?:[:：]\s*(?P<reason>\S.*)?)?", re.IGNORECASE)
_MAYBE = re.compile(r"#\s*(?:ignore|忽略)", re.IGNORECASE)


@record
class Ignore:
    """A comment that silences a code on one line: its own, or where it stands alone the next line that says something.

    ``span`` is the comment without its end, ``line`` 1-based.
    """

    code: str
    line: int
    has_reason: bool
    span: Span


def without_ignored(
    files: Sequence[SyntaxFile],
    diagnostics: Sequence[Diagnostic],
    syntax_errors: Sequence[Diagnostic] = (),
    not_asked: Collection[str] = (),
) -> tuple[Diagnostic, ...]:
    """Return the diagnostics but for warnings silenced, with a reason, on their line or the line above.

    A comment without a reason silences nothing and is told (W498); so is one that silences nothing (W499), unless there
    are errors, which may hide what it was written for, or nobody looked for its code (``not_asked``).
    """
    kept: list[Diagnostic] = []
    used: set[tuple[str, Span]] = set()
    ignores = {file.path: ignores_of(file.text) for file in files if _MAYBE.search(file.text)}
    indexes = {file.path: LineIndex(file.text) for file in files if ignores.get(file.path)}
    for found in diagnostics:
        index = indexes.get(found.file)
        line = index.position(found.span.start)[0] if index is not None else 0
        silencing = [i for i in ignores.get(found.file, ()) if (i.code, i.line) == (found.code, line) and i.has_reason]
        if found.severity == "warning" and silencing:
            used.update((found.file, ignore.span) for ignore in silencing)
        else:
            kept.append(found)
    is_sound = not syntax_errors and all(found.severity == "warning" for found in diagnostics)
    told = (
        found for found in _told(ignores, used)
        if found.code == WITHOUT_REASON or (is_sound and found.params["code"] not in not_asked)
    )
    return tuple(sorted([*kept, *told], key=lambda found: (found.file, found.span, found.code)))


def _told(ignores: dict[str, tuple[Ignore, ...]], used: set[tuple[str, Span]]) -> Iterator[Diagnostic]:
    for path, written in ignores.items():
        for ignore in written:
            if not ignore.has_reason:
                yield Diagnostic(WITHOUT_REASON, "warning", path, ignore.span, {"code": ignore.code})
            elif (path, ignore.span) not in used:
                yield Diagnostic(UNUSED, "warning", path, ignore.span, {"code": ignore.code})


@lru_cache(maxsize=64)
def ignores_of(text: str) -> tuple[Ignore, ...]:
    """The comments of a text that silence a code, in its order."""
    layout = read_layout(text, "", lambda *_: False, lambda _: False)
    index = LineIndex(text)
    starts = sorted(index.position(line.start)[0] for line in layout.lines)
    found: list[Ignore] = []
    for comment in layout.comments:
        match = _IGNORE.match(text, comment.start + 1 + _blanks(text, comment), comment.end)
        if match is None:
            continue
        line = index.position(comment.start)[0]
        if not text[index.starts[line - 1] : comment.start].strip():
            line = next((start for start in starts if start > line), line)
        span = Span(comment.start, match.end("code"))
        found.append(Ignore(match["code"].upper(), line, bool(match["reason"]), span))
    return tuple(found)


def _blanks(text: str, comment: Span) -> int:
    body = text[comment.start + 1 : comment.end]
    return len(body) - len(body.lstrip())
