"""Who enters a block: the stages between an audience and its first instruction.

Each stage is ``(context, block run) -> None`` and gives rows of ``flow`` an outcome. A row
with an outcome is out of the later stages, so everyone removed has the first reason that applies.
"""

from __future__ import annotations

import json

from sqlglot import exp

from ..program.ir import Cutoff, CutoffKind, FieldRef, Reentry
from ..query.draws import threshold
from .context import ENTRY, BlockRun, RunContext, Values
from .failures import GuardTripped
from .judge import compiler_for, refuse_where, younger_than
from .leaving import EXIT, GOAL, leave_out_removed, turn_away_done
from .persons import own_or_merged
from .records import actions_of, content_of, write_records
from .statement import Part, Place, fill
from .strangers import turn_away_strangers
from .take import take_some
from .units import MEMBER, by_kind

_RECORDED = ("late", "exclusive", "never_push", "not_friend", GOAL, EXIT, "holdout")
_PERIODS = {
    "day": CutoffKind.DAY, "week": CutoffKind.WEEK, "month": CutoffKind.MONTH, "year": CutoffKind.YEAR,
}


def enter(ctx: RunContext, run: BlockRun) -> None:
    """Takes the rows of ``flow`` through the stages and lets those without an outcome in."""
    leave_out_removed(ctx)
    for stage in STAGES:
        stage(ctx, run)
    settle(ctx, run)
    ctx.counters.inside = run.name


def turn_away_decided(ctx: RunContext, run: BlockRun) -> None:
    """``duplicate``: this block, or a step of its name, is already decided under the same occurrence.

    A block whose trigger was edited is another one, yet may meet an occurrence that it has met before.
    """
    if ctx.has_dispatches:
        steps = [ctx.steps[run.name, action.step] for action in actions_of(run.block)]
        for own in own_or_merged(ctx):
            ctx.execute(fill(_DECIDED, **own), {"block": run.number, "steps": json.dumps(steps)})


_DECIDED = """
UPDATE flow SET outcome = 'duplicate' WHERE outcome IS NULL AND EXISTS (
  SELECT 1 FROM dispatches d JOIN headers h ON h.header = d.header
  WHERE d.occurrence = flow.occurrence AND d.kind = flow.kind AND received
    AND (h.block = :block OR d.step IN (SELECT value FROM json_each(:steps))))
"""


def turn_away_present(ctx: RunContext, run: BlockRun) -> None:
    """``duplicate``: the member is inside this block; where it counts by a field, with the same value."""
    if not ctx.has_enrolments(run.name):
        return
    values: Values = {"playbook": run.name, "block": run.number}
    reentry = run.block.reentry
    if reentry is None or reentry.field is None:
        ctx.execute(_PRESENT, values)
    else:
        places = _same_field(ctx, run, reentry.field)
        ctx.execute(fill(_PRESENT_ALIKE, entries=_ENTRIES, fact_then=_KEPT_FACT, **places), values)


_PRESENT = """
UPDATE flow SET outcome = 'duplicate' WHERE outcome IS NULL AND (
  EXISTS (SELECT 1 FROM run_enrolments e WHERE e.playbook = :playbook AND e.unit = flow.unit AND e.block = :block
          AND e.kind = flow.kind AND e.ended IS NULL)
  OR EXISTS (SELECT 1 FROM enrolments e WHERE e.playbook = :playbook AND e.unit = flow.unit AND e.block = :block
          AND e.kind = flow.kind AND e.ended IS NULL
          AND NOT EXISTS (SELECT 1 FROM run_enrolments r WHERE r.enrolment = e.enrolment)))
"""


_PRESENT_ALIKE = """
UPDATE flow SET outcome = 'duplicate' WHERE outcome IS NULL AND EXISTS (
  SELECT 1 FROM entries e
  WHERE e.playbook = :playbook AND e.unit = flow.unit AND e.kind = flow.kind AND e.block = :block AND e.ended IS NULL
    AND alike)
"""


