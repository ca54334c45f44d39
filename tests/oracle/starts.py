"""What starts a block for a single member: facts, each with the instant at which it falls due."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from itertools import pairwise

from oracle import clock
from oracle.conditions import View, matching_events, text_matches, true_of
from oracle.histories import changing_facts, history
from oracle.holding import called
from oracle.model import AttributeFact, CodeFact, EventFact, PlaceFact, TagFact
from qingting.engine.program import ir


@dataclass(frozen=True, slots=True)
class Start:
    """Something that starts a block for a member when it is ``due``.

    ``fact`` (or ``detail``, of what is no fact) names it; it was so since ``at`` and that ``arrived``. ``cause`` is the seq
    by which it came about. ``is_brief`` says that it was over at the very instant at which it began.
    """

    member: str
    due: int
    fact: int
    at: int
    arrived: int
    cause: int
    detail: str = ""
    event: EventFact | None = None
    backfilled: bool = False
    late: bool = False
    is_brief: bool = False

    @property
    def name(self) -> str:
        """What the occurrence is called."""
        return f"{clock.utc_name(self.due)}#{self.detail or self.fact}"


def starts_of(view: View, trigger: ir.Trigger) -> list[Start]:
    """What starts a block for the member, by all that the view sees."""
    match trigger:
        case ir.EventHappens():
            return list(_events(view, trigger))
        case ir.TagGained(pattern=pattern):
            return [_gain(view, *held) for tag in _tags(view, pattern) for held in _held(view, tag)]
        case ir.TagLost(pattern=pattern):
            return [lost for tag in _tags(view, pattern) for lost in _lost(view, tag)]
        case ir.Joined():
            return [_start(view, fact) for fact, begins in presence(view) if begins]
        case ir.Left():
            return [_start(view, fact) for fact, begins in presence(view) if not begins]
        case ir.AttributeChanges(operand=operand):
            return [_start(view, fact) for fact in changing_facts(view, operand.name)]
        case ir.HandedOver():
            return [_start(view, fact) for fact in _handed_over(view)]
        case ir.CouponUsed(coupon=coupon):
            used = [f for f in view.seen(view.member.codes) if f.coupon == coupon and f.kind == "used"]
            return [_start(view, fact) for fact in used]
        case ir.CouponExpires():
            return list(_expiring(view, trigger))
        case ir.SomebodyInvited():
            return list(_invited(view))
        case ir.GroupEvent(what=what, pattern=pattern):
            return list(_in_groups(view, what, pattern))
    return []


Fact = AttributeFact | TagFact | EventFact | CodeFact | PlaceFact


def _start(view: View, fact: Fact) -> Start:
    """A start by the fact itself."""
    due = max(fact.at, fact.arrived)
    backfilled = fact.backfilled if isinstance(fact, TagFact | EventFact) else False
    event = fact if isinstance(fact, EventFact) else None
    return Start(view.member.id, due, fact.seq, fact.at, fact.arrived, fact.seq, "", event, backfilled)


# Events


def _events(view: View, trigger: ir.EventHappens) -> Iterator[Start]:
    """The events of the query, or only the nth of them in the order in which they became known."""
    found = []
    for event in view.member.events:
        then = replace(view, t=event.known)
        if event.known <= view.t and event in matching_events(then, trigger.query):
            found.append(event)
    found.sort(key=lambda event: (event.known, event.seq))
    if trigger.nth is not None:
        found = found[trigger.nth - 1 : trigger.nth]
    for event in found:
        yield _start(view, event)


# Tags


def _tags(view: View, pattern: ir.TextPattern) -> list[str]:
    return sorted({fact.tag for fact in view.member.tags if text_matches(fact.tag, pattern)})


def _held(view: View, tag: str) -> list[tuple[TagFact, Start | None]]:
    """Each time that the tag was held: the fact by which it began, and what ended it."""
    found: list[tuple[TagFact, Start | None]] = []
    begun: TagFact | None = None
    latest: TagFact | None = None
    for fact in view.seen(f for f in view.member.tags if f.tag == tag):
        if begun is not None and latest is not None and latest.expires is not None and latest.expires <= fact.at:
            found.append((begun, _end(view, begun, latest.expires, latest)))
            begun = None
        if fact.given:
            begun, latest = begun or fact, fact
        elif begun is not None:
            found.append((begun, _end(view, begun, fact.at, fact)))
            begun = None
    if begun is not None and latest is not None:
        over = latest.expires is not None and latest.expires <= view.t
        found.append((begun, _end(view, begun, latest.expires or 0, latest) if over else None))
    return found


def _end(view: View, begun: TagFact, until: int, by: TagFact) -> Start:
    """That a tag is no longer held, by the fact that took it or the gain whose expiry it was."""
    due = max(until, by.arrived)
    if by.backfilled and by.given:
        # What was loaded with its past ends in its own time; it is no news.
        return Start(view.member.id, due, begun.seq, until, by.arrived, 0)
    return Start(view.member.id, due, begun.seq, until, by.arrived, by.seq, backfilled=by.backfilled)


def _gain(view: View, begun: TagFact, end: Start | None) -> Start:
    return replace(_start(view, begun), is_brief=end is not None and end.at == begun.at)


def _lost(view: View, tag: str) -> list[Start]:
    """The ends of times that were longer than nothing."""
    return [end for begun, end in _held(view, tag) if end is not None and end.at > begun.at]


# Friends


def presence(view: View) -> list[tuple[PlaceFact | AttributeFact, bool]]:
    """The facts by which the member came to be a friend of somebody, and those by which they ceased to be anybody's."""
    joined = _joined(view)
    facts: list[PlaceFact | AttributeFact] = list(view.seen(view.member.friends))
    if joined is not None:
        facts.append(joined)
    found: list[tuple[PlaceFact | AttributeFact, bool]] = []
    for instant in sorted({fact.at for fact in facts}):
        now, before = _is_present(view, joined, instant), _is_present(view, joined, instant - 1)
        if now != before:
            fitting = [fact for fact in facts if fact.at == instant and (_begins(fact) == now)]
            found.append((min(fitting, key=lambda fact: fact.seq), now))
    return found


