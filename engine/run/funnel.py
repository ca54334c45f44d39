"""The funnel of an audience: how many members each line of it leaves."""

from __future__ import annotations

from ..program.ir import All, Condition, Playbook
from ..program.words.conditions import describe
from .context import BlockRun, RunContext
from .judge import compiler_for
from .report import FunnelLine, PlanOptions
from .statement import fill_once


def funnel_of(ctx: RunContext, playbook: Playbook, options: PlanOptions) -> tuple[FunnelLine, ...]:
    """The lines of a playbook's audience, counted as of T, each together with those before it."""
    loaded = ctx.versions.get((playbook.name, playbook.version))
    if loaded is None:
        return ()
    run = BlockRun(loaded, playbook.blocks[0]) if playbook.blocks else None
    frame = ctx.frame(ctx.at, playbook.zone.name)
    lines = _lines(playbook.audience)
    found = []
    for number in range(1, len(lines) + 1):
        compiler = compiler_for(ctx, run, ctx.at)
        together = lines[0] if number == 1 else All(tuple(lines[:number]))
        sql = fill_once("SELECT count(*) FROM audience", audience=compiler.select_units(together, frame))
        left = ctx.count(sql, compiler.parameters.values)
        found.append(FunnelLine(number, describe(lines[number - 1], options.lang), left))
    return tuple(found)


def _lines(condition: Condition) -> list[Condition]:
    return list(condition.items) if isinstance(condition, All) else [condition]
