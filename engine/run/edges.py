"""Schedules around something: the starts and ends of activities, and members' own dates, moved before or after."""

from __future__ import annotations

from collections.abc import Iterator

from ..program.clock import add_months, local_of, local_to_instant
from ..program.holdings import holdings
from ..program.ir import DAY, MINUTE, ActivityEdge, Offset, Times

_LONGEST_HOLDING = 400 * DAY


def moved(local: int, offset: Offset | None, clock: int | None, zone: str) -> tuple[int, int]:
    """The (instant, local date-time) so long before or after ``local``; with ``clock`` at that minute of the day.

    Whole days and months move on the calendar, hours and minutes as they elapse.

    >>> from ..program.ir import HOUR, Duration
    >>> moved(10 * DAY, Offset(Duration(2 * DAY), before=True), 12 * 60, "UTC")[1] == 8 * DAY + 12 * HOUR
    True
    """
    if offset is None:
        found = local
    else:
        sign = -1 if offset.before else 1
        micros = sign * offset.duration.micros
        if micros % DAY:
            instant = local_to_instant(local, zone) + micros
            return instant, local_of(instant, zone)
        found = add_months(local, sign * offset.duration.months) + micros
    if clock is not None:
        found = found // DAY * DAY + clock * MINUTE
    return local_to_instant(found, zone), found


def edge_dues(edge: ActivityEdge, zone: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    """The (instant, local) at which a schedule around an activity falls due, for local times in [first, last].

    The end of what is given by dates is midnight after its last day; days before or after it count from that last day.
    """
    reach = _reach(edge.offset)
    for start, end in _spans(edge, first - reach - _LONGEST_HOLDING, last + reach):
        if edge.edge == "start":
            yield moved(start, edge.offset, edge.clock, zone)
        elif edge.clock is not None and end % DAY == 0:
            yield moved(end - DAY, edge.offset, edge.clock, zone)
        else:
            yield moved(end, edge.offset, edge.clock, zone)


def _spans(edge: ActivityEdge, first: int, last: int) -> Iterator[tuple[int, int]]:
    times = edge.times
    if edge.each_session or times.weekdays:
        yield from holdings(times, first, last)
    elif times.spans:
        yield from holdings(_whole(times), first, last)


def _whole(times: Times) -> Times:
    return Times(spans=((times.spans[0][0], max(end for _, end in times.spans)),))


def _reach(offset: Offset | None) -> int:
    """No less than the offset moves anything."""
    return 0 if offset is None else offset.duration.micros + offset.duration.months * 31 * DAY + DAY
