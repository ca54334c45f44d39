"""Whom a block addresses: its members or groups, found for a schedule, or asked of those whose facts start it."""

from __future__ import annotations

from sqlglot import exp

from ..program.ir import Condition, GroupAudience, GroupEvent
from ..query.groups import group_probe, select_groups
from ..query.sql import conjunction
from .context import ENTRY, BlockRun, RunContext, Values
from .judge import audience_of, compiler_for, earliest, refuse_where
from .statement import fill_once


def select_addressed(
    ctx: RunContext, run: BlockRun, t: int, frame: int, more: tuple[Condition, ...] = ()
) -> tuple[exp.Query, Values]:
    """All units (column ``unit``, each once) that a block addresses at t, with what the query binds.

    ``more`` must hold of members besides the audience.
    """
    compiler = compiler_for(ctx, run, t)
    if run.playbook.groups is not None:
        return select_groups(compiler.builder, run.playbook.groups, frame), compiler.parameters.values
    return compiler.select_units(audience_of(run, *more), frame), compiler.parameters.values


def keep_addressed(ctx: RunContext, run: BlockRun) -> None:
    """Leaves those of ``flow`` who are of the block's audience, all without an outcome."""
    if run.playbook.groups is None:
        _leave_out_absent(ctx, run)
        refuse_where(ctx, run, ENTRY, audience_of(run), "audience")
        ctx.execute("DELETE FROM flow WHERE outcome IS NULL")
        ctx.execute("UPDATE flow SET outcome = NULL")
        return
    compiler = compiler_for(ctx, run, earliest(ctx))
    asked = [run.playbook.groups, *_of_trigger(run)]
    test = conjunction(group_probe(compiler.builder, groups, exp.column("unit", "s"), "f") for groups in asked)
    ctx.execute(fill_once(_LEAVE_OUT, test=exp.Not(this=exp.Paren(this=test))), compiler.parameters.values)


def _leave_out_absent(ctx: RunContext, run: BlockRun) -> None:
    """Takes those out who are no members at t: not arrived yet, or taken out of the store."""
    compiler = compiler_for(ctx, run, earliest(ctx))
    filters = compiler.relations.member_filters("m", exp.column("t", "s"))
    there = conjunction([exp.EQ(this=exp.column("unit", "m"), expression=exp.column("unit", "s")), *filters])
    ctx.execute(fill_once(_ABSENT, there=there), compiler.parameters.values)


_ABSENT = """
DELETE FROM flow WHERE unit IN (
  SELECT s.unit FROM flow s WHERE NOT EXISTS (SELECT 1 FROM members m WHERE there))
"""
_LEAVE_OUT = """
DELETE FROM flow WHERE unit IN (
  SELECT s.unit FROM flow s JOIN frames f ON f.frame = s.frame WHERE test)
"""


def _of_trigger(run: BlockRun) -> tuple[GroupAudience, ...]:
    """What the block's trigger asks of a group itself."""
    match run.block.trigger:
        case GroupEvent(what="created", pattern=pattern) if pattern is not None:
            return (GroupAudience(pattern),)
    return ()
