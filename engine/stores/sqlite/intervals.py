"""How facts fold into the intervals in which a tag is held; memberships of groups and friendships fold likewise.

The rule. In the order of (at, seq) each fact alone says how it stands from there on: given, the tag is held until the fact's
``expires`` (:data:`FOREVER` without one); taken, it is not. A gain while the tag is held is no new interval and moves only
the end; a gain at the very instant at which the tag expires begins one. An interval's ``since`` is its first gain, its ``seq``
the fact that began it, its ``until`` what its last gain says. Empty intervals vanish.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

from ...query.sql import derived

FOREVER = 2**63 - 1


def tag_intervals(facts: exp.Expression, key: str = "tag") -> exp.Select:
    """Return the intervals (tag, unit, since, until, seq) of ``facts``, by window functions every dialect has.

    ``facts`` is a table or a subquery with the columns tag, unit, given, at, seq, expires. Facts that are not known
    to an evaluation are left out by the caller, so that the same fold answers as of any instant. ``key`` is the column
    in the place of ``tag``: ``grp`` for memberships of groups, ``staff`` for friendships, which never expire.
    """
    group = (key, "unit")
    return _islands(_coverage(facts, group), group)


def tag_gains(facts: exp.Expression) -> exp.Select:
    """Return the gains (tag, unit, at, seq) of ``facts`` that begin an interval, empty ones included."""
    given, begins = (exp.EQ(this=_column(name), expression=exp.Literal.number(1)) for name in ("given", "begins"))
    covered = _coverage(facts, ("tag", "unit")).subquery("c")
    return exp.select("tag", "unit", "at", "seq").from_(covered).where(given, begins)


def joined_intervals(facts: exp.Expression, joins: exp.Expression) -> exp.Select:
    """Return the friendships (staff, unit, since, until, seq) that follow from the attribute ``joined`` alone.

    ``joins`` has the columns unit, value, at, seq of the facts about ``joined`` that are known, ``facts`` those of
    ``friendship_facts``; both are tables or subqueries. The staff is 0; the interval begins at the value of the latest
    fact by (at, seq) and ends at the member's first friendship fact.
    """
    rank = _over(exp.RowNumber(), ("unit",), descending=True)
    ranked = exp.select(*(_column(name) for name in ("unit", "value", "seq")), exp.alias_(rank, "place")).from_(
        _source(joins, "j")
    )
    first = exp.select("unit", exp.alias_(exp.Min(this=_column("at")), "at")).from_(_source(facts, "f")).group_by("unit")
    until = _or_forever(exp.column("at", "b"))
    since = exp.column("value", "r")
    return (
        exp.select(
            exp.alias_(exp.Literal.number(0), "staff"), exp.column("unit", "r"), exp.alias_(since, "since"),
            exp.alias_(until, "until"), exp.column("seq", "r"),
        )
        .from_(ranked.subquery("r"))
        .join(first.subquery("b"), on=exp.column("unit", "b").eq(exp.column("unit", "r")), join_type="left")
        .where(exp.column("place", "r").eq(1), exp.Not(this=exp.Is(this=since.copy(), expression=exp.Null())))
        .where(exp.LT(this=since.copy(), expression=until.copy()))
    )


def _source(facts: exp.Expression, alias: str) -> exp.Expression:
    return derived(facts, alias) if isinstance(facts, exp.Select) else facts


def _coverage(facts: exp.Expression, group: tuple[str, str]) -> exp.Select:
    """One row for each fact: its instant, the end of what it covers, and whether a gain begins an interval."""
    ends = exp.Least(
        this=_or_forever(_column("expires")), expressions=[_or_forever(_over(exp.Lead(this=_column("at")), group))]
    )
    still_held = exp.and_(
        exp.EQ(this=_over(exp.Lag(this=_column("given")), group), expression=exp.Literal.number(1)),
        exp.GT(this=_or_forever(_over(exp.Lag(this=_column("expires")), group)), expression=_column("at")),
    )
    begins = exp.Case().when(still_held, exp.Literal.number(0), copy=False).else_(exp.Literal.number(1), copy=False)
    columns = [*(_column(name) for name in group), *(_column(name) for name in ("given", "at", "seq"))]
    return _select(columns, ends=ends, begins=begins).from_(_source(facts, "f"), copy=False)


def _islands(coverage: exp.Select, group: tuple[str, str]) -> exp.Select:
    """The gains numbered by the interval they belong to, and the intervals."""
    island = _over(exp.Sum(this=_column("begins")), group, _up_to_here())
    kept = [*(_column(name) for name in group), *(_column(name) for name in ("at", "seq", "ends", "begins"))]
    given = exp.EQ(this=_column("given"), expression=exp.Literal.number(1))
    numbered = _select(kept, island=island).from_(derived(coverage, "c"), copy=False).where(given, copy=False)
    first = exp.Case().when(_column("begins").eq(1), _column("seq"))
    since, until = exp.Min(this=_column("at")), exp.Max(this=_column("ends"))
    lasts = exp.LT(this=since.copy(), expression=until.copy())
    return (
        _select([_column(name) for name in group], since=since, until=until, seq=exp.Min(this=first))
        .from_(derived(numbered, "n"), copy=False)
        .group_by(*(_column(name) for name in group), _column("island"), copy=False)
        .having(lasts, copy=False)
    )


def _select(columns: Iterable[exp.Expression], **named: exp.Expression) -> exp.Select:
    """A select of columns and of values under names. Trees made here are put together without copies of what they hold."""
    values = (exp.Alias(this=value, alias=exp.to_identifier(name)) for name, value in named.items())
    return exp.Select(expressions=[*columns, *values])


def _column(name: str) -> exp.Column:
    return exp.column(name)


def _or_forever(value: exp.Expression) -> exp.Expression:
    return exp.Coalesce(this=value, expressions=[exp.Literal.number(FOREVER)])


def _over(
    function: exp.Expression, group: tuple[str, ...], rows: exp.WindowSpec | None = None, *, descending: bool = False
) -> exp.Window:
    ordered = [exp.Ordered(this=_column(n), desc=descending, nulls_first=not descending) for n in ("at", "seq")]
    order = exp.Order(expressions=ordered)
    return exp.Window(this=function, partition_by=[_column(name) for name in group], order=order, spec=rows)


def _up_to_here() -> exp.WindowSpec:
    return exp.WindowSpec(kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end="CURRENT ROW")
