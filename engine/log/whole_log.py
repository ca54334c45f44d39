"""A log in one piece: what stands in the store and what was archived, in the order of the log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import tzinfo
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from ...grammar.diagnostics import CannotRun, UsageError
from .archives.known import archived_stop, archived_stretches
from .archives.opening import Archive, open_archive
from .entries import LogEntry, read_entries
from .records import LogRecord, find_record
from .store import LogStore

_END = 2**63 - 1


class Stretch(NamedTuple):
    """The entries [``first``, ``stop``) and the store or archive that has them."""

    log: LogStore
    first: int
    stop: int


class WholeLog:
    """The log of a store whose file lies in ``folder``, with its archives, which are opened when they are asked for.

    To be used as a context; ``store`` stays with whoever opened it.
    """

    def __init__(self, store: LogStore, folder: Path) -> None:
        self.store = store
        self._folder = folder
        self._opened: dict[str, Archive] = {}
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    @property
    def present(self) -> Stretch:
        """What stands in the store."""
        return Stretch(self.store, archived_stop(self.store), _END)

    def stretches(self, first: int = 0, end: int = _END) -> Iterator[Stretch]:
        """Yield what holds the entries [first, end), oldest first. Raises CannotRun D428 for an archive that is not there."""
        for known in archived_stretches(self.store):
            if known.first < end and first < known.stop:
                yield Stretch(self._archive(known.path), known.first, known.stop)
        if end > self.present.first:
            yield self.present

    def entries(self, first: int, end: int) -> Iterator[LogEntry]:
        """Yield the entries [first, end). Raises as :func:`~.entries.read_entries` and :meth:`stretches`."""
        for stretch in self.stretches(first, end):
            yield from read_entries(stretch.log, max(first, stretch.first), min(end, stretch.stop))

    def find(self, id_prefix: str, zone: tzinfo) -> LogRecord:
        """Return the record whose id begins with ``id_prefix``, wherever it stands.

        Archives are looked into where the store has no such record. Raises as :func:`~.records.find_record` and
        :meth:`stretches`.
        """
        try:
            return find_record(self.store, id_prefix, zone)
        except UsageError as error:
            if error.code not in ("D440", "D441"):
                raise
        archives = self.stretches(0, self.present.first)
        found = [record for stretch in archives for record in _found(stretch.log, id_prefix, zone)]
        if len(found) > 1:
            raise UsageError("D302", id=id_prefix, first=found[0].id, second=found[1].id)
        if not found:
            raise UsageError("D301", id=id_prefix)
        return found[0]

    def _archive(self, name: str) -> Archive:
        if name not in self._opened:
            path = self._folder / name
            if not path.is_file():
                raise CannotRun("D428", path=str(path))
            archive = self._open.enter_context(open_archive(path))
            if archive.store_id != self.store.store_id:
                raise CannotRun("D428", path=str(path))
            self._opened[name] = archive
        return self._opened[name]


def _found(log: LogStore, id_prefix: str, zone: tzinfo) -> list[LogRecord]:
    try:
        return [find_record(log, id_prefix, zone)]
    except UsageError as error:
        if error.code != "D301":
            raise
        return []
