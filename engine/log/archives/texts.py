"""The files beside archives, with what channels said: erasing in them what is of members who were erased."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

from ..store import LogStore
from .known import archived_stop, archived_stretches
from .writing import part_of, texts_beside, writing

UNFINISHED = "archiving"
"""The entry of the store's meta table that names the archive at work, so that what it left behind is found after a crash."""
_UNFINISHED = "SELECT value FROM meta WHERE key = 'archiving'"
_META = "SELECT key, value FROM meta"
_ERASED = "SELECT unit FROM erasures"
_FORGET = "DELETE FROM delivery_texts WHERE unit IN (SELECT value FROM json_each(:units))"


def forget_archived_texts(store: LogStore, folder: Path) -> tuple[str, ...]:
    """Erase what is private of all members who were ever erased, and return the files that could not be reached.

    ``folder`` is that of the store's file. Archives themselves hold nothing private and stay as they are.
    """
    remove_unfinished(store, folder)
    units = json.dumps([unit for (unit,) in store.connection.execute(_ERASED)])
    unreached = []
    for stretch in archived_stretches(store):
        path = texts_beside(stretch.place(folder))
        if stretch.private and not _forget(path, units):
            unreached.append(str(path))
    return tuple(unreached)


def remove_unfinished(store: LogStore, folder: Path) -> None:
    """Remove what is private that an archiving left behind which never came to its end; the store still has all of it.

    Whoever calls holds the run lock. Raises CannotRun D447 where it cannot be removed.
    """
    for (name,) in store.connection.execute(_UNFINISHED).fetchall():
        texts = texts_beside(folder / name)
        # Where the folder is none there is nothing left behind.
        with writing(texts), suppress(NotADirectoryError):
            part_of(texts).unlink(missing_ok=True)
            if _is_unfinished(texts, store):
                texts.unlink()


def _is_unfinished(path: Path, store: LogStore) -> bool:
    known: dict[str, object] = {}
    with suppress(OSError, sqlite3.Error):
        known = dict(_rows(path))
    first = known.get("first")
    return known.get("store_id") == store.store_id and isinstance(first, int) and first >= archived_stop(store)


def _rows(path: Path) -> Iterator[tuple[str, object]]:
    with closing(sqlite3.connect(f"{path.resolve(strict=True).as_uri()}?mode=ro", uri=True)) as connection:
        yield from connection.execute(_META)


def _forget(path: Path, units: str) -> bool:
    try:
        with closing(sqlite3.connect(f"{path.resolve(strict=True).as_uri()}?mode=rw", uri=True)) as connection, connection:
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute(_FORGET, {"units": units})
    except (OSError, sqlite3.Error):
        return False
    return True
