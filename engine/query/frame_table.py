"""The temporary tables of a plan in one database: frames, and the offsets of their zones where days are counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlglot import exp

from .frame_values import FrameValues
from .frames import FramePlan, create_frames, insert_frame
from .local_days import OFFSETS, create_offsets, insert_offset, zone_offsets
from .sql import column, eq, number, select_from, table
from .story import NO_STORY, Story

Execute = Callable[[str, Sequence[int | str | None]], list[tuple[Any, ...]]]

ExecuteMany = Callable[[str, list[tuple[int | str | None, ...]]], object]


@dataclass(frozen=True, slots=True)
class FrameTable:
    """Makes and fills what statements of ``plan`` read; ``execute`` runs a statement and gives its rows.

    ``execute_many`` runs one for many rows, where the database has a faster way to do so.
    """

    plan: FramePlan
    dialect: str
    execute: Execute
    execute_many: ExecuteMany | None = None
    _insert: str = field(init=False)
    _values: FrameValues = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_values", FrameValues(self.plan))
        object.__setattr__(self, "_insert", _of_frames(self.dialect, self.plan.columns)[1])

    def create(self) -> None:
        """Makes the table of frames anew, empty."""
        self.drop()
        self.execute(_of_frames(self.dialect, self.plan.columns)[0], ())

    def drop(self) -> None:
        """Removes the table of frames, if there is one; offsets never change and stay."""
        self.execute(_DROP, ())

    def add(self, frame: int, t: int, zone: str, story: Story = NO_STORY) -> None:
        """Adds the frame of that number for an instant, a zone and a journey."""
        self.execute(self._insert, (frame, t, zone, *self._values.values(t, zone, story)))
        self.add_zone(zone)

    def add_all(self, frames: Iterable[tuple[int, int, str, Story]]) -> None:
        """Adds many frames, each with its number, instant, zone and journey."""
        rows = [(frame, t, zone, *self._values.values(t, zone, story)) for frame, t, zone, story in frames]
        self.execute_all(self._insert, rows)
        for zone in dict.fromkeys(row[2] for row in rows):
            self.add_zone(str(zone))

    def execute_all(self, statement: str, rows: list[tuple[int | str | None, ...]]) -> None:
        """Runs a statement for each of many rows."""
        if self.execute_many is not None:
            self.execute_many(statement, rows)
            return
        for row in rows:
            self.execute(statement, row)

    def add_zone(self, zone: str) -> None:
        """Adds the offsets of a zone, unless they are there, where the plan counts days."""
        if not self.plan.counts_days:
            return
        create, find, insert = _statements(self.dialect)
        self.execute(create, ())
        if self.execute(find, (zone,)):
            return
        for row in zone_offsets(zone):
            self.execute(insert, row)


_DROP = "DROP TABLE IF EXISTS temp.frames"


@lru_cache
def _of_frames(dialect: str, columns: tuple[str, ...]) -> tuple[str, str]:
    """What makes the table of frames, and what adds one."""
    return create_frames(columns).sql(dialect), insert_frame(columns).sql(dialect)


@lru_cache
def _statements(dialect: str) -> tuple[str, str, str]:
    """What makes the table of offsets, asks for a zone, and adds a row."""
    find = select_from([number(1)], table(OFFSETS, "z"), [eq(column("zone", "z"), exp.Placeholder())]).limit(1)
    return create_offsets().sql(dialect), find.sql(dialect), insert_offset().sql(dialect)
