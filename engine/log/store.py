"""What the log needs of a store."""

from __future__ import annotations

import sqlite3
from typing import Protocol

from ...grammar.diagnostics import CannotRun


class LogStore(Protocol):
    """A store that holds a log: its connection and its identity."""

    @property
    def connection(self) -> sqlite3.Connection:
        """The open connection to the store."""

    @property
    def store_id(self) -> str:
        """The identity the store was given when it was made."""


def leaf_count(store: LogStore) -> int:
    """Return how many leaves the log has; the next record gets this number as its seq."""
    row = store.connection.execute("SELECT value FROM meta WHERE key = 'leaves'").fetchone()
    return whole_number(row[0]) if row else 0


def whole_number(value: object) -> int:
    """Return what the store says of a place in the log. Raises CannotRun D208 where that is no number."""
    if type(value) is not int or value < 0:
        raise CannotRun("D208")
    return value


def leaf_at(store: LogStore, seq: int) -> bytes | None:
    """Return the stored leaf hash with index ``seq``, of a record, a delivery or an erasure, or None."""
    row = store.connection.execute(_LEAF, {"seq": seq}).fetchone()
    return bytes(row[0]) if row else None


# What is archived leaves no leaf in its own table, or none that counts.
_LEAF = """
SELECT leaf FROM (
  SELECT leaf FROM dispatches WHERE seq = :seq UNION ALL SELECT leaf FROM deliveries WHERE seq = :seq
  UNION ALL SELECT leaf FROM erasures WHERE seq = :seq)
WHERE :seq >= (SELECT coalesce(max(stop), 0) FROM archives)
UNION ALL
SELECT substr(hashes, (:seq - first) * 32 + 1, 32) FROM archived_leaves
WHERE first <= :seq AND first >= :seq / 256 * 256 AND (:seq - first) * 32 < length(hashes)
"""
