"""Tags: a row says that a tag is gained, or lost, or was held over an interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .report import RowError
from .session import Session, sound_rows
from .source import Record

# So many facts wait at most before they are compared with the store.
MOST_GATHERED = 200_000


@dataclass(frozen=True, slots=True)
class _Row:
    """A sound row: ``gained`` and ``lost`` are instants; ``implied`` where the row names neither."""

    line: int
    member: str
    tag: str
    gained: int | None
    lost: int | None
    arrived: int | None
    implied: bool


class TagReader:
    """Gathers what rows say about tags, and writes what the store does not know yet."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._numbers = session.store.tags()
        self._gathered = 0

    def take(self, records: Sequence[Record]) -> None:
        """Gather what the rows say."""
        session = self._session
        rows = list(sound_rows(session, records, self._read))
        units = session.units_of(row.member for row in rows)
        facts: list[tuple[object, ...]] = []
        for row in rows:
            try:
                facts.extend(self._facts(row, units))
            except RowError as fault:
                session.tally.reject(row.line, fault)
        self._gather(facts)
        if self._gathered >= MOST_GATHERED:
            self.finish()

    def finish(self) -> None:
        """Write the gathered facts that are new; what exclusive groups and expiries follow, the writer sees to."""
        if not self._gathered:
            return
        session, connection = self._session, self._session.store.connection
        session.writer.flush()
        connection.execute("CREATE INDEX temp.import_tags_pair ON import_tags (tag, unit, at)")
        connection.execute(_NEW_FACTS, {"first": session.writer.first})
        (count,) = connection.execute("SELECT COUNT(*) FROM temp.import_new").fetchone()
        places = {"before": session.writer.take(count).start - 1, "backfilled": int(session.options.backfill)}
        connection.execute(_INSERT_FACTS, places)
        added, changed = connection.execute(_ROWS).fetchone()
        session.tally.added += added
        session.tally.changed += changed
        connection.execute("DROP TABLE temp.import_new")
        connection.execute("DROP TABLE temp.import_tags")
        self._gathered = 0

    def _gather(self, facts: list[tuple[object, ...]]) -> None:
        connection = self._session.store.connection
        if not self._gathered:
            connection.execute("DROP TABLE IF EXISTS temp.import_tags")
            connection.execute(_GATHERED)
        connection.executemany(
            "INSERT INTO temp.import_tags (line, tag, unit, given, at, arrived, expires, implied)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)", facts,
        )
        self._gathered += len(facts)

    def _read(self, record: Record) -> _Row | None:
        session, cells = self._session, record.cells
        member = session.required_text(cells, "member")
        tag = session.declared_text(cells, "tag", session.library.tags, "S117")
        since, until = session.instant(cells, "since"), session.instant(cells, "until")
        if since is not None and until is not None and until <= since:
            raise RowError("S127", column="until")
        if tag is None:
            return None
        implied = since is None and until is None
        gained = session.options.at if implied else since
        return _Row(record.line, member, tag, gained, until, session.instant(cells, "arrived"), implied)

    def _facts(self, row: _Row, units: dict[str, int]) -> list[tuple[object, ...]]:
        session = self._session
        facts: list[tuple[object, ...]] = []
        for given, at in ((1, row.gained), (0, row.lost)):
            if at is None:
                continue
            arrived = session.arrival(at, row.arrived)
            unit = session.unit_for(row.member, units, arrived)
            expires = session.writer.expiry(row.tag, at) if given else None
            facts.append((row.line, self._numbers[row.tag], unit, given, at, arrived, expires, int(row.implied)))
        return facts


_GATHERED = """
CREATE TEMP TABLE import_tags (
  position INTEGER PRIMARY KEY, line INTEGER, tag INTEGER, unit INTEGER, given INTEGER, at INTEGER, arrived INTEGER,
  expires INTEGER, implied INTEGER
)
"""
# A fact is known if the store or an earlier row has the same. A row without instants says nothing new of a tag that is
# held and does not expire, unless the file also takes it.
_NEW_FACTS = """
CREATE TEMP TABLE import_new AS
WITH numbered AS (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY tag, unit, at, given ORDER BY position) AS nth FROM temp.import_tags
)
SELECT position, line, tag, unit, given, at, arrived, expires FROM numbered AS n
WHERE nth = 1 AND NOT EXISTS (
  SELECT 1 FROM tag_facts AS f WHERE f.tag = n.tag AND f.unit = n.unit AND f.at = n.at AND f.given = n.given
) AND NOT (implied = 1 AND expires IS NULL AND EXISTS (
  SELECT 1 FROM member_tags AS m WHERE m.tag = n.tag AND m.unit = n.unit AND m.since <= n.at AND n.at < m.until
) AND NOT EXISTS (
  SELECT 1 FROM temp.import_tags AS o WHERE o.tag = n.tag AND o.unit = n.unit AND o.given = 0
) AND NOT EXISTS (
  SELECT 1 FROM tag_facts AS o WHERE o.tag = n.tag AND o.unit = n.unit AND o.given = 0 AND o.seq >= :first
))
"""
_INSERT_FACTS = """
INSERT INTO tag_facts (seq, unit, tag, given, at, arrived, expires, backfilled)
SELECT :before + ROW_NUMBER() OVER (ORDER BY position), unit, tag, given, at, arrived, expires, :backfilled
FROM temp.import_new
"""
_ROWS = """
SELECT COALESCE(SUM(gains), 0), COALESCE(SUM(1 - gains), 0)
FROM (SELECT MAX(given) AS gains FROM temp.import_new GROUP BY line)
"""
