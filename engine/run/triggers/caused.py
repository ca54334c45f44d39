"""What the run itself causes, as it starts blocks: at T, and a playbook at most once for a member.

Watchers are told of facts behind a seq. A fact that is late starts nothing, so that it does not count as the one start.
"""

from __future__ import annotations

from ...program.ir import AttributeChanges, Entered, TagGained, TagLost
from ..context import BlockRun, RunContext, Values
from ..lateness import event_window

_EARLIEST = -(2**63) + 1


def watch_tags(ctx: RunContext, tag: str, number: int, before: int, *, given: bool) -> None:
    """Starts blocks by what the facts of a tag behind ``before`` began, or ended; the pairs concerned stand in ``touched``.

    What is given at an instant of the past may have expired by T.
    """
    for run in ctx.watchers:
        trigger = run.block.trigger
        if isinstance(trigger, TagGained | TagLost) and trigger.pattern.matches(tag):
            values: Values = {**_values(ctx, run, before), "tag": number}
            if isinstance(trigger, TagLost):
                ctx.execute(_EXPIRED if given else _LOST, values)
            elif given:
                ctx.execute(_GAINED, values)


_GAINED = """
INSERT OR IGNORE INTO run_triggers (playbook, block, unit, fact, due, at, arrived, caused)
SELECT :playbook, :block, i.unit, i.seq, :at, i.since, :at, i.since >= :late
FROM touched p JOIN run_member_tags i ON i.tag = p.tag AND i.unit = p.unit
WHERE i.tag = :tag AND i.seq > :before ORDER BY i.seq
"""
# What expires at the very instant at which it is taken has expired.
_LOST = """
INSERT OR IGNORE INTO run_triggers (playbook, block, unit, fact, due, at, arrived, caused)
SELECT :playbook, :block, i.unit, i.seq, :at, i.until, :at, i.until >= :late
FROM run_tag_facts k JOIN run_member_tags i ON i.tag = k.tag AND i.unit = k.unit AND i.until = k.at
WHERE k.tag = :tag AND k.seq > :before AND k.given = 0
  AND NOT EXISTS (
    SELECT 1 FROM tag_facts g WHERE g.tag = i.tag AND g.unit = i.unit AND g.at >= i.since AND g.expires = i.until)
ORDER BY k.seq
"""


_EXPIRED = """
INSERT OR IGNORE INTO run_triggers (playbook, block, unit, fact, due, at, arrived, caused)
SELECT :playbook, :block, i.unit, i.seq, :at, i.until, :at, i.until >= :late
FROM run_tag_facts k JOIN run_member_tags i ON i.tag = k.tag AND i.unit = k.unit AND i.until = k.expires
WHERE k.tag = :tag AND k.seq > :before AND k.given = 1 AND k.expires <= :at AND k.at >= i.since ORDER BY k.seq
"""


def watch_attribute(ctx: RunContext, attribute: str, number: int, before: int) -> None:
    """Starts blocks by the changes that the facts of an attribute behind ``before`` are."""
    for run in _watching(ctx, attribute):
        ctx.execute(_CHANGED, {**_values(ctx, run, before), "attribute": number, "mark": ctx.mark})


# What first made an attribute known is no change.
_CHANGED = """
INSERT OR IGNORE INTO run_triggers (playbook, block, unit, fact, due, at, arrived, caused)
SELECT :playbook, :block, c.unit, c.seq, :at, c.at, :at, c.at >= :late
FROM (
  SELECT f.*, (
    SELECT p.value FROM (
      SELECT unit, value, at, seq FROM attribute_facts WHERE attribute = :attribute AND arrived <= :at AND seq <= :mark
      UNION ALL
      SELECT unit, value, at, seq FROM run_attribute_facts WHERE attribute = :attribute) p
    WHERE p.unit = f.unit AND (p.at < f.at OR (p.at = f.at AND p.seq < f.seq))
    ORDER BY p.at DESC, p.seq DESC LIMIT 1) AS was
  FROM run_attribute_facts f WHERE f.attribute = :attribute AND f.seq > :before) c
WHERE c.was IS NOT c.value AND EXISTS (
  SELECT 1 FROM (
    SELECT unit, at, seq FROM attribute_facts
    WHERE attribute = :attribute AND arrived <= :at AND seq <= :mark AND value IS NOT NULL
    UNION ALL
    SELECT unit, at, seq FROM run_attribute_facts WHERE attribute = :attribute AND value IS NOT NULL) k
  WHERE k.unit = c.unit AND (k.at < c.at OR (k.at = c.at AND k.seq < c.seq)))
ORDER BY c.seq
"""


def watch_points(ctx: RunContext, before: int) -> None:
    """Starts blocks by the entries of the ledger of points behind ``before``."""
    for run in _watching(ctx, "points"):
        ctx.execute(_BOOKED, _values(ctx, run, before))


_BOOKED = """
INSERT OR IGNORE INTO run_triggers (playbook, block, unit, fact, due, at, arrived, caused)
SELECT :playbook, :block, unit, seq, :at, at, :at, at >= :late
FROM run_points WHERE seq > :before AND delta <> 0 ORDER BY seq
"""


def _watching(ctx: RunContext, attribute: str) -> list[BlockRun]:
    """The blocks that changes of an attribute start."""
    return [
        run for run in ctx.watchers
        if isinstance(run.block.trigger, AttributeChanges) and run.block.trigger.operand.name == attribute
    ]


def watch_entering(ctx: RunContext, playbook: str, leaf: int) -> None:
    """Starts the blocks of a playbook that is entered by the units of the records behind ``leaf``."""
    before = ctx.counters.seq
    entering = ctx.count("SELECT count(*) FROM run_dispatches WHERE seq > :leaf", {"leaf": leaf})
    ctx.counters.seq += entering
    for run in ctx.watchers:
        if isinstance(run.block.trigger, Entered) and run.name == playbook:
            ctx.execute(_ENTERED, {**_values(ctx, run, before), "leaf": leaf})


_ENTERED = """
INSERT OR IGNORE INTO run_triggers (playbook, block, kind, unit, fact, due, at, arrived, caused)
SELECT :playbook, :block, kind, unit, :before + row_number() OVER (ORDER BY seq), :at, t, :at, t >= :late
FROM run_dispatches WHERE seq > :leaf ORDER BY seq
"""


def _values(ctx: RunContext, run: BlockRun, before: int) -> Values:
    window = event_window(run.playbook)
    return {
        "playbook": run.name, "block": run.number, "at": ctx.at, "before": before,
        "late": _EARLIEST if window is None else ctx.at - window,
    }
