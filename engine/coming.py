"""Coming occurrences of the schedules of a program, in the order of their instants."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING

from .answers import Coming
from .program.holidays import NO_CALENDAR, HolidayCalendar
from .program.ir import DAY, Action, Block, MemberDate, Playbook, Program, Schedule, Timetable
from .run.agenda import runs_at
from .run.member_dates import next_value_due
from .run.schedules import occurrences, window_span
from .run.upcoming import journeys_due, member_zones, next_journey

if TYPE_CHECKING:
    import sqlite3

# Long enough for a schedule of 29 February to come again across a century's skipped leap year.
HORIZON = 9 * 366 * DAY


def coming_of_schedule(
    timetable: Timetable, zone: str, after: int, until: int | None, count: int | None,
    holidays: HolidayCalendar = NO_CALENDAR,
) -> tuple[Coming, ...]:
    """The occurrences of one schedule within its limits in (after, until], at most ``count``."""
    end = after + HORIZON if until is None else until
    instants = occurrences(timetable.schedule, zone, after, end, timetable.limits, holidays)
    return tuple(islice((Coming(at, zone) for at in instants), count))


def coming_of_program(
    program: Program, after: int, until: int | None, count: int | None, connection: sqlite3.Connection | None = None
) -> tuple[Coming, ...]:
    """The occurrences of every live playbook in (after, until], at most ``count``; by instant, priority and name.

    With a store's ``connection`` also the members in flight who go on then, and the zones that members live in. Occurrences
    of members' own dates are not among them: they are the members'.
    """
    end = after + HORIZON if until is None else until
    zones = [] if connection is None else member_zones(connection)
    streams = [
        _of_block(program, playbook, block, zone, after, end)
        for playbook, block in _live_blocks(program)
        for zone in _zones(playbook, zones)
    ]
    if connection is not None:
        streams.append(_of_journeys(program, connection, after, until, count))
    ordered = merge(*streams, key=lambda item: item[0])
    return tuple(islice((coming for _, coming in ordered), count))


def next_instant(program: Program, connection: sqlite3.Connection, after: int, until: int) -> int | None:
    """The first instant in (after, until] at which a run has something to do that is known now, None without one.

    Where members' own dates fall due at a clock of the day it is that clock, whosever date it is.
    """
    journey = next_journey(connection, _live(program), after)
    found = [next_scheduled(program, connection, after, until), journey]
    return min((instant for instant in found if instant is not None and instant <= until), default=None)


def next_scheduled(program: Program, connection: sqlite3.Connection, after: int, until: int) -> int | None:
    """The first instant in (after, until] of a schedule, of members' own dates too, None without one."""
    zones = member_zones(connection)
    found: list[int] = []
    for playbook, block in _live_blocks(program):
        for zone in _zones(playbook, zones):
            if isinstance(block.trigger, MemberDate):
                own = next_value_due(connection, block.trigger, zone, after)
            else:
                own = next((one.at for _, one in _of_block(program, playbook, block, zone, after, until)), None)
            found += [] if own is None else [own]
    return min((instant for instant in found if instant <= until), default=None)


def _live(program: Program) -> list[str]:
    return [playbook.name for playbook in program.playbooks.values() if playbook.state == "live"]


def _live_blocks(program: Program) -> Iterator[tuple[Playbook, Block]]:
    for playbook in program.playbooks.values():
        if playbook.state == "live":
            yield from ((playbook, block) for block in playbook.blocks if isinstance(block.trigger, Schedule))


def _zones(playbook: Playbook, members: Iterable[str]) -> list[str]:
    zone = playbook.zone
    return sorted({zone.name, *members}) if zone.per_member else [zone.name]


Placed = tuple[tuple[int, int, str, int], Coming]


def _of_journeys(
    program: Program, connection: sqlite3.Connection, after: int, until: int | None, count: int | None
) -> Iterator[Placed]:
    for due in journeys_due(connection, _live(program), after, until, count):
        playbook = program.playbooks[due.playbook]
        coming = Coming(due.at, playbook.zone.name, playbook.name, due.step, due.units)
        yield (due.at, -playbook.priority, playbook.name, -1), coming


def _of_block(
    program: Program, playbook: Playbook, block: Block, zone: str, after: int, until: int
) -> Iterator[Placed]:
    assert isinstance(block.trigger, Schedule)
    step = next((i.step for i in block.code if isinstance(i, Action)), None)
    low, high = window_span(playbook.active, zone)
    since, end = max(after, low - 1), min(until, high - 1)
    for at in occurrences(block.trigger, zone, since, end, block.limits, program.library.holidays):
        if runs_at(playbook, at, zone):
            yield (at, -playbook.priority, playbook.name, block.index), Coming(at, zone, playbook.name, step)
