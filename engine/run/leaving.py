"""Leaving a journey before its end: goals, exits, and members that were taken out.

Goal and exit are asked before every step, and once more when a run has done all that fell due, so that nobody stays inside
who should have left. Goals are noted for the holdout and for those who came to the end as well, to measure the lift.
"""

from __future__ import annotations

from sqlglot import exp

from ..program.clock import add_duration
from ..program.ir import Condition, Goal
from .affected import find_affected
from .context import ENTRY, BlockRun, LoadedVersion, RunContext, Values
from .enrol import bring_woken, finish_where
from .framing import asked, frame_units
from .judge import compiler_for, refuse_where
from .progress import JOURNEYS, Progress
from .statement import Part, fill, fill_once
from .stories import asks_of

GOAL = "goal_reached"
EXIT = "exited"
REMOVED = "removed"
MERGED = "merged"


def turn_away_done(ctx: RunContext, run: BlockRun) -> None:
    """``goal_reached`` and ``exited``: what would make the member leave is true already."""
    _ask(ctx, run, ENTRY)


def leave_early(ctx: RunContext, run: BlockRun, pc: int) -> None:
    """Takes those out of the journey, and of ``flow``, who have reached the goal or fulfil the exit.

    A step of the journey may bring that about for the next one.
    """
    if run.playbook.goal is None and run.playbook.exit is None:
        return
    _ask(ctx, run, pc, looked_at=_last_look(ctx, run.name))
    for why in (GOAL, EXIT):
        finish_where(ctx, run, pc, why)
    if run.playbook.goal is not None:
        ctx.execute(_WHEN_REACHED, {"playbook": run.name, "goal": GOAL})


_WHEN_REACHED = """
UPDATE run_enrolments SET goal = u.due FROM unit_frames u
WHERE run_enrolments.playbook = :playbook AND run_enrolments.unit = u.unit AND run_enrolments.kind = u.kind
  AND run_enrolments.occurrence = u.occurrence AND run_enrolments.why = :goal AND run_enrolments.goal IS NULL
"""


def _last_look(ctx: RunContext, playbook: str) -> int | None:
    """The run that last looked at the journeys of a playbook, if one did: goals whose time was over then are settled."""
    for (handled,) in ctx.look_up(_LOOKED, (playbook, JOURNEYS)):
        return int(handled)
    return None


_LOOKED = "SELECT handled FROM progress WHERE playbook = ? AND block = ?"


def _ask(ctx: RunContext, run: BlockRun, pc: int, looked_at: int | None = None) -> None:
    goal, leaves = run.playbook.goal, run.playbook.exit
    if goal is not None:
        _ask_goal(ctx, run, pc, goal, looked_at)
    if leaves is not None:
        refuse_where(ctx, run, pc, leaves, EXIT, at_run=True)


def _ask_goal(ctx: RunContext, run: BlockRun, pc: int, goal: Goal, looked_at: int | None) -> None:
    """The goal at T, or at the end of its window where that has come before T."""
    ctx.execute("DELETE FROM unit_frames")
    asks = asks_of((goal.condition,), run.loaded.program.library)
    ctx.execute(_AT_STEP, {"pc": pc, "at": ctx.at, **asked(run, asks)})
    _stop_at_end(ctx, run, goal)
    if looked_at is not None:
        ctx.execute(_SETTLED, {"handled": looked_at})
    frame_units(ctx, run)
    _reached(ctx, run, goal.condition, _REACHED, {"pc": pc, "goal": GOAL})


_SETTLED = "DELETE FROM unit_frames WHERE due <= :handled"
_AT_STEP = """
INSERT INTO unit_frames (number, unit, kind, due, zone, entered, waited, fact, occurrence)
SELECT w.unit, w.unit, w.kind, :at, f.zone, w.entered, CASE WHEN :ask_waited THEN w.waited END,
  CASE WHEN :ask_event THEN w.fact END, w.occurrence
FROM flow w JOIN frames f ON f.frame = w.frame WHERE w.pc = :pc AND w.outcome IS NULL
"""
_REACHED = """
UPDATE flow SET outcome = :goal WHERE pc = :pc AND unit IN (
  SELECT u.unit FROM unit_frames u JOIN frames f ON f.frame = u.frame WHERE test)
"""


