"""The private copy that a simulation plays on: made of the store as it stands, gone afterwards, however that comes.

The copy has a secret of its own and no notary, and is never handed to a channel.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from ..log.notary import NoNotary
from ..run.engine import RunSettings
from ..stores.sqlite.database import SqliteStore
from ..stores.sqlite.faults import store_faults

SECRET = bytes(32)
"""Makes the codes of coupons that nobody will ever hold."""
_PAGES = 4096
# Nobody needs the copy after a crash, and what fails ends the simulation. What runs undo themselves are temporary tables.
_CARELESS = ("PRAGMA synchronous = OFF", "PRAGMA main.journal_mode = OFF", "PRAGMA foreign_keys = OFF")


@dataclass(frozen=True, slots=True)
class Copy:
    """A store that only one simulation sees, and what its runs need."""

    store: SqliteStore
    settings: RunSettings

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection to the copy."""
        return self.store.connection

    @contextmanager
    def sorting_on_disk(self) -> Iterator[None]:
        """Keeps large sorts out of memory while the body runs; temporary tables are lost at its ends."""
        self.connection.execute("PRAGMA temp_store = FILE")
        try:
            yield
        finally:
            self.connection.execute("PRAGMA temp_store = MEMORY")


@contextmanager
def private_copy(source: SqliteStore, copied: Callable[[float], None] = lambda part: None) -> Iterator[Copy]:
    """A copy of a store, which may be read-only, in a folder that only its owner can enter; ``copied`` hears how far it is.

    Raises CannotRun where the store cannot be read or there is no room for the copy.
    """
    with TemporaryDirectory(prefix="qingting-simulate-") as name:
        path = Path(name) / "copy.db"
        with store_faults(path), closing(sqlite3.connect(path)) as target:
            target.execute("PRAGMA synchronous = OFF")
            source.connection.backup(
                target, pages=_PAGES, progress=lambda _, left, pages: copied(1 - left / pages if pages else 1.0)
            )
        with SqliteStore.open(path, writable=True) as store:
            for statement in _CARELESS:
                store.connection.execute(statement)
            yield Copy(store, RunSettings(SECRET, NoNotary(), ""))
