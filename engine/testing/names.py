"""Names that a test file uses: found among what is declared, or told with the nearest one."""

from __future__ import annotations

from collections.abc import Iterable

from ...grammar.diagnostics import Diagnostic, Span
from ...grammar.nearest import nearest


def unknown_name(file: str, code: str, name: str, known: Iterable[str], span: Span, **params: str) -> Diagnostic:
    """The diagnostic ``code`` of a name that is not declared, with the nearest of ``known`` where one is near."""
    near = nearest(name, known)
    if near is None:
        return Diagnostic(code, "error", file, span, {"name": name, **params})
    return Diagnostic(code, "error", file, span, {"name": name, "near": near, **params}, "near")
