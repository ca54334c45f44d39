"""What two sets of decisions differ in, member by member: compared in the store's temporary tables, as sets.

A decision of one side belongs to one of the other with the same playbook, step, member and occurrence. What is left is
paired by playbook, step and member in the order of instants, so that a moved clock shows as another time, not as
somebody new and somebody gone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from ..run.context import RunContext
from ..run.masking import masked, name_column
from ..stores.sqlite.identifiers import with_names
from .decisions import PSEUDONYM, Decisions, content_digest, parked_steps
from .occurrences import name_occurrences

Side = Literal["before", "after"]
CHANGES = ("newly", "no_longer", "time", "content", "reason")
"""Who gets it though they did not, who does not though they did; whose instant, content, or reason to get nothing is another."""

MOST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Shown:
    """A member of a list: the outside id (None where ids are not asked for, or the member was erased) and the masked name.

    ``before`` and ``after`` are the instants, ``was`` and ``now`` status or reason of either side, None where there is none.
    """

    member: str | None
    name: str
    before: int | None
    after: int | None
    was: str | None
    now: str | None


@dataclass(frozen=True, slots=True)
class StepMoves:
    """How many members' decisions of a step changed, by how; ``lists`` hold some of them, or, with ids, all.

    ``formerly`` is what the step is called on the other side, where that is something else.
    """

    playbook: str
    step: str
    numbers: Mapping[str, int]
    lists: Mapping[str, tuple[Shown, ...]]
    formerly: str | None = None


_NOTHING: Mapping[tuple[str, str], str] = MappingProxyType({})


class Comparison:
    """Two sides laid side by side on a connection, whose open transaction takes the tables with it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        for statement in _TABLES:
            connection.execute(statement)

    def add_attempt(self, side: Side, ctx: RunContext) -> None:
        """Lays out what the delta tables of an attempt hold."""
        name_occurrences(ctx)
        contents = [
            (header, content_digest(action, channel, content, params))
            for header, action, channel, content, params in ctx.rows(_HEADERS)
        ]
        self._connection.execute("DELETE FROM compared_contents")
        self._connection.executemany("INSERT INTO compared_contents VALUES (?, ?)", contents)
        ctx.execute(with_names(_FROM_RECORDS, side=_SIDES[side]))
        self._connection.execute("DELETE FROM compared_steps")
        self._connection.executemany(
            "INSERT INTO compared_steps VALUES (?, ?, ?, ?, ?)", [(*place, step) for place, step in parked_steps(ctx).items()]
        )
        ctx.execute(with_names(_FROM_PARKED, side=_SIDES[side]))

    def add_decisions(self, side: Side, decisions: Decisions) -> None:
        """Lays out decisions that were written down."""
        self._connection.executemany(with_names(_INSERT, side=_SIDES[side]), _rows_of(decisions))

    def rename(self, side: Side, names: Mapping[tuple[str, str], str]) -> None:
        """Calls steps (by playbook and step) by the names that they have on the other side."""
        values = [(new, playbook, step) for (playbook, step), new in names.items()]
        self._connection.executemany(with_names(_RENAME, side=_SIDES[side]), values)

    def moves(self, *, members: bool, formerly: Mapping[tuple[str, str], str] = _NOTHING) -> tuple[StepMoves, ...]:
        """What differs, by playbook and step; with ``members`` all of them by their outside ids, else some, masked.

        ``formerly`` are the names that were given to :meth:`rename`.
        """
        for statement in _MATCHING:
            self._connection.execute(statement)
        numbers: dict[tuple[str, str], dict[str, int]] = {}
        for playbook, step, change, number in self._connection.execute(_NUMBERS).fetchall():
            numbers.setdefault((playbook, step), dict.fromkeys(CHANGES, 0))[change] = number
        lists: dict[tuple[str, str], dict[str, list[Shown]]] = {}
        most = -1 if members else MOST_SHOWN
        for playbook, step, change, identity, name, *rest in self._connection.execute(
            with_names(_LISTS, name=_name_column(self._connection)), {"most": most}
        ):
            shown = Shown(identity if members else None, masked(name), *rest)
            lists.setdefault((playbook, step), {}).setdefault(change, []).append(shown)
        old = {(playbook, new): step for (playbook, step), new in formerly.items()}
        return tuple(
            StepMoves(*place, counted, {change: tuple(found) for change, found in lists[place].items()}, old.get(place))
            for place, counted in sorted(numbers.items())
        )


