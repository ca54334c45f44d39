"""Customer groups that members join or leave; those that are made have a module of their own."""

from __future__ import annotations

from functools import lru_cache

from ...program.ir import GroupEvent
from ...stores.sqlite.intervals import tag_intervals
from ..context import BlockRun, RunContext, Values
from ..news import GROUP_MEMBER_FACTS, find_news, placed
from ..progress import Progress
from ..statement import Part, fill, fill_once, parsed


def find_group_events(ctx: RunContext, run: BlockRun, trigger: GroupEvent, since: Progress) -> None:
    """Finds the memberships that began, or ended, in groups whose name matches at that instant."""
    pattern = trigger.pattern
    values: Values = {
        **placed(ctx, run),
        "pattern": None if pattern is None else pattern.text, "prefix": pattern is not None and pattern.prefix,
    }
    if find_news(ctx, GROUP_MEMBER_FACTS, 0, since):
        ctx.execute("DELETE FROM spells")
        ctx.execute(_folded(), values)
        ctx.execute(fill(_MEMBERSHIPS, name=_NAME, edge=_BEGINS if trigger.what == "joins" else _ENDS), values)


@lru_cache
def _folded() -> str:
    return fill_once(_SPELLS, held=tag_intervals(parsed(_PLACES), "grp"))


_SPELLS = "INSERT INTO spells (unit, place, since, until, seq) SELECT unit, grp, since, until, seq FROM held"
_PLACES = """
SELECT f.grp, f.unit, f.given, f.at, f.seq, NULL AS expires
FROM (
  SELECT DISTINCT g.grp, g.unit FROM news AS n CROSS JOIN group_member_facts AS g WHERE g.seq = n.seq
) AS w CROSS JOIN group_member_facts AS f
WHERE f.grp = w.grp AND f.unit = w.unit AND f.arrived <= :at AND f.seq <= :last
"""
_NAME = Part("""
SELECT coalesce((
  SELECT s.value FROM group_facts s
  WHERE s.property = 'name' AND s.unit = c.place AND s.at <= c.due AND s.arrived <= :at AND s.seq <= :last
  ORDER BY s.at DESC, s.seq DESC LIMIT 1), (SELECT o.id FROM groups o WHERE o.unit = c.place))
""")
_MEMBERSHIPS = """
INSERT OR IGNORE INTO run_triggers (playbook, block, unit, fact, due, at, arrived)
SELECT :playbook, :block, c.unit, c.seq, c.due, c.at, c.arrived
FROM (
  SELECT n.unit, n.seq, max(n.at, n.arrived) AS due, n.at, n.arrived, g.grp AS place
  FROM news n CROSS JOIN group_member_facts g CROSS JOIN spells i
  WHERE g.seq = n.seq AND i.unit = g.unit AND i.place = g.grp AND edge) c
WHERE :pattern IS NULL OR CASE WHEN :prefix THEN substr(name, 1, length(:pattern)) = :pattern ELSE name = :pattern END
"""
_BEGINS = Part("i.seq = g.seq")
_ENDS = Part("g.given = 0 AND i.until = g.at")
