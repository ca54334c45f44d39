"""What a step does: the stages that can stop it, then its records and effects, each for all rows at once.

A stage is ``(context, block run, position, action) -> None``; it gives rows an outcome, and rows with an outcome are
out of the stages after it, so that everyone removed has the first reason that applies.
"""

from __future__ import annotations

from ..program.ir import (
    ChangePoints,
    GiveTags,
    IssueCoupon,
    IssueRedpacket,
    Not,
    Push,
    SetAttribute,
    TakeTags,
)
from .caps import apply_caps
from .context import BlockRun, RunContext, StepAction
from .deferral import defer_rows
from .effects import change_points, give_tags, issue_coupons, mark_unchanged, set_attribute, take_tags
from .judge import refuse_where
from .limits import apply_limit
from .quiet_stage import apply_quiet_hours
from .records import content_of, write_records
from .redpackets import give_redpackets
from .rotation import choose_templates, chosen_templates, forget_unsent
from .scarce import apply_scarce
from .spread import spread_sends
from .variables import known_variables


def refuse_consent(ctx: RunContext, run: BlockRun, pc: int, action: StepAction) -> None:
    """``never_push``: the policy forbids pushes to the member, as known at the run's instant."""
    if isinstance(action, Push) and ctx.consented != ctx.counters.seq:
        for consent in ctx.program.policy.consents_for(run.playbook.category):
            refuse_where(ctx, run, pc, consent.condition, "never_push", at_run=True)


def refuse_incomplete(ctx: RunContext, run: BlockRun, pc: int, action: StepAction) -> None:
    """``incomplete``: a variable that the text needs is unknown and has no default."""
    if not isinstance(action, Push):
        return
    if action.rotation is None:
        _refuse_without(ctx, run, pc, action.template, None)
    else:
        for template in chosen_templates(ctx, pc):
            _refuse_without(ctx, run, pc, template, template)


def _refuse_without(ctx: RunContext, run: BlockRun, pc: int, template: str, choice: str | None) -> None:
    for known in known_variables(ctx.program.library, template):
        refuse_where(ctx, run, pc, Not(known), "incomplete", choice=choice)


STAGES = (
    refuse_consent, apply_quiet_hours, apply_caps, apply_limit, choose_templates, refuse_incomplete, apply_scarce,
    spread_sends,
)
"""In the order of the reasons but for what is scarce, which says itself why. A stage passes over actions it does not
concern."""


def act(ctx: RunContext, run: BlockRun, pc: int, action: StepAction) -> None:
    """Decides one step for the rows at ``pc``: outcomes, records, effects; then they stand behind it."""
    for stage in STAGES:
        stage(ctx, run, pc, action)
    forget_unsent(ctx, pc, action)
    defer_rows(ctx, run, pc, action)
    if isinstance(action, GiveTags | TakeTags | SetAttribute):
        mark_unchanged(ctx, run, pc, action)
    _record(ctx, run, pc, action)
    if pc + 1 == len(run.block.code) and run.leaves_no_entry:
        # Nobody is behind the last step and nothing is kept of who was: the usual end of a plain scheduled block.
        ctx.execute("DELETE FROM flow WHERE pc = :pc AND enrolment IS NULL", {"pc": pc})
    ctx.execute(_STEP_ON, {"pc": pc})


_STEP_ON = """
UPDATE flow SET pc = pc + 1, counted = counted OR outcome IS NULL OR outcome = 'unchanged', outcome = NULL,
       deferrals = 0, choice = NULL, spread = 0
WHERE pc = :pc
"""


def _record(ctx: RunContext, run: BlockRun, pc: int, action: StepAction) -> None:
    content = content_of(action, ctx)
    status = "queued" if isinstance(action, Push) else "done"
    leaf = ctx.counters.leaf
    outcomes = ctx.outcomes(pc)
    for outcome, number in outcomes.items():
        dispatched = outcome in (None, "unchanged")
        ctx.tally(run.name, "dispatched" if dispatched else "suppressed:" + str(outcome), content.step, number)
    if None in outcomes:
        _write(ctx, run, pc, action, status)
        _take_effect(ctx, run, pc, action, leaf)
    for outcome in outcomes:
        if outcome == "unchanged":
            leaf = ctx.counters.leaf
            write_records(ctx, run, pc, outcome, content.unchanged(), status, None)
            _take_effect(ctx, run, pc, action, leaf)
        elif outcome is not None:
            write_records(ctx, run, pc, outcome, content, "suppressed", outcome)


def _write(ctx: RunContext, run: BlockRun, pc: int, action: StepAction, status: str) -> None:
    """The records of those whom nothing stops; those of a rotation by what it chose."""
    rotates = isinstance(action, Push) and action.rotation is not None
    for choice in chosen_templates(ctx, pc) if rotates else (None,):
        write_records(ctx, run, pc, None, content_of(action, ctx, choice), status, None, choice)


def _take_effect(ctx: RunContext, run: BlockRun, pc: int, action: StepAction, leaf: int) -> None:
    match action:
        case Push(coupon=str(coupon)):
            issue_coupons(ctx, coupon, "reserved", leaf)
        case Push(redpacket=str(redpacket)):
            give_redpackets(ctx, run.name, redpacket, "reserved", leaf)
        case IssueRedpacket(redpacket=redpacket):
            give_redpackets(ctx, run.name, redpacket, "issued", leaf)
        case ChangePoints(delta=delta):
            change_points(ctx, f"{run.name}/{action.step}", delta, leaf)
        case SetAttribute():
            set_attribute(ctx, action, leaf)
        case IssueCoupon(coupon=coupon):
            issue_coupons(ctx, coupon, "issued", leaf)
        case GiveTags(tags=tags):
            give_tags(ctx, run, tags, leaf)
        case TakeTags(tags=tags):
            take_tags(ctx, run, tags, leaf)
