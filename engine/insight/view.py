"""One member as an evaluation sees them: whether a condition is true, and the values that it looks at.

The truth of a test comes from the compiled test itself, asked of one unit in a frame of one row; what tests are joined to
follows from them, since every test is true or false.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any as Something
from typing import Literal, TypeVar

from sqlglot import exp

from ..program.ir import (
    All,
    Always,
    Any,
    AttributeRef,
    Compare,
    Condition,
    Did,
    DueToReorder,
    EventQuery,
    HasTag,
    InSegment,
    Invited,
    Library,
    MetricRef,
    MomentHas,
    MomentIn,
    Not,
    Received,
    Sample,
    Total,
    ValueType,
)
from ..query.calendar import LATEST
from ..query.compile import Compiler
from ..query.events import EventRows, rows_of
from ..query.frame_table import FrameTable
from ..query.frames import FramePlan
from ..query.invited import invited_rows
from ..query.members import member_draw, member_value
from ..query.normal import normal
from ..query.reorder import reorder_instant
from ..query.scopes import Builder, Scope
from ..query.sql import column, cross, derived, eq, number, scalar, select_from, table
from ..query.states import received_rows, sum_of_counts, tag_rows
from ..query.totals import total_value
from ..run.units import MEMBER
from ..stores.sqlite.database import SqliteStore
from ..stores.sqlite.relations import SqliteRelations

T = TypeVar("T")
FRAME = "f"
PERSON = "person"
Value = int | str | None
Row = tuple[Value, ...]
Build = Callable[[Builder, Scope], exp.Query | None]
_TIMEZONE = AttributeRef("timezone", ValueType.TEXT)


@dataclass(frozen=True, slots=True)
class Memory:
    """What has been found out about one unit, so that nothing is asked twice; good for one snapshot."""

    found: dict[tuple[object, ...], Something] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class View:
    """One unit at (t, T, mark): ``at`` is T. Calendar words are read on the clock of ``zone``.

    Conditions can be asked of members only. Views of the same unit and snapshot share a ``memory``.
    """

    store: SqliteStore
    library: Library
    unit: int
    t: int
    at: int
    mark: int
    zone: str
    kind: int = MEMBER
    memory: Memory = field(default_factory=Memory, compare=False, repr=False)

    def is_true(self, condition: Condition) -> bool:
        """Whether a condition is true of the member."""
        match condition:
            case Always(value):
                return value
            case All(items):
                return all(self.is_true(item) for item in items)
            case Any(items):
                return any(self.is_true(item) for item in items)
            case Not(item):
                return not self.is_true(item)
            case InSegment(name):
                return self.is_true(self.library.segments[name])
            case Compare(MetricRef(name)):
                return self.is_true(replace(condition, operand=self.library.metrics[name]))
        return self._is_true_test(condition)

    def _is_true_test(self, test: Condition) -> bool:
        return self.once(("true", test), lambda: bool(self._probe(test).rows(self)[0][0]))

    def _probe(self, test: Condition) -> Statement:
        """The statement that asks for a test; one made for an earlier t serves later ones."""
        key = ("probe", test, self.at, self.mark)
        known: Statement | None = self.memory.found.get(key)
        if known is None or known.t_low > self.t:
            (known,) = self._statements(test, lambda compiler: [exp.select(compiler.predicate(test, number(self.unit), FRAME))])
            self.memory.found[key] = known
        return known

    def once(self, about: tuple[object, ...], find: Callable[[], T]) -> T:
        """What is found out about something as seen here, found only once; ``about`` can be hashed."""
        key = (*about, self.t, self.at, self.mark, self.zone)
        if key not in self.memory.found:
            self.memory.found[key] = find()
        answer: T = self.memory.found[key]
        return answer

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

        return self.once(("attribute", ref), lambda: self.one(Compare(ref, "known"), build))

    def count(self, query: EventQuery) -> int:
        """How many events a query finds."""
        def counted() -> int:
            return int(self._of_events(query, lambda _, rows: exp.Count(this=exp.Star())) or 0)

        return self.once(("count", query), counted)

    def total(self, total: Total) -> int | None:
        """The value of a total in the unit of its type, an average rounded; None is unknown."""
        wanted = normal(Did(total.query), self.library)
        assert isinstance(wanted, Did)
        asked = replace(total, query=wanted.query)

        def value(compiler: Compiler) -> exp.Expression:
            return total_value(compiler.builder, asked, Scope(number(self.unit), FRAME))

        found = self.once(("total", total), lambda: self._ask(wanted, value)[0][0])
        return None if found is None else int(found)

    def moment(self, test: MomentIn | MomentHas) -> int | None:
        """The instant of the first or last event; None without one."""
        return self.edge(test.which, test.query)

    def edge(self, which: Literal["first", "last"], query: EventQuery) -> int | None:
        """The instant of the first or last event that a query finds; None without one."""
        kind = exp.Max if which == "last" else exp.Min
        found = self._of_events(query, lambda _, rows: kind(this=rows.column("at")))
        return None if found is None else int(found)

    def tags(self, test: HasTag) -> list[tuple[str, int]]:
        """The tags held that a test speaks of, with when the present interval began; by name."""
        return [(name, since) for name, since, _ in self.tag_intervals(test)]

    def tag_intervals(self, test: HasTag) -> list[tuple[str, int, int]]:
        """The same with when each expires."""
        held = replace(test, window=None)

        def build(compiler: Compiler) -> list[exp.Query]:
            scope = Scope(number(self.unit), FRAME)
            what = [column(name, "k") for name in ("tag", "since", "until")]
            return [
                derived_select(what, arm.source, alias, where)
                for arm, alias, where in tag_rows(compiler.builder, held, scope, number(self.unit))
            ]

        rows = self.once(("tags", held), lambda: self.rows(held, build))
        names = {number: name for name, number in self.store.tags().items()}
        return sorted((names.get(int(tag or 0), ""), int(since or 0), int(until or 0)) for tag, since, until in rows)

    def received(self, test: Received) -> int:
        """How many pushes a test counts."""

        def build(builder: Builder, scope: Scope) -> exp.Query | None:
            selects = received_rows(builder, test, scope)
            return exp.select(sum_of_counts(selects)) if selects else None

        return int(self.one(test, build) or 0)

    def invited(self, test: Invited) -> int:
        """How many members a test counts whom the member brought."""
        wanted = normal(replace(test, at_least=1, at_most=None), self.library)
        assert isinstance(wanted, Invited)

        def build(compiler: Compiler) -> list[exp.Query]:
            rows = invited_rows(compiler.builder, wanted, Scope(number(self.unit), FRAME), compiler.probe)
            return [] if rows is None else [rows.select(exp.Count(this=exp.Star()), copy=False)]

        return sum(int(count or 0) for (count,) in self.rows(wanted, build))

    def due(self, test: DueToReorder) -> int | None:
        """When what was bought last is used up; None where nothing was bought."""
        found = self.one(test, lambda builder, scope: reorder_instant(builder, test, scope))
        return None if found is None else int(found)

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
        return [statement.rows(self) for statement in self._statements(condition, build)]

    def _statements(self, condition: Condition, build: Callable[[Compiler], list[exp.Query]]) -> list[Statement]:
        plan = FramePlan.of([condition], self.library)
        if plan.counts_days:
            execute = self.store.connection.execute
            FrameTable(plan, "sqlite", lambda sql, values: execute(sql, values).fetchall()).add_zone(self.zone)
        compiler = Compiler(self.library, self._relations(), plan)
        found = []
        for query in build(compiler):
            assert isinstance(query, exp.Select)
            frame = derived(_frame(plan), FRAME)
            if query.args.get("from_") is None:
                query.set("from_", exp.From(this=frame))
            else:
                cross(query, frame)
            # The tree is made for this one statement, so that it need not be copied.
            found.append(Statement(query.sql("sqlite", copy=False), compiler.parameters.values, plan, self.t))
        return found

    def _relations(self) -> SqliteRelations:
        return self.once(("relations",), lambda: SqliteRelations(self.store, self.at, self.mark, self.t, LATEST))

    def _rows(self, tree: exp.Expression, compiler: Compiler) -> list[Row]:
        return Statement(tree.sql("sqlite"), compiler.parameters.values, FramePlan(()), self.t).rows(self)


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement about one unit in a frame of one row; good for every t from ``t_low`` on."""

    sql: str
    values: Mapping[str, int | str]
    plan: FramePlan
    t_low: int

    def rows(self, view: View) -> list[Row]:
        """Its rows as seen by a view."""
        frame = (view.t, view.zone, *self.plan.values(view.t, view.zone))
        values = {**self.values, **{f"frame{place}": value for place, value in enumerate(frame)}}
        with view.store.guarded() as connection:
            rows: list[Row] = connection.execute(self.sql, values).fetchall()
        return rows


def _frame(plan: FramePlan) -> exp.Select:
    """The row of the frame, whose values are bound when the statement is asked."""
    names = ("t", "zone", *plan.columns)
    return exp.select(*(exp.alias_(exp.Placeholder(this=f"frame{n}"), name) for n, name in enumerate(names)))


def derived_select(
    what: list[exp.Column], source: exp.Expression, alias: str, where: list[exp.Expression]
) -> exp.Select:
    """A select of columns, whatever their table was called, over a source under an alias."""
    return select_from([column(item.name, alias) for item in what], source, where)
