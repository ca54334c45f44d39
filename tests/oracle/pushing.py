"""Why a push does not go out: consent, quiet hours, caps, what is scarce, rotation, unknown variables; and when it does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from oracle import clock
from oracle.conditions import attribute_value, draw
from oracle.entering import is_stranger, may_push
from oracle.giving import why_not_given
from oracle.model import PushRecord
from oracle.runs import Item, Run
from qingting.engine.program import ir

HORIZON = 7 * ir.DAY
MOST_DEFERRALS = 3


@dataclass(frozen=True, slots=True)
class Deferral:
    """The push waits until ``due``."""

    due: int


@dataclass(frozen=True, slots=True)
class Sending:
    """The push goes out at ``not_before`` with ``template``."""

    template: str
    not_before: int


def judge_push(run: Run, item: Item, push: ir.Push) -> str | Deferral | Sending:
    """The first reason against a push, the instant to which it is put off, or its sending."""
    if push.within is not None and run.at > latest(item, push.within):
        return "late"
    if not may_push(run, item):
        return "never_push"
    if push.channel == "wecom" and is_stranger(run, item):
        return "not_friend"
    quiet = quiet_for(run, item, push)
    if quiet is not None and (is_quiet(quiet, item.instant, item.zone) or is_quiet(quiet, run.at, item.zone)):
        return "quiet_hours" if quiet.overflow == "skip" else put_off(run, item, push, "quiet_hours")
    full = [cap for cap in caps_on(run, item, push) if not allows(cap, item, sending_instant(run, item))]
    if any(not cap.defer for cap in full):
        return "cap"
    if full:
        return put_off(run, item, push, "cap")
    reason = why_not_given(run, item, push)
    if reason is not None:
        return reason
    template = push.template if push.rotation is None else rotated(run, item, push.rotation)
    if template is None:
        return "no_content"
    for variable in run.setup.library.templates[template].needed:
        if attribute_value(run.view(item.member, item.instant), variable) is None:
            return "incomplete"
    return Sending(template, sending_instant(run, item) + spread(run, item, quiet))


def latest(item: Item, within: ir.Duration) -> int:
    """The last instant at which a push may go out that must not come late."""
    return clock.add_duration(item.instant, within, item.zone)


def quiet_for(run: Run, item: Item, push: ir.Push) -> ir.QuietHours | None:
    """The quiet hours that bind a push."""
    return None if push.despite_quiet else item.playbook.quiet or run.setup.policy.quiet


def rotated(run: Run, item: Item, rotation: ir.Rotation) -> str | None:
    """Of the templates not received too recently the one received longest ago, those never received first of all."""
    latest = {name: max((p.at for p in item.member.pushes if p.template == name), default=None) for name in rotation.templates}
    allowed = [
        name for name, at in latest.items()
        if at is None or rotation.no_repeat is None
        or at <= clock.add_duration(item.instant, rotation.no_repeat, item.zone, -1)
    ]
    fresh = [name for name in allowed if latest[name] is None]
    if fresh:
        return fresh[0]
    return min(allowed, key=lambda name: latest[name] or 0, default=None)


def spread(run: Run, item: Item, quiet: ir.QuietHours | None) -> int:
    """How long after its instant a push goes out where an occurrence is spread over a time; quiet hours end that."""
    limits = item.block.limits
    if limits is None or limits.over is None:
        return 0
    longest = limits.over
    if quiet is not None:
        longest = min(longest, _next_quiet(quiet, item.instant, item.zone) - item.instant)
    seconds = longest // 1_000_000
    drawn = draw(f"over:{item.playbook.name}", item.member.id) >> 32
    return (drawn * seconds >> 32) * 1_000_000


@cache
def _next_quiet(quiet: ir.QuietHours, instant: int, zone: str) -> int:
    while not is_quiet(quiet, instant, zone):
        instant = instant - instant % ir.MINUTE + ir.MINUTE
    return instant


def is_quiet(quiet: ir.QuietHours, instant: int, zone: str) -> bool:
    """Whether the clock shows a time in [start, end)."""
    shown = clock.local(instant, zone)
    minute = shown.hour * 60 + shown.minute
    if quiet.start < quiet.end:
        return quiet.start <= minute < quiet.end
    return minute >= quiet.start or minute < quiet.end


@cache
def quiet_ends(quiet: ir.QuietHours, instant: int, zone: str) -> int:
    """The first instant after a quiet one that is not quiet."""
    while is_quiet(quiet, instant, zone):
        instant = instant - instant % ir.MINUTE + ir.MINUTE
    return instant


def sending_instant(run: Run, item: Item) -> int:
    """The earliest instant at which a push goes out: t, or T where that is a later day."""
    today = clock.start_of_day(clock.local(run.at, item.zone).date(), item.zone)
    return item.instant if item.instant >= today else run.at


def caps_on(run: Run, item: Item, push: ir.Push) -> list[ir.Cap]:
    """The caps that limit a push."""
    if item.playbook.category != "marketing" or push.despite_caps:
        return []
    return [cap for cap in run.setup.policy.caps if cap.channel in (None, push.channel)]


def counted(cap: ir.Cap, item: Item) -> list[PushRecord]:
    """The member's pushes that a cap counts at all."""
    return [
        push
        for push in item.member.pushes
        if push.category == "marketing" and not push.lost and cap.channel in (None, push.channel)
    ]


def allows(cap: ir.Cap, item: Item, instant: int) -> bool:
    """Whether a cap allows one more push at an instant."""
    if cap.per is None:
        today = ir.Window(ir.Cutoff(ir.CutoffKind.DAY, 0), ir.Cutoff(ir.CutoffKind.DAY, 1))
        near = [push for push in counted(cap, item) if clock.inside(push.at, today, instant, item.zone)]
    else:
        since = clock.add_duration(instant, cap.per, item.zone, -1)
        near = [push for push in counted(cap, item) if push.at > since]
    return len(near) < cap.number


def put_off(run: Run, item: Item, push: ir.Push, reason: str) -> str | Deferral:
    """The first instant that quiet hours and deferring caps allow, or the reason where that is too far or too often."""
    enrolment = item.enrolment
    assert enrolment is not None
    quiet = quiet_for(run, item, push)
    caps = [cap for cap in caps_on(run, item, push) if cap.defer]
    instant = sending_instant(run, item) if reason == "cap" else item.instant
    if quiet is not None and is_quiet(quiet, run.at, item.zone) and reason == "quiet_hours":
        instant = run.at
    for due in _candidates(item, caps, quiet, instant):
        silent = quiet is not None and quiet.overflow == "defer" and is_quiet(quiet, due, item.zone)
        if not silent and all(allows(cap, item, due) for cap in caps):
            break
    else:
        return reason
    if push.within is not None and due > latest(item, push.within):
        return reason
    if due - sending_instant(run, item) > HORIZON or enrolment.deferrals >= MOST_DEFERRALS:
        return reason
    return Deferral(due)


def _candidates(item: Item, caps: list[ir.Cap], quiet: ir.QuietHours | None, first: int) -> list[int]:
    """The instants at which a rule can begin to allow: ends of quiet hours, midnights, pushes that drop out."""
    found = [first]
    day = clock.local(first, item.zone).date()
    for number in range(1, 40):
        found.append(clock.start_of_day(day + timedelta(days=number), item.zone))
    for cap in caps:
        if cap.per is not None:
            found += [clock.add_duration(push.at, cap.per, item.zone) for push in counted(cap, item)]
    if quiet is not None:
        found += [quiet_ends(quiet, instant, item.zone) for instant in found]
    return sorted({instant for instant in found if instant >= first})
