"""The file behind a store: opening, creating, transactions, arrival numbers and interned names."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from ....grammar.diagnostics import CannotRun
from ...program.ir import Library
from ...program_log import note
from . import names
from .faults import store_faults
from .schema import SCHEMA, create_schema, migrate

# How many arrival numbers a run keeps for its own facts.
RESERVED = 2**32
BUSY_SECONDS = 10.0
_CACHE_KIB = 131_072


class SqliteStore:
    """A member store in one SQLite file.

    The connection is in autocommit; every write stands between :meth:`transaction`'s begin and commit. A store
    opened for looking cannot write its file, but can have temporary tables. Faults of the file, the disk and locks
    are :class:`CannotRun`.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection, writable: bool) -> None:
        self.path = path
        self.connection = connection
        self.writable = writable

    # Opening and closing

    @classmethod
    def open(cls, path: Path, *, writable: bool = False) -> SqliteStore:
        """Open the store at ``path``; one opened for writing is migrated to this program's schema.

        Raises CannotRun if there is none, if it cannot be used so, or if a newer program made it.
        """
        _check_file(path, writable)
        with store_faults(path):
            connection = _connect(path, "rw" if writable else _reading_mode(path))
            try:
                _check_schema(path, connection, writable)
            except BaseException:
                connection.close()
                raise
        return cls(path, connection, writable)

    @classmethod
    def create(cls, path: Path, *, at: int, random_bytes: Callable[[int], bytes]) -> SqliteStore:
        """Make a store at ``path`` that starts at the instant ``at``, and open it for writing.

        An empty file is taken as no store. Raises CannotRun where a store is there already, or none can be made.
        """
        store, made = cls._make(path, at, random_bytes)
        if not made:
            store.close()
            raise CannotRun("S315", path=str(path))
        return store

    @classmethod
    def open_or_create(
        cls, path: Path, *, at: int, random_bytes: Callable[[int], bytes]
    ) -> tuple[SqliteStore, bool]:
        """Open the store at ``path`` for writing, made first where there is none; and whether it was made."""
        try:
            return cls.open(path, writable=True), False
        except CannotRun as error:
            blank = error.code == "S309" and error.params["tables"] == 0
            if error.code != "S301" and not blank:
                raise
        return cls._make(path, at, random_bytes)

    @classmethod
    def _make(cls, path: Path, at: int, random_bytes: Callable[[int], bytes]) -> tuple[SqliteStore, bool]:
        claimed = _claim(path)
        try:
            with store_faults(path):
                connection = _connect(path, "rw")
                try:
                    made = create_schema(connection, random_bytes(16).hex(), at)
                    _check_schema(path, connection, writable=True)
                except BaseException:
                    connection.close()
                    raise
        except BaseException:
            if claimed:
                _remove(path)
            raise
        return cls(path, connection, writable=True), made

    def close(self) -> None:
        """Close the file; what an open transaction wrote is dropped."""
        with store_faults(self.path):
            self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Transactions

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A write transaction: all of the block is stored, or, if it raises, nothing."""
        with store_faults(self.path):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.connection
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """A read transaction: all statements of the block see one state of the store."""
        with store_faults(self.path):
            self.connection.execute("BEGIN")
            try:
                yield self.connection
            finally:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")

    @contextmanager
    def guarded(self) -> Iterator[sqlite3.Connection]:
        """The connection, with faults of the environment turned into CannotRun."""
        with store_faults(self.path):
            yield self.connection

    # Meta

    def meta(self, key: str) -> int | str | None:
        """The entry ``key`` of the store's meta table, None where it is absent."""
        with store_faults(self.path):
            row = self.connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        value: int | str | None = None if row is None else row[0]
        return value

    def set_meta(self, key: str, value: int | str) -> None:
        """Set an entry of the meta table; inside a transaction where it belongs to other writes."""
        upsert = "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
        with store_faults(self.path):
            self.connection.execute(upsert, (key, value))

    def _number(self, key: str) -> int:
        return int(self.meta(key) or 0)

    @property
    def store_id(self) -> str:
        """The random text that tells this store from all others."""
        return str(self.meta("store_id"))

    @property
    def started(self) -> int:
        """The instant from which the first run handles."""
        return self._number("started")

    @property
    def last_seq(self) -> int:
        """The last arrival number in use, 0 in an empty store."""
        return self._number("last_seq")

    @property
    def next_seq(self) -> int:
        """The next arrival number to give."""
        return self._number("next_seq")

    @property
    def last_run(self) -> int | None:
        """The instant of the last run, None before the first."""
        value = self.meta("last_run")
        return None if value is None else int(value)

    @property
    def settled(self) -> int | None:
        """The instant up to which all counts as done since the store was put back, None for one that never was."""
        value = self.meta("settled")
        return None if value is None else int(value)

    # Arrival numbers

    def take_seqs(self, count: int) -> range:
        """Give the next ``count`` arrival numbers; inside a write transaction."""
        assert self.connection.in_transaction, "arrival numbers are given under the write lock"
        first = self.next_seq
        if count > 0:
            self.set_meta("next_seq", first + count)
            self.set_meta("last_seq", first + count - 1)
        return range(first, first + count)

    def reserve_for_run(self) -> int:
        """Return the mark of a run that begins now, and keep the 2**32 numbers behind it for that run.

        Facts that others bring meanwhile get later numbers. A run that dies and is begun again, with nothing
        imported between, gets the same mark.
        """
        with self.transaction():
            mark = self.last_seq
            self.set_meta("next_seq", max(self.next_seq, mark + 1 + RESERVED))
        return mark

    def use_seqs(self, last: int) -> None:
        """Note that numbers up to ``last`` are in use, after a run has written its own facts; inside a transaction."""
        self.set_meta("last_seq", max(self.last_seq, last))
        self.set_meta("next_seq", max(self.next_seq, last + 1))

    # Names

    def declare(self, library: Library) -> None:
        """Intern every name of ``library``, inside the present transaction or one of its own."""
        if self.connection.in_transaction:
            with store_faults(self.path):
                names.declare(self.connection, library)
            return
        with self.transaction():
            names.declare(self.connection, library)

    def attribute_number(self, name: str) -> int | None:
        """The number of an attribute (its column is ``a<number>``), None where the store has not met it."""
        return self._lookup(names.ATTRIBUTES.names, name)

    def field_number(self, name: str) -> int | None:
        """The number of an event field (its column is ``f<number>``), None where the store has not met it."""
        return self._lookup(names.FIELDS.names, name)

    def event_number(self, name: str) -> int | None:
        """The number of an event type, None where the store has not met it."""
        return self._lookup(names.EVENT_TYPES, name)

    def tag_number(self, name: str) -> int | None:
        """The number of a tag, None where the store has not met it."""
        return self._lookup(names.TAGS, name)

    def coupon_number(self, name: str) -> int | None:
        """The number of a coupon, None where the store has not met it."""
        return self._lookup(names.COUPONS, name)

    def redpacket_number(self, name: str) -> int | None:
        """The number of a red packet, None where the store has not met it."""
        return self._lookup(names.REDPACKETS, name)

    def attributes(self) -> Mapping[str, int]:
        """Every attribute the store knows, with its number."""
        return self._all(names.ATTRIBUTES.names)

    def fields(self) -> Mapping[str, int]:
        """Every event field the store knows, with its number."""
        return self._all(names.FIELDS.names)

    def events(self) -> Mapping[str, int]:
        """Every event type the store knows, with its number."""
        return self._all(names.EVENT_TYPES)

    def tags(self) -> Mapping[str, int]:
        """Every tag the store knows, with its number."""
        return self._all(names.TAGS)

    def coupons(self) -> Mapping[str, int]:
        """Every coupon the store knows, with its number."""
        return self._all(names.COUPONS)

    def redpackets(self) -> Mapping[str, int]:
        """Every red packet the store knows, with its number."""
        return self._all(names.REDPACKETS)

    def _lookup(self, table: names.NameTable, name: str) -> int | None:
        with store_faults(self.path):
            return table.number_of(self.connection, name)

    def _all(self, table: names.NameTable) -> Mapping[str, int]:
        with store_faults(self.path):
            return table.numbers(self.connection)


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    uri = f"{path.resolve().as_uri()}?mode={mode}"
    connection = sqlite3.connect(
        uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    except BaseException:
        connection.close()
        raise
    return connection


def _reading_mode(path: Path) -> str:
    """How to open for looking: where the folder cannot take the files beside a WAL store, as one nobody writes."""
    log = path.with_name(path.name + "-wal")
    if os.access(path.parent, os.W_OK) or log.exists():
        return "ro"
    return "ro&immutable=1"


def _check_file(path: Path, writable: bool) -> None:
    try:
        kind = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise CannotRun("S301", path=str(path)) from None
    # A folder on the way that may not be entered, a name too long or with a NUL character.
    except (OSError, ValueError) as error:
        raise CannotRun("S303", path=str(path), error=str(getattr(error, "strerror", None) or error)) from error
    if stat.S_ISDIR(kind):
        raise CannotRun("S302", path=str(path))
    if not os.access(path, os.R_OK):
        raise CannotRun("S303", path=str(path), error="EACCES")
    if writable and not os.access(path, os.W_OK):
        raise CannotRun("S306", path=str(path), error="EACCES")


def _check_schema(path: Path, connection: sqlite3.Connection, writable: bool) -> None:
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    known = "meta" in tables
    row = connection.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone() if known else None
    if row is None or not isinstance(row[0], int):
        raise CannotRun("S309", path=str(path), tables=len(tables))
    version = row[0]
    if version > SCHEMA:
        raise CannotRun("S310", path=str(path), store=version, program=SCHEMA)
    if version < SCHEMA:
        if not writable:
            raise CannotRun("S314", path=str(path), store=version, program=SCHEMA)
        migrate(connection, version)
        note("store.migrated", schema=SCHEMA, former=version)


def _claim(path: Path) -> bool:
    """Make an empty file unless there is one; whether it was made."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o644))
    except FileExistsError:
        _check_file(path, writable=True)
        return False
    except (OSError, ValueError) as error:
        raise CannotRun("S316", path=str(path), error=str(getattr(error, "strerror", None) or error)) from error
    return True


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
