"""What is maintained, made anew from all facts that a store holds."""

from __future__ import annotations

import sqlite3

from .held import HELD_TABLES
from .identifiers import with_names
from .maintenance import maintain

_LAST_SEQ = 2**63 - 1
_EMPTIED = (*(table.held for table in HELD_TABLES), "coupons", "redpackets", "extents")
_BLANK = (
    "UPDATE groups SET name = id, owner = NULL, created = NULL",
    "UPDATE staff SET name = NULL, manager = NULL",
    "UPDATE members SET points = 0 WHERE points <> 0",
)


def rebuild(connection: sqlite3.Connection) -> None:
    """Make intervals, present values, balances, coupons, red packets and extents anew, inside a write transaction.

    Needed where facts have been taken out, which only ever happens in a copy.
    """
    for name in _EMPTIED:
        connection.execute(with_names("DELETE FROM $name", name=name))
    for statement in _BLANK:
        connection.execute(statement)
    for (attribute,) in connection.execute("SELECT attribute FROM attributes").fetchall():
        column = f"a{attribute:d}"
        connection.execute(
            with_names("UPDATE members SET $column = NULL WHERE $column IS NOT NULL", column=column)
        )
    maintain(connection, 0, _LAST_SEQ)
