"""Totals over events: sums, averages, largest, smallest and numbers of distinct values, compared without rounding."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from ..program.ir import NUMBER_SCALE, Compare, Total
from .events import EventRows, rows_of
from .normal import whole
from .scopes import Builder, Scope
from .sql import conjunction, disjunction, is_true, number, scalar

_OFTEN: dict[str, Callable[..., exp.Expression]] = {
    "is": exp.EQ, "is_not": exp.NEQ, "lt": exp.LT, "le": exp.LTE, "gt": exp.GT, "ge": exp.GTE,
}


def total_probe(builder: Builder, test: Compare, rows: EventRows) -> exp.Expression:
    """Whether a total over one unit's events compares so; never unknown."""
    total = _total_of(test)
    if total.kind == "average":
        return is_true(scalar(rows.select(total_test(builder, test, rows))))
    value = scalar(rows.select(_aggregate(builder, total, rows)))
    compared = _compared(builder, test, value)
    return compared if total.kind in ("sum", "distinct") else is_true(compared)


def total_test(builder: Builder, test: Compare, rows: EventRows) -> exp.Expression:
    """The comparison as an expression over aggregates, as a HAVING takes it; unknown of an unknown total."""
    total = _total_of(test)
    if total.kind == "average":
        return _average_test(builder, test, rows)
    return _compared(builder, test, _aggregate(builder, total, rows))


def total_of_nothing(builder: Builder, test: Compare) -> exp.Expression:
    """The comparison over no events: a sum and a number of distinct values are 0, the others unknown."""
    if _total_of(test).kind in ("sum", "distinct"):
        return _compared(builder, test, number(0))
    return exp.false()


def total_value(builder: Builder, total: Total, scope: Scope) -> exp.Expression:
    """The value of a total in normal form for the scope's unit, in the units of its type; NULL is unknown.

    An average is rounded to a whole unit (a cent, a millionth) away from 0 at the half.
    """
    rows = rows_of(builder, total.query, scope)
    empty = number(0) if total.kind in ("sum", "number", "distinct") else exp.null()
    if rows is None:
        return empty
    if total.kind == "number":
        counted: exp.Expression = exp.Count(this=exp.Star())
    elif total.kind == "average":
        return scalar(rows.select(_rounded(builder, total, rows)))
    else:
        counted = _aggregate(builder, total, rows)
    if total.kind in ("number", "distinct"):
        counted = exp.Mul(this=counted, expression=number(NUMBER_SCALE))
    return scalar(rows.select(counted))


def _total_of(test: Compare) -> Total:
    assert isinstance(test.operand, Total)
    return test.operand


def _field(builder: Builder, total: Total, rows: EventRows) -> exp.Expression:
    assert total.field is not None
    found = builder.relations.field(total.field, rows.alias)
    return exp.cast(exp.null(), "BIGINT") if found is None else found


def _aggregate(builder: Builder, total: Total, rows: EventRows) -> exp.Expression:
    """Everything but averages: one number over the rows. A number of distinct values is not scaled."""
    field = _field(builder, total, rows)
    match total.kind:
        case "largest":
            return exp.Max(this=field)
        case "smallest":
            return exp.Min(this=field)
        case "distinct":
            return exp.Count(this=exp.Distinct(expressions=[field]))
    return exp.Coalesce(this=exp.Sum(this=field), expressions=[number(0)])


def _compared(builder: Builder, test: Compare, value: exp.Expression) -> exp.Expression:
    if _total_of(test).kind == "distinct":
        return builder.values.compare(value, *whole(test.op, test.values))
    return builder.values.compare(value, test.op, test.values)


def _average_test(builder: Builder, test: Compare, rows: EventRows) -> exp.Expression:
    """Sum against constant times count; the sum over no known value is unknown."""
    field = _field(builder, _total_of(test), rows)

    def compared(op: str, constant: int | str) -> exp.Expression:
        count = exp.Count(this=field.copy())
        products = exp.Mul(this=builder.parameters.bind(constant), expression=count)
        return _OFTEN[op](this=exp.Sum(this=field.copy()), expression=products)

    if test.op == "between":
        return conjunction([compared("ge", test.values[0]), compared("le", test.values[1])])
    if test.op == "in":
        return disjunction([compared("is", value) for value in test.values])
    if test.op == "not_in":
        return conjunction([compared("is_not", value) for value in test.values])
    return compared(test.op, test.values[0])


def _rounded(builder: Builder, total: Total, rows: EventRows) -> exp.Expression:
    field = _field(builder, total, rows)
    count = exp.Count(this=field)
    double = exp.Mul(this=exp.Sum(this=field.copy()), expression=number(2))
    sign = exp.Case().when(exp.LT(this=exp.Sum(this=field.copy()), expression=number(0)), exp.Neg(this=count))
    moved = exp.Paren(this=exp.Add(this=double, expression=sign.else_(count.copy())))
    twice = exp.Paren(this=exp.Mul(this=number(2), expression=exp.Nullif(this=count.copy(), expression=number(0))))
    return builder.relations.dialect.quotient(moved, twice)
