"""Tests of what members did: probes for one unit, and selects of all units that an index drives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlglot import exp

from ..program.ir import (
    Compare,
    Condition,
    Did,
    EventQuery,
    FieldRef,
    InWindow,
    MomentHas,
    MomentIn,
    Total,
)
from .scopes import Builder, Scope, SingleFrame, combine
from .sql import (
    column,
    complement,
    derived,
    disjunction,
    eq,
    exists,
    half_open,
    in_range,
    is_true,
    number,
    one_of,
    scalar,
    select_from,
    table,
)

EventTest = Did | MomentIn | MomentHas | Compare


@dataclass(frozen=True, slots=True)
class EventRows:
    """The events of a query under an alias: their table and what must hold of a row."""

    alias: str
    where: tuple[exp.Expression, ...]

    @property
    def source(self) -> exp.Table:
        """The table under the alias."""
        return table("events", self.alias)

    def column(self, name: str) -> exp.Column:
        """A column of the event."""
        return column(name, self.alias)

    def select(self, what: exp.Expression) -> exp.Select:
        """A select of one expression over the rows."""
        return select_from([what], self.source, self.where)


Drive = Literal["unit", "instant", "order"]
"""What leads to the events: a unit that is known, their instants, or the order of units through all of them."""


def event_rows(builder: Builder, query: EventQuery, scope: Scope, drive: Drive) -> EventRows | None:
    """The events that a query finds, as seen in the scope's frame; None where the store has none of the type."""
    found = builder.relations.event(query.event)
    if found is None:
        return None
    alias = builder.alias("e")
    where = [eq(column("type", alias), number(found[0]))]
    where += _instants(builder, query, found[0], alias, scope, drive)
    if query.subjects:
        subjects = _subjects(builder, query, alias)
        where.append(builder.relations.dialect.common(subjects) if drive == "unit" else subjects)
    if query.where is not None:
        where.append(field_tests(builder, query.where, alias, scope.frame))
    return EventRows(alias, tuple(where))


def rows_of(builder: Builder, query: EventQuery, scope: Scope) -> EventRows | None:
    """The events of the scope's unit that a query finds."""
    rows = event_rows(builder, query, scope, "unit")
    if rows is None:
        return None
    own = eq(rows.column("unit"), scope.unit.copy())
    return EventRows(rows.alias, (rows.where[0], own, *rows.where[1:]))


def _instants(
    builder: Builder, query: EventQuery, type_number: int, alias: str, scope: Scope, drive: Drive
) -> list[exp.Expression]:
    at: exp.Expression = column("at", alias)
    dialect = builder.relations.dialect
    if drive == "order":
        at = dialect.unordered(at)
    inside, ended = builder.inside(at, query.window, scope.frame)
    if drive == "instant":
        inside = [dialect.rare(part) for part in inside]
    return [*inside, *builder.relations.event_filters(type_number, alias, scope.t, ended)]


def _subjects(builder: Builder, query: EventQuery, alias: str) -> exp.Expression:
    subject = column("subject", alias)
    exact = [builder.parameters.bind(pattern.text) for pattern in query.subjects if not pattern.prefix]
    parts = [builder.values.starts(subject.copy(), pattern.text) for pattern in query.subjects if pattern.prefix]
    return disjunction([one_of(subject, exact), *parts] if exact else parts)


def field_tests(builder: Builder, condition: Condition, alias: str, frame: str) -> exp.Expression:
    """A condition about the fields of one event, in normal form."""

    def test(leaf: Condition) -> exp.Expression:
        assert isinstance(leaf, Compare | InWindow), leaf
        assert isinstance(leaf.operand, FieldRef), leaf
        value = builder.relations.field(leaf.operand, alias)
        if value is None:
            return exp.true() if isinstance(leaf, Compare) and leaf.op == "unknown" else exp.false()
        if isinstance(leaf, Compare):
            return builder.values.compare(value, leaf.op, leaf.values)
        return builder.values.in_window(value, leaf.operand.type, leaf.window, frame)

    return combine(condition, test)


# Probes


