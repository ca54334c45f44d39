"""What is new to a block: the facts that arrived since its progress, and those whose instant has come."""

from __future__ import annotations

from dataclasses import dataclass

from ..stores.sqlite.identifiers import with_names
from .context import BlockRun, RunContext, Values
from .progress import Progress


@dataclass(frozen=True, slots=True)
class FactTable:
    """A table of facts: ``relation`` is its name in the table of extents, ``key`` the column of the interned number.

    Without a key the column is ``0``, which every fact has.
    """

    name: str
    relation: str
    key: str = "0"


EVENTS = FactTable("events", "event", "type")
ATTRIBUTE_FACTS = FactTable("attribute_facts", "attribute", "attribute")
TAG_FACTS = FactTable("tag_facts", "tag", "tag")
POINTS = FactTable("points", "points")
COUPON_FACTS = FactTable("coupon_facts", "coupon", "coupon")
FRIENDSHIP_FACTS = FactTable("friendship_facts", "friendship")
REMOVAL_FACTS = FactTable("removal_facts", "removal")
GROUP_MEMBER_FACTS = FactTable("group_member_facts", "group_member")


def find_news(
    ctx: RunContext, table: FactTable, key: int, since: Progress, *, backfilled: bool = False, more: bool = False
) -> bool:
    """Fills ``news`` with the facts of one key that are known by T and were not when the block was handled last.

    Says whether there are any; with ``more`` they come to those that stand there. Facts are walked by arrival, or by an
    instant that lay ahead when they arrived; ``extents`` tells where nothing is new. Without ``backfilled`` those facts are
    left out, since they start nothing.
    """
    if not more:
        ctx.execute("DELETE FROM news")
    last_seq, last_at, last_arrival = extent_of(ctx, table, key)
    values: Values = {
        "key": key, "mark": since.mark, "handled": since.handled, "at": ctx.at, "last": ctx.mark, "backfilled": backfilled,
    }
    names = {"table": table.name, "key": table.key}
    found = 0
    if last_seq > since.mark:
        found += ctx.execute(with_names(_ARRIVED, **names), values).rowcount
    if last_at > since.handled:
        found += ctx.execute(with_names(_COME, **names), values).rowcount
    if last_arrival > since.handled and had_arrivals_ahead(ctx, since):
        found += ctx.execute(with_names(_LEARNED, **names), values).rowcount
    return found > 0


def extent_of(ctx: RunContext, table: FactTable, key: int) -> tuple[int, int, int]:
    """The greatest seq, instant and arrival among the facts of a key, or of a table without keys; -1 without facts."""
    every = table.key == "0"
    found = ctx.look_up(_EXTENTS if every else _EXTENT, (table.relation,) if every else (table.relation, key))
    last_seq, last_at, last_arrival = found[0] if found and found[0][0] is not None else (-1, -1, -1)
    return last_seq, last_at, last_arrival


def had_arrivals_ahead(ctx: RunContext, since: Progress) -> bool:
    """Whether facts may have arrived later than the instant of the run that handled a block last, though it knew them."""
    found = ctx.look_up(_AHEAD, (since.handled,))
    return since.mark > 0 and (not found or bool(found[0][0]))


_AHEAD = "SELECT ahead FROM runs WHERE at = ?"
_EXTENT = "SELECT max_seq, max_at, max_arrived FROM extents WHERE relation = ? AND key = ?"
_EXTENTS = "SELECT max(max_seq), max(max_at), max(max_arrived) FROM extents WHERE relation = ?"
# The plus keeps SQLite from walking all facts of the key instead of the few that are new.
_ARRIVED = """
INSERT INTO news (seq, unit, at, arrived)
SELECT seq, unit, at, arrived FROM $table
WHERE seq > :mark AND seq <= :last AND +$key = :key AND at <= :at AND arrived <= :at AND backfilled <= :backfilled
"""
# Few facts lie ahead when they arrive; an index holds those alone.
_COME = """
INSERT OR IGNORE INTO news (seq, unit, at, arrived)
SELECT seq, unit, at, arrived FROM $table
WHERE at > arrived AND at > :handled AND at <= :at AND +seq <= :mark AND +$key = :key AND +arrived <= :at
  AND backfilled <= :backfilled
"""
# Facts that arrived later than the instant of the run that could have met them; the next run meets them.
_LEARNED = """
INSERT OR IGNORE INTO news (seq, unit, at, arrived)
SELECT seq, unit, at, arrived FROM $table
WHERE arrived > :handled AND arrived <= :at AND at <= :at AND seq <= :mark AND +$key = :key AND backfilled <= :backfilled
"""


def placed(ctx: RunContext, run: BlockRun) -> Values:
    """What every statement that fills ``run_triggers`` binds: the block, T, and the last seq when the run began."""
    return {"playbook": run.name, "block": run.number, "at": ctx.at, "last": ctx.mark}
