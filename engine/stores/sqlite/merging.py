"""Merging ids that turn out to be one person: what is known of the old ids is told anew of the one that stays.

What is told arrives at the instant of the merge and starts nothing, so that looks at earlier instants find what they found then.
Every function works on sets inside the caller's transaction; ``merging`` is a temporary table (unit, target).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence

from .held import FRIENDSHIPS, GROUP_MEMBERS, replace_temporary
from .identifiers import with_names

Take = Callable[[int], range]
Bound = Mapping[str, int | None]


def targets(connection: sqlite3.Connection) -> dict[int, int]:
    """Return the unit that stands for each one that was merged."""
    return dict(connection.execute("SELECT unit, target FROM merges"))


def merge_units(
    connection: sqlite3.Connection, pairs: Sequence[tuple[int, int]], at: int, take: Take, exclusive: Sequence[Sequence[int]],
) -> None:
    """Merge each first unit into its second, which none of the pairs merges; the first are taken out at the instant ``at``.

    ``take`` gives arrival numbers; ``exclusive`` are the numbers of the tags of each exclusive group. What is maintained
    from facts is the caller's to bring up to date.
    """
    if not pairs:
        return
    replace_temporary(connection, "merging", "(unit INTEGER PRIMARY KEY, target INTEGER NOT NULL)")
    connection.executemany("INSERT INTO temp.merging VALUES (?, ?)", pairs)
    replace_temporary(connection, "merging_exclusive", "(tag INTEGER PRIMARY KEY, place INTEGER NOT NULL)")
    connection.executemany(
        "INSERT OR IGNORE INTO temp.merging_exclusive VALUES (?, ?)",
        [(tag, place) for place, group in enumerate(exclusive) for tag in group],
    )
    found = connection.execute("SELECT attribute FROM attributes WHERE name = 'inviter'").fetchone()
    telling = _Telling(connection, take, {"at": at, "inviter": None if found is None else found[0]})
    telling.tell("attribute_facts", "unit, attribute, value, at", _ATTRIBUTES)
    telling.tell("attribute_facts", "unit, attribute, value, at", _INVITED)
    telling.tell("tag_facts", "unit, tag, given, at, expires", _TAGS)
    telling.tell("points", "unit, delta, reason, at", _POINTS)
    for table in (FRIENDSHIPS, GROUP_MEMBERS):
        telling.tell(table.facts, f"{table.key}, unit, given, at", with_names(_HELD, **table.names))
    _tell_events(telling)
    _move_given(telling)
    telling.tell("removal_facts", "unit, given, at", _OUT)
    for statement in _KEEP:
        connection.execute(statement, {"at": at})
    for name in ("merging", "merging_exclusive"):
        connection.execute(with_names("DROP TABLE temp.$name", name=name))


class _Telling:
    """Writes facts that arrive with the merge, numbered in the order of those that they repeat."""

    def __init__(self, connection: sqlite3.Connection, take: Take, values: Bound) -> None:
        self.connection = connection
        self._take = take
        self.values = values

    def tell(self, table: str, columns: str, select: str, *, backfilled: bool = True) -> None:
        """Write what ``select`` finds, with its ``columns`` and ``place``, the order, into ``table``."""
        self.connection.execute("CREATE TEMP TABLE merging_told AS " + select, self.values)
        (count,) = self.connection.execute("SELECT count(*) FROM temp.merging_told").fetchone()
        before = self._take(count).start - 1
        insert = _INSERT if backfilled else _INSERT_PLAIN
        self.connection.execute(
            with_names(insert, table=table, columns=columns), {"before": before, "at": self.values["at"]}
        )
        self.connection.execute("DROP TABLE temp.merging_told")


_INSERT = """
INSERT INTO $table (seq, $columns, arrived, backfilled)
SELECT :before + ROW_NUMBER() OVER (ORDER BY place), $columns, :at, 1 FROM temp.merging_told
"""
_INSERT_PLAIN = """
INSERT INTO $table (seq, $columns, arrived)
SELECT :before + ROW_NUMBER() OVER (ORDER BY place), $columns, :at FROM temp.merging_told
"""
# The latest value of all old ids, where the id that stays has none. Nobody invited themselves.
_ATTRIBUTES = """
WITH said AS (
  SELECT g.target, f.unit, f.attribute, f.value, f.at, f.seq,
    ROW_NUMBER() OVER (PARTITION BY f.unit, f.attribute ORDER BY f.at DESC, f.seq DESC) AS nth
  FROM temp.merging g CROSS JOIN attributes n CROSS JOIN attribute_facts f
  WHERE f.attribute = n.attribute AND f.unit = g.unit
), known AS (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY target, attribute ORDER BY at DESC, seq DESC) AS choice
  FROM said WHERE nth = 1 AND value IS NOT NULL
)
SELECT k.seq AS place, k.target AS unit, k.attribute, k.value, k.at FROM known k
WHERE k.choice = 1 AND NOT (k.attribute IS :inviter AND k.value IN (
    SELECT m.id FROM members m WHERE m.unit = k.target OR m.unit IN (SELECT o.unit FROM temp.merging o WHERE o.target = k.target)))
  AND (SELECT t.value FROM attribute_facts t WHERE t.attribute = k.attribute AND t.unit = k.target
       ORDER BY t.at DESC, t.seq DESC LIMIT 1) IS NULL
