"""What starts blocks for single members: tags gained, by facts that arrived since the last run or by the run itself."""

from __future__ import annotations

from collections.abc import Callable

from ..program.ir import DAY, TagGained, TextPattern
from ..stores.sqlite.intervals import tag_intervals
from .context import BlockRun, RunContext
from .statement import parsed

LATENESS = DAY
"""A fact that arrives, or is handled, later than this after its instant starts nothing."""


def matches(pattern: TextPattern, name: str) -> bool:
    """Whether a pattern covers a name."""
    return name.startswith(pattern.text) if pattern.prefix else name == pattern.text


def find_gains(ctx: RunContext, run: BlockRun, mark: int, handled: int) -> None:
    """Finds the tags gained that start a block.

    These are intervals begun by facts with a seq behind ``mark``, and those whose instant lay ahead at ``handled`` and has come.
    Backfilled facts start nothing.
    """
    trigger = run.block.trigger
    assert isinstance(trigger, TagGained)
    fixed = {"playbook": run.name, "block": run.block.index, "at": ctx.at, "mark": mark, "handled": handled}
    for name, number in sorted(ctx.tag_numbers().items()):
        if matches(trigger.pattern, name):
            intervals = _known_intervals(ctx, number)
            ctx.execute(intervals(_ARRIVED), {**fixed, "tag": number})
            if ctx.has_later_facts(number, handled):
                ctx.execute(intervals(_COME_DUE), {**fixed, "tag": number})


def _known_intervals(ctx: RunContext, tag: int) -> Callable[[str], str]:
    """Puts into a statement the intervals of ``tag`` by what has arrived at T: those of the store, or a fold without the rest."""
    if not ctx.has_later_facts(tag, ctx.at):
        return lambda statement: statement
    ctx.execute("DELETE FROM known_tags", {})
    ctx.execute(_FOLD, {"tag": tag, "at": ctx.at})
    return lambda statement: statement.replace("member_tags", "known_tags")


_FOLD = "INSERT INTO known_tags " + tag_intervals(parsed("""
SELECT tag, unit, given, at, seq, expires FROM tag_facts WHERE tag = :tag AND arrived <= :at
""")).sql("sqlite")
_GAIN = """
INSERT OR IGNORE INTO run_triggers
SELECT :playbook, :block, i.unit, i.seq, max(i.since, b.arrived), i.since, b.arrived, 0
FROM tag_facts b JOIN member_tags i ON i.tag = b.tag AND i.unit = b.unit AND i.since = b.at AND i.seq = b.seq
WHERE b.tag = :tag AND b.backfilled = 0 AND max(i.since, b.arrived) <= :at
"""
_ARRIVED = _GAIN + " AND b.seq > :mark"
_COME_DUE = _GAIN + " AND b.seq <= :mark AND max(i.since, b.arrived) > :handled"


def watch_gains(ctx: RunContext, tag: str, number: int, before: int) -> None:
    """Starts blocks by the gains of ``tag`` that the run caused behind seq ``before``.

    They fall due at T; a playbook is started at most once for a member and an instant by what the engine caused.
    """
    for run in ctx.watchers:
        trigger = run.block.trigger
        if isinstance(trigger, TagGained) and matches(trigger.pattern, tag):
            fixed = {"playbook": run.name, "block": run.block.index, "tag": number}
            ctx.execute(_CAUSED, {**fixed, "before": before, "at": ctx.at, "mark": ctx.mark})


_CAUSED = """
INSERT OR IGNORE INTO run_triggers
SELECT :playbook, :block, i.unit, i.seq, :at, i.since, :at, 0
FROM touched p JOIN run_member_tags i ON i.tag = p.tag AND i.unit = p.unit
WHERE i.tag = :tag AND i.seq > :before AND NOT EXISTS (
  SELECT 1 FROM run_triggers r WHERE r.playbook = :playbook AND r.unit = i.unit AND r.due = :at AND r.fact > :mark)
"""
