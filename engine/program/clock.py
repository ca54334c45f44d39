"""Instants and local clocks: the only place where zones are applied to single values.

Instants are microseconds since 1970 UTC; local date-times are microseconds of the naive clock since 1970.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from .ir import DAY, Duration

_EPOCH = datetime(1970, 1, 1)
_EPOCH_UTC = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


@lru_cache(maxsize=512)
def zone_of(name: str) -> ZoneInfo:
    """The zone of an IANA name or UTC; raises ZoneInfoNotFoundError for others."""
    return ZoneInfo(name)


def to_datetime(instant: int, zone: str) -> datetime:
    """The aware date-time of an instant on the clock of ``zone``."""
    return (_EPOCH_UTC + timedelta(microseconds=instant)).astimezone(zone_of(zone))


def from_datetime(moment: datetime) -> int:
    """The instant of an aware date-time."""
    return (moment - _EPOCH_UTC) // _TICK


def local_of(instant: int, zone: str) -> int:
    """The local date-time that the clock of ``zone`` shows at an instant."""
    return naive_micros(to_datetime(instant, zone).replace(tzinfo=None))


def naive_micros(moment: datetime) -> int:
    """The microseconds of a naive date-time."""
    return (moment - _EPOCH) // _TICK


def naive_datetime(local: int) -> datetime:
    """The naive date-time of local microseconds."""
    return _EPOCH + timedelta(microseconds=local)


def local_to_instant(local: int, zone: str, fold: int = 0) -> int:
    """The instant at which the clock of ``zone`` shows ``local``.

    A clock time that comes twice gives the first (``fold`` 1: the second); one that is skipped gives the instant at
    which the clocks jump.

    >>> from datetime import datetime
    >>> skipped = naive_micros(datetime(2026, 3, 8, 2, 30))
    >>> to_datetime(local_to_instant(skipped, "America/New_York"), "America/New_York").isoformat()
    '2026-03-08T03:00:00-04:00'
    """
    naive = naive_datetime(local)
    tz = zone_of(zone)
    instant = from_datetime(naive.replace(tzinfo=tz, fold=fold))
    if local_of(instant, zone) == local:
        return instant
    # In a gap the two folds are read with the offsets of either side; the jump lies between the instants they give.
    ends = sorted(from_datetime(naive.replace(tzinfo=tz, fold=f)) for f in (0, 1))
    return _jump(ends[0], ends[1], zone)


def _jump(low: int, high: int, zone: str) -> int:
    """The instant in (low, high] at which the offset of ``zone`` changes."""
    before = local_of(low, zone) - low
    while high - low > 1:
        middle = (low + high) // 2
        if local_of(middle, zone) - middle == before:
            low = middle
        else:
            high = middle
    return high


def is_doubled(local: int, zone: str) -> bool:
    """Whether the clock of ``zone`` shows ``local`` twice."""
    return local_to_instant(local, zone, 0) != local_to_instant(local, zone, 1)


def day_start(day: date, zone: str) -> int:
    """The instant at which a local calendar day begins."""
    return local_to_instant(naive_micros(datetime(day.year, day.month, day.day)), zone)


def local_day(instant: int, zone: str) -> date:
    """The local calendar day of an instant."""
    return naive_datetime(local_of(instant, zone)).date()


def add_months(local: int, months: int) -> int:
    """A local date-time moved by calendar months: same day and clock, or the month's last day."""
    moment = naive_datetime(local)
    index = moment.year * 12 + moment.month - 1 + months
    year, month = divmod(index, 12)
    first = datetime(year, month + 1, 1)
    length = (datetime(year + month // 11, (month + 1) % 12 + 1, 1) - first).days
    clock = local % DAY
    return naive_micros(first + timedelta(days=min(moment.day, length) - 1)) + clock


def add_duration(instant: int, duration: Duration, zone: str, sign: int = 1) -> int:
    """The instant ``duration`` after another (``sign`` -1: before): months on the clock of ``zone``, then elapsed time."""
    if duration.months:
        instant = local_to_instant(add_months(local_of(instant, zone), sign * duration.months), zone)
    return instant + sign * duration.micros


def iso_utc(instant: int) -> str:
    """An instant as text in UTC, with microseconds only where there are any.

    >>> iso_utc(0), iso_utc(1)
    ('1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000001Z')
    """
    return (_EPOCH + timedelta(microseconds=instant)).isoformat() + "Z"


def iso_local(local: int) -> str:
    """A local date-time as text without an offset."""
    return naive_datetime(local).isoformat()


def iso(instant: int, zone: str) -> str:
    """An instant as text with the offset of ``zone``."""
    return to_datetime(instant, zone).isoformat()
