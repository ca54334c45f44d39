"""Simulating a workspace: its playbooks as they are written now, over its past or its future, on a copy of its store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from ...grammar.diagnostics import UsageError
from ..answers import Note
from ..log.archives.known import archived_until
from ..program.clock import from_datetime, iso
from ..program.ir import DAY
from ..stores.sqlite.database import SqliteStore
from ..workspace import Workspace
from .copying import private_copy
from .model import Simulation
from .playing import Span, play
from .telling import told

LONGEST = 400
"""So many days may be simulated at once, and so far ahead."""

Stage = Literal["copying", "playing"]
Progress = Callable[[Stage, float], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to simulate: [``start``, ``until``], seen from the present (``now``); ``playbook`` narrows what is told."""

    start: datetime
    until: datetime
    now: datetime
    playbook: str | None = None
    as_run: bool = False


def simulate(workspace: Workspace, wanted: Wanted, progress: Progress = lambda stage, part: None) -> Simulation:
    """What the playbooks of a workspace would have done, or will do; nothing of the workspace changes.

    What lies in the past is played again from what was recorded; with ``as_run`` at the instants of the real runs. Raises
    UsageError C260 where the end lies before the beginning, C261 for more than :data:`LONGEST` days, C127 for an unknown
    playbook, D448 where what is to be played again is archived, CannotRun for a store that cannot be read or copied.
    """
    span = _span(workspace, wanted)
    loaded = workspace.load()
    program = loaded.program
    known = workspace.playbook_names()
    if wanted.playbook is not None and wanted.playbook not in known:
        raise UsageError("C127", name=wanted.playbook, known=", ".join(known))
    with SqliteStore.open(workspace.store_path) as store:
        _refuse_archived(store, span, workspace.settings.timezone)
        instants = _instants_of_runs(store, span) if wanted.as_run else None
        with private_copy(store, lambda part: progress("copying", part)) as copy:
            played = play(copy, program, span, instants=instants, progress=lambda part: progress("playing", part))
            found = told(copy, program, span, played, wanted.playbook)
    return found if loaded.is_whole else replace(found, is_whole=False, notes=(*found.notes, Note("N122")))


def _refuse_archived(store: SqliteStore, span: Span, zone: str) -> None:
    """Refuses to play again what can only be begun from records that are archived."""
    until = archived_until(store)
    if until is not None and span.start < until:
        raise UsageError("D448", until=iso(until, zone), start=iso(span.start, zone))


def _span(workspace: Workspace, wanted: Wanted) -> Span:
    start, until, now = (from_datetime(each) for each in (wanted.start, wanted.until, wanted.now))
    zone = workspace.settings.timezone
    if until < start:
        raise UsageError("C260", start=iso(start, zone), until=iso(until, zone))
    begin = min(start, now)
    if until - begin > LONGEST * DAY:
        raise UsageError("C261", days=(until - begin) // DAY, longest=LONGEST)
    return Span(begin, start, until, now)


def _instants_of_runs(store: SqliteStore, span: Span) -> tuple[int, ...]:
    """The instants of the runs that were made in a span, and its end."""
    found = store.connection.execute(_INSTANTS, (span.begin, span.until)).fetchall()
    return tuple(sorted({*(int(at) for (at,) in found), span.until}))


_INSTANTS = "SELECT at FROM runs WHERE at >= ? AND at <= ? ORDER BY at"
