"""Members in flight and the versions of playbooks that they are on; moving them from one to another."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

from ..grammar.diagnostics import UsageError
from .log.notary import Notary
from .program.clock import from_datetime
from .program.ir import Program
from .program_log import note
from .run.lock import run_lock
from .run.migrating import LATEST, STAY, GoneStep, Migration, VersionInFlight, migrate, migration_of, versions_of
from .stores.sqlite.database import SqliteStore

Opened = Callable[[bool], AbstractContextManager[SqliteStore]]


class Migrations:
    """Migrations in one workspace. ``opened`` opens its store, for writing or not; ``holder`` says who holds the run lock."""

    def __init__(self, program: Callable[[], Program], opened: Opened, holder: str, notary: Notary) -> None:
        self._program = program
        self._opened = opened
        self._holder = holder
        self._notary = notary

    def versions(self, playbook: str) -> tuple[VersionInFlight, ...]:
        """The versions of ``playbook`` that members are in flight on, and the one that is written now.

        Raises UsageError C127 for a playbook that neither the texts nor the store know.
        """
        with self._opened(False) as store, store.snapshot():
            found = versions_of(store, self._program(), playbook)
        known = sorted(self._program().playbooks)
        if not found and playbook not in known:
            raise UsageError("C127", name=playbook, known=", ".join(known))
        return found

    def planned(self, playbook: str, source: str, target: str = LATEST, gone: GoneStep = STAY) -> Migration:
        """Where the members of version ``source`` stand, and where they would in ``target``. Writes nothing.

        Versions are given by the start of their digests, ``target`` also as ``latest``. Raises UsageError where they, or the
        step of ``gone``, are not known.
        """
        self.versions(playbook)
        with self._opened(False) as store, store.snapshot():
            return migration_of(store, self._program(), playbook, source, target, gone)

    def carried_out(
        self, planned: Migration, *, at: datetime, wall: datetime, gone: GoneStep = STAY, wait_seconds: float = 0.0
    ) -> Migration:
        """Move the members of a planned migration, all or, if anything fails, none; those who have moved on meanwhile too.

        Raises CannotRun R301 while a run is at work, and where the store is older than its fence.
        """
        with self._opened(True) as store, run_lock(store.path, self._holder, wait_seconds):
            self._notary.check(store)
            done = migrate(store, self._program(), planned, gone, from_datetime(at), wall.isoformat())
            note(
                "migrate.done", playbook=done.playbook, moves=done.units("moves"), stays=done.units("stays"),
                leaves=done.units("leaves"),
            )
            return done
