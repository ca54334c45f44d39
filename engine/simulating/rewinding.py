"""Putting a copy back to how it was before an instant, so that the time since can be played again.

The store is cut behind the last run made by that instant, which handled all up to its own. What runs did since is undone. What
others brought since is held back, to arrive once more. Where somebody under way stood then is not known any more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..program.ir import Program
from ..run.engine import execute_run
from ..stores.sqlite.database import RESERVED
from ..stores.sqlite.identifiers import with_names
from ..stores.sqlite.rebuilding import rebuild
from .copying import Copy
from .staging import Cut, hold_back


@dataclass(frozen=True, slots=True)
class Rewound:
    """What a replay cannot do as it was: ``under_way`` were inside at its start, ``backfilled`` facts come like any other."""

    under_way: int
    backfilled: int


_LAST_RUN = "SELECT run, at, mark, end_mark, first_leaf + leaves FROM runs WHERE at <= ? ORDER BY run DESC LIMIT 1"
_RUNS_SINCE = "SELECT EXISTS (SELECT 1 FROM runs WHERE at > ?)"
_FACTS_SINCE = "SELECT EXISTS (SELECT 1 FROM extents WHERE max_arrived > ?)"


def is_history(copy: Copy, start: int, now: int) -> bool:
    """Whether anything has happened since ``start`` that is to be played again."""
    ran = copy.connection.execute(_RUNS_SINCE, (start,)).fetchone()[0]
    return bool(ran or (start < now and copy.connection.execute(_FACTS_SINCE, (start,)).fetchone()[0]))


def rewind(copy: Copy, program: Program, start: int) -> Rewound:
    """Puts the copy back to how the last run made by ``start`` left it."""
    store, connection = copy.store, copy.connection
    with copy.sorting_on_disk(), store.transaction():
        last = connection.execute(_LAST_RUN, (start,)).fetchone()
        run, at, mark, end_mark, leaf = last or (0, start - 1, 0, 0, 0)
        cut = Cut(start, leaf, mark + RESERVED if last else None)
        values = {"run": run, "at": at, "end_mark": end_mark, "reserved": RESERVED, "known": last is not None, **cut.values}
        for statement in _UNDOING:
            connection.execute(statement, values)
        backfilled = hold_back(connection, cut)
        for statement in _FORGETTING:
            connection.execute(statement, values)
        (under_way,) = connection.execute("SELECT count(*) FROM travelling").fetchone()
        _put_back_meta(copy, at if last else None, end_mark, cut.seq)
        rebuild(connection)
    if last is None and start <= store.started:
        _settle(copy, program, start - 1)
    return Rewound(under_way, backfilled)


# The order matters: later statements read what earlier ones have noted.
_UNDOING = (
    *(with_names("DROP TRIGGER IF EXISTS $name", name=f"{table}_{what}")
      for table in ("dispatches", "deliveries", "headers", "tree", "checkpoints", "cosignatures", "migrations", "migrated")
      for what in ("keep", "stay")),
    "CREATE TABLE real_runs AS SELECT at, mark FROM runs WHERE run > :run",
    "CREATE UNIQUE INDEX real_runs_at ON real_runs (at)",
    "CREATE TABLE own_seqs (low INTEGER PRIMARY KEY, high INTEGER NOT NULL)",
    "INSERT OR IGNORE INTO own_seqs SELECT mark + 1, mark + :reserved FROM runs WHERE run > :run",
    """CREATE TABLE given_codes AS
       SELECT f.code, d.occurrence, d.step, d.kind, d.unit FROM coupon_facts f JOIN dispatches d ON d.seq = f.cause
       WHERE d.seq >= :leaf AND f.kind IN ('reserved', 'issued') GROUP BY f.code""",
    "CREATE UNIQUE INDEX given_codes_code ON given_codes (code)",
    "CREATE INDEX coupon_facts_of_record ON coupon_facts (cause) WHERE cause IS NOT NULL",
    # Who was inside then, with where they stand now and how it ended; without a run since they stand where they stood.
    """CREATE TABLE travelling AS SELECT * FROM enrolments
       WHERE :known AND EXISTS (SELECT 1 FROM real_runs)
         AND entered <= :at AND coalesce(fact, 0) <= :cut AND (ended IS NULL OR ended > :at)""",
    "CREATE UNIQUE INDEX travelling_enrolment ON travelling (enrolment)",
)
_FORGETTING = (
    "DELETE FROM outbox WHERE dispatch >= :leaf",
    "DELETE FROM tasks WHERE dispatch >= :leaf",
    "DELETE FROM delivery_texts WHERE seq IN (SELECT v.seq FROM deliveries v WHERE v.dispatch >= :leaf)",
    "DELETE FROM deliveries WHERE dispatch >= :leaf",
    "DELETE FROM dispatches WHERE seq >= :leaf",
    "DELETE FROM headers WHERE run > :run",
    # What vouches for the log that is cut off vouches for nothing here.
    "DELETE FROM cosignatures",
    "DELETE FROM checkpoints",
    "DELETE FROM tree",
    "DELETE FROM runs WHERE run > :run",
    "DELETE FROM progress",
    "DELETE FROM enrolments WHERE NOT :known OR entered > :at OR fact > :cut",
    "UPDATE enrolments SET goal = NULL WHERE goal > :at",
    """UPDATE enrolments SET ended = NULL, why = NULL, due = NULL, waited = NULL, looked = NULL, seen = NULL
       WHERE enrolment IN (SELECT enrolment FROM travelling)""",
    "DELETE FROM migrated WHERE migration IN (SELECT migration FROM migrations WHERE at > :at)",
    "DELETE FROM migrations WHERE at > :at",
    "DELETE FROM meta WHERE key = 'last_run' OR key = 'settled' AND value >= :start",
)
_LAST_SEQ = """
SELECT max(max_seq) FROM (
  SELECT max(seq) AS max_seq FROM members UNION ALL SELECT max(seq) FROM staff UNION ALL SELECT max(seq) FROM groups
  UNION ALL SELECT max(seq) FROM attribute_facts UNION ALL SELECT max(seq) FROM tag_facts UNION ALL SELECT max(seq) FROM events
  UNION ALL SELECT max(seq) FROM points UNION ALL SELECT max(seq) FROM coupon_facts
  UNION ALL SELECT max(seq) FROM redpacket_facts UNION ALL SELECT max(seq) FROM friendship_facts
  UNION ALL SELECT max(seq) FROM group_facts UNION ALL SELECT max(seq) FROM staff_facts
  UNION ALL SELECT max(seq) FROM group_tag_facts UNION ALL SELECT max(seq) FROM group_member_facts
  UNION ALL SELECT max(seq) FROM removal_facts UNION ALL SELECT max(seq) FROM tasks UNION ALL SELECT max(seq) FROM task_facts)
