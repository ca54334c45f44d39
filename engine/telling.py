"""Sheets of a workspace's playbooks, those with errors included."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

from ..grammar.diagnostics import Diagnostic, Span
from ..grammar.messages import render
from ..grammar.source import LineIndex
from ..grammar.syntax import PlaybookDecl
from .coming import coming_of_program
from .insight.sheet.build import broken_sheet, sheet_of
from .insight.sheet.model import Problem, Sheet
from .program.ir import Program
from .sources import Loaded

SHOWN_INSTANTS = 3


def sheet_for(loaded: Loaded, name: str, lang: str, at: int | None) -> Sheet:
    """Return the sheet of a playbook that the workspace has; with ``at`` also its next instants behind that one."""
    program = loaded.program
    if name in program.blocked:
        return broken_sheet(name, program.blocked[name], _problems(loaded, name, lang), lang)
    return sheet_of(program, _written(loaded, name), lang, _coming(program, name, at))


def _coming(program: Program, name: str, at: int | None) -> tuple[int, ...] | None:
    """The next instants; None for a playbook that is not live, whose schedules stand still."""
    playbook = program.playbooks[name]
    if at is None or playbook.state != "live":
        return None
    alone = replace(program, playbooks={name: playbook})
    return tuple(coming.at for coming in coming_of_program(alone, at, None, SHOWN_INSTANTS))


def _written(loaded: Loaded, name: str) -> PlaybookDecl:
    declarations = chain.from_iterable(file.declarations for file in loaded.files)
    return next(each for each in declarations if isinstance(each, PlaybookDecl) and each.name.text == name)


def _problems(loaded: Loaded, name: str, lang: str) -> tuple[Problem, ...]:
    """The errors that block a playbook: its own, and those outside of all playbooks."""
    codes = loaded.program.blocked[name]
    others = [
        (file.path, each.span)
        for file in loaded.files
        for each in file.declarations
        if isinstance(each, PlaybookDecl) and each.name.text != name
    ]
    return tuple(
        _problem(each, loaded, lang)
        for each in loaded.diagnostics
        if each.severity == "error" and each.code in codes and not _is_inside(each, others)
    )


def _is_inside(diagnostic: Diagnostic, places: list[tuple[str, Span]]) -> bool:
    start = diagnostic.span.start
    return any(diagnostic.file == file and span.start <= start < span.end for file, span in places)


def _problem(diagnostic: Diagnostic, loaded: Loaded, lang: str) -> Problem:
    text, _ = render(diagnostic.code, diagnostic.params, lang, diagnostic.hint)
    line, _ = LineIndex(loaded.texts[diagnostic.file]).position(diagnostic.span.start)
    return Problem(diagnostic.code, text, diagnostic.file, line)
