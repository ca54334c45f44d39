"""Tests of attributes and draws: all that stands in the row of the member."""

from __future__ import annotations

from sqlglot import exp

from ..program.ir import Anniversary, AttributeRef, Compare, Condition, InWindow, Not, Sample
from .draws import PARTS, threshold
from .events import value_in_window
from .normal import whole
from .scopes import Builder, Scope, combine
from .sql import at_least, below, between, column, eq, exists, number, table

MemberTest = Compare | InWindow | Anniversary | Sample


def is_member_test(condition: Condition) -> bool:
    """Whether a test asks for nothing but the member's row."""
    match condition:
        case Not(item=item):
            return is_member_test(item)
        case Compare(operand=AttributeRef()) | InWindow(operand=AttributeRef()) | Anniversary() | Sample():
            return True
    return False


def member_probe(builder: Builder, condition: Condition, scope: Scope) -> exp.Expression:
    """Whether a condition made of member tests is true of the scope's unit; never unknown."""
    alias = builder.alias("m")
    wanted = member_row(builder, condition, alias, scope.frame)
    own = eq(column("unit", alias), scope.unit.copy())
    return exists(table("members", alias), [own, wanted])


def member_row(builder: Builder, condition: Condition, alias: str, frame: str) -> exp.Expression:
    """A condition made of member tests over a row of ``members``."""

    def test(leaf: Condition) -> exp.Expression:
        assert isinstance(leaf, MemberTest), leaf
        if isinstance(leaf, Sample):
            return _sample(builder, leaf, alias)
        return _value_test(builder, leaf, alias, frame)

    return combine(condition, test)


def member_value(builder: Builder, ref: AttributeRef, alias: str, frame: str) -> exp.Expression | None:
    """The value of an attribute over a row of ``members``; None where it is unknown of everybody."""
    t = column("t", frame)
    return builder.relations.attribute(ref, column("unit", alias), t, alias)


def member_draw(builder: Builder, test: Sample, alias: str) -> exp.Expression:
    """The draw of a sample over a row of ``members``."""
    return builder.relations.dialect.draw(builder.parameters.bind(test.name), column("id", alias))


def _sample(builder: Builder, test: Sample, alias: str) -> exp.Expression:
    if test.low >= test.high:
        return exp.false()
    if test.low <= 0 and test.high >= PARTS:
        return exp.true()
    drawn = member_draw(builder, test, alias)
    if test.low <= 0:
        return below(drawn, number(threshold(test.high)))
    if test.high >= PARTS:
        return at_least(drawn, number(threshold(test.low)))
    return between(drawn, number(threshold(test.low)), number(threshold(test.high) - 1))


def _value_test(builder: Builder, test: Compare | InWindow | Anniversary, alias: str, frame: str) -> exp.Expression:
    assert isinstance(test.operand, AttributeRef)
    value = member_value(builder, test.operand, alias, frame)
    if value is None:
        return exp.true() if isinstance(test, Compare) and test.op == "unknown" else exp.false()
    if isinstance(test, InWindow):
        own = Scope(column("unit", alias), frame)
        return value_in_window(value, test.operand.type, test.window, builder, own)
    if isinstance(test, Anniversary):
        return builder.values.anniversary(value, test.operand.type, test.window, frame)
    if test.operand.name == "points":
        return builder.values.compare(value, *whole(test.op, test.values))
    return builder.values.compare(value, test.op, test.values)
