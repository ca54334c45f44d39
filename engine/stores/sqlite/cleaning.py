"""Cleaning a store's file of what was deleted: a database keeps deleted rows in its free pages and its log until overwritten."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from .database import BUSY_SECONDS, SqliteStore
from .faults import store_faults

UNCLEAN = "unclean"


def overwrite_deleted(store: SqliteStore) -> None:
    """Let what this connection deletes from here on be overwritten with zeros; outside a transaction."""
    with store.guarded() as connection:
        connection.execute("PRAGMA secure_delete = ON")


def is_unclean(store: SqliteStore) -> bool:
    """Whether the file may still hold something of what was erased."""
    return store.meta(UNCLEAN) is not None


def clean_file(store: SqliteStore) -> bool:
    """Write the file anew without anything that was deleted, and empty its log; whether that could be done.

    It needs the file to itself for the end of it and, for a while, room for a copy. Where somebody goes on reading or
    writing, for some ten seconds, the answer is False. Raises CannotRun for a full disk and the like.
    """
    with store_faults(store.path), closing(_alone(store)) as connection:
        try:
            connection.execute("VACUUM")
            busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise
            return False
        if busy:
            return False
        connection.execute("DELETE FROM meta WHERE key = ?", (UNCLEAN,))
    return True


def _alone(store: SqliteStore) -> sqlite3.Connection:
    """A connection of its own, since the copy must not lie in memory as other temporary tables do."""
    uri = f"{store.path.resolve().as_uri()}?mode=rw"
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
    connection.execute("PRAGMA secure_delete = ON")
    return connection
