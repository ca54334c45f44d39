"""Finding what starts a block: each trigger has its finder."""

from __future__ import annotations

from collections.abc import Iterator

from ...program.ir import (
    AttributeChanges,
    Condition,
    CouponExpires,
    CouponUsed,
    Did,
    Entered,
    EventHappens,
    GroupEvent,
    HandedOver,
    Joined,
    Left,
    Library,
    MarkReached,
    SegmentCrossed,
    SomebodyInvited,
    TagGained,
    TagLost,
    TierMoves,
    Trigger,
)
from ..context import BlockRun, RunContext
from ..new_groups import find_created
from ..progress import Progress
from .attributes import find_changes
from .coupons import find_expiring, find_used
from .crossings import crossing_conditions, find_crossings
from .entered import find_entered
from .events import find_events
from .groups import find_group_events
from .presence import find_presence
from .tags import find_gains, find_losses


def find_starts(ctx: RunContext, run: BlockRun, since: Progress) -> None:
    """Fills ``run_triggers`` with what is new to a block since its progress and starts it.

    Schedules are no such triggers.
    """
    match run.block.trigger:
        case TagGained() as trigger:
            find_gains(ctx, run, trigger, since)
        case TagLost() as trigger:
            find_losses(ctx, run, trigger, since)
        case EventHappens() as trigger:
            find_events(ctx, run, trigger, since)
        case AttributeChanges() | HandedOver() as trigger:
            find_changes(ctx, run, trigger, since)
        case Joined() | Left() | SomebodyInvited() as trigger:
            find_presence(ctx, run, trigger, since)
        case CouponUsed() as trigger:
            find_used(ctx, run, trigger, since)
        case CouponExpires() as trigger:
            find_expiring(ctx, run, trigger, since)
        case Entered():
            find_entered(ctx, run, since)
        case GroupEvent(what="created"):
            find_created(ctx, run, since.mark, since.handled)
        case GroupEvent() as trigger:
            find_group_events(ctx, run, trigger, since)
        case MarkReached() | TierMoves() | SegmentCrossed() as trigger:
            find_crossings(ctx, run, trigger, since)


def asked_by_trigger(trigger: Trigger, library: Library) -> Iterator[Condition]:
    """The conditions by which a trigger is found."""
    match trigger:
        case EventHappens(query=query):
            yield Did(query)
        case MarkReached() | TierMoves() | SegmentCrossed():
            yield from crossing_conditions(trigger, library)
