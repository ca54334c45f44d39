"""How tag facts fold into the intervals in which a tag is held.

The rule. The facts of one tag and unit stand in the order of (at, seq). A fact that gives covers
[at, min(expires, the next instant taken)). A gain strictly inside coverage prolongs it and is no new interval; a gain
at the very instant at which coverage ends begins one. An interval's ``since`` is its first gain, its ``until`` the
greatest end of its gains (:data:`FOREVER` while open), its ``seq`` the fact that began it. Empty coverage vanishes.
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
    return _islands(_starts(_coverage(facts)))


def _coverage(facts: exp.Expression) -> exp.Select:
    """One row for each fact: its instant and the end of what it covers."""
    taken = exp.Case().when(_column("given").eq(0), _column("at"))
    next_taken = _over(exp.Min(this=taken), _following())
    ends = exp.Least(this=_or_forever(_column("expires")), expressions=[_or_forever(next_taken)])
    source = facts.subquery("f") if isinstance(facts, exp.Select) else facts
    columns = [*(_column(name) for name in _GROUP), *(_column(name) for name in ("given", "at", "seq"))]
    return exp.select(*columns, exp.alias_(ends, "ends")).from_(source)


def _starts(coverage: exp.Select) -> exp.Select:
    """The gains that cover anything, and the greatest end of those before each."""
    before = _over(exp.Max(this=_column("ends")), _preceding())
    columns = [*(_column(name) for name in _GROUP), *(_column(name) for name in ("at", "seq", "ends"))]
    return (
        exp.select(*columns, exp.alias_(before, "before"))
        .from_(coverage.subquery("c"))
        .where(_column("given").eq(1))
        .where(exp.LT(this=_column("at"), expression=_column("ends")))
    )


def _islands(starts: exp.Select) -> exp.Select:
    """The gains numbered by the interval they belong to, and the intervals."""
    begins = exp.or_(
        exp.Is(this=_column("before"), expression=exp.null()),
        exp.GTE(this=_column("at"), expression=_column("before")),
    )
    flag = exp.Case().when(begins, exp.Literal.number(1)).else_(exp.Literal.number(0))
    kept = [*(_column(name) for name in _GROUP), *(_column(name) for name in ("at", "seq", "ends"))]
    flagged = exp.select(*kept, exp.alias_(flag, "begins")).from_(starts.subquery("s"))
    island = exp.alias_(_over(exp.Sum(this=_column("begins")), _up_to_here()), "island")
    numbered = exp.select(*(column.copy() for column in kept), _column("begins"), island).from_(flagged.subquery("b"))
    first = exp.Case().when(_column("begins").eq(1), _column("seq"))
    return (
        exp.select(
            *(_column(name) for name in _GROUP),
            exp.alias_(exp.Min(this=_column("at")), "since"),
            exp.alias_(exp.Max(this=_column("ends")), "until"),
            exp.alias_(exp.Min(this=first), "seq"),
        )
        .from_(numbered.subquery("n"))
        .group_by(*(_column(name) for name in _GROUP), _column("island"))
    )


def _column(name: str) -> exp.Column:
    return exp.column(name)


def _or_forever(value: exp.Expression) -> exp.Expression:
    return exp.Coalesce(this=value, expressions=[exp.Literal.number(FOREVER)])


def _over(function: exp.Expression, rows: exp.WindowSpec) -> exp.Window:
    order = exp.Order(expressions=[exp.Ordered(this=_column(name), nulls_first=True) for name in ("at", "seq")])
    return exp.Window(this=function, partition_by=[_column(name) for name in _GROUP], order=order, spec=rows)


def _following() -> exp.WindowSpec:
    return exp.WindowSpec(
        kind="ROWS", start=exp.Literal.number(1), start_side="FOLLOWING", end="UNBOUNDED", end_side="FOLLOWING"
    )


def _preceding() -> exp.WindowSpec:
    return exp.WindowSpec(
        kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end=exp.Literal.number(1), end_side="PRECEDING"
    )


def _up_to_here() -> exp.WindowSpec:
    return exp.WindowSpec(kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end="CURRENT ROW")