"""
# Whom the old ids invited was invited by the one that stays.
_INVITED = """
WITH named AS (
  SELECT m.id, g.target FROM temp.merging g JOIN members m ON m.unit = g.unit
), said AS (
  SELECT f.unit, f.value, f.at, f.seq, ROW_NUMBER() OVER (PARTITION BY f.unit ORDER BY f.at DESC, f.seq DESC) AS nth
  FROM attribute_facts f WHERE f.attribute = :inviter AND f.unit IN (
    SELECT x.unit FROM attribute_facts x WHERE x.attribute = :inviter AND x.value IN (SELECT n.id FROM named n))
)
SELECT s.seq AS place, s.unit, :inviter AS attribute, (SELECT m.id FROM members m WHERE m.unit = n.target) AS value, s.at
FROM said s JOIN named n ON n.id = s.value
WHERE s.nth = 1 AND s.unit <> n.target AND s.unit NOT IN (SELECT g.unit FROM temp.merging g)
"""
_TAGS = """
SELECT min(h.seq) AS place, g.target AS unit, h.tag, 1 AS given, min(h.since) AS at,
  nullif(max(h.until), 9223372036854775807) AS expires
FROM temp.merging g CROSS JOIN tags n CROSS JOIN member_tags h
WHERE h.tag = n.tag AND h.unit = g.unit AND h.since <= :at AND h.until > :at
  AND NOT EXISTS (
    SELECT 1 FROM member_tags o WHERE o.tag = h.tag AND o.unit = g.target AND o.since <= :at AND o.until > :at)
  AND NOT EXISTS (
    SELECT 1 FROM temp.merging_exclusive x JOIN temp.merging_exclusive y ON y.place = x.place
    JOIN member_tags o ON o.tag = y.tag AND o.unit = g.target AND o.since <= :at AND o.until > :at
    WHERE x.tag = h.tag)
GROUP BY g.target, h.tag
"""
_POINTS = """
SELECT p.seq AS place, g.target AS unit, p.delta, p.reason, p.at
FROM temp.merging g CROSS JOIN points p WHERE p.unit = g.unit
"""
# Staff 0 follows from the attribute `joined`.
_HELD = """
SELECT min(h.seq) AS place, h.$key, g.target AS unit, 1 AS given, min(h.since) AS at
FROM temp.merging g CROSS JOIN $held h
WHERE h.unit = g.unit AND h.$key <> 0 AND h.since <= :at AND h.until > :at
  AND NOT EXISTS (
    SELECT 1 FROM $held o WHERE o.$key = h.$key AND o.unit = g.target AND o.since <= :at AND o.until > :at)
