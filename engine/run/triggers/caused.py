"""What the run itself causes, as it starts blocks: at T, and a playbook at most once for a member.

A fact that is late starts nothing, so that it does not count as the one start. Asked is each time about all that the run
has caused so far for the members concerned: what a fact begins or changes depends on those that lie before it, and these
may be written later.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from ...program.ir import AttributeChanges, Entered, TagGained, TagLost
from ...stores.sqlite.intervals import tag_gains
from ..context import BlockRun, RunContext, Values
from ..folding import known_facts, touch
from ..lateness import event_window
from ..statement import fill_once

_EARLIEST = -(2**63) + 1


@dataclass(frozen=True, slots=True)
class Caused:
    """Facts of a tag, an attribute or the ledger of points that the run wrote: those with seqs in (before, last]."""

    what: Literal["tag", "attribute", "points"]
    name: str
    number: int
    before: int
    last: int


def watch(ctx: RunContext, caused: Caused) -> None:
    """Starts blocks by what the run caused."""
    if caused.before == caused.last:
        return
    match caused.what:
        case "tag":
            _watch_tag(ctx, caused)
        case "attribute":
            _watch_attribute(ctx, caused)
        case "points":
            _watch_points(ctx, caused)


def _watch_tag(ctx: RunContext, caused: Caused) -> None:
    """Starts blocks by what facts of a tag began, or ended.

    What is given at an instant of the past may have expired by T. A tag that is taken at the very instant at which it is
    given was gained, and not lost.
    """
    watchers = [
        run for run in ctx.watchers
        if isinstance(run.block.trigger, TagGained | TagLost) and run.block.trigger.pattern.matches(caused.name)
    ]
    if not watchers:
        return
    touch(ctx, caused.number, caused.before, caused.last)
    for run in watchers:
        if isinstance(run.block.trigger, TagGained):
            ctx.execute(_gained(), _values(ctx, run, caused))
        else:
            ctx.execute(_LOST, _values(ctx, run, caused))


@lru_cache
def _gained() -> str:
    return fill_once(_GAINED, gains=tag_gains(known_facts()))


_GAINED = """
INSERT OR IGNORE INTO run_triggers (playbook, block, unit, fact, due, at, arrived, caused)
SELECT :playbook, :block, unit, seq, :at, at, :at, at >= :late
FROM gains WHERE seq > :mark AND seq <= :last ORDER BY seq
"""
# What expires at the very instant at which it is taken has expired.
_LOST = """
INSERT OR IGNORE INTO run_triggers (playbook, block, unit, fact, due, at, arrived, caused)
SELECT :playbook, :block, i.unit, i.seq, :at, i.until, :at, i.until >= :late
FROM touched p JOIN run_tag_facts k ON k.tag = p.tag AND k.unit = p.unit
JOIN run_member_tags i ON i.tag = p.tag AND i.unit = p.unit AND i.since <= k.at
WHERE k.seq <= :last AND i.until = CASE k.given WHEN 0 THEN k.at ELSE k.expires END AND i.until <= :at
  AND (k.given = 1 OR NOT EXISTS (
    SELECT 1 FROM tag_facts g WHERE g.tag = i.tag AND g.unit = i.unit AND g.at >= i.since AND g.expires = i.until))
ORDER BY k.seq
"""


def _watch_attribute(ctx: RunContext, caused: Caused) -> None:
    """Starts blocks by the changes that facts of an attribute are."""
    for run in _watching(ctx, caused.name):
        ctx.execute(_CHANGED, {**_values(ctx, run, caused), "attribute": caused.number})


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
  FROM run_attribute_facts f WHERE f.attribute = :attribute AND f.seq <= :last AND f.unit IN (
    SELECT unit FROM run_attribute_facts WHERE attribute = :attribute AND seq > :before AND seq <= :last)) c
WHERE c.was IS NOT c.value AND EXISTS (
  SELECT 1 FROM (
    SELECT unit, at, seq FROM attribute_facts
    WHERE attribute = :attribute AND arrived <= :at AND seq <= :mark AND value IS NOT NULL
    UNION ALL
    SELECT unit, at, seq FROM run_attribute_facts WHERE attribute = :attribute AND value IS NOT NULL) k
  WHERE k.unit = c.unit AND (k.at < c.at OR (k.at = c.at AND k.seq < c.seq)))
ORDER BY c.seq
"""


def _watch_points(ctx: RunContext, caused: Caused) -> None:
    """Starts blocks by entries of the ledger of points."""
    for run in _watching(ctx, "points"):
        ctx.execute(_BOOKED, _values(ctx, run, caused))


_BOOKED = """
INSERT OR IGNORE INTO run_triggers (playbook, block, unit, fact, due, at, arrived, caused)
SELECT :playbook, :block, unit, seq, :at, at, :at, at >= :late
FROM run_points WHERE seq > :before AND seq <= :last AND delta <> 0 ORDER BY seq
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
            ctx.execute(_ENTERED, {**_place(ctx, run), "before": before, "leaf": leaf})


_ENTERED = """
INSERT OR IGNORE INTO run_triggers (playbook, block, kind, unit, fact, due, at, arrived, caused)
SELECT :playbook, :block, kind, unit, :before + row_number() OVER (ORDER BY seq), :at, t, :at, t >= :late
FROM run_dispatches WHERE seq > :leaf ORDER BY seq
"""


def _values(ctx: RunContext, run: BlockRun, caused: Caused) -> Values:
    return {**_place(ctx, run), "mark": ctx.mark, "before": caused.before, "last": caused.last}


def _place(ctx: RunContext, run: BlockRun) -> Values:
    window = event_window(run.playbook)
    return {
        "playbook": run.name, "block": run.number, "at": ctx.at, "late": _EARLIEST if window is None else ctx.at - window,
    }
