"""Conditions and schedules typed on the command line, checked in the surroundings of a workspace."""

from __future__ import annotations

from collections.abc import Mapping

from ..grammar.diagnostics import Diagnostic
from ..grammar.parser import parse_condition, parse_schedule
from .answers import NextAnswer
from .program.ir import Condition
from .program.resolve import resolve_condition, resolve_schedule
from .settings import Settings
from .sources import Loaded, check_settings

# A text on the command line is named here as its diagnostics name it.
_FILES = ("<condition>", "<schedule>")


def read_condition(
    text: str, loaded: Loaded, settings: Settings
) -> tuple[Condition | None, tuple[Diagnostic, ...], Mapping[str, str]]:
    """The condition that a text says, or None and what is wrong with it; and the text as diagnostics name it."""
    texts = dict.fromkeys(_FILES, text)
    written, diagnostics = parse_condition(text, loaded.names)
    if written is None:
        return None, diagnostics, texts
    return *resolve_condition(written, loaded.program, check_settings(settings), text), texts


def coming_of_text(
    text: str, loaded: Loaded, settings: Settings, zone: str, after: int, until: int | None, count: int | None
) -> NextAnswer:
    """The occurrences in (after, until], at most ``count``, of the schedule that a text says, or what is wrong with it."""
    from .coming import coming_of_schedule

    texts = dict.fromkeys(_FILES, text)
    written, diagnostics = parse_schedule(text, loaded.names)
    if written is None:
        return NextAnswer((), diagnostics, texts)
    timetable, diagnostics = resolve_schedule(written, loaded.program, check_settings(settings))
    if timetable is None:
        return NextAnswer((), diagnostics, texts)
    return NextAnswer(coming_of_schedule(timetable, zone, after, until, count, settings.holidays))
