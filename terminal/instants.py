"""Instants on the command line: read from ISO 8601, shown with an offset."""

from __future__ import annotations

from datetime import datetime

from ..engine.program.clock import iso, to_datetime
from ..grammar.diagnostics import UsageError


def read_instant(text: str, zone: str) -> datetime:
    """Return an aware date-time; a text without an offset is read in ``zone``, a date is its start.

    Raises UsageError C211 for what is no instant, a bare number included.

    >>> read_instant("2026-11-20 20:00", "Asia/Shanghai").isoformat()
    '2026-11-20T20:00:00+08:00'
    """
    from ..engine.stores.imports.instants import read_instant as read_any
    from ..engine.stores.imports.report import RowError

    try:
        return to_datetime(read_any(text.strip(), zone, "--at"), zone)
    except RowError:
        raise UsageError("C211", text=text) from None


def show_instant(instant: int, zone: str) -> str:
    """An instant for a reader: local date and clock with the offset, seconds only where there are any.

    >>> show_instant(0, "Asia/Shanghai")
    '1970-01-01 08:00 +08:00'
    """
    text = iso(instant, zone)
    clock, offset = (text[:-6], text[-6:]) if text[-6] in "+-" else (text, "")
    day, _, time = clock.partition("T")
    local = to_datetime(instant, zone)
    shown = time[:5] if local.second == 0 and local.microsecond == 0 else time
    return f"{day} {shown} {offset}".rstrip()
