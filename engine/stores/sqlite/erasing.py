"""Forgetting persons: every fact about them goes, and what they were given stays as given to nobody.

Every function works on sets inside the caller's transaction. ``units`` are members; statements find them in a temporary table.
Leaves of the log are not touched: they know them by pseudonyms alone. What channels said of them, and the digests of their texts,
stand beside the log and go.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from .held import replace_temporary
from .identifiers import with_names

ERASED = "erased"

_PERSON = """
SELECT p.unit FROM (
  SELECT coalesce(g.target, m.unit) AS target FROM members m LEFT JOIN merges g ON g.unit = m.unit WHERE m.id = :id) t
JOIN members p ON p.unit = t.target OR p.unit IN (SELECT g.unit FROM merges g WHERE g.target = t.target)
ORDER BY p.unit
"""


def units_of_person(connection: sqlite3.Connection, member: str) -> tuple[int, ...]:
    """Return the units of the person with an outside id, with those merged with it; nothing where nobody has it."""
    return tuple(int(unit) for (unit,) in connection.execute(_PERSON, {"id": member}))


def _place(connection: sqlite3.Connection, units: Sequence[int]) -> None:
    replace_temporary(connection, "erasing", "(unit INTEGER PRIMARY KEY)")
    connection.executemany("INSERT INTO temp.erasing VALUES (?)", [(unit,) for unit in units])


# Which facts go, by their tables; what is maintained from them goes with them. The columns lead the indexes by unit.
_FACTS = (
    ("attributes", "attribute_facts", "attribute", "attributes"), ("tags", "tag_facts", "tag", "tags"),
    ("coupons", "coupons", "coupon", "coupon_kinds"), ("redpackets", "redpackets", "redpacket", "redpacket_kinds"),
)
_COUNT_KEYED = """
SELECT count(*) FROM $table WHERE $key IN (SELECT n.$key FROM $names n) AND unit IN (SELECT e.unit FROM temp.erasing e)
"""
_COUNT = "SELECT count(*) FROM $table WHERE unit IN (SELECT e.unit FROM temp.erasing e)"
_COUNTED: Mapping[str, str] = MappingProxyType({
    **{what: with_names(_COUNT_KEYED, table=table, key=key, names=names) for what, table, key, names in _FACTS},
    **{
        what: with_names(_COUNT, table=table)
        for what, table in (
            ("events", "events"), ("points", "points"), ("friendships", "friendship_facts"), ("groups", "group_member_facts"),
        )
    },
    "tasks": "SELECT count(*) FROM tasks WHERE unit_kind = 0 AND unit IN (SELECT e.unit FROM temp.erasing e)",
    "invited": """
      SELECT count(*) FROM attribute_facts f
      WHERE f.attribute = (SELECT a.attribute FROM attributes a WHERE a.name = 'inviter')
        AND f.value IN (SELECT m.id FROM members m JOIN temp.erasing e ON e.unit = m.unit)
        AND f.unit NOT IN (SELECT e.unit FROM temp.erasing e)""",
    "journeys": """
      SELECT count(*) FROM enrolments WHERE kind = 0 AND ended IS NULL AND unit IN (SELECT e.unit FROM temp.erasing e)""",
    "messages": """
      SELECT count(*) FROM outbox b JOIN dispatches d ON d.seq = b.dispatch
      WHERE d.kind = 0 AND d.unit IN (SELECT e.unit FROM temp.erasing e)""",
    "answers": """
      SELECT count(*) FROM temp.erasing e CROSS JOIN dispatches d CROSS JOIN deliveries v CROSS JOIN delivery_texts p
      WHERE d.unit = e.unit AND d.kind = 0 AND v.dispatch = d.seq AND p.seq = v.seq""",
    "records": "SELECT count(*) FROM dispatches WHERE kind = 0 AND unit IN (SELECT e.unit FROM temp.erasing e)",
})


def count_known(connection: sqlite3.Connection, units: Sequence[int]) -> Mapping[str, int]:
    """Return how much the store knows of the members: facts of each kind, and last the log's records, which stay.

    ``invited`` are the others who name them as inviter, ``messages`` those that wait in the outbox, ``answers`` the
    deliveries of which a channel's words or a text's digest are kept, ``journeys`` the open ones.
    """
    _place(connection, units)
    return {what: int(connection.execute(count).fetchone()[0]) for what, count in _COUNTED.items()}


# The facts of a code stay for stock and budgets: who took it is told by nothing but a number, and it starts nothing.
_GIVEN = tuple(
    with_names(statement, facts=facts, kept=kept, key=key, names=names)
    for facts, kept, key, names in (
        ("coupon_facts", "coupons", "coupon", "coupon_kinds"), ("redpacket_facts", "redpackets", "redpacket", "redpacket_kinds"),
    )
    for statement in (
        """
        CREATE TEMP TABLE erasing_codes AS
        SELECT code, 'erased:' || (SELECT min(f.seq) FROM $facts f WHERE f.code = c.code) AS anonymous
        FROM $kept c WHERE c.$key IN (SELECT n.$key FROM $names n) AND c.unit IN (SELECT e.unit FROM temp.erasing e)
        """,
        """
        UPDATE $facts SET code = (SELECT e.anonymous FROM temp.erasing_codes e WHERE e.code = $facts.code)
        WHERE code IN (SELECT e.code FROM temp.erasing_codes e)
        """,
        """
        UPDATE $kept SET code = (SELECT e.anonymous FROM temp.erasing_codes e WHERE e.code = $kept.code)
        WHERE code IN (SELECT e.code FROM temp.erasing_codes e)
        """,
        "DROP TABLE temp.erasing_codes",
    )
)
_LIFELESS = (
    "UPDATE coupon_facts SET expires = NULL, backfilled = 1 WHERE unit IN (SELECT e.unit FROM temp.erasing e)",
    "UPDATE coupons SET expires = NULL WHERE unit IN (SELECT e.unit FROM temp.erasing e)",
)
_UNNAMED = """
UPDATE attribute_facts SET value = NULL
WHERE attribute = :inviter AND value IN (SELECT m.id FROM members m JOIN temp.erasing e ON e.unit = m.unit)
"""
_UNNAMED_NOW = """
UPDATE members SET $column = NULL
WHERE $column IN (SELECT m.id FROM members m JOIN temp.erasing e ON e.unit = m.unit)
"""
_FORGET_KEYED = """
DELETE FROM $table WHERE $key IN (SELECT n.$key FROM $names n) AND unit IN (SELECT e.unit FROM temp.erasing e)
"""
_FORGET = "DELETE FROM $table WHERE unit IN (SELECT e.unit FROM temp.erasing e)"
_FORGOTTEN = (
    """
    DELETE FROM delivery_texts WHERE seq IN (
      SELECT v.seq FROM temp.erasing e CROSS JOIN dispatches d CROSS JOIN deliveries v
      WHERE d.unit = e.unit AND d.kind = 0 AND v.dispatch = d.seq)
    """,
    """
    DELETE FROM task_facts WHERE task IN (
      SELECT k.seq FROM tasks k WHERE k.unit_kind = 0 AND k.unit IN (SELECT e.unit FROM temp.erasing e))
    """,
    "DELETE FROM tasks WHERE unit_kind = 0 AND unit IN (SELECT e.unit FROM temp.erasing e)",
    *(
        with_names(_FORGET_KEYED, table=table, key=key, names=names)
        for table, key, names in (
            ("attribute_facts", "attribute", "attributes"), ("tag_facts", "tag", "tags"), ("member_tags", "tag", "tags"),
        )
    ),
    *(
        with_names(_FORGET, table=table)
        for table in (
            "events", "points", "friendship_facts", "friendships", "group_member_facts", "group_members", "removal_facts",
            "merges", "members",
        )
    ),
)
_END = """
UPDATE enrolments SET ended = :at, why = :why, due = NULL, position = NULL
WHERE kind = 0 AND ended IS NULL AND unit IN (SELECT e.unit FROM temp.erasing e)
"""


def forget(connection: sqlite3.Connection, units: Sequence[int], at: int) -> None:
    """Delete every fact about the members ``units``, and who they are; their journeys end at ``at``."""
    _place(connection, units)
    for statement in (*_GIVEN, *_LIFELESS):
        connection.execute(statement)
    for (inviter,) in connection.execute("SELECT attribute FROM attributes WHERE name = 'inviter'").fetchall():
        connection.execute(_UNNAMED, {"inviter": inviter})
        connection.execute(with_names(_UNNAMED_NOW, column=f"a{inviter:d}"))
    connection.execute(_END, {"at": at, "why": ERASED})
    for statement in _FORGOTTEN:
        connection.execute(statement)
    connection.execute("DROP TABLE temp.erasing")
