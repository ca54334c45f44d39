"""Frames: the context of an evaluation as a relation, one row for each pair of instant and zone.

The table is ``frames(frame, t, zone, c0, c1, ...)``. Which boundary of the calendar stands in which column follows
from the conditions alone; Python computes a row, SQL only compares whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlglot import exp

from ..program.ir import (
    All,
    Anniversary,
    Any,
    Compare,
    Condition,
    Cutoff,
    CutoffKind,
    Did,
    EventQuery,
    HasTag,
    InWindow,
    Library,
    MomentHas,
    MomentIn,
    Not,
    Received,
    Total,
    ValueType,
    Window,
)
from .calendar import (
    EARLIEST,
    LATEST,
    cutoff_instant,
    date_bound,
    lunar_day_ranges,
    month_day_ranges,
)
from .lunar import RANGES as LUNAR_RANGES
from .normal import normal
from .sql import column, number

SOLAR_RANGES = 2


@dataclass(frozen=True, slots=True)
class InstantNeed:
    """The instant of a cutoff."""

    cutoff: Cutoff

    def values(self, t: int, zone: str) -> tuple[int, ...]:
        """What stands in the columns for t and a zone."""
        return (cutoff_instant(self.cutoff, t, zone),)


@dataclass(frozen=True, slots=True)
class DateNeed:
    """The first date, as yyyymmdd, that starts at a cutoff or later."""

    cutoff: Cutoff

    def values(self, t: int, zone: str) -> tuple[int, ...]:
        """What stands in the columns for t and a zone."""
        return (date_bound(self.cutoff, t, zone),)


@dataclass(frozen=True, slots=True)
class MonthDayNeed:
    """The days of a window as half-open ranges of mmdd, two columns each, of the solar or lunar calendar."""

    window: Window
    lunar: bool

    def values(self, t: int, zone: str) -> tuple[int, ...]:
        """What stands in the columns for t and a zone."""
        return lunar_day_ranges(self.window, t, zone) if self.lunar else month_day_ranges(self.window, t, zone)


Need = InstantNeed | DateNeed | MonthDayNeed
Bounds = tuple[exp.Expression | None, exp.Expression | None]


@dataclass(frozen=True, slots=True)
class FramePlan:
    """Which boundary stands in which column; equal conditions give equal plans.

    >>> plan = FramePlan((InstantNeed(Cutoff(CutoffKind.DAY)), InstantNeed(Cutoff(CutoffKind.DAY, 1))))
    >>> plan.columns, plan.values(90_000_000_000, "UTC")
    (('c0', 'c1'), (86400000000, 172800000000))
    """

    needs: tuple[Need, ...]

    @classmethod
    def of(cls, conditions: Iterable[Condition], library: Library, extra: Iterable[Cutoff] = ()) -> FramePlan:
        """The plan for all that the conditions ask, and for further cutoffs."""
        return cls.of_all([(condition, library) for condition in conditions], extra)

    @classmethod
    def of_all(cls, conditions: Iterable[tuple[Condition, Library]], extra: Iterable[Cutoff] = ()) -> FramePlan:
        """The plan for conditions that have libraries of their own, as several versions of playbooks do."""
        found: dict[Need, None] = {}
        for condition, library in conditions:
            found.update(dict.fromkeys(needs_of(normal(condition, library))))
        found.update(dict.fromkeys(InstantNeed(cutoff) for cutoff in extra if cutoff.kind is not CutoffKind.T))
        return cls(tuple(found))

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns behind frame, t and zone."""
        return tuple(f"c{i}" for i in range(sum(_width(need) for need in self.needs)))

    def values(self, t: int, zone: str) -> tuple[int, ...]:
        """What stands in :attr:`columns` for t and a zone."""
        return tuple(value for need in self.needs for value in need.values(t, zone))

    def instant(self, cutoff: Cutoff, frame: str) -> exp.Expression:
        """The instant of a cutoff, read from the row of frames under the alias ``frame``."""
        if cutoff.kind is not CutoffKind.T:
            return self._columns(InstantNeed(cutoff), frame)[0]
        offset = max(EARLIEST, min(LATEST, cutoff.n + cutoff.plus))
        t = column("t", frame)
        if offset == 0:
            return t
        kind = exp.Add if offset > 0 else exp.Sub
        return kind(this=t, expression=number(abs(offset)))

    def bounds(self, window: Window, frame: str) -> Bounds:
        """The instants of a window's ends."""
        low, high = (None if end is None else self.instant(end, frame) for end in (window.low, window.high))
        return low, high

    def date_bounds(self, window: Window, frame: str) -> Bounds:
        """The dates of a window's ends: those that start inside it are in [low, high)."""
        low, high = (
            None if end is None else self._columns(DateNeed(end), frame)[0] for end in (window.low, window.high)
        )
        return low, high

    def month_days(self, window: Window, lunar: bool, frame: str) -> list[tuple[exp.Expression, exp.Expression]]:
        """The half-open ranges of mmdd that a window's days make on the solar or lunar calendar."""
        columns = self._columns(MonthDayNeed(window, lunar), frame)
        return list(zip(columns[::2], columns[1::2], strict=True))

    def _columns(self, need: Need, frame: str) -> list[exp.Expression]:
        place = self.needs.index(need)
        first = sum(_width(before) for before in self.needs[:place])
        return [column(f"c{first + i}", frame) for i in range(_width(need))]


