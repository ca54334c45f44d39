"""Members and their attributes: a value that differs is a change.

A replacing import makes what a row lacks unknown; one that replaces all takes out the members it does not name, as facts
from the instant of the import on. Who was taken out and is named again is back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...program.ir import Attribute
from ..sqlite.facts import BATCH
from .merged import Wanted, settle_merges
from .report import Replacing, RowError
from .session import Session, sound_rows
from .source import Record
from .values import Cell, Value, check_zone, read_points, read_value

# So many values wait at most before they are compared with the store.
MOST_GATHERED = 200_000
_OWN_COLUMNS = frozenset({"id", "points", "at", "arrived", "merged_into"})


@dataclass(frozen=True, slots=True)
class _Row:
    """A sound row: ``at`` is when its values hold from, ``points`` the balance it states.

    A row with ``merged_into`` says nothing but that its id is the same person as that one.
    """

    line: int
    member: str
    at: int
    arrived: int | None
    joined: int | None
    dated: bool
    values: tuple[tuple[int, Value], ...]
    points: int | None
    merged_into: str | None


class MemberReader:
    """Adds members, and gathers what their rows say until all are known."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._numbers = session.store.attributes()
        self._said: list[tuple[object, ...]] = []
        self._balances: list[tuple[object, ...]] = []
        self._merging: list[Wanted] = []
        self._gathered = 0
        replacing = session.options.replace is not Replacing.NOTHING
        self._lacking = sorted(self._numbers.keys() & session.library.attributes.keys()) if replacing else []
        execute = session.store.connection.execute
        execute("DROP TABLE IF EXISTS temp.import_named")
        execute("CREATE TEMP TABLE import_named (unit INTEGER PRIMARY KEY)")
        (taken_out,) = execute("SELECT EXISTS (SELECT 1 FROM removal_facts)").fetchone()
        self._tracking = bool(taken_out) or session.options.replace is Replacing.ALL

    def take(self, records: Sequence[Record]) -> None:
        """Add the members that are new and gather what is said of all."""
        rows = list(sound_rows(self._session, records, self._read))
        units = self._session.own_units_of(row.member for row in rows)
        rows = [row for row in rows if not self._is_merged(row, units)]
        if not self._gathered:
            self._create_tables()
        for row in rows:
            self._take_row(row, units)
        self._gather()
        if self._tracking:
            self._session.store.connection.executemany(
                "INSERT OR IGNORE INTO temp.import_named (unit) VALUES (?)",
                [(units[row.member],) for row in rows if row.merged_into is None],
            )
        if self._gathered >= MOST_GATHERED:
            self._flush()

    def finish(self) -> None:
        """Write what still waits, and who is taken out or back."""
        self._flush()
        session, connection = self._session, self._session.store.connection
        session.writer.flush()
        settle_merges(session, self._merging)
        places = {"at": session.options.at, "all": int(session.options.replace is Replacing.ALL)}
        connection.execute(_REMOVED, places)
        removed, count = connection.execute("SELECT COALESCE(SUM(given), 0), COUNT(*) FROM temp.import_new").fetchone()
        before = session.writer.take(count).start - 1
        connection.execute(_INSERT_REMOVED, {
            "before": before, "at": session.options.at, "backfilled": int(session.options.backfill)
        })
        session.tally.removed += removed
        connection.execute("DROP TABLE temp.import_new")
        connection.execute("DROP TABLE temp.import_named")

    def _flush(self) -> None:
        """Write the gathered values and balances that differ from what held at their instants."""
        if not self._gathered:
            return
        connection, writer = self._session.store.connection, self._session.writer
        writer.flush()
        lines: set[int] = set()
        backfilled = int(self._session.options.backfill)
        for differing, insert in ((_DIFFERING_VALUES, _INSERT_VALUES), (_DIFFERING_BALANCES, _INSERT_POINTS)):
            connection.execute(differing)
            (count,) = connection.execute("SELECT COUNT(*) FROM temp.import_new").fetchone()
            connection.execute(insert, {"before": writer.take(count).start - 1, "backfilled": backfilled})
            changed = connection.execute("SELECT DISTINCT line FROM temp.import_new WHERE known = 1")
            lines.update(line for (line,) in changed)
            connection.execute("DROP TABLE temp.import_new")
        self._session.tally.changed += len(lines)
        self._drop_tables()

    def _create_tables(self) -> None:
        self._drop_tables()
        for statement in _GATHERED:
            self._session.store.connection.execute(statement)

    def _drop_tables(self) -> None:
        for statement in ("DROP TABLE IF EXISTS temp.import_values", "DROP TABLE IF EXISTS temp.import_balances"):
            self._session.store.connection.execute(statement)
        self._gathered = 0

    def _read(self, record: Record) -> _Row:
        session, cells = self._session, record.cells
        member = session.required_text(cells, "id")
        stated = session.instant(cells, "at")
        values = tuple(
            (self._numbers[name], self._value(session.library.attributes[name], cell))
            for name, cell in cells.items() if name not in _OWN_COLUMNS
        )
        values += tuple((self._numbers[name], None) for name in self._lacking if name not in cells)
        joined = session.instant(cells, "joined")
        points = read_points(cells["points"], "points") if "points" in cells else None
        return _Row(
            record.line, member, session.options.at if stated is None else stated,
            session.instant(cells, "arrived"), joined, stated is not None, values, points, session.text(cells, "merged_into"),
        )

    def _value(self, attribute: Attribute, cell: Cell) -> Value:
        value = read_value(attribute.type, cell, attribute.name, self._session.options.zone)
        if value is None:
            return None
        if attribute.name == "timezone":
            return check_zone(str(value), attribute.name)
        if attribute.choices and value not in attribute.choices:
            raise RowError("S115", column=attribute.name, choices=", ".join(attribute.choices))
        return value

    def _take_row(self, row: _Row, units: dict[str, int]) -> None:
        session = self._session
        if row.merged_into is not None:
            self._merging.append(Wanted(row.line, row.member, row.merged_into, self._arrival(row)))
            return
        unit, known = units.get(row.member), 1
        if unit is None:
            unit, known = session.writer.add_member(row.member, arrived=self._arrival(row)), 0
            units[row.member] = unit
            session.tally.added += 1
        arrived = session.arrival(row.at, row.arrived)
        for attribute, value in row.values:
            self._said.append((row.line, known, unit, attribute, value, row.at, arrived))
        if row.points is not None:
            self._balances.append((row.line, known, unit, row.points, row.at, arrived))
        if len(self._said) >= BATCH:
            self._gather()

    def _is_merged(self, row: _Row, units: dict[str, int]) -> bool:
        """Whether the id was merged before and the row does not say so: then it is old, and nothing to go by."""
        unit = units.get(row.member)
        return unit is not None and row.merged_into is None and self._session.person(unit) != unit

    def _arrival(self, row: _Row) -> int:
        """When a new member arrives; backfilled, at the row's own instant, else when they joined."""
        if row.dated or not self._session.options.backfill or row.joined is None:
            return self._session.arrival(row.at, row.arrived)
        return self._session.arrival(row.joined, row.arrived)

    def _gather(self) -> None:
        connection = self._session.store.connection
        connection.executemany(
            "INSERT INTO temp.import_values (line, known, unit, attribute, value, at, arrived)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)", self._said,
        )
        connection.executemany(
            "INSERT INTO temp.import_balances (line, known, unit, balance, at, arrived) VALUES (?, ?, ?, ?, ?, ?)",
            self._balances,
        )
        self._gathered += len(self._said) + len(self._balances)
        self._said.clear()
        self._balances.clear()


