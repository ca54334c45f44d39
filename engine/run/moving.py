"""What can move a number or a segment: the facts that alone change a value, and what of a run's own doing a condition sees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..program.ir import (
    All,
    Always,
    Any,
    AttributeRef,
    Compare,
    Condition,
    Did,
    DidOnDays,
    DueToReorder,
    FinishedPlaybook,
    HasTag,
    HoldsCoupon,
    InGroup,
    InPlaybook,
    Invited,
    IsFriend,
    Library,
    MomentHas,
    MomentIn,
    Not,
    Received,
    ReceivedRedpacket,
    Sample,
    TaskIs,
    TodayIs,
    Total,
    UsedCoupon,
)
from ..query.normal import normal
from ..stores.sqlite.identifiers import with_names
from .context import RunContext
from .news import ATTRIBUTE_FACTS, EVENTS, POINTS, REMOVAL_FACTS, TAG_FACTS, FactTable, find_news
from .progress import Progress
from .reads import reads_of


@dataclass(frozen=True, slots=True)
class Moving:
    """Facts that move a condition: those of one key of a table. ``caused`` is where the run puts its own, if anywhere."""

    table: FactTable
    key: int
    caused: str | None = None


def moved_by(ctx: RunContext, condition: Condition, library: Library) -> frozenset[Moving] | None:
    """The facts that alone change the answer of a condition; None where time changes it as well, or more than facts."""
    if ctx.ahead:
        # What is known at T is not what the store maintains, by which tags that expire are found.
        return None
    found: set[Moving] = set()
    for leaf in _leaves(normal(condition, library)):
        facts = _facts_of(ctx, leaf, library)
        if facts is None:
            return None
        found.update(facts)
    return frozenset(found)


def _leaves(condition: Condition) -> Iterator[Condition]:
    match condition:
        case All(items=items) | Any(items=items):
            for item in items:
                yield from _leaves(item)
        case Not(item=item):
            yield from _leaves(item)
        case _:
            yield condition


def _facts_of(ctx: RunContext, leaf: Condition, library: Library) -> list[Moving] | None:
    match leaf:
        case Always() | Sample() | Compare(operand=AttributeRef(name="id")):
            return []
        case HasTag(patterns=patterns, window=None):
            tags = [number for name, number in ctx.tags.items() if any(pattern.matches(name) for pattern in patterns)]
            return [Moving(TAG_FACTS, tag, "run_tag_facts") for tag in tags]
        case Compare(operand=AttributeRef(name="points")):
            return [Moving(POINTS, 0, "run_points")]
        case Compare(operand=AttributeRef(name=name)) if name in ctx.attributes:
            return [Moving(ATTRIBUTE_FACTS, ctx.attributes[name], "run_attribute_facts")]
        case Did() | Compare(operand=Total()) | MomentHas():
            reads = reads_of(leaf, library)
            return [Moving(EVENTS, number) for number in ctx.event_numbers(reads.events)] if reads.only else None
    return None


def gather_moved(ctx: RunContext, moving: frozenset[Moving], since: Progress | None, *, caused: bool = False) -> int:
    """Fills ``crossed`` with those whom such facts concern, new since a progress, or (``caused``) by the run; says how many.

    New to a progress are members who came or were taken out, too, and tags that have expired.
    """
    ctx.execute("DELETE FROM crossed")
    for one in sorted(moving, key=lambda one: (one.table.name, one.key)):
        if (since is None or caused) and one.caused is not None:
            ctx.execute(with_names(_CAUSED, table=one.caused, key=one.table.key), {"key": one.key})
        if since is None:
            continue
        if find_news(ctx, one.table, one.key, since, backfilled=True):
            ctx.execute(_NEW)
        if one.table is TAG_FACTS:
            ctx.execute(_EXPIRED, {"tag": one.key, "handled": since.handled, "at": ctx.at})
    if since is not None:
        ctx.execute(_ARRIVED, {"mark": since.mark})
        if find_news(ctx, REMOVAL_FACTS, 0, since, backfilled=True):
            ctx.execute(_NEW)
    return ctx.count("SELECT count(*) FROM crossed")


_CAUSED = "INSERT OR IGNORE INTO crossed (unit) SELECT unit FROM $table WHERE $key = :key"
_NEW = "INSERT OR IGNORE INTO crossed (unit) SELECT unit FROM news"
_EXPIRED = """
INSERT OR IGNORE INTO crossed (unit)
SELECT unit FROM member_tags
WHERE tag = :tag AND until <> 9223372036854775807 AND until > :handled AND until <= :at
"""
_ARRIVED = "INSERT OR IGNORE INTO crossed (unit) SELECT unit FROM members WHERE seq > :mark"


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
        case InPlaybook() | FinishedPlaybook():
            return bool(ctx.count("SELECT EXISTS (SELECT 1 FROM run_enrolments)"))
        case TaskIs():
            return done.tasks
        case Invited(where=where):
            return bool(done.attributes) or (where is not None and _touches(ctx, where))
        case _ if isinstance(getattr(condition, "operand", None), AttributeRef):
            name = condition.operand.name  # type: ignore[union-attr]
            return done.points if name == "points" else ctx.attributes.get(name) in done.attributes
        case _:
            return not isinstance(condition, _UNTOUCHED)


_UNTOUCHED = (Always, Compare, Did, DidOnDays, DueToReorder, InGroup, IsFriend, MomentHas, MomentIn, Sample, TodayIs)
"""What a run never changes: events, groups and friendships, the day, draws."""
