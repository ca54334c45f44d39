"""Pushes to groups by playbooks for members: one for an occurrence and group, however many members come to the step.

While such a push is decided the groups stand in ``flow`` in the place of the members, once for each occurrence in the
order of instants, so that a later one sees what the earlier ones sent. Consent and the caps of members do not matter: nothing
goes to a member.
"""

from __future__ import annotations

from dataclasses import replace

from ..program.ir import GroupAudience, Push
from ..query.groups import select_groups
from .actions import act
from .context import BlockRun, RunContext, Value
from .judge import compiler_for
from .statement import fill_once
from .units import GROUP


def push_to_groups(ctx: RunContext, run: BlockRun, pc: int, push: Push) -> None:
    """Decides a push to groups for all occurrences that stand at ``pc``; the members go on behind it.

    An entry counts for re-entry by what was sent to groups under its occurrence.
    """
    beside = replace(run, beside=True)
    occurrences = ctx.rows(_OCCURRENCES, {"pc": pc})
    ctx.execute("INSERT INTO aside SELECT * FROM flow")
    ctx.execute("DELETE FROM flow")
    for occurrence, t, fact, late in occurrences:
        if _load_groups(ctx, beside, push, {"occurrence": occurrence, "t": t, "fact": fact, "late": late, "pc": pc}):
            act(ctx, beside, pc, push)
            ctx.execute("DELETE FROM flow")
    ctx.execute("INSERT INTO flow SELECT * FROM aside")
    ctx.execute("DELETE FROM aside")
    ctx.execute(_STEP_ON, {"pc": pc, "step": ctx.steps[run.name, push.step], "group": GROUP})


_OCCURRENCES = """
SELECT s.occurrence, min(s.t) AS t, min(s.fact), min(s.late) FROM flow s JOIN run_occurrences o ON o.occurrence = s.occurrence
WHERE s.pc = :pc GROUP BY s.occurrence, o.name ORDER BY t, o.name
"""
_STEP_ON = """
UPDATE flow SET pc = pc + 1, deferrals = 0, counted = counted OR occurrence IN (
  SELECT d.occurrence FROM run_dispatches d JOIN run_headers h ON h.header = d.header
  WHERE d.step = :step AND d.kind = :group AND h.status = 'queued'
  UNION ALL
  SELECT d.occurrence FROM dispatches d JOIN headers h ON h.header = d.header
  WHERE d.occurrence IN (SELECT occurrence FROM flow WHERE pc = :pc) AND d.step = :step AND d.kind = :group
    AND h.status = 'queued')
WHERE pc = :pc
"""


def _load_groups(ctx: RunContext, run: BlockRun, push: Push, values: dict[str, Value]) -> int:
    """Puts the groups that match at t before the step, but for those decided already under the occurrence."""
    t, zone = values["t"], run.playbook.zone.name
    assert isinstance(t, int)
    frame = ctx.frame(t, zone)
    compiler = compiler_for(ctx, run, t)
    groups = select_groups(compiler.builder, GroupAudience(push.groups), frame)
    fixed: dict[str, Value] = {
        "kind": run.kind, "frame": frame, "now": ctx.frame(ctx.at, zone), "step": ctx.steps[run.name, push.step],
    }
    return ctx.execute(fill_once(_GROUPS, matching=groups), {**compiler.parameters.values, **values, **fixed}).rowcount


_GROUPS = """
INSERT INTO flow (unit, kind, frame, now_frame, t, occurrence, entered, pc, fact, late)
SELECT unit, :kind, :frame, :now, :t, :occurrence, :t, :pc, :fact, :late FROM matching
WHERE NOT EXISTS (SELECT 1 FROM dispatches d
    WHERE d.occurrence = :occurrence AND d.step = :step AND d.kind = :kind AND d.unit = matching.unit)
  AND NOT EXISTS (SELECT 1 FROM run_dispatches d
    WHERE d.unit = matching.unit AND d.occurrence = :occurrence AND d.step = :step AND d.kind = :kind)
"""
