"""Asks the compiler who a condition is true of, over a store that holds an oracle's world."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from oracle.worlds import Coordinates
from qingting.engine.program import ir
from qingting.engine.query.compile import Compiler
from qingting.engine.query.frames import FramePlan, create_frames, insert_frame
from qingting.engine.query.statements import Query, render
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.engine.stores.sqlite.relations import SqliteRelations
from sqlglot import exp


class Asker:
    """The compiler at one (T, mark), with a frame for each pair of instant and zone it is asked about."""

    def __init__(
        self,
        store: SqliteStore,
        library: ir.Library,
        conditions: Iterable[ir.Condition],
        frames: Sequence[tuple[int, str]],
        at: Coordinates,
    ) -> None:
        self.store = store
        self.library = library
        self.plan = FramePlan.of(conditions, library)
        self.frames = list(frames)
        self.at = at
        connection = store.connection
        connection.execute("DROP TABLE IF EXISTS temp.frames")
        connection.execute(create_frames(self.plan).sql("sqlite"))
        for number, (t, zone) in enumerate(self.frames, start=1):
            row = (number, t, zone, *self.plan.values(t, zone))
            connection.execute(insert_frame(self.plan).sql("sqlite"), row)

    def compiler(self) -> Compiler:
        """A compiler for one statement."""
        instants = [t for t, _ in self.frames]
        relations = SqliteRelations(self.store, self.at.T, self.at.mark, min(instants), max(instants), None)
        return Compiler(self.library, relations, self.plan)

    def as_set(self, condition: ir.Condition, frame: int = 1) -> set[str]:
        """The ids of the members a condition is true of, by the set shape; fails on repeated units."""
        compiler = self.compiler()
        units = self._column(Query(compiler.select_units(condition, frame), compiler.parameters))
        assert len(units) == len(set(units)), "a unit is selected twice"
        return self._ids(units)

    def as_probe(self, condition: ir.Condition, frames: dict[int, int]) -> set[str]:
        """The ids of the members a condition is true of, each in the frame of their unit, by the probe shape."""
        connection = self.store.connection
        connection.execute("DROP TABLE IF EXISTS temp.asked")
        connection.execute("CREATE TEMP TABLE asked (unit INTEGER PRIMARY KEY, frame INTEGER NOT NULL)")
        connection.executemany("INSERT INTO asked VALUES (?, ?)", frames.items())
        compiler = self.compiler()
        test = compiler.predicate(condition, exp.column("unit", "asked"), "chosen")
        select = (
            exp.select("asked.unit", exp.alias_(test, "verdict"))
            .from_("asked")
            .join("frames AS chosen", on="chosen.frame = asked.frame")
        )
        sql, values = render(Query(select, compiler.parameters), "sqlite")
        rows = connection.execute(sql, values).fetchall()
        assert all(verdict in (0, 1) for _, verdict in rows), "a predicate is unknown"
        return self._ids([unit for unit, verdict in rows if verdict])

    def existing(self, frame: int = 1) -> dict[str, int]:
        """The units of the members that exist, by id."""
        compiler = self.compiler()
        units = self._column(Query(compiler.select_units(ir.Always(True), frame), compiler.parameters))
        numbers = {unit: member for member, unit in self.units().items()}
        return {numbers[unit]: unit for unit in units}

    def units(self) -> dict[str, int]:
        """All units of the store, by id."""
        return dict(self.store.connection.execute("SELECT id, unit FROM members").fetchall())

    def _column(self, query: Query) -> list[int]:
        sql, values = render(query, "sqlite")
        return [row[0] for row in self.store.connection.execute(sql, values)]

    def _ids(self, units: Iterable[int]) -> set[str]:
        names = {unit: member for member, unit in self.units().items()}
        return {names[unit] for unit in units}


def explain(connection: sqlite3.Connection, sql: str, values: dict[str, int | str]) -> str:
    """The statement with its values, for messages of failed tests."""
    return f"{sql}\n{values}\n{connection.execute('SELECT sqlite_version()').fetchone()[0]}"
