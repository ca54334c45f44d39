"""Counting for the report what falls due for single members: on time, late, or skipped as late."""

from __future__ import annotations

from .context import BlockRun, RunContext, Values
from .lateness import PUNCTUAL


def tally_items(ctx: RunContext, run: BlockRun) -> None:
    """Counts the rows of ``flow``, which have just been put there from ``turn``."""
    values: Values = {"at": ctx.at, "punctual": PUNCTUAL, "playbook": run.name, "block": run.number}
    for how, number, late_by in ctx.rows(_ITEMS, values):
        ctx.tally(run.name, f"items:{how}", "", number)
        if how == "skipped":
            ctx.note_lateness(run.name, late_by)


# A fact may be late since it arrived late: then it is old, though it has only just fallen due.
_ITEMS = """
SELECT CASE WHEN f.late = 1 OR f.outcome = 'late' THEN 'skipped' WHEN :at - f.t <= :punctual THEN 'on_time'
       ELSE 'late' END AS how,
       count(*), max(:at - coalesce(r.at, f.t))
FROM flow f JOIN turn u ON u.kind = f.kind AND u.unit = f.unit
LEFT JOIN run_triggers r ON r.playbook = :playbook AND r.block = :block AND r.kind = u.kind AND r.unit = u.unit
  AND r.fact = u.fact AND r.detail = u.detail
GROUP BY how
"""
