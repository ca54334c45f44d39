"""The archives that a store knows of: the files against their digests, their entries, and what the store keeps of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from ....grammar.diagnostics import CannotRun
from ..archives.checking import other_leaves, wrong_entries, wrong_traces
from ..archives.opening import Archive, Expected, expected_archives
from ..store import LogStore
from .model import Counts, Finding

MOST = 20

_COUNTS = """
SELECT (SELECT count(*) FROM dispatches), (SELECT count(*) FROM deliveries), (
  SELECT count(*) FROM erasures WHERE seq >= :first AND seq < :stop)
"""


@dataclass(frozen=True, slots=True)
class ArchiveCheck:
    """An archive by its ``path``: whether it is there, how many entries it has, and what is wrong with it."""

    path: Path
    is_there: bool
    counts: Counts
    findings: tuple[Finding, ...]


def check_archives(store: LogStore, folder: Path) -> Iterator[ArchiveCheck]:
    """Yield a check of each archive of a log. ``folder`` is that of the store's file.

    An archive that is elsewhere is no finding: the leaves of its entries stand in the store, and are in the tree.
    """
    for found in expected_archives(store, folder):
        if not found.is_there:
            yield ArchiveCheck(found.path, False, Counts(), ())
        elif found.archive is None:
            yield ArchiveCheck(found.path, True, Counts(), (Finding("D458", found.stretch.first, {"path": str(found.path)}),))
        else:
            span = {"first": found.archive.first, "stop": found.archive.stop}
            counts = Counts(*found.archive.connection.execute(_COUNTS, span).fetchone())
            yield ArchiveCheck(found.path, True, counts, tuple(islice(_check(store, found, found.archive), MOST)))


def _check(store: LogStore, found: Expected, archive: Archive) -> Iterator[Finding]:
    stretch = found.stretch
    is_other = (archive.first, archive.stop, archive.until, archive.store_id) != (
        stretch.first, stretch.stop, stretch.until, store.store_id
    )
    if is_other or not found.fits:
        yield Finding("D458", stretch.first, {"path": str(found.path)})
    if is_other:
        return
    wrong = set(wrong_entries(archive)) | _other_leaves(store, archive)
    yield from (Finding("D405", seq) for seq in sorted(wrong))
    yield from (Finding("D457", seq) for seq in wrong_traces(store, archive) if seq not in wrong)


def _other_leaves(store: LogStore, archive: Archive) -> set[int]:
    """The leaves that store and archive do not agree on; the first that one of them lacks ends it."""
    found: set[int] = set()
    try:
        found.update(other_leaves(store, archive))
    except CannotRun as error:
        if error.code != "D207":
            raise
        found.add(int(str(error.params["leaf"])))
    return found
