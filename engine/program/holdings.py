"""When an activity, phase or session goes on: its times on the local clock, one holding after the other."""

from __future__ import annotations

from collections.abc import Iterator

from .ir import DAY, MINUTE, Times

_DAYS_OF_WEEK = 7
_THURSDAY = 4  # 1970-01-01


def holdings(times: Times, first: int, last: int) -> Iterator[tuple[int, int]]:
    """The holdings [start, end) that begin in [first, last], by start; local microseconds of the naive clock.

    >>> friday = Times(weekdays=(5,), start=20 * 60, end=22 * 60)
    >>> [(start // DAY, (end - start) // MINUTE) for start, end in holdings(friday, 0, 10 * DAY)]
    [(1, 120), (8, 120)]
    """
    if not times.weekdays:
        yield from ((start, end) for start, end in times.spans if first <= start <= last)
        return
    length = (times.end - times.start) * MINUTE + (DAY if times.end <= times.start else 0)
    for day in range(first // DAY, last // DAY + 1):
        start = day * DAY + times.start * MINUTE
        if _weekday(day) in times.weekdays and first <= start <= last:
            yield start, start + length


def latest_begun(times: Times, local: int) -> tuple[int, int] | None:
    """The latest holding that began at ``local`` or before; None where none has."""
    since = local - (_DAYS_OF_WEEK + 1) * DAY if times.weekdays else min((s for s, _ in times.spans), default=local)
    latest = None
    for latest in holdings(times, since, local):  # noqa: B007 - the last one is wanted
        pass
    return latest


def goes_on(times: Times, local: int) -> bool:
    """Whether a holding goes on at ``local``."""
    if times.weekdays:
        latest = latest_begun(times, local)
        return latest is not None and local < latest[1]
    return any(start <= local < end for start, end in times.spans)


def _weekday(day: int) -> int:
    """The ISO weekday of a day counted from 1970-01-01."""
    return (day + _THURSDAY - 1) % _DAYS_OF_WEEK + 1
