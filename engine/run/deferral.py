"""Deferred pushes: when they may go out, and who has to wait for that parked at the step.

The instant is the first at which quiet hours and all deferring caps allow the push, given what is known now. It is
found by moving each row forward from rule to rule until none moves it, for all rows together.
"""

from __future__ import annotations

from sqlglot import exp

from ..program.clock import add_duration
from ..program.ir import DAY, Cap, Cutoff, CutoffKind, Push
from .caps import cap_values, caps_on, counting, window_of
from .context import BlockRun, RunContext, StepAction, Value
from .deadlines import NEVER, latest_deferral
from .enrol import park
from .quiet import quiet_until
from .records import content_of
from .statement import Part, fill

HORIZON = 7 * DAY
MOST_DEFERRALS = 3
_REASONS = ("quiet_hours", "cap")


def defer_rows(ctx: RunContext, run: BlockRun, pc: int, action: StepAction) -> None:
    """Parks the rows with a ``defer:`` outcome at their step.

    Those whose instant lies more than seven days ahead of t, or later than the push may come, or that were deferred three
    times, get the rule's reason instead.
    """
    if not isinstance(action, Push) or not ctx.execute(_START, {"pc": pc}).rowcount:
        return
    _move_forward(ctx, run, action)
    give_up = fill(_GIVE_UP, last_at=latest_deferral(ctx, action))
    ctx.execute(give_up, {"pc": pc, "horizon": HORIZON, "most": MOST_DEFERRALS})
    ctx.execute(_POSTPONE, {"pc": pc})
    step = content_of(action, ctx).step
    for reason in _REASONS:
        outcome = "defer:" + reason
        number = ctx.count(_DEFERRED, {"pc": pc, "outcome": outcome})
        if number:
            ctx.tally(run.name, "deferred:" + reason, step, number)
            park(ctx, run, pc, pc, outcome)
    ctx.execute("DELETE FROM release")


def hold_back(ctx: RunContext, run: BlockRun, pc: int, action: StepAction) -> None:
    """Gives deferred pushes to groups beside the members of a playbook the instant at which they may go out.

    Nobody waits for them: the members go on, and what has no goal and no exit can be decided at once. Caps that do not
    defer are asked at that instant. A push that may not come later gets the rule's reason.
    """
    if not run.beside or not isinstance(action, Push) or not ctx.execute(_START, {"pc": pc}).rowcount:
        return
    _move_forward(ctx, run, action)
    last = NEVER if action.within is None else exp.column("t", "f")
    ctx.execute(fill(_GIVE_UP, last_at=last), {"pc": pc, "horizon": HORIZON, "most": MOST_DEFERRALS})
    ctx.execute(_HOLD_BACK, {"pc": pc})
    for cap in caps_on(ctx, run, action):
        if not cap.defer:
            sql = fill(_FULL_THEN, **counting(ctx), **window_of(ctx, cap))
            ctx.execute(sql, {**cap_values(ctx, cap), "pc": pc})
    ctx.execute("DELETE FROM release")


def forget_holds(ctx: RunContext, run: BlockRun, pc: int) -> None:
    """Puts those back to t that were held back and get no push after all."""
    if run.beside:
        ctx.execute("UPDATE flow SET spread = 0 WHERE pc = :pc AND outcome IS NOT NULL", {"pc": pc})


_HOLD_BACK = """
UPDATE flow SET spread = r.due - coalesce(flow.sends, flow.t), outcome = NULL
FROM release r WHERE r.unit = flow.unit AND flow.pc = :pc AND flow.outcome LIKE 'defer:%'
"""
_FULL_THEN = """
UPDATE flow SET outcome = 'cap' WHERE unit IN (
  SELECT s.unit FROM flow s JOIN release r ON r.unit = s.unit JOIN frames f ON f.frame = r.frame
  WHERE s.pc = :pc AND s.outcome IS NULL AND counted >= :number)
"""
_DEFERRED = "SELECT count(*) FROM flow WHERE pc = :pc AND outcome = :outcome"
_START = """
INSERT INTO release
SELECT w.unit, coalesce(CASE WHEN w.outcome = 'defer:quiet_hours' THEN q.until END, w.sends, w.t), NULL, f.zone
FROM flow w JOIN frames f ON f.frame = w.frame LEFT JOIN quiet_frames q ON q.frame = w.frame
WHERE w.pc = :pc AND w.outcome LIKE 'defer:%'
"""
_GIVE_UP = """
UPDATE flow SET outcome = substr(outcome, 7) WHERE pc = :pc AND unit IN (
  SELECT w.unit FROM flow w JOIN release r ON r.unit = w.unit JOIN frames f ON f.frame = w.frame
  WHERE r.due - coalesce(w.sends, w.t) > :horizon OR r.due > last_at OR w.deferrals >= :most)
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
    sql = fill(text, stopped=_STOPPED, next_at=next_day, **counting(ctx), **window_of(ctx, cap))
    return ctx.execute(sql, values).rowcount > 0


_STOPPED = Part("s.due - coalesce(w.sends, w.t) <= :horizon AND counted >= :number")
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
