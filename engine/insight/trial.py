"""What a block would do with one member: the run's own stages, with nobody else before the block, then undone.

For an instant of the past the decisions made since are hidden first, by temporary views in front of the store's tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from ..program.clock import iso_local, iso_utc, local_of
from ..program.ir import EventHappens, EventTrigger, Program
from ..run.context import BlockRun, RunContext
from ..run.entry import STAGES, check_guard, settle
from ..run.failures import deciding
from ..run.flow import intern_occurrence
from ..run.prepare import prepare
from ..run.sweep import sweep
from .view import View


@dataclass(frozen=True, slots=True)
class Parked:
    """Where the member would wait: a position of the code, until an instant; deferred there or behind a wait."""

    position: int
    due: int
    deferred: str | None


@dataclass(frozen=True, slots=True)
class Trial:
    """The outcome: the ``reason`` for which the member does not enter, else status and reason for each step met."""

    reason: str | None
    steps: dict[str, tuple[str, str | None]]
    parked: Parked | None


class _Seen(Exception):
    """Carries the outcome out of what is undone."""

    def __init__(self, trial: Trial) -> None:
        super().__init__()
        self.trial = trial


@contextmanager
def trials(view: View, program: Program) -> Iterator[RunContext]:
    """A context for trials at T with all that the store knew then; inside a snapshot, which drops it."""
    last = view.store.last_run
    connection = view.store.connection
    if last is not None and view.at < last:
        connection.execute("CREATE TEMP TABLE explained (at INTEGER NOT NULL)")
        connection.execute("INSERT INTO explained VALUES (?)", (view.at,))
        for statement in _AS_OF:
            connection.execute(statement)
    # What a playbook in draft or pause would do is told too.
    awake = {name: replace(playbook, state="live") for name, playbook in program.playbooks.items()}
    yield prepare(view.store, replace(program, playbooks=awake), view.at, view.store.last_seq, (), lasting=False)


_AS_OF = (
    """CREATE TEMP VIEW dispatches AS
       SELECT d.* FROM main.dispatches d JOIN main.headers h ON h.header = d.header JOIN main.runs r ON r.run = h.run
       WHERE r.at <= (SELECT at FROM temp.explained)""",
    """CREATE TEMP VIEW enrolments AS
       SELECT enrolment, playbook, block, kind, unit, occurrence, version, entered, position, due, deferrals, arm,
         counted, CASE WHEN ended <= (SELECT at FROM temp.explained) THEN ended END AS ended, why, waited, looked, seen,
         fact, CASE WHEN goal <= (SELECT at FROM temp.explained) THEN goal END AS goal
       FROM main.enrolments e
       WHERE entered <= (SELECT max(at) FROM main.runs WHERE at <= (SELECT at FROM temp.explained))""",
    """CREATE TEMP VIEW coupons AS
       SELECT code, coupon, unit, taken, issued, expires, used,
         CASE WHEN EXISTS (SELECT 1 FROM main.coupon_facts f WHERE f.code = c.code AND f.kind = 'cancelled'
           AND f.arrived <= (SELECT at FROM temp.explained)) THEN cancelled END AS cancelled
       FROM main.coupons c
       WHERE EXISTS (SELECT 1 FROM main.coupon_facts f
         WHERE f.code = c.code AND f.arrived <= (SELECT at FROM temp.explained))""",
    """CREATE TEMP VIEW redpackets AS
       SELECT code, redpacket, unit, amount, taken, issued,
         CASE WHEN EXISTS (SELECT 1 FROM main.redpacket_facts f WHERE f.code = c.code AND f.kind = 'cancelled'
           AND f.arrived <= (SELECT at FROM temp.explained)) THEN cancelled END AS cancelled
       FROM main.redpackets c
       WHERE EXISTS (SELECT 1 FROM main.redpacket_facts f
         WHERE f.code = c.code AND f.arrived <= (SELECT at FROM temp.explained))""",
)


def try_block(ctx: RunContext, run: BlockRun, view: View) -> Trial:
    """What the block would do with the member of ``view`` at t, were nobody else before it.

    The guard, which speaks of everybody, is left out. Raises PlaybookFailed where deciding fails.
    """
    try:
        with ctx.undone_on(Exception):
            with deciding(run.name):
                trial = _walk(ctx, run, view)
            raise _Seen(trial)
    except _Seen as seen:
        return seen.trial


def _walk(ctx: RunContext, run: BlockRun, view: View) -> Trial:
    ctx.consented = None
    story = run.loaded.asks.entering(view.t)
    values = {
        "unit": view.unit, "kind": view.kind, "t": view.t, "frame": ctx.frame(view.t, view.zone, story),
        "now": ctx.frame(view.at, view.zone, story),
        "occurrence": intern_occurrence(ctx, run, _occurrence(run, view), view.t),
    }
    ctx.execute(_BEFORE_THE_BLOCK, values)
    for stage in STAGES:
        if stage is not check_guard:
            stage(ctx, run)
    ((reason,),) = ctx.rows("SELECT outcome FROM flow")
    if reason is not None:
        return Trial(str(reason), {}, None)
    known = ctx.counters.enrolment
    settle(ctx, run)
    _start_by_latest(ctx, run, view)
    sweep(ctx, run)
    steps = {
        str(step): (str(status), None if why is None else str(why)) for step, status, why in ctx.rows(_RECORDED)
    }
    return Trial(None, steps, _parked(ctx, run, known))


_BEFORE_THE_BLOCK = """
INSERT INTO flow (unit, kind, frame, now_frame, t, occurrence, entered)
VALUES (:unit, :kind, :frame, :now, :t, :occurrence, :t)
"""
_RECORDED = """
SELECT s.name, h.status, h.reason FROM run_dispatches d JOIN run_headers h ON h.header = d.header
JOIN run_steps s ON s.step = d.step ORDER BY d.seq
"""


def _start_by_latest(ctx: RunContext, run: BlockRun, view: View) -> None:
    """Lets the member's latest event stand for the one that would start the block, for what its steps say of it."""
    if isinstance(run.block.trigger, EventHappens):
        for number in ctx.event_numbers([run.block.trigger.query.event]):
            ctx.execute(_LATEST, {"type": number, "unit": view.unit, "t": view.t, "at": view.at})


_LATEST = """
UPDATE flow SET fact = (
  SELECT e.seq FROM events e WHERE e.type = :type AND e.unit = :unit AND e.at <= :t AND e.arrived <= :at
  ORDER BY e.at DESC, e.seq DESC LIMIT 1)
"""


def _occurrence(run: BlockRun, view: View) -> str:
    if isinstance(run.block.trigger, EventTrigger):
        return f"{iso_utc(view.t)}#0"
    return iso_local(local_of(view.t, view.zone)) if run.playbook.zone.per_member else iso_utc(view.t)


def _parked(ctx: RunContext, run: BlockRun, known: int) -> Parked | None:
    rows = ctx.rows(_WAITING, {"known": known})
    if not rows:
        return None
    position, due, deferrals = (int(cell or 0) for cell in rows[0])
    deferred = [
        what.partition(":")[2] for (name, what, _), number in ctx.counters.tallies.items()
        if name == run.name and what.startswith("deferred:") and number
    ]
    return Parked(position, due, deferred[0] if deferrals and deferred else None)


_WAITING = "SELECT position, due, deferrals FROM run_enrolments WHERE enrolment > :known AND ended IS NULL"
