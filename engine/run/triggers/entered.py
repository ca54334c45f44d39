"""Members whom another playbook sent here while this one rested: what was entered in the runs that it had no part in."""

from __future__ import annotations

from ..context import BlockRun, RunContext, Values
from ..news import placed
from ..progress import Progress


def find_entered(ctx: RunContext, run: BlockRun, since: Progress) -> None:
    """Finds who was to enter a block in runs since its progress, once a run; in a run itself watchers start it at once."""
    last = ctx.store.last_run
    if last is not None and since.handled < last:
        values: Values = {**placed(ctx, run), "handled": since.handled}
        ctx.execute(_ENTERED, values)


# The seq that stood for the entry followed the last one that its decision saw.
_ENTERED = """
INSERT OR IGNORE INTO run_triggers (playbook, block, kind, unit, fact, due, at, arrived)
SELECT :playbook, :block, kind, unit, mark + place, run_at, t, run_at
FROM (
  SELECT d.kind, d.unit, d.t, d.mark, r.at AS run_at,
    row_number() OVER (PARTITION BY r.run, d.mark ORDER BY d.seq) AS place,
    row_number() OVER (PARTITION BY r.run, d.kind, d.unit ORDER BY d.seq) AS nth
  FROM runs r CROSS JOIN dispatches d CROSS JOIN headers h
  WHERE r.at > :handled AND d.seq >= r.first_leaf AND d.seq < r.first_leaf + r.leaves
    AND h.header = d.header AND h.action = 'enter playbook' AND h.content = :playbook AND h.status = 'done')
WHERE nth = 1
"""
