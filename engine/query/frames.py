"""Frames: the context of an evaluation as a relation, one row for each pair of instant and zone.

The table is ``frames(frame, t, zone, c0, c1, ...)``. Which boundary of the calendar stands in which column follows
from the conditions alone; Python computes a row, SQL only compares whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from sqlglot import exp

from ..program.holidays import NO_CALENDAR, HolidayCalendar
from ..program.ir import Condition, Cutoff, CutoffKind, Library, Window
from .calendar import EARLIEST, LATEST
from .needs import (
    DateNeed,
    DayKindNeed,
    InstantNeed,
    LocalDaysNeed,
    MonthDayNeed,
    Need,
    StartNeed,
    Values,
    is_end,
    needs_of,
    width,
)
from .normal import normal
from .sql import column, number
from .story import NO_STORY, Story

Bounds = tuple[exp.Expression | None, exp.Expression | None]


@dataclass(frozen=True, slots=True)
class FramePlan:
    """Which boundary stands in which column; equal conditions give equal plans.

    >>> plan = FramePlan((InstantNeed(Cutoff(CutoffKind.DAY)), InstantNeed(Cutoff(CutoffKind.DAY, 1))))
    >>> plan.columns, plan.values(90_000_000_000, "UTC")
    (('c0', 'c1'), (86400000000, 172800000000))
    """

    needs: tuple[Need, ...]
    holidays: HolidayCalendar = field(default=NO_CALENDAR, compare=False)

    @classmethod
    def of(cls, conditions: Iterable[Condition], library: Library, extra: Iterable[Cutoff] = ()) -> FramePlan:
        """The plan for all that the conditions ask, and for further cutoffs."""
        return cls.of_all([(condition, library) for condition in conditions], extra)

    @classmethod
    def of_all(cls, conditions: Iterable[tuple[Condition, Library]], extra: Iterable[Cutoff] = ()) -> FramePlan:
        """The plan for conditions that have libraries of their own, as several versions of playbooks do.

        The calendar of holidays is the same in all of them.
        """
        found: dict[Need, None] = {}
        holidays = NO_CALENDAR
        for condition, library in conditions:
            holidays = library.holidays
            found.update(dict.fromkeys(needs_of(normal(condition, library))))
        found.update(dict.fromkeys(InstantNeed(cutoff) for cutoff in extra if cutoff.kind is not CutoffKind.T))
        return cls(tuple(found), holidays)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns behind frame, t and zone."""
        return tuple(f"c{i}" for i in range(sum(width(need) for need in self.needs)))

    def values(self, t: int, zone: str, story: Story = NO_STORY) -> Values:
        """What stands in :attr:`columns` for t, a zone and a journey."""
        return tuple(value for need in self.needs for value in need.values(t, zone, self.holidays, story))

    def start(self, frame: str) -> exp.Expression:
        """The seq of the fact that started the journey of the unit, read from the row of frames under an alias."""
        return self._columns(StartNeed(), frame)[0]

    @property
    def counts_days(self) -> bool:
        """Whether statements of the plan read the offsets of zones too (see ``local_days``)."""
        return LocalDaysNeed() in self.needs

    def instant(self, cutoff: Cutoff, frame: str, ends: bool = False) -> exp.Expression:
        """The instant of a cutoff, read from the row of frames under the alias ``frame``."""
        if cutoff.kind is not CutoffKind.T:
            return self._columns(InstantNeed(cutoff, ends), frame)[0]
        offset = max(EARLIEST, min(LATEST, cutoff.n + cutoff.plus))
        t = column("t", frame)
        if offset == 0:
            return t
        kind = exp.Add if offset > 0 else exp.Sub
        return kind(this=t, expression=number(abs(offset)))

    def bounds(self, window: Window, frame: str) -> Bounds:
        """The instants of a window's ends."""
        low = None if window.low is None else self.instant(window.low, frame)
        return low, None if window.high is None else self.instant(window.high, frame, is_end(window.high))

    def date_bounds(self, window: Window, frame: str) -> Bounds:
        """The dates of a window's ends: those that start inside it are in [low, high)."""
        low = None if window.low is None else self._columns(DateNeed(window.low), frame)[0]
        if window.high is None:
            return low, None
        return low, self._columns(DateNeed(window.high, is_end(window.high)), frame)[0]

    def month_days(self, window: Window, lunar: bool, frame: str) -> list[tuple[exp.Expression, exp.Expression]]:
        """The half-open ranges of mmdd that a window's days make on the solar or lunar calendar."""
        columns = self._columns(MonthDayNeed(window, lunar), frame)
        return list(zip(columns[::2], columns[1::2], strict=True))

    def is_day(self, kind: Literal["workday", "holiday"], frame: str) -> exp.Expression:
        """Whether the local day of t is of a kind, as 0 or 1."""
        return self._columns(DayKindNeed(kind), frame)[0]

    def _columns(self, need: Need, frame: str) -> list[exp.Expression]:
        place = self.needs.index(need)
        first = sum(width(before) for before in self.needs[:place])
        return [column(f"c{first + i}", frame) for i in range(width(need))]


def create_frames(columns_of_plan: tuple[str, ...]) -> exp.Create:
    """The statement that makes the temporary table of a plan with such columns."""
    integer = ("frame", "t", *columns_of_plan)
    columns = [exp.ColumnDef(this=exp.to_identifier(name), kind=exp.DataType.build("BIGINT")) for name in integer]
    columns[0] = exp.ColumnDef(
        this=exp.to_identifier("frame"), kind=exp.DataType.build("INT"),
        constraints=[exp.ColumnConstraint(kind=exp.PrimaryKeyColumnConstraint())],
    )
    columns.insert(2, exp.ColumnDef(this=exp.to_identifier("zone"), kind=exp.DataType.build("TEXT")))
    schema = exp.Schema(this=exp.to_table("frames"), expressions=columns)
    properties = exp.Properties(expressions=[exp.TemporaryProperty()])
    return exp.Create(this=schema, kind="TABLE", properties=properties)


def insert_frame(columns_of_plan: tuple[str, ...]) -> exp.Insert:
    """The statement that adds a frame; it binds frame, t, zone and the plan's values by position."""
    places = exp.Tuple(expressions=[exp.Placeholder() for _ in range(3 + len(columns_of_plan))])
    return exp.Insert(this=exp.to_table("frames"), expression=exp.Values(expressions=[places]))
