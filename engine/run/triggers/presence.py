"""Who joined and who left: a member is there while any friendship lasts.

The friendships of the members whom something new concerns are folded from the facts known at T. An instant at which one begins
is the member's joining unless another lasted up to then; one at which one ends is their leaving unless another goes on.
"""

from __future__ import annotations

from functools import lru_cache

from ...program.ir import Joined, Left, SomebodyInvited
from ...stores.sqlite.identifiers import with_names
from ...stores.sqlite.intervals import joined_intervals, tag_intervals
from ..context import BlockRun, RunContext, Values
from ..news import ATTRIBUTE_FACTS, FRIENDSHIP_FACTS, extent_of, find_news, had_arrivals_ahead, placed
from ..progress import Progress
from ..statement import fill_once, parsed


def find_presence(
    ctx: RunContext, run: BlockRun, trigger: Joined | Left | SomebodyInvited, since: Progress
) -> None:
    """Finds the members who joined or left, or who invited somebody that joined."""
    values: Values = {
        **placed(ctx, run), "joined": ctx.attributes.get("joined", 0),
        "inviter": ctx.attributes.get("inviter", 0), "mark": since.mark, "handled": since.handled,
    }
    gathered = _gather(ctx, since, values)
    if isinstance(trigger, SomebodyInvited) and "inviter" in ctx.attributes:
        gathered = find_news(ctx, ATTRIBUTE_FACTS, ctx.attributes["inviter"], since, more=True) or gathered
    if not gathered:
        return
    ctx.execute("DELETE FROM spells")
    for statement in _folded():
        ctx.execute(statement, values)
    match trigger:
        case Joined():
            ctx.execute(_JOINED, values)
        case Left():
            ctx.execute(_LEFT, values)
        case SomebodyInvited():
            ctx.execute(_INVITED, values)


def _gather(ctx: RunContext, since: Progress, values: Values) -> bool:
    """Fills ``news`` with what was said of friendships, and of ``joined``, whose value is its instant."""
    found = int(find_news(ctx, FRIENDSHIP_FACTS, 0, since))
    joined = ctx.attributes.get("joined", 0)
    last_seq, _, last_arrival = extent_of(ctx, ATTRIBUTE_FACTS, joined)
    if last_seq > since.mark:
        found += ctx.execute(_NEWLY_SAID, values).rowcount
    if last_seq >= 0:
        found += ctx.execute(with_names(_COME_TRUE, column=f"a{joined:d}"), values).rowcount
    if last_arrival > since.handled and had_arrivals_ahead(ctx, since):
        found += ctx.execute(_LEARNED, values).rowcount
    return found > 0


_NEWLY_SAID = """
INSERT OR IGNORE INTO news (seq, unit, at, arrived)
SELECT seq, unit, value, arrived FROM attribute_facts
WHERE seq > :mark AND seq <= :last AND +attribute = :joined AND value IS NOT NULL AND max(value, arrived) <= :at
  AND backfilled = 0
"""
# Present values have an index; what is no present value any more begins nothing.
_COME_TRUE = """
INSERT OR IGNORE INTO news (seq, unit, at, arrived)
SELECT a.seq, a.unit, a.value, a.arrived FROM members m CROSS JOIN attribute_facts a
WHERE m.$column > :handled AND m.$column <= :at AND a.attribute = :joined AND a.unit = m.unit AND a.value = m.$column
  AND a.seq <= :mark AND a.arrived <= :at AND a.backfilled = 0
"""
_LEARNED = """
INSERT OR IGNORE INTO news (seq, unit, at, arrived)
SELECT seq, unit, value, arrived FROM attribute_facts
WHERE attribute = :joined AND seq <= :mark AND value IS NOT NULL AND arrived > :handled AND max(value, arrived) <= :at
  AND backfilled = 0
"""


@lru_cache
def _folded() -> tuple[str, str]:
    """The statements that fill ``spells`` with the friendships of the units of ``news``."""
    friends = tag_intervals(parsed(_FRIENDS), "staff")
    return fill_once(_SPELLS, held=friends), fill_once(_SPELLS, held=joined_intervals(parsed(_MET), parsed(_SAID)))


