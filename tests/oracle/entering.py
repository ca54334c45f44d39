"""Who enters a block, and why not: audience, late, duplicate, other journeys, consent, goal, exit, holdout, take, guard."""

from __future__ import annotations

from dataclasses import replace

from oracle import clock
from oracle.conditions import draw, operand_value, share_holds
from oracle.model import Enrolment, EventFact
from oracle.runs import GuardTripped, Item, Record, Run
from qingting.engine.program import ir

STEPS = (
    ir.Push, ir.GiveTags, ir.TakeTags, ir.IssueCoupon, ir.IssueRedpacket, ir.ChangePoints, ir.SetAttribute,
    ir.EnterPlaybook,
)


def enter(run: Run, items: list[Item]) -> list[Item]:
    """The items of those who get in, each with its enrolment; the others are recorded or counted."""
    inside = []
    for item in items:
        run.taken.add(item.name)
        if item.start is not None and item.start.cause > run.mark and not item.late:
            run.started.add((item.member.id, item.playbook.name))
        if not in_audience(run, item):
            continue
        reason = why_not(run, item)
        if reason is None:
            inside.append(item)
        elif reason == "duplicate":
            run.state.duplicates += 1
        else:
            turn_away(run, item, reason)
    taken = [item for name in sorted({i.occurrence for i in inside}) for item in take(run, inside, name)]
    run.state.not_taken += len(inside) - len(taken)
    inside = taken
    check_guards(run, inside)
    return [_enrolled(item) for item in inside]


def in_audience(run: Run, item: Item) -> bool:
    """Whether the member exists and belongs to the audiences of playbook and block."""
    if not run.knows(item.member, item.instant) or not run.knows(item.member, run.at):
        return False
    conditions = [item.playbook.audience]
    if item.block.audience is not None:
        conditions.append(item.block.audience)
    if item.only is not None:
        conditions.append(item.only)
    return all(run.true(condition, item.member, item.instant, item.zone) for condition in conditions)


def why_not(run: Run, item: Item) -> str | None:
    """The first reason that keeps a member of the audience out."""
    if item.late:
        return "late"
    if is_duplicate(run, item):
        return "duplicate"
    if is_engaged(run, item):
        return "exclusive"
    if item.block.pushes and not may_push(run, item):
        return "never_push"
    channels = {code.channel for code in item.block.code if isinstance(code, ir.Push)}
    if channels == {"wecom"} and is_stranger(run, item):
        return "not_friend"
    entry, goal = enrolment_of(item), item.playbook.goal
    if goal is not None:
        at = min(run.at, clock.add_duration(item.instant, goal.up_to, item.zone))
        if run.true(goal.condition, item.member, at, item.zone, entry):
            return "goal_reached"
    if item.playbook.exit is not None and run.true(item.playbook.exit, item.member, run.at, item.zone, entry):
        return "exited"
    if is_held_out(run, item):
        return "holdout"
    return None


def is_stranger(run: Run, item: Item) -> bool:
    """Whether something is known of the member's friends, and nobody is one at T."""
    known = [f for f in item.member.friends if max(f.at, f.arrived) <= run.at and f.seq <= run.mark]
    return bool(known) and not run.true(ir.IsFriend(), item.member, run.at, item.zone)


def is_duplicate(run: Run, item: Item) -> bool:
    """Whether the occurrence is decided, the member is inside, or the re-entry line says no."""
    steps = {code.step for code in item.block.code if isinstance(code, STEPS)}
    for record in run.state.records:
        same = (record.playbook, record.member, record.occurrence) == (item.playbook.name, item.member.id, item.occurrence)
        if same and (record.block == item.block.index or record.step in steps):
            return True
    reentry = item.block.reentry
    before = 0
    for enrolment in item.member.journeys:
        if enrolment.playbook != item.playbook.name:
            continue
        same_block = enrolment.block == item.block.index
        alike = reentry is None or reentry.field is None or not may_return(reentry, enrolment, item)
        if same_block and enrolment.ended is None and alike:
            return True
        if reentry is not None and enrolment.counted and (same_block or reentry.in_all):
            before += not may_return(reentry, enrolment, item)
    return reentry is not None and before >= (reentry.number or 1)


