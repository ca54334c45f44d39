"""Trees without places, for comparing what two texts say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, is_dataclass

from qingting.grammar.diagnostics import Diagnostic


def plain(node: object) -> object:
    """A syntax node as nested tuples, without spans and without whether a name was quoted."""
    if isinstance(node, tuple):
        return tuple(plain(item) for item in node)
    if is_dataclass(node) and not isinstance(node, type):
        kept = [field.name for field in fields(node) if field.name not in ("span", "quoted")]
        return type(node).__name__, *((name, plain(getattr(node, name))) for name in kept)
    return node


def told(diagnostics: Iterable[Diagnostic], text: str) -> list[tuple[str, str]]:
    """Each diagnostic as its code and the text that its span covers."""
    return [(found.code, text[found.span.start : found.span.end]) for found in diagnostics]
