"""What a step does: the stages that can stop it, then its records and effects, each for all rows at once.

A stage is ``(context, block run, position, action) -> None``; it gives rows an outcome, and rows with an outcome are
out of the stages after it, so that everyone removed has the first reason that applies.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from ..program.ir import (
    Alert,
    ChangePoints,
    EnterPlaybook,
    GiveTags,
    IssueCoupon,
    IssueRedpacket,
    Not,
    Push,
    SetAttribute,
    TakeTags,
    Welcome,
)
from .caps import apply_caps
from .context import BlockRun, RunContext, StepAction
from .deadlines import note_deadlines, refuse_late, refuse_overdue
from .deferral import defer_rows, forget_holds, hold_back
from .effects import change_points, give_tags, issue_coupons, mark_unchanged, set_attribute, take_tags
from .judge import compiler_for, refuse_where
from .limits import apply_limit
from .quiet_stage import apply_quiet_hours
from .records import content_of, write_records
from .redpackets import give_redpackets
from .rotation import choose_templates, chosen_templates, forget_unsent
from .scarce import apply_scarce
from .settled import pass_settled
from .spread import spread_sends
from .staff_work import give_work
from .statement import fill
from .strangers import refuse_strangers
from .triggers.caused import watch_entering
from .units import GROUP, MEMBER
from .variables import event_field, known_values


def refuse_consent(ctx: RunContext, run: BlockRun, pc: int, action: StepAction) -> None:
    """``never_push``: the policy forbids pushes to the member, as known at the run's instant."""
    if isinstance(action, Push | Welcome) and run.kind == MEMBER and ctx.consented != ctx.counters.seq:
        for consent in ctx.program.policy.consents_for(run.playbook.category):
            refuse_where(ctx, run, pc, consent.condition, "never_push", at_run=True)


def refuse_incomplete(ctx: RunContext, run: BlockRun, pc: int, action: StepAction) -> None:
    """``incomplete``: a variable that the text needs is unknown and has no default."""
    library = ctx.program.library
    match action:
        case Alert(needed=needed) if run.playbook.groups is None:
            _refuse_without(ctx, run, pc, needed)
        case Welcome(template=template) | Push(template=template, rotation=None):
            _refuse_without(ctx, run, pc, library.templates[template].needed)
        case Push():
            for template in chosen_templates(ctx, pc):
                _refuse_without(ctx, run, pc, library.templates[template].needed, template)


def _refuse_without(
    ctx: RunContext, run: BlockRun, pc: int, needed: Sequence[str], choice: str | None = None
) -> None:
    """Refuses those of whom a variable is unknown, or of whose starting event a field is."""
    library = ctx.program.library
    if run.kind == GROUP and any(event_field(library, variable) is None for variable in needed):
        # What is known of members is unknown of a group.
        ctx.execute(_WITHOUT_VALUES, {"pc": pc, "choice": choice})
        return
    for known in known_values(library, needed):
        refuse_where(ctx, run, pc, Not(known), "incomplete", choice=choice)
    for field in (event_field(library, variable) for variable in needed):
        if field is not None:
            said = compiler_for(ctx, run, ctx.at).relations.field(field, "e") or exp.null()
            ctx.execute(fill(_WITHOUT_FIELD, said=said), {"pc": pc, "choice": choice})


_WITHOUT_VALUES = """
UPDATE flow SET outcome = 'incomplete' WHERE pc = :pc AND outcome IS NULL AND choice IS coalesce(:choice, choice)
"""
_WITHOUT_FIELD = """
UPDATE flow SET outcome = 'incomplete' WHERE pc = :pc AND outcome IS NULL AND choice IS coalesce(:choice, choice)
  AND NOT EXISTS (SELECT 1 FROM events e WHERE e.seq = flow.fact AND NOT said IS NULL)
"""


STAGES = (
    refuse_overdue, refuse_late, refuse_consent, refuse_strangers, apply_quiet_hours, apply_caps, hold_back, apply_limit, choose_templates,
    refuse_incomplete, apply_scarce, spread_sends,
)
"""In the order of the reasons but for what is scarce, which says itself why. A stage passes over actions it does not
concern."""


def act(ctx: RunContext, run: BlockRun, pc: int, action: StepAction) -> None:
    """Decides one step for the rows at ``pc``: outcomes, records, effects; then they stand behind it."""
    pass_settled(ctx, run, pc, action)
    for stage in STAGES:
        stage(ctx, run, pc, action)
    forget_unsent(ctx, pc, action)
    forget_holds(ctx, run, pc)
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
    status = "queued" if isinstance(action, Push | Welcome) else "done"
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
        case EnterPlaybook(playbook=playbook):
            watch_entering(ctx, playbook, leaf)
    # A push may bring more than one of these.
    give_work(ctx, action, leaf)
    note_deadlines(ctx, run, action, leaf)
