"""What may not come late: pushes within a time, those that staff would have to confirm by then, and welcomes."""

from __future__ import annotations

from sqlglot import exp

from ..program.channel_rules import limits_of
from ..program.ir import Confirmed, Duration, Push, Welcome
from .context import BlockRun, RunContext, StepAction, Value
from .judge import after
from .lateness import PUNCTUAL
from .statement import Part, Place, fill

NEVER: Place = exp.Literal.number(2**63 - 1)


def refuse_late(ctx: RunContext, run: BlockRun, pc: int, action: StepAction) -> None:
    """``late``: the run comes after the last instant at which the step may still go out."""
    for last in _last_instants(ctx, action):
        ctx.execute(fill(_LATE, last_at=last), {**_values(run, action), "pc": pc, "at": ctx.at})


_LATE = """
UPDATE flow SET outcome = 'late' WHERE unit IN (
  SELECT s.unit FROM flow s JOIN frames f ON f.frame = s.frame
  WHERE s.pc = :pc AND s.outcome IS NULL AND :at > last_at)
"""


def refuse_overdue(ctx: RunContext, run: BlockRun, pc: int, action: StepAction) -> None:
    """``late``: the run comes so long after the member's item fell due that the playbook no longer makes up for it."""
    ctx.execute("UPDATE flow SET outcome = 'late' WHERE pc = :pc AND outcome IS NULL AND late", {"pc": pc})


def latest_deferral(ctx: RunContext, push: Push) -> Place:
    """The last instant, over the row of frames ``f`` of t, to which a push may be deferred."""
    return NEVER if push.within is None else _later(ctx, push.within)


def note_deadlines(ctx: RunContext, run: BlockRun, action: StepAction, leaf: int) -> None:
    """Notes until when what the records behind ``leaf`` send may be handed to its channel."""
    for last in _last_instants(ctx, action):
        ctx.execute(fill(_DEADLINES, last_at=last), {**_values(run, action), "leaf": leaf})


_DEADLINES = """
INSERT INTO run_latest
SELECT d.seq, last_at + s.spread
FROM run_dispatches d JOIN flow s ON s.kind = d.kind AND s.unit = d.unit JOIN frames f ON f.frame = s.frame
WHERE d.seq > :leaf
ON CONFLICT (cause) DO UPDATE SET latest = min(latest, excluded.latest)
"""


def _last_instants(ctx: RunContext, action: StepAction) -> list[Place]:
    """The instants after which a step must not go out, over a row of ``flow`` under ``s`` with its frame ``f``."""
    match action:
        case Welcome():
            return [_SINCE_JOINED]
        case Push(within=within, confirmed=confirmed):
            void = confirmed.within if isinstance(confirmed, Confirmed) and confirmed.otherwise == "skip" else None
            return [_later(ctx, limit) for limit in (within, void) if limit is not None]
    return []


def _later(ctx: RunContext, duration: Duration) -> exp.Expression:
    return ctx.plan.instant(after(duration.months, duration.micros), "f")


# Who joined is known by the fact that starts the block; it may have arrived later than it happened.
_SINCE_JOINED = Part("""
min(s.entered, coalesce(
  (SELECT r.at FROM run_triggers r WHERE r.playbook = :playbook AND r.block = :block AND r.kind = s.kind
     AND r.unit = s.unit AND r.fact = s.fact), s.entered)) + :window
""")


def _values(run: BlockRun, action: StepAction) -> dict[str, Value]:
    window = welcome_window(action.channel) if isinstance(action, Welcome) else None
    return {"playbook": run.name, "block": run.number, "window": window}


def welcome_window(channel: str) -> int:
    """How long after joining a welcome may come, in microseconds: as the channel says, else as long as it is punctual."""
    limits = limits_of(channel)
    return PUNCTUAL if limits is None or limits.welcome is None else limits.welcome
