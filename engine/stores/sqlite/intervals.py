"""How tag facts fold into the intervals in which a tag is held.

The rule. In the order of (at, seq) each fact alone says how it stands from there on: given, the tag is held until the fact's
``expires`` (:data:`FOREVER` without one); taken, it is not. A gain while the tag is held is no new interval and moves only
the end; a gain at the very instant at which the tag expires begins one. An interval's ``since`` is its first gain, its ``seq``
the fact that began it, its ``until`` what its last gain says. Empty intervals vanish.
"""

from __future__ import annotations

from sqlglot import exp

FOREVER = 2**63 - 1

_GROUP = ("tag", "unit")


def tag_intervals(facts: exp.Expression) -> exp.Select:
    """Return the intervals (tag, unit, since, until, seq) of ``facts``, by window functions every dialect has.

    ``facts`` is a table or a subquery with the columns tag, unit, given, at, seq, expires. Facts that are not known
    to an evaluation are left out by the caller, so that the same fold answers as of any instant.
    """
    return _islands(_coverage(facts))


def _coverage(facts: exp.Expression) -> exp.Select:
    """One row for each fact: its instant, the end of what it covers, and whether a gain begins an interval."""
    ends = exp.Least(
        this=_or_forever(_column("expires")), expressions=[_or_forever(_over(exp.Lead(this=_column("at"))))]
    )
    still_held = exp.and_(
        exp.EQ(this=_over(exp.Lag(this=_column("given"))), expression=exp.Literal.number(1)),
        exp.GT(this=_or_forever(_over(exp.Lag(this=_column("expires")))), expression=_column("at")),
    )
    begins = exp.Case().when(still_held, exp.Literal.number(0)).else_(exp.Literal.number(1))
    source = facts.subquery("f") if isinstance(facts, exp.Select) else facts
    columns = [*(_column(name) for name in _GROUP), *(_column(name) for name in ("given", "at", "seq"))]
    return exp.select(*columns, exp.alias_(ends, "ends"), exp.alias_(begins, "begins")).from_(source)


def _islands(coverage: exp.Select) -> exp.Select:
    """The gains numbered by the interval they belong to, and the intervals."""
    island = exp.alias_(_over(exp.Sum(this=_column("begins")), _up_to_here()), "island")
    kept = [*(_column(name) for name in _GROUP), *(_column(name) for name in ("at", "seq", "ends", "begins"))]
    given = exp.EQ(this=_column("given"), expression=exp.Literal.number(1))
    numbered = exp.select(*kept, island).from_(coverage.subquery("c")).where(given)
    first = exp.Case().when(_column("begins").eq(1), _column("seq"))
    since, until = exp.Min(this=_column("at")), exp.Max(this=_column("ends"))
    return (
        exp.select(
            *(_column(name) for name in _GROUP),
            exp.alias_(since, "since"),
            exp.alias_(until, "until"),
            exp.alias_(exp.Min(this=first), "seq"),
        )
        .from_(numbered.subquery("n"))
        .group_by(*(_column(name) for name in _GROUP), _column("island"))
        .having(exp.LT(this=since.copy(), expression=until.copy()))
    )


def _column(name: str) -> exp.Column:
    return exp.column(name)


def _or_forever(value: exp.Expression) -> exp.Expression:
    return exp.Coalesce(this=value, expressions=[exp.Literal.number(FOREVER)])


def _over(function: exp.Expression, rows: exp.WindowSpec | None = None) -> exp.Window:
    order = exp.Order(expressions=[exp.Ordered(this=_column(name), nulls_first=True) for name in ("at", "seq")])
    return exp.Window(this=function, partition_by=[_column(name) for name in _GROUP], order=order, spec=rows)


def _up_to_here() -> exp.WindowSpec:
    return exp.WindowSpec(kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end="CURRENT ROW")
