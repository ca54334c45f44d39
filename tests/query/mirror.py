"""The tables of a SQLite store in DuckDB, row by row, so that the same conditions can be asked there."""

from __future__ import annotations

import duckdb
from qingting.engine.query.frame_table import FrameTable
from qingting.engine.query.frames import FramePlan
from qingting.engine.query.relations import Delta
from qingting.engine.query.statements import Query, render
from qingting.engine.stores.asof import AsOfRelations
from qingting.engine.stores.duckdb.dialect import DuckDbDialect
from qingting.engine.stores.sqlite.database import SqliteStore

TYPES = {"INTEGER": "BIGINT", "TEXT": "VARCHAR", "BLOB": "BLOB"}
TEXT = "text"


class DuckDbMirror:
    """A copy in memory of what a store held when this was made."""

    def __init__(self, store: SqliteStore) -> None:
        self.connection = duckdb.connect()
        names = store.connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        texts = self._texts(store)
        for (name,) in names:
            self._copy(store, name, texts)

    def _texts(self, store: SqliteStore) -> set[tuple[str, str]]:
        """The columns of attributes and fields that hold text."""
        found = set()
        for table, prefix, names in (("members", "a", "attributes"), ("events", "f", "fields")):
            for number, kind in store.connection.execute(f"SELECT {names[:-1]}, type FROM {names}"):
                if kind == TEXT:
                    found.add((table, f"{prefix}{number}"))
        return found

    def _copy(self, store: SqliteStore, name: str, texts: set[tuple[str, str]]) -> None:
        columns = []
        for _, column, kind, *_ in store.connection.execute(f"PRAGMA table_info({name})").fetchall():
            if kind:
                columns.append(f'"{column}" {TYPES[kind]}')
            else:
                untyped = (name, column) in texts or column == "value"
                columns.append(f'"{column}" {"VARCHAR" if untyped else "BIGINT"}')
        self.connection.execute(f'CREATE TABLE "{name}" ({", ".join(columns)})')
        rows = store.connection.execute(f'SELECT * FROM "{name}"').fetchall()
        if rows:
            places = ", ".join("?" * len(columns))
            self.connection.executemany(f'INSERT INTO "{name}" VALUES ({places})', rows)

    def relations(self, at: int, mark: int, t_low: int, t_high: int, delta: Delta | None = None) -> AsOfRelations:
        """The views of the copy."""

        def rows(sql: str, values: tuple[int | str, ...]) -> list[tuple[int | str, ...]]:
            return self.connection.execute(sql, values).fetchall()

        return AsOfRelations(rows, DuckDbDialect(), at, mark, t_low, t_high, delta or Delta())

    def fill_frames(self, plan: FramePlan, frames: list[tuple[int, str]]) -> None:
        """The frames of instants and zones, numbered from 1."""
        made = FrameTable(plan, "duckdb", lambda sql, values: self.connection.execute(sql, values).fetchall())
        made.create()
        for number, (t, zone) in enumerate(frames, start=1):
            made.add(number, t, zone)

    def column(self, query: Query) -> list[int]:
        """The first column of a result."""
        sql, values = render(query, "duckdb")
        return [row[0] for row in self.connection.execute(sql, values).fetchall()]
