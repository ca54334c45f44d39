"""As-of relations over a SQLite member store."""

from __future__ import annotations

from ...query.relations import Delta
from ..asof import AsOfRelations
from .database import SqliteStore
from .dialect import SqliteDialect, register_draw


class SqliteRelations(AsOfRelations):
    """Views of one store for t in [``t_low``, ``t_high``], at T (``at``) and ``mark``.

    The draws of samples become available on the store's connection. Cheap to make; what it has looked up it keeps,
    so that one serves only while the store does not change.
    """

    def __init__(
        self, store: SqliteStore, at: int, mark: int, t_low: int, t_high: int, delta: Delta | None = None
    ) -> None:
        register_draw(store.connection)

        def rows(sql: str, values: tuple[int | str, ...]) -> list[tuple[int | str, ...]]:
            return store.connection.execute(sql, values).fetchall()

        super().__init__(rows, SqliteDialect(), at, mark, t_low, t_high, delta or Delta())
