"""What the records of a simulation come to: counted in the copy, as sets."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations
from typing import NamedTuple

from ..program.ir import Program
from .days import Days
from .model import Collision, Spread


class Count(NamedTuple):
    """``number`` records of one sort on one day, which counts from the first."""

    playbook: str
    status: str
    channel: str | None
    reason: str | None
    day: int
    number: int


@dataclass(frozen=True, slots=True)
class Survey:
    """The records of the runs told of, in the table ``simulated``, with what their headers say in ``told``.

    ``playbook`` narrows what is counted of members and of meetings to one, None takes all.
    """

    connection: sqlite3.Connection
    playbook: str | None

    def counts(self) -> Iterator[Count]:
        """How many records there are of each sort on each day."""
        return (Count(*row) for row in self.connection.execute(_COUNTS, {"playbook": self.playbook}))

    def spread(self, members: int) -> Spread:
        """How many messages each of so many members gets."""
        found = dict(self.connection.execute(_MESSAGES, {"playbook": self.playbook}))
        return _spread(found, members)

    def weekly(self, members: int, days: Days) -> Spread:
        """How many messages each of so many members gets in each seven days."""
        values = {"playbook": self.playbook, "weeks": days.weeks, "short": days.count < 7}
        return _spread(dict(self.connection.execute(_WEEKLY, values)), members * days.weeks)

    def collisions(self) -> tuple[Collision, ...]:
        """Where playbooks met in one member on one day: who sent beside whom, and who got nothing because of whom."""
        found = [Collision(*row) for row in self.connection.execute(_MEETINGS, {"playbook": self.playbook})]
        return tuple(sorted(found, key=lambda each: (-each.times, each.first, each.second, each.reason)))

    def collided(self) -> int:
        """On how many days of members playbooks met."""
        return int(self.connection.execute(_COLLIDED, {"playbook": self.playbook}).fetchone()[0])


def _spread(found: Mapping[int, int], members: int) -> Spread:
    none = members - sum(found.values())
    return Spread(tuple(sorted({**({0: none} if none > 0 else {}), **found}.items())))


def survey(connection: sqlite3.Connection, program: Program, first_run: int, playbook: str | None) -> Survey:
    """Gathers the records of the runs from ``first_run`` on, by the days of the policy's zone."""
    values = {"run": first_run, "zone": program.policy.zone.name}
    for statement in _GATHERING:
        connection.execute(statement, values)
    connection.executemany("INSERT INTO rivals VALUES (?, ?, ?)", _rivals(program))
    connection.execute(_INSIDE, values)
    return Survey(connection, playbook)


def _rivals(program: Program) -> Iterator[tuple[str, str, str]]:
    """For what reason which playbook may lose to which; two that may both send stand once, in the order of their names."""
    for loser, winner in permutations(program.playbooks.values(), 2):
        if winner.name < loser.name:
            yield loser.name, "both", winner.name
        if winner.category == "marketing":
            yield loser.name, "cap", winner.name
        yield loser.name, "channel_quota", winner.name
        if loser.only_one_of is not None and loser.only_one_of == winner.only_one_of:
            yield loser.name, "exclusive", winner.name


def last_instant(connection: sqlite3.Connection, first_run: int) -> int:
    """The latest instant at which something that was queued may go out; 0 where nothing was."""
    return int(connection.execute(_LAST_INSTANT, (first_run,)).fetchone()[0])


