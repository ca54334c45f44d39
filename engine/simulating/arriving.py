"""Facts that arrive while a simulation plays: each when it was learned, or when the store really had it.

The copy holds what a replay has still to learn in staged tables. A fact whose own arrival lies behind the run that could
first have seen it in the store is brought with that run, as it was.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from ..program.ir import Library, Program, Welcome
from ..stores.sqlite.database import SqliteStore
from ..stores.sqlite.identifiers import with_names
from ..stores.sqlite.maintenance import close_exclusive, exclusive_groups, maintain
from .staging import FACTS, TASK_FACTS, staged

_MADE = (
    "CREATE TABLE arrivals (at INTEGER PRIMARY KEY, urgent INTEGER NOT NULL)",
    "CREATE INDEX arrivals_urgent ON arrivals (at) WHERE urgent",
)
_NOTE = """
INSERT INTO arrivals SELECT DISTINCT arrived, :urgent FROM $facts WHERE arrived > :after
ON CONFLICT (at) DO UPDATE SET urgent = max(urgent, excluded.urgent)
"""
_NOTE_JOINED = """
INSERT INTO arrivals SELECT DISTINCT f.arrived, 1 FROM $facts f JOIN attributes a ON a.attribute = f.attribute
WHERE f.arrived > :after AND a.name = 'joined'
ON CONFLICT (at) DO UPDATE SET urgent = 1
"""
_LATEST = "SELECT coalesce(max(max_arrived), 0) FROM extents"
_NEXT = "SELECT min(at) FROM arrivals WHERE at > ?"
_NEXT_URGENT = "SELECT min(at) FROM arrivals WHERE urgent AND at > ?"


class Arrivals:
    """When facts arrive behind ``after``; ``replayed`` says that they lie in staged tables."""

    def __init__(self, store: SqliteStore, program: Program, after: int, *, replayed: bool) -> None:
        self._store = store
        self._library = program.library
        self._shift = 0
        self._waiting = [facts for facts in (*FACTS, TASK_FACTS) if replayed and _rows(store.connection, staged(facts))]
        for statement in _MADE:
            store.connection.execute(statement)
        self._note(after, welcomes=_welcomes(program), replayed=replayed)

    def _note(self, after: int, *, welcomes: bool, replayed: bool) -> None:
        connection = self._store.connection
        tables = [staged(facts) for facts in self._waiting]
        if connection.execute(_LATEST).fetchone()[0] > after:
            tables += [*FACTS, TASK_FACTS]
        for table in tables:
            urgent = welcomes and table.endswith("friendship_facts")
            connection.execute(with_names(_NOTE, facts=table), {"after": after, "urgent": int(urgent)})
            if welcomes and table.endswith("attribute_facts"):
                connection.execute(with_names(_NOTE_JOINED, facts=table), {"after": after})

    def next(self, after: int) -> int | None:
        """The first instant later than ``after`` at which facts arrive."""
        return self._asked(_NEXT, after)

    def next_urgent(self, after: int) -> int | None:
        """The same of facts that a welcome waits for, which has no time."""
        return self._asked(_NEXT_URGENT, after)

    def _asked(self, sql: str, after: int) -> int | None:
        (found,) = self._store.connection.execute(sql, (after,)).fetchone()
        return None if found is None else int(found)

    def bring(self, at: int) -> None:
        """Lets the store learn what had arrived by ``at``, and what the runs until then had in the store."""
        if not self._waiting:
            return
        connection = self._store.connection
        with self._store.transaction():
            known = connection.execute(_KNOWN, (at,)).fetchone()[0]
            values = {"at": at, "known": known}
            spans = [span for facts in self._waiting if (span := _span(connection, facts, values)) is not None]
            if spans:
                self._write(min(low for low, _ in spans), max(high for _, high in spans), values)
            if known > self._store.last_seq and not self._shift:
                # Deliveries have taken numbers as well.
                self._store.use_seqs(known)
        self._waiting = [facts for facts in self._waiting if _rows(connection, staged(facts))]

    def _write(self, low: int, high: int, values: dict[str, int]) -> None:
        connection = self._store.connection
        # The replay may have made runs where none was, which have taken the numbers.
        self._shift += max(0, self._store.last_seq + 1 - low - self._shift)
        for facts in self._waiting:
            for statement in _moving(connection, facts):
                connection.execute(statement, {**values, "shift": self._shift})
        first, last = low + self._shift, high + self._shift
        self._store.use_seqs(last)
        last = _close_groups(self._store, self._library, first, last)
        maintain(connection, first, last)


# What the last of the real runs by then had in the store, whenever it was to arrive.
_KNOWN = "SELECT coalesce(max(mark), -1) FROM real_runs WHERE at <= ?"
_SPAN = "SELECT min(seq), max(seq) FROM $staged WHERE arrived <= :at OR seq <= :known"


def _span(connection: sqlite3.Connection, facts: str, values: dict[str, int]) -> tuple[int, int] | None:
    low, high = connection.execute(with_names(_SPAN, staged=staged(facts)), values).fetchone()
    return None if low is None else (low, high)


def _rows(connection: sqlite3.Connection, table: str) -> bool:
    return bool(connection.execute(with_names("SELECT EXISTS (SELECT 1 FROM $table)", table=table)).fetchone()[0])


def _moving(connection: sqlite3.Connection, facts: str) -> Iterator[str]:
    """The statements that move what has come from the staged table to its own."""
    names = {"facts": facts, "staged": staged(facts)}
    if facts in _WRITTEN:
        yield with_names(_WRITTEN[facts], **names)
    else:
        columns = [name for (name,) in connection.execute("SELECT name FROM pragma_table_info(?)", (facts,)) if name != "seq"]
        yield with_names(_BROUGHT, columns=", ".join(columns), **names)
    yield with_names(_TAKEN_OUT, **names)


_BROUGHT = """
INSERT INTO $facts (seq, $columns)
SELECT seq + :shift, $columns FROM $staged WHERE arrived <= :at OR seq <= :known ORDER BY seq
"""
_TAKEN_OUT = "DELETE FROM $staged WHERE arrived <= :at OR seq <= :known"
# Present values follow from the facts that come, so that they begin blank.
_WRITTEN = {
    "members": """
