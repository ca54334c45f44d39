"""Moving the oldest stretch of the log from the store to a file, so that no later decision is another for it.

The file is whole, checked and on the disk before the store lets anything go, which it does in one transaction. What it keeps:

- the leaves, packed, so that the tree, its proofs and its checkpoints go on as before; all erasures;
- a trace of each record that dispatched something or waits for nothing but a goal: the row with its id, without key and leaf;
- the deliveries of what did not simply go out, and of work for staff.

Who asks the log, and why the answer is the same:

=============================== =========================================== =====================================================
question                        looks at                                    why it cannot change
=============================== =========================================== =====================================================
caps, rotation, ``received``,   queued records, their deliveries            traces; deliveries stay with every record of which one
budgets of pushes                                                           says anything but sent or confirmed
re-entry, splits by earlier     records not suppressed                      traces
entries, steps done, playbooks
that were entered, same day
budgets of coupons and money    records as causes of facts                  traces: what is suppressed causes no fact
work of staff                   deliveries of records with a task           kept with their records
late answers of channels        latest outcome ``unknown``                  kept; what waits or is leased stops the cut
``duplicate``, steps settled by every record of an occurrence                a suppressed record goes only if its occurrence is over
a migration, pushes to groups,                                              (see ``_OVER``) and no journey is kept of it, so that
a journey told by ``explain``,                                              what is told of journeys stays as well; else its trace
the store's own constraint                                                  stays
=============================== =========================================== =====================================================
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Literal

from ....grammar.diagnostics import CannotRun
from ...program.ir import DAY
from ...stores.sqlite.database import SqliteStore
from ..checkpoint import newest_checkpoint
from ..store import LogStore, leaf_count
from ..tree import WIDTH, LogTree
from .checking import is_signed, other_leaves, wrong_entries
from .known import HASH_LENGTH, Archived, archived_stop
from .opening import Archive, is_of, open_archive
from .texts import UNFINISHED, remove_unfinished
from .writing import (
    digest_of_file,
    has_texts,
    part_of,
    put_in_place,
    texts_beside,
    write_records,
    write_texts,
    writing,
)

Why = Literal["time", "waiting", "later"]
"""Why no more is archived: runs at the instant and later; what waits for a channel; what became known at that instant or later."""

_PUBLIC, _PRIVATE = 0o440, 0o600


@dataclass(frozen=True, slots=True)
class Cut:
    """How far the log can be archived: the entries [``first``, ``stop``), decided before ``until``; ``why`` it is no more."""

    first: int
    stop: int
    until: int
    why: Why


_FIRST_RUN = "SELECT min(first_leaf) FROM runs WHERE at >= :before"
# Alerts wait for the next delivery for a day.
_WAITING = """
SELECT min(dispatch) FROM (
  SELECT min(b.dispatch) AS dispatch FROM outbox AS b
  UNION ALL SELECT min(k.dispatch) FROM tasks AS k
    WHERE k.kind = 'alert' AND k.dispatch >= :first AND k.arrived > :before - :day
      AND NOT EXISTS (SELECT 1 FROM deliveries AS v WHERE v.dispatch = k.dispatch)
      AND NOT EXISTS (SELECT 1 FROM task_facts AS f WHERE f.task = k.seq))
"""
# A run to come may be for an instant before what a delivery says of itself, and would not know of it.
_LATER = """
SELECT min(seq) FROM (
  SELECT min(seq) AS seq FROM deliveries WHERE seq >= :first AND at >= :before
  UNION ALL SELECT min(seq) FROM erasures WHERE seq >= :first AND at >= :before)
