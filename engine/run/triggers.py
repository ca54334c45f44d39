"""What starts blocks for single members: tags gained, by facts that arrived since the last run or by the run itself."""

from __future__ import annotations

from functools import lru_cache

from sqlglot import exp

from ..program.ir import DAY, TagGained
from ..stores.sqlite.intervals import tag_intervals
from .context import BlockRun, RunContext, Values
from .statement import Part, fill, fill_once, parsed

LATENESS = DAY
"""A fact that arrives, or is handled, later than this after its instant starts nothing."""


def find_gains(ctx: RunContext, run: BlockRun, mark: int, handled: int) -> None:
    """Finds the tags gained that start a block.

    These are intervals begun by facts with a seq behind ``mark``, and those whose instant lay ahead at ``handled`` and
    has come. Backfilled facts start nothing.
    """
    trigger = run.block.trigger
    assert isinstance(trigger, TagGained)
    for name, number in sorted(ctx.tags.items()):
        if trigger.pattern.matches(name):
            values: Values = {
                "playbook": run.name, "block": run.number, "tag": number, "at": ctx.at, "mark": mark,
                "handled": handled,
            }
            intervals = _known_intervals(ctx, number)
            ctx.execute(fill(_GAIN, intervals=intervals, which=_ARRIVED), values)
            if ctx.has_later_facts(number, handled):
                ctx.execute(fill(_GAIN, intervals=intervals, which=_COME_DUE), values)


def _known_intervals(ctx: RunContext, tag: int) -> exp.Table:
    """The intervals of ``tag`` by what has arrived at T: those of the store, or a fold without the rest."""
    if not ctx.has_later_facts(tag, ctx.at):
        return exp.to_table("member_tags")
    ctx.execute("DELETE FROM known_tags")
    ctx.execute(_fold(), {"tag": tag, "at": ctx.at})
    return exp.to_table("known_tags")


@lru_cache
def _fold() -> str:
    return fill_once(_FOLD, intervals=tag_intervals(parsed(_ARRIVED_FACTS)))


_FOLD = "INSERT INTO known_tags SELECT tag, unit, since, until, seq FROM intervals"
_ARRIVED_FACTS = """
SELECT tag, unit, given, at, seq, expires FROM tag_facts WHERE tag = :tag AND arrived <= :at
"""
_GAIN = """
INSERT OR IGNORE INTO run_triggers (playbook, block, unit, fact, due, at, arrived)
SELECT :playbook, :block, i.unit, i.seq, max(i.since, b.arrived), i.since, b.arrived
FROM tag_facts b JOIN intervals i ON i.tag = b.tag AND i.unit = b.unit AND i.since = b.at AND i.seq = b.seq
WHERE b.tag = :tag AND b.backfilled = 0 AND max(i.since, b.arrived) <= :at AND which
"""
_ARRIVED = Part("b.seq > :mark")
_COME_DUE = Part("b.seq <= :mark AND max(i.since, b.arrived) > :handled")


def watch_gains(ctx: RunContext, tag: str, number: int, before: int) -> None:
    """Starts blocks by the gains of ``tag`` that the run caused behind seq ``before``.

    They fall due at T; a playbook is started at most once for a member and an instant by what the engine caused. Late
    gains start nothing, so they do not count.
    """
    for run in ctx.watchers:
        trigger = run.block.trigger
        if isinstance(trigger, TagGained) and trigger.pattern.matches(tag):
            values: Values = {
                "playbook": run.name, "block": run.number, "tag": number, "before": before, "at": ctx.at,
                "mark": ctx.mark, "late": ctx.at - LATENESS,
            }
            ctx.execute(_CAUSED, values)


_CAUSED = """
INSERT OR IGNORE INTO run_triggers (playbook, block, unit, fact, due, at, arrived)
SELECT :playbook, :block, i.unit, i.seq, :at, i.since, :at
FROM touched p JOIN run_member_tags i ON i.tag = p.tag AND i.unit = p.unit
WHERE i.tag = :tag AND i.seq > :before AND (i.since < :late OR (
  NOT EXISTS (
    SELECT 1 FROM run_triggers r
    WHERE r.playbook = :playbook AND r.unit = i.unit AND r.due = :at AND r.fact > :mark AND r.at >= :late)
  AND NOT EXISTS (
    SELECT 1 FROM run_member_tags e
    WHERE e.tag = i.tag AND e.unit = i.unit AND e.seq > :before AND e.seq < i.seq AND e.since >= :late)))
"""
