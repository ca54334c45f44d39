"""Gains and losses gathered from rows and compared with the store as sets: tags, memberships of groups, friendships."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from ..sqlite.held import HeldTable
from ..sqlite.identifiers import with_names
from .report import Replacing, RowError
from .session import Session
from .values import Cell

# So many facts wait at most before they are compared with the store.
MOST_GATHERED = 200_000


@dataclass(frozen=True, slots=True)
class Spell:
    """What a row says of one pair: ``gained`` and ``lost`` are instants; ``implied`` where the row names neither."""

    gained: int | None
    lost: int | None
    arrived: int | None
    implied: bool

    @property
    def facts(self) -> Iterator[tuple[int, int]]:
        """The facts (given, at) that it consists of."""
        if self.gained is not None:
            yield 1, self.gained
        if self.lost is not None:
            yield 0, self.lost


class Row(Protocol):
    """What was read of one row."""

    @property
    def line(self) -> int:
        """Where the row stands in the file."""


R = TypeVar("R", bound=Row)

# A line, the numbers of the pair, given, at, arrived, expires, implied.
Fact = tuple[int, int, int, int, int, int, int | None, int]


class HeldFacts:
    """Gathers what rows say about the pairs of one table, and writes what the store does not know yet.

    ``scope`` is the column by which a replacing import is limited to what the file speaks of: ``unit`` or the key.
    """

    def __init__(self, session: Session, table: HeldTable, scope: str = "unit") -> None:
        self._session = session
        self._names = {**table.names, "scope": scope, "gathered": f"import_{table.facts}", "named": f"named_{table.held}"}
        self._insert = _INSERT_FACTS if table.expires == "null" else _INSERT_EXPIRING
        self._gathered = 0
        self._named = False

    def gather_rows(self, rows: Iterable[R], facts_of: Callable[[R], Iterable[Fact]]) -> None:
        """Take what each row says, all of it or, where something is wrong with the row, nothing."""
        facts: list[Fact] = []
        for row in rows:
            try:
                facts.extend(tuple(facts_of(row)))
            except RowError as fault:
                self._session.tally.reject(row.line, fault)
        self.gather(facts)
        if self.full:
            self.flush()

    def gather(self, facts: Sequence[Fact]) -> None:
        """Take facts in the order of the file; written when many wait or at :meth:`finish`."""
        if not facts:
            return
        if not self._gathered:
            self._run("DROP TABLE IF EXISTS temp.$gathered")
            self._run(_GATHERED)
        connection = self._session.store.connection
        connection.executemany(with_names(_GATHER, **self._names), facts)
        self._gathered += len(facts)
        if self._session.options.replace is not Replacing.NOTHING:
            self.name((key, unit) for _, key, unit, *_ in facts)

    def name(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Note pairs that the file names, which a replacing import leaves; a key of 0 only widens its scope."""
        if not self._named:
            self._run("DROP TABLE IF EXISTS temp.$named")
            self._run("CREATE TEMP TABLE $named ($key INTEGER, unit INTEGER, PRIMARY KEY ($key, unit)) WITHOUT ROWID")
            self._named = True
        statement = with_names("INSERT OR IGNORE INTO temp.$named ($key, unit) VALUES (?, ?)", **self._names)
        self._session.store.connection.executemany(statement, pairs)

    @property
    def full(self) -> bool:
        """Whether so much waits that it should be written."""
        return self._gathered >= MOST_GATHERED

    def flush(self, noted: set[int] | None = None, *, noting: bool = False) -> None:
        """Write the gathered facts that are new.

        The lines ``noted`` have been counted already; ``noting`` adds those that are counted now.
        """
        if not self._gathered:
            return
        session, connection = self._session, self._session.store.connection
        session.writer.flush()
        self._run("CREATE INDEX temp.import_gathered_pair ON $gathered ($key, unit, at)")
        self._run(_NEW_FACTS, {"first": session.writer.first})
        (count,) = connection.execute("SELECT COUNT(*) FROM temp.import_new").fetchone()
        before = session.writer.take(count).start - 1
        self._run(self._insert, {"before": before, "backfilled": int(session.options.backfill)})
        added, changed = connection.execute(_ROWS, (json.dumps(sorted(noted or ())),)).fetchone()
        session.tally.added += added
        session.tally.changed += changed
        if noting and noted is not None:
            noted.update(line for (line,) in connection.execute("SELECT DISTINCT line FROM temp.import_new"))
        connection.execute("DROP TABLE temp.import_new")
        self._run("DROP TABLE temp.$gathered")
        self._gathered = 0

    def finish(self) -> None:
        """Write what waits; a replacing import also ends what the file does not name."""
        self.flush()
        session = self._session
        if not self._named:
            return
        session.writer.flush()
        statement = _UNNAMED if session.options.replace is Replacing.ALL else _UNNAMED + _IN_SCOPE
        self._run("CREATE TEMP TABLE import_new AS " + statement, {"at": session.options.at})
        (count,) = session.store.connection.execute("SELECT COUNT(*) FROM temp.import_new").fetchone()
        before = session.writer.take(count).start - 1
        places = {"before": before, "at": session.options.at, "backfilled": int(session.options.backfill)}
        self._run(_END_UNNAMED, places)
        session.tally.removed += count
        self._run("DROP TABLE temp.import_new")
        self._run("DROP TABLE temp.$named")
        self._named = False

    def _run(self, statement: str, parameters: dict[str, int] | None = None) -> None:
        self._session.store.connection.execute(with_names(statement, **self._names), parameters or {})


