"""Instants on the command line: read from ISO 8601, shown with an offset."""

from __future__ import annotations

import re
from datetime import datetime

from ..engine.program.clock import from_datetime, iso, to_datetime, zone_of
from ..grammar.diagnostics import UsageError

_ISO = re.compile(r"\d{4}-?\d{2}-?\d{2}([T ].+)?|\d{4}-?W\d{2}-?\d([T ].+)?")


def read_instant(text: str, zone: str) -> datetime:
    """Return an aware date-time; a text without an offset is read in ``zone``, a date is its start.

    Raises UsageError C211 for what is no instant, a bare number included.

    >>> read_instant("2026-11-20 20:00", "Asia/Shanghai").isoformat()
    '2026-11-20T20:00:00+08:00'
    """
    stripped = text.strip()
    try:
        moment = datetime.fromisoformat(stripped) if _ISO.fullmatch(stripped) else None
    except ValueError:
        moment = None
    if moment is None:
        raise UsageError("C211", text=text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone_of(zone))
    try:
        from_datetime(moment)
    except OverflowError:
        raise UsageError("C211", text=text) from None
    return moment


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
