"""What falls due for single members, in waves: each member's first item, then each member's next, until none is left.

A wave is decided in one sweep over all its instants. Only scarce stock makes the instants depend on one another; where
that shows, the wave is halved by (instant, priority, playbook, block) and each half decided anew, in that order.
"""

from __future__ import annotations

from .context import BlockRun, RunContext, Values
from .entry import enter
from .failures import StockContended, deciding
from .flow import load_steps, load_triggers
from .scarce import is_limited, was_contended
from .sweep import sweep
from .timeliness import tally_items

Blocks = dict[tuple[str, int, int | None], BlockRun]
"""The blocks at work by playbook, index and version number; None stands for the newest version."""

_FILL = """
INSERT INTO turn (kind, unit, due, priority, playbook, block, version, enrolment, fact, detail, place)
SELECT kind, unit, due, priority, playbook, block, version, enrolment, fact, detail, 1
FROM (
  SELECT *, row_number() OVER (
    PARTITION BY kind, unit
    ORDER BY due, priority DESC, playbook, block, coalesce(enrolment, 0), coalesce(fact, 0), coalesce(detail, '')) AS item
  FROM (
    SELECT e.kind, e.unit, e.due, p.priority, e.playbook, e.block, e.version, e.enrolment, NULL AS fact, NULL AS detail
    FROM run_enrolments e JOIN priorities p ON p.playbook = e.playbook
    WHERE e.ended IS NULL AND e.due BETWEEN :low AND :high
      AND (:block IS NULL OR (e.playbook = :playbook AND e.block = :block))
    UNION ALL
    SELECT t.kind, t.unit, t.due, p.priority, t.playbook, t.block, NULL, NULL, t.fact, t.detail
    FROM run_triggers t JOIN priorities p ON p.playbook = t.playbook
    WHERE t.done = 0 AND t.due BETWEEN :low AND :high
      AND (:block IS NULL OR (t.playbook = :playbook AND t.block = :block))))
WHERE item = 1
"""
# Only where something is scarce does it matter who of a wave comes first.
_PLACES = """
UPDATE turn SET place = p.place FROM (
  SELECT kind, unit, dense_rank() OVER (ORDER BY due, priority DESC, playbook, block) AS place FROM turn) p
WHERE p.kind = turn.kind AND p.unit = turn.unit
"""
_EARLIEST = -(2**63) + 1


def decide_waves(ctx: RunContext, blocks: Blocks, until: int) -> None:
    """Decides all items of single members due up to ``until`` (included), those that arise on the way as well."""
    _waves(ctx, blocks, {"low": _EARLIEST, "high": until, "playbook": None, "block": None})


def decide_items_at(ctx: RunContext, blocks: Blocks, run: BlockRun, instant: int) -> None:
    """Decides the items of one block due at exactly ``instant``."""
    _waves(ctx, blocks, {"low": instant, "high": instant, "playbook": run.name, "block": run.number})


def items_at(ctx: RunContext, instant: int) -> list[tuple[str, int]]:
    """The playbooks and blocks that have items of single members due at exactly ``instant``."""
    return ctx.rows(_AT, {"instant": instant})


_AT = """
SELECT playbook, block FROM run_enrolments JOIN priorities USING (playbook) WHERE ended IS NULL AND due = :instant
UNION
SELECT playbook, block FROM run_triggers JOIN priorities USING (playbook) WHERE done = 0 AND due = :instant
"""


def _waves(ctx: RunContext, blocks: Blocks, span: Values) -> None:
    while True:
        ctx.execute("DELETE FROM turn")
        if not ctx.execute(_FILL, span).rowcount:
            return
        last = 1
        if is_limited(ctx):
            ctx.execute(_PLACES)
            last = ctx.count("SELECT max(place) FROM turn")
        _decide(ctx, blocks, 1, last)


def _decide(ctx: RunContext, blocks: Blocks, first: int, last: int) -> None:
    """Decides the items with places in [first, last], in one sweep if stock allows."""
    if first == last:
        _sweep_all(ctx, blocks, first, last)
        return
    if _decide_at_once(ctx, blocks, first, last):
        return
    middle = (first + last) // 2
    _decide(ctx, blocks, first, middle)
    _decide(ctx, blocks, middle + 1, last)


def _decide_at_once(ctx: RunContext, blocks: Blocks, first: int, last: int) -> bool:
    """Decides the items of several places in one sweep; undoes it where the result would depend on their order.

    Says whether it stands.
    """
    ctx.mixed_wave, ctx.wave_notes = True, {}
    try:
        with ctx.undone_on(StockContended):
            ctx.counters.refused = set()
            _sweep_all(ctx, blocks, first, last)
            if was_contended(ctx):
                raise StockContended
    except StockContended:
        return False
    finally:
        ctx.mixed_wave = False
    return True


def _sweep_all(ctx: RunContext, blocks: Blocks, first: int, last: int) -> None:
    for _, playbook, block, version, started in ctx.rows(_GROUPS, {"first": first, "last": last}):
        run = blocks[playbook, block, None if started else version]
        with deciding(run.name):
            if started:
                load_triggers(ctx, run, first, last)
                tally_items(ctx, run)
                enter(ctx, run)
            else:
                load_steps(ctx, run, first, last)
                tally_items(ctx, run)
            sweep(ctx, run)


_GROUPS = """
SELECT DISTINCT priority, playbook, block, version, fact IS NOT NULL FROM turn WHERE place BETWEEN :first AND :last
ORDER BY priority DESC, playbook, block, version
"""
