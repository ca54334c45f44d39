"""Carrying the rows of ``flow`` through a block's code, one position after the other.

Jumps go forward only, so one sweep in ascending order takes every row to its end, its wait or its deferral,
wherever it began. What a position does is decided for all its rows at once.
"""

from __future__ import annotations

from ..program.ir import Branch, Cutoff, CutoffKind, Divide, Jump, Push, Stop, Wait, WaitDay, WaitFor, WaitUntil
from ..query.draws import threshold
from .actions import act
from .context import BlockRun, RunContext, StepAction
from .enrol import finish
from .group_pushes import push_to_groups
from .judge import move_where
from .leaving import leave_early
from .statement import fill
from .units import by_kind
from .waits import wait, wait_day, wait_for, wait_until


def sweep(ctx: RunContext, run: BlockRun) -> None:
    """Takes all rows of ``flow`` from their positions to where they leave it; ``flow`` is empty afterwards."""
    note_sending(ctx)
    for pc, instruction in enumerate(run.block.code):
        if ctx.count("SELECT EXISTS (SELECT 1 FROM flow WHERE pc = :pc)", {"pc": pc}):
            if isinstance(instruction, StepAction):
                leave_early(ctx, run, pc)
                _do(ctx, run, pc, instruction)
            match instruction:
                case Wait():
                    wait(ctx, run, pc, instruction)
                case WaitUntil():
                    wait_until(ctx, run, pc, instruction)
                case WaitDay():
                    wait_day(ctx, run, pc, instruction)
                case WaitFor():
                    wait_for(ctx, run, pc, instruction)
                case Branch():
                    _branch(ctx, run, pc, instruction)
                case Divide():
                    _divide(ctx, run, pc, instruction)
                case Jump(target):
                    _move(ctx, pc, target)
                case Stop():
                    finish(ctx, run, pc, "stopped")
    finish(ctx, run, len(run.block.code), "finished")
    ctx.counters.inside = None


def note_sending(ctx: RunContext) -> None:
    """Notes whose pushes go out on a later day than they fell due: caps are those of that day."""
    today = ctx.plan.instant(Cutoff(CutoffKind.DAY, 0), "n")
    ctx.execute(fill(_SENT_LATER, today=today), {"at": ctx.at})


_SENT_LATER = """
UPDATE flow SET sends = :at, send_frame = now_frame
WHERE t < (SELECT today FROM frames n WHERE n.frame = flow.now_frame)
"""


def _do(ctx: RunContext, run: BlockRun, pc: int, action: StepAction) -> None:
    if isinstance(action, Push) and action.groups is not None:
        push_to_groups(ctx, run, pc, action)
    else:
        act(ctx, run, pc, action)


def _move(ctx: RunContext, pc: int, target: int) -> None:
    ctx.execute("UPDATE flow SET pc = :target WHERE pc = :pc", {"pc": pc, "target": target})


def _branch(ctx: RunContext, run: BlockRun, pc: int, branch: Branch) -> None:
    move_where(ctx, run, pc, branch.condition, pc + 1)
    _move(ctx, pc, branch.otherwise)


def _divide(ctx: RunContext, run: BlockRun, pc: int, divide: Divide) -> None:
    ctx.execute(_DRAW[run.kind], {"pc": pc, "name": divide.name})
    for label, upper, target in divide.arms:
        ctx.execute(_ARM, {"pc": pc, "label": label, "target": target, "last": threshold(upper) - 1})
    ctx.execute("UPDATE flow SET due = NULL WHERE due IS NOT NULL")


_DRAW = by_kind("""
UPDATE flow SET due = qingting_draw(:name, (SELECT id FROM $units m WHERE m.unit = flow.unit)) WHERE pc = :pc
""")
_ARM = "UPDATE flow SET pc = :target, arm = :label WHERE pc = :pc AND due <= :last"
