"""Tags gained and lost, by the intervals in which they are held."""

from __future__ import annotations

from functools import lru_cache

from ...program.ir import TagGained, TagLost
from ...stores.sqlite.identifiers import with_names
from ...stores.sqlite.intervals import FOREVER, tag_intervals
from ..context import BlockRun, RunContext, Values
from ..news import TAG_FACTS, find_news, placed
from ..progress import Progress
from ..statement import fill_once, parsed


def find_gains(ctx: RunContext, run: BlockRun, trigger: TagGained, since: Progress) -> None:
    """Finds the intervals of tags that began; the gains that only moved an end start nothing."""
    for name, tag in sorted(ctx.tags.items()):
        if trigger.pattern.matches(name) and find_news(ctx, TAG_FACTS, tag, since):
            values: Values = {**placed(ctx, run), "tag": tag}
            ctx.execute(with_names(_GAINED, intervals=_known_intervals(ctx, tag)), values)


_GAINED = """
INSERT OR IGNORE INTO run_triggers (playbook, block, unit, fact, due, at, arrived)
SELECT :playbook, :block, i.unit, i.seq, max(i.since, n.arrived), i.since, n.arrived
FROM news n CROSS JOIN $intervals i
WHERE i.tag = :tag AND i.unit = n.unit AND i.since = n.at AND i.seq = n.seq
"""


def find_losses(ctx: RunContext, run: BlockRun, trigger: TagLost, since: Progress) -> None:
    """Finds the intervals of tags that ended: by a fact that took the tag, or as the tag expired."""
    for name, tag in sorted(ctx.tags.items()):
        if not trigger.pattern.matches(name):
            continue
        values: Values = {
            **placed(ctx, run), "tag": tag, "handled": since.handled, "forever": FOREVER,
        }
        intervals = _known_intervals(ctx, tag)
        if find_news(ctx, TAG_FACTS, tag, since):
            ctx.execute(with_names(_ENDED, intervals=intervals), values)
        ctx.execute(with_names(_EXPIRED, intervals=intervals), values)


# What ends an interval is the latest gain, where that expires then, or else a fact that took the tag.
_ENDED = """
INSERT OR IGNORE INTO run_triggers (playbook, block, unit, fact, due, at, arrived)
SELECT :playbook, :block, i.unit, i.seq, max(i.until, n.arrived), i.until, n.arrived
FROM news n CROSS JOIN tag_facts f CROSS JOIN $intervals i
WHERE f.seq = n.seq AND i.tag = :tag AND i.unit = n.unit AND i.until <= :at
  AND i.until = CASE f.given WHEN 0 THEN f.at ELSE f.expires END
  AND f.given = (
    SELECT g.expires IS i.until AND (f.given = 0 OR g.seq = f.seq) FROM tag_facts g
    WHERE g.tag = i.tag AND g.unit = i.unit AND g.given = 1 AND g.at >= i.since AND g.at < i.until AND g.arrived <= :at
    ORDER BY g.at DESC, g.seq DESC LIMIT 1)
ORDER BY n.seq
"""
_EXPIRED = """
INSERT OR IGNORE INTO run_triggers (playbook, block, unit, fact, due, at, arrived)
SELECT :playbook, :block, i.unit, i.seq, i.until, i.until, f.arrived
FROM $intervals i CROSS JOIN tag_facts f
WHERE i.tag = :tag AND i.until <> 9223372036854775807 AND i.until > :handled AND i.until <= :at
  AND f.tag = i.tag AND f.unit = i.unit AND f.at >= i.since AND f.at < i.until AND f.given = 1 AND f.expires = i.until
  AND f.arrived <= i.until AND f.seq <= :last
"""


def _known_intervals(ctx: RunContext, tag: int) -> str:
    """The table with the intervals of ``tag`` by what has arrived at T: the store's, or a fold without the rest."""
    if not ctx.has_later_facts("tag", tag, ctx.at):
        return "member_tags"
    ctx.execute("DELETE FROM known_tags")
    ctx.execute(_fold(), {"tag": tag, "at": ctx.at})
    return "known_tags"


@lru_cache
def _fold() -> str:
    return fill_once(_FOLD, intervals=tag_intervals(parsed(_ARRIVED_FACTS)))


_FOLD = "INSERT INTO known_tags SELECT tag, unit, since, until, seq FROM intervals"
_ARRIVED_FACTS = """
SELECT tag, unit, given, at, seq, expires FROM tag_facts WHERE tag = :tag AND arrived <= :at
"""
