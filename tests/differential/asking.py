"""Asks the compiler who a condition is true of, over a store that holds an oracle's world."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from differential.backends import Backend
from oracle.worlds import Coordinates
from qingting.engine.program import ir
from qingting.engine.query.compile import Compiler
from qingting.engine.query.frame_table import FrameTable
from qingting.engine.query.frames import FramePlan
from qingting.engine.query.statements import Query, render
from sqlglot import exp


class Asker:
    """The compiler at one (T, mark), with a frame for each pair of instant and zone it is asked about."""

    def __init__(
        self,
        backend: Backend,
        library: ir.Library,
        conditions: Iterable[ir.Condition],
        frames: Sequence[tuple[int, str]],
        at: Coordinates,
    ) -> None:
        self.backend = backend
        self.library = library
        self.plan = FramePlan.of(conditions, library)
        self.frames = list(frames)
        self.at = at
        self.units: dict[str, int] = dict(backend.execute("SELECT id, unit FROM members"))
        self._names = {unit: member for member, unit in self.units.items()}
        made = FrameTable(self.plan, backend.dialect, backend.execute)
        made.create()
        for number, (t, zone) in enumerate(self.frames, start=1):
            made.add(number, t, zone)
        backend.execute("DROP TABLE IF EXISTS asked")
        backend.execute("CREATE TEMPORARY TABLE asked (unit BIGINT, frame BIGINT)")

    def compiler(self) -> Compiler:
        """A compiler for one statement."""
        instants = [t for t, _ in self.frames]
        relations = self.backend.relations(self.at, min(instants), max(instants))
        return Compiler(self.library, relations, self.plan)

    def as_set(self, condition: ir.Condition, frame: int = 1) -> set[str]:
        """The ids of the members a condition is true of, by the set shape; fails on repeated units."""
        compiler = self.compiler()
        sql, values = render(Query(compiler.select_units(condition, frame), compiler.parameters), self.backend.dialect)
        units = [row[0] for row in self.backend.execute(sql, values)]
        assert len(units) == len(set(units)), "a unit is selected twice"
        return self._ids(units)

    def as_probe(self, condition: ir.Condition, frames: dict[int, int]) -> set[str]:
        """The ids of the members a condition is true of, each in the frame of their unit, by the probe shape."""
        self.backend.execute("DELETE FROM asked")
        if frames:
            self.backend.fill("INSERT INTO asked VALUES (?, ?)", frames.items())
        compiler = self.compiler()
        test = compiler.predicate(condition, exp.column("unit", "asked"), "chosen")
        select = exp.select("asked.unit").from_("asked").join("frames AS chosen", on="chosen.frame = asked.frame")
        select.select(exp.Alias(this=test, alias=exp.to_identifier("verdict")), copy=False)
        rows = self.backend.execute(*render(Query(select, compiler.parameters), self.backend.dialect))
        assert all(verdict in (0, 1) for _, verdict in rows), "a predicate is unknown"
        return self._ids([unit for unit, verdict in rows if verdict])

    def _ids(self, units: Iterable[int]) -> set[str]:
        return {self._names[unit] for unit in units}
