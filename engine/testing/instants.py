"""Instants as people say them: ``1 day ago``, ``3天前 10:00``, ``in 7 days``, or as ISO 8601 writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from ..program.clock import add_duration, iso, local_day, local_to_instant, naive_micros
from ..program.ir import DAY, HOUR, MINUTE, Duration
from ..stores.imports.instants import read_instant as read_iso
from ..stores.imports.report import RowError

_UNITS: Mapping[str, Duration] = MappingProxyType({
    "minute": Duration(MINUTE), "hour": Duration(HOUR), "day": Duration(DAY), "week": Duration(7 * DAY),
    "month": Duration(0, 1), "分钟": Duration(MINUTE), "小时": Duration(HOUR), "天": Duration(DAY), "周": Duration(7 * DAY),
    "个月": Duration(0, 1),
})
_DAYS: Mapping[str, int] = MappingProxyType({
    "today": 0, "今天": 0, "yesterday": -1, "昨天": -1, "tomorrow": 1, "明天": 1,
})
_NOW = frozenset({"now", "现在"})
_CLOCK = r"(?:\s*(?:at\s+)?(?P<clock>\d{1,2}[:：]\d\d))?"
_FORMS = tuple(re.compile(form + _CLOCK, re.IGNORECASE) for form in (
    r"(?P<count>\d{1,6}) ?(?P<unit>minute|hour|day|week|month)s? (?P<where>ago|later)",
    r"(?P<where>in) (?P<count>\d{1,6}) (?P<unit>minute|hour|day|week|month)s?",
    r"(?P<count>\d{1,6}) ?(?P<unit>分钟|小时|天|周|个月)(?P<where>前|后)",
))
_DAY = re.compile("(?P<day>" + "|".join(_DAYS) + ")" + _CLOCK, re.IGNORECASE)
_BACK = frozenset({"ago", "前"})


def read_instant(text: str, origin: int, zone: str) -> int | None:
    """The instant that ``text`` means seen from ``origin`` on the clock of ``zone``; None where it is none.

    >>> from ..program.clock import iso_utc
    >>> [iso_utc(read_instant(text, 0, "UTC") or 0) for text in ("1 day ago", "2天后 10:00", "1970-01-05")]
    ['1969-12-31T00:00:00Z', '1970-01-03T10:00:00Z', '1970-01-05T00:00:00Z']
    """
    found = relative_instant(text, origin, zone)
    if found is not None:
        return found
    try:
        return read_iso(text, zone, "")
    except RowError:
        return None


def relative_instant(text: str, origin: int, zone: str) -> int | None:
    """The instant that ``text`` means seen from ``origin``; None where it does not speak of it."""
    if text.lower() in _NOW:
        return origin
    day = _DAY.fullmatch(text)
    if day is not None:
        moved = _on_day(origin, _DAYS[day["day"].lower()], zone)
        return _at_clock(moved, day["clock"], zone)
    found = next((match for form in _FORMS if (match := form.fullmatch(text))), None)
    if found is None:
        return None
    unit, count = _UNITS[found["unit"].lower()], int(found["count"])
    sign = -1 if found["where"].lower() in _BACK else 1
    try:
        moved = add_duration(origin, Duration(unit.micros * count, unit.months * count), zone, sign)
        return _at_clock(moved, found["clock"], zone)
    except (OverflowError, ValueError):
        return None


def as_text(instant: int, zone: str) -> str:
    """An instant as imports read it."""
    return iso(instant, zone)


def as_date(instant: int, zone: str) -> str:
    """The local day of an instant as imports read it."""
    return local_day(instant, zone).isoformat()


def _on_day(origin: int, days: int, zone: str) -> int:
    return add_duration(origin, Duration(abs(days) * DAY), zone, -1 if days < 0 else 1)


def _at_clock(instant: int, clock: str | None, zone: str) -> int | None:
    if clock is None:
        return instant
    hour, minute = (int(part) for part in re.split("[:：]", clock))
    if hour > 23 or minute > 59:
        return None
    day = local_day(instant, zone)
    moment = datetime(day.year, day.month, day.day) + timedelta(hours=hour, minutes=minute)
    return local_to_instant(naive_micros(moment), zone)