def event_probe(builder: Builder, test: EventTest, scope: Scope) -> exp.Expression:
    """Whether a test is true of the scope's unit; never unknown."""
    rows = rows_of(builder, query_of(test), scope)
    if rows is None:
        return _of_nothing(builder, test)
    if isinstance(test, Did):
        if test.at_least == 1 and test.at_most is None:
            return exists(rows.source, rows.where)
        return in_range(scalar(rows.select(_count())), test.at_least, test.at_most)
    if isinstance(test, Compare):
        total = exp.Coalesce(this=exp.Sum(this=_summed(builder, test, rows)), expressions=[number(0)])
        return builder.values.compare(scalar(rows.select(total)), test.op, test.values)
    if isinstance(test, MomentIn):
        bounds = builder.plan.bounds(test.window, scope.frame)
        return is_true(half_open(scalar(rows.select(_extreme(test, rows))), *bounds))
    has = field_tests(builder, test.has, rows.alias, scope.frame)
    return is_true(scalar(ordered(rows.select(has), test.which, rows).limit(1, copy=False)))


def query_of(test: EventTest) -> EventQuery:
    """The query a test asks about."""
    if isinstance(test, Compare):
        assert isinstance(test.operand, Total)
        return test.operand.query
    return test.query


def _of_nothing(builder: Builder, test: EventTest) -> exp.Expression:
    """A test over no events: a sum is 0, everything else false."""
    if isinstance(test, Compare):
        return builder.values.compare(number(0), test.op, test.values)
    return exp.false()


def _count() -> exp.Expression:
    return exp.Count(this=exp.Star())


def _summed(builder: Builder, test: Compare, rows: EventRows) -> exp.Expression:
    assert isinstance(test.operand, Total)
    assert test.operand.field is not None
    return builder.relations.field(test.operand.field, rows.alias) or number(0)


def _extreme(test: MomentIn, rows: EventRows) -> exp.Expression:
    kind = exp.Max if test.which == "last" else exp.Min
    return kind(this=rows.column("at"))


def ordered(query: exp.Select, which: Literal["first", "last"], rows: EventRows) -> exp.Select:
    """The select in the order in which its first row is the first or last event; of one instant, by arrival."""
    keys = [rows.column("at"), rows.column("seq")]
    order = [exp.Ordered(this=key, desc=which == "last", nulls_first=which == "first") for key in keys]
    query.set("order", exp.Order(expressions=order))
    return query


# Selects of all units


def event_units(
    builder: Builder, test: EventTest, scope: Scope, single: SingleFrame, drive: Drive
) -> exp.Select | None:
    """The units of which a test is true, each once; None where the store has no such events.

    ``drive`` is what leads to the events.
    """
    if isinstance(test, MomentHas):
        return _moment_units(builder, test, scope, single, drive)
    rows = event_rows(builder, query_of(test), scope, drive)
    if rows is None:
        return None
    unit = rows.column("unit")
    if isinstance(test, Did) and test.at_least == 1 and test.at_most is None:
        return single.select([unit], rows.source, rows.where).distinct(copy=False)
    what: list[exp.Expr] = [unit, exp.alias_(_extreme(test, rows), "edge")] if isinstance(test, MomentIn) else [unit]
    query = single.select(what, rows.source, rows.where)
    query.set("group", exp.Group(expressions=[unit.copy()]))
    if isinstance(test, MomentIn):
        return _edge_units(builder, test, query, scope, single)
    query.set("having", exp.Having(this=_having(builder, test, rows)))
    return query


def _having(builder: Builder, test: Did | Compare, rows: EventRows) -> exp.Expression:
    if isinstance(test, Did):
        return in_range(_count(), test.at_least, test.at_most)
    return builder.values.compare(exp.Sum(this=_summed(builder, test, rows)), test.op, test.values)


def _edge_units(
    builder: Builder, test: MomentIn, edges: exp.Select, scope: Scope, single: SingleFrame
) -> exp.Select:
    """Those whose first or last instant lies in the window."""
    alias = builder.alias("d")
    inside = half_open(column("edge", alias), *builder.plan.bounds(test.window, scope.frame))
    return single.behind([column("unit", alias)], derived(edges, alias), [inside])


def _moment_units(
    builder: Builder, test: MomentHas, scope: Scope, single: SingleFrame, drive: Drive
) -> exp.Select | None:
    rows = event_rows(builder, test.query, scope, drive)
    later = event_rows(builder, test.query, scope, "unit")
    if rows is None or later is None:
        return None
    has = field_tests(builder, test.has, rows.alias, scope.frame)
    beyond = exp.GT if test.which == "last" else exp.LT
    at, seq = (beyond(this=later.column(n), expression=rows.column(n)) for n in ("at", "seq"))
    same = exp.And(this=eq(later.column("at"), rows.column("at")), expression=seq)
    own = eq(later.column("unit"), rows.column("unit"))
    outdone = exists(later.source, [later.where[0], own, *later.where[1:], disjunction([at, same])])
    return single.select([rows.column("unit")], rows.source, [*rows.where, has, complement(outdone)])
