"""Judging the rows of ``flow`` by conditions: the bridge from stages to the query compiler."""

from __future__ import annotations

from sqlglot import exp

from ..program.ir import All, AttributeRef, Condition, Cutoff, CutoffKind, ValueType
from ..query.compile import Compiler
from ..query.relations import Delta
from ..query.statements import Query, render
from ..stores.sqlite.relations import SqliteRelations
from .context import BlockRun, RunContext

_TIMEZONE = AttributeRef("timezone", ValueType.TEXT)


def compiler_for(ctx: RunContext, run: BlockRun | None, t_low: int) -> Compiler:
    """A compiler for evaluations with t in [``t_low``, T] that sees what the run has decided so far."""
    counters = ctx.counters
    delta = Delta(tags=frozenset(counters.tags), pushes=counters.pushes)
    relations = SqliteRelations(ctx.store, ctx.at, ctx.counters.seq, t_low, ctx.at, delta)
    library = run.loaded.program.library if run is not None else ctx.program.library
    return Compiler(library, relations, ctx.plan)


def earliest(ctx: RunContext) -> int:
    """The earliest t among the rows of ``flow``; T where there are none."""
    return ctx.count("SELECT coalesce(min(t), :at) FROM flow", {"at": ctx.at})


def audience_of(run: BlockRun, *more: Condition) -> Condition:
    """The playbook's and the block's audience together."""
    parts = (run.playbook.audience, *((run.block.audience,) if run.block.audience is not None else ()), *more)
    return parts[0] if len(parts) == 1 else All(parts)


def mark_where(
    ctx: RunContext, run: BlockRun, pc: int, condition: Condition, change: str, *, at_run: bool = False,
    negated: bool = False,
) -> int:
    """Sets ``change`` (an assignment list) in the rows at ``pc`` without an outcome of which ``condition`` is true.

    With ``at_run`` T stands in the place of t; with ``negated`` the condition must be false. Gives the rows' number.
    """
    compiler = compiler_for(ctx, run, ctx.at if at_run else earliest(ctx))
    test = compiler.predicate(condition, exp.column("unit", "s"), "f")
    frame = "s.now_frame" if at_run else "s.frame"
    select = (
        exp.select("s.unit").from_("flow AS s").join("frames AS f", on=f"f.frame = {frame}")
        .where(exp.column("pc", "s").eq(pc)).where("s.outcome IS NULL").where(exp.not_(test) if negated else test)
    )
    sql, values = render(Query(select, compiler.parameters), "sqlite")
    return ctx.connection.execute(f"UPDATE flow SET {change} WHERE unit IN ({sql})", values).rowcount


def refuse_where(
    ctx: RunContext, run: BlockRun, pc: int, condition: Condition, reason: str, *, at_run: bool = False,
    negated: bool = False,
) -> int:
    """Gives the rows at ``pc`` of which ``condition`` is true the outcome ``reason``."""
    return mark_where(ctx, run, pc, condition, f"outcome = '{reason}'", at_run=at_run, negated=negated)


def after(months: int, micros: int) -> Cutoff:
    """The instant a duration after t."""
    return Cutoff(CutoffKind.MONTHS, months, micros) if months else Cutoff(CutoffKind.T, 0, micros)


def younger_than(months: int, micros: int) -> Cutoff:
    """The first instant of which the same duration later lies after t."""
    return Cutoff(CutoffKind.MONTHS_SINCE, months) if months else Cutoff(CutoffKind.T, 0, 1 - micros)


def before(months: int, micros: int) -> Cutoff:
    """The first instant that is less than a duration before t."""
    return Cutoff(CutoffKind.MONTHS, -months, 1 - micros) if months else Cutoff(CutoffKind.T, 0, 1 - micros)
