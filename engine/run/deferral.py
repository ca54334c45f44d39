"""Deferred pushes: when they may go out, and who has to wait for that parked at the step.

The instant is the first at which quiet hours and all deferring caps allow the push, given what is known now. It is found
by moving each row forward from rule to rule until none moves it, for all rows together.
"""

from __future__ import annotations

from ..program.clock import add_months, local_of, local_to_instant
from ..program.ir import DAY, Action, Cap, Cutoff, CutoffKind, Push
from .caps import COUNT, LATEST, cap_values, caps_on, window_of
from .context import BlockRun, RunContext
from .enrol import park
from .quiet import quiet_until
from .records import content_of
from .statement import fill

HORIZON = 7 * DAY
MOST_DEFERRALS = 3
_REASONS = ("quiet_hours", "cap")


def defer_rows(ctx: RunContext, run: BlockRun, pc: int, action: Action) -> None:
    """Parks the rows with a ``defer:`` outcome at their step.

    Those whose instant lies more than seven days ahead of t, or that were deferred three times, get the rule's reason instead.
    """
    if not isinstance(action, Push) or not ctx.execute(_START, {"pc": pc}).rowcount:
        return
    _move_forward(ctx, run, action)
    ctx.execute(_GIVE_UP, {"pc": pc, "horizon": HORIZON, "most": MOST_DEFERRALS})
    ctx.execute(_POSTPONE, {"pc": pc})
    step = content_of(action, ctx).step
    for reason in _REASONS:
        outcome = "defer:" + reason
        number = ctx.count("SELECT count(*) FROM flow WHERE pc = :pc AND outcome = :outcome", {"pc": pc, "outcome": outcome})
        if number:
            ctx.tally(run.name, "deferred:" + reason, step, number)
            park(ctx, run, pc, pc, outcome)
    ctx.execute("DELETE FROM release", {})


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
        moved = _past_quiet_hours(ctx, run)
        for cap in caps:
            _frame_rows(ctx)
            moved = _past_cap(ctx, cap) or moved


def _frame_rows(ctx: RunContext) -> None:
    for due, zone in ctx.rows("SELECT DISTINCT due, zone FROM release WHERE frame IS NULL"):
        frame = ctx.frame(int(due or 0), str(zone))
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
        until = quiet_until(quiet, int(due or 0), str(zone))
        if until is not None:
            moved = True
            ctx.execute("UPDATE release SET due = :until, frame = NULL WHERE frame = :frame", {"until": until, "frame": frame})
    return moved


def _past_cap(ctx: RunContext, cap: Cap) -> bool:
    """Moves the rows that a cap still stops: to the next day, or to when the push that fills the cap drops out."""
    ends = window_of(ctx, cap)
    next_day = ctx.plan.instant(Cutoff(CutoffKind.DAY, 1), "f")
    values = {**cap_values(ctx, cap), "length": cap.per.micros if cap.per else 0, "horizon": HORIZON}
    if cap.per is None:
        return ctx.execute(fill(_NEXT_DAY, **ends, next_at=next_day), values).rowcount > 0
    if not cap.per.months:
        return ctx.execute(fill(_DROP_OUT, **ends), values).rowcount > 0
    # A month after a push need not be the first instant at which a window of a month lets it go; then the next midnight is tried.
    ctx.execute("DELETE FROM filling", {})
    moved = ctx.execute(fill(_FILLING, **ends, next_at=next_day), values).rowcount > 0
    for filled, zone in ctx.rows("SELECT DISTINCT f.filled, r.zone FROM filling f JOIN release r ON r.unit = f.unit"):
        ends_at = local_to_instant(add_months(local_of(int(filled or 0), str(zone)), cap.per.months), str(zone))
        ctx.execute(_MONTH_LATER, {"filled": filled, "zone": zone, "ends": ends_at})
    return moved


_STOPPED = f"""
FROM release s JOIN frames f ON f.frame = s.frame JOIN flow w ON w.unit = s.unit
WHERE s.due - w.t <= :horizon AND {COUNT} >= :number
"""
_NEXT_DAY = f"""
UPDATE release SET due = n.due, frame = NULL FROM (SELECT s.unit AS unit, next_at AS due {_STOPPED}) n
WHERE n.unit = release.unit AND :length IS NOT NULL
"""
_FILLING = f"""
INSERT INTO filling SELECT s.unit, {LATEST}, next_at {_STOPPED}
"""
_MONTH_LATER = """
UPDATE release SET due = CASE WHEN :ends > release.due THEN :ends ELSE f.next_due END, frame = NULL
FROM filling f WHERE f.unit = release.unit AND f.filled = :filled AND release.zone = :zone
"""
_DROP_OUT = f"""
UPDATE release SET due = n.due, frame = NULL FROM (SELECT s.unit AS unit, {LATEST} + :length AS due {_STOPPED}) n
WHERE n.unit = release.unit
"""
