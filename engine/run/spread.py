"""Sends of one occurrence spread over a time, evenly and stable for each member."""

from __future__ import annotations

from ..program.clock import local_of, local_to_instant
from ..program.ir import DAY, MINUTE, Push, QuietHours
from .context import BlockRun, RunContext, StepAction
from .units import by_kind

_SECOND = 1_000_000


def spread_sends(ctx: RunContext, run: BlockRun, pc: int, action: StepAction) -> None:
    """Fills ``spread`` with how long after t the push of each row may go out, in whole seconds, by the member's draw.

    The time ends where quiet hours begin, so that nothing slips into them.
    """
    over = run.block.limits.over if run.block.limits is not None else None
    if over is None or not isinstance(action, Push):
        return
    quiet = None if action.despite_quiet else ctx.quiet_hours(run.playbook)
    for frame, t, zone in ctx.frames_at(pc):
        seconds = min(over, _until_quiet(quiet, t, zone)) // _SECOND
        ctx.execute(_SPREAD[run.kind], {"pc": pc, "frame": frame, "seconds": seconds, "name": f"over:{run.name}"})


def _until_quiet(quiet: QuietHours | None, t: int, zone: str) -> int:
    if quiet is None:
        return DAY
    local = local_of(t, zone)
    midnight = local - local % DAY
    starts = (midnight + day * DAY + quiet.start * MINUTE for day in (0, 1))
    return next(local_to_instant(start, zone) for start in starts if start >= local) - t


_SPREAD = by_kind("""
UPDATE flow SET spread = 1000000 * (((
    qingting_draw(:name, (SELECT id FROM $units m WHERE m.unit = flow.unit)) >> 32) + 2147483648) * :seconds >> 32)
WHERE pc = :pc AND frame = :frame AND outcome IS NULL AND spread = 0
""")
