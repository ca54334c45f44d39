"""What can move a number or a segment: the facts that alone change a value, and what of a run's own doing a condition sees."""

from __future__ import annotations

from dataclasses import dataclass

from ...program.ir import (
    All,
    Always,
    Any,
    AttributeRef,
    Compare,
    Condition,
    Did,
    DidOnDays,
    DueToReorder,
    HasTag,
    HoldsCoupon,
    InGroup,
    Invited,
    IsFriend,
    LadderRef,
    Library,
    MetricRef,
    MomentHas,
    MomentIn,
    Not,
    Received,
    ReceivedRedpacket,
    Sample,
    TodayIs,
    Total,
    UsedCoupon,
)
from ...query.normal import normal
from ...stores.sqlite.identifiers import with_names
from ..context import RunContext, Values
from ..progress import Progress
from ..reads import Reads, reads_of
from .news import ATTRIBUTE_FACTS, EVENTS, POINTS, FactTable, find_news


@dataclass(frozen=True, slots=True)
class Moving:
    """The facts that alone move a number: those of one key of a table. ``caused`` is where the run puts its own, if anywhere."""

    table: FactTable
    key: int
    caused: str | None


def moved_by(condition: Condition, library: Library, ctx: RunContext) -> Moving | None:
    """What moves the number that a condition compares; None where more does, or nothing is compared."""
    if not isinstance(condition, Compare):
        return None
    operand = condition.operand
    if isinstance(operand, LadderRef):
        operand = library.ladders[operand.name].operand
    if isinstance(operand, MetricRef):
        operand = library.metrics[operand.name]
    match operand:
        case AttributeRef(name="points"):
            return Moving(POINTS, 0, "run_points")
        case AttributeRef(name=name) if name in ctx.attributes:
            return Moving(ATTRIBUTE_FACTS, ctx.attributes[name], "run_attribute_facts")
        case Total(query=query) if reads_of(Did(query), library) == Reads(frozenset({query.event}), only=True):
            return Moving(EVENTS, next(iter(ctx.event_numbers([query.event])), 0), None)
    return None


def moved(ctx: RunContext, moving: Moving, since: Progress | None) -> bool:
    """Fills ``crossed`` with those whom such facts concern, new since a progress or caused by the run; says if any."""
    if since is not None:
        found = find_news(ctx, moving.table, moving.key, since, backfilled=True)
        return found and ctx.execute("INSERT OR IGNORE INTO crossed (unit) SELECT unit FROM news").rowcount > 0
    if moving.caused is None:
        return False
    values: Values = {"key": moving.key}
    return ctx.execute(with_names(_CAUSED, table=moving.caused, key=moving.table.key), values).rowcount > 0


_CAUSED = "INSERT OR IGNORE INTO crossed (unit) SELECT unit FROM $table WHERE $key = :key"


def touches(ctx: RunContext, condition: Condition, library: Library) -> bool:
    """Whether what the run has caused so far may change the answer of a condition."""
    return _touches(ctx, normal(condition, library))


def _touches(ctx: RunContext, condition: Condition) -> bool:
    done = ctx.counters
    match condition:
        case All(items=items) | Any(items=items):
            return any(_touches(ctx, item) for item in items)
        case Not(item=item):
            return _touches(ctx, item)
        case HasTag(patterns=patterns):
            return any(
                number in done.tags and any(pattern.matches(name) for pattern in patterns)
                for name, number in ctx.tags.items()
            )
        case Received():
            return done.pushes
        case HoldsCoupon() | UsedCoupon():
            return done.coupons
        case ReceivedRedpacket():
            return done.redpackets
        case Invited(where=where):
            return bool(done.attributes) or (where is not None and _touches(ctx, where))
        case _ if isinstance(getattr(condition, "operand", None), AttributeRef):
            name = condition.operand.name  # type: ignore[union-attr]
            return done.points if name == "points" else ctx.attributes.get(name) in done.attributes
        case _:
            return not isinstance(condition, _UNTOUCHED)


_UNTOUCHED = (Always, Compare, Did, DidOnDays, DueToReorder, InGroup, IsFriend, MomentHas, MomentIn, Sample, TodayIs)
"""What a run never changes: events, groups and friendships, the day, draws."""
