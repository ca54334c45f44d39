"""The local days of a simulation, as a table that instants are looked up in."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date, timedelta

from ..program.clock import day_start, local_day

_LONGEST_TAIL = 31


@dataclass(frozen=True, slots=True)
class Days:
    """The days from ``first`` on, ``count`` of them; in the table ``days`` each has a number from 0 on, for each zone."""

    first: date
    count: int

    @property
    def all(self) -> tuple[date, ...]:
        """The days in order."""
        return tuple(self.first + timedelta(days=number) for number in range(self.count))

    @property
    def weeks(self) -> int:
        """How many times seven days there are from the first on; one where there are fewer than seven."""
        return max(1, self.count // 7)


def make_days(connection: sqlite3.Connection, zone: str, start: int, until: int, last: int) -> Days:
    """The days from that of ``start`` to that of ``until``, and on to that of ``last`` where something goes out later."""
    first = local_day(start, zone)
    end = min(local_day(max(until, last), zone), local_day(until, zone) + timedelta(days=_LONGEST_TAIL))
    connection.execute("CREATE TABLE days (zone TEXT, low INTEGER, day INTEGER NOT NULL, PRIMARY KEY (zone, low)) WITHOUT ROWID")
    days = Days(first, (end - first).days + 1)
    note_days(connection, days, zone)
    return days


def note_days(connection: sqlite3.Connection, days: Days, zone: str) -> None:
    """Lets instants be looked up by the clock of a zone."""
    rows = [(zone, day_start(day, zone), number) for number, day in enumerate(days.all)]
    connection.executemany("INSERT OR IGNORE INTO days VALUES (?, ?, ?)", rows)
