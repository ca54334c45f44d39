"""Triggers told back: the line that begins a block."""

from __future__ import annotations

from .. import ir
from .conditions import describe_events, describe_total
from .schedules import at, clock_words, limits_words, listed, schedule_words
from .values import Tongue, bare, patterned, quoted, value_words
from .windows import elapsed_words

_DIRECTIONS = {"rises": "RISES_TO", "drops": "DROPS_TO", "becomes": "BECOMES"}
_GROUPS = {"joins": "JOINS_GROUP", "leaves": "LEAVES_GROUP", "created": "GROUP_MADE"}


def trigger_words(trigger: ir.Trigger, lang: str, limits: ir.Limits | None = None) -> str:
    """Return the line that begins a block, with the ``limits`` of a schedule.

    >>> trigger_words(ir.Daily((1, 5), (600,)), "zh"), trigger_words(ir.Daily(None, (1200,)), "en")
    ('每周一、周五 10:00', 'every day at 20:00')
    """
    tongue = Tongue(lang)
    if isinstance(trigger, ir.EventTrigger):
        return f"{tongue.word('WHEN')} {_happening(trigger, tongue)}"
    words, narrowed = schedule_words(trigger, tongue), limits_words(limits, tongue)
    return f"{words} {narrowed}" if narrowed else words


def _happening(trigger: ir.EventTrigger, tongue: Tongue) -> str:
    match trigger:
        case ir.Joined():
            return tongue.word("JOINED")
        case ir.Left():
            return tongue.word("LEFT")
        case ir.TagGained(pattern):
            return f"{tongue.word('GETS_TAG')} {patterned(pattern)}"
        case ir.TagLost(pattern):
            return f"{tongue.word('LOSES_TAG')} {patterned(pattern)}"
        case ir.CouponUsed(coupon):
            return f"{tongue.word('USES_COUPON')} {quoted(coupon)}"
        case ir.HandedOver():
            return tongue.word("HANDED_OVER")
        case ir.SomebodyInvited():
            return tongue.word("INVITES")
        case ir.Entered():
            return tongue.word("ENTERED")
        case ir.GroupEvent(what, pattern):
            words = tongue.word(_GROUPS[what])
            return f"{words} {patterned(pattern)}" if pattern else words
        case _:
            return _change(trigger, tongue)


_Change = (
    ir.EventHappens | ir.MarkReached | ir.TierMoves | ir.SegmentCrossed | ir.AttributeChanges | ir.CouponExpires
)


def _change(trigger: _Change, tongue: Tongue) -> str:
    match trigger:
        case ir.EventHappens(query, nth):
            return _nth(describe_events(query, tongue.lang), nth, tongue)
        case ir.MarkReached():
            return _mark(trigger, tongue)
        case ir.TierMoves(ladder, direction, tier):
            return f"{tongue.attribute(ladder)} {tongue.word(_DIRECTIONS[direction])} {quoted(tier)}"
        case ir.SegmentCrossed(segment, direction):
            return f"{tongue.word('ENTERS_SEGMENT' if direction == 'enters' else 'LEAVES_SEGMENT')} {quoted(segment)}"
        case ir.AttributeChanges(operand):
            return f"{tongue.attribute(operand.name)} {tongue.word('CHANGES')}"
        case ir.CouponExpires():
            return _coupon_expires(trigger, tongue)


def _nth(events: str, nth: int | None, tongue: Tongue) -> str:
    if nth is None:
        return events
    if nth == 1:
        first = tongue.word("FIRST" if tongue.chinese else "FOR_THE_FIRST_TIME")
        return f"{first} {events}" if tongue.chinese else f"{events} {first}"
    if tongue.chinese:
        return f"{tongue.word('NTH')}{nth}{tongue.word('TIMES')} {events}"
    return f"{events} {tongue.word('FOR_THE')} {nth}{_ordinal(nth)} {tongue.word('TIMES').removesuffix('s')}"


def _ordinal(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _mark(trigger: ir.MarkReached, tongue: Tongue) -> str:
    marks = listed([value_words(trigger.operand.type, mark, tongue) for mark in trigger.marks], tongue)
    word = tongue.word("REACHES" if trigger.direction == "reach" else "FALLS_BELOW")
    return f"{operand_words(trigger.operand, tongue)} {word} {marks}"


def operand_words(operand: ir.AttributeRef | ir.MetricRef | ir.Total | ir.InvitedNumber, tongue: Tongue) -> str:
    """A number that stands by itself."""
    match operand:
        case ir.InvitedNumber():
            return tongue.word("INVITED_COUNT" if tongue.chinese else "INVITES")
        case ir.Total():
            return describe_total(operand, tongue.lang)
        case ir.AttributeRef(name):
            return tongue.attribute(name)
        case ir.MetricRef(name):
            return bare(name)


def _coupon_expires(trigger: ir.CouponExpires, tongue: Tongue) -> str:
    clock = clock_words(trigger.clock) if trigger.clock is not None else None
    coupon, far = f"{tongue.word('COUPON')} {quoted(trigger.coupon)}", elapsed_words(trigger.ahead, tongue)
    if tongue.chinese:
        return at(f"{coupon} {far}{tongue.word('AFTER_EXPIRES')}", clock, tongue)
    return at(f"{coupon} {tongue.word('EXPIRES_IN')} {far}", clock, tongue)
