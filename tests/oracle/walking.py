"""What happens to those inside a block: one instruction after the other, in the order of the draw."""

from __future__ import annotations

from oracle import clock
from oracle.conditions import draw, share_holds
from oracle.giving import give, why_not_given
from oracle.model import AttributeFact, PointsFact, PushRecord, TagFact
from oracle.pushing import Deferral, Sending, judge_push
from oracle.runs import Item, Record, Run
from oracle.standing import give_tag
from qingting.engine.program import ir


def walk(run: Run, items: list[Item]) -> None:
    """Takes members from where they stand to where they wait or end. Jumps go forward, so one pass will do."""
    if not items:
        return
    inside = sorted(items, key=lambda item: (_draw(item), item.member.id))
    for position, instruction in enumerate(items[0].block.code):
        run.closed = None
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
        case ir.IssueCoupon() | ir.IssueRedpacket():
            _issue(run, item, instruction)
        case ir.GiveTags() | ir.TakeTags() | ir.ChangePoints() | ir.SetAttribute():
            _do(run, item, instruction)


def _record(
    run: Run, item: Item, instruction: ir.Action, status: str, reason: str | None, sending: Sending | None = None
) -> None:
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
            None if sending is None else sending.template,
            item.instant if sending is None else sending.not_before,
        )
    )
    if status != "suppressed":
        enrolment.counted = True


def _push(run: Run, item: Item, push: ir.Push, position: int) -> None:
    enrolment = item.enrolment
    assert enrolment is not None
    outcome = judge_push(run, item, push)
    if isinstance(outcome, Deferral):
        enrolment.position, enrolment.due = position, outcome.due
        enrolment.deferrals += 1
        return
    enrolment.deferrals = 0
    if isinstance(outcome, str):
        _record(run, item, push, "suppressed", outcome)
        return
    _record(run, item, push, "queued", None, outcome)
    name, category = item.playbook.name, item.playbook.category
    item.member.pushes.append(
        PushRecord(name, push.step, outcome.template, push.channel, category, outcome.not_before, run.at, run.seq)
    )
    give(run, item, push)


def _issue(run: Run, item: Item, step: ir.IssueCoupon | ir.IssueRedpacket) -> None:
    reason = why_not_given(run, item, step)
    if reason is None:
        give(run, item, step)
    _record(run, item, step, "done" if reason is None else "suppressed", reason)


def _do(run: Run, item: Item, step: ir.GiveTags | ir.TakeTags | ir.ChangePoints | ir.SetAttribute) -> None:
    member, at = item.member, item.instant
    match step:
        case ir.GiveTags(tags=tags):
            for tag in tags:
                give_tag(run, member, tag, at, item.zone)
        case ir.TakeTags(tags=tags):
            for tag in tags:
                member.tags.append(TagFact(tag, False, at, run.at, run.next_seq()))
        case ir.ChangePoints(delta=delta):
            reason = f"{item.playbook.name}/{step.step}"
            member.points.append(PointsFact(delta, at, run.at, run.next_seq(), reason))
        case ir.SetAttribute(attribute=attribute, value=value):
            assert not isinstance(value, ir.FieldRef)
            member.attributes.append(AttributeFact(attribute.name, value, at, run.at, run.next_seq()))
    _record(run, item, step, "done", None)
