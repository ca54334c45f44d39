"""The work of staff as it stands at an instant: who has what to do until when, and how much each of them has done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ..log.keys import record_id
from ..stores.sqlite.database import SqliteStore
from ..stores.sqlite.duties import reading_duties

WorkKind = Literal["task", "confirm", "alert"]
WorkState = Literal["open", "overdue", "done"]


@dataclass(frozen=True, slots=True)
class WorkFilter:
    """Which work to read; None does not filter.

    ``staff`` is the id or the name of whoever is responsible, ``member`` an outside id.
    """

    kinds: tuple[WorkKind, ...] = ("task", "confirm")
    states: tuple[WorkState, ...] = ("open", "overdue")
    staff: str | None = None
    member: str | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """One piece of work. ``seq`` is the record that gave it, ``id`` the id of that record.

    ``title`` is Liquid as the playbook has it, of a confirmation the name of the template. ``staff`` is the id of whoever is
    responsible, ``staff_name`` their name; None where nobody is, or where it is unknown. ``recipient`` is the outside id of
    the member or group, None where it was erased. ``otherwise`` is what an overdue confirmation comes to. Instants are
    microseconds; ``kind`` and ``unit`` say whom it is about, ``t``, ``decided_at`` and ``mark`` are the coordinates of the
    decision.
    """

    seq: int
    id: str
    what: WorkKind
    state: WorkState
    title: str
    recipient: str | None
    staff: str | None
    staff_name: str | None
    playbook: str
    step: str
    otherwise: Literal["alert", "skip"] | None
    given: int
    due: int | None
    done: int | None
    kind: int
    unit: int
    t: int
    decided_at: int
    mark: int

    @property
    def is_late(self) -> bool:
        """Whether it was done after its time."""
        return self.done is not None and self.due is not None and self.done > self.due


@dataclass(frozen=True, slots=True)
class StaffCount:
    """How much work one person was given, how much is done (``done_late``: of that after its time), open (``overdue``: of that
    beyond its time)."""

    staff: str | None
    staff_name: str | None
    given: int
    done: int
    done_late: int
    open: int
    overdue: int


def read_work(store: SqliteStore, wanted: WorkFilter, at: int) -> Iterator[Work]:
    """Yield work as it stands at ``at``: what is due first comes first, alerts by when they were raised."""
    bound = {
        "at": at, "staff": wanted.staff, "member": wanted.member,
        **{kind: kind in wanted.kinds for kind in ("task", "confirm", "alert")},
        **{state: state in wanted.states for state in ("open", "overdue", "done")},
    }
    for seq, key, what, state, title, *rest in store.connection.execute(_WORK, bound):
        yield Work(seq, record_id(key), what, state, title or "", *rest)


# A task is overdue from the instant on at which it is due, as in conditions.
_WORK = reading_duties("""
SELECT d.seq, d.key, w.kind,
  CASE WHEN w.done_at IS NOT NULL THEN 'done' WHEN w.due <= :at THEN 'overdue' ELSE 'open' END AS state,
  coalesce(w.title, substr(h.content, 1, length(rtrim(h.content, '0123456789abcdef')) - 1)), coalesce(m.id, g.id), w.staff_id, w.staff_name,
  s.playbook, s.name, w.otherwise, w.at, w.due, w.done_at, w.unit_kind, w.unit, d.t, r.at, d.mark
FROM duties w JOIN dispatches d ON d.seq = w.dispatch JOIN headers h ON h.header = d.header JOIN runs r ON r.run = h.run
JOIN steps s ON s.step = d.step
LEFT JOIN members m ON w.unit_kind = 0 AND m.unit = w.unit
LEFT JOIN groups g ON w.unit_kind = 1 AND g.unit = w.unit
WHERE ((w.kind = 'task' AND :task) OR (w.kind = 'confirm' AND :confirm) OR (w.kind = 'alert' AND :alert))
  AND ((state = 'open' AND :open) OR (state = 'overdue' AND :overdue) OR (state = 'done' AND :done))
  AND (:staff IS NULL OR :staff IN (w.staff_id, w.staff_name)) AND (:member IS NULL OR coalesce(m.id, g.id) = :member)
ORDER BY coalesce(w.due, w.at), w.seq
""")


def count_work(store: SqliteStore, at: int, since: int | None = None, until: int | None = None) -> tuple[StaffCount, ...]:
    """Count tasks and confirmations given in [``since``, ``until``) for each person, as they stand at ``at``."""
    rows = store.connection.execute(_COUNTS, {"at": at, "since": since, "until": until})
    return tuple(StaffCount(*row) for row in rows)


_COUNTS = reading_duties("""
SELECT staff_id, staff_name, count(*), count(done_at), count(CASE WHEN done_at > due THEN 1 END),
  count(*) - count(done_at), count(CASE WHEN done_at IS NULL AND due <= :at THEN 1 END)
FROM duties
WHERE kind <> 'alert' AND (:since IS NULL OR at >= :since) AND (:until IS NULL OR at < :until)
GROUP BY staff_id, staff_name ORDER BY staff_id IS NULL, staff_id
""")