def turn_away_returning(ctx: RunContext, run: BlockRun) -> None:
    """``duplicate``: the re-entry line does not allow another entry yet."""
    reentry = run.block.reentry
    if reentry is None:
        return
    low, high = forbidden_span(reentry)
    places: dict[str, Place] = {
        "entries": _ENTRIES,
        "low_bound": _EARLIEST if low is None else ctx.plan.instant(low, "f"),
        "high_bound": _LATEST if high is None else ctx.plan.instant(high, "f"),
        **_same_field(ctx, run, reentry.field),
    }
    block = None if reentry.in_all else run.number
    values: Values = {"playbook": run.name, "block": block, "most": reentry.number}
    for own in own_or_merged(ctx):
        _turn_away_again(ctx, run, reentry, {**places, **own}, values)


def _turn_away_again(ctx: RunContext, run: BlockRun, reentry: Reentry, places: dict[str, Place], values: Values) -> None:
    if reentry.kind == "at_most":
        if ctx.has_enrolments(run.name) or run.name in ctx.forgetful:
            ctx.execute(fill(_AS_OFTEN, **places), values)
        return
    if ctx.has_enrolments(run.name):
        ctx.execute(fill(_RETURNING, fact_then=_KEPT_FACT, **places), values)
    if run.name in ctx.forgetful:
        ctx.execute(fill(_RECEIVED, fact_then=_NAMED_FACT, **places), values)


def _same_field(ctx: RunContext, run: BlockRun, field: FieldRef | None) -> dict[str, Place]:
    """What must be alike of the events that started two entries: nothing, or a field, unknown ones counting as alike."""
    if field is None:
        return {"alike": exp.true()}
    relations = compiler_for(ctx, run, ctx.at).relations
    then, now = (relations.field(field, alias) or exp.null() for alias in ("former", "present"))
    return {"alike": _ALIKE, "said_then": then, "said_now": now}


_ALIKE = Part("""
EXISTS (
  SELECT 1 FROM events AS former CROSS JOIN events AS present
  WHERE former.seq = fact_then AND present.seq = flow.fact AND said_then IS said_now)
""")
_KEPT_FACT = Part("e.fact")
# The occurrence of an entry by a fact ends in its seq.
_NAMED_FACT = Part("CAST(substr(o.name, instr(o.name, '#') + 1) AS INTEGER)")


def forbidden_span(reentry: Reentry) -> tuple[Cutoff | None, Cutoff | None]:
    """The span [low, high) in which earlier entries count against another at t; None is open."""
    if reentry.times is not None:
        return (
            Cutoff(CutoffKind.LATEST_START, times=reentry.times), Cutoff(CutoffKind.LATEST_END, times=reentry.times)
        )
    if reentry.after is not None:
        return younger_than(reentry.after.months, reentry.after.micros), None
    if reentry.per not in _PERIODS:
        return None, None
    kind = _PERIODS[reentry.per]
    return Cutoff(kind, 0), Cutoff(kind, 1)


_EARLIEST = exp.Literal.number(-(2**63) + 1)
_LATEST = exp.Literal.number(2**63 - 1)


# A row of the run replaces the store's row of the same number.
_ENTRIES = Part("""
SELECT playbook, block, kind, unit, occurrence, entered, counted, fact, ended FROM run_enrolments
UNION ALL
SELECT playbook, block, kind, unit, occurrence, entered, counted, fact, ended FROM enrolments e
WHERE NOT EXISTS (SELECT 1 FROM run_enrolments r WHERE r.enrolment = e.enrolment)
""")
_RETURNING = """
UPDATE flow SET outcome = 'duplicate' WHERE outcome IS NULL AND EXISTS (
  SELECT 1 FROM frames f JOIN entries e
  WHERE f.frame = flow.frame AND e.playbook = :playbook AND entered_own AND e.kind = flow.kind
    AND (:block IS NULL OR e.block = :block) AND e.counted = 1 AND e.entered >= low_bound AND e.entered < high_bound
    AND alike)
"""


