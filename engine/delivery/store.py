"""What delivery needs of a store."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from ..log.store import LogStore


class DeliveryStore(LogStore, Protocol):
    """A store with an outbox: write transactions and arrival numbers besides the log."""

    def transaction(self) -> AbstractContextManager[sqlite3.Connection]:
        """A write transaction: all of the block is stored, or nothing."""

    def take_seqs(self, count: int) -> range:
        """Give the next ``count`` arrival numbers; inside a write transaction."""


_FULL = 2


@contextmanager
def synced_transaction(store: DeliveryStore) -> Iterator[sqlite3.Connection]:
    """A write transaction that has reached the disk when the block is left, whatever the store's own setting."""
    connection = store.connection
    (before,) = connection.execute("PRAGMA synchronous").fetchone()
    # SQLite takes no bound parameters in a pragma, and the setting cannot change inside a transaction.
    connection.execute(_SYNCHRONOUS[max(before, _FULL)])
    try:
        with store.transaction() as connection:
            yield connection
    finally:
        connection.execute(_SYNCHRONOUS[before])


_SYNCHRONOUS = (
    "PRAGMA synchronous = OFF",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA synchronous = EXTRA",
)
