"""What is maintained from the facts, brought up to date for the facts from one arrival number on.

Every function works on sets inside the caller's write transaction. ``first`` is the first arrival number of what was
written; since a run reserves :data:`RESERVED` numbers, what was written lies in [first, first + RESERVED), and what an
import brought while a run decided lies behind.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping

from sqlglot import exp, parse_one

from ...program.ir import Library
from .database import RESERVED
from .identifiers import with_names
from .indexes import ensure_attribute_indexes
from .intervals import FOREVER, tag_intervals


def maintain(connection: sqlite3.Connection, first: int) -> None:
    """Bring intervals, present values, balances, coupons, indexes and extents up to date with the facts from ``first``.

    Exclusive groups are closed before, by :func:`close_exclusive`, because that writes facts.
    """
    written = _written(first)
    _refresh_tags(connection, first)
    _refresh_attributes(connection, first)
    connection.execute(_BALANCES, written)
    refresh_coupons(connection, first)
    types = connection.execute("SELECT DISTINCT type FROM events WHERE seq BETWEEN :first AND :last", written)
    for (event_type,) in types.fetchall():
        ensure_event_indexes(connection, event_type)
    _grow_extents(connection, first)


def _written(first: int) -> dict[str, int]:
    return {"first": first, "last": first + RESERVED - 1}


_BALANCES = """
UPDATE members SET points = (SELECT SUM(delta) FROM points AS p WHERE p.unit = members.unit)
WHERE unit IN (SELECT unit FROM points WHERE seq BETWEEN :first AND :last)
"""


def rebuild_intervals(connection: sqlite3.Connection, pairs: str, sources: Iterable[str], target: str) -> None:
    """Fold the facts of the (tag, unit) rows of table ``pairs`` into table ``target``, in place of what it had.

    ``sources`` are tables with the columns of ``tag_facts``, taken together; ``target`` has those of ``member_tags``.
    """
    facts = [parse_one(with_names(_OF_PAIRS, pairs=pairs, facts=source), read="sqlite") for source in sources]
    union = facts[0] if len(facts) == 1 else exp.union(*facts, distinct=False)
    known = exp.Subquery(this=union, alias=exp.TableAlias(this=exp.to_identifier("f")))
    fold = tag_intervals(known).sql("sqlite")
    names = {"pairs": pairs, "target": target}
    connection.execute(
        with_names("DELETE FROM $target WHERE (tag, unit) IN (SELECT tag, unit FROM $pairs)", **names)
    )
    connection.execute(with_names("INSERT INTO $target (tag, unit, since, until, seq) ", **names) + fold)


_OF_PAIRS = """
SELECT f.tag, f.unit, f.given, f.at, f.seq, f.expires FROM $pairs AS p CROSS JOIN $facts AS f
WHERE f.tag = p.tag AND f.unit = p.unit
"""


def _refresh_tags(connection: sqlite3.Connection, first: int) -> None:
    _replace_temporary(connection, "new_pairs", "(tag INTEGER, unit INTEGER, PRIMARY KEY (tag, unit)) WITHOUT ROWID")
    connection.execute(_TOUCHED_PAIRS, _written(first))
    connection.execute("DELETE FROM member_tags WHERE (tag, unit) IN (SELECT tag, unit FROM temp.new_pairs)")
    # Most pairs have one fact, which is its own interval; the fold costs three times as much.
    connection.execute(_ONLY_FACTS, {"forever": FOREVER})
    connection.execute(_DROP_SINGLE_PAIRS)
    rebuild_intervals(connection, "temp.new_pairs", ("tag_facts",), "member_tags")
    connection.execute("DROP TABLE temp.new_pairs")


_TOUCHED_PAIRS = """
INSERT INTO temp.new_pairs
SELECT DISTINCT tag, unit FROM tag_facts WHERE seq BETWEEN :first AND :last ORDER BY tag, unit
"""
_DROP_SINGLE_PAIRS = """
DELETE FROM temp.new_pairs WHERE NOT EXISTS (
  SELECT 1 FROM tag_facts AS o WHERE o.tag = new_pairs.tag AND o.unit = new_pairs.unit LIMIT 1 OFFSET 1
)
"""
_ONLY_FACTS = """
INSERT INTO member_tags (tag, unit, since, until, seq)
SELECT f.tag, f.unit, f.at, COALESCE(f.expires, :forever), f.seq
FROM temp.new_pairs CROSS JOIN tag_facts AS f
WHERE f.tag = new_pairs.tag AND f.unit = new_pairs.unit AND f.given = 1 AND (f.expires IS NULL OR f.expires > f.at)
  AND NOT EXISTS (
    SELECT 1 FROM tag_facts AS o WHERE o.tag = new_pairs.tag AND o.unit = new_pairs.unit LIMIT 1 OFFSET 1
  )
