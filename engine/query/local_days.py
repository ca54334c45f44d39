"""Local calendar days inside the database: a temporary table of the offsets of zones, and sums over whole numbers.

The table is ``zone_offsets(zone, since, until, shift)``: from the instant ``since`` up to but not including ``until`` the
clock of the zone shows the instant plus ``shift``. Python fills it; SQL needs no date functions.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from sqlglot import exp

from ..program.clock import local_of, zone_of
from ..program.ir import DAY
from .calendar import EARLIEST, LATEST
from .relations import Dialect
from .sql import at_least, below, column, eq, number, table

OFFSETS = "zone_offsets"
_COLUMNS = ("zone", "since", "until", "shift")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LONG_BEFORE = 800_000 * DAY
_STRIDE = timedelta(days=5)
_END = datetime(2038, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=512)
def zone_offsets(zone: str) -> tuple[tuple[str, int, int, int], ...]:
    """The rows of a zone in order; the offsets of 1970 and of the end of 2037 go on before and after these years.

    >>> zone_offsets("UTC")
    (('UTC', -4611686018427387904, 4611686018427387904, 0),)
    """
    found = [(EARLIEST, _shift(_micros(_EPOCH), zone))]
    clock = zone_of(zone)
    known, before = _EPOCH.astimezone(clock).utcoffset(), _EPOCH
    moment = _EPOCH + _STRIDE
    while moment < _END:
        offset = moment.astimezone(clock).utcoffset()
        if offset != known:
            change = _change(_micros(before), _micros(moment), zone)
            found.append((change, _shift(change, zone)))
            known = offset
        before, moment = moment, moment + _STRIDE
    ends = [since for since, _ in found[1:]] + [LATEST]
    return tuple((zone, since, until, shift) for (since, shift), until in zip(found, ends, strict=True))


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _shift(instant: int, zone: str) -> int:
    return local_of(instant, zone) - instant


def _change(low: int, high: int, zone: str) -> int:
    """The instant in (low, high] from which the later offset holds."""
    before = _shift(low, zone)
    while high - low > 1:
        middle = (low + high) // 2
        if _shift(middle, zone) == before:
            low = middle
        else:
            high = middle
    return high


def create_offsets() -> exp.Create:
    """The statement that makes the temporary table, unless it is there."""
    kinds = ("TEXT", "BIGINT", "BIGINT", "BIGINT")
    columns: list[exp.Expr] = [
        exp.ColumnDef(this=exp.to_identifier(name), kind=exp.DataType.build(kind))
        for name, kind in zip(_COLUMNS, kinds, strict=True)
    ]
    # What happened lately lies in a zone's last rows, so that `until` finds it soonest.
    columns.append(exp.PrimaryKey(expressions=[exp.to_identifier(name) for name in ("zone", "until")]))
    properties = exp.Properties(expressions=[exp.TemporaryProperty()])
    return exp.Create(
        this=exp.Schema(this=exp.to_table(OFFSETS), expressions=columns), kind="TABLE", properties=properties,
        exists=True,
    )


def insert_offset() -> exp.Insert:
    """The statement that adds a row, bound by position."""
    places = exp.Tuple(expressions=[exp.Placeholder() for _ in _COLUMNS])
    return exp.Insert(this=exp.to_table(OFFSETS), expression=exp.Values(expressions=[places]))


def offsets_at(at: exp.Expression, zone: exp.Expression, alias: str) -> tuple[exp.Table, list[exp.Expression]]:
    """The source of the offset of a zone at an instant, and what must hold of its row."""
    where = [
        eq(column("zone", alias), zone), below(at.copy(), column("until", alias)),
        at_least(at.copy(), column("since", alias)),
    ]
    return table(OFFSETS, alias), where


def day_of(at: exp.Expression, alias: str) -> exp.Expression:
    """The local day of an instant, as the microseconds of the naive clock at which it begins."""
    local = exp.Add(this=at, expression=column("shift", alias))
    # The remainder of a negative number is negative.
    positive = exp.Paren(this=exp.Add(this=local.copy(), expression=number(LONG_BEFORE)))
    return exp.Sub(this=exp.Paren(this=local), expression=exp.Mod(this=positive, expression=number(DAY)))


def day_of_date(date: exp.Expression, dialect: Dialect) -> exp.Expression:
    """The day of a date yyyymmdd, in the measure of :func:`day_of`.

    The method: ``days_from_civil`` of http://howardhinnant.github.io/date_algorithms.html, for years above 0.
    """

    def over(value: exp.Expression, divisor: int) -> exp.Expression:
        return exp.Paren(this=dialect.quotient(value.copy(), number(divisor)))

    month = exp.Paren(this=exp.Mod(this=over(date, 100), expression=number(100)))
    # The year begins in March, so that the leap day is its last.
    early = exp.LTE(this=month, expression=number(2))
    year = _sum(over(date, 10_000), exp.Case().when(early, number(-1)).else_(number(0)))
    march = _sum(month.copy(), exp.Case().when(early.copy(), number(9)).else_(number(-3)))
    in_months = over(_sum(_times(march, 153), number(2)), 5)
    leaps = _sum(over(year, 4), exp.Neg(this=over(year, 100)), over(year, 400))
    in_month = exp.Paren(this=exp.Mod(this=date.copy(), expression=number(100)))
    return _times(_sum(_times(year, 365), leaps, in_months, in_month, number(-719_469)), DAY)


def _times(value: exp.Expression, factor: int) -> exp.Expression:
    return exp.Paren(this=exp.Mul(this=value.copy(), expression=number(factor)))


def _sum(first: exp.Expression, *others: exp.Expression) -> exp.Expression:
    total = first.copy()
    for other in others:
        total = exp.Add(this=total, expression=other)
    return exp.Paren(this=total)
