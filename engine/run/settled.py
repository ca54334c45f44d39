"""Steps that are settled: in another version, moved there by hand, a member may come to a step that was theirs before."""

from __future__ import annotations

from .context import BlockRun, RunContext, StepAction


def pass_settled(ctx: RunContext, run: BlockRun, pc: int, action: StepAction) -> None:
    """Takes those past a step for whom it is decided already under the occurrence by which they entered.

    Only a migration can bring them there; nothing is recorded, since the record is there.
    """
    if ctx.look_up(_MIGRATED, (run.name,)):
        ctx.execute(_PASS, {"pc": pc, "step": ctx.steps[run.name, action.step]})


_MIGRATED = "SELECT 1 FROM migrations WHERE playbook = ? LIMIT 1"
_PASS = """
UPDATE flow SET pc = pc + 1, deferrals = 0 WHERE pc = :pc AND EXISTS (
  SELECT 1 FROM dispatches d
  WHERE d.occurrence = flow.occurrence AND d.step = :step AND d.kind = flow.kind AND d.unit = flow.unit)
"""
