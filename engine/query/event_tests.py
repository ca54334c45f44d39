"""Tests of what members did: probes for one unit, and selects of all units that an index drives."""

from __future__ import annotations

from sqlglot import exp

from ..program.ir import Compare, Did, MomentHas, MomentIn
from .events import (
    Drive,
    EventRows,
    EventTest,
    edge_of,
    event_rows,
    field_tests,
    is_edge,
    lies_inside,
    ordered,
    query_of,
    rows_of,
)
from .scopes import Builder, Scope, SingleFrame
from .sql import column, derived, exists, in_range, is_true, scalar
from .totals import total_of_nothing, total_probe, total_test

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
        return total_probe(builder, test, rows)
    if isinstance(test, MomentIn):
        edge = scalar(rows.select(edge_of(test.which, rows)))
        return is_true(lies_inside(edge, test.window, builder, scope))
    has = field_tests(builder, test.has, rows.alias, scope.frame)
    return is_true(scalar(ordered(rows.select(has), test.which, rows).limit(1, copy=False)))


def _of_nothing(builder: Builder, test: EventTest) -> exp.Expression:
    """A test over no events."""
    return total_of_nothing(builder, test) if isinstance(test, Compare) else exp.false()


def _count() -> exp.Expression:
    return exp.Count(this=exp.Star())


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
    what: list[exp.Expr] = [unit, exp.alias_(edge_of(test.which, rows), "edge")] if isinstance(test, MomentIn) else [unit]
    query = single.select(what, rows.source, rows.where)
    query.set("group", exp.Group(expressions=[unit.copy()]))
    if isinstance(test, MomentIn):
        return _edge_units(builder, test, query, scope, single)
    query.set("having", exp.Having(this=_having(builder, test, rows)))
    return query


def _having(builder: Builder, test: Did | Compare, rows: EventRows) -> exp.Expression:
    if isinstance(test, Did):
        return in_range(_count(), test.at_least, test.at_most)
    return total_test(builder, test, rows)


def _edge_units(
    builder: Builder, test: MomentIn, edges: exp.Select, scope: Scope, single: SingleFrame
) -> exp.Select:
    """Those whose first or last instant lies in the window."""
    alias = builder.alias("d")
    own = Scope(column("unit", alias), scope.frame)
    inside = lies_inside(column("edge", alias), test.window, builder, own)
    return single.behind([column("unit", alias)], derived(edges, alias), [inside])


def _moment_units(
    builder: Builder, test: MomentHas, scope: Scope, single: SingleFrame, drive: Drive
) -> exp.Select | None:
    rows = event_rows(builder, test.query, scope, drive)
    if rows is None:
        return None
    has = field_tests(builder, test.has, rows.alias, scope.frame)
    edge = is_edge(builder, test.which, test.query, rows, scope)
    return single.select([rows.column("unit")], rows.source, [*rows.where, has, edge])
