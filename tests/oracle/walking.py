"""What happens to those inside a block: one instruction after the other, in the order of the draw."""

from __future__ import annotations

from oracle import clock
from oracle.conditions import draw, held_since, share_holds
from oracle.model import CouponFact, PushRecord, TagFact
from oracle.pushing import Deferral, why_no_coupon, why_no_push
from oracle.runs import Item, Record, Run
from qingting.engine.program import ir


def walk(run: Run, items: list[Item]) -> None:
    """Takes members from where they stand to where they wait or end. Jumps go forward, so one pass will do."""
    if not items:
        return
    inside = sorted(items, key=lambda item: (_draw(item), item.member.id))
    for position, instruction in enumerate(items[0].block.code):
        for item in inside:
            enrolment = item.enrolment
            assert enrolment is not None
            if not enrolment.ended and enrolment.due is None and enrolment.position == position:
                _take(run, item, position, instruction)
    for item in inside:
        assert item.enrolment is not None
        if item.enrolment.due is None:
            item.enrolment.ended = True


def _draw(item: Item) -> int:
    return draw(f"{item.playbook.name}\0{item.occurrence}", item.member.id)


def _take(run: Run, item: Item, position: int, instruction: ir.Instruction) -> None:
    enrolment = item.enrolment
    assert enrolment is not None
    enrolment.position = position + 1
    match instruction:
        case ir.Jump(target=target):
            enrolment.position = target
        case ir.Branch(condition=condition, otherwise=otherwise):
            if not run.true(condition, item.member, item.instant, item.zone):
                enrolment.position = otherwise
        case ir.Divide(name=name, arms=arms):
            low = 0
            for label, high, target in arms:
                if share_holds(draw(name, item.member.id), low, high):
                    enrolment.arm, enrolment.position = label, target
                low = high
        case ir.Wait(duration=duration):
            enrolment.counted = True
            enrolment.due = clock.add_duration(item.instant, duration, item.zone)
        case ir.Stop():
            enrolment.ended = True
        case ir.Push():
            _push(run, item, instruction, position)
        case ir.GiveTags() | ir.TakeTags() | ir.IssueCoupon():
            _do(run, item, instruction)


def _record(run: Run, item: Item, instruction: ir.Action, status: str, reason: str | None) -> None:
    enrolment = item.enrolment
    assert enrolment is not None
    run.state.records.append(
        Record(
            item.playbook.name,
            item.block.index,
            item.occurrence,
            instruction.step,
            item.member.id,
            status,
            reason,
            item.instant,
            enrolment.arm,
        )
    )
    if status != "suppressed":
        enrolment.counted = True


def _push(run: Run, item: Item, push: ir.Push, position: int) -> None:
    enrolment = item.enrolment
    assert enrolment is not None
    outcome = why_no_push(run, item, push)
    if isinstance(outcome, Deferral):
        enrolment.position, enrolment.due = position, outcome.due
        enrolment.deferrals += 1
        return
    enrolment.deferrals = 0
    if outcome is not None:
        _record(run, item, push, "suppressed", outcome)
        return
    _record(run, item, push, "queued", None)
    playbook = item.playbook
    item.member.pushes.append(
        PushRecord(
            playbook.name, push.step, push.template, push.channel, playbook.category, item.instant, run.at, run.seq
        )
    )
    if push.coupon is not None:
        _issue(run, item, push.coupon)


def _issue(run: Run, item: Item, coupon: str) -> None:
    item.member.coupons.append(CouponFact(coupon, item.instant, run.at, run.next_seq()))


def _do(run: Run, item: Item, instruction: ir.GiveTags | ir.TakeTags | ir.IssueCoupon) -> None:
    if isinstance(instruction, ir.IssueCoupon):
        reason = why_no_coupon(run, item, instruction.coupon)
        if reason is not None:
            _record(run, item, instruction, "suppressed", reason)
            return
        _issue(run, item, instruction.coupon)
    for tag in instruction.tags if isinstance(instruction, ir.GiveTags) else ():
        _give(run, item, tag)
    for tag in instruction.tags if isinstance(instruction, ir.TakeTags) else ():
        _add(run, item, tag, given=False, expires=None)
    _record(run, item, instruction, "done", None)


def _give(run: Run, item: Item, tag: str) -> None:
    library = run.setup.library
    declared = library.tags[tag]
    group = library.tag_groups.get(declared.group or "")
    if group is not None and group.exclusive:
        rivals = [other.name for other in library.tags.values() if other.group == group.name and other.name != tag]
        for other in rivals:
            if held_since(run.view(item.member, item.instant), other) is not None:
                _add(run, item, other, given=False, expires=None)
    expires = None
    if declared.expires is not None:
        expires = clock.add_duration(item.instant, declared.expires, item.zone)
    _add(run, item, tag, given=True, expires=expires)


def _add(run: Run, item: Item, tag: str, given: bool, expires: int | None) -> None:
    item.member.tags.append(TagFact(tag, given, item.instant, run.at, run.next_seq(), expires))
