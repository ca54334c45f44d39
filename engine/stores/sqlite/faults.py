"""Which faults of SQLite are the environment's, and what they are called."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ....grammar.diagnostics import CannotRun

# Primary result codes of SQLite. Any other is a mistake of this program and is not translated.
_CODES = {
    sqlite3.SQLITE_NOTADB: "S304",
    sqlite3.SQLITE_CORRUPT: "S305",
    sqlite3.SQLITE_CANTOPEN: "S303",
    sqlite3.SQLITE_PERM: "S303",
    sqlite3.SQLITE_AUTH: "S303",
    sqlite3.SQLITE_READONLY: "S306",
    sqlite3.SQLITE_FULL: "S307",
    sqlite3.SQLITE_IOERR: "S307",
    sqlite3.SQLITE_BUSY: "S308",
    sqlite3.SQLITE_LOCKED: "S308",
    sqlite3.SQLITE_PROTOCOL: "S308",
    sqlite3.SQLITE_NOMEM: "S312",
    sqlite3.SQLITE_TOOBIG: "S313",
}


@contextmanager
def store_faults(path: Path) -> Iterator[None]:
    """Turn faults of the file, the disk or a lock into :class:`CannotRun` that names ``path``.

    Errors in SQL and broken constraints pass through, since they are mistakes of the program.
    """
    try:
        yield
    except sqlite3.Error as error:
        primary = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        code = _CODES.get(primary)
        if code is None:
            raise
        raise CannotRun(code, path=str(path), error=error.sqlite_errorname) from error
