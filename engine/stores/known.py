"""What is known of a store's facts at (t, T, mark): their extents, and what must hold of a fact that is seen."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from sqlglot import exp

from ..query.relations import Delta, Dialect, Extent
from ..query.sql import column, eq, number, select_from, table

Rows = Callable[[str, tuple[int | str, ...]], list[tuple[int | str, ...]]]
NO_FACTS = Extent(0, 0, 0, 0, 0, 0)


class KnownFacts:
    """The base of all views for t in [``t_low``, ``t_high``], at one T (``at``) and mark.

    ``rows`` runs a statement with positional parameters and gives all rows.
    """

    def __init__(
        self, rows: Rows, dialect: Dialect, at: int, mark: int, t_low: int, t_high: int, delta: Delta
    ) -> None:
        self._rows = rows
        self.dialect = dialect
        self.at, self.mark, self.delta = at, mark, delta
        self.t_low, self.t_high = t_low, t_high
        self._extents: dict[tuple[str, int | None], Extent | None] = {}

    def _known(self, extent: Extent | None, alias: str) -> list[exp.Expression]:
        """What must hold of a row that had arrived at T with a seq up to the mark; nothing where all rows had."""
        filters: list[exp.Expression] = []
        if extent is None or extent.max_arrived > self.at:
            filters.append(exp.LTE(this=column("arrived", alias), expression=number(self.at)))
        if extent is None or extent.max_seq > self.mark:
            filters.append(exp.LTE(this=column("seq", alias), expression=number(self.mark)))
        return filters

    def _seen(self, extent: Extent, alias: str, t: exp.Expression) -> list[exp.Expression]:
        """What must hold of a fact that is seen at t; nothing where all are."""
        past = [] if extent.max_at <= self.t_low else [exp.LTE(this=column("at", alias), expression=t.copy())]
        return [*past, *self._known(extent, alias)]

    def _highest(self, name: str, number_column: str) -> int | None:
        """The highest number in a column of a table, None where that is empty."""
        query = select_from([exp.Max(this=column(number_column, "n"))], table(name, "n"), [])
        value = self._rows(query.sql(), ())[0][0]
        return None if value is None else int(value)

    def _has_merges(self) -> bool:
        """Whether the store has persons with several ids."""
        return self._highest("merges", "unit") is not None

    def _number(self, names: str, key: str, name: str) -> int | None:
        found = self._rows(_number_query(names, key, self.dialect.name), (name,))
        return int(found[0][0]) if found else None

    def _extent(self, relation: str, key: int | None = 0) -> Extent | None:
        """The bounds over the facts of one key; of all keys together with None."""
        place = (relation, key)
        if place not in self._extents:
            rows = self._rows(_EXTENT, (relation, key)) if key is not None else self._rows(_EXTENTS, (relation,))
            self._extents[place] = Extent(*map(int, rows[0])) if rows and rows[0][0] is not None else None
        return self._extents[place]


@lru_cache
def _number_query(names: str, key: str, dialect: str) -> str:
    return select_from([column(key, "n")], table(names, "n"), [eq(column("name", "n"), exp.Placeholder())]).sql(dialect)


_EXTENT = """
SELECT rows, units, min_at, max_at, max_arrived, max_seq FROM extents WHERE relation = ? AND key = ?
"""
_EXTENTS = """
SELECT SUM(rows), SUM(units), MIN(min_at), MAX(max_at), MAX(max_arrived), MAX(max_seq) FROM extents WHERE relation = ?
"""


def own_rows(alias: str, unit: exp.Expression | None) -> list[exp.Expression]:
    """What limits rows to one unit, if there is one."""
    return [] if unit is None else [eq(column("unit", alias), unit.copy())]


def lies_at(alias: str, t: exp.Expression) -> list[exp.Expression]:
    """What says that t lies in the interval [since, until) of a row."""
    return [
        exp.LTE(this=column("since", alias), expression=t.copy()),
        exp.GT(this=column("until", alias), expression=t.copy()),
    ]


def latest_first(query: exp.Select, alias: str) -> exp.Select:
    """The first row of a select from the latest fact by (at, seq) on."""
    query.set("order", exp.Order(expressions=[exp.Ordered(this=column(n, alias), desc=True) for n in ("at", "seq")]))
    return query.limit(1, copy=False)
