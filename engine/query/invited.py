"""Tests of the members that a member brought: how many there are, and what is true of them."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from ..program.ir import AttributeRef, Condition, Invited, ValueType
from .events import after_event, inside_window
from .members import member_value
from .scopes import Builder, Scope, SingleFrame
from .sql import column, cross, eq, in_range, narrowed, number, scalar, select_from, table

INVITER = AttributeRef("inviter", ValueType.TEXT)
JOINED = AttributeRef("joined", ValueType.INSTANT)
Probe = Callable[[Condition, Scope], exp.Expression]


def invited_probe(builder: Builder, test: Invited, scope: Scope, probe: Probe) -> exp.Expression:
    """Whether a test is true of the scope's unit; never unknown. ``probe`` compiles what must be true of the others."""
    rows = invited_rows(builder, test, scope, probe)
    if rows is None:
        return exp.false()
    if test.at_least == 1 and test.at_most is None:
        return exp.Exists(this=rows.select(number(1), copy=False))
    return in_range(scalar(rows.select(exp.Count(this=exp.Star()), copy=False)), test.at_least, test.at_most)


def invited_rows(builder: Builder, test: Invited, scope: Scope, probe: Probe) -> exp.Select | None:
    """Those whom the scope's unit invited, as a select without columns; None where nobody was invited."""
    other, own = builder.alias("m"), builder.alias("m")
    inviter = member_value(builder, INVITER, other, scope.frame)
    if inviter is None:
        return None
    name = select_from([column("id", own)], table("members", own), [eq(column("unit", own), scope.unit.copy())])
    where = [eq(inviter, scalar(name)), *_which(builder, test, other, scope, probe)]
    said = builder.alias("h")
    candidates = builder.relations.ever_said(INVITER, scalar(name.copy()), said)
    if candidates is None:
        return select_from([], table("members", other), where)
    # Present values may say less than was so then; facts lead to all who may be meant.
    query = cross(select_from([], candidates, []), table("members", other))
    return narrowed(query, [eq(column("unit", other), column("unit", said)), *where])


def invited_units(
    builder: Builder, test: Invited, scope: Scope, single: SingleFrame, probe: Probe
) -> exp.Select | None:
    """The units of which a test is true, each once; None where nobody was invited."""
    other, own = builder.alias("m"), builder.alias("m")
    inviter = member_value(builder, INVITER, other, scope.frame)
    if inviter is None:
        return None
    unit = column("unit", own)
    query = cross(single.select([unit], table("members", other), []), table("members", own))
    which = _which(builder, test, other, Scope(unit, scope.frame), probe)
    query = narrowed(query, [eq(column("id", own), inviter), *which])
    query.set("group", exp.Group(expressions=[unit.copy()]))
    query.set("having", exp.Having(this=in_range(exp.Count(this=exp.Star()), test.at_least, test.at_most)))
    return query


def _which(
    builder: Builder, test: Invited, other: str, scope: Scope, probe: Probe
) -> list[exp.Expression]:
    """What must hold of the invited one: to have arrived, and joined inside the window, and what the test asks."""
    theirs = Scope(column("unit", other), scope.frame)
    where = builder.relations.member_filters(other, scope.t)
    if test.window is not None:
        joined = member_value(builder, JOINED, other, scope.frame)
        if joined is None:
            return [exp.false()]
        # Somebody who is to join later has not joined.
        where += [exp.LTE(this=joined.copy(), expression=scope.t)]
        where += inside_window(joined, test.window, builder, scope.frame)[0]
        where += after_event(joined, test.window, builder, scope)
    return where if test.where is None else [*where, probe(test.where, theirs)]