_GATHERED = (
    """
    CREATE TEMP TABLE import_values (
      position INTEGER PRIMARY KEY, line INTEGER, known INTEGER, unit INTEGER, attribute INTEGER, value, at INTEGER,
      arrived INTEGER
    )
    """,
    """
    CREATE TEMP TABLE import_balances (
      position INTEGER PRIMARY KEY, line INTEGER, known INTEGER, unit INTEGER, balance INTEGER, at INTEGER,
      arrived INTEGER
    )
    """,
)

# What a row says is compared with what held just before it by (at, order of arrival), in the store or the file.
_DIFFERING_VALUES = """
CREATE TEMP TABLE import_new AS
WITH pairs AS (
  SELECT DISTINCT attribute, unit FROM temp.import_values
), said AS (
  SELECT f.attribute, f.unit, f.at, 0 AS late, f.seq AS place, f.value, NULL AS line, NULL AS known, NULL AS arrived
  FROM pairs AS p CROSS JOIN attribute_facts AS f WHERE f.attribute = p.attribute AND f.unit = p.unit
  UNION ALL
  SELECT attribute, unit, at, 1, position, value, line, known, arrived FROM temp.import_values
), compared AS (
  SELECT *, LAG(value) OVER (PARTITION BY attribute, unit ORDER BY at, late, place) AS before FROM said
)
SELECT place, line, known, unit, attribute, value, at, arrived FROM compared WHERE late = 1 AND value IS NOT before
"""
_INSERT_VALUES = """
INSERT INTO attribute_facts (seq, unit, attribute, value, at, arrived, backfilled)
SELECT :before + ROW_NUMBER() OVER (ORDER BY place), unit, attribute, value, at, arrived, :backfilled
FROM temp.import_new
"""
# `ahead` is how far a stated balance lies above the ledger as it was at that instant; each entry books the step from
# the row before it.
_DIFFERING_BALANCES = """
CREATE TEMP TABLE import_new AS
WITH measured AS (
  SELECT b.*, b.balance - COALESCE((SELECT SUM(p.delta) FROM points AS p WHERE p.unit = b.unit AND p.at <= b.at), 0)
    AS ahead
  FROM temp.import_balances AS b
), stepped AS (
  SELECT *, ahead - COALESCE(LAG(ahead) OVER (PARTITION BY unit ORDER BY at, position), 0) AS delta FROM measured
)
SELECT position AS place, line, known, unit, delta, at, arrived FROM stepped WHERE delta <> 0
"""
_INSERT_POINTS = """
INSERT INTO points (seq, unit, delta, reason, at, arrived, backfilled)
SELECT :before + ROW_NUMBER() OVER (ORDER BY place), unit, delta, 'import', at, arrived, :backfilled
FROM temp.import_new
"""
# Who was taken out before this import: what the latest fact about a member says.
_REMOVED = """
CREATE TEMP TABLE import_new AS
WITH latest AS (
  SELECT unit, given, ROW_NUMBER() OVER (PARTITION BY unit ORDER BY at DESC, seq DESC) AS nth FROM removal_facts
), out AS (
  SELECT unit FROM latest WHERE nth = 1 AND given = 1
)
SELECT unit, 0 AS given FROM temp.import_named WHERE unit IN (SELECT unit FROM out)
UNION ALL
SELECT unit, 1 FROM members
WHERE :all = 1 AND unit NOT IN (SELECT unit FROM temp.import_named) AND unit NOT IN (SELECT unit FROM out)
  AND arrived <= :at
"""
_INSERT_REMOVED = """
INSERT INTO removal_facts (seq, unit, given, at, arrived, backfilled)
SELECT :before + ROW_NUMBER() OVER (ORDER BY given, unit), unit, given, :at, :at, :backfilled FROM temp.import_new
"""
