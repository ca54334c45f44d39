"""Telling what a decided attempt did: the report from what was tallied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import replace

from ..program.ir import Budget, Playbook
from .context import GuardNote, RunContext, StepAction
from .details import details_of
from .funnel import funnel_of
from .lateness import PUNCTUAL
from .limits import coupon_of, redpacket_of
from .records import actions_of, content_of
from .report import (
    Blocked,
    BudgetLeft,
    CouponStock,
    GuardReport,
    PacketsGiven,
    PlanOptions,
    PlaybookReport,
    RunReport,
    StepReport,
    Timeliness,
)
from .scarce import period_of, stock_left
from .spent import Spent, budget_spent, packet_budget_spent, packets_given_now, taken_now


def summarise(ctx: RunContext, blocked: tuple[Blocked, ...], run: str | None, options: PlanOptions) -> RunReport:
    """The report of an attempt, one entry for each playbook that was decided or waits in draft or pause."""
    out = {b.playbook for b in blocked}
    reports = [
        _playbook(ctx, playbook, options)
        for name, playbook in sorted(ctx.program.playbooks.items())
        if name not in out and options.playbook in (None, name)
    ]
    records = ctx.count("SELECT count(*) FROM run_dispatches")
    report = RunReport(
        ctx.at, ctx.program.policy.zone.name, run, tuple(reports), blocked, records,
        rules_wait=not ctx.program.rules_stand,
    )
    return replace(report, details=details_of(ctx, report, options)) if options.details else report


def _playbook(ctx: RunContext, playbook: Playbook, options: PlanOptions) -> PlaybookReport:
    counters = ctx.counters
    tallies = counters.tallies
    return PlaybookReport(
        playbook=playbook.name,
        version=playbook.version,
        zone=playbook.zone.name,
        state=playbook.state,
        occurrences=tuple(sorted(counters.occurrences.get(playbook.name, ()))),
        missed=tuple(sorted(counters.missed.get(playbook.name, ()))),
        entered=tallies[playbook.name, "entered", ""],
        duplicate=tallies[playbook.name, "duplicate", ""],
        late=tallies[playbook.name, "late", ""],
        in_flight=_in_flight(ctx, playbook.name),
        left=dict(ctx.rows(_LEFT, {"playbook": playbook.name})),
        funnel=funnel_of(ctx, playbook, options) if options.funnel else (),
        steps=tuple(_steps(ctx, playbook, options)),
        stock=_stock(ctx, playbook),
        guard=_guard(counters.guards.get(playbook.name)),
        unknown_days=tuple(sorted(counters.unknown_days.get(playbook.name, ()))),
        budgets=tuple(_budgets(ctx, playbook)),
        packets=tuple(PacketsGiven(name, *packets_given_now(ctx, name, playbook.name)) for name in _packets(playbook)),
        schedules=_of_schedules(ctx, playbook.name),
        items=Timeliness(*(tallies[playbook.name, f"items:{how}", ""] for how in ("on_time", "late", "skipped"))),
        late_by=counters.furthest.get(playbook.name, 0),
    )


def _of_schedules(ctx: RunContext, playbook: str) -> Timeliness:
    handled: Set[int] = ctx.counters.occurrences.get(playbook, frozenset())
    on_time = sum(ctx.at - instant <= PUNCTUAL for instant in handled)
    return Timeliness(on_time, len(handled) - on_time, len(ctx.counters.missed.get(playbook, ())))


def _in_flight(ctx: RunContext, playbook: str) -> int:
    return ctx.count(_IN_FLIGHT, {"playbook": playbook})


# A journey that had ended before may be among those of the run, since its goal was noted.
_LEFT = """
SELECT e.why, count(*) FROM run_enrolments e
WHERE e.playbook = :playbook AND e.ended IS NOT NULL AND e.why <> 'holdout' AND NOT EXISTS (
  SELECT 1 FROM enrolments s WHERE s.enrolment = e.enrolment AND s.ended IS NOT NULL)
