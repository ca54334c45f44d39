"""Taking only some of an audience: those with the most of a number, or as many by draw."""

from __future__ import annotations

from sqlglot import exp

from .context import BlockRun, RunContext, Value
from .judge import compiler_for, earliest
from .statement import fill_once
from .units import by_kind


def take_some(ctx: RunContext, run: BlockRun) -> None:
    """Leaves those in ``flow`` whom the playbook takes; who is not taken is no longer of its audience.

    The most comes first, who has none last; equals go by the draw of the occurrence, then by outside id.
    """
    take = run.playbook.take
    if take is None:
        return
    amount: exp.Expression = exp.null()
    values: dict[str, Value] = {"number": take.number, "playbook": run.name + "\0"}
    if take.by is not None:
        compiler = compiler_for(ctx, run, earliest(ctx))
        amount = compiler.value(take.by, exp.column("unit", "s"), "f")
        values.update(compiler.parameters.values)
    ctx.execute(fill_once(_LEAVE_OUT[run.kind], amount=amount), values)


_LEAVE_OUT = by_kind("""
DELETE FROM flow WHERE outcome IS NULL AND unit NOT IN (
  SELECT unit FROM (
    SELECT unit, row_number() OVER (PARTITION BY occurrence ORDER BY number IS NULL, number DESC, drawn, id) AS place
    FROM (
      SELECT s.unit AS unit, s.occurrence AS occurrence, m.id AS id, amount AS number,
             qingting_draw(:playbook || o.name, m.id) AS drawn
      FROM flow s JOIN frames f ON f.frame = s.frame JOIN $units m ON m.unit = s.unit
      JOIN run_occurrences o ON o.occurrence = s.occurrence
      WHERE s.outcome IS NULL))
  WHERE place <= :number)
""")
