"""Tests of what an attribute was before: held all the time, and changed. They read the facts themselves."""

from __future__ import annotations

from sqlglot import exp

from ..program.ir import AttributeRef, Changed, HeldFor
from .events import seen_inside
from .needs import held_from
from .relations import FactRows
from .scopes import Builder, Scope, SingleFrame
from .sql import at_least, column, complement, disjunction, eq, exists, is_true, scalar, select_from


def held_probe(builder: Builder, test: HeldFor, scope: Scope) -> exp.Expression:
    """Whether the attribute was the value when the time began and nothing else since; never unknown.

    Of several facts of one instant the last to arrive says what it was.
    """
    low = builder.plan.instant(held_from(test.duration), scope.frame)
    first, other, later = (builder.alias("a") for _ in range(3))
    facts = [_facts(builder, test.operand, alias, scope, scope.unit) for alias in (first, other, later)]
    if None in facts:
        return exp.false()
    begun, others, laters = (found for found in facts if found is not None)
    value = builder.parameters.bind(test.value)
    known = exp.LTE(this=column("at", first), expression=low.copy())
    at_first = _latest(select_from([_value(builder, test.operand, first)], begun.source, [*begun.where, known]), first)
    replaced = exists(laters.source, [
        *laters.where, eq(column("at", later), column("at", other)),
        exp.GT(this=column("seq", later), expression=column("seq", other)),
    ])
    different = exists(others.source, [
        *others.where, exp.GT(this=column("at", other), expression=low.copy()),
        complement(eq(_value(builder, test.operand, other), value.copy())), complement(replaced),
    ])
    return exp.And(this=is_true(eq(scalar(at_first), value)), expression=complement(different))


def changed_probe(builder: Builder, test: Changed, scope: Scope) -> exp.Expression:
    """Whether the attribute changed inside the window; never unknown."""
    alias = builder.alias("a")
    rows = _facts(builder, test.operand, alias, scope, scope.unit)
    if rows is None:
        return exp.false()
    return exists(rows.source, [*rows.where, *_is_change(builder, test, alias, scope, scope.unit)])


def changed_units(builder: Builder, test: Changed, scope: Scope, single: SingleFrame) -> exp.Select | None:
    """The units whose attribute changed inside the window, each once; None where nothing was said of it."""
    alias = builder.alias("a")
    rows = _facts(builder, test.operand, alias, scope, None)
    if rows is None:
        return None
    unit = column("unit", alias)
    where = [*rows.where, *_is_change(builder, test, alias, scope, unit)]
    return single.select([unit], rows.source, where).distinct(copy=False)


def last_change(builder: Builder, test: Changed, scope: Scope) -> exp.Select | None:
    """The instant of the last change; None where there is none for certain."""
    alias = builder.alias("a")
    rows = _facts(builder, test.operand, alias, scope, scope.unit)
    if rows is None:
        return None
    where = [*rows.where, *_is_change(builder, Changed(test.operand), alias, scope, scope.unit)]
    return select_from([exp.Max(this=column("at", alias))], rows.source, where)


def _is_change(
    builder: Builder, test: Changed, alias: str, scope: Scope, unit: exp.Expression
) -> list[exp.Expression]:
    """What says that a fact brought another value than the one before; what first made it known is no change."""
    before, earlier = builder.alias("a"), builder.alias("a")
    facts = [_facts(builder, test.operand, name, scope, unit) for name in (before, earlier)]
    assert facts[0] is not None
    assert facts[1] is not None
    was = select_from([column("value", before)], facts[0].source, [*facts[0].where, _precedes(before, alias)])
    known = exp.Not(this=exp.Is(this=column("value", earlier), expression=exp.null()))
    differs = exp.NullSafeNEQ(this=column("value", alias), expression=scalar(_latest(was, before)))
    inside = seen_inside(column("at", alias), test.window, builder, Scope(unit, scope.frame))
    return [*inside, exists(facts[1].source, [*facts[1].where, known, _precedes(earlier, alias)]), differs]


def _facts(
    builder: Builder, ref: AttributeRef, alias: str, scope: Scope, unit: exp.Expression | None
) -> FactRows | None:
    return builder.relations.attribute_facts(ref, alias, scope.t, unit)


def _value(builder: Builder, ref: AttributeRef, alias: str) -> exp.Expression:
    return builder.relations.dialect.attribute_value(column("value", alias), ref.type)


def _precedes(alias: str, other: str) -> exp.Expression:
    """Whether a fact comes before another, by (at, seq)."""
    same = exp.And(
        this=eq(column("at", alias), column("at", other)),
        expression=exp.LT(this=column("seq", alias), expression=column("seq", other)),
    )
    earlier = exp.LT(this=column("at", alias), expression=column("at", other))
    # The bound is repeated as a plain range, which an index walks.
    within = at_least(column("at", other), column("at", alias))
    return exp.And(this=within, expression=exp.Paren(this=disjunction([earlier, same])))


def _latest(query: exp.Select, alias: str) -> exp.Select:
    query.set("order", exp.Order(expressions=[exp.Ordered(this=column(n, alias), desc=True) for n in ("at", "seq")]))
    return query.limit(1, copy=False)