def _rows_of(decisions: Decisions) -> Iterator[tuple[object, ...]]:
    for group in decisions.groups:
        for when in group.when:
            members = bytes.fromhex(when.members)
            for start in range(0, len(members), PSEUDONYM):
                yield (
                    group.playbook, group.step, when.occurrence, group.kind, members[start : start + PSEUDONYM], group.status,
                    group.reason, group.content, when.at,
                )


def _name_column(connection: sqlite3.Connection) -> str:
    """The column of members with their names; that of their numbers, which is no text, where no name was ever imported."""
    return f"m.{name_column(connection) or 'unit'}"


def total(moves: Iterable[StepMoves]) -> dict[str, int]:
    """The numbers of all steps together."""
    found = dict.fromkeys(CHANGES, 0)
    for step in moves:
        for change, number in step.numbers.items():
            found[change] += number
    return found


_SIDES = {"before": "compared_before", "after": "compared_after"}
_COLUMNS = """
  row INTEGER PRIMARY KEY, playbook TEXT, step TEXT, occurrence TEXT, kind INTEGER, member BLOB, status TEXT, reason TEXT,
  content TEXT, at INTEGER
"""
_TABLES = (
    "DROP TABLE IF EXISTS temp.compared_before",
    "DROP TABLE IF EXISTS temp.compared_after",
    "DROP TABLE IF EXISTS temp.compared_pairs",
    "DROP TABLE IF EXISTS temp.compared_contents",
    "DROP TABLE IF EXISTS temp.compared_steps",
    "DROP TABLE IF EXISTS temp.compared",
    "CREATE TEMP TABLE compared_before (" + _COLUMNS + ")",
    "CREATE TEMP TABLE compared_after (" + _COLUMNS + ")",
    "CREATE TEMP TABLE compared_pairs (former INTEGER, present INTEGER)",
    "CREATE TEMP TABLE compared_contents (header INTEGER PRIMARY KEY, content TEXT NOT NULL)",
    """CREATE TEMP TABLE compared_steps (
      playbook TEXT, version INTEGER, block INTEGER, position INTEGER, step TEXT,
      PRIMARY KEY (playbook, version, block, position)) WITHOUT ROWID""",
)
_INSERT = """
INSERT INTO $side (playbook, step, occurrence, kind, member, status, reason, content, at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_HEADERS = "SELECT header, action, channel, content, params FROM run_headers"
_FROM_RECORDS = """
INSERT INTO $side (playbook, step, occurrence, kind, member, status, reason, content, at)
SELECT o.playbook, s.name, o.name, d.kind, d.pseudonym, h.status, h.reason, c.content, d.not_before
FROM run_dispatches d JOIN run_headers h ON h.header = d.header JOIN compared_contents c ON c.header = d.header
JOIN called o ON o.occurrence = d.occurrence JOIN run_steps s ON s.step = d.step
"""
_FROM_PARKED = """
INSERT INTO $side (playbook, step, occurrence, kind, member, status, content, at)
SELECT e.playbook, s.step, o.name, e.kind, coalesce(m.pseudonym, g.pseudonym), 'deferred', '', e.due
FROM run_enrolments e JOIN called o ON o.occurrence = e.occurrence
JOIN compared_steps s ON s.playbook = e.playbook AND s.version = e.version AND s.block = e.block AND s.position = e.position
LEFT JOIN members m ON e.kind = 0 AND m.unit = e.unit LEFT JOIN groups g ON e.kind = 1 AND g.unit = e.unit
WHERE e.ended IS NULL AND e.deferrals > 0
"""
_RENAME = "UPDATE $side SET step = ? WHERE playbook = ? AND step = ?"
_MATCHING = (
    "CREATE INDEX temp.compared_before_key ON compared_before (playbook, step, member, kind, occurrence)",
    """INSERT INTO compared_pairs
       SELECT b.row, a.row FROM compared_after a CROSS JOIN compared_before b
       WHERE b.playbook = a.playbook AND b.step = a.step AND b.member = a.member AND b.kind = a.kind
         AND b.occurrence = a.occurrence""",
    """INSERT INTO compared_pairs
       WITH former AS (
         SELECT row, playbook, step, kind, member,
                row_number() OVER (PARTITION BY playbook, step, kind, member ORDER BY at, occurrence) AS place
         FROM compared_before WHERE row NOT IN (SELECT former FROM compared_pairs)),
       present AS (
         SELECT row, playbook, step, kind, member,
                row_number() OVER (PARTITION BY playbook, step, kind, member ORDER BY at, occurrence) AS place
         FROM compared_after WHERE row NOT IN (SELECT present FROM compared_pairs))
       SELECT f.row, p.row FROM former f JOIN present p USING (playbook, step, kind, member, place)""",
    """INSERT INTO compared_pairs
       SELECT row, NULL FROM compared_before WHERE row NOT IN (SELECT former FROM compared_pairs)""",
    """INSERT INTO compared_pairs
       SELECT NULL, row FROM compared_after
       WHERE row NOT IN (SELECT present FROM compared_pairs WHERE present IS NOT NULL)""",
    # What is deferred comes later, with whatever content it has then.
    """CREATE TEMP TABLE compared AS
       SELECT * FROM (
         SELECT playbook, step, kind, member, former, present, was, now, CASE
           WHEN gets AND NOT got THEN 'newly'
           WHEN got AND NOT gets THEN 'no_longer'
           WHEN got AND (former IS NOT present OR occurred IS NOT occurs) THEN 'time'
           WHEN got AND had IS NOT has AND 'deferred' NOT IN (was, now) THEN 'content'
           WHEN NOT got AND was IS NOT now THEN 'reason' END AS change
         FROM (
           SELECT coalesce(a.playbook, b.playbook) AS playbook, coalesce(a.step, b.step) AS step,
                  coalesce(a.kind, b.kind) AS kind, coalesce(a.member, b.member) AS member,
                  b.at AS former, a.at AS present, b.occurrence AS occurred, a.occurrence AS occurs,
                  coalesce(b.reason, b.status) AS was, coalesce(a.reason, a.status) AS now,
                  b.content AS had, a.content AS has,
                  coalesce(b.status, 'suppressed') <> 'suppressed' AS got, coalesce(a.status, 'suppressed') <> 'suppressed' AS gets
           FROM compared_pairs p LEFT JOIN compared_before b ON b.row = p.former LEFT JOIN compared_after a ON a.row = p.present))
       WHERE change IS NOT NULL""",
)
_NUMBERS = "SELECT playbook, step, change, count(*) FROM compared GROUP BY playbook, step, change"
# Pseudonyms are drawn at random, so that the first of them are a fair sample.
_LISTS = """
SELECT c.playbook, c.step, c.change, coalesce(m.id, g.id), CASE WHEN c.kind = 0 THEN $name ELSE g.name END,
       c.former, c.present, c.was, c.now
FROM (
  SELECT *, row_number() OVER (PARTITION BY playbook, step, change ORDER BY member) AS place FROM compared) c
LEFT JOIN members m ON c.kind = 0 AND m.pseudonym = c.member LEFT JOIN groups g ON c.kind = 1 AND g.pseudonym = c.member
WHERE :most < 0 OR c.place <= :most ORDER BY c.playbook, c.step, c.change, coalesce(m.id, g.id)
"""