"""
_LEAVES = """
SELECT coalesce(max(last), -1) + 1 FROM (
  SELECT max(seq) AS last FROM dispatches UNION ALL SELECT max(seq) FROM deliveries UNION ALL SELECT max(seq) FROM erasures
  UNION ALL SELECT max(stop) - 1 FROM archives)
"""


def _put_back_meta(copy: Copy, last_run: int | None, end_mark: int, cut: int | None) -> None:
    store, connection = copy.store, copy.connection
    last_seq = max(end_mark, connection.execute(_LAST_SEQ).fetchone()[0] or 0)
    store.set_meta("last_seq", last_seq)
    store.set_meta("next_seq", max(last_seq, cut or 0) + 1)
    store.set_meta("leaves", connection.execute(_LEAVES).fetchone()[0])
    if last_run is not None:
        store.set_meta("last_run", last_run)


def _settle(copy: Copy, program: Program, at: int) -> None:
    """Lets all that is known be past, in a store that begins later: a run in which nothing can start and no rule acts."""
    library = replace(program.library, points=(), rules=())
    execute_run(copy.store, replace(program, playbooks={}, blocked={}, library=library), at, copy.settings)


_GOING_ON = (
    """UPDATE enrolments SET ended = w.ended, why = w.why, goal = coalesce(enrolments.goal, w.goal) FROM travelling w
       WHERE w.enrolment = enrolments.enrolment AND enrolments.ended IS NULL AND w.ended <= :at""",
    """UPDATE enrolments SET position = w.position, due = w.due, waited = w.waited, looked = w.looked, seen = w.seen
       FROM travelling w
       WHERE w.enrolment = enrolments.enrolment AND enrolments.ended IS NULL AND w.ended IS NULL
         AND :at > (SELECT max(at) FROM real_runs)""",
    "DELETE FROM travelling WHERE ended <= :at OR :at > (SELECT max(at) FROM real_runs)",
)


def move_travellers(copy: Copy, at: int) -> None:
    """Lets those who were under way end as they did by ``at``; behind the last real run the others go on from where they are."""
    if copy.connection.execute("SELECT EXISTS (SELECT 1 FROM travelling)").fetchone()[0]:
        with copy.store.transaction():
            for statement in _GOING_ON:
                copy.connection.execute(statement, {"at": at})
