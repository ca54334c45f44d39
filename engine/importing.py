"""How an import treats rows, as callers of a workspace say it."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Literal

from ..grammar.record import record
from .program_log import note

if TYPE_CHECKING:
    from .stores.imports import ImportOptions, ImportReport


@record
class ImportSwitches:
    """How an import treats rows.

    ``strict`` stores nothing if one is bad, ``backfill`` lets facts arrive when they happened, ``create_members``
    makes bare members, ``ignore_unknown`` leaves unknown names out, ``generate_ids`` makes the ids of events.
    ``replace`` takes away what the file does not have, of those it names or of all; ``encoding`` is that of texts.
    """

    strict: bool = False
    backfill: bool = False
    create_members: bool = False
    ignore_unknown: bool = False
    generate_ids: bool = False
    replace: Literal["", "named", "all"] = ""
    encoding: Literal["utf-8", "gb18030", "utf-16"] = "utf-8"


def options_of(
    switches: ImportSwitches, at: int, zone: str, random_bytes: Callable[[int], bytes],
    progress: Callable[[int, int | None], None] | None,
) -> ImportOptions:
    """What an import at the instant ``at`` is told: the switches and all that comes from around it."""
    from .stores.imports import ImportOptions, Replacing

    return ImportOptions(
        at=at,
        zone=zone,
        random_bytes=random_bytes,
        strict=switches.strict,
        backfill=switches.backfill,
        create_members=switches.create_members,
        ignore_unknown=switches.ignore_unknown,
        generate_ids=switches.generate_ids,
        replace=Replacing(switches.replace),
        encoding=switches.encoding,
        progress=progress,
    )


def noted_import(kind: str, bring: Callable[[], ImportReport]) -> ImportReport:
    """Bring a file of ``kind`` in, and let the program's log tell of it; the rows that were not taken count as rejected."""
    began = monotonic()
    report = bring()
    note(
        "import.done", kind=kind, read=report.read, added=report.added, changed=report.changed, ignored=report.ignored,
        rejected=report.read - report.added - report.changed - report.ignored, removed=report.removed, merged=report.merged,
        stored=report.stored, seconds=monotonic() - began,
    )
    return report
