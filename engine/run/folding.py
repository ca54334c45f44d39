"""The intervals in which members hold tags by what the run has caused so far: the facts of the pairs concerned, folded anew."""

from __future__ import annotations

from functools import lru_cache

from sqlglot import exp

from ..stores.sqlite.intervals import tag_intervals
from .context import RunContext
from .statement import fill_once, parsed


def touch(ctx: RunContext, tag: int, before: int, last: int) -> None:
    """Fills ``touched`` with the pairs of a tag about which the run wrote facts with seqs in (before, last]."""
    ctx.execute("DELETE FROM touched")
    ctx.execute(_TOUCHED, {"tag": tag, "before": before, "last": last})


_TOUCHED = """
INSERT INTO touched
SELECT DISTINCT tag, unit FROM run_tag_facts WHERE tag = :tag AND seq > :before AND seq <= :last
"""


def fold_touched(ctx: RunContext, tag: int) -> None:
    """Folds the facts of the pairs in ``touched`` into their intervals."""
    ctx.execute("INSERT OR IGNORE INTO run_tag_pairs SELECT tag, unit FROM touched")
    ctx.execute("DELETE FROM run_member_tags WHERE tag = :tag AND unit IN (SELECT unit FROM touched)", {"tag": tag})
    ctx.execute(_folded(), {"at": ctx.at})


@lru_cache
def _folded() -> str:
    return fill_once(_INTERVALS, intervals=tag_intervals(known_facts()))


_INTERVALS = "INSERT INTO run_member_tags SELECT tag, unit, since, until, seq FROM intervals"


def known_facts() -> exp.Select:
    """All facts of the pairs in ``touched`` that are known at T, those of the run included."""
    return parsed(_KNOWN)


_KNOWN = """
SELECT * FROM (
  SELECT b.tag, b.unit, b.given, b.at, b.seq, b.expires
  FROM touched p JOIN tag_facts b ON b.tag = p.tag AND b.unit = p.unit WHERE b.arrived <= :at
  UNION ALL
  SELECT r.tag, r.unit, r.given, r.at, r.seq, r.expires
  FROM touched p JOIN run_tag_facts r ON r.tag = p.tag AND r.unit = p.unit
) AS known
"""
