"""The tables of intervals, folded from the facts about what is given and taken.

Every function works on sets inside the caller's write transaction; the facts written are those with a ``seq`` in
[first, last].
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from sqlglot import exp, parse_one

from .identifiers import with_names
from .intervals import FOREVER, joined_intervals, tag_intervals


@dataclass(frozen=True, slots=True)
class HeldTable:
    """Facts and the intervals folded from them: who holds what is the pair of the columns ``key`` and ``unit``.

    ``expires`` is the column of the facts that says until when a gain lasts, ``null`` where there is none.
    """

    facts: str
    held: str
    key: str
    expires: str = "null"

    @property
    def names(self) -> dict[str, str]:
        """The parts of a statement over these tables."""
        return {"facts": self.facts, "held": self.held, "key": self.key, "expires": self.expires}


MEMBER_TAGS = HeldTable("tag_facts", "member_tags", "tag", "expires")
GROUP_TAGS = HeldTable("group_tag_facts", "group_tags", "tag", "expires")
GROUP_MEMBERS = HeldTable("group_member_facts", "group_members", "grp")
FRIENDSHIPS = HeldTable("friendship_facts", "friendships", "staff")
HELD_TABLES = (MEMBER_TAGS, GROUP_TAGS, GROUP_MEMBERS, FRIENDSHIPS)


def rebuild_intervals(
    connection: sqlite3.Connection, pairs: str, sources: Iterable[str], target: str, table: HeldTable = MEMBER_TAGS
) -> None:
    """Fold the facts of the (key, unit) rows of table ``pairs`` into table ``target``, in place of what it had.

    ``sources`` are tables with the columns of ``table.facts``, taken together; ``target`` has those of ``table.held``.
    """
    names = {"pairs": pairs, "target": target, "key": table.key}
    connection.execute(
        with_names("DELETE FROM $target WHERE ($key, unit) IN (SELECT $key, unit FROM $pairs)", **names)
    )
    insert = with_names("INSERT INTO $target ($key, unit, since, until, seq) ", **names)
    connection.execute(insert + _fold_of_pairs(pairs, tuple(sources), table))


@lru_cache(maxsize=64)
def _fold_of_pairs(pairs: str, sources: tuple[str, ...], table: HeldTable) -> str:
    """The select of the intervals; kept, since making it takes longer than running it for the few pairs of a small run."""
    names = {"pairs": pairs, "key": table.key, "expires": table.expires}
    facts = [parse_one(with_names(_OF_PAIRS, facts=source, **names), read="sqlite") for source in sources]
    union = facts[0] if len(facts) == 1 else exp.union(*facts, distinct=False)
    known = exp.Subquery(this=union, alias=exp.TableAlias(this=exp.to_identifier("f")))
    return tag_intervals(known, table.key).sql("sqlite")


_OF_PAIRS = """
SELECT f.$key, f.unit, f.given, f.at, f.seq, $expires AS expires FROM $pairs AS p CROSS JOIN $facts AS f
WHERE f.$key = p.$key AND f.unit = p.unit
"""


def refresh_intervals(connection: sqlite3.Connection, written: Mapping[str, int]) -> None:
    """Bring every table of intervals up to date with the facts written from ``written["first"]`` to its ``last``."""
    for table in HELD_TABLES:
        _refresh(connection, written, table)
    _refresh_joined(connection, written)


def _refresh(connection: sqlite3.Connection, written: Mapping[str, int], table: HeldTable) -> None:
    replace_temporary(
        connection, "new_pairs", with_names("($key INTEGER, unit INTEGER, PRIMARY KEY ($key, unit)) WITHOUT ROWID", key=table.key)
    )
    pairs = connection.execute(with_names(_TOUCHED_PAIRS, **table.names), written).rowcount
    if pairs:
        connection.execute(with_names(_FORGET_PAIRS, **table.names))
        # Most pairs have one fact, which is its own interval; the fold costs three times as much.
        connection.execute(with_names(_ONLY_FACTS, **table.names), {"forever": FOREVER})
        connection.execute(with_names(_DROP_SINGLE_PAIRS, **table.names))
        rebuild_intervals(connection, "temp.new_pairs", (table.facts,), table.held, table)
    connection.execute("DROP TABLE temp.new_pairs")


_TOUCHED_PAIRS = """
INSERT INTO temp.new_pairs
SELECT DISTINCT $key, unit FROM $facts WHERE seq BETWEEN :first AND :last ORDER BY $key, unit
"""
_FORGET_PAIRS = "DELETE FROM $held WHERE ($key, unit) IN (SELECT $key, unit FROM temp.new_pairs)"
_DROP_SINGLE_PAIRS = """
DELETE FROM temp.new_pairs WHERE NOT EXISTS (
  SELECT 1 FROM $facts AS o WHERE o.$key = new_pairs.$key AND o.unit = new_pairs.unit LIMIT 1 OFFSET 1
)
"""
_ONLY_FACTS = """
WITH single AS (
  SELECT f.$key, f.unit, f.at, $expires AS expires, f.seq, f.given FROM temp.new_pairs CROSS JOIN $facts AS f
  WHERE f.$key = new_pairs.$key AND f.unit = new_pairs.unit AND NOT EXISTS (
    SELECT 1 FROM $facts AS o WHERE o.$key = new_pairs.$key AND o.unit = new_pairs.unit LIMIT 1 OFFSET 1
  )
)
INSERT INTO $held ($key, unit, since, until, seq)
SELECT $key, unit, at, COALESCE(expires, :forever), seq FROM single
WHERE given = 1 AND (expires IS NULL OR expires > at)
"""


def _refresh_joined(connection: sqlite3.Connection, written: Mapping[str, int]) -> None:
    """The friendships that follow from ``joined`` alone, of every member touched by either kind of fact."""
    found = connection.execute("SELECT attribute FROM attributes WHERE name = 'joined'").fetchone()
    joined = {**written, "joined": -1 if found is None else found[0]}
    replace_temporary(connection, "new_units", "(unit INTEGER PRIMARY KEY)")
    if connection.execute(_TOUCHED_UNITS, joined).rowcount:
        connection.execute("DELETE FROM friendships WHERE staff = 0 AND unit IN (SELECT unit FROM temp.new_units)")
        connection.execute(
            "INSERT INTO friendships (staff, unit, since, until, seq) " + _fold_of_joined(), {"joined": joined["joined"]}
        )
    connection.execute("DROP TABLE temp.new_units")


@lru_cache
def _fold_of_joined() -> str:
    facts, joins = (parse_one(query, read="sqlite") for query in (_FRIENDSHIPS_OF_UNITS, _JOINS_OF_UNITS))
    assert isinstance(facts, exp.Select)
    assert isinstance(joins, exp.Select)
    return joined_intervals(facts, joins).sql("sqlite")


# The plus keeps SQLite from walking all facts of the attribute instead of the few that are new.
_TOUCHED_UNITS = """
INSERT INTO temp.new_units
SELECT unit FROM attribute_facts WHERE +attribute = :joined AND seq BETWEEN :first AND :last
UNION SELECT unit FROM friendship_facts WHERE seq BETWEEN :first AND :last
"""
_FRIENDSHIPS_OF_UNITS = """
SELECT f.unit, f.at FROM temp.new_units AS n CROSS JOIN friendship_facts AS f WHERE f.unit = n.unit
"""
_JOINS_OF_UNITS = """
SELECT a.unit, a.value, a.at, a.seq FROM temp.new_units AS n CROSS JOIN attribute_facts AS a
WHERE a.attribute = :joined AND a.unit = n.unit
"""


def replace_temporary(connection: sqlite3.Connection, name: str, columns: str) -> None:
    """Make an empty temporary table of this name; ``columns`` is what stands behind it, parentheses included."""
    connection.execute(with_names("DROP TABLE IF EXISTS temp.$name", name=name))
    connection.execute(with_names("CREATE TEMP TABLE $name ", name=name) + columns)