GROUP BY g.target, h.$key
"""


def _tell_events(telling: _Telling) -> None:
    """Repeat the events under ids of their own; each type has an index by unit."""
    connection = telling.connection
    fields = [f"f{number:d}" for (number,) in connection.execute("SELECT field FROM fields ORDER BY field").fetchall()]
    columns = ", ".join(("id", "type", "unit", "at", "subject", "amount", *fields))
    said = ", ".join(("type", "at", "subject", "amount", *fields))
    for (kind,) in connection.execute("SELECT type FROM event_types ORDER BY type").fetchall():
        telling.tell("events", columns, with_names(_EVENTS, said=said, kind=f"{kind:d}"))


_EVENTS = """
SELECT e.seq AS place, 'merged:' || e.id AS id, g.target AS unit, $said
FROM temp.merging g CROSS JOIN (SELECT seq, id, unit AS whose, $said FROM events WHERE type = $kind) e
WHERE e.whose = g.unit AND NOT EXISTS (SELECT 1 FROM events o WHERE o.id = 'merged:' || e.id)
"""


def _move_given(telling: _Telling) -> None:
    """Let coupons and red packets that were issued belong to the id that stays, under their codes.

    The old id keeps what it had until the merge, under another code that is given back then, so that none counts twice.
    """
    for facts, kept, key, columns, has_source in (
        ("coupon_facts", "coupons", "coupon", "code, coupon, unit, kind, at, expires, cause", True),
        ("redpacket_facts", "redpackets", "redpacket", "code, redpacket, unit, kind, amount, at, cause", False),
    ):
        names = {"facts": facts, "kept": kept, "key": key, "columns": columns}
        said = columns.removeprefix("code, ").replace("unit, ", "")
        telling.connection.execute(with_names(_MOVED, **names))
        telling.connection.execute(with_names(_RENAME, **names))
        telling.tell(facts, columns, with_names(_ISSUED, said=said, **names), backfilled=has_source)
        amount = "" if has_source else "amount, "
        ended = ("code", key, "unit", "kind", *(["amount"] if amount else []), "at")
        ending = _ENDED if has_source else _ENDED_PACKETS
        telling.tell(facts, ", ".join(ended), with_names(ending, **names), backfilled=has_source)
        telling.connection.execute("DROP TABLE temp.merging_codes")


_MOVED = """
CREATE TEMP TABLE merging_codes AS
SELECT c.code, 'merged:' || g.unit || ':' || c.code AS old, g.unit, g.target, c.$key
FROM temp.merging g CROSS JOIN (SELECT DISTINCT $key AS kind FROM $kept) k CROSS JOIN $kept c
WHERE c.$key = k.kind AND c.unit = g.unit AND c.issued IS NOT NULL AND c.cancelled IS NULL
"""
_RENAME = """
UPDATE $facts SET code = (SELECT m.old FROM temp.merging_codes m WHERE m.code = $facts.code)
WHERE code IN (SELECT m.code FROM temp.merging_codes m)
"""
_ISSUED = """
SELECT f.seq AS place, m.code, m.target AS unit, $said
FROM (SELECT code, old, target FROM temp.merging_codes) m CROSS JOIN (SELECT seq, code AS said, $said FROM $facts) f
WHERE f.said = m.old
"""
_ENDED = "SELECT code AS place, old AS code, $key, unit, 'cancelled' AS kind, :at AS at FROM temp.merging_codes"
_ENDED_PACKETS = """
SELECT m.code AS place, m.old AS code, m.$key, m.unit, 'cancelled' AS kind, c.amount, :at AS at
FROM temp.merging_codes m JOIN $kept c ON c.code = m.code
"""
_OUT = """
SELECT g.unit AS place, g.unit, 1 AS given, :at AS at FROM temp.merging g
WHERE coalesce((SELECT r.given FROM removal_facts r WHERE r.unit = g.unit ORDER BY r.at DESC, r.seq DESC LIMIT 1), 0) = 0
"""
_KEEP = (
    """
    UPDATE merges SET target = (SELECT g.target FROM temp.merging g WHERE g.unit = merges.target)
    WHERE target IN (SELECT g.unit FROM temp.merging g)
    """,
    "INSERT INTO merges (unit, target, at) SELECT unit, target, :at FROM temp.merging",
)
