"""Tasks that staff were given for members, as of (t, T, mark), and those that the run itself gives."""

from __future__ import annotations

from typing import Literal

from sqlglot import exp

from ..query.relations import FactRows
from ..query.sql import column, derived, eq, number, scalar, select_from, table, union_all
from .known import KnownFacts, latest_first, own_rows

_COLUMNS = ("seq", "unit", "at", "due")


class WorkRelations(KnownFacts):
    """The tasks of members and what was said of them."""

    def task_rows(self) -> int:
        """About how many tasks there are; 0 says none."""
        extent = self._extent("task")
        return (0 if extent is None else extent.rows) + (1000 if self.delta.tasks else 0)

    def tasks(
        self, title: exp.Expression, alias: str, t: exp.Expression, unit: exp.Expression | None
    ) -> FactRows | None:
        """The tasks (seq, unit, at, due) of a title given by t; None where there are none of any."""
        extent = self._extent("task")

        def which(name: str) -> list[exp.Expression]:
            kind = eq(column("kind", name), exp.Literal.string("task"))
            return [kind, eq(column("title", name), title.copy()), eq(column("unit_kind", name), number(0)), *own_rows(name, unit)]

        if not self.delta.tasks:
            return None if extent is None else FactRows(table("tasks", alias), (*which(alias), *self._seen(extent, alias, t)))
        sources = [("stored", "tasks", self._known(extent, "stored")), ("decided", "run_tasks", [])]
        parts = [
            select_from([column(name, part) for name in _COLUMNS], table(source, part), [*which(part), *known])
            for part, source, known in sources
        ]
        by_t = exp.LTE(this=column("at", alias), expression=t.copy())
        return FactRows(derived(union_all(parts), alias), (by_t,))

    def task_said(
        self, what: Literal["done", "at"], task: exp.Expression, alias: str, t: exp.Expression
    ) -> exp.Expression:
        """What was said last of a task by t: whether it is ``done`` (1 or 0), or when that was; NULL where nothing was."""
        extent = self._extent("task_fact")
        if extent is None:
            return exp.null()
        where = [eq(column("task", alias), task.copy()), *self._seen(extent, alias, t)]
        return scalar(latest_first(select_from([column(what, alias)], table("task_facts", alias), where), alias))