def _stop_at_end(ctx: RunContext, run: BlockRun, goal: Goal) -> None:
    """Moves the instants of ``unit_frames`` to the end of the goal's window where that lies before them."""
    if not goal.up_to.months:
        ctx.execute("UPDATE unit_frames SET due = min(due, entered + :micros)", {"micros": goal.up_to.micros})
    else:
        ctx.execute("DELETE FROM day_targets")
        found = ctx.rows("SELECT DISTINCT zone, entered FROM unit_frames")
        rows = [(zone, entered, add_duration(entered, goal.up_to, zone)) for zone, entered in found]
        ctx.connection.executemany("INSERT INTO day_targets VALUES (?, ?, ?)", rows)
        ctx.execute(_EARLIER)
    if not run.loaded.asks.entered:
        ctx.execute("UPDATE unit_frames SET entered = NULL")


_EARLIER = """
UPDATE unit_frames SET due = min(due, d.target) FROM day_targets d
WHERE d.zone = unit_frames.zone AND d.began = unit_frames.entered
"""


def _reached(ctx: RunContext, run: BlockRun, condition: Condition, text: str, values: Values) -> int:
    low = ctx.count("SELECT coalesce(min(due), :at) FROM unit_frames", {"at": ctx.at})
    compiler = compiler_for(ctx, run, low)
    test = compiler.predicate(condition, exp.column("unit", "u"), "f")
    return ctx.execute(fill_once(text, test=test), {**compiler.parameters.values, **values}).rowcount


def leave_removed(ctx: RunContext) -> None:
    """Ends the journeys of members who were taken out of the store: nothing that falls due for them is done.

    At the beginning of a run those in the store, at its end also those that it began before the members were taken out.
    """
    if not _has_removals(ctx):
        return
    ctx.execute("DELETE FROM woken")
    if ctx.execute(fill(_TAKEN_OUT, gone=_GONE), {"at": ctx.at}).rowcount:
        _end(ctx, REMOVED)
        ctx.execute(_AS_MERGED, {"at": ctx.at, "removed": REMOVED, "merged": MERGED})


_AS_MERGED = """
UPDATE run_enrolments SET why = :merged
WHERE ended = :at AND why = :removed AND kind = 0 AND unit IN (SELECT g.unit FROM merges g)
"""


def _has_removals(ctx: RunContext) -> bool:
    return bool(ctx.look_up("SELECT 1 FROM removal_facts LIMIT 1", ()))


def leave_out_removed(ctx: RunContext) -> None:
    """Takes those out of ``flow`` who have been taken out of the store since their instant."""
    if _has_removals(ctx):
        ctx.execute(fill(_LEAVE_OUT, gone=_GONE), {"at": ctx.at})


def look_at_goal_and_exit(ctx: RunContext, loaded: LoadedVersion, since: Progress) -> None:
    """Ends the journeys in a version whose goal is reached or whose exit is true by now."""
    run = BlockRun(loaded, loaded.playbook.blocks[0])
    if loaded.playbook.goal is not None:
        _look_at_goal(ctx, run, loaded.playbook.goal, since)
    if loaded.playbook.exit is not None:
        _look_at_exit(ctx, run, loaded.playbook.exit, since)


