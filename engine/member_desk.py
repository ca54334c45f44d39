"""Members as persons: one is erased on demand, with all that names them; ids that are one person's are merged."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from ..grammar.diagnostics import CannotRun, UsageError
from ..grammar.record import record
from .delivery.withdrawing import handed_over, withdraw_waiting
from .log.archives.texts import forget_archived_texts
from .log.erasures import record_erasures
from .log.notary import Notary
from .program.clock import from_datetime
from .program.ir import Library
from .program_log import note
from .run.lock import run_lock
from .stores.sqlite.cleaning import UNCLEAN, clean_file, is_unclean, overwrite_deleted
from .stores.sqlite.database import SqliteStore
from .stores.sqlite.erasing import ERASED, count_known, forget, units_of_person

if TYPE_CHECKING:
    from .stores.imports import ImportOptions

Opened = Callable[[bool], AbstractContextManager[SqliteStore]]


@record
class Erasure:
    """What goes, or went, with some persons: how many there are, by how many ids, and how much is known of them by kind.

    ``known`` is as ``count_known`` gives it; of it ``records`` stay. ``clean`` is False where the file of the store may
    still hold something of what was erased; ``unreached`` are files beside archives of the log that could not be reached.
    """

    persons: int
    ids: int
    known: Mapping[str, int]
    clean: bool
    unreached: tuple[str, ...] = ()


class MemberDesk:
    """Erasing and merging members of one workspace.

    ``opened`` opens its store, for writing or not; ``holder`` holds the run lock. ``told`` is how an import at an instant
    would be told to go about it.
    """

    def __init__(
        self, library: Callable[[], Library], opened: Opened, holder: str, notary: Notary,
        told: Callable[[int], ImportOptions],
    ) -> None:
        self._library = library
        self._told = told
        self._opened = opened
        self._holder = holder
        self._notary = notary

    def known(self, members: Sequence[str]) -> Erasure:
        """What erasing the members would take with it. Writes nothing. Raises UsageError C128 for an id that nobody has."""
        with self._opened(False) as store, store.snapshot():
            persons = _persons(store, members)
            return _erasure(persons, count_known(store.connection, _units(persons)), not is_unclean(store))

    def erase(self, members: Sequence[str], *, at: datetime, wait_seconds: float = 0.0) -> Erasure:
        """Erase the members at ``at``, all of them or, where an id is wrong, none.

        What waits for them is withdrawn first. An id that was merged stands for the person, with all their ids. Raises UsageError
        C128 for an id that nobody has, CannotRun C290 while a channel has something for them in hand, R301 while a run is at
        work, and where the store is older than its fence.
        """
        instant = from_datetime(at)
        with self._opened(True) as store, run_lock(store.path, self._holder, wait_seconds):
            self._notary.check(store)
            overwrite_deleted(store)
            with store.transaction():
                persons = _persons(store, members)
                units = _units(persons)
                busy = handed_over(store, units)
                if busy:
                    raise CannotRun("C290", number=busy)
                known = count_known(store.connection, units)
                withdraw_waiting(store, units, instant, ERASED)
                record_erasures(store, units, instant)
                forget(store.connection, units, instant)
                store.set_meta(UNCLEAN, 1)
                self._notary.attest(store)
            self._notary.confirm(store)
            unreached = forget_archived_texts(store, store.path.parent)
            done = replace(_erasure(persons, known, clean_file(store)), unreached=unreached)
            note("erase.done", persons=done.persons, ids=done.ids, clean=done.clean)
            return done

    def merge(self, old: str, into: str, *, at: datetime) -> bool:
        """Merge the id ``old`` into the id ``into``, which is the same person, at ``at``; whether that is news.

        What is known of the old one is told anew of the other; the old one is taken out. Raises UsageError C128 for an id
        that nobody has, C295 for an id merged into itself, C296 for one that was merged into another.
        """
        from .stores.imports import merge_ids

        library = self._library()
        with self._opened(True) as store:
            is_news = merge_ids(store, library, as_imported(old), as_imported(into), self._told(from_datetime(at)))
            note("merge.done", news=is_news)
            return is_news

    def clean(self, wait_seconds: float = 0.0) -> bool:
        """Finish what an erasure could not: let nothing of it be left in the file; whether that could be done.

        Files beside archives that could not be reached then are tried again. Raises CannotRun R301 while a run is at work.
        """
        with self._opened(True) as store, run_lock(store.path, self._holder, wait_seconds):
            forget_archived_texts(store, store.path.parent)
            return clean_file(store)


def as_imported(member: str) -> str:
    """An outside id as imports read it.

    >>> as_imported(" u1 ")
    'u1'
    """
    return unicodedata.normalize("NFC", member).strip()


def _persons(store: SqliteStore, members: Sequence[str]) -> list[tuple[int, ...]]:
    """The units of each person that is meant, each once."""
    found: dict[tuple[int, ...], None] = {}
    for member in members:
        units = units_of_person(store.connection, as_imported(member))
        if not units:
            raise UsageError("C128", member=member)
        found[units] = None
    return list(found)


def _units(persons: Sequence[tuple[int, ...]]) -> list[int]:
    return [unit for units in persons for unit in units]


def _erasure(persons: Sequence[tuple[int, ...]], known: Mapping[str, int], clean: bool) -> Erasure:
    return Erasure(len(persons), len(_units(persons)), known, clean)
