"""One member as an evaluation sees them: whether a condition is true, and the values that it looks at.

Truth comes from the compiled condition itself, asked of one unit in a frame of one row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlglot import exp

from ..program.ir import (
    AttributeRef,
    Compare,
    Condition,
    Did,
    EventQuery,
    HasTag,
    Library,
    MomentHas,
    MomentIn,
    Received,
    Sample,
    Total,
    ValueType,
)
from ..query.compile import Compiler
from ..query.events import EventRows, rows_of
from ..query.frame_table import FrameTable
from ..query.frames import FramePlan
from ..query.members import member_draw, member_value
from ..query.normal import normal
from ..query.scopes import Builder, Scope
from ..query.sql import column, derived, eq, number, scalar, select_from, table
from ..query.statements import Query, render
from ..query.states import received_rows, sum_of_counts, tag_rows
from ..query.totals import total_value
from ..run.units import MEMBER
from ..stores.sqlite.database import SqliteStore
from ..stores.sqlite.relations import SqliteRelations

FRAME = "f"
PERSON = "person"
Value = int | str | None
Row = tuple[Value, ...]
Build = Callable[[Builder, Scope], exp.Query | None]
_TIMEZONE = AttributeRef("timezone", ValueType.TEXT)


@dataclass(frozen=True, slots=True)
class View:
    """One unit at (t, T, mark): ``at`` is T. Calendar words are read on the clock of ``zone``.

    Conditions can be asked of members only.
    """

    store: SqliteStore
    library: Library
    unit: int
    t: int
    at: int
    mark: int
    zone: str
    kind: int = MEMBER

    def is_true(self, condition: Condition) -> bool:
        """Whether a condition is true of the member."""
        found = self._ask(condition, lambda compiler: compiler.predicate(condition, number(self.unit), FRAME))
        return bool(found[0][0])

    def exists(self) -> bool:
        """Whether the member or group had arrived."""
        relations, t = self._relations(), number(self.t)
        of_members = self.kind == MEMBER
        arrived = relations.member_filters(PERSON, t) if of_members else relations.group_filters(PERSON, t)
        where = [eq(column("unit", PERSON), number(self.unit)), *arrived]
        units = table("members" if of_members else "groups", PERSON)
        return bool(self._rows(select_from([number(1)], units, where), Compiler(self.library, relations, FramePlan(()))))

    def in_member_zone(self) -> View:
        """The same on the member's own clock, where that is known."""
        own = self.attribute(_TIMEZONE)
        return replace(self, zone=str(own)) if own is not None else self

    def as_of_run(self) -> View:
        """The same with T in the place of t, as consent is judged."""
        return replace(self, t=self.at)

    # Values

    def attribute(self, ref: AttributeRef) -> Value:
        """The value of an attribute; points are whole. None is unknown."""

        def build(builder: Builder, scope: Scope) -> exp.Query | None:
            value = member_value(builder, ref, PERSON, scope.frame)
            own = [eq(column("unit", PERSON), number(self.unit))]
            return None if value is None else select_from([value], table("members", PERSON), own)

        return self.one(Compare(ref, "known"), build)

    def count(self, query: EventQuery) -> int:
        """How many events a query finds."""
        return int(self._of_events(query, lambda _, rows: exp.Count(this=exp.Star())) or 0)

    def total(self, total: Total) -> int | None:
        """The value of a total in the unit of its type, an average rounded; None is unknown."""
        wanted = normal(Did(total.query), self.library)
        assert isinstance(wanted, Did)
        asked = replace(total, query=wanted.query)

        def value(compiler: Compiler) -> exp.Expression:
            return total_value(compiler.builder, asked, Scope(number(self.unit), FRAME))

        found = self._ask(wanted, value)[0][0]
        return None if found is None else int(found)

    def moment(self, test: MomentIn | MomentHas) -> int | None:
        """The instant of the first or last event; None without one."""
        kind = exp.Max if test.which == "last" else exp.Min
        found = self._of_events(test.query, lambda _, rows: kind(this=rows.column("at")))
        return None if found is None else int(found)

    def tags(self, test: HasTag) -> list[tuple[str, int]]:
        """The tags held that a test speaks of, with when the present interval began; by name."""
        held = replace(test, window=None)

        def build(compiler: Compiler) -> list[exp.Query]:
            scope = Scope(number(self.unit), FRAME)
            what = [column("tag", "k"), column("since", "k")]
            return [
                derived_select(what, arm.source, alias, where)
                for arm, alias, where in tag_rows(compiler.builder, held, scope, number(self.unit))
            ]

        rows = self.rows(held, build)
        names = {number: name for name, number in self.store.tags().items()}
        return sorted((names.get(int(tag or 0), ""), int(since or 0)) for tag, since in rows)

    def received(self, test: Received) -> int:
        """How many pushes a test counts."""

        def build(builder: Builder, scope: Scope) -> exp.Query | None:
            selects = received_rows(builder, test, scope)
            return exp.select(sum_of_counts(selects)) if selects else None

        return int(self.one(test, build) or 0)

    def draw(self, test: Sample) -> int:
        """The draw of a sample, from -2**63."""

        def build(builder: Builder, scope: Scope) -> exp.Query:
            own = [eq(column("unit", PERSON), number(self.unit))]
            return select_from([member_draw(builder, test, PERSON)], table("members", PERSON), own)

        return int(self.one(test, build) or 0)

    # Asking

    def _of_events(self, query: EventQuery, what: Callable[[Builder, EventRows], exp.Expression]) -> Value:
        wanted = normal(Did(query), self.library)
        assert isinstance(wanted, Did)

        def build(builder: Builder, scope: Scope) -> exp.Query | None:
            rows = rows_of(builder, wanted.query, scope)
            return None if rows is None else rows.select(what(builder, rows))

        return self.one(wanted, build)

    def rows(self, condition: Condition, build: Callable[[Compiler], list[exp.Query]]) -> list[Row]:
        """The rows of all queries, over one frame with the boundaries that ``condition`` asks about."""
        return [row for found in self._queries(condition, build) for row in found]

    def one(self, condition: Condition, build: Build) -> Value:
        """The one value of a query over such a frame; None where there is no query."""
        def value(compiler: Compiler) -> exp.Expression:
            query = build(compiler.builder, Scope(number(self.unit), FRAME))
            return exp.null() if query is None else scalar(query)

        return self._ask(condition, value)[0][0]

    def _ask(self, condition: Condition, build: Callable[[Compiler], exp.Expression]) -> list[Row]:
        return self._queries(condition, lambda compiler: [exp.select(build(compiler))])[0]

    def _queries(self, condition: Condition, build: Callable[[Compiler], list[exp.Query]]) -> list[list[Row]]:
        """The rows of statements over one frame with the boundaries that ``condition`` asks about."""
        plan = FramePlan.of([condition], self.library)
        FrameTable(plan, "sqlite", lambda sql, values: self.store.connection.execute(sql, values).fetchall()).add_zone(
            self.zone
        )
        compiler = Compiler(self.library, self._relations(), plan)
        found = []
        for query in build(compiler):
            assert isinstance(query, exp.Select)
            frame = derived(self._frame(plan, compiler), FRAME)
            if query.args.get("from_") is None and query.args.get("from") is None:
                query = query.from_(frame)
            else:
                query = query.join(frame, join_type="cross")
            found.append(self._rows(query, compiler))
        return found

    def _frame(self, plan: FramePlan, compiler: Compiler) -> exp.Select:
        bind = compiler.parameters.bind
        values = zip(plan.columns, plan.values(self.t, self.zone), strict=True)
        columns: list[tuple[str, int | str | None]] = [("t", self.t), ("zone", self.zone), *values]
        return exp.select(*(exp.alias_(exp.null() if value is None else bind(value), name) for name, value in columns))

    def _relations(self) -> SqliteRelations:
        return SqliteRelations(self.store, self.at, self.mark, self.t, self.t)

    def _rows(self, tree: exp.Expression, compiler: Compiler) -> list[Row]:
        sql, values = render(Query(tree, compiler.parameters), "sqlite")
        with self.store.guarded() as connection:
            rows: list[Row] = connection.execute(sql, values).fetchall()
        return rows


def derived_select(
    what: list[exp.Column], source: exp.Expression, alias: str, where: list[exp.Expression]
) -> exp.Select:
    """A select of columns, whatever their table was called, over a source under an alias."""
    return select_from([column(item.name, alias) for item in what], source, where)
