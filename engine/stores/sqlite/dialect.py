"""What SQLite does in its own way in the expressions of conditions."""

from __future__ import annotations

import sqlite3

from sqlglot import exp

from ...program.ir import ValueType
from ...query.draws import draw
from ...query.sql import eq, number

DRAW = "qingting_draw"


class SqliteDialect:
    """Text by bytes of UTF-8, draws by a function of the connection."""

    name = "sqlite"

    def contains(self, text: exp.Expression, part: exp.Expression) -> exp.Expression:
        """Whether a text contains another."""
        return exp.GT(this=exp.Anonymous(this="INSTR", expressions=[text, part]), expression=number(0))

    def ends(self, text: exp.Expression, part: exp.Expression) -> exp.Expression:
        """Whether a text ends with another, byte by byte, since text functions stop at a NUL."""
        wanted = exp.cast(part, "BLOB")
        length = exp.Neg(this=exp.Anonymous(this="LENGTH", expressions=[wanted.copy()]))
        return eq(exp.Anonymous(this="SUBSTR", expressions=[exp.cast(text, "BLOB"), length]), wanted)

    def draw(self, name: exp.Expression, member_id: exp.Expression) -> exp.Expression:
        """The draw, by the function that :func:`register_draw` gave the connection."""
        return exp.Anonymous(this=DRAW, expressions=[name, member_id])

    def quotient(self, value: exp.Expression, divisor: exp.Expression) -> exp.Expression:
        """Whole numbers divide to a whole number."""
        return exp.Div(this=value, expression=divisor, typed=True, safe=True)

    def attribute_value(self, value: exp.Expression, kind: ValueType) -> exp.Expression:
        """Values keep their type in SQLite."""
        return value

    def unordered(self, value: exp.Expression) -> exp.Expression:
        """A sum is no column, so no index is chosen for it."""
        return exp.Add(this=value, expression=number(0))

    def rare(self, condition: exp.Expression) -> exp.Expression:
        """One chance in sixteen, by https://www.sqlite.org/lang_corefunc.html#unlikely."""
        return exp.Anonymous(this="UNLIKELY", expressions=[condition])

    def common(self, condition: exp.Expression) -> exp.Expression:
        """Fifteen chances in sixteen; without this an equal subject is taken for rarer than an equal unit."""
        return exp.Anonymous(this="LIKELY", expressions=[condition])


def register_draw(connection: sqlite3.Connection) -> None:
    """Give a connection the function ``qingting_draw(name, id)``; doing so again changes nothing."""
    connection.create_function(DRAW, 2, draw, deterministic=True)
