"""Coming occurrences of the schedules of a program, in the order of their instants."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import merge
from itertools import islice

from .answers import Coming
from .program.holidays import NO_CALENDAR, HolidayCalendar
from .program.ir import DAY, Action, Block, Playbook, Program, Schedule, Timetable
from .run.agenda import runs_at
from .run.schedules import occurrences, window_span

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


def coming_of_program(program: Program, after: int, until: int | None, count: int | None) -> tuple[Coming, ...]:
    """The occurrences of every live playbook in (after, until], at most ``count``; by instant, priority and name.

    Those of members' own dates are not among them: they are the members'.
    """
    end = after + HORIZON if until is None else until
    streams = [
        _of_block(program, playbook, block, after, end)
        for playbook in program.playbooks.values()
        if playbook.state == "live"
        for block in playbook.blocks
        if isinstance(block.trigger, Schedule)
    ]
    ordered = merge(*streams, key=lambda item: item[0])
    return tuple(islice((coming for _, coming in ordered), count))


def _of_block(
    program: Program, playbook: Playbook, block: Block, after: int, until: int
) -> Iterator[tuple[tuple[int, int, str, int], Coming]]:
    assert isinstance(block.trigger, Schedule)
    zone = playbook.zone.name
    step = next((i.step for i in block.code if isinstance(i, Action)), None)
    low, high = window_span(playbook.active, zone)
    since, end = max(after, low - 1), min(until, high - 1)
    for at in occurrences(block.trigger, zone, since, end, block.limits, program.library.holidays):
        if runs_at(playbook, at, zone):
            yield (at, -playbook.priority, playbook.name, block.index), Coming(at, zone, playbook.name, step)
