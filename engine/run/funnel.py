"""The funnel of an audience: how many members each line of it leaves."""

from __future__ import annotations

from collections.abc import Iterator

from ..program.ir import All, Condition, GroupAudience, Playbook
from ..program.words.conditions import describe
from ..program.words.headers import group_audience_words
from ..query.groups import select_groups
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
    if playbook.groups is not None:
        return tuple(_of_groups(ctx, run, playbook.groups, frame, options.lang))
    lines = _lines(playbook.audience)
    found = []
    for number in range(1, len(lines) + 1):
        compiler = compiler_for(ctx, run, ctx.at)
        together = lines[0] if number == 1 else All(tuple(lines[:number]))
        sql = fill_once("SELECT count(*) FROM audience", audience=compiler.select_units(together, frame))
        left = ctx.count(sql, compiler.parameters.values)
        found.append(FunnelLine(number, describe(lines[number - 1], options.lang), left))
    return tuple(found)


def _of_groups(
    ctx: RunContext, run: BlockRun | None, audience: GroupAudience, frame: int, lang: str
) -> Iterator[FunnelLine]:
    """The clauses of ``for groups``, of which there is one at least in words."""
    clauses = {field: asked for field in _CLAUSES if (asked := getattr(audience, field)) is not None}
    for number in range(1, max(1, len(clauses)) + 1):
        compiler = compiler_for(ctx, run, ctx.at)
        together = GroupAudience(**dict(list(clauses.items())[:number]))
        own = GroupAudience(**dict(list(clauses.items())[number - 1 : number]))
        sql = fill_once("SELECT count(*) FROM audience", audience=select_groups(compiler.builder, together, frame))
        yield FunnelLine(number, group_audience_words(own, lang), ctx.count(sql, compiler.parameters.values))


_CLAUSES = ("pattern", "tag", "at_least", "created")


def _lines(condition: Condition) -> list[Condition]:
    return list(condition.items) if isinstance(condition, All) else [condition]
