"""Instants as ISO 8601 writes them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import NoReturn

from ...program.clock import from_datetime, local_to_instant, naive_micros, zone_of
from .report import RowError

# Far enough from the ends of the calendar that every zone can show the instant.
EARLIEST = from_datetime(datetime(1, 1, 3, tzinfo=UTC))
LATEST = from_datetime(datetime(9999, 12, 29, tzinfo=UTC))

_USUAL = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ](?:[01]\d|2[0-3]):\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:[0-5]\d)?)?", re.ASCII
)
_DATE = re.compile(
    r"(?P<year>\d{4})(?:(?P<dash>-?)(?:(?P<month>\d\d)(?P=dash)(?P<day>\d\d)"
    r"|W(?P<week>\d\d)(?P=dash)(?P<weekday>[1-7])|(?P<ordinal>\d{3})))", re.ASCII
)
_TIME = re.compile(
    r"(?P<hour>\d\d)(?:(?P<colon>:?)(?P<minute>\d\d)(?:(?P=colon)(?P<second>\d\d))?)?(?:[.,](?P<part>\d{1,30}))?"
    r"(?P<zone>Z|[+\-−]\d\d(?::?[0-5]\d)?)?", re.ASCII
)


def read_instant(text: str, zone: str, column: str) -> int:
    """Return the instant of ``text`` in any form of ISO 8601; without an offset, on the clock of ``zone``.

    A date alone is the start of its day. Microseconds are kept, smaller parts dropped. Raises RowError for numbers
    without any mark (which could be seconds or a date) and for what the calendar does not have.
    """
    if text.isdigit():
        raise RowError("S112", column=column)
    try:
        moment = datetime.fromisoformat(text) if _USUAL.fullmatch(text) else _unusual(text)
    except ValueError:
        raise RowError("S111", column=column) from None
    instant = from_datetime(moment) if moment.tzinfo is not None else _on_clock(moment, zone)
    if not EARLIEST <= instant <= LATEST:
        raise RowError("S108", column=column)
    return instant


def _on_clock(moment: datetime, zone: str) -> int:
    tz = zone_of(zone)
    aware = moment.replace(tzinfo=tz)
    if aware.utcoffset() == aware.replace(fold=1).utcoffset():
        return from_datetime(aware)
    return local_to_instant(naive_micros(moment), zone)


def _unusual(text: str) -> datetime:
    """Basic, week and ordinal forms, 24:00, and fractions of hours and minutes."""
    day_text, mark, time_text = text.upper().replace(" ", "T", 1).partition("T")
    found = _DATE.fullmatch(day_text)
    if found is None:
        _unreadable()
    moment = datetime.combine(_day(found), datetime.min.time())
    if not mark:
        return moment
    clock = _TIME.fullmatch(time_text)
    if clock is None:
        _unreadable()
    return _with_clock(moment, clock)


def _day(found: re.Match[str]) -> date:
    year = int(found["year"])
    if found["week"]:
        return date.fromisocalendar(year, int(found["week"]), int(found["weekday"]))
    if found["ordinal"]:
        day = date(year, 1, 1) + timedelta(days=int(found["ordinal"]) - 1)
        return day if day.year == year else _unreadable()
    return date(year, int(found["month"]), int(found["day"]))


def _with_clock(moment: datetime, clock: re.Match[str]) -> datetime:
    hour, minute, second = (int(clock[name] or 0) for name in ("hour", "minute", "second"))
    unit = 1 if clock["second"] else 60 if clock["minute"] else 3600
    part = clock["part"] or ""
    micros = int(part or 0) * unit * 1_000_000 // 10 ** len(part)
    elapsed = timedelta(hours=hour, minutes=minute, seconds=second, microseconds=micros)
    if minute > 59 or second > 59 or elapsed > timedelta(days=1):
        _unreadable()
    try:
        moved = moment + elapsed
    except OverflowError:
        _unreadable()
    return moved if not clock["zone"] else datetime.fromisoformat(moved.isoformat() + _offset(clock["zone"]))


def _offset(text: str) -> str:
    if text == "Z":
        return "+00:00"
    digits = text[1:].replace(":", "")
    return ("+" if text[0] == "+" else "-") + digits[:2] + ":" + (digits[2:] or "00")


def _unreadable() -> NoReturn:
    raise ValueError("not an instant")
