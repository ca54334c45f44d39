"""The work of staff: read with its texts filled in, reported done, and counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime

from ..grammar.diagnostics import UsageError
from ..grammar.record import record
from .asking import StoreValues
from .delivery.alerts import text_for_staff
from .delivery.render import RenderedText, Renderer
from .insight.work import StaffCount, Work, WorkFilter, count_work, read_work
from .log.records import find_dispatch
from .program.clock import from_datetime
from .program.ir import Program
from .stores.sqlite.database import SqliteStore
from .stores.sqlite.maintenance import maintain

Opened = Callable[[bool], AbstractContextManager[SqliteStore]]
_SENT = ("sent", "unknown", "confirmed")


@record
class Settled:
    """The ids of work that is now done, or open again, and of what was so before."""

    changed: tuple[str, ...]
    unchanged: tuple[str, ...]


class StaffDesk:
    """The work of staff in one workspace. ``opened`` opens its store, for writing or not."""

    def __init__(self, program: Callable[[], Program], opened: Opened) -> None:
        self._program = program
        self._opened = opened

    def work(self, wanted: WorkFilter, *, at: datetime) -> tuple[Work, ...]:
        """The work that passes a filter as it stands at ``at``, its texts filled with values as of the decisions."""
        with self._opened(False) as store, store.snapshot():
            return filled(store, self._program(), tuple(read_work(store, wanted, from_datetime(at))))

    def counts(
        self, *, at: datetime, since: datetime | None = None, until: datetime | None = None
    ) -> tuple[StaffCount, ...]:
        """What each person was given in [``since``, ``until``), and what has become of it by ``at``."""
        low, high = (None if end is None else from_datetime(end) for end in (since, until))
        with self._opened(False) as store, store.snapshot():
            return count_work(store, from_datetime(at), low, high)

    def settle(self, ids: Sequence[str], *, done: bool, at: datetime) -> Settled:
        """Note that work is done, or open again, at ``at``; all of it or, where an id is wrong, nothing.

        An id may be shortened. Raises UsageError D304 for a record that gave no work, D305 for a push of which the channel
        does not say that it was sent, D306 for work given, or last spoken of, later than ``at``.
        """
        instant = from_datetime(at)
        with self._opened(True) as store, store.transaction():
            found = {name: seq for seq, name in (find_dispatch(store, prefix) for prefix in ids)}
            first = store.next_seq
            changed = [name for name, leaf in found.items() if _say(store, name, leaf, done, instant)]
            maintain(store.connection, first)
        return Settled(tuple(changed), tuple(name for name in found if name not in changed))


def filled(store: SqliteStore, program: Program, works: Sequence[Work]) -> tuple[Work, ...]:
    """Work with its texts filled in; where a value is unknown or a text broken, the text stays as the playbook has it."""
    values = StoreValues(store, program.library, program.policy.zone.name)
    renderer = Renderer({})
    texts: dict[int, str] = {}
    for title in {work.title for work in works if work.what != "confirm" and "{" in work.title}:
        same = [work for work in works if work.title == title and work.what != "confirm"]
        template = text_for_staff(title, program.library)
        for work, known in zip(same, values.values_for(same, template.variables), strict=True):
            text = renderer.render(template, known)
            texts[work.seq] = text.text if isinstance(text, RenderedText) else title
    return tuple(replace(work, title=texts.get(work.seq, work.title)) for work in works)


def _say(store: SqliteStore, name: str, leaf: int, done: bool, at: int) -> bool:
    """Notes one piece of work as done or open; whether that is news."""
    row = store.connection.execute(_WORK, {"leaf": leaf, "at": at}).fetchone()
    if row is None:
        raise UsageError("D304", id=name)
    task, kind, given, said, said_at, outcome = row
    if max(given, said_at or given) > at:
        raise UsageError("D306", id=name)
    if kind == "confirm" and done and outcome not in _SENT:
        raise UsageError("D305", id=name)
    if bool(said) == done:
        return False
    (seq,) = store.take_seqs(1)
    store.connection.execute(_SAID, {"seq": seq, "task": task, "done": done, "at": at})
    return True


_WORK = """
SELECT k.seq, k.kind, k.arrived, f.done, f.at,
  (SELECT v.outcome FROM deliveries v WHERE v.dispatch = k.dispatch AND v.at <= :at ORDER BY v.seq DESC LIMIT 1)
FROM tasks k
LEFT JOIN task_facts f ON f.seq = (SELECT x.seq FROM task_facts x WHERE x.task = k.seq ORDER BY x.at DESC, x.seq DESC LIMIT 1)
WHERE k.dispatch = :leaf
"""
_SAID = "INSERT INTO task_facts (seq, task, done, at, arrived) VALUES (:seq, :task, :done, :at, :at)"
