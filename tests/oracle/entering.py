"""Who enters a block, and why not: audience, late, duplicate, consent, holdout, guard."""

from __future__ import annotations

from oracle import clock
from oracle.conditions import draw, share_holds
from oracle.runs import Enrolment, GuardTripped, Item, Record, Run
from qingting.engine.program import ir

STEPS = (ir.Push, ir.GiveTags, ir.TakeTags, ir.IssueCoupon)


def enter(run: Run, items: list[Item]) -> list[Item]:
    """The items of those who get in, each with its enrolment; the others are recorded or counted."""
    inside = []
    for item in items:
        run.taken.add(item.name)
        if not in_audience(run, item):
            continue
        reason = why_not(run, item)
        if reason is None:
            inside.append(item)
        elif reason == "duplicate":
            run.state.duplicates += 1
        else:
            turn_away(run, item, reason)
    check_guards(run, inside)
    return [_enrolled(run, item) for item in inside]


def in_audience(run: Run, item: Item) -> bool:
    """Whether the member exists and belongs to the audiences of playbook and block."""
    if not run.knows(item.member, item.instant):
        return False
    conditions = [item.playbook.audience]
    if item.block.audience is not None:
        conditions.append(item.block.audience)
    return all(run.true(condition, item.member, item.instant, item.zone) for condition in conditions)


def why_not(run: Run, item: Item) -> str | None:
    """The first reason that keeps a member of the audience out."""
    if item.late:
        return "late"
    if is_duplicate(run, item):
        return "duplicate"
    if item.block.pushes and not may_push(run, item):
        return "never_push"
    if is_held_out(run, item):
        return "holdout"
    return None


def is_duplicate(run: Run, item: Item) -> bool:
    """Whether the occurrence is decided, the member is inside, or the re-entry line says no."""
    here = (item.playbook.name, item.block.index, item.member.id)
    for record in run.state.records:
        if (record.playbook, record.block, record.member) == here and record.occurrence == item.occurrence:
            return True
    reentry = item.block.reentry
    for enrolment in run.state.enrolments:
        if enrolment.playbook != item.playbook.name or enrolment.member != item.member.id:
            continue
        same_block = enrolment.block == item.block.index
        if same_block and not enrolment.ended:
            return True
        counts = reentry is not None and enrolment.counted and (same_block or reentry.in_all)
        if counts and not may_return(reentry, enrolment.entered, item):
            return True
    return False


def may_return(reentry: ir.Reentry | None, entered: int, item: Item) -> bool:
    """Whether an earlier entry allows this one."""
    if reentry is None:
        return True
    if reentry.kind == "again":
        assert reentry.after is not None
        return item.instant >= clock.add_duration(entered, reentry.after, item.zone)
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
            name, item.block.index, item.occurrence, first, item.member.id, "suppressed", reason, item.instant, arm
        )
        run.state.records.append(record)
    if reason == "holdout":
        enrolment = _enrolment(item)
        enrolment.arm, enrolment.counted, enrolment.ended = arm, True, True
        run.state.enrolments.append(enrolment)


def check_guards(run: Run, inside: list[Item]) -> None:
    """Refuses the playbook if a guard of its own or of the policy is passed."""
    if not inside:
        return
    playbook, block = inside[0].playbook, inside[0].block
    key = (playbook.name, block.index, None if inside[0].fact is not None else inside[0].instant)
    run.entries[key] += len(inside)
    known = sum(run.knows(member, run.at) for member in run.members)
    for guard in (playbook.guard, run.setup.policy.guard):
        if guard is None:
            continue
        if guard.members is not None and run.entries[key] > guard.members:
            raise GuardTripped(playbook.name)
        if guard.share is not None and run.entries[key] * 10_000 > guard.share * known:
            raise GuardTripped(playbook.name)


def _enrolled(run: Run, item: Item) -> Item:
    enrolment = _enrolment(item)
    run.state.enrolments.append(enrolment)
    return Item(
        item.instant, item.playbook, item.block, item.member, item.occurrence, item.zone, enrolment, item.fact
    )


def _enrolment(item: Item) -> Enrolment:
    name = item.playbook.name
    return Enrolment(name, item.block.index, item.member.id, item.occurrence, item.instant, item.zone)
