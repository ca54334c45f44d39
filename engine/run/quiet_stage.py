"""Quiet hours as a stage: who may not be disturbed now, and whether that postpones or cancels the push."""

from __future__ import annotations

from ..program.ir import Push, QuietHours
from .context import BlockRun, RunContext, StepAction
from .quiet import quiet_until


def apply_quiet_hours(ctx: RunContext, run: BlockRun, pc: int, action: StepAction) -> None:
    """``quiet_hours`` where t lies in them, or the run's own instant does: what was due by day is not sent at night."""
    quiet = ctx.quiet_hours(run.playbook)
    if quiet is None or not isinstance(action, Push) or action.despite_quiet:
        return
    ctx.execute("DELETE FROM quiet_frames")
    found = [(frame, _until(quiet, (t, ctx.at), zone)) for frame, t, zone in ctx.frames_at(pc)]
    rows = [(frame, until) for frame, until in found if until is not None]
    if rows:
        ctx.connection.executemany("INSERT INTO quiet_frames VALUES (?, ?)", rows)
        outcome = "quiet_hours" if quiet.overflow == "skip" else "defer:quiet_hours"
        ctx.execute(_MARK, {"pc": pc, "outcome": outcome})


def _until(quiet: QuietHours, instants: tuple[int, ...], zone: str) -> int | None:
    """The last end of the quiet ranges that the instants lie in."""
    ends = [quiet_until(quiet, instant, zone) for instant in instants]
    return max((end for end in ends if end is not None), default=None)


_MARK = """
UPDATE flow SET outcome = :outcome WHERE pc = :pc AND outcome IS NULL AND frame IN (SELECT frame FROM quiet_frames)
"""
