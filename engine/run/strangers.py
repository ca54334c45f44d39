"""Whom a message cannot reach: members who were friends once and are no longer, as far as the channel needs friends."""

from __future__ import annotations

from ..program.ir import Block, IsFriend, Not, Push, Welcome
from .context import ENTRY, BlockRun, RunContext, StepAction
from .judge import refuse_where
from .units import MEMBER

AMONG_FRIENDS = frozenset({"wecom"})
"""Channels that carry messages between friends alone."""
_NOT_FRIEND = "not_friend"


def turn_away_strangers(ctx: RunContext, run: BlockRun) -> None:
    """``not_friend``, where nothing that the block sends could reach the member."""
    channels = _channels(run.block)
    if channels and channels <= AMONG_FRIENDS:
        _refuse(ctx, run, ENTRY)


def refuse_strangers(ctx: RunContext, run: BlockRun, pc: int, action: StepAction) -> None:
    """``not_friend``: the push needs a friend, and the member has ceased to be one, as known at T."""
    if isinstance(action, Push | Welcome) and action.channel in AMONG_FRIENDS:
        _refuse(ctx, run, pc)


def _channels(block: Block) -> frozenset[str]:
    pushes = (i for i in block.code if isinstance(i, Push | Welcome))
    return frozenset(push.channel for push in pushes if not (isinstance(push, Push) and push.groups is not None))


def _refuse(ctx: RunContext, run: BlockRun, pc: int) -> None:
    if run.kind != MEMBER or not ctx.look_up(_KNOWN, ()):
        return
    refuse_where(ctx, run, pc, Not(IsFriend()), _NOT_FRIEND, at_run=True)
    ctx.execute(_NOTHING_KNOWN, {"pc": pc, "reason": _NOT_FRIEND, "at": ctx.at, "mark": ctx.mark})


_KNOWN = "SELECT 1 FROM extents WHERE relation = 'friendship'"
# Of whom no friendship was ever told the store cannot say that they are no friend.
_NOTHING_KNOWN = """
UPDATE flow SET outcome = NULL WHERE pc = :pc AND outcome = :reason AND NOT EXISTS (
  SELECT 1 FROM friendship_facts f WHERE f.unit = flow.unit AND f.at <= :at AND f.arrived <= :at AND f.seq <= :mark)
"""