"""


def _refresh_attributes(connection: sqlite3.Connection, first: int) -> None:
    touched = "SELECT DISTINCT attribute FROM attribute_facts WHERE seq BETWEEN :first AND :last"
    for (attribute,) in connection.execute(touched, _written(first)).fetchall():
        update = with_names(_PRESENT_VALUE, column=f"a{attribute:d}")
        connection.execute(update, {"attribute": attribute, **_written(first)})
        ensure_attribute_indexes(connection, attribute)


_PRESENT_VALUE = """
UPDATE members SET $column = (
  SELECT value FROM attribute_facts AS f WHERE f.attribute = :attribute AND f.unit = members.unit
  ORDER BY f.at DESC, f.seq DESC LIMIT 1
) WHERE unit IN (SELECT unit FROM attribute_facts WHERE seq BETWEEN :first AND :last AND attribute = :attribute)
"""


def refresh_coupons(connection: sqlite3.Connection, first: int) -> None:
    """One row a code: who has it since when, and what became of it; the first fact of a code names its owner."""
    for statement in _COUPONS:
        connection.execute(statement, _written(first))


_COUPONS = (
    "DELETE FROM coupons WHERE code IN (SELECT code FROM coupon_facts WHERE seq BETWEEN :first AND :last)",
    """
    INSERT INTO coupons (code, coupon, unit, taken, issued, expires, used, cancelled)
    SELECT code, coupon, unit, COALESCE(MIN(CASE WHEN kind IN ('reserved', 'issued') THEN at END), MIN(at)),
      MIN(CASE WHEN kind = 'issued' THEN at END), MAX(CASE WHEN kind IN ('reserved', 'issued') THEN expires END),
      MIN(CASE WHEN kind = 'used' THEN at END), MIN(CASE WHEN kind = 'cancelled' THEN at END)
    FROM coupon_facts WHERE code IN (SELECT code FROM coupon_facts WHERE seq BETWEEN :first AND :last) GROUP BY code
    """,
)


def exclusive_groups(library: Library, tags: Mapping[str, int]) -> list[list[int]]:
    """The numbers of the tags of each exclusive group that has more than one."""
    exclusive = (group.name for group in library.tag_groups.values() if group.exclusive)
    members: dict[str, list[int]] = {name: [] for name in sorted(exclusive)}
    for tag in library.tags.values():
        if tag.group in members:
            members[tag.group].append(tags[tag.name])
    return [numbers for numbers in members.values() if len(numbers) > 1]


def close_exclusive(
    connection: sqlite3.Connection, first: int, groups: Iterable[Collection[int]],
    take: Callable[[int], range], backfilled: bool,
) -> None:
    """Write the facts by which gaining a tag of an exclusive group takes the one held before.

    Also a tag gained at an earlier instant than what is there ends at the next gain of another of its group. Each
    of ``groups`` holds the numbers of its tags; ``take`` gives arrival numbers.
    """
    for group in groups:
        taken = with_names(_TAKEN, tags=", ".join(f"{tag:d}" for tag in sorted(group)))
        _replace_temporary(connection, "new_taken", "(unit INTEGER, tag INTEGER, at INTEGER, arrived INTEGER)")
        connection.execute(taken, _written(first))
        (count,) = connection.execute("SELECT COUNT(*) FROM temp.new_taken").fetchone()
        seqs = take(count)
        connection.execute(
            "INSERT INTO tag_facts (seq, unit, tag, given, at, arrived, backfilled)"
            " SELECT ? + ROW_NUMBER() OVER (ORDER BY at, unit, tag), unit, tag, 0, at, arrived, ? FROM temp.new_taken",
            (seqs.start - 1, int(backfilled)),
        )
        connection.execute("DROP TABLE temp.new_taken")


# Of two gains that follow one another within a group, the later ends the earlier, unless something ended it before.
_TAKEN = """
WITH touched AS (
  SELECT DISTINCT unit FROM tag_facts WHERE seq BETWEEN :first AND :last AND given = 1 AND tag IN ($tags)
), gains AS (
  SELECT f.unit, f.tag, f.at, f.arrived, LAG(f.tag) OVER w AS old_tag, LAG(f.at) OVER w AS old_at,
    LAG(f.seq) OVER w AS old_seq, LAG(f.arrived) OVER w AS old_arrived
  FROM touched AS t CROSS JOIN tag_facts AS f
  WHERE f.unit = t.unit AND f.tag IN ($tags) AND f.given = 1
  WINDOW w AS (PARTITION BY f.unit ORDER BY f.at, f.seq)
)
INSERT INTO temp.new_taken (unit, tag, at, arrived)
SELECT unit, old_tag, at, MAX(arrived, old_arrived) FROM gains AS g
WHERE old_tag <> tag AND NOT EXISTS (
  SELECT 1 FROM tag_facts AS k WHERE k.tag = g.old_tag AND k.unit = g.unit AND k.given = 0 AND k.at <= g.at
    AND (k.at > g.old_at OR (k.at = g.old_at AND k.seq > g.old_seq))
) AND EXISTS (
  SELECT 1 FROM tag_facts AS k WHERE k.tag = g.old_tag AND k.unit = g.unit AND k.given = 1 AND k.at <= g.old_at
    AND (k.expires IS NULL OR k.expires > g.at)
)
"""


def ensure_event_indexes(connection: sqlite3.Connection, event_type: int) -> None:
    """Make the indexes that conditions over one type of event walk, unless they are there.

    Indexes of one type stay small, and building them after a bulk load is several times cheaper than keeping them.
    """
    kind = f"{event_type:d}"
    for suffix, columns in EVENT_INDEXES:
        create = "CREATE INDEX IF NOT EXISTS $index ON events ($columns) WHERE type = $kind"
        connection.execute(with_names(create, index=f"events_{kind}_{suffix}", columns=columns, kind=kind))


# Each holds `type`, which SQLite asks for although it is the same in all of them, so that no row is looked up.
EVENT_INDEXES = (
    ("unit", "unit, at, amount, type"), ("at", "at, unit, subject, type"), ("subject", "subject, at, unit, type"),
)


def _grow_extents(connection: sqlite3.Connection, first: int) -> None:
    for relation, key, table, at in _EXTENTS:
        grow = with_names(_GROWN, key=key or "0", table=table, at=at)
        connection.execute(grow, {"relation": relation, **_written(first)})
        count = _unit_count(connection, relation, key, table, first)
        connection.execute(count, {"relation": relation, **_written(first)})


def _unit_count(connection: sqlite3.Connection, relation: str, key: str, table: str, first: int) -> str:
    """The statement that counts the units of each key: those that are new, or all where much is new."""
    if relation not in _UNITS_COUNTED:
        # No index would find the units that are new, and their number of facts bounds them.
        return _ROWS_AS_UNITS
    written = with_names("SELECT COUNT(*) FROM $table WHERE seq BETWEEN :first AND :last", table=table)
    (new,) = connection.execute(written, _written(first)).fetchone()
    (known,) = connection.execute("SELECT SUM(rows) FROM extents WHERE relation = ?", (relation,)).fetchone()
    return with_names(_ALL_UNITS if known and new * 4 > known else _NEW_UNITS, key=key, table=table)


# (relation, the column of its key, table, the column of the instant)
_EXTENTS: tuple[tuple[str, str, str, str], ...] = (
    ("attribute", "attribute", "attribute_facts", "at"),
    ("tag", "tag", "tag_facts", "at"),
    ("event", "type", "events", "at"),
    ("points", "", "points", "at"),
    ("coupon", "coupon", "coupon_facts", "at"),
    ("member", "", "members", "arrived"),
)
_UNITS_COUNTED = frozenset({"attribute", "tag"})
_GROWN = """
INSERT INTO extents (relation, key, rows, units, min_at, max_at, max_arrived, max_seq)
SELECT :relation, known, COUNT(*), 0, MIN(moment), MAX(moment), MAX(arrived), MAX(seq)
FROM (SELECT $key AS known, $at AS moment, arrived, seq FROM $table WHERE seq BETWEEN :first AND :last)
WHERE TRUE GROUP BY known
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


def _replace_temporary(connection: sqlite3.Connection, name: str, columns: str) -> None:
    connection.execute(with_names("DROP TABLE IF EXISTS temp.$name", name=name))
    connection.execute(with_names("CREATE TEMP TABLE $name ", name=name) + columns)
