"""Erasures in the log: that the member behind a pseudonym was erased, and when; never who it was."""

from __future__ import annotations

from collections.abc import Sequence

from .encoding import erasure_leaf
from .store import LogStore, leaf_count

_MEMBER = 0
_PSEUDONYM = "SELECT pseudonym FROM members WHERE unit = ?"
_INSERT = "INSERT INTO erasures (seq, unit, pseudonym, at, leaf) VALUES (?, ?, ?, ?, ?)"
_LEAVES = "UPDATE meta SET value = ? WHERE key = 'leaves'"
_ERASED = "SELECT at FROM erasures WHERE unit = ?"


def record_erasures(store: LogStore, units: Sequence[int], at: int) -> None:
    """Write that the members ``units`` are erased at ``at``, a leaf for each, before their rows go.

    Inside a write transaction.
    """
    connection = store.connection
    first = leaf_count(store)
    for seq, unit in enumerate(units, first):
        (pseudonym,) = connection.execute(_PSEUDONYM, (unit,)).fetchone()
        connection.execute(_INSERT, (seq, unit, pseudonym, at, erasure_leaf(seq, _MEMBER, pseudonym, at)))
    connection.execute(_LEAVES, (first + len(units),))


def erased_at(store: LogStore, unit: int) -> int | None:
    """Return when the member ``unit`` was erased, None where there is no word of it."""
    row = store.connection.execute(_ERASED, (unit,)).fetchone()
    return None if row is None else int(row[0])
