"""What DuckDB does in its own way in the expressions of conditions."""

from __future__ import annotations

from sqlglot import exp

from ...program.ir import ValueType
from ...query.draws import SHIFT
from ...query.sql import number


class DuckDbDialect:
    """Text by code points, draws by the database's own SHA-256."""

    name = "duckdb"

    def contains(self, text: exp.Expression, part: exp.Expression) -> exp.Expression:
        """Whether a text contains another."""
        return exp.Anonymous(this="CONTAINS", expressions=[text, part])

    def ends(self, text: exp.Expression, part: exp.Expression) -> exp.Expression:
        """Whether a text ends with another."""
        return exp.Anonymous(this="SUFFIX", expressions=[text, part])

    def draw(self, name: exp.Expression, member_id: exp.Expression) -> exp.Expression:
        """The draw: the first 16 hexadecimal digits of the hash, moved into the signed range."""
        nul = exp.Anonymous(this="CHR", expressions=[number(0)])
        text = exp.DPipe(this=exp.DPipe(this=name, expression=nul), expression=member_id)
        digits = exp.Anonymous(this="SUBSTR", expressions=[_sha256(text), number(1), number(16)])
        prefixed = exp.DPipe(this=exp.Literal.string("0x"), expression=digits)
        unsigned = _cast(_cast(prefixed, "UBIGINT"), "HUGEINT")
        return exp.Sub(this=unsigned, expression=_cast(number(SHIFT), "HUGEINT"))

    def quotient(self, value: exp.Expression, divisor: exp.Expression) -> exp.Expression:
        """A division of its own; ``/`` gives fractions."""
        return exp.IntDiv(this=value, expression=divisor)

    def attribute_value(self, value: exp.Expression, kind: ValueType) -> exp.Expression:
        """Attribute facts are kept as text; what is no text is a whole number."""
        return value if kind is ValueType.TEXT else _cast(value, "BIGINT")

    def unordered(self, value: exp.Expression) -> exp.Expression:
        """DuckDB scans anyway."""
        return value

    def rare(self, condition: exp.Expression) -> exp.Expression:
        """DuckDB scans anyway."""
        return condition

    def common(self, condition: exp.Expression) -> exp.Expression:
        """DuckDB scans anyway."""
        return condition


def _sha256(text: exp.Expression) -> exp.Expression:
    return exp.Anonymous(this="SHA256", expressions=[text])


def _cast(value: exp.Expression, kind: str) -> exp.Expression:
    return exp.Cast(this=value, to=exp.DataType.build(kind, dialect="duckdb"))
