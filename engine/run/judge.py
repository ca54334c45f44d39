"""Judging the rows of ``flow`` by conditions: the bridge from stages to the query compiler."""

from __future__ import annotations

from sqlglot import exp

from ..program.ir import All, Condition, Cutoff, CutoffKind
from ..query.compile import Compiler
from ..stores.asof import AsOfRelations
from ..stores.sqlite.dialect import SqliteDialect
from .context import BlockRun, RunContext, Values
from .statement import fill_once

_REFUSE = """
UPDATE flow SET outcome = :outcome WHERE unit IN (
  SELECT s.unit FROM flow s JOIN frames f ON f.frame = own_frame
  WHERE s.pc = :pc AND s.outcome IS NULL AND s.choice IS coalesce(:choice, s.choice) AND test)
"""
_MOVE = """
UPDATE flow SET pc = :target WHERE unit IN (
  SELECT s.unit FROM flow s JOIN frames f ON f.frame = own_frame WHERE s.pc = :pc AND s.outcome IS NULL AND test)
"""


def compiler_for(ctx: RunContext, run: BlockRun | None, t_low: int) -> Compiler:
    """A compiler for evaluations with t in [``t_low``, T] that sees what the run has decided so far."""
    relations = AsOfRelations(ctx.look_up, SqliteDialect(), ctx.at, ctx.counters.seq, t_low, ctx.at, ctx.delta)
    library = run.loaded.program.library if run is not None else ctx.program.library
    return Compiler(library, relations, ctx.plan)


def earliest(ctx: RunContext) -> int:
    """The earliest t among the rows of ``flow``; T where there are none."""
    return ctx.count("SELECT coalesce(min(t), :at) FROM flow", {"at": ctx.at})


def audience_of(run: BlockRun, *more: Condition) -> Condition:
    """The playbook's and the block's audience together."""
    parts = (run.playbook.audience, *((run.block.audience,) if run.block.audience is not None else ()), *more)
    return parts[0] if len(parts) == 1 else All(parts)


def refuse_where(
    ctx: RunContext, run: BlockRun, pc: int, condition: Condition, outcome: str, *, at_run: bool = False,
    choice: str | None = None,
) -> None:
    """Gives an outcome to the rows at ``pc`` that have none and of which ``condition`` is true.

    With ``at_run`` T stands in the place of t; with ``choice`` only to those for whom a rotation chose it.
    """
    sql, values = _statement(ctx, run, _REFUSE, condition, at_run=at_run)
    ctx.execute(sql, {**values, "pc": pc, "outcome": outcome, "choice": choice})


def move_where(ctx: RunContext, run: BlockRun, pc: int, condition: Condition, target: int) -> None:
    """Moves the rows at ``pc`` without an outcome of which ``condition`` is true to ``target``."""
    sql, values = _statement(ctx, run, _MOVE, condition, at_run=False)
    ctx.execute(sql, {**values, "pc": pc, "target": target})


def _statement(
    ctx: RunContext, run: BlockRun, text: str, condition: Condition, *, at_run: bool
) -> tuple[str, Values]:
    """The text with its test; many blocks ask the same of the same state, above all whether consent stands."""
    t_low = ctx.at if at_run else earliest(ctx)

    def compiled() -> tuple[str, Values]:
        compiler = compiler_for(ctx, run, t_low)
        test = compiler.predicate(condition, exp.column("unit", "s"), "f")
        own_frame = exp.column("now_frame" if at_run else "frame", "s")
        return fill_once(text, test=test, own_frame=own_frame), compiler.parameters.values

    # The library is that of a version at work, so that it and its id live as long as the attempt.
    library = id(run.loaded.program.library)
    return ctx.statement((text, condition, library, t_low, ctx.counters.seq, ctx.delta, at_run), compiled)


def after(months: int, micros: int) -> Cutoff:
    """The instant a duration after t."""
    return Cutoff(CutoffKind.MONTHS, months, micros) if months else Cutoff(CutoffKind.T, 0, micros)


def younger_than(months: int, micros: int) -> Cutoff:
    """The first instant of which the same duration later lies after t."""
    return Cutoff(CutoffKind.MONTHS_SINCE, months) if months else Cutoff(CutoffKind.T, 0, 1 - micros)


def before(months: int, micros: int) -> Cutoff:
    """The first instant that is less than a duration before t."""
    return Cutoff(CutoffKind.MONTHS, -months, 1 - micros) if months else Cutoff(CutoffKind.T, 0, 1 - micros)
