"""Warnings silenced where they stand: ``# ignore W412: reason``, ``# 忽略 W412: 理由``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ...grammar.diagnostics import Diagnostic
from ...grammar.syntax import SyntaxFile

_IGNORE = re.compile(r"#\s*(?:ignore|忽略)\s*(W\d+)\s*[:：]\s*\S", re.IGNORECASE)


def without_ignored(files: Iterable[SyntaxFile], diagnostics: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return the diagnostics but for warnings silenced, with a reason, on their line or the line above."""
    texts = {file.path: file.text for file in files if "#" in file.text}
    return tuple(d for d in diagnostics if not _is_ignored(texts.get(d.file, ""), d))


def _is_ignored(text: str, found: Diagnostic) -> bool:
    if found.severity != "warning" or not text:
        return False
    start = text.rfind("\n", 0, found.span.start) + 1
    before = text.rfind("\n", 0, max(start - 1, 0)) + 1
    end = text.find("\n", found.span.start)
    own = text[start : end if end >= 0 else len(text)]
    above = text[before:start].strip()
    # A comment at the end of the line above speaks of that line.
    lines = [own, above] if above.startswith("#") else [own]
    return any(match[1].upper() == found.code for line in lines for match in _IGNORE.finditer(line))
