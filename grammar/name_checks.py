"""Names that a declaration introduces without quotes, though they could be read as something else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .diagnostics import Diagnostic
from .keywords import TERMINALS_BY_SPELLING, WORDS_THAT_BEGIN_TESTS
from .scanner import Scanner
from .statements import CONDITIONS
from .syntax import AttributeDecl, Declaration, EventDecl, MetricDecl, Name

_PLACES = ((), ("DID",), ("SUM_OF",), ("SUM_OF", "NAME", "DOT"), ("DID", "NAME", "WHERE"))
"""What stands before the places in a condition where bare names are read."""


def check_new_names(declarations: Iterable[Declaration], scanner: Scanner, path: str) -> list[Diagnostic]:
    """Tell of bare new names that begin a test or can be cut into keywords and other names."""
    found: list[Diagnostic] = []
    stacks = [scanner.tables.walk(CONDITIONS, place) for place in _PLACES]
    for name in _new_names(declarations):
        if name.quoted:
            continue
        if _begins_test(name.text, scanner):
            found.append(Diagnostic("E123", "error", path, name.span, {"name": name.text}))
            continue
        scanner.excluded = scanner.flat[name.span.start : name.span.end]
        for stack in stacks:
            pieces = scanner.cut(name.span.start, name.span.end, stack)
            if pieces is not None and len(pieces) > 1:
                cut = " ".join(scanner.flat[piece.start : piece.end] for piece in pieces)
                found.append(Diagnostic("E122", "error", path, name.span, {"name": name.text, "cut": cut}))
                break
        scanner.excluded = None
    return found


def _new_names(declarations: Iterable[Declaration]) -> Iterator[Name]:
    for declaration in declarations:
        if isinstance(declaration, (AttributeDecl, MetricDecl, EventDecl)):
            yield declaration.name
        if isinstance(declaration, EventDecl):
            yield from (field.name for field in declaration.fields)


def _begins_test(text: str, scanner: Scanner) -> bool:
    stack = scanner.tables.start_stack(CONDITIONS)
    terminals = TERMINALS_BY_SPELLING.get(text, ())
    return text in WORDS_THAT_BEGIN_TESTS or any(scanner.tables.advance(stack, name) for name in terminals)
