"""Rotation: of several templates each member gets the one received longest ago."""

from __future__ import annotations

from sqlglot import exp

from ..program.ir import Push, Rotation
from .context import BlockRun, RunContext, StepAction
from .judge import compiler_for, earliest, younger_than
from .statement import fill_once


def choose_templates(ctx: RunContext, run: BlockRun, pc: int, action: StepAction) -> None:
    """Gives each row its template: never received comes first, then longest ago, ties in the order declared.

    Counted is what any playbook pushed. ``no_content`` for rows that have received all of them too recently.
    """
    if not isinstance(action, Push) or action.rotation is None:
        return
    rotation = action.rotation
    ctx.execute("DELETE FROM rota")
    ctx.connection.executemany("INSERT INTO rota VALUES (?, ?)", list(enumerate(rotation.templates)))
    pushes = compiler_for(ctx, run, earliest(ctx)).relations.pushes()
    ctx.execute(fill_once(_CHOOSE, pushes=pushes, too_recent=_too_recent(ctx, rotation)), {"pc": pc})
    ctx.execute(_NOTHING_LEFT, {"pc": pc})


def chosen_templates(ctx: RunContext, pc: int) -> list[str]:
    """What the rows at a position that go on were given, in order."""
    return [template for (template,) in ctx.rows(_CHOSEN, {"pc": pc})]


def forget_unsent(ctx: RunContext, pc: int, action: StepAction) -> None:
    """Takes the choice from rows that get no push after all: their records are one for all templates."""
    if isinstance(action, Push) and action.rotation is not None:
        ctx.execute(_FORGET, {"pc": pc})


def _too_recent(ctx: RunContext, rotation: Rotation) -> exp.Expression:
    """The first instant at which having received a template keeps it from coming again."""
    if rotation.no_repeat is None:
        return exp.Literal.number(2**63 - 1)
    return ctx.plan.instant(younger_than(rotation.no_repeat.months, rotation.no_repeat.micros), "f")


# What was pushed to the rows' members is gathered once; asked for each template, all pushes would be read for each.
_CHOOSE = """
UPDATE flow SET choice = c.template FROM (
  SELECT unit, template, row_number() OVER (PARTITION BY unit ORDER BY latest IS NOT NULL, latest, place) AS turn
  FROM (
    SELECT s.unit AS unit, r.template AS template, r.place AS place, h.latest AS latest, too_recent AS barred
    FROM flow s JOIN frames f ON f.frame = s.frame CROSS JOIN rota r
    LEFT JOIN (
      SELECT p.unit AS unit, p.kind AS kind, p.template AS template, max(p.at) AS latest
      FROM pushes p WHERE p.unit IN (SELECT w.unit FROM flow w WHERE w.pc = :pc)
      GROUP BY p.unit, p.kind, p.template
    ) h ON h.unit = s.unit AND h.kind = s.kind AND h.template = r.template
    WHERE s.pc = :pc AND s.outcome IS NULL)
  WHERE latest IS NULL OR latest < barred) c
WHERE c.unit = flow.unit AND c.turn = 1
"""
_FORGET = "UPDATE flow SET choice = NULL WHERE pc = :pc AND outcome IS NOT NULL"
_NOTHING_LEFT = "UPDATE flow SET outcome = 'no_content' WHERE pc = :pc AND outcome IS NULL AND choice IS NULL"
_CHOSEN = "SELECT DISTINCT choice FROM flow WHERE pc = :pc AND outcome IS NULL AND choice IS NOT NULL ORDER BY choice"