# An entry of which no enrolment was kept had neither wait nor deferral: its records stand at the instant of the entry.
_RECEIVED = """
UPDATE flow SET outcome = 'duplicate' WHERE outcome IS NULL AND EXISTS (
  SELECT 1 FROM frames f JOIN dispatches d JOIN headers h ON h.header = d.header
  JOIN occurrences o ON o.occurrence = d.occurrence
  WHERE f.frame = flow.frame AND received AND d.kind = flow.kind AND h.status <> 'suppressed'
    AND o.playbook = :playbook AND (:block IS NULL OR h.block = :block) AND d.t >= low_bound AND d.t < high_bound AND alike
    AND NOT EXISTS (
      SELECT 1 FROM enrolments e WHERE e.playbook = o.playbook AND e.unit = d.unit AND e.block = h.block
        AND e.kind = d.kind AND e.occurrence = d.occurrence))
"""


# Both kinds of entry together; those that have an enrolment are not counted by their records.
_AS_OFTEN = """
UPDATE flow SET outcome = 'duplicate' WHERE outcome IS NULL AND :most <= (
  SELECT count(*) FROM (
    SELECT e.occurrence, e.block FROM entries e JOIN frames f ON f.frame = flow.frame
    WHERE e.playbook = :playbook AND entered_own AND e.kind = flow.kind AND e.counted = 1
      AND (:block IS NULL OR e.block = :block) AND e.entered >= low_bound AND e.entered < high_bound
    UNION
    SELECT d.occurrence, h.block FROM dispatches d JOIN headers h ON h.header = d.header
    JOIN occurrences o ON o.occurrence = d.occurrence JOIN frames f ON f.frame = flow.frame
    WHERE received AND d.kind = flow.kind AND h.status <> 'suppressed' AND o.playbook = :playbook
      AND (:block IS NULL OR h.block = :block) AND d.t >= low_bound AND d.t < high_bound
      AND NOT EXISTS (
        SELECT 1 FROM enrolments e WHERE e.playbook = o.playbook AND e.unit = d.unit AND e.block = h.block
          AND e.kind = d.kind AND e.occurrence = d.occurrence)))
"""


def turn_away_engaged(ctx: RunContext, run: BlockRun) -> None:
    """``exclusive``: the member is in the journey of another playbook of the same name, or was at this very instant."""
    name = run.playbook.only_one_of
    if name is None:
        return
    # Who is inside a playbook that is paused, or that a guard stops, is inside nevertheless.
    known = (*ctx.program.playbooks.values(), *(loaded.playbook for loaded in ctx.versions.values()))
    rivals = sorted({rival.name for rival in known if rival.only_one_of == name} - {run.name})
    for rival in rivals:
        ctx.execute(_ENGAGED, {"playbook": rival})


_ENGAGED = """
UPDATE flow SET outcome = 'exclusive' WHERE outcome IS NULL AND (
  EXISTS (SELECT 1 FROM run_enrolments e WHERE e.playbook = :playbook AND e.unit = flow.unit AND e.kind = flow.kind
          AND coalesce(e.why, '') <> 'holdout' AND (e.ended IS NULL OR e.counted = 1 AND e.entered = flow.t))
  OR EXISTS (SELECT 1 FROM enrolments e WHERE e.playbook = :playbook AND e.unit = flow.unit AND e.kind = flow.kind
          AND coalesce(e.why, '') <> 'holdout' AND (e.ended IS NULL OR e.counted = 1 AND e.entered = flow.t)
          AND NOT EXISTS (SELECT 1 FROM run_enrolments r WHERE r.enrolment = e.enrolment))
  OR EXISTS (SELECT 1 FROM run_dispatches d JOIN run_headers h ON h.header = d.header
          JOIN run_occurrences o ON o.occurrence = d.occurrence
          WHERE o.playbook = :playbook AND d.unit = flow.unit AND d.kind = flow.kind AND d.t = flow.t
            AND h.status <> 'suppressed'))
"""