INSERT INTO $facts (unit, id, pseudonym, arrived, seq)
SELECT unit, id, pseudonym, arrived, seq + :shift FROM $staged WHERE arrived <= :at OR seq <= :known ORDER BY seq
""",
    "groups": """
INSERT INTO $facts (unit, id, pseudonym, name, arrived, seq, backfilled)
SELECT unit, id, pseudonym, id, arrived, seq + :shift, backfilled FROM $staged
WHERE arrived <= :at OR seq <= :known ORDER BY seq
""",
    "staff": """
INSERT INTO $facts (staff, id, arrived, seq)
SELECT staff, id, arrived, seq + :shift FROM $staged WHERE arrived <= :at OR seq <= :known ORDER BY seq
""",
    # A code that a run gave is that of the same decision of the replay; who was given none cannot use it.
    "coupon_facts": """
INSERT INTO $facts (seq, code, coupon, unit, kind, at, arrived, expires, cause, backfilled)
SELECT s.seq + :shift, coalesce(c.code, s.code), s.coupon, s.unit, s.kind, s.at, s.arrived, s.expires, s.cause, s.backfilled
FROM $staged s LEFT JOIN given_codes g ON g.code = s.code
LEFT JOIN dispatches d ON d.occurrence = g.occurrence AND d.step = g.step AND d.kind = g.kind AND d.unit = g.unit
LEFT JOIN coupon_facts c ON c.cause = d.seq AND c.kind IN ('reserved', 'issued')
WHERE (s.arrived <= :at OR s.seq <= :known) AND (g.code IS NULL OR c.code IS NOT NULL)
GROUP BY s.seq ORDER BY s.seq
""",
    "task_facts": """
INSERT INTO $facts (seq, task, done, at, arrived)
SELECT s.seq + :shift, k.seq, s.done, s.at, s.arrived
FROM $staged s JOIN dispatches d ON d.occurrence = s.occurrence AND d.step = s.step AND d.kind = s.kind AND d.unit = s.unit
JOIN tasks k ON k.dispatch = d.seq WHERE s.arrived <= :at OR s.seq <= :known ORDER BY s.seq
""",
}


def _close_groups(store: SqliteStore, library: Library, first: int, last: int) -> int:
    """Ends what the replay gave where a tag that arrives takes its place; gives the last number in use."""
    def take(count: int) -> range:
        nonlocal last
        last += count
        store.use_seqs(last)
        return range(last - count + 1, last + 1)

    exclusive = exclusive_groups(library, store.tags())
    for facts in ("tag_facts", "group_tag_facts"):
        close_exclusive(store.connection, first, exclusive, take, backfilled=False, facts=facts, last=last)
    return last


def _welcomes(program: Program) -> bool:
    return any(
        isinstance(step, Welcome)
        for playbook in program.playbooks.values() if playbook.state == "live"
        for block in playbook.blocks for step in block.code
    )
