"""What a replay holds back of the facts that others brought: table by table, until they arrive once more.

Facts keep their arrival numbers, so that what they start bears the same name as it did. What the engine itself caused in the
time that is played again goes for good.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from ..stores.sqlite.identifiers import with_names

_MARKED = (
    "attribute_facts", "tag_facts", "events", "points", "coupon_facts", "friendship_facts", "group_facts", "staff_facts",
    "group_tag_facts", "group_member_facts", "removal_facts", "groups",
)
FACTS = ("members", "staff", "redpacket_facts", *_MARKED)
"""The tables of what has arrived, but for what staff have done; ``_MARKED`` say whether it was backfilled."""
TASK_FACTS = "task_facts"


@dataclass(frozen=True, slots=True)
class Cut:
    """Where history is cut: what has a greater arrival number than ``seq`` comes later; without one what arrived since ``start``.

    Decisions from the leaf ``leaf`` on are undone.
    """

    start: int
    leaf: int
    seq: int | None

    @property
    def values(self) -> dict[str, int | None]:
        """What statements about it bind."""
        return {"start": self.start, "leaf": self.leaf, "cut": self.seq}


def staged(facts: str) -> str:
    """The table that holds back what belongs into a table of facts."""
    return f"staged_{facts}"


def hold_back(connection: sqlite3.Connection, cut: Cut) -> int:
    """Moves what comes later into the staged tables.

    ``own_seqs`` holds the ranges of arrival numbers of the runs undone. Gives how many backfilled facts come in the
    replay, which treats them like any other.
    """
    for statement in _BY_DELIVERIES:
        connection.execute(statement, cut.values)
    anew = 0
    for facts in FACTS:
        names = {"facts": facts, "staged": staged(facts)}
        for statement in (_STAGE, _CUT_OFF):
            connection.execute(with_names(statement, **names), cut.values)
        if facts in _MARKED:
            anew += connection.execute(with_names(_MADE_NEW, **names), cut.values).rowcount
    names = {"facts": TASK_FACTS, "staged": staged(TASK_FACTS)}
    for statement in (_STAGE_TASKS, _CUT_OFF):
        connection.execute(with_names(statement, **names), cut.values)
    for facts in (*FACTS, TASK_FACTS):
        for column in ("arrived", "seq"):
            names = {"name": f"{staged(facts)}_{column}", "staged": staged(facts), "column": column}
            connection.execute(with_names("CREATE INDEX $name ON $staged ($column)", **names))
    return anew


# What became of coupons at a delivery has numbers like an import; it goes with the push that was delivered.
_BY_DELIVERIES = tuple(
    with_names(
        "DELETE FROM $facts WHERE cause >= :leaf AND cause IN (SELECT v.seq FROM deliveries v WHERE v.dispatch >= :leaf)",
        facts=facts,
    )
    for facts in ("coupon_facts", "redpacket_facts")
)
# A run keeps as many numbers each time, so that of the ranges that begin below a number the latest alone may hold it.
_STAGE = """
CREATE TABLE $staged AS SELECT * FROM $facts
WHERE (seq > :cut OR :cut IS NULL AND arrived >= :start)
  AND seq > coalesce((SELECT o.high FROM own_seqs o WHERE o.low <= seq ORDER BY o.low DESC LIMIT 1), -1)
"""
_CUT_OFF = """
DELETE FROM $facts
WHERE seq > :cut OR :cut IS NULL AND arrived >= :start
  OR seq <= coalesce((SELECT o.high FROM own_seqs o WHERE o.low <= seq ORDER BY o.low DESC LIMIT 1), -1)
"""
_MADE_NEW = "UPDATE $staged SET backfilled = 0 WHERE backfilled <> 0 AND arrived >= :start"
# The work that the replay gives stands under other numbers: it is known by its record's place in the log of decisions.
_STAGE_TASKS = """
CREATE TABLE $staged AS
SELECT f.seq, f.done, f.at, f.arrived, d.occurrence, d.step, d.kind, d.unit
FROM $facts f JOIN tasks k ON k.seq = f.task JOIN dispatches d ON d.seq = k.dispatch
WHERE f.seq > :cut OR :cut IS NULL AND f.arrived >= :start
"""
