"""Upper bounds over facts: how many there are of each key, and up to which instants and arrival numbers.

They tell when the maintained tables answer for an instant, and what a plan costs.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from .identifiers import with_names


def grow_extents(connection: sqlite3.Connection, written: Mapping[str, int]) -> None:
    """Count the facts with a ``seq`` in [written["first"], written["last"]] in."""
    for relation, key, table, at in _EXTENTS:
        if relation == "friendship":
            connection.execute(_GROWN_BY_JOINED, {"relation": relation, **written})
        elif connection.execute(with_names(_ANY, table=table), written).fetchone() is None:
            continue
        grow = with_names(_GROWN, key=key or "0", table=table, at=at)
        connection.execute(grow, {"relation": relation, **written})
        count = _unit_count(connection, relation, key, table, written)
        connection.execute(count, {"relation": relation, **written})


def _unit_count(
    connection: sqlite3.Connection, relation: str, key: str, table: str, written: Mapping[str, int]
) -> str:
    """The statement that counts the units of each key: those that are new, or all where much is new."""
    if relation not in _UNITS_COUNTED:
        # No index would find the units that are new, and their number of facts bounds them.
        return _ROWS_AS_UNITS
    count = with_names("SELECT COUNT(*) FROM $table WHERE seq BETWEEN :first AND :last", table=table)
    (new,) = connection.execute(count, written).fetchone()
    (known,) = connection.execute("SELECT SUM(rows) FROM extents WHERE relation = ?", (relation,)).fetchone()
    return with_names(_ALL_UNITS if known and new * 4 > known else _NEW_UNITS, key=key, table=table)


# (relation, the column of its key, table, the column of the instant)
_EXTENTS: tuple[tuple[str, str, str, str], ...] = (
    ("attribute", "attribute", "attribute_facts", "at"),
    ("tag", "tag", "tag_facts", "at"),
    ("event", "type", "events", "at"),
    ("points", "", "points", "at"),
    ("coupon", "coupon", "coupon_facts", "at"),
    ("redpacket", "redpacket", "redpacket_facts", "at"),
    ("member", "", "members", "arrived"),
    ("removal", "", "removal_facts", "at"),
    ("group", "", "groups", "arrived"),
    ("group_fact", "", "group_facts", "at"),
    ("group_tag", "tag", "group_tag_facts", "at"),
    ("group_member", "grp", "group_member_facts", "at"),
    ("friendship", "", "friendship_facts", "at"),
    ("task", "", "tasks", "at"),
    ("task_fact", "", "task_facts", "at"),
)
_UNITS_COUNTED = frozenset({"attribute", "tag"})
_ANY = "SELECT 1 FROM $table WHERE seq BETWEEN :first AND :last LIMIT 1"
_GROWN = """
INSERT INTO extents (relation, key, rows, units, min_at, max_at, max_arrived, max_seq)
SELECT :relation, known, COUNT(*), 0, MIN(moment), MAX(moment), MAX(arrived), MAX(seq)
FROM (SELECT $key AS known, $at AS moment, arrived, seq FROM $table WHERE seq BETWEEN :first AND :last)
WHERE TRUE GROUP BY known
ON CONFLICT (relation, key) DO UPDATE SET rows = rows + excluded.rows, min_at = MIN(min_at, excluded.min_at),
  max_at = MAX(max_at, excluded.max_at), max_arrived = MAX(max_arrived, excluded.max_arrived),
  max_seq = MAX(max_seq, excluded.max_seq)
"""
# Who joined is a friend since the value of the attribute.
_GROWN_BY_JOINED = """
INSERT INTO extents (relation, key, rows, units, min_at, max_at, max_arrived, max_seq)
SELECT :relation, 0, COUNT(*), 0, MIN(COALESCE(value, at)), MAX(COALESCE(value, at)), MAX(arrived), MAX(seq)
FROM attribute_facts WHERE seq BETWEEN :first AND :last
  AND +attribute = (SELECT attribute FROM attributes WHERE name = 'joined')
HAVING COUNT(*) > 0
ON CONFLICT (relation, key) DO UPDATE SET rows = rows + excluded.rows, min_at = MIN(min_at, excluded.min_at),
  max_at = MAX(max_at, excluded.max_at), max_arrived = MAX(max_arrived, excluded.max_arrived),
  max_seq = MAX(max_seq, excluded.max_seq)
"""
_NEW_UNITS = """
UPDATE extents SET units = units + added FROM (
  SELECT $key AS known, COUNT(*) AS added FROM (
    SELECT DISTINCT $key, unit FROM $table WHERE seq BETWEEN :first AND :last
  ) AS n WHERE NOT EXISTS (
    SELECT 1 FROM $table AS o WHERE o.$key = n.$key AND o.unit = n.unit AND NOT o.seq BETWEEN :first AND :last
  )
  GROUP BY $key
) WHERE relation = :relation AND key = known
"""
_ALL_UNITS = """
UPDATE extents SET units = counted FROM (
  SELECT $key AS known, COUNT(*) AS counted FROM (SELECT DISTINCT $key, unit FROM $table) GROUP BY $key
) WHERE relation = :relation AND key = known
"""
_ROWS_AS_UNITS = "UPDATE extents SET units = rows WHERE relation = :relation AND max_seq >= :first"
