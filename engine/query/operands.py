"""The value of an operand, for ordering by it and showing it: an attribute, a total, a metric, a rung."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sqlglot import exp

from ..program.ir import AttributeRef, Condition, Did, LadderRef, Library, MetricRef, Total
from .normal import normal
from .scopes import Builder, Scope
from .sql import column, eq, scalar, select_from, table
from .totals import total_value

Shown = AttributeRef | Total | MetricRef | LadderRef


def asked_by(operand: Shown, library: Library) -> Iterator[Condition]:
    """Conditions that ask for all the boundaries of time by which an operand is valued."""
    match operand:
        case MetricRef(name=name):
            yield from asked_by(library.metrics[name], library)
        case LadderRef(name=name):
            yield from asked_by(library.ladders[name].operand, library)
        case Total(query=query):
            yield Did(query)


def value_of(
    builder: Builder, library: Library, operand: AttributeRef | Total | MetricRef, scope: Scope
) -> exp.Expression:
    """The value of an operand of the scope's unit, NULL where it is unknown.

    Numbers are scaled, points are whole, money is cents; an average is rounded to the nearest of its unit.
    """
    match operand:
        case MetricRef(name=name):
            return value_of(builder, library, library.metrics[name], scope)
        case AttributeRef():
            return _attribute(builder, operand, scope)
        case Total():
            asked = normal(Did(operand.query), library)
            assert isinstance(asked, Did)
            return total_value(builder, replace(operand, query=asked.query), scope)


def _attribute(builder: Builder, operand: AttributeRef, scope: Scope) -> exp.Expression:
    alias = builder.alias("m")
    found = builder.relations.attribute(operand, column("unit", alias), scope.t, alias)
    if found is None:
        return exp.null()
    return scalar(select_from([found], table("members", alias), [eq(column("unit", alias), scope.unit.copy())]))
