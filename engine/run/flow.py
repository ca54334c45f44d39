"""Filling ``flow``: who comes before a block, with their instants, frames and occurrences."""

from __future__ import annotations

from ..program.clock import iso_utc
from .addressed import keep_addressed, select_addressed
from .agenda import Turn, runs_at
from .context import BlockRun, RunContext, Value
from .framing import asked, frame_units
from .lateness import event_window, step_window
from .statement import fill_once
from .zones import in_zone as in_zone


def load_turn(ctx: RunContext, turn: Turn) -> None:
    """Puts everybody whom an occurrence of a schedule addresses before the block."""
    run, ctx.consented = turn.run, None
    story = run.loaded.asks.entering(turn.instant)
    frame, now = ctx.frame(turn.instant, turn.zone, story), ctx.frame(ctx.at, turn.zone, story)
    occurrence = intern_occurrence(ctx, run, turn.name, turn.instant)
    more = (in_zone(turn.zone, run.playbook.zone.name),) if run.playbook.zone.per_member else ()
    if turn.only is not None:
        more = (turn.only, *more)
    audience, values = select_addressed(ctx, run, turn.instant, frame, more)
    fixed: dict[str, Value] = {
        "kind": run.kind, "frame": frame, "now": now, "t": turn.instant, "occurrence": occurrence,
    }
    ctx.execute(fill_once(_ADDRESS, audience=audience), {**values, **fixed})


_ADDRESS = """
INSERT INTO flow (unit, kind, frame, now_frame, t, occurrence, entered)
SELECT unit, :kind, :frame, :now, :t, :occurrence, :t FROM audience
"""


def intern_occurrence(ctx: RunContext, run: BlockRun, name: str, at: int) -> int:
    """The number of an occurrence, that of the store where it is known there."""
    known: dict[str, Value] = {"playbook": run.name, "name": name}
    ctx.execute(_FROM_STORE, known)
    for (occurrence,) in ctx.rows(_KNOWN_OCCURRENCE, known):
        return int(occurrence)
    ctx.counters.occurrence += 1
    new: dict[str, Value] = {"occurrence": ctx.counters.occurrence, "at": at}
    ctx.execute("INSERT INTO run_occurrences VALUES (:occurrence, :playbook, :name, :at)", {**known, **new})
    return ctx.counters.occurrence


_KNOWN_OCCURRENCE = "SELECT occurrence FROM run_occurrences WHERE playbook = :playbook AND name = :name"


_FROM_STORE = """
INSERT OR IGNORE INTO run_occurrences
SELECT occurrence, playbook, name, at FROM occurrences WHERE playbook = :playbook AND name = :name
"""


def load_steps(ctx: RunContext, run: BlockRun, first: int, last: int) -> None:
    """Takes the enrolments of ``turn`` that are due in a version of a block from where they wait."""
    ctx.consented = None
    chosen = {**_chosen(run, first, last), "version": run.version}
    _frame_instants(ctx, run, _ENROLMENTS, chosen)
    ctx.execute(_STEPS, chosen)
    ctx.execute("UPDATE run_enrolments SET due = NULL WHERE enrolment IN (SELECT enrolment FROM flow)")
    window = step_window(run.playbook)
    if window is not None:
        ctx.execute("UPDATE flow SET late = 1 WHERE t < :latest", {"latest": ctx.at - window})


_ENROLMENTS = """
INSERT INTO unit_frames (number, unit, kind, due, zone, entered, waited, fact, occurrence)
SELECT u.unit, u.unit, u.kind, u.due, :zone, CASE WHEN :ask_entered THEN e.entered END,
  CASE WHEN :ask_waited THEN coalesce(e.waited, u.due) END, CASE WHEN :ask_event THEN e.fact END, e.occurrence
FROM turn u JOIN run_enrolments e ON e.enrolment = u.enrolment
WHERE u.playbook = :playbook AND u.block = :block AND u.place BETWEEN :first AND :last AND u.version = :version
"""
_STEPS = """
INSERT INTO flow
SELECT u.unit, e.kind, z.frame, z.now_frame, u.due, e.occurrence, e.enrolment, e.entered, e.deferrals, e.arm, e.counted,
       e.position, NULL, NULL, NULL, 0, e.waited, e.looked, e.fact, 0, NULL, NULL
FROM turn u JOIN run_enrolments e ON e.enrolment = u.enrolment JOIN unit_frames z ON z.number = u.unit
WHERE u.playbook = :playbook AND u.block = :block AND u.place BETWEEN :first AND :last AND u.version = :version
"""


def load_triggers(ctx: RunContext, run: BlockRun, first: int, last: int) -> None:
    """Puts the members of ``turn`` whose facts start a block before it, as far as they are of its audience.

    Those whose fact came too late get the outcome ``late``.
    """
    ctx.consented = None
    chosen = _chosen(run, first, last)
    _frame_instants(ctx, run, _STARTED, chosen)
    _intern_starts(ctx, run, chosen)
    ctx.execute(_TRIGGERS, chosen)
    _leave_out_of_season(ctx, run)
    ctx.execute(_TRIGGERS_DONE, chosen)
    keep_addressed(ctx, run)
    window = event_window(run.playbook)
    if window is not None or ctx.settled is not None:
        ctx.execute(_LATE, {**chosen, "at": ctx.at, "window": window, "settled": ctx.settled})


