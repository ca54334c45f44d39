"""Who leaves a journey before its end: goals, exits, and members whom an import took out."""

from __future__ import annotations

from oracle import clock
from oracle.model import Enrolment, Member
from oracle.runs import Item, Run
from qingting.engine.program import ir


def leave_removed(run: Run) -> None:
    """Whoever was taken out by the instant of a run does no further step."""
    live = {playbook.name for playbook in run.live}
    for enrolment in run.state.enrolments:
        gone = not run.knows(run.member(enrolment.member), run.at)
        if enrolment.ended is None and enrolment.playbook in live and gone:
            enrolment.leave(run.at, "removed")


def leave_now(run: Run) -> None:
    """At the end of a run: who is gone, who reached the goal, who meets the condition of an exit."""
    leave_removed(run)
    live = {playbook.name for playbook in run.live}
    for enrolment in run.state.enrolments:
        if enrolment.playbook not in live:
            continue
        playbook, member = run.setup.version(enrolment), run.member(enrolment.member)
        reason = reason_to_leave(run, playbook, member, enrolment, run.zone_of(playbook, member, run.at))
        if enrolment.ended is None and reason is not None:
            enrolment.leave(run.at, reason)


def leaves_before_step(run: Run, item: Item) -> bool:
    """Whether a member inside a journey leaves it instead of doing the next step."""
    enrolment = item.enrolment
    assert enrolment is not None
    reason = reason_to_leave(run, item.playbook, item.member, enrolment, item.zone)
    if reason is not None:
        enrolment.leave(item.instant, reason)
    return reason is not None


def reason_to_leave(run: Run, playbook: ir.Playbook, member: Member, enrolment: Enrolment, zone: str) -> str | None:
    """Why a member leaves, noting when the goal was reached."""
    if playbook.goal is not None and enrolment.goal is None:
        end = clock.add_duration(enrolment.entered, playbook.goal.up_to, zone)
        at = min(run.at, end)
        if end > run.state.looked.get(playbook.name, run.setup.start) and run.true(playbook.goal.condition, member, at, zone, enrolment):
            enrolment.goal = at
            return "goal_reached"
    stays = enrolment.ended is not None or playbook.exit is None
    return None if stays or not run.true(playbook.exit, member, run.at, zone, enrolment) else "exited"