def refuse_consent(ctx: RunContext, run: BlockRun) -> None:
    """``never_push``: the policy forbids pushes to the member, as known at the run's instant. It says nothing of groups."""
    if run.block.pushes and run.kind == MEMBER:
        for consent in ctx.program.policy.consents_for(run.playbook.category):
            refuse_where(ctx, run, ENTRY, consent.condition, "never_push", at_run=True)
        ctx.consented = None if ctx.consents_move else ctx.counters.seq


def hold_out(ctx: RunContext, run: BlockRun) -> None:
    """``holdout``: the unit's draw lies in the share of the playbook, or the member's in that of the policy (marketing)."""
    if run.playbook.category == "marketing" and run.kind == MEMBER and ctx.program.policy.holdout:
        _hold_out(ctx, run, "holdout", ctx.program.policy.holdout)
    if run.playbook.holdout:
        _hold_out(ctx, run, "holdout:" + run.name, run.playbook.holdout)


def _hold_out(ctx: RunContext, run: BlockRun, name: str, share: int) -> None:
    ctx.execute(_HOLDOUT[run.kind], {"name": name, "last": threshold(share) - 1})


_HOLDOUT = by_kind("""
UPDATE flow SET outcome = 'holdout', arm = 'holdout' WHERE outcome IS NULL
  AND qingting_draw(:name, (SELECT id FROM $units m WHERE m.unit = flow.unit)) <= :last
""")


def check_guard(ctx: RunContext, run: BlockRun) -> None:
    """Refuses the playbook if more members, or groups, are left than a guard of the playbook or the policy allows."""
    guards = [g for g in (run.playbook.guard, ctx.program.policy.guard) if g is not None]
    if not guards:
        return
    left, instant = ctx.rows("SELECT count(*), min(t) FROM flow WHERE outcome IS NULL")[0]
    reached = ctx.note_entries(run, instant, left)
    for guard in guards:
        limit = guard.members if guard.members is not None else (guard.share or 0) * ctx.population(run.kind) // 10_000
        ctx.note_guard(run.name, limit, reached)
        if reached > limit:
            raise GuardTripped(run.name, limit, reached)


STAGES = (
    turn_away_decided, turn_away_present, turn_away_returning, turn_away_engaged, refuse_consent, turn_away_strangers, turn_away_done,
    hold_out, take_some,
    check_guard,
)


def settle(ctx: RunContext, run: BlockRun) -> None:
    """Writes down who was turned away and why, and leaves the others in ``flow``."""
    outcomes = ctx.outcomes(ENTRY)
    action = run.first_action
    for outcome, number in outcomes.items():
        ctx.tally(run.name, outcome or "entered", "", number)
        if outcome in _RECORDED and action is not None:
            written = write_records(ctx, run, ENTRY, outcome, content_of(action, ctx), "suppressed", outcome)
            ctx.tally(run.name, f"suppressed:{outcome}", action.step, written)
    if "holdout" in outcomes:
        _enrol_holdout(ctx, run)
    if outcomes.keys() != {None}:
        ctx.execute("DELETE FROM flow WHERE outcome IS NOT NULL")


def _enrol_holdout(ctx: RunContext, run: BlockRun) -> None:
    values: Values = {
        "first": ctx.counters.enrolment, "playbook": run.name, "block": run.number, "version": run.version,
    }
    ctx.counters.enrolment += ctx.execute(_ENROL_HOLDOUT, values).rowcount


_ENROL_HOLDOUT = """
INSERT INTO run_enrolments
SELECT :first + row_number() OVER (ORDER BY unit), :playbook, :block, kind, unit, occurrence, :version, entered, NULL,
       NULL, 0, 'holdout', 1, t, 'holdout', NULL, NULL, NULL, fact, NULL
FROM flow WHERE outcome = 'holdout'
"""
