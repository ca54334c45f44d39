"""Tests of tags held and of pushes received."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from ..program.ir import HasTag, Received
from .events import after_event, inside_window, seen_inside
from .relations import PushArm, TagArm
from .scopes import Builder, Scope, SingleFrame
from .sql import (
    column,
    cross,
    derived,
    disjunction,
    eq,
    exists,
    in_range,
    narrowed,
    number,
    scalar,
    select_from,
)


def tag_probe(builder: Builder, test: HasTag, scope: Scope) -> exp.Expression:
    """Whether the scope's unit holds a tag; never unknown."""
    return disjunction(exists(arm.source, where) for arm, _, where in tag_rows(builder, test, scope, scope.unit))


def tag_rows(
    builder: Builder, test: HasTag, scope: Scope, unit: exp.Expression | None
) -> list[tuple[TagArm, str, list[exp.Expression]]]:
    """The intervals that make a test true, in parts: where they come from, their alias, what must hold."""
    tags = [tag for tag, _ in builder.relations.tags(test.patterns)]
    if not tags:
        return []
    alias = builder.alias("k")
    own = Scope(column("unit", alias) if unit is None else unit, scope.frame)
    gained = seen_inside(column("since", alias), test.window, builder, own)
    arms = builder.relations.tag_arms(tags, alias, scope.t, unit)
    return [(arm, alias, [*arm.where, *gained]) for arm in arms]


def tag_source(
    builder: Builder, test: HasTag, scope: Scope
) -> tuple[exp.Expression, exp.Column, list[exp.Expression]] | None:
    """The rows that are the holders of one tag, each once: source, unit, conditions; None where it takes more."""
    if len(builder.relations.tags(test.patterns)) != 1:
        return None
    rows = tag_rows(builder, test, scope, None)
    if len(rows) != 1 or rows[0][0].fold:
        return None
    arm, alias, where = rows[0]
    return arm.source, column("unit", alias), where


def tag_units(builder: Builder, test: HasTag, scope: Scope, single: SingleFrame) -> exp.Query | None:
    """The units that hold a tag, each once; None where nobody can."""
    tags = [tag for tag, _ in builder.relations.tags(test.patterns)]
    if not tags:
        return None
    rows = tag_rows(builder, test, scope, None)
    if any(arm.fold for arm, _, _ in rows):
        return _folded_units(builder, test, tags, scope, single)
    selects = []
    for arm, alias, where in rows:
        selects.append(single.select([column("unit", alias)], arm.source, where))
    return union_of(selects, repeated=len(tags) > 1)


def _folded_units(
    builder: Builder, test: HasTag, tags: Sequence[int], scope: Scope, single: SingleFrame
) -> exp.Query:
    """Whoever may hold a tag, asked one by one."""
    alias = builder.alias("h")
    holders = []
    for arm in builder.relations.tag_holders(tags, alias):
        holders.append(select_from([column("unit", alias)], arm.source, arm.where))
    outer = builder.alias("d")
    probe = tag_probe(builder, test, Scope(column("unit", outer), scope.frame))
    return single.behind([column("unit", outer)], derived(union_of(holders, repeated=True), outer), [probe])


def union_of(selects: Sequence[exp.Query], repeated: bool) -> exp.Query:
    """The rows of all selects; with ``repeated`` a row that several or one has repeatedly comes once."""
    if len(selects) == 1:
        single = selects[0]
        return single.distinct(copy=False) if repeated and isinstance(single, exp.Select) else single
    result = selects[0]
    for select in selects[1:]:
        result = exp.Union(this=result, expression=select, distinct=repeated)
    return result


def push_probe(builder: Builder, test: Received, scope: Scope) -> exp.Expression:
    """Whether the scope's unit received a number of pushes; never unknown."""
    queries = [_matching(builder, test, arm, scope, scope.unit) for arm in _arms(builder)]
    if not queries:
        return exp.false()
    if test.at_least == 1 and test.at_most is None:
        return disjunction(exp.Exists(this=query.select(number(1), copy=False)) for query in queries)
    return in_range(sum_of_counts(queries), test.at_least, test.at_most)


def sum_of_counts(queries: Sequence[exp.Select]) -> exp.Expression:
    """How many rows the selects without columns have together."""
    counts: list[exp.Expression] = [scalar(query.select(exp.Count(this=exp.Star()), copy=False)) for query in queries]
    total = counts[0]
    for count in counts[1:]:
        total = exp.Add(this=total, expression=count)
    return exp.Paren(this=total) if len(counts) > 1 else total


def received_rows(builder: Builder, test: Received, scope: Scope) -> list[exp.Select]:
    """The pushes of the scope's unit that a test counts, as selects without columns."""
    return [_matching(builder, test, arm, scope, scope.unit) for arm in _arms(builder)]


def received_instants(builder: Builder, test: Received, scope: Scope) -> list[exp.Select]:
    """When each push that a test counts may go out, of the scope's unit."""
    return [
        _matching(builder, test, arm, scope, scope.unit).select(arm.at.copy(), copy=False) for arm in _arms(builder)
    ]


def push_units(
    builder: Builder, test: Received, scope: Scope, single: SingleFrame
) -> exp.Query | None:
    """The units that received a number of pushes, each once; None where there are none."""
    selects = []
    for arm in _arms(builder):
        query = cross(_matching(builder, test, arm, scope, None), single.source)
        query = narrowed(query, [single.only]).select(exp.alias_(arm.unit.copy(), "unit"), copy=False)
        selects.append(query)
    if not selects:
        return None
    if test.at_least == 1 and test.at_most is None:
        return union_of(selects, repeated=True)
    return counted_units(builder, selects, test.at_least, test.at_most)


def counted_units(builder: Builder, selects: Sequence[exp.Query], least: int, most: int | None) -> exp.Select:
    """The units of which the selects (column ``unit``) have together so many rows."""
    alias = builder.alias("r")
    grouped = select_from([column("unit", alias)], derived(union_of(selects, repeated=False), alias), [])
    grouped.set("group", exp.Group(expressions=[column("unit", alias)]))
    grouped.set("having", exp.Having(this=in_range(exp.Count(this=exp.Star()), least, most)))
    return grouped


def _arms(builder: Builder) -> list[PushArm]:
    return builder.relations.push_arms(builder.alias("q"))


def _matching(
    builder: Builder, test: Received, arm: PushArm, scope: Scope, unit: exp.Expression | None
) -> exp.Select:
    inside, ended = inside_window(arm.at.copy(), test.window, builder, scope.frame)
    own_unit = Scope(arm.unit if unit is None else unit, scope.frame)
    inside += after_event(arm.at, test.window, builder, own_unit)
    seen = [] if ended else [exp.LTE(this=arm.at.copy(), expression=scope.t)]
    where = [*seen, *inside, *_which(builder, test, arm)]
    members = eq(arm.kind.copy(), number(0))
    own = [] if unit is None else [eq(arm.unit.copy(), unit.copy())]
    return narrowed(arm.query, [*own, members, *where])


def _which(builder: Builder, test: Received, arm: PushArm) -> list[exp.Expression]:
    if test.template is not None:
        return [builder.values.matches(arm.template.copy(), test.template.text, test.template.prefix)]
    assert test.playbook is not None
    where = [eq(arm.playbook.copy(), builder.parameters.bind(test.playbook))]
    if test.step is not None:
        named = eq(arm.step.copy(), builder.parameters.bind(test.step))
        where.append(disjunction([named, builder.values.starts(arm.step.copy(), test.step + "/")]))
    return where
