"""What starts blocks for single groups: groups created, by rows that arrived since the last run."""

from __future__ import annotations

from .context import BlockRun, RunContext, Values
from .units import GROUP


def find_created(ctx: RunContext, run: BlockRun, mark: int, handled: int) -> None:
    """Finds the groups whose creation starts a block: those that arrived behind ``mark``, or whose instant has come.

    A group is created once, at the instant that was known when it arrived, or then; what is said of it later moves
    nothing. Backfilled groups start nothing. The audience is asked when the block is entered.
    """
    values: Values = {
        "playbook": run.name, "block": run.number, "kind": GROUP, "at": ctx.at, "known": ctx.mark, "mark": mark,
        "handled": handled,
    }
    ctx.execute(_CREATED, values)


_CREATED = """
INSERT OR IGNORE INTO run_triggers (playbook, block, kind, unit, fact, due, at, arrived)
SELECT :playbook, :block, :kind, unit, seq, max(created, arrived), created, arrived FROM (
  SELECT g.unit, g.seq, g.arrived, coalesce((
    SELECT f.value FROM group_facts f
    WHERE f.property = 'created' AND f.unit = g.unit AND f.arrived <= g.arrived AND f.seq <= :known
    ORDER BY f.at DESC, f.seq DESC LIMIT 1), g.arrived) AS created
  FROM groups g WHERE g.seq <= :known AND g.backfilled = 0 AND g.arrived <= :at)
WHERE max(created, arrived) <= :at AND (seq > :mark OR max(created, arrived) > :handled)
"""
