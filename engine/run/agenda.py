"""What a run has to do: schedule occurrences due since each block was last handled, and what starts by facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..program.clock import iso_local, iso_utc, local_of
from ..program.holdings import goes_on
from ..program.ir import Condition, MemberDate, Playbook, Schedule
from .blocks import block_name
from .context import BlockRun, RunContext
from .failures import deciding
from .lateness import is_late, runs_all, schedule_window
from .member_dates import value_dues
from .progress import Progress as Progress
from .progress import ProgressTable as ProgressTable
from .schedules import Due, dues, in_window, lies_within, unknown_days
from .triggers.finding import find_starts


@dataclass(frozen=True, slots=True)
class Turn:
    """One occurrence of a schedule. ``name`` identifies it; ``zone`` is its clock's.

    Under ``timezone member`` it is for the members of that zone alone; ``only`` narrows it to those whose own date it is.
    """

    run: BlockRun
    instant: int
    zone: str
    name: str
    only: Condition | None = None

    @property
    def key(self) -> tuple[int, str, int]:
        """The place among the occurrences of one instant."""
        return turn_key(self.run)


def turn_key(run: BlockRun) -> tuple[int, str, int]:
    """Priority (high first), playbook, block."""
    return (-run.playbook.priority, run.name, run.number)


def schedule_turns(
    ctx: RunContext, runs: Iterable[BlockRun], progress: ProgressTable, fresh: Progress, zones: Iterable[str]
) -> list[Turn]:
    """The occurrences of schedules to handle, in order; missed ones are noted for the report.

    ``zones`` are those that members live in; ``fresh`` is the progress of a block that has none.
    """
    turns: list[Turn] = []
    member_zones = sorted(set(zones))
    for run in runs:
        if not isinstance(run.block.trigger, Schedule):
            continue
        since = progress.get((run.name, block_name(run.playbook, run.block.index)), fresh).handled
        zone = run.playbook.zone
        for name in sorted({zone.name, *member_zones}) if zone.per_member else [zone.name]:
            turns.extend(_due_turns(ctx, run, run.block.trigger, name, since))
            _note_unknown_days(ctx, run, run.block.trigger, name, since)
    return sorted(turns, key=lambda turn: (turn.instant, turn.key, turn.zone))


def _due_turns(ctx: RunContext, run: BlockRun, schedule: Schedule, zone: str, since: int) -> list[Turn]:
    if isinstance(schedule, MemberDate):
        return _turns_of_values(ctx, run, schedule, zone, since)
    found = [
        due for due in dues(schedule, zone, since, ctx.at, run.block.limits, ctx.program.library.holidays)
        if runs_at(run.playbook, due.instant, zone)
    ]
    window = schedule_window(run.playbook)
    young = [due for due in found if not is_late(due.instant, ctx.at, window)]
    made_up = young if runs_all(run.playbook) else young[-1:]
    for due in found[: len(found) - len(made_up)]:
        ctx.note_missed(run.name, due.instant)
    return [Turn(run, due.instant, zone, occurrence_name(run.playbook, due)) for due in made_up]


def _turns_of_values(ctx: RunContext, run: BlockRun, schedule: MemberDate, zone: str, since: int) -> list[Turn]:
    """The occurrences of members' own dates: each is the latest of those whose date it is."""
    limits, holidays = run.block.limits, ctx.program.library.holidays
    window = schedule_window(run.playbook)
    turns = []
    for found in value_dues(ctx, schedule, zone, since):
        inside = limits is None or lies_within(limits, found.due, zone, holidays)
        if not inside or not runs_at(run.playbook, found.due.instant, zone):
            continue
        if is_late(found.due.instant, ctx.at, window):
            ctx.note_missed(run.name, found.due.instant)
        else:
            turns.append(Turn(run, found.due.instant, zone, found.name, found.only))
    return turns


def _note_unknown_days(ctx: RunContext, run: BlockRun, schedule: Schedule, zone: str, since: int) -> None:
    days = unknown_days(schedule, run.block.limits, zone, since, ctx.at, ctx.program.library.holidays)
    if days:
        ctx.note_unknown_days(run.name, days)


def occurrence_name(playbook: Playbook, due: Due) -> str:
    """The instant, or under ``timezone member`` the local date and time, as text."""
    return iso_local(due.local) if playbook.zone.per_member else iso_utc(due.instant)


def runs_at(playbook: Playbook, instant: int, zone: str) -> bool:
    """Whether an instant lies within the dates of a playbook and the activities that bind it."""
    if not in_window(playbook.active, instant, zone):
        return False
    local = local_of(instant, zone)
    return all(goes_on(during.times, local) is not during.negated for during in playbook.during)


def find_triggers(ctx: RunContext, runs: Iterable[BlockRun], progress: ProgressTable, fresh: Progress) -> None:
    """Fills ``run_triggers`` with what starts blocks for single units."""
    for run in runs:
        with deciding(run.name):
            find_starts(ctx, run, progress.get((run.name, block_name(run.playbook, run.block.index)), fresh))