def _begins(fact: PlaceFact | AttributeFact) -> bool:
    return isinstance(fact, AttributeFact) or fact.given


def _joined(view: View) -> AttributeFact | None:
    """What is said about when the member joined, as a fact of that instant."""
    said = [f for f in view.member.attributes if f.attribute == "joined" and f.arrived <= view.T and f.seq <= view.mark]
    if not said:
        return None
    latest = max(said, key=lambda fact: (fact.at, fact.seq))
    if not isinstance(latest.value, int) or latest.value > view.t:
        return None
    friends = [f.at for f in view.member.friends if f.arrived <= view.T and f.seq <= view.mark]
    return replace(latest, at=latest.value) if not friends or latest.value < min(friends) else None


def _is_present(view: View, joined: AttributeFact | None, instant: int) -> bool:
    then = replace(view, t=instant)
    staff: dict[str, bool] = {}
    for fact in then.seen(view.member.friends):
        staff[fact.name] = fact.given
    said = [f.at for f in view.member.friends if f.arrived <= view.T and f.seq <= view.mark]
    alone = joined is not None and joined.at <= instant and (not said or instant < min(said))
    return alone or any(staff.values())


def _invited(view: View) -> Iterator[Start]:
    """Those whom the member brought, as they come to be friends."""
    for other in view.world.members:
        theirs = replace(view, member=other)
        for fact, begins in presence(theirs):
            start = _start(theirs, fact)
            named = _naming(theirs, start.due) if begins and start.due <= view.t and not start.backfilled else None
            if named is not None and named.value == view.member.id:
                learned = max(named.at, named.arrived)
                later = learned if learned > start.due else start.due
                cause = named.seq if learned > start.due else start.cause
                arrived = max(start.arrived, named.at, named.arrived)
                yield replace(start, member=view.member.id, due=later, arrived=arrived, cause=cause)


def _naming(view: View, due: int) -> AttributeFact | None:
    """The fact that names who invited the member: the one that held at ``due`` as known then, else the first known after."""
    said = [
        f for f in view.member.attributes
        if f.attribute == "inviter" and max(f.at, f.arrived) <= min(view.t, view.T) and f.seq <= view.mark
    ]
    known = [fact for fact in said if max(fact.at, fact.arrived) <= due]
    if known:
        return max(known, key=lambda fact: (fact.at, fact.seq))
    after = [fact for fact in said if fact.value is not None]
    return min(after, key=lambda fact: (max(fact.at, fact.arrived), fact.seq), default=None)


