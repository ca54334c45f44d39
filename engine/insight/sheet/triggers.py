"""When a block begins, in plain words, and what narrows its schedule."""

from __future__ import annotations

from typing import assert_never

from ...program import ir
from ...program.clock import naive_datetime
from ...program.words.conditions import describe_events
from ...program.words.schedules import clock_words, schedule_words
from ...program.words.triggers import operand_words
from .model import Line
from .voice import Voice

_WEEK = 7
_MOVES = {"rises": "when.rises", "drops": "when.drops", "becomes": "when.becomes"}


def trigger_sentence(trigger: ir.Trigger, voice: Voice) -> str:
    """Return when a block begins, without what narrows it."""
    if isinstance(trigger, ir.Schedule):
        return _schedule(trigger, voice)
    match trigger:
        case ir.TagGained(pattern):
            return voice.say("when.tagged", tag=voice.pattern(pattern))
        case ir.TagLost(pattern):
            return voice.say("when.untagged", tag=voice.pattern(pattern))
        case ir.CouponExpires() | ir.CouponUsed():
            return _coupon(trigger, voice)
        case ir.GroupEvent(what, pattern):
            words = voice.say(f"when.group.{what}")
            return words if pattern is None else voice.say("when.group.named", what=words, groups=voice.pattern(pattern))
        case ir.EventHappens() | ir.MarkReached() | ir.TierMoves() | ir.SegmentCrossed() | ir.AttributeChanges():
            return _change(trigger, voice)
        case ir.Joined() | ir.Left() | ir.HandedOver() | ir.SomebodyInvited() | ir.Entered():
            return voice.say(_PLAIN[type(trigger)])
        case _:
            assert_never(trigger)


def _schedule(schedule: ir.Schedule, voice: Voice) -> str:
    if isinstance(schedule, ir.Cron):
        return voice.say("when.cron", text=voice.name(schedule.text))
    words = schedule_words(schedule, voice.tongue)
    if isinstance(schedule, ir.MemberDate):
        # The Chinese line begins like that of an event, which this is not.
        own = words.removeprefix(voice.tongue.word("WHEN")) if voice.tongue.chinese else words
        return voice.say("when.own_date", when=voice.prose(own))
    said = voice.prose(words)
    return said[:1].upper() + said[1:]


_PLAIN: dict[type[object], str] = {
    ir.Joined: "when.joined", ir.Left: "when.left", ir.HandedOver: "when.handed_over",
    ir.SomebodyInvited: "when.invited", ir.Entered: "when.entered",
}
_Change = ir.EventHappens | ir.MarkReached | ir.TierMoves | ir.SegmentCrossed | ir.AttributeChanges


def _coupon(trigger: ir.CouponExpires | ir.CouponUsed, voice: Voice) -> str:
    coupon = voice.name(trigger.coupon)
    if isinstance(trigger, ir.CouponUsed):
        return voice.say("when.coupon_used", coupon=coupon)
    ahead = voice.time(trigger.ahead)
    if trigger.clock is None:
        return voice.say("when.coupon_expires", coupon=coupon, ahead=ahead)
    return voice.say("when.coupon_expires.at", coupon=coupon, ahead=ahead, clock=clock_words(trigger.clock))


def _change(trigger: _Change, voice: Voice) -> str:
    match trigger:
        case ir.EventHappens(query, nth):
            events = voice.prose(describe_events(query, voice.lang))
            if nth is None or nth == 1:
                return voice.say("when.event" if nth is None else "when.event.first", events=events)
            return voice.say("when.event.nth", events=events, nth=nth)
        case ir.MarkReached(operand, direction, marks):
            written = voice.joined(voice.value(operand.type, mark) for mark in marks)
            number = voice.prose(operand_words(operand, voice.tongue))
            return voice.say(f"when.{direction}", operand=number, marks=written)
        case ir.TierMoves(ladder, direction, tier):
            return voice.say(_MOVES[direction], ladder=voice.attribute(ladder), tier=voice.name(tier))
        case ir.SegmentCrossed(segment, direction):
            return voice.say(f"when.{direction}", segment=voice.name(segment))
        case ir.AttributeChanges(operand):
            return voice.say("when.changes", attribute=voice.attribute(operand.name))


def block_lines(block: ir.Block, unit: str, voice: Voice) -> tuple[Line, ...]:
    """Return what narrows the beginning of a block: limits of its schedule, and how often one may enter.

    ``unit`` is what enters, ``member`` or ``group``.
    """
    lines = _limits(block.limits, voice) if block.limits else []
    words = voice.say(f"unit.{unit}")
    if block.reentry is None:
        rule = voice.say("reentry.free", unit=words)
    else:
        rule = reentry_sentence(block.reentry, words, voice)
    return tuple(Line(words) for words in (*lines, rule))


def reentry_sentence(reentry: ir.Reentry, unit: str, voice: Voice) -> str:
    """Return how often a ``unit``, given in words, may enter."""
    match reentry:
        case ir.Reentry("again", after=after):
            words = voice.say("reentry.again", unit=unit, time=voice.time(after or ir.Duration(0)))
        case ir.Reentry("at_most", number=number):
            words = voice.say("reentry.at_most", unit=unit, number=number or 1)
        case ir.Reentry(per=None):
            words = voice.say("reentry.once", unit=unit)
        case ir.Reentry(per=per, activity=activity, field=field):
            name = voice.prose(voice.tongue.field(field.name)) if field is not None else ""
            label = activity_name(activity, reentry.times, voice) if activity is not None else ""
            words = voice.say(f"reentry.once.{per}", unit=unit, activity=label, field=name)
    return voice.say("reentry.in_all", rule=words) if reentry.in_all else words


def _limits(limits: ir.Limits, voice: Voice) -> list[str]:
    lines = []
    if limits.window is not None:
        lines.append(voice.say("when.dates", dates=voice.dates(limits.window)))
    if limits.activity is not None:
        lines.append(voice.say("when.during", activity=activity_name(limits.activity, limits.times, voice)))
    if limits.except_holidays:
        lines.append(voice.say("when.holidays"))
    if limits.over is not None:
        lines.append(voice.say("when.over", time=voice.time(ir.Duration(limits.over))))
    return lines


def activity_name(label: str, times: ir.Times | None, voice: Voice) -> str:
    """Return an activity, or ``activity/phase``, with its times in brackets."""
    name = "".join(map(voice.name, label.split("/", 1)))
    return voice.say("activity.timed", name=name, times=times_sentence(times, voice)) if times else name


def times_sentence(times: ir.Times, voice: Voice) -> str:
    """Return when an activity goes on."""
    if times.weekdays:
        days = None if len(times.weekdays) == _WEEK else times.weekdays
        start = voice.prose(schedule_words(ir.Daily(days, (times.start,)), voice.tongue))
        return voice.say("terms.period", start=start, end=clock_words(times.end))
    return voice.joined(
        voice.say("terms.period", start=_moment(start), end=_moment(end, last=True)) for start, end in times.spans
    )


def _moment(local: int, *, last: bool = False) -> str:
    """A local date-time; an end at midnight is that of the day before."""
    if last and local % ir.DAY == 0:
        return f"{naive_datetime(local - ir.DAY).date().isoformat()} 24:00"
    return naive_datetime(local).isoformat(" ", "minutes")