"""
_SIGNED = "SELECT max(leaves) FROM checkpoints WHERE leaves <= :stop"
_NEXT_RUN = "SELECT min(at) FROM runs WHERE first_leaf >= :stop"


def find_cut(store: LogStore, before: int, last_run: int | None) -> Cut:
    """Return how far the log can be archived, of what was decided before the instant ``before``.

    A commit is archived whole or not at all.
    """
    first = archived_stop(store)
    known_by = before if last_run is None else min(before, last_run + 1)
    bounds: list[tuple[int, Why]] = [(leaf_count(store), "time")]
    asked: tuple[tuple[str, Why], ...] = ((_FIRST_RUN, "time"), (_WAITING, "waiting"), (_LATER, "later"))
    for statement, why in asked:
        values = {"before": before if why == "time" else known_by, "first": first, "day": DAY}
        (bound,) = store.connection.execute(statement, values).fetchone()
        if bound is not None:
            bounds.append((int(bound), why))
    bound, why = min(bounds, key=lambda found: found[0])
    (signed,) = store.connection.execute(_SIGNED, {"stop": bound}).fetchone()
    stop = max(first, int(signed or 0))
    (following,) = store.connection.execute(_NEXT_RUN, {"stop": stop}).fetchone()
    return Cut(first, stop, before if following is None else min(before, int(following)), why)


def check_covered(store: LogStore) -> None:
    """Refuse a log that its newest checkpoint does not cover. Raises CannotRun D445."""
    leaves = leaf_count(store)
    newest = newest_checkpoint(store)
    if newest is None or newest.leaves != leaves or LogTree(store).root(leaves) != newest.root:
        raise CannotRun("D445", leaves=leaves)


def archive_stretch(store: SqliteStore, cut: Cut, path: Path, name: str, at: int) -> Archived:
    """Write the entries of a cut to the file ``path``, which the store will know as ``name``, and let them go.

    Whoever calls holds the run lock. Raises CannotRun D443 where there is another file of this name, D444 where an entry is not
    what its leaf says, D447 where the file cannot be written; the store is then as it was. Doing it again goes on where a
    process died.
    """
    stretch = Archived(cut.first, cut.stop, cut.until, name, b"", has_texts(store, cut.first, cut.stop), at)
    remove_unfinished(store, store.path.parent)
    if texts_beside(path).exists() or (path.exists() and not is_of(path, store, cut.first, cut.stop)):
        raise CannotRun("D443", path=str(path))
    try:
        _make(store, path, stretch)
    except CannotRun:
        remove_unfinished(store, store.path.parent)
        with writing(path), suppress(NotADirectoryError):
            part_of(path).unlink(missing_ok=True)
        with store.transaction() as connection:
            connection.execute(_FINISHED)
        raise
    with writing(path):
        stretch = replace(stretch, digest=digest_of_file(path))
    let_go(store, stretch)
    return stretch


def _make(store: SqliteStore, path: Path, stretch: Archived) -> None:
    """Have the file of a stretch stand where it should, and what is private beside it, both whole and checked."""
    if stretch.private:
        with store.transaction():
            store.set_meta(UNFINISHED, stretch.path)
        write_texts(store, store.path, path, stretch)
        put_in_place(texts_beside(path), _PRIVATE)
    if not path.exists():
        write_records(store, store.path, path, stretch)
        with open_archive(part_of(path)) as archive:
            check_archive(store, archive, stretch)
        put_in_place(path, _PUBLIC)
    else:
        with open_archive(path) as archive:
            check_archive(store, archive, stretch)
    with open_archive(path) as archive:
        _check_texts(store, archive)


def check_archive(store: LogStore, archive: Archive, stretch: Archived) -> None:
    """Recompute every entry of an archive, and compare it with the store's tree and what was signed.

    Raises CannotRun D443 for an archive of something else, D444 with the first entry that is not right.
    """
    if (archive.store_id, archive.first, archive.stop) != (store.store_id, stretch.first, stretch.stop):
        raise CannotRun("D443", path=str(archive.path))
    wrong = next(wrong_entries(archive), None)
    if wrong is None:
        wrong = next(other_leaves(store, archive), None)
    if wrong is None and not is_signed(archive):
        wrong = archive.stop - 1
    if wrong is not None:
        raise CannotRun("D444", leaf=wrong)


def _check_texts(store: LogStore, archive: Archive) -> None:
    """Raise CannotRun D444 where what is private of a stretch has not all gone along."""
    span = {"first": archive.first, "stop": archive.stop}
    ours, theirs = (each.execute(_TEXTS, span).fetchall() for each in (store.connection, archive.connection))
    if ours != theirs:
        raise CannotRun("D444", leaf=archive.first)


_TEXTS = "SELECT count(*), min(seq), max(seq) FROM delivery_texts WHERE seq >= :first AND seq < :stop"
_ADD = "INSERT INTO archives (first, stop, until, path, digest, private, at) VALUES (?, ?, ?, ?, ?, ?, ?)"
_ADD_LEAVES = "INSERT INTO archived_leaves (first, hashes) VALUES (?, ?)"
# An occurrence is over when nobody can meet it any more: nobody is inside by it, and every block of its playbook, whether it
# still stands there or not, has handled what lies before. A fact is known by its seq; a schedule gets two days more, for the
# clocks of members. One of members' own dates is named after the value, and is met again when the offset is edited; so may be
# an instant that somebody has as a value.
_OVER = """
CREATE TEMP TABLE over_occurrences AS
SELECT o.occurrence AS occurrence FROM occurrences AS o
JOIN (SELECT g.playbook, min(g.handled) AS handled, min(g.mark) AS mark FROM progress AS g GROUP BY g.playbook) AS p
  ON p.playbook = o.playbook
