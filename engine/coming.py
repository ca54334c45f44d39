"""Coming occurrences of the schedules of a program, in the order of their instants."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import merge
from itertools import islice

from .answers import Coming
from .program.ir import DAY, Block, GiveTags, IssueCoupon, Playbook, Program, Push, Schedule, TagGained, TakeTags
from .query.calendar import cutoff_instant
from .run.schedules import occurrences

# Long enough for a schedule of 29 February to come again across a century's skipped leap year.
HORIZON = 9 * 366 * DAY


def coming_of_schedule(
    schedule: Schedule, zone: str, after: int, until: int | None, count: int | None
) -> tuple[Coming, ...]:
    """The occurrences of one schedule in (after, until], at most ``count``."""
    instants = occurrences(schedule, zone, after, after + HORIZON if until is None else until)
    return tuple(islice((Coming(at, zone) for at in instants), count))


def coming_of_program(program: Program, after: int, until: int | None, count: int | None) -> tuple[Coming, ...]:
    """The occurrences of every live playbook in (after, until], at most ``count``; by instant, priority and name."""
    end = after + HORIZON if until is None else until
    streams = [
        _of_block(playbook, block, after, end)
        for playbook in program.playbooks.values()
        if playbook.state == "live"
        for block in playbook.blocks
        if not isinstance(block.trigger, TagGained)
    ]
    ordered = merge(*streams, key=lambda item: item[0])
    return tuple(islice((coming for _, coming in ordered), count))


def _of_block(
    playbook: Playbook, block: Block, after: int, until: int
) -> Iterator[tuple[tuple[int, int, str, int], Coming]]:
    assert not isinstance(block.trigger, TagGained)
    zone, active = playbook.zone.name, playbook.active
    step = next((i.step for i in block.code if isinstance(i, Push | GiveTags | TakeTags | IssueCoupon)), None)
    low = cutoff_instant(active.low, after, zone) if active.low is not None else after
    high = cutoff_instant(active.high, after, zone) if active.high is not None else until + 1
    for at in occurrences(block.trigger, zone, max(after, low - 1), min(until, high - 1)):
        yield (at, -playbook.priority, playbook.name, block.index), Coming(at, zone, playbook.name, step)
