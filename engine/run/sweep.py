"""Carrying the rows of ``flow`` through a block's code, one position after the other.

Jumps go forward only, so one sweep in ascending order takes every row to its end, its wait or its deferral,
wherever it began. What a position does is decided for all its rows at once.
"""

from __future__ import annotations

from ..program.ir import Branch, Divide, Jump, Stop, Wait
from ..query.draws import threshold
from .actions import act
from .context import BlockRun, RunContext, StepAction
from .enrol import finish, park
from .judge import after, move_where
from .statement import fill


def sweep(ctx: RunContext, run: BlockRun) -> None:
    """Takes all rows of ``flow`` from their positions to where they leave it; ``flow`` is empty afterwards."""
    for pc, instruction in enumerate(run.block.code):
        if ctx.count("SELECT EXISTS (SELECT 1 FROM flow WHERE pc = :pc)", {"pc": pc}):
            if isinstance(instruction, StepAction):
                act(ctx, run, pc, instruction)
            match instruction:
                case Wait():
                    _wait(ctx, run, pc, instruction)
                case Branch():
                    _branch(ctx, run, pc, instruction)
                case Divide():
                    _divide(ctx, pc, instruction)
                case Jump(target):
                    _move(ctx, pc, target)
                case Stop():
                    finish(ctx, run, pc, "stopped")
    finish(ctx, run, len(run.block.code), "finished")


def _move(ctx: RunContext, pc: int, target: int) -> None:
    ctx.execute("UPDATE flow SET pc = :target WHERE pc = :pc", {"pc": pc, "target": target})


def _branch(ctx: RunContext, run: BlockRun, pc: int, branch: Branch) -> None:
    move_where(ctx, run, pc, branch.condition, pc + 1)
    _move(ctx, pc, branch.otherwise)


def _divide(ctx: RunContext, pc: int, divide: Divide) -> None:
    ctx.execute(_DRAW, {"pc": pc, "name": divide.name})
    for label, upper, target in divide.arms:
        ctx.execute(_ARM, {"pc": pc, "label": label, "target": target, "last": threshold(upper) - 1})
    ctx.execute("UPDATE flow SET due = NULL WHERE due IS NOT NULL")


_DRAW = """
UPDATE flow SET due = qingting_draw(:name, (SELECT id FROM members m WHERE m.unit = flow.unit)) WHERE pc = :pc
"""
_ARM = "UPDATE flow SET pc = :target, arm = :label WHERE pc = :pc AND due <= :last"


def _wait(ctx: RunContext, run: BlockRun, pc: int, wait: Wait) -> None:
    """Parks everybody at the position behind the wait; a wait that began counts the entry."""
    due = ctx.plan.instant(after(wait.duration.months, wait.duration.micros), "f")
    ctx.execute(fill(_DUE, due_at=due), {"pc": pc})
    park(ctx, run, pc, pc + 1)


_DUE = """
UPDATE flow SET counted = 1, deferrals = 0, due = (SELECT due_at FROM frames f WHERE f.frame = flow.frame)
WHERE pc = :pc
"""
