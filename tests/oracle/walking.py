"""What happens to those inside a block: one instruction after the other, in the order of the draw."""

from __future__ import annotations

from oracle import clock
from oracle.conditions import draw, share_holds
from oracle.giving import give, why_not_given
from oracle.journeys import GRACE, day_of_journey, next_clock
from oracle.leaving import leaves_before_step
from oracle.model import AttributeFact, Enrolment, Member, PointsFact, PushRecord, TagFact
from oracle.pushing import Deferral, Sending, judge_push
from oracle.runs import Item, Record, Run
from oracle.standing import give_tag
from oracle.starts import Start
from qingting.engine.program import ir


def walk(run: Run, items: list[Item]) -> None:
    """Takes members from where they stand to where they wait or end. Jumps go forward, so one pass will do."""
    if not items:
        return
    inside = sorted(items, key=lambda item: (_draw(item), item.member.id))
    for item in inside:
        assert item.enrolment is not None
        item.enrolment.due = None
    for position, instruction in enumerate(items[0].block.code):
        run.closed = None
        for item in inside:
            enrolment = item.enrolment
            assert enrolment is not None
            if enrolment.ended is None and enrolment.due is None and enrolment.position == position:
                _take(run, item, position, instruction)
    for item in inside:
        enrolment = item.enrolment
        assert enrolment is not None
        if enrolment.ended is None and enrolment.due is None and enrolment.waited is None:
            enrolment.leave(item.instant, "finished")


def _draw(item: Item) -> int:
    return draw(f"{item.playbook.name}\0{item.occurrence}", item.member.id)


def _take(run: Run, item: Item, position: int, instruction: ir.Instruction) -> None:
    enrolment = item.enrolment
    assert enrolment is not None
    if isinstance(instruction, ir.WaitFor):
        _wait_for(run, item, instruction)
        return
    if isinstance(instruction, ir.Action) and leaves_before_step(run, item):
        return
    enrolment.position = position + 1
    match instruction:
        case ir.Jump(target=target):
            enrolment.position = target
        case ir.Branch(condition=condition, otherwise=otherwise):
            if not run.true(condition, item.member, item.instant, item.zone, enrolment):
                enrolment.position = otherwise
        case ir.Divide(name=name, arms=arms):
            low = 0
            for label, high, target in arms:
                if share_holds(draw(name, item.member.id), low, high):
                    enrolment.arm, enrolment.position = label, target
                low = high
        case ir.Wait() | ir.WaitUntil() | ir.WaitDay():
            _wait(run, item, instruction)
        case ir.Stop():
            enrolment.leave(item.instant, "stopped")
        case _:
            _act(run, item, instruction, position)


def _act(run: Run, item: Item, action: ir.Instruction, position: int) -> None:
    assert isinstance(action, ir.Action)
    if item.late:
        _record(run, item, action, "suppressed", "late")
        return
    match action:
        case ir.Push():
            _push(run, item, action, position)
        case ir.IssueCoupon() | ir.IssueRedpacket():
            _issue(run, item, action)
        case ir.GiveTags() | ir.TakeTags() | ir.ChangePoints() | ir.SetAttribute() | ir.EnterPlaybook():
            _do(run, item, action)


# Waits


def _wait(run: Run, item: Item, wait: ir.Wait | ir.WaitUntil | ir.WaitDay) -> None:
    enrolment = item.enrolment
    assert enrolment is not None
    match wait:
        case ir.Wait(duration=duration):
            enrolment.due = clock.add_duration(item.instant, duration, item.zone)
        case ir.WaitUntil():
            enrolment.due = next_clock(wait, item.instant, item.zone)
        case ir.WaitDay():
            _wait_for_day(run, item, wait, enrolment)
    enrolment.counted = enrolment.counted or enrolment.due is not None


def _wait_for_day(run: Run, item: Item, wait: ir.WaitDay, enrolment: Enrolment) -> None:
    """Parks the member until a day of the journey; one that was over at entry is skipped, its first steps as late."""
    target = day_of_journey(wait, enrolment.entered, item.zone)
    if target >= enrolment.entered - GRACE:
        enrolment.due = target if target > item.instant else None
        return
    for instruction in item.block.code[enrolment.position : wait.otherwise]:
        if not isinstance(instruction, ir.Action):
            break
        _record(run, item, instruction, "suppressed", "late")
    enrolment.position = wait.otherwise


def _wait_for(run: Run, item: Item, wait: ir.WaitFor) -> None:
    """Begins a wait for something, or tests it again; goes on where it is true, or over."""
    enrolment = item.enrolment
    assert enrolment is not None
    began = enrolment.waited is None
    if enrolment.waited is None:
        enrolment.waited = item.instant
    if not _is_over(run, item, wait):
        enrolment.looked, enrolment.seen = item.instant, run.mark
        enrolment.counted = enrolment.counted or began


def _is_over(run: Run, item: Item, wait: ir.WaitFor) -> bool:
    """Tests a wait at the instant of an item and moves the journey on if it is over."""
    enrolment = item.enrolment
    assert enrolment is not None
    assert enrolment.waited is not None
    end = clock.add_duration(enrolment.waited, wait.up_to, enrolment.zone)
    if run.true(wait.condition, item.member, item.instant, item.zone, enrolment):
        enrolment.waited, enrolment.position = None, enrolment.position + 1
        return True
    if item.instant >= end:
        enrolment.waited, enrolment.position = None, wait.otherwise
        return True
    return False


def look_again(run: Run) -> None:
    """At the end of a run: tests all waits for something; who may go on does so at the run's instant."""
    live = {playbook.name for playbook in run.live}
    for enrolment in run.state.enrolments:
        if enrolment.waited is None or enrolment.playbook not in live:
            continue
        playbook, member = run.setup.version(enrolment), run.member(enrolment.member)
        block = next(block for block in playbook.blocks if block.index == enrolment.block)
        wait = block.code[enrolment.position]
        assert isinstance(wait, ir.WaitFor)
        zone = run.zone_of(playbook, member, run.at)
        item = Item(run.at, playbook, block, member, enrolment.occurrence, zone, enrolment)
        if _is_over(run, item, wait):
            enrolment.due = run.at


# Actions


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
        enrolment.done.append((instruction.step, item.instant))


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


Deed = ir.GiveTags | ir.TakeTags | ir.ChangePoints | ir.SetAttribute | ir.EnterPlaybook


def _do(run: Run, item: Item, step: Deed) -> None:
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
            if isinstance(value, ir.FieldRef):
                assert item.enrolment is not None
                event = item.enrolment.event
                value = None if event is None else event.value(value.name)
            member.attributes.append(AttributeFact(attribute.name, value, at, run.at, run.next_seq()))
        case ir.EnterPlaybook(playbook=name):
            _enter_other(run, member, name, at)
    _record(run, item, step, "done", None)


def _enter_other(run: Run, member: Member, name: str, at: int) -> None:
    """Starts the blocks of another playbook that others may send members to, at the instant of the run."""
    seq = run.next_seq()
    start = Start(member.id, run.at, seq, at, run.at, seq)
    if not any((other, before.member, before.due) == (name, member.id, run.at) for other, before in run.state.sent):
        run.state.sent.append((name, start))
    for playbook in run.live:
        for block in playbook.blocks:
            if playbook.name == name and isinstance(block.trigger, ir.Entered):
                run.caused.append((playbook, block, start))
