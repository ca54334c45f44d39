"""Tests of what is due to be bought again: the last purchase plus how long it lasts."""

from __future__ import annotations

from sqlglot import exp

from ..program.ir import DAY, NUMBER_SCALE, DueToReorder
from .events import Drive, EventRows, event_rows, is_edge, lies_inside, ordered, rows_of
from .scopes import Builder, Scope, SingleFrame
from .sql import column, is_true, number, scalar

MONTH_DAYS = 30


def reorder_probe(builder: Builder, test: DueToReorder, scope: Scope) -> exp.Expression:
    """Whether a test is true of the scope's unit; never unknown."""
    due = reorder_instant(builder, test, scope)
    return exp.false() if due is None else is_true(lies_inside(scalar(due), test.window, builder, scope))


def reorder_instant(builder: Builder, test: DueToReorder, scope: Scope) -> exp.Select | None:
    """When the scope's unit is due; None where the store has no such events."""
    rows = rows_of(builder, test.query, scope)
    if rows is None:
        return None
    return ordered(rows.select(_due(builder, test, rows)), "last", rows).limit(1, copy=False)


def reorder_units(
    builder: Builder, test: DueToReorder, scope: Scope, single: SingleFrame, drive: Drive
) -> exp.Select | None:
    """The units of which a test is true, each once; None where the store has no such events."""
    rows = event_rows(builder, test.query, scope, drive)
    if rows is None:
        return None
    own = Scope(column("unit", rows.alias), scope.frame)
    due = lies_inside(exp.Paren(this=_due(builder, test, rows)), test.window, builder, own)
    edge = is_edge(builder, "last", test.query, rows, scope)
    return single.select([rows.column("unit")], rows.source, [*rows.where, due, edge])


def _due(builder: Builder, test: DueToReorder, rows: EventRows) -> exp.Expression:
    """The instant of a purchase plus what one piece lasts times its quantity; a month is 30 days here."""
    lasts = test.lasts.micros + test.lasts.months * MONTH_DAYS * DAY
    known = None if test.quantity is None else builder.relations.field(test.quantity, rows.alias)
    if known is None:
        return exp.Add(this=rows.column("at"), expression=number(lasts))
    # Durations are whole minutes, so that the product of seconds and a scaled quantity is exact and stays small.
    pieces = exp.Coalesce(this=known, expressions=[number(NUMBER_SCALE)])
    seconds = number(lasts // NUMBER_SCALE)
    return exp.Add(this=rows.column("at"), expression=exp.Mul(this=seconds, expression=pieces))
