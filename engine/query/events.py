"""The events of a query as rows: those of one unit, or of all in the order of an index; and the windows they lie in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlglot import exp

from ..program.ir import (
    Compare,
    Condition,
    Cutoff,
    CutoffKind,
    Did,
    DidOnDays,
    DueToReorder,
    EventQuery,
    FieldRef,
    InWindow,
    MomentHas,
    MomentIn,
    Total,
    ValueType,
    Window,
)
from .local_days import day_of, day_of_date, offsets_at
from .scopes import Builder, Scope, combine
from .sql import (
    column,
    complement,
    conjunction,
    cross,
    derived,
    disjunction,
    eq,
    exists,
    half_open,
    inside_of,
    narrowed,
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
    if query.same is not None:
        where.append(_same_as_start(builder, query.same, alias, scope))
    return EventRows(alias, tuple(where))


def rows_of(builder: Builder, query: EventQuery, scope: Scope) -> EventRows | None:
    """The events of the scope's unit that a query finds."""
    rows = event_rows(builder, query, scope, "unit")
    if rows is None:
        return None
    own = eq(rows.column("unit"), scope.unit.copy())
    return EventRows(rows.alias, (rows.where[0], own, *rows.where[1:]))


# Windows


def inside_window(
    at: exp.Expression, window: Window | None, builder: Builder, frame: str
) -> tuple[list[exp.Expression], bool]:
    """What keeps the instant of something seen between a window's ends, and whether that keeps it from lying after t.

    The end of a window that cuts nothing off what is seen at t is left out.
    """
    if window is None:
        return [], False
    ended = window.high is not None and _ends_before(window.high)
    past = window.high is None or (window.high.kind is CutoffKind.T and not ended)
    low, high = builder.plan.bounds(Window(window.low, None if past else window.high), frame)
    return inside_of(at, low, high), ended


def _ends_before(end: Cutoff) -> bool:
    """Whether every instant below an end lies at t or before it."""
    if end.kind is CutoffKind.T:
        return end.n + end.plus <= 0
    return end.kind in _PAST and end.n <= 0 and end.plus <= 0


_PAST = frozenset({
    CutoffKind.MONTHS, CutoffKind.DAY, CutoffKind.WEEK, CutoffKind.MONTH, CutoffKind.MONTH_DAY, CutoffKind.YEAR,
})


def after_event(
    at: exp.Expression, window: Window | None, builder: Builder, scope: Scope
) -> list[exp.Expression]:
    """What keeps an instant behind the first or last event of the scope's unit that a window counts from, if any."""
    if window is None or window.since is None:
        return []
    rows = rows_of(builder, window.since.query, scope)
    if rows is None:
        return [exp.false()]
    return [exp.GT(this=at.copy(), expression=scalar(rows.select(edge_of(window.since.which, rows))))]


def seen_inside(at: exp.Expression, window: Window | None, builder: Builder, scope: Scope) -> list[exp.Expression]:
    """What keeps the instant of something seen at t inside a window, for the scope's unit."""
    return [*inside_window(at, window, builder, scope.frame)[0], *after_event(at, window, builder, scope)]


def value_in_window(
    value: exp.Expression, kind: ValueType, window: Window, builder: Builder, scope: Scope
) -> exp.Expression:
    """Whether an instant, or the start of a date's day, lies in a window; unknown of an unknown one."""
    ends = [] if window.low is None and window.high is None else [
        builder.values.in_window(value, kind, window, scope.frame)
    ]
    if kind is not ValueType.DATE:
        return conjunction([*ends, *after_event(value, window, builder, scope)])
    return conjunction([*ends, *_starts_after_event(value, window, builder, scope)])


def _starts_after_event(
    value: exp.Expression, window: Window, builder: Builder, scope: Scope
) -> list[exp.Expression]:
    """What keeps a date behind the local day of the event that a window counts from."""
    if window.since is None:
        return []
    rows = rows_of(builder, window.since.query, scope)
    if rows is None:
        return [exp.false()]
    edge, zone = builder.alias("d"), builder.alias("z")
    edges = select_from([exp.alias_(edge_of(window.since.which, rows), "edge")], rows.source, rows.where)
    at = column("edge", edge)
    source, where = offsets_at(at, column("zone", scope.frame), zone)
    day = narrowed(cross(select_from([day_of(at.copy(), zone)], derived(edges, edge), []), source), where)
    return [exp.GT(this=day_of_date(value.copy(), builder.relations.dialect), expression=scalar(day))]


