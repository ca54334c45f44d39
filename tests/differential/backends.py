"""The databases that compiled conditions are run on: the store itself, and a copy of its rows in DuckDB."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from oracle.worlds import Coordinates
from qingting.engine.query.relations import Delta, Relations
from qingting.engine.stores.asof import AsOfRelations
from qingting.engine.stores.duckdb.dialect import DuckDbDialect
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.engine.stores.sqlite.relations import SqliteRelations

Rows = list[tuple[Any, ...]]


class Backend(Protocol):
    """A database that can be asked."""

    dialect: str

    def execute(self, sql: str, values: Mapping[str, int | str] | Sequence[int | str] = ()) -> Rows:
        """The rows of a statement."""

    def fill(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Runs a statement for each row."""

    def relations(self, at: Coordinates, low: int, high: int) -> Relations:
        """The as-of relations for evaluations with t in [low, high]."""


class SqliteBackend:
    """The store itself."""

    dialect = "sqlite"

    def __init__(self, store: SqliteStore) -> None:
        self.store = store

    def execute(self, sql: str, values: Mapping[str, int | str] | Sequence[int | str] = ()) -> Rows:
        """The rows of a statement."""
        return self.store.connection.execute(sql, values).fetchall()

    def fill(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Runs a statement for each row."""
        self.store.connection.executemany(sql, rows)

    def relations(self, at: Coordinates, low: int, high: int) -> Relations:
        """The as-of relations for evaluations with t in [low, high]."""
        return SqliteRelations(self.store, at.T, at.mark, low, high, None)


class DuckBackend:
    """The rows of a store in a DuckDB database in memory."""

    dialect = "duckdb"

    def __init__(self, store: SqliteStore) -> None:
        import duckdb

        self.connection = duckdb.connect(config={"threads": 1})
        for name, sql in store.connection.execute(_TABLES).fetchall():
            if not name.startswith("sqlite_") and name != "meta" and sql:
                self._copy(store, name)

    def _copy(self, store: SqliteStore, name: str) -> None:
        columns = store.connection.execute(f"PRAGMA table_info({name})").fetchall()
        kinds = {"INTEGER": "BIGINT", "TEXT": "VARCHAR", "BLOB": "BLOB"}
        types = [kinds.get(kind) or self._type_of(store, name, column) for _, column, kind, *_ in columns]
        fields = ", ".join(f'"{column[1]}" {kind}' for column, kind in zip(columns, types, strict=True))
        self.connection.execute(f"CREATE TABLE {name} ({fields})")
        rows = store.connection.execute(f"SELECT * FROM {name}").fetchall()
        if rows:
            self.fill(f"INSERT INTO {name} VALUES ({', '.join('?' * len(columns))})", rows)

    def _type_of(self, store: SqliteStore, table: str, column: str) -> str:
        """The type of a column that has none in SQLite: values of attributes and fields."""
        if column == "value":
            return "VARCHAR"
        names, key = ("attributes", "attribute") if table == "members" else ("fields", "field")
        query = f"SELECT type FROM {names} WHERE {key} = ?"
        return "VARCHAR" if store.connection.execute(query, (int(column[1:]),)).fetchone()[0] == "text" else "BIGINT"

    def execute(self, sql: str, values: Mapping[str, int | str] | Sequence[int | str] = ()) -> Rows:
        """The rows of a statement."""
        found: Rows = self.connection.execute(sql, values).fetchall()
        return found

    def fill(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Runs a statement for each row."""
        self.connection.executemany(sql, list(rows))

    def relations(self, at: Coordinates, low: int, high: int) -> Relations:
        """The as-of relations for evaluations with t in [low, high]."""
        return AsOfRelations(self.execute, DuckDbDialect(), at.T, at.mark, low, high, Delta())


_TABLES = "SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name"