_LAST_INSTANT = """
SELECT coalesce(max(not_before), 0) FROM dispatches WHERE seq >= (SELECT min(first_leaf) FROM runs WHERE run >= ?)
"""
# What lies before the first day, since it was late, counts on it.
_GATHERING = (
    """CREATE TABLE told (
      header INTEGER PRIMARY KEY, playbook TEXT NOT NULL, status TEXT NOT NULL, channel TEXT, reason TEXT, sends INTEGER NOT NULL)""",
    """INSERT INTO told
       SELECT h.header, s.playbook, h.status, h.channel, h.reason, h.status = 'queued' AND h.action IN ('push', 'welcome')
       FROM headers h JOIN steps s ON s.step = h.step WHERE h.run >= :run""",
    """CREATE TABLE simulated AS
       SELECT d.header, d.kind, d.unit, coalesce(
         (SELECT y.day FROM days y WHERE y.zone = :zone AND y.low <= d.not_before ORDER BY y.low DESC LIMIT 1), 0) AS day
       FROM dispatches d WHERE d.seq >= (SELECT min(first_leaf) FROM runs WHERE run >= :run)""",
    # What is the same of many records of a member and day counts once; meetings are found among these.
    """CREATE TABLE met (
      kind INTEGER, unit INTEGER, day INTEGER, playbook TEXT, reason TEXT, PRIMARY KEY (kind, unit, day, playbook, reason)
    ) WITHOUT ROWID""",
    """INSERT OR IGNORE INTO met
       SELECT s.kind, s.unit, s.day, t.playbook, CASE WHEN t.sends THEN 'both' ELSE t.reason END
       FROM simulated s JOIN told t ON t.header = s.header
       WHERE t.sends OR t.reason IN ('cap', 'channel_quota', 'exclusive')""",
    "CREATE TABLE rivals (loser TEXT, reason TEXT, winner TEXT, PRIMARY KEY (loser, reason, winner)) WITHOUT ROWID",
)
_COUNTS = """
SELECT t.playbook, t.status, t.channel, t.reason, g.day, sum(g.number) FROM (
  SELECT header, day, count(*) AS number FROM simulated GROUP BY header, day) g
JOIN told t ON t.header = g.header WHERE :playbook IS NULL OR t.playbook = :playbook
GROUP BY t.playbook, t.status, t.channel, t.reason, g.day ORDER BY t.playbook, t.status, t.channel, t.reason, g.day
"""
_MESSAGES = """
SELECT number, count(*) FROM (
  SELECT count(*) AS number FROM simulated s JOIN told t ON t.header = s.header
  WHERE s.kind = 0 AND t.sends AND (:playbook IS NULL OR t.playbook = :playbook) GROUP BY s.unit)
GROUP BY number
"""
_WEEKLY = """
SELECT number, count(*) FROM (
  SELECT count(*) AS number FROM simulated s JOIN told t ON t.header = s.header
  WHERE s.kind = 0 AND t.sends AND (:playbook IS NULL OR t.playbook = :playbook) AND (s.day / 7 < :weeks OR :short)
  GROUP BY s.unit, CASE WHEN :short THEN 0 ELSE s.day / 7 END)
GROUP BY number
"""
# Who is inside another playbook of the same group on a day keeps a member from entering, whether or not it sends then.
_INSIDE = """
INSERT OR IGNORE INTO met
SELECT l.kind, l.unit, l.day, e.playbook, 'inside'
FROM met l CROSS JOIN rivals r ON r.loser = l.playbook AND r.reason = 'exclusive'
CROSS JOIN enrolments e ON e.playbook = r.winner AND e.unit = l.unit AND e.kind = l.kind
CROSS JOIN days y ON y.zone = :zone AND y.day = l.day
LEFT JOIN days n ON n.zone = :zone AND n.day = l.day + 1
WHERE l.reason = 'exclusive' AND e.entered < coalesce(n.low, 9223372036854775807)
  AND (e.ended IS NULL OR e.ended >= y.low) AND coalesce(e.why, '') <> 'holdout'
"""
_MEETINGS = """
SELECT winner, loser, reason, count(*) FROM (
  SELECT DISTINCT l.kind, l.unit, l.day, w.playbook AS winner, l.playbook AS loser, l.reason AS reason
  FROM met l CROSS JOIN met w ON w.kind = l.kind AND w.unit = l.unit AND w.day = l.day
  CROSS JOIN rivals r ON r.loser = l.playbook AND r.reason = l.reason AND r.winner = w.playbook
  WHERE (w.reason = 'both' OR w.reason = 'inside' AND l.reason = 'exclusive')
    AND (:playbook IS NULL OR :playbook IN (w.playbook, l.playbook)))
GROUP BY winner, loser, reason
"""
_COLLIDED = """
SELECT count(*) FROM (
  SELECT 1 FROM met GROUP BY kind, unit, day
  HAVING count(DISTINCT playbook) > 1 AND (:playbook IS NULL OR sum(playbook = :playbook) > 0))
"""