def lies_inside(at: exp.Expression, window: Window, builder: Builder, scope: Scope) -> exp.Expression:
    """Whether any instant lies in a window; unknown of an unknown one."""
    bounds = builder.plan.bounds(window, scope.frame)
    between = [] if window.low is None and window.high is None else [half_open(at, *bounds)]
    return conjunction([*between, *after_event(at, window, builder, scope)])


def _instants(
    builder: Builder, query: EventQuery, type_number: int, alias: str, scope: Scope, drive: Drive
) -> list[exp.Expression]:
    at: exp.Expression = column("at", alias)
    dialect = builder.relations.dialect
    if drive == "order":
        at = dialect.unordered(at)
    inside, ended = inside_window(at, query.window, builder, scope.frame)
    if drive == "instant":
        inside = [dialect.rare(part) for part in inside]
    since = after_event(at, query.window, builder, Scope(column("unit", alias), scope.frame))
    return [*inside, *since, *builder.relations.event_filters(type_number, alias, scope.t, ended)]


def _subjects(builder: Builder, query: EventQuery, alias: str) -> exp.Expression:
    subject = column("subject", alias)
    exact = [builder.parameters.bind(pattern.text) for pattern in query.subjects if not pattern.prefix]
    parts = [builder.values.starts(subject.copy(), pattern.text) for pattern in query.subjects if pattern.prefix]
    return disjunction([one_of(subject, exact), *parts] if exact else parts)


def _same_as_start(builder: Builder, field: FieldRef, alias: str, scope: Scope) -> exp.Expression:
    """Whether an event has the same value as the one that started the unit's journey; unknown values are never the same."""
    start = builder.alias("b")
    value, first = builder.relations.field(field, alias), builder.relations.field(field, start)
    if value is None or first is None:
        return exp.false()
    began = eq(column("seq", start), builder.plan.start(scope.frame))
    return eq(value, scalar(select_from([first], table("events", start), [began])))


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
        scope = Scope(column("unit", alias), frame)
        return value_in_window(value, leaf.operand.type, leaf.window, builder, scope)

    return combine(condition, test)


def query_of(test: EventTest | DidOnDays | DueToReorder) -> EventQuery:
    """The query a test asks about."""
    if isinstance(test, Compare):
        assert isinstance(test.operand, Total)
        return test.operand.query
    return test.query


def edge_of(which: Literal["first", "last"], rows: EventRows) -> exp.Max | exp.Min:
    """The first or last instant of the events."""
    kind = exp.Max if which == "last" else exp.Min
    return kind(this=rows.column("at"))


def ordered(query: exp.Select, which: Literal["first", "last"], rows: EventRows) -> exp.Select:
    """The select in the order in which its first row is the first or last event; of one instant, by arrival."""
    keys = [rows.column("at"), rows.column("seq")]
    order = [exp.Ordered(this=key, desc=which == "last", nulls_first=which == "first") for key in keys]
    query.set("order", exp.Order(expressions=order))
    return query


def is_edge(
    builder: Builder, which: Literal["first", "last"], query: EventQuery, rows: EventRows, scope: Scope
) -> exp.Expression:
    """Whether no event of the same unit lies beyond one of ``rows``; of one instant, by arrival."""
    later = event_rows(builder, query, scope, "unit")
    assert later is not None
    beyond = exp.GT if which == "last" else exp.LT
    at, seq = (beyond(this=later.column(n), expression=rows.column(n)) for n in ("at", "seq"))
    same = exp.And(this=eq(later.column("at"), rows.column("at")), expression=seq)
    own = eq(later.column("unit"), rows.column("unit"))
    return complement(exists(later.source, [later.where[0], own, *later.where[1:], disjunction([at, same])]))
