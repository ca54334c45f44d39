"""Retention: moving what was decided long ago from the store to files, and asking those files."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path

from ..grammar.diagnostics import UsageError
from ..grammar.record import record
from .log.archives.known import Archived, archived_stretches
from .log.archives.moving import Cut, Why, archive_stretch, check_covered, find_cut
from .log.archives.opening import Archive, open_archive
from .log.archives.writing import file_name
from .log.notary import Notary
from .log.records import LogFilter, LogRecord, read_log
from .program.clock import from_datetime, to_datetime, zone_of
from .program_log import note
from .run.lock import run_lock
from .stores.sqlite.cleaning import clean_file
from .stores.sqlite.database import SqliteStore

Opened = Callable[[bool], AbstractContextManager[SqliteStore]]
FOLDER = "archive"
"""Where archives go unless told otherwise, in the workspace."""


@record
class ArchiveAnswer:
    """What was archived, or would be: entries [``first``, ``stop``) into the file ``path``, decided before ``until``.

    ``why`` says why it is no more: ``time`` (what follows was decided at the instant asked for or later), ``waiting`` (a message
    waits for its channel) or ``later`` (a delivery or erasure is of that instant or later). ``size`` is that of the file, in bytes,
    ``private`` the file with the channels' own words, where there is one; ``size_before`` and ``size_after`` are those of the
    store, ``free`` what of it SQLite will use again before it grows. ``compacted`` is None where that was not asked for.
    """

    first: int
    stop: int
    until: datetime
    why: Why
    path: Path | None
    private: Path | None
    size: int
    size_before: int
    size_after: int
    free: int
    compacted: bool | None

    def to_json(self) -> dict[str, object]:
        """The answer as plain values under documented keys."""
        return {
            "first": self.first, "stop": self.stop, "entries": self.stop - self.first, "until": self.until.isoformat(),
            "why": self.why, "file": _text(self.path), "private": _text(self.private), "size": self.size,
            "store_before": self.size_before, "store_after": self.size_after, "free": self.free, "compacted": self.compacted,
        }


class ArchiveDesk:
    """The archives of one workspace's log.

    ``opened`` opens its store, for writing or not; ``holder`` holds the run lock; instants are told on the clock of ``zone``.
    """

    def __init__(self, root: Path, zone: str, opened: Opened, holder: str, notary: Notary) -> None:
        self._root = root
        self._zone = zone
        self._opened = opened
        self._holder = holder
        self._notary = notary

    def preview(self, before: datetime, *, at: datetime, folder: Path | None = None) -> ArchiveAnswer:
        """What :meth:`archive` would do. Writes nothing. Raises UsageError D446 where ``before`` is not past."""
        instant = _past(before, at)
        with self._opened(False) as store, store.snapshot():
            cut = find_cut(store, instant, store.last_run)
            path = self._place(folder, cut) if cut.stop > cut.first else None
            return self._answer(store, cut, path, None, _size(store))

    def archive(
        self, before: datetime, *, at: datetime, folder: Path | None = None, compact: bool = False, wait_seconds: float = 0.0
    ) -> ArchiveAnswer:
        """Move what was decided before an instant into a file in ``folder``, by default ``archive`` in the workspace.

        Decisions, proofs and checkpoints are what they would be without. With ``compact`` the store's file is written anew, so that
        it becomes smaller. Raises UsageError D446, CannotRun D440 to D447 as ``engine.log.archives.moving``, R301 while a run is at
        work, and where the store is older than its fence.
        """
        instant, now = _past(before, at), from_datetime(at)
        with self._opened(True) as store, run_lock(store.path, self._holder, wait_seconds):
            self._notary.check(store)
            check_covered(store)
            cut = find_cut(store, instant, store.last_run)
            size, path = _size(store), None
            if cut.stop > cut.first:
                path = self._place(folder, cut)
                stretch = archive_stretch(store, cut, path, _name(path, store), now)
                note("archive.done", records=stretch.stop - stretch.first)
            return self._answer(store, cut, path, clean_file(store) if compact else None, size)

    def stretches(self) -> tuple[Archived, ...]:
        """What of the log stands in files."""
        with self._opened(False) as store:
            return archived_stretches(store)

    @contextmanager
    def records(self, path: Path, filters: LogFilter, *, reveal: bool = False) -> Iterator[Iterator[LogRecord]]:
        """The records of an archive that pass ``filters``; a member is found by the pseudonym that the store knows.

        ``reveal`` adds what channels said in their own words, where that is kept; no archive has outside ids.
        Raises CannotRun D442 for what is no archive, UsageError C128 for a member whom the store does not know.
        """
        with open_archive(path) as archive:
            yield read_log(archive, self._by_pseudonym(filters, archive), zone_of(self._zone), reveal=reveal)

    def _by_pseudonym(self, filters: LogFilter, archive: Archive) -> LogFilter:
        if filters.member is None:
            return filters
        from dataclasses import replace

        with self._opened(False) as store:
            row = store.connection.execute(_PSEUDONYM, {"member": filters.member}).fetchone()
            if row is None or store.store_id != archive.store_id:
                raise UsageError("C128", member=filters.member)
            return replace(filters, member=None, pseudonym=bytes(row[0]))

    def _place(self, folder: Path | None, cut: Cut) -> Path:
        return (self._root / FOLDER if folder is None else folder) / file_name(cut.first, cut.stop)

    def _answer(
        self, store: SqliteStore, cut: Cut, path: Path | None, compacted: bool | None, size_before: int
    ) -> ArchiveAnswer:
        from .log.archives.writing import texts_beside

        private = None if path is None or not texts_beside(path).exists() else texts_beside(path)
        size = path.stat().st_size if path is not None and path.exists() else 0
        (free,) = store.connection.execute(_FREE).fetchone()
        return ArchiveAnswer(
            cut.first, cut.stop, to_datetime(cut.until, self._zone), cut.why, path, private, size, size_before, _size(store),
            free, compacted,
        )


_PSEUDONYM = """
SELECT pseudonym FROM members WHERE id = :member UNION ALL SELECT pseudonym FROM groups WHERE id = :member LIMIT 1
"""
_SIZE = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
_FREE = "SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size"


def _past(before: datetime, at: datetime) -> int:
    if before > at:
        raise UsageError("D446", before=before.isoformat())
    return from_datetime(before)


def _size(store: SqliteStore) -> int:
    return int(store.connection.execute(_SIZE).fetchone()[0])


def _name(path: Path, store: SqliteStore) -> str:
    """How the store knows a file: as seen from its own folder where the file lies below that, so that both can be moved."""
    whole, folder = path.resolve(), store.path.resolve().parent
    return os.fspath(whole.relative_to(folder) if whole.is_relative_to(folder) else whole)


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)
