"""Small words for building expressions."""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

Expression = exp.Expression
Selected = exp.Expr
WIDEST = 200
DEEP = 3


def column(name: str, table: str) -> exp.Column:
    """A column of an aliased table."""
    return exp.column(name, table)


def number(value: int) -> Expression:
    """A whole number that is part of the statement's shape (an interned name, a unit), never an operator's value."""
    return exp.Literal.number(value)


def table(name: str, alias: str) -> exp.Table:
    """A table under an alias."""
    return exp.Table(this=exp.to_identifier(name), alias=exp.TableAlias(this=exp.to_identifier(alias)))


def derived(select: exp.Query, alias: str) -> exp.Subquery:
    """A select that stands as a table."""
    return exp.Subquery(this=select, alias=exp.TableAlias(this=exp.to_identifier(alias)))


def scalar(select: exp.Query) -> exp.Subquery:
    """A select of one row and column that stands as a value."""
    return exp.Subquery(this=select)


def eq(left: Expression, right: Expression) -> Expression:
    """Equality."""
    return exp.EQ(this=left, expression=right)


def at_least(left: Expression, right: Expression) -> Expression:
    """left >= right."""
    return exp.GTE(this=left, expression=right)


def below(left: Expression, right: Expression) -> Expression:
    """left < right."""
    return exp.LT(this=left, expression=right)


def between(value: Expression, low: Expression, high: Expression) -> Expression:
    """low <= value <= high, with the value computed once."""
    return exp.Between(this=value, low=low, high=high)


def half_open(value: Expression, low: Expression | None, high: Expression | None) -> Expression:
    """low <= value < high over whole numbers; None leaves an end open, but not both. A select is computed once."""
    if low is None or high is None or isinstance(value, exp.Column):
        return conjunction(inside_of(value, low, high))
    # As sums the bounds are plain numbers to SQLite, which takes an index of an expression for nothing else.
    return between(value, exp.Add(this=low, expression=number(0)), exp.Sub(this=high, expression=number(1)))


def inside_of(value: Expression, low: Expression | None, high: Expression | None) -> list[Expression]:
    """What says that low <= value < high, one condition for each end that is not open."""
    lowest = [] if low is None else [at_least(value, low)]
    return lowest if high is None else [*lowest, below(value.copy(), high)]


def in_range(count: Expression, least: int, most: int | None) -> Expression:
    """least <= count <= most, for a count written down in the condition; None leaves the upper end open."""
    if most is None:
        return at_least(count, number(least))
    return eq(count, number(least)) if most == least else between(count, number(least), number(most))


def one_of(value: Expression, items: Iterable[Expression]) -> Expression:
    """Membership in a list that is not empty."""
    choices = list(items)
    return eq(value, choices[0]) if len(choices) == 1 else exp.In(this=value, expressions=choices)


def conjunction(items: Iterable[Expression]) -> Expression:
    """All of the items; true of none."""
    parts = [_grouped(item) for item in items if not is_constant(item, True)]
    if any(is_constant(item, False) for item in parts):
        return exp.false()
    return _chained(exp.And, _deep_first(parts), exp.true())


def disjunction(items: Iterable[Expression]) -> Expression:
    """One of the items; false of none."""
    parts = [item for item in items if not is_constant(item, False)]
    if any(is_constant(item, True) for item in parts):
        return exp.true()
    return _chained(exp.Or, _deep_first(parts), exp.false())


def _chained(kind: type[exp.And] | type[exp.Or], parts: list[Expression], empty: Expression) -> Expression:
    if not parts:
        return empty
    # SQLite takes expressions at most a thousand deep, and a chain is as deep as it is long.
    while len(parts) > WIDEST:
        groups = [parts[place : place + WIDEST] for place in range(0, len(parts), WIDEST)]
        parts = [exp.Paren(this=_line(kind, group)) for group in groups]
    return _line(kind, parts)


def _deep_first(parts: list[Expression]) -> list[Expression]:
    """The parts, those that nest deeply in front: there a level takes one place of SQLite's parser stack of 100."""
    return sorted(parts, key=lambda part: nesting(part) <= DEEP)


def nesting(item: exp.Expr) -> int:
    """How many parentheses of alternating conditions stand inside one another."""
    if isinstance(item, exp.Paren):
        return 1 + nesting(item.this)
    if isinstance(item, exp.And | exp.Or):
        return max(nesting(part) for part in item.flatten(unnest=False))
    return 0


def _line(kind: type[exp.And] | type[exp.Or], parts: list[Expression]) -> Expression:
    result = parts[0]
    for part in parts[1:]:
        result = kind(this=result, expression=part)
    return result


def _grouped(item: Expression) -> Expression:
    return exp.Paren(this=item) if isinstance(item, exp.Or) else item


def complement(item: Expression) -> Expression:
    """True where the expression is false or unknown."""
    if isinstance(item, exp.Boolean):
        return exp.false() if item.this else exp.true()
    if isinstance(item, exp.Exists) or (isinstance(item, exp.Is) and isinstance(item.expression, exp.Null)):
        return exp.Not(this=item)
    return exp.Not(this=is_true(item))


def is_true(item: Expression) -> Expression:
    """The expression with unknown made false."""
    if isinstance(item, exp.Boolean | exp.Exists):
        return item
    return exp.Is(this=exp.Paren(this=item), expression=exp.true())


def is_constant(item: Expression, value: bool) -> bool:
    """Whether an expression is the constant true or false."""
    return isinstance(item, exp.Boolean) and bool(item.this) == value


def exists(source: Expression, where: Iterable[Expression]) -> Expression:
    """Whether a source has a row that meets the conditions."""
    condition = conjunction(where)
    if is_constant(condition, False):
        return condition
    return exp.Exists(this=select_from([number(1)], source, [condition]))


def select_from(what: Iterable[Selected], source: Expression, where: Iterable[Expression]) -> exp.Select:
    """A select over one source; conditions that are constantly true are left out."""
    return filtered(exp.Select(expressions=list(what), from_=exp.From(this=source)), where)


def filtered(query: exp.Select, where: Iterable[Expression]) -> exp.Select:
    """The select with these conditions in the place of what it had."""
    condition = conjunction(where)
    if not is_constant(condition, True):
        query.set("where", exp.Where(this=condition))
    return query


def narrowed(query: exp.Select, where: Iterable[Expression]) -> exp.Select:
    """The select with further conditions behind those it has."""
    known = query.args.get("where")
    return filtered(query, [*([] if known is None else [known.this]), *where])


def union_all(selects: Iterable[exp.Query]) -> exp.Query:
    """The rows of all selects, of which there is one at least."""
    result: exp.Query | None = None
    for select in selects:
        result = select if result is None else exp.Union(this=result, expression=select, distinct=False)
    assert result is not None
    return result


def cross(query: exp.Select, source: Expression) -> exp.Select:
    """The select with a further source, joined without a condition and in this order."""
    query.append("joins", exp.Join(this=source, kind="CROSS"))
    return query