_GONE = Part("""
SELECT r.unit FROM removal_facts r WHERE r.given = 1 AND r.at <= :at AND r.arrived <= :at AND NOT EXISTS (
  SELECT 1 FROM removal_facts n WHERE n.unit = r.unit AND n.at <= :at AND n.arrived <= :at
    AND (n.at > r.at OR n.at = r.at AND n.seq > r.seq))
""")
_LEAVE_OUT = "DELETE FROM flow WHERE kind = 0 AND unit IN (SELECT g.unit FROM gone g)"
_TAKEN_OUT = """
INSERT OR IGNORE INTO woken
SELECT e.enrolment, :at FROM priorities p JOIN enrolments e ON e.playbook = p.playbook
WHERE e.ended IS NULL AND e.kind = 0 AND e.unit IN (SELECT g.unit FROM gone g)
UNION ALL
SELECT o.enrolment, :at FROM run_enrolments o
WHERE o.ended IS NULL AND o.kind = 0 AND o.unit IN (SELECT g.unit FROM gone g)
"""


def _look_at_goal(ctx: RunContext, run: BlockRun, goal: Goal, since: Progress) -> None:
    if not _place(ctx, run, goal.condition, _ANY_ENROLMENT, since):
        return
    _stop_at_end(ctx, run, goal)
    ctx.execute(_SETTLED, since.values)
    frame_units(ctx, run)
    ctx.execute("DELETE FROM woken")
    if _reached(ctx, run, goal.condition, _TRUE, {"at": ctx.at}):
        bring_woken(ctx)
        ctx.execute(_NOTE_GOAL)
        _end(ctx, GOAL)


def _look_at_exit(ctx: RunContext, run: BlockRun, leaves: Condition, since: Progress) -> None:
    if _place(ctx, run, leaves, _OPEN, since):
        if not run.loaded.asks_now.entered:
            ctx.execute("UPDATE unit_frames SET entered = NULL")
        frame_units(ctx, run)
        ctx.execute("DELETE FROM woken")
        _reached(ctx, run, leaves, _TRUE, {"at": ctx.at})
        _end(ctx, EXIT)


def _place(ctx: RunContext, run: BlockRun, condition: Condition, which: Part, since: Progress) -> int:
    """Fills ``unit_frames`` with the enrolments of a version for which the condition may have changed."""
    library = run.loaded.program.library
    affected = find_affected(ctx, condition, library, since)
    ctx.execute("DELETE FROM unit_frames")
    values: Values = {
        "version": run.version, "playbook": run.name, "at": ctx.at, "groups": run.kind, **since.values,
        **asked(run, asks_of((condition,), library)),
    }
    return ctx.execute(fill(_PLACED, which=which, stored=affected), values).rowcount


_ANY_ENROLMENT = Part("goal IS NULL")
_OPEN = Part("ended IS NULL")
# Of somebody who was erased nothing is known, so that whatever is not so would be true of them.
_PLACED = """
INSERT INTO unit_frames (number, unit, kind, due, zone, entered, waited, fact, occurrence)
SELECT enrolment, unit, kind, :at, :zone, entered, CASE WHEN :ask_waited THEN waited END, CASE WHEN :ask_event THEN fact END,
  occurrence
FROM (SELECT * FROM run_enrolments r WHERE r.playbook = :playbook UNION ALL SELECT * FROM stored) e
WHERE version = :version AND which AND NOT (kind = 0 AND unit IN (SELECT x.unit FROM erasures x))
"""
_TRUE = """
INSERT INTO woken
SELECT u.number, u.due FROM unit_frames u JOIN frames f ON f.frame = u.frame WHERE test
"""
_NOTE_GOAL = "UPDATE run_enrolments SET goal = w.due FROM woken w WHERE w.enrolment = run_enrolments.enrolment"


def _end(ctx: RunContext, why: str) -> None:
    """Ends the journeys of those in ``woken`` that are still inside."""
    bring_woken(ctx)
    ctx.execute(_END, {"at": ctx.at, "why": why})


_END = """
UPDATE run_enrolments SET ended = :at, why = :why, due = NULL, position = NULL
WHERE ended IS NULL AND enrolment IN (SELECT enrolment FROM woken)
"""
