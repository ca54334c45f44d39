"""The schema of the store: made once, then migrated forward by visible steps."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from .migration_4 import delivery_texts_digest

SCHEMA = 4
_SCRIPT = Path(__file__).with_name("schema.sql")

# (version reached, step) in ascending order; a step runs inside the transaction that records its version.
Migration = tuple[int, Callable[[sqlite3.Connection], None]]


def _script(name: str, *functions: Callable[..., bytes]) -> Callable[[sqlite3.Connection], None]:
    """The step that runs a script beside this file, which never changes after its version is out, nor do its ``functions``."""

    def step(connection: sqlite3.Connection) -> None:
        for function in functions:
            connection.create_function(function.__name__, function.__code__.co_argcount, function, deterministic=True)
        for statement in statements(_SCRIPT.with_name(name).read_text(encoding="utf-8")):
            connection.execute(statement)

    return step


MIGRATIONS: tuple[Migration, ...] = (
    (2, _script("migration_2.sql")), (3, _script("migration_3.sql")), (4, _script("migration_4.sql", delivery_texts_digest)),
)


def create_schema(connection: sqlite3.Connection, store_id: str, started: int) -> bool:
    """Make the tables and the meta entries of a new store in one transaction; whether they were not there yet.

    ``connection`` is in autocommit. ``started`` is the instant from which the first run handles. A database with
    tables of its own is left as it is.
    """
    # sqlite-utils takes a third of a second to import, which only this rare path pays.
    import sqlite_utils

    database = sqlite_utils.Database(connection, recursive_triggers=False, execute_plugins=False)
    if database.table_names():
        return False
    database.enable_wal()
    with _write_lock(connection):
        made = not database.table_names()
        if made:
            for statement in statements(_SCRIPT.read_text(encoding="utf-8")):
                connection.execute(statement)
            connection.executemany("INSERT INTO meta (key, value) VALUES (?, ?)", _first_entries(store_id, started))
    return made


def _first_entries(store_id: str, started: int) -> tuple[tuple[str, str | int], ...]:
    return (
        ("store_id", store_id), ("schema", SCHEMA), ("started", started),
        ("last_seq", 0), ("next_seq", 1), ("leaves", 0),
    )


@contextmanager
def _write_lock(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def statements(script: str) -> list[str]:
    """The statements of an SQL script, in order; semicolons inside triggers do not divide."""
    found, pending = [], ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            found.append(pending.strip())
            pending = ""
    return found


def migrate(connection: sqlite3.Connection, version: int, steps: tuple[Migration, ...] = MIGRATIONS) -> None:
    """Bring a store of an older ``version`` forward, one transaction for each step.

    Each step looks at the version again under the write lock, so that two programs may migrate at once.
    """
    for reached, step in steps:
        if reached <= version:
            continue
        with _write_lock(connection):
            (present,) = connection.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()
            if present < reached:
                step(connection)
                connection.execute("UPDATE meta SET value = ? WHERE key = 'schema'", (reached,))
