"""Tests of the local calendar days on which members did something: how many, and how many in a row."""

from __future__ import annotations

from sqlglot import exp

from ..program.ir import DAY, DidOnDays
from .events import Drive, EventRows, event_rows, rows_of
from .local_days import day_of, offsets_at
from .scopes import Builder, Scope, SingleFrame
from .sql import column, conjunction, cross, derived, eq, in_range, narrowed, number, scalar, select_from


def days_probe(builder: Builder, test: DidOnDays, scope: Scope) -> exp.Expression:
    """Whether a test is true of the scope's unit; never unknown."""
    rows = rows_of(builder, test.query, scope)
    if rows is None:
        return exp.false()
    # Who has not even so many events is told soonest.
    enough = in_range(scalar(rows.select(exp.Count(this=exp.Star()))), test.at_least, None)
    if test.in_a_row:
        days = _days(builder, select_from([], rows.source, rows.where), rows, scope)
        return conjunction([enough, exp.Exists(this=_in_a_row(builder, days, test.at_least))])
    found, day = _with_day(builder, select_from([], rows.source, rows.where), rows, scope)
    count = scalar(found.select(_different(day), copy=False))
    return conjunction([enough, in_range(count, test.at_least, test.at_most)])


def days_of(builder: Builder, test: DidOnDays, scope: Scope) -> exp.Select | None:
    """The days of the scope's unit, each once, in the measure of ``local_days``; None where there are none."""
    rows = rows_of(builder, test.query, scope)
    return None if rows is None else _days(builder, select_from([], rows.source, rows.where), rows, scope)


def days_units(
    builder: Builder, test: DidOnDays, scope: Scope, single: SingleFrame, drive: Drive
) -> exp.Select | None:
    """The units of which a test is true, each once; None where the store has no such events."""
    rows = event_rows(builder, test.query, scope, drive)
    if rows is None:
        return None
    unit = rows.column("unit")
    found = single.select([unit], rows.source, rows.where)
    if test.in_a_row:
        days = _days(builder, found, rows, scope)
        return _in_a_row(builder, days, test.at_least, "unit").distinct(copy=False)
    query, day = _with_day(builder, found, rows, scope)
    query.set("group", exp.Group(expressions=[unit.copy()]))
    enough = in_range(exp.Count(this=exp.Star()), test.at_least, None)
    wanted = in_range(_different(day), test.at_least, test.at_most)
    query.set("having", exp.Having(this=conjunction([enough, wanted])))
    return query


def _different(day: exp.Expression) -> exp.Expression:
    return exp.Count(this=exp.Distinct(expressions=[day]))


def _days(builder: Builder, found: exp.Select, rows: EventRows, scope: Scope) -> exp.Select:
    """The select of events as one of their distinct days, column ``day``."""
    query, day = _with_day(builder, found, rows, scope)
    return query.select(exp.alias_(day, "day"), copy=False).distinct(copy=False)


def _with_day(
    builder: Builder, found: exp.Select, rows: EventRows, scope: Scope
) -> tuple[exp.Select, exp.Expression]:
    """The select of events with the offset of the frame's zone beside each, and the local day of one."""
    zone = builder.alias("z")
    at = rows.column("at")
    source, where = offsets_at(at, column("zone", scope.frame), zone)
    return narrowed(cross(found, source), where), day_of(at.copy(), zone)


def _in_a_row(builder: Builder, days: exp.Select, least: int, *apart: str) -> exp.Select:
    """The last days of rows of ``least`` days: the day so many places before lies just so many days before.

    ``apart`` are the columns of ``days`` to tell apart by; they are selected.
    """
    inner, outer = builder.alias("d"), builder.alias("d")
    order = exp.Order(expressions=[exp.Ordered(this=column("day", inner), nulls_first=True)])
    lag = exp.Lag(this=column("day", inner), offset=number(least - 1))
    before = exp.Window(this=lag, partition_by=[column(name, inner) for name in apart], order=order)
    told = [column(name, inner) for name in (*apart, "day")]
    paired = select_from([*told, exp.alias_(before, "before")], derived(days, inner), [])
    what: list[exp.Expr] = [column(name, outer) for name in apart] or [number(1)]
    began = exp.Sub(this=column("day", outer), expression=number((least - 1) * DAY))
    return select_from(what, derived(paired, outer), [eq(column("before", outer), began)])