def may_return(reentry: ir.Reentry, before: Enrolment, item: Item) -> bool:
    """Whether an earlier entry does not matter to this one."""
    entered = before.entered
    if reentry.kind == "again":
        assert reentry.after is not None
        return item.instant >= clock.add_duration(entered, reentry.after, item.zone)
    if reentry.field is not None:
        # What no event started has no value, not even an unknown one.
        then, now = before.event, _event(item)
        return then is None or now is None or then.value(reentry.field.name) != now.value(reentry.field.name)
    if reentry.times is not None:
        kinds = (ir.CutoffKind.LATEST_START, ir.CutoffKind.LATEST_END)
        held = ir.Window(*(ir.Cutoff(kind, times=reentry.times) for kind in kinds))
        return not clock.inside(entered, held, item.instant, item.zone)
    if reentry.per is None:
        return False
    kind = {
        "year": ir.CutoffKind.YEAR,
        "month": ir.CutoffKind.MONTH,
        "week": ir.CutoffKind.WEEK,
        "day": ir.CutoffKind.DAY,
    }[reentry.per]
    unit = ir.Window(ir.Cutoff(kind, 0), ir.Cutoff(kind, 1))
    return not clock.inside(entered, unit, item.instant, item.zone)


def _event(item: Item) -> EventFact | None:
    return None if item.start is None else item.start.event


def is_engaged(run: Run, item: Item) -> bool:
    """Whether another playbook of the same name has the member in a journey, or addressed them at this very instant."""
    name = item.playbook.only_one_of
    rivals = {p.name for p in run.known_playbooks if name and p.only_one_of == name} - {item.playbook.name}
    for enrolment in item.member.journeys:
        inside = enrolment.ended is None or (enrolment.counted and enrolment.entered == item.instant)
        if enrolment.playbook in rivals and inside and not enrolment.held_out:
            return True
    return any(
        record.playbook in rivals
        and record.member == item.member.id
        and record.t == item.instant
        and record.status != "suppressed"
        for record in run.state.records[run.first_record :]
    )


def take(run: Run, items: list[Item], occurrence: str) -> list[Item]:
    """Of the members of an occurrence those whom the playbook takes, in no particular order."""
    items = [item for item in items if item.occurrence == occurrence]
    wanted = items[0].playbook.take
    if wanted is None:
        return items

    def order(item: Item) -> tuple[bool, int, int, str]:
        value = None
        if wanted.by is not None:
            value = operand_value(run.view(item.member, item.instant, item.zone), wanted.by)
        drawn = draw(f"{item.playbook.name}\0{item.occurrence}", item.member.id)
        return (value is None, -(value or 0), drawn, item.member.id)

    return sorted(items, key=order)[: wanted.number]


def may_push(run: Run, item: Item) -> bool:
    """Whether the policy allows pushes to the member, judged at the run's own instant."""
    for consent in run.setup.policy.consents:
        if consent.marketing_only and item.playbook.category != "marketing":
            continue
        if run.true(consent.condition, item.member, run.at, item.zone):
            return False
    return True


def is_held_out(run: Run, item: Item) -> bool:
    """Whether the member's draw lies in the holdout of the policy or of the playbook."""
    shares = [(f"holdout:{item.playbook.name}", item.playbook.holdout)]
    if item.playbook.category == "marketing":
        shares.append(("holdout", run.setup.policy.holdout))
    return any(share_holds(draw(name, item.member.id), 0, share) for name, share in shares)


def turn_away(run: Run, item: Item, reason: str) -> None:
    """Records on the block's first step why the member did not enter; who is held out counts as entered."""
    arm = "holdout" if reason == "holdout" else None
    first = next((code.step for code in item.block.code if isinstance(code, STEPS)), None)
    if first is not None:
        name = item.playbook.name
        record = Record(
            name, item.block.index, item.occurrence, first, item.member.id, "suppressed", reason, item.instant, arm,
            None, item.instant,
        )
        run.state.records.append(record)
    if reason == "holdout":
        enrolment = enrolment_of(item)
        enrolment.arm, enrolment.counted = arm, True
        enrolment.leave(item.instant, "holdout")
        item.member.journeys.append(enrolment)


def check_guards(run: Run, inside: list[Item]) -> None:
    """Refuses the playbook if a guard of its own or of the policy is passed."""
    if not inside:
        return
    playbook, block = inside[0].playbook, inside[0].block
    key = (playbook.name, block.index, None if inside[0].start is not None else inside[0].instant)
    run.entries[key] += len(inside)
    known = sum(run.knows(member, run.at) for member in run.members)
    for guard in (playbook.guard, run.setup.policy.guard):
        if guard is None:
            continue
        if guard.members is not None and run.entries[key] > guard.members:
            raise GuardTripped(playbook.name)
        if guard.share is not None and run.entries[key] * 10_000 > guard.share * known:
            raise GuardTripped(playbook.name)


def _enrolled(item: Item) -> Item:
    enrolment = enrolment_of(item)
    item.member.journeys.append(enrolment)
    return replace(item, enrolment=enrolment)


def enrolment_of(item: Item) -> Enrolment:
    """The entry that an item would be."""
    playbook, block = item.playbook, item.block
    return Enrolment(
        playbook.name, playbook.version, block.index, item.member.id, item.occurrence, item.instant, item.zone, _event(item)
    )