WHERE o.occurrence IN (
    SELECT h.occurrence FROM headers AS h JOIN runs AS r ON r.run = h.run
    WHERE h.status = 'suppressed' AND r.first_leaf >= :first AND r.first_leaf < :stop)
  AND o.occurrence NOT IN (SELECT e.occurrence FROM enrolments AS e WHERE e.ended IS NULL)
  AND CASE WHEN instr(o.name, '#') > 0
    THEN o.at <= p.handled AND CAST(substr(o.name, instr(o.name, '#') + 1) AS INTEGER) <= p.mark
    ELSE o.at + :slack <= p.handled
      AND o.playbook NOT IN (SELECT v.playbook FROM playbook_versions AS v WHERE instr(v.source, '"MemberDate"') > 0)
      AND o.at NOT IN (
        SELECT f.value FROM attribute_facts AS f JOIN attributes AS a ON a.attribute = f.attribute
        WHERE a.type = 'instant' AND f.value IS NOT NULL) END
"""
_FINISHED = "DELETE FROM meta WHERE key = 'archiving'"
_LETTING_GO = (
    _FINISHED,
    "DELETE FROM delivery_texts WHERE seq >= :first AND seq < :stop",
    """DELETE FROM deliveries WHERE seq >= :first AND seq < :stop
         AND NOT EXISTS (SELECT 1 FROM tasks AS k WHERE k.dispatch = deliveries.dispatch)
         AND NOT EXISTS (
           SELECT 1 FROM deliveries AS v WHERE v.dispatch = deliveries.dispatch AND v.outcome NOT IN ('sent', 'confirmed'))""",
    "UPDATE deliveries SET leaf = x'' WHERE seq >= :first AND seq < :stop",
    """DELETE FROM dispatches WHERE seq >= :first AND seq < :stop
         AND occurrence IN (SELECT o.occurrence FROM temp.over_occurrences AS o)
         AND (SELECT h.status FROM headers AS h WHERE h.header = dispatches.header) = 'suppressed'
         AND NOT EXISTS (
           SELECT 1 FROM steps AS s JOIN enrolments AS e
             ON e.playbook = s.playbook AND e.unit = dispatches.unit AND e.kind = dispatches.kind
               AND e.occurrence = dispatches.occurrence
           WHERE s.step = dispatches.step)""",
    "UPDATE dispatches SET key = substr(key, 1, 10), leaf = x'' WHERE seq >= :first AND seq < :stop",
    # Numbers of headers are never given again.
    """DELETE FROM headers
       WHERE run IN (SELECT r.run FROM runs AS r WHERE r.first_leaf >= :first AND r.first_leaf < :stop)
         AND header NOT IN (SELECT d.header FROM dispatches AS d WHERE d.seq >= :first AND d.seq < :stop)
         AND header < (SELECT max(x.header) FROM headers AS x)""",
    """UPDATE headers SET digest = x'', body = x''
       WHERE run IN (SELECT r.run FROM runs AS r WHERE r.first_leaf >= :first AND r.first_leaf < :stop)""",
)


def let_go(store: SqliteStore, stretch: Archived) -> None:
    """Take what stands in a checked archive out of the store, but for what decisions and proofs ask for."""
    values = {"first": stretch.first, "stop": stretch.stop, "slack": 2 * DAY}
    packed = list(_packed(store, stretch))
    row = (stretch.first, stretch.stop, stretch.until, stretch.path, stretch.digest, stretch.private, stretch.at)
    with store.transaction() as connection:
        connection.execute("DROP TABLE IF EXISTS temp.over_occurrences")
        connection.execute(_OVER, values)
        connection.execute("CREATE UNIQUE INDEX temp.over_occurrences_number ON over_occurrences (occurrence)")
        connection.execute(_ADD, row)
        connection.executemany(_ADD_LEAVES, packed)
        for statement in _LETTING_GO:
            connection.execute(statement, values)
        connection.execute("DROP TABLE temp.over_occurrences")


def _packed(store: LogStore, stretch: Archived) -> Iterator[tuple[int, bytes]]:
    leaves = LogTree(store).leaves(stretch.first, stretch.stop)
    begin = stretch.first
    while begin < stretch.stop:
        stop = min(stretch.stop, (begin // WIDTH + 1) * WIDTH)
        hashes = b"".join(islice(leaves, stop - begin))
        assert len(hashes) == (stop - begin) * HASH_LENGTH
        yield begin, hashes
        begin = stop
