"""What is maintained from the facts, brought up to date for the facts from one arrival number on.

Every function works on sets inside the caller's write transaction. ``first`` is the first arrival number of what was
written; since a run reserves :data:`RESERVED` numbers, what was written lies in [first, first + RESERVED), and what an
import brought while a run decided lies behind.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping

from ...program.ir import Library
from .database import RESERVED
from .extents import grow_extents
from .held import refresh_intervals, replace_temporary
from .identifiers import with_names
from .indexes import ensure_attribute_indexes


def maintain(connection: sqlite3.Connection, first: int, last: int | None = None) -> None:
    """Bring what is maintained up to date with the facts from ``first``: intervals, present values, balances, coupons,
    red packets, indexes and extents.

    ``last`` is the last arrival number of facts that stem from several writers. Exclusive groups are closed before, by
    :func:`close_exclusive`, because that writes facts.
    """
    written = _written(first, last)
    refresh_intervals(connection, written)
    _refresh_attributes(connection, written)
    connection.execute(_BALANCES, written)
    _refresh_coupons(connection, written)
    for statement in _RED_PACKETS + _DESCRIPTIONS:
        connection.execute(statement, written)
    types = connection.execute("SELECT DISTINCT type FROM events WHERE seq BETWEEN :first AND :last", written)
    for (event_type,) in types.fetchall():
        ensure_event_indexes(connection, event_type)
    grow_extents(connection, written)


def _written(first: int, last: int | None = None) -> dict[str, int]:
    return {"first": first, "last": first + RESERVED - 1 if last is None else last}


_BALANCES = """
UPDATE members SET points = (SELECT SUM(delta) FROM points AS p WHERE p.unit = members.unit)
WHERE unit IN (SELECT unit FROM points WHERE seq BETWEEN :first AND :last)
"""


def _refresh_attributes(connection: sqlite3.Connection, written: Mapping[str, int]) -> None:
    touched = "SELECT DISTINCT attribute FROM attribute_facts WHERE seq BETWEEN :first AND :last"
    for (attribute,) in connection.execute(touched, written).fetchall():
        update = with_names(_PRESENT_VALUE, column=f"a{attribute:d}")
        connection.execute(update, {"attribute": attribute, **written})
        ensure_attribute_indexes(connection, attribute)


_PRESENT_VALUE = """
UPDATE members SET $column = (
  SELECT value FROM attribute_facts AS f WHERE f.attribute = :attribute AND f.unit = members.unit
  ORDER BY f.at DESC, f.seq DESC LIMIT 1
) WHERE unit IN (SELECT unit FROM attribute_facts WHERE seq BETWEEN :first AND :last AND attribute = :attribute)
"""


def refresh_coupons(connection: sqlite3.Connection, first: int) -> None:
    """One row a code: who has it since when, and what became of it; the first fact of a code names its owner."""
    _refresh_coupons(connection, _written(first))


def _refresh_coupons(connection: sqlite3.Connection, written: Mapping[str, int]) -> None:
    for statement in _COUPONS:
        connection.execute(statement, written)


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


_RED_PACKETS = (
    "DELETE FROM redpackets WHERE code IN (SELECT code FROM redpacket_facts WHERE seq BETWEEN :first AND :last)",
    """
    INSERT INTO redpackets (code, redpacket, unit, amount, taken, issued, cancelled)
    SELECT code, redpacket, unit, MAX(amount), COALESCE(MIN(CASE WHEN kind <> 'cancelled' THEN at END), MIN(at)),
      MIN(CASE WHEN kind = 'issued' THEN at END), MIN(CASE WHEN kind = 'cancelled' THEN at END)
    FROM redpacket_facts WHERE code IN (SELECT code FROM redpacket_facts WHERE seq BETWEEN :first AND :last) GROUP BY code
    """,
)

_PRESENT_PROPERTY = """
UPDATE $table SET $property = COALESCE(
  (
    SELECT value FROM $facts AS f WHERE f.property = '$property' AND f.unit = $table.$number
    ORDER BY f.at DESC, f.seq DESC LIMIT 1
  ), $otherwise
) WHERE $number IN (SELECT unit FROM $facts WHERE seq BETWEEN :first AND :last AND +property = '$property')
"""
_DESCRIPTIONS = tuple(
    with_names(_PRESENT_PROPERTY, table=table, number=number, facts=facts, property=property_name, otherwise=otherwise)
    for table, number, facts, properties in (
        ("groups", "unit", "group_facts", (("name", "groups.id"), ("owner", "null"), ("created", "null"))),
        ("staff", "staff", "staff_facts", (("name", "null"), ("manager", "null"))),
    )
    for property_name, otherwise in properties
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
    take: Callable[[int], range], backfilled: bool, facts: str = "tag_facts", last: int | None = None,
) -> None:
    """Write the facts by which gaining a tag of an exclusive group takes the one held before.

    Also a tag gained at an earlier instant than what is there ends at the next gain of another of its group. Each
    of ``groups`` holds the numbers of its tags; ``take`` gives arrival numbers; ``facts`` is the table of the tags'
    facts, those of members or those of groups.
    """
    for group in groups:
        taken = with_names(_TAKEN, facts=facts, tags=", ".join(f"{tag:d}" for tag in sorted(group)))
        replace_temporary(connection, "new_taken", "(unit INTEGER, tag INTEGER, at INTEGER, arrived INTEGER)")
        connection.execute(taken, _written(first, last))
        (count,) = connection.execute("SELECT COUNT(*) FROM temp.new_taken").fetchone()
        seqs = take(count)
        connection.execute(
            with_names(_TAKE, facts=facts), (seqs.start - 1, int(backfilled)),
        )
        connection.execute("DROP TABLE temp.new_taken")


_TAKE = """
INSERT INTO $facts (seq, unit, tag, given, at, arrived, backfilled)
SELECT ? + ROW_NUMBER() OVER (ORDER BY at, unit, tag), unit, tag, 0, at, arrived, ? FROM temp.new_taken
"""
# Of two gains that follow one another within a group, the later ends the earlier, unless something ended it before.
_TAKEN = """
WITH touched AS (
  SELECT DISTINCT unit FROM $facts WHERE seq BETWEEN :first AND :last AND given = 1 AND tag IN ($tags)
), gains AS (
  SELECT f.unit, f.tag, f.at, f.arrived, LAG(f.tag) OVER w AS old_tag, LAG(f.at) OVER w AS old_at,
    LAG(f.seq) OVER w AS old_seq, LAG(f.arrived) OVER w AS old_arrived
  FROM touched AS t CROSS JOIN $facts AS f
  WHERE f.unit = t.unit AND f.tag IN ($tags) AND f.given = 1
  WINDOW w AS (PARTITION BY f.unit ORDER BY f.at, f.seq)
)
INSERT INTO temp.new_taken (unit, tag, at, arrived)
SELECT unit, old_tag, at, MAX(arrived, old_arrived) FROM gains AS g
WHERE old_tag <> tag AND NOT EXISTS (
  SELECT 1 FROM $facts AS k WHERE k.tag = g.old_tag AND k.unit = g.unit AND k.given = 0 AND k.at <= g.at
    AND (k.at > g.old_at OR (k.at = g.old_at AND k.seq > g.old_seq))
) AND EXISTS (
  SELECT 1 FROM $facts AS k WHERE k.tag = g.old_tag AND k.unit = g.unit AND k.given = 1 AND k.at <= g.old_at
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
