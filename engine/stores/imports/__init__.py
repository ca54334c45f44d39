"""Imports: files of members, tags, events, coupons, friends, groups and staff become facts, one transaction a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from types import MappingProxyType

from ....grammar.diagnostics import CannotRun, UsageError
from ...program.ir import Library
from ..sqlite.database import SqliteStore
from ..sqlite.facts import BATCH, FactWriter
from .columns import REPLACEABLE, Columns, columns_of
from .coupons import CouponReader
from .events import EventReader
from .friends import FriendReader
from .groups import GroupReader
from .members import MemberReader
from .merged import merge_ids
from .report import ImportOptions, ImportReport, Rejected, Replacing, Tally
from .session import Reader, Session
from .source import Record, estimate_rows, read_records
from .staff import StaffReader
from .tags import TagReader

__all__ = ["ImportOptions", "ImportReport", "Rejected", "Replacing", "import_file", "merge_ids"]

_READERS: Mapping[str, Callable[[Session], Reader]] = MappingProxyType({
    "members": MemberReader, "tags": TagReader, "events": EventReader, "coupons": CouponReader,
    "friends": FriendReader, "groups": GroupReader, "staff": StaffReader,
})


class _LeftOutError(Exception):
    """Rows were rejected and the import is strict, so that its transaction is undone."""


def import_file(
    store: SqliteStore, kind: str, path: Path, library: Library, options: ImportOptions
) -> ImportReport:
    """Import a file of ``kind`` (one of ``columns.KINDS``) and return what became of its rows.

    The file is CSV, JSON Lines or Parquet by its ending. All its good rows are stored, or, where an exception leaves this
    function or ``options.strict`` meets a bad row, none. Raises UsageError for an unknown kind or ending and
    for a kind that cannot be replaced so, CannotRun for a file or store that cannot be used.
    """
    columns = columns_of(
        kind, library, ignore_unknown=options.ignore_unknown, generate_ids=options.generate_ids
    )
    if kind not in REPLACEABLE[options.replace]:
        raise UsageError("S214", kind=kind, known=", ".join(REPLACEABLE[options.replace]))
    total = estimate_rows(path) if options.progress else None
    tally = Tally()
    try:
        with store.transaction():
            _import(store, kind, path, library, options, columns, tally, total)
    except _LeftOutError:
        return tally.report(stored=False)
    return tally.report(stored=True)


def _import(
    store: SqliteStore, kind: str, path: Path, library: Library, options: ImportOptions, columns: Columns,
    tally: Tally, total: int | None,
) -> None:
    store.declare(library)
    writer = FactWriter(store, library, zone=options.zone, random_bytes=options.random_bytes)
    session = Session(store, writer, library, options, path.name, tally)
    reader = _READERS[kind](session)
    for records in _batches(read_records(path, columns, tally.leave_out, options.encoding)):
        tally.read += len(records)
        reader.take(records)
        if options.progress is not None:
            options.progress(tally.read, total)
    _refuse_bad(kind, options, tally)
    if options.replace is Replacing.ALL and not tally.read:
        raise CannotRun("S215", path=str(path))
    reader.finish()
    _refuse_bad(kind, options, tally)
    session.settle_bare_members()
    writer.finish(backfilled=options.backfill)


def _refuse_bad(kind: str, options: ImportOptions, tally: Tally) -> None:
    if tally.rejected and _is_strict(kind, options):
        raise _LeftOutError


def _is_strict(kind: str, options: ImportOptions) -> bool:
    """Whether one bad row refuses the file: it must where an absent row takes something away."""
    rows_alone = kind in ("members", "staff") and options.replace is Replacing.NAMED
    return options.strict or not (rows_alone or options.replace is Replacing.NOTHING)


def _batches(records: Iterator[Record]) -> Iterator[list[Record]]:
    while batch := list(islice(records, BATCH)):
        yield batch
