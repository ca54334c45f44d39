"""Handing the log on: exports of its records, and the log as plain files that others can publish and verify."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TextIO

from ..grammar.diagnostics import UsageError
from ..grammar.record import record
from .log.export.lines import columns_for
from .log.export.reading import read_export
from .log.export.writing import Exported, Format, write_file, write_text
from .log.records import LogFilter
from .log.signed import signed_end
from .log.tiles.publishing import Published, publish, publishing_to
from .log.whole_log import WholeLog
from .program.clock import zone_of
from .stores.sqlite.database import SqliteStore

Opened = Callable[[bool], AbstractContextManager[SqliteStore]]


@record
class ExportAsked:
    """What is to be exported: the ``filters``; with ``proofs`` or without; with outside ids and what channels said in their own
    words (``reveal``) or without; with what was archived or without."""

    filters: LogFilter = LogFilter()
    proofs: bool = False
    reveal: bool = False
    archives: bool = True


def export_log(
    opened: Opened, zone: str, out: Path | TextIO, form: Format, asked: ExportAsked, *, force: bool = False
) -> Exported:
    """Export the log to a file or stream as one state of the store has it; writes nothing to the store.

    A file that is there is replaced only by ``force``; one with outside ids is its owner's alone. Raises UsageError D423 for a
    file that is there, D424 for Parquet on a stream, CannotRun C301 or C302 where it cannot be written, and as ``read_export``.
    """
    if form == "parquet" and not isinstance(out, Path):
        raise UsageError("D424")
    columns = columns_for(reveal=asked.reveal, proofs=asked.proofs)
    with opened(False) as store, store.snapshot(), WholeLog(store, store.path.parent) as log:
        export = read_export(log, asked.filters, reveal=asked.reveal, proofs=asked.proofs, archives=asked.archives)
        if isinstance(out, Path):
            return write_file(export, columns, form, zone_of(zone), out, force=force, private=asked.reveal)
        return write_text(export, columns, "csv" if form == "csv" else "jsonl", zone_of(zone), out)


def publish_log(opened: Opened, folder: Path) -> Published:
    """Bring a folder of plain files up to the signed end of the log; writes nothing to the store.

    Raises CannotRun as ``publish``, ``publishing_to`` and ``signed_end``, D428 where an archive is needed that is not there.
    """
    with publishing_to(folder), opened(False) as store, store.snapshot(), WholeLog(store, store.path.parent) as log:
        return publish(store, signed_end(store), log.entries, folder)
