"""Deferred pushes: when they may go out, and who has to wait for that parked at the step.

The instant is the first at which quiet hours and all deferring caps allow the push, given what is known now. It is
found by moving each row forward from rule to rule until none moves it, for all rows together.
"""

from __future__ import annotations

from ..program.clock import add_duration
from ..program.ir import DAY, Cap, Cutoff, CutoffKind, Push
from .caps import COUNTING, cap_values, caps_on, window_of
from .context import BlockRun, RunContext, StepAction, Value
from .enrol import park
from .quiet import quiet_until
from .records import content_of
from .statement import Part, fill

HORIZON = 7 * DAY
MOST_DEFERRALS = 3
_REASONS = ("quiet_hours", "cap")


def defer_rows(ctx: RunContext, run: BlockRun, pc: int, action: StepAction) -> None:
    """Parks the rows with a ``defer:`` outcome at their step.

    Those whose instant lies more than seven days ahead of t, or that were deferred three times, get the rule's reason
    instead.
    """
    if not isinstance(action, Push) or not ctx.execute(_START, {"pc": pc}).rowcount:
        return
    _move_forward(ctx, run, action)
    ctx.execute(_GIVE_UP, {"pc": pc, "horizon": HORIZON, "most": MOST_DEFERRALS})
    ctx.execute(_POSTPONE, {"pc": pc})
    step = content_of(action, ctx).step
    for reason in _REASONS:
        outcome = "defer:" + reason
        number = ctx.count(_DEFERRED, {"pc": pc, "outcome": outcome})
        if number:
            ctx.tally(run.name, "deferred:" + reason, step, number)
            park(ctx, run, pc, pc, outcome)
    ctx.execute("DELETE FROM release")


_DEFERRED = "SELECT count(*) FROM flow WHERE pc = :pc AND outcome = :outcome"
_START = """
INSERT INTO release
SELECT w.unit, coalesce(CASE WHEN w.outcome = 'defer:quiet_hours' THEN q.until END, w.t), NULL, f.zone
FROM flow w JOIN frames f ON f.frame = w.frame LEFT JOIN quiet_frames q ON q.frame = w.frame
WHERE w.pc = :pc AND w.outcome LIKE 'defer:%'
"""
_GIVE_UP = """
UPDATE flow SET outcome = substr(outcome, 7) WHERE pc = :pc AND unit IN (
  SELECT w.unit FROM flow w JOIN release r ON r.unit = w.unit
  WHERE r.due - w.t > :horizon OR w.deferrals >= :most)
"""
_POSTPONE = """
UPDATE flow SET due = r.due, deferrals = deferrals + 1
FROM release r WHERE r.unit = flow.unit AND flow.pc = :pc AND flow.outcome LIKE 'defer:%'
"""


def _move_forward(ctx: RunContext, run: BlockRun, push: Push) -> None:
    """Moves ``release.due`` until no rule moves it, or past the horizon."""
    caps = [cap for cap in caps_on(ctx, run, push) if cap.defer]
    moved = True
    while moved:
        _frame_rows(ctx)
        moved = not push.despite_quiet and _past_quiet_hours(ctx, run)
        for cap in caps:
            _frame_rows(ctx)
            moved = _past_cap(ctx, cap) or moved


def _frame_rows(ctx: RunContext) -> None:
    for due, zone in ctx.rows("SELECT DISTINCT due, zone FROM release WHERE frame IS NULL"):
        frame = ctx.frame(due, zone)
        ctx.execute(
            "UPDATE release SET frame = :frame WHERE frame IS NULL AND due = :due AND zone = :zone",
            {"frame": frame, "due": due, "zone": zone},
        )


def _past_quiet_hours(ctx: RunContext, run: BlockRun) -> bool:
    quiet = ctx.quiet_hours(run.playbook)
    if quiet is None or quiet.overflow != "defer":
        return False
    moved = False
    for frame, due, zone in ctx.rows("SELECT DISTINCT frame, due, zone FROM release"):
        until = quiet_until(quiet, due, zone)
        if until is not None:
            moved = True
            ctx.execute(_QUIET_ENDS, {"until": until, "frame": frame})
    return moved


_QUIET_ENDS = "UPDATE release SET due = :until, frame = NULL WHERE frame = :frame"


def _past_cap(ctx: RunContext, cap: Cap) -> bool:
    """Moves the rows that a cap still stops: to the next day, or to when the push that fills the cap drops out."""
    values: dict[str, Value] = {**cap_values(ctx, cap), "horizon": HORIZON}
    if cap.per is None:
        return _move_stopped(ctx, cap, _NEXT_DAY, values)
    if not cap.per.months:
        return _move_stopped(ctx, cap, _DROP_OUT, {**values, "length": cap.per.micros})
    # A month after a push need not be the first instant at which a window of a month lets it go; then the next
    # midnight is tried.
    ctx.execute("DELETE FROM filling")
    moved = _move_stopped(ctx, cap, _FILLING, values)
    for filled, zone in ctx.rows("SELECT DISTINCT f.filled, r.zone FROM filling f JOIN release r ON r.unit = f.unit"):
        ends = add_duration(filled, cap.per, zone)
        ctx.execute(_MONTH_LATER, {"filled": filled, "zone": zone, "ends": ends})
    return moved


def _move_stopped(ctx: RunContext, cap: Cap, text: str, values: dict[str, Value]) -> bool:
    next_day = ctx.plan.instant(Cutoff(CutoffKind.DAY, 1), "f")
    sql = fill(text, stopped=_STOPPED, next_at=next_day, **COUNTING, **window_of(ctx, cap))
    return ctx.execute(sql, values).rowcount > 0


_STOPPED = Part("s.due - w.t <= :horizon AND counted >= :number")
_NEXT_DAY = """
UPDATE release SET due = n.due, frame = NULL FROM (
  SELECT s.unit AS unit, next_at AS due
  FROM release s JOIN frames f ON f.frame = s.frame JOIN flow w ON w.unit = s.unit WHERE stopped) n
WHERE n.unit = release.unit
"""
_FILLING = """
INSERT INTO filling
SELECT s.unit, latest, next_at
FROM release s JOIN frames f ON f.frame = s.frame JOIN flow w ON w.unit = s.unit WHERE stopped
"""
_MONTH_LATER = """
UPDATE release SET due = CASE WHEN :ends > release.due THEN :ends ELSE f.next_due END, frame = NULL
FROM filling f WHERE f.unit = release.unit AND f.filled = :filled AND release.zone = :zone
"""
_DROP_OUT = """
UPDATE release SET due = n.due, frame = NULL FROM (
  SELECT s.unit AS unit, latest + :length AS due
  FROM release s JOIN frames f ON f.frame = s.frame JOIN flow w ON w.unit = s.unit WHERE stopped) n
WHERE n.unit = release.unit
"""