_STARTED = """
INSERT INTO unit_frames (number, unit, kind, due, zone, entered, waited, fact)
SELECT unit, unit, kind, due, :zone, CASE WHEN :ask_entered THEN due END, CASE WHEN :ask_waited THEN due END,
  CASE WHEN :ask_event THEN fact END
FROM turn
WHERE playbook = :playbook AND block = :block AND place BETWEEN :first AND :last AND fact IS NOT NULL
"""
_TRIGGERS = """
INSERT INTO flow (unit, kind, frame, now_frame, t, occurrence, entered, fact)
SELECT u.unit, u.kind, z.frame, z.now_frame, u.due, u.occurrence, u.due, nullif(u.fact, 0)
FROM turn u JOIN unit_frames z ON z.number = u.unit
WHERE u.playbook = :playbook AND u.block = :block AND u.place BETWEEN :first AND :last AND u.fact IS NOT NULL
"""
_TRIGGERS_DONE = """
UPDATE run_triggers SET done = 1 WHERE playbook = :playbook AND block = :block AND (kind, unit, fact, detail) IN (
  SELECT kind, unit, fact, detail FROM turn
  WHERE playbook = :playbook AND block = :block AND place BETWEEN :first AND :last AND fact IS NOT NULL)
"""
def _intern_starts(ctx: RunContext, run: BlockRun, chosen: dict[str, Value]) -> None:
    """Gives the starts in ``turn`` the numbers of their occurrences; what is no fact is one occurrence for all its units."""
    ctx.execute("DELETE FROM named")
    names = [(fact, detail, due, f"{iso_utc(due)}#{detail or fact}") for fact, detail, due in ctx.rows(_STARTS, chosen)]
    ctx.connection.executemany("INSERT INTO named VALUES (?, ?, ?, ?)", names)
    ctx.execute(_NAMED_IN_STORE, chosen)
    last = ctx.counters.occurrence
    ctx.counters.occurrence += ctx.execute(_NAMED_NEWLY, {**chosen, "number": last}).rowcount
    ctx.execute(_NUMBER_STARTS, chosen)


_STARTS = """
SELECT DISTINCT fact, detail, due FROM turn
WHERE playbook = :playbook AND block = :block AND place BETWEEN :first AND :last AND fact IS NOT NULL
"""
_NAMED_IN_STORE = """
INSERT OR IGNORE INTO run_occurrences
SELECT o.occurrence, o.playbook, o.name, o.at FROM named n CROSS JOIN occurrences o
WHERE o.playbook = :playbook AND o.name = n.name
"""
_NAMED_NEWLY = """
INSERT INTO run_occurrences (occurrence, playbook, name, at)
SELECT :number + row_number() OVER (ORDER BY n.fact, n.detail, n.due), :playbook, n.name, n.due FROM named n
WHERE NOT EXISTS (SELECT 1 FROM run_occurrences r WHERE r.playbook = :playbook AND r.name = n.name)
"""
_NUMBER_STARTS = """
UPDATE turn SET occurrence = r.occurrence FROM named n, run_occurrences r
WHERE turn.playbook = :playbook AND turn.block = :block AND turn.place BETWEEN :first AND :last
  AND n.fact = turn.fact AND n.detail = turn.detail AND n.due = turn.due AND r.playbook = :playbook AND r.name = n.name
"""
_LATE = """
UPDATE flow SET outcome = 'late' WHERE unit IN (
  SELECT u.unit FROM turn u JOIN run_triggers r ON r.playbook = u.playbook AND r.block = u.block AND r.kind = u.kind
    AND r.unit = u.unit AND r.fact = u.fact AND r.detail = u.detail
  WHERE u.playbook = :playbook AND u.block = :block
    AND (r.arrived - r.at > :window OR :at - r.due > :window OR r.at <= :settled))
"""


def _leave_out_of_season(ctx: RunContext, run: BlockRun) -> None:
    """Takes those out of ``flow`` whose instant lies outside the playbook's dates and activities."""
    zone = run.playbook.zone.name
    for (t,) in ctx.rows("SELECT DISTINCT t FROM flow"):
        if not runs_at(run.playbook, t, zone):
            ctx.execute("DELETE FROM flow WHERE t = :t", {"t": t})


def _chosen(run: BlockRun, first: int, last: int) -> dict[str, Value]:
    return {"playbook": run.name, "block": run.number, "first": first, "last": last}


def _frame_instants(ctx: RunContext, run: BlockRun, text: str, chosen: dict[str, Value]) -> None:
    """Fills ``unit_frames`` with the frames of t and of T for the chosen units of ``turn``."""
    ctx.execute("DELETE FROM unit_frames")
    ctx.execute(text, {**chosen, **asked(run)})
    frame_units(ctx, run)