def read_spell(session: Session, cells: dict[str, Cell]) -> Spell:
    """What the columns ``since``, ``until`` and ``arrived`` of a row say; raises RowError.

    A row that names neither end says that the pair is held now.
    """
    since, until = session.instant(cells, "since"), session.instant(cells, "until")
    if since is not None and until is not None and until <= since:
        raise RowError("S127", column="until")
    implied = since is None and until is None
    gained = session.options.at if implied else since
    return Spell(gained, until, session.instant(cells, "arrived"), implied)


_GATHERED = """
CREATE TEMP TABLE $gathered (
  position INTEGER PRIMARY KEY, line INTEGER, $key INTEGER, unit INTEGER, given INTEGER, at INTEGER, arrived INTEGER,
  expires INTEGER, implied INTEGER
)
"""
_GATHER = """
INSERT INTO temp.$gathered (line, $key, unit, given, at, arrived, expires, implied) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
# A fact is known if the store or an earlier row has the same. A row without instants says nothing new of what is held
# and does not expire, unless the file also takes it.
_NEW_FACTS = """
CREATE TEMP TABLE import_new AS
WITH numbered AS (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY $key, unit, at, given ORDER BY position) AS nth FROM temp.$gathered
)
SELECT position, line, $key, unit, given, at, arrived, expires FROM numbered AS n
WHERE nth = 1 AND NOT EXISTS (
  SELECT 1 FROM $facts AS f WHERE f.$key = n.$key AND f.unit = n.unit AND f.at = n.at AND f.given = n.given
) AND NOT (implied = 1 AND expires IS NULL AND EXISTS (
  SELECT 1 FROM $held AS m WHERE m.$key = n.$key AND m.unit = n.unit AND m.since <= n.at AND n.at < m.until
) AND NOT EXISTS (
  SELECT 1 FROM temp.$gathered AS o WHERE o.$key = n.$key AND o.unit = n.unit AND o.given = 0
) AND NOT EXISTS (
  SELECT 1 FROM $facts AS o WHERE o.$key = n.$key AND o.unit = n.unit AND o.given = 0 AND o.seq >= :first
))
"""
_INSERT_EXPIRING = """
INSERT INTO $facts (seq, unit, $key, given, at, arrived, expires, backfilled)
SELECT :before + ROW_NUMBER() OVER (ORDER BY position), unit, $key, given, at, arrived, expires, :backfilled
FROM temp.import_new
"""
_INSERT_FACTS = """
INSERT INTO $facts (seq, unit, $key, given, at, arrived, backfilled)
SELECT :before + ROW_NUMBER() OVER (ORDER BY position), unit, $key, given, at, arrived, :backfilled
FROM temp.import_new
"""
_ROWS = """
SELECT COALESCE(SUM(gains), 0), COALESCE(SUM(1 - gains), 0)
FROM (SELECT MAX(given) AS gains FROM temp.import_new WHERE line NOT IN (SELECT value FROM json_each(?)) GROUP BY line)
"""
# Staff 0 is no fact but what follows from `joined`.
_UNNAMED = """
SELECT h.$key, h.unit FROM $held AS h
WHERE h.$key <> 0 AND h.since <= :at AND :at < h.until AND NOT EXISTS (
  SELECT 1 FROM temp.$named AS n WHERE n.$key = h.$key AND n.unit = h.unit
)
"""
_IN_SCOPE = " AND h.$scope IN (SELECT $scope FROM temp.$named)"
_END_UNNAMED = """
INSERT INTO $facts (seq, unit, $key, given, at, arrived, backfilled)
SELECT :before + ROW_NUMBER() OVER (ORDER BY $key, unit), unit, $key, 0, :at, :at, :backfilled FROM temp.import_new
"""
