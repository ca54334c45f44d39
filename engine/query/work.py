"""Tests of work that staff were given for a member: of several tasks of one title the newest counts.

A task is overdue from the instant on at which it is due, so that waiting exactly as long as staff have finds it so; one done
at that very instant is done in time.
"""

from __future__ import annotations

from sqlglot import exp

from ..program.ir import TaskIs
from .events import lies_inside, seen_inside
from .relations import FactRows
from .scopes import Builder, Scope, SingleFrame
from .sql import at_least, column, complement, disjunction, eq, exists, number, select_from


def task_probe(builder: Builder, test: TaskIs, scope: Scope) -> exp.Expression:
    """Whether the newest task of the scope's unit stands so; never unknown."""
    alias = builder.alias("w")
    rows = _tasks(builder, test, alias, scope, scope.unit)
    return exp.false() if rows is None else exists(rows.source, _stands(builder, test, alias, rows, scope, scope.unit))


def task_units(builder: Builder, test: TaskIs, scope: Scope, single: SingleFrame) -> exp.Select | None:
    """The units whose newest task stands so, each once; None where there are no tasks."""
    alias = builder.alias("w")
    rows = _tasks(builder, test, alias, scope, None)
    if rows is None:
        return None
    unit = column("unit", alias)
    return single.select([unit], rows.source, _stands(builder, test, alias, rows, scope, unit))


def newest_task(builder: Builder, test: TaskIs, scope: Scope) -> exp.Select | None:
    """When the newest task of the scope's unit is due, whether it is done, and since when; None where there are no tasks."""
    alias = builder.alias("w")
    rows = _tasks(builder, test, alias, scope, scope.unit)
    if rows is None:
        return None
    said = [_said(builder, what, alias, scope) for what in ("done", "at")]
    where = [*rows.where, _is_newest(builder, test, alias, scope, scope.unit)]
    return select_from([column("due", alias), *said], rows.source, where)


def _tasks(
    builder: Builder, test: TaskIs, alias: str, scope: Scope, unit: exp.Expression | None
) -> FactRows | None:
    return builder.relations.tasks(builder.parameters.bind(test.task), alias, scope.t, unit)


def _stands(
    builder: Builder, test: TaskIs, alias: str, rows: FactRows, scope: Scope, unit: exp.Expression
) -> list[exp.Expression]:
    done = eq(exp.Coalesce(this=_said(builder, "done", alias, scope), expressions=[number(0)]), number(1))
    own = Scope(unit, scope.frame)
    due, window = column("due", alias), test.window
    match test.state:
        case "done":
            state = [done]
            if window is not None:
                at = _said(builder, "at", alias, scope)
                state += [lies_inside(at, window, builder, own)]
        case "open":
            state = [complement(done), *seen_inside(column("at", alias), window, builder, own)]
        case "overdue":
            state = [complement(done), at_least(scope.t, due)]
            state += [] if window is None else [lies_inside(due.copy(), window, builder, own)]
    return [*rows.where, _is_newest(builder, test, alias, scope, unit), *state]


def _said(builder: Builder, what: str, alias: str, scope: Scope) -> exp.Expression:
    name = builder.alias("x")
    return builder.relations.task_said("done" if what == "done" else "at", column("seq", alias), name, scope.t)


def _is_newest(builder: Builder, test: TaskIs, alias: str, scope: Scope, unit: exp.Expression) -> exp.Expression:
    newer = builder.alias("w")
    rows = _tasks(builder, test, newer, scope, unit)
    assert rows is not None
    later = exp.GT(this=column("at", newer), expression=column("at", alias))
    same = exp.And(
        this=eq(column("at", newer), column("at", alias)),
        expression=exp.GT(this=column("seq", newer), expression=column("seq", alias)),
    )
    return complement(exists(rows.source, [*rows.where, disjunction([later, same])]))