def _handed_over(view: View) -> Iterator[AttributeFact]:
    said = history(view, "staff")
    for before, fact in pairwise(said):
        if None not in (before.value, fact.value) and before.value != fact.value:
            yield fact


# Coupons and groups


def _expiring(view: View, trigger: ir.CouponExpires) -> Iterator[Start]:
    """The coupons that are held when their last days begin."""
    for fact in view.member.codes:
        if fact.coupon != trigger.coupon or fact.kind != "issued" or fact.expires is None or fact.seq > view.mark:
            continue
        instant = clock.add_duration(fact.expires, trigger.ahead, view.zone, -1)
        if trigger.clock is not None:
            assert not trigger.ahead.months
            day = clock.local(fact.expires, view.zone).date() - timedelta(days=trigger.ahead.micros // ir.DAY)
            instant = clock.instant_of(datetime.combine(day, time(0)) + timedelta(minutes=trigger.clock), view.zone)
        then = replace(view, t=instant)
        own = then.seen(f for f in view.member.codes if f.code == fact.code)
        kinds = {f.kind for f in own}
        if instant <= view.t and "issued" in kinds and not kinds & {"used", "cancelled"} and fact.expires > instant:
            yield Start(view.member.id, instant, fact.seq, instant, instant, 0)


def _in_groups(view: View, what: str, pattern: ir.TextPattern | None) -> Iterator[Start]:
    """The beginnings or ends of memberships; one that ends at the very instant at which it begins is none."""
    for group in sorted({fact.name for fact in view.member.places}):
        crossings: list[PlaceFact] = []
        for fact in view.seen(f for f in view.member.places if f.name == group):
            if fact.given == len(crossings) % 2:
                continue
            if crossings and not fact.given and crossings[-1].at == fact.at:
                crossings.pop()
            else:
                crossings.append(fact)
        for fact in crossings:
            start = _start(view, fact)
            fits = pattern is None or called(replace(view, t=start.due), group, pattern)
            if fits and fact.given == (what == "joins"):
                yield start


# Numbers, tiers and segments


def crossings(trigger: ir.Trigger, before: View, now: View, known: bool, within: int | None) -> list[Start]:
    """What a member crossed between two looks; ``known`` says whether the member existed at the first.

    A mark or tier is late where, by what is known now, it was so already ``within`` so long ago and still at the first look.
    """
    earlier = [] if within is None else [replace(now, t=t) for t in (now.t - within, max(now.t - within, before.t))]

    def start(detail: str, late: bool) -> Start:
        return Start(now.member.id, now.t, 0, now.t, now.t, now.mark, detail, late=late)

    match trigger:
        case ir.MarkReached(operand=operand, direction=direction, marks=marks):
            found = []
            for mark in marks:
                reached = ir.Compare(operand, "ge", (mark,))
                below = ir.Compare(operand, "lt", (mark,))
                was, wanted = true_of(reached, before), reached if direction == "reach" else below
                if was == (direction == "below") and true_of(wanted, now):
                    late = bool(earlier) and all(true_of(wanted, view) for view in earlier)
                    found.append(start(f"{direction} {mark}", late))
            return found
        case ir.TierMoves(ladder=ladder, tier=tier):
            on = ir.Compare(ir.LadderRef(ladder), "is", (tier,))
            was = known and true_of(on, before)
            if was or not true_of(on, now) or not _moved(before if known else None, now.library, trigger):
                return []
            return [start("tier", bool(earlier) and all(true_of(on, view) for view in earlier))]
        case ir.SegmentCrossed(segment=segment, direction=direction):
            inside = ir.InSegment(segment)
            was, is_now = known and true_of(inside, before), true_of(inside, now)
            wanted_now = direction == "enters"
            return [start(direction, False)] if was != is_now and is_now == wanted_now else []
    return []


def _moved(before: View | None, library: ir.Library, trigger: ir.TierMoves) -> bool:
    """Whether the member stood on the other side of a tier before; who did not exist stood on none."""
    rungs = [one.name for one in library.ladders[trigger.ladder].rungs]
    place = rungs.index(trigger.tier)
    on = ir.LadderRef(trigger.ladder)
    stood = [one for one in rungs if before is not None and true_of(ir.Compare(on, "is", (one,)), before)]
    was_lower = not stood or rungs.index(stood[0]) > place
    return {"rises": was_lower, "drops": bool(stood) and not was_lower, "becomes": True}[trigger.direction]