def _width(need: Need) -> int:
    if isinstance(need, MonthDayNeed):
        return 2 * (LUNAR_RANGES if need.lunar else SOLAR_RANGES)
    return 1


def needs_of(condition: Condition) -> Iterator[Need]:
    """The boundaries that a condition in normal form asks about."""
    match condition:
        case All(items=items) | Any(items=items):
            for item in items:
                yield from needs_of(item)
        case Not(item=item):
            yield from needs_of(item)
        case HasTag(window=Window() as window) | Received(window=Window() as window):
            yield from _instants(window)
        case InWindow(operand=operand, window=window):
            dates = operand.type is ValueType.DATE
            yield from _dates(window) if dates else _instants(window)
        case Anniversary(operand=operand, window=window):
            yield MonthDayNeed(window, operand.type is ValueType.LUNAR_DATE)
        case Compare(operand=Total(query=query)) | Did(query=query):
            yield from _of_query(query)
        case MomentIn(query=query, window=window):
            yield from _of_query(query)
            yield from _instants(window)
        case MomentHas(query=query, has=has):
            yield from _of_query(query)
            yield from needs_of(has)


def _of_query(query: EventQuery) -> Iterator[Need]:
    if query.window is not None:
        yield from _instants(query.window)
    if query.where is not None:
        yield from needs_of(query.where)


def _instants(window: Window) -> Iterator[Need]:
    return (InstantNeed(end) for end in (window.low, window.high) if end is not None and end.kind is not CutoffKind.T)


def _dates(window: Window) -> Iterator[Need]:
    return (DateNeed(end) for end in (window.low, window.high) if end is not None)


def create_frames(plan: FramePlan) -> exp.Create:
    """The statement that makes the temporary table of a plan."""
    integer = ("frame", "t", *plan.columns)
    columns = [exp.ColumnDef(this=exp.to_identifier(name), kind=exp.DataType.build("BIGINT")) for name in integer]
    columns[0] = exp.ColumnDef(
        this=exp.to_identifier("frame"), kind=exp.DataType.build("INT"),
        constraints=[exp.ColumnConstraint(kind=exp.PrimaryKeyColumnConstraint())],
    )
    columns.insert(2, exp.ColumnDef(this=exp.to_identifier("zone"), kind=exp.DataType.build("TEXT")))
    schema = exp.Schema(this=exp.to_table("frames"), expressions=columns)
    properties = exp.Properties(expressions=[exp.TemporaryProperty()])
    return exp.Create(this=schema, kind="TABLE", properties=properties)


def insert_frame(plan: FramePlan) -> exp.Insert:
    """The statement that adds a frame; it binds frame, t, zone and the plan's values by position."""
    places = exp.Tuple(expressions=[exp.Placeholder() for _ in range(3 + len(plan.columns))])
    return exp.Insert(this=exp.to_table("frames"), expression=exp.Values(expressions=[places]))