GROUP BY e.why ORDER BY e.why
"""
# Those of the store by the index of their versions, those of the run in their place.
_IN_FLIGHT = """
SELECT (SELECT count(*) FROM playbook_versions v CROSS JOIN enrolments e ON e.version = v.version
        WHERE v.playbook = :playbook AND e.ended IS NULL)
     + (SELECT coalesce(sum((r.ended IS NULL) - (e.enrolment IS NOT NULL AND e.ended IS NULL)), 0)
        FROM run_enrolments r LEFT JOIN enrolments e ON e.enrolment = r.enrolment WHERE r.playbook = :playbook)
"""


def _steps(ctx: RunContext, playbook: Playbook, options: PlanOptions) -> list[StepReport]:
    """The steps of the newest version in text order, then those that only members in flight still have."""
    actions = {a.step: content_of(a, ctx).action for a in _all_actions(ctx, playbook)}
    return [_step(ctx, playbook.name, step, action, options) for step, action in actions.items()]


def _all_actions(ctx: RunContext, playbook: Playbook) -> list[StepAction]:
    older = [
        v.playbook for (name, _), v in ctx.versions.items() if name == playbook.name and v.playbook is not playbook
    ]
    return [a for p in (playbook, *older) for block in p.blocks for a in actions_of(block)]


def _step(ctx: RunContext, playbook: str, step: str, action: str, options: PlanOptions) -> StepReport:
    tallies = sorted(ctx.counters.tallies.items())
    found = {what: number for (name, what, where), number in tallies if (name, where) == (playbook, step)}
    members = None
    if options.members:
        members = tuple(member for (member,) in ctx.rows(_MEMBERS, {"step": ctx.steps.get((playbook, step), 0)}))
    return StepReport(
        step, action, sum(found.values()), found.get("dispatched", 0), _reasons(found, "deferred:"),
        _reasons(found, "suppressed:"), members,
    )


def _reasons(found: Mapping[str, int], kind: str) -> dict[str, int]:
    return {what.removeprefix(kind): number for what, number in found.items() if what.startswith(kind) and number}


_MEMBERS = """
SELECT coalesce(m.id, g.id) AS id FROM run_dispatches d JOIN run_headers h ON h.header = d.header
LEFT JOIN members m ON d.kind = 0 AND m.unit = d.unit LEFT JOIN groups g ON d.kind = 1 AND g.unit = d.unit
WHERE d.step = :step AND h.status <> 'suppressed' ORDER BY id
"""


def _stock(ctx: RunContext, playbook: Playbook) -> tuple[CouponStock, ...]:
    names = {coupon_of(action) for block in playbook.blocks for action in actions_of(block)}
    found = []
    for name in sorted(name for name in names if name is not None):
        if ctx.program.library.coupons[name].stock is None:
            found.append(CouponStock(name, None, None))
        else:
            left = stock_left(ctx, name)
            found.append(CouponStock(name, left + taken_now(ctx, name), left))
    return tuple(found)


def _packets(playbook: Playbook) -> list[str]:
    names = {redpacket_of(action) for block in playbook.blocks for action in actions_of(block)}
    return sorted(name for name in names if name is not None)


def _budgets(ctx: RunContext, playbook: Playbook) -> Iterator[BudgetLeft]:
    """The budgets of the playbook, then those of the red packets that it gives."""
    for budget in playbook.budgets:
        span = period_of(budget, ctx.at, playbook.zone.name)
        yield _left(budget, None, budget_spent(ctx, playbook.name, budget, *span))
    for name in _packets(playbook):
        own = ctx.program.library.redpackets[name].budget
        if own is not None:
            span = period_of(own, ctx.at, ctx.program.policy.zone.name)
            yield _left(own, name, packet_budget_spent(ctx, name, own, *span))


def _left(budget: Budget, redpacket: str | None, spent: Spent) -> BudgetLeft:
    before = budget.amount - spent.before
    return BudgetLeft(budget, redpacket, before, before - spent.now)


def _guard(note: GuardNote | None) -> GuardReport | None:
    return None if note is None else GuardReport(note.limit, note.reached, note.reached > note.limit)