_SPELLS = "INSERT INTO spells (unit, place, since, until, seq) SELECT unit, staff, since, until, seq FROM held"
_FRIENDS = """
SELECT f.staff, f.unit, f.given, f.at, f.seq, NULL AS expires
FROM (SELECT DISTINCT unit FROM news) AS w CROSS JOIN friendship_facts AS f
WHERE f.unit = w.unit AND f.arrived <= :at AND f.seq <= :last
"""
_MET = """
SELECT f.unit, f.at FROM (SELECT DISTINCT unit FROM news) AS w CROSS JOIN friendship_facts AS f
WHERE f.unit = w.unit AND f.arrived <= :at AND f.seq <= :last
"""
_SAID = """
SELECT a.unit, a.value, a.at, a.seq FROM (SELECT DISTINCT unit FROM news) AS w CROSS JOIN attribute_facts AS a
WHERE a.attribute = :joined AND a.unit = w.unit AND a.arrived <= :at AND a.seq <= :last
"""
# Of several facts that say the same, the one that said it first counts, so that saying it again is nothing new.
_BEGINNINGS = """
SELECT s.unit AS unit, s.since AS at, min(k.seq) AS seq, k.arrived AS arrived, k.backfilled AS backfilled
FROM (
  SELECT DISTINCT unit, since FROM spells s
  WHERE NOT EXISTS (SELECT 1 FROM spells o WHERE o.unit = s.unit AND o.since < s.since AND o.until >= s.since)) s
JOIN (
  SELECT f.unit, f.at, f.seq, f.arrived, f.backfilled
  FROM (SELECT DISTINCT unit FROM news) w CROSS JOIN friendship_facts f
  WHERE f.unit = w.unit AND f.given = 1 AND f.arrived <= :at AND f.seq <= :last
  UNION ALL
  SELECT a.unit, a.value, a.seq, a.arrived, a.backfilled
  FROM (SELECT DISTINCT unit FROM news) w CROSS JOIN attribute_facts a
  WHERE a.unit = w.unit AND a.attribute = :joined AND a.arrived <= :at AND a.seq <= :last) k
ON k.unit = s.unit AND k.at = s.since
GROUP BY s.unit, s.since
"""
_JOINED = """
INSERT OR IGNORE INTO run_triggers (playbook, block, unit, fact, due, at, arrived)
SELECT :playbook, :block, b.unit, b.seq, max(b.at, b.arrived), b.at, b.arrived
FROM (""" + _BEGINNINGS + """) b JOIN news n ON n.seq = b.seq
WHERE b.at <= :at
"""
_LEFT = """
INSERT OR IGNORE INTO run_triggers (playbook, block, unit, fact, due, at, arrived)
SELECT :playbook, :block, e.unit, e.seq, max(e.at, e.arrived), e.at, e.arrived
FROM (
  SELECT s.unit AS unit, s.until AS at, min(f.seq) AS seq, f.arrived AS arrived
  FROM (
    SELECT DISTINCT unit, until FROM spells s WHERE until <= :at
      AND NOT EXISTS (SELECT 1 FROM spells o WHERE o.unit = s.unit AND o.since <= s.until AND o.until > s.until)) s
  JOIN friendship_facts f ON f.unit = s.unit AND f.at = s.until AND f.given = 0 AND f.arrived <= :at AND f.seq <= :last
  GROUP BY s.unit, s.until) e
JOIN news n ON n.seq = e.seq
"""
# Who invited somebody is asked when the friendship is known, or else it is whoever is named first after that. What was loaded
# with its past starts nothing, whenever the other half of it comes to be known.
_INVITED = """
INSERT OR IGNORE INTO run_triggers (playbook, block, unit, fact, due, at, arrived)
SELECT :playbook, :block, m.unit, j.seq, max(j.due, a.at, a.arrived), j.at, max(j.arrived, a.at, a.arrived)
FROM (
  SELECT b.*, coalesce(
    (SELECT a.seq FROM attribute_facts a
     WHERE a.attribute = :inviter AND a.unit = b.unit AND max(a.at, a.arrived) <= b.due AND a.seq <= :last
     ORDER BY a.at DESC, a.seq DESC LIMIT 1),
    (SELECT a.seq FROM attribute_facts a
     WHERE a.attribute = :inviter AND a.unit = b.unit AND max(a.at, a.arrived) <= :at AND a.seq <= :last
       AND a.value IS NOT NULL ORDER BY max(a.at, a.arrived), a.seq LIMIT 1)) AS said
  FROM (SELECT *, max(at, arrived) AS due FROM (""" + _BEGINNINGS + """)) b
  WHERE b.at <= :at AND b.backfilled = 0) j
CROSS JOIN attribute_facts a ON a.seq = j.said
JOIN members m ON m.id = a.value
JOIN news n ON n.seq = CASE WHEN max(a.at, a.arrived) <= j.due THEN j.seq ELSE a.seq END
"""
