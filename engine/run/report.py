"""What a run or plan tells: per playbook and step how many were reached, dispatched, deferred, suppressed, and why."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ..program.clock import iso
from ..program.ir import Budget
from .foreseen import Details

_CENTS = 100
_SECOND = 1_000_000
REASONS = (
    "late", "duplicate", "exclusive", "never_push", "not_friend", "goal_reached", "exited", "stopped", "holdout",
    "quiet_hours", "cap", "channel_quota", "budget", "stock", "per_member_limit", "no_content", "incomplete", "blocked",
    "guard",
)
"""Why a member got nothing, complete and in the order in which they apply."""


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """``members``: list outside ids; ``funnel``: count the lines of audiences; ``playbook``: report this one only.

    ``lang`` is the language of the funnel's lines, zh or en; ``details``: tell volumes, samples, and who got a step already.
    """

    members: bool = False
    funnel: bool = False
    playbook: str | None = None
    lang: str = "zh"
    details: bool = False


@dataclass(frozen=True, slots=True)
class StepReport:
    """One step: ``audience`` reached it = dispatched + deferred + suppressed. ``members`` are outside ids, sorted."""

    step: str
    action: str
    audience: int
    dispatched: int
    deferred: Mapping[str, int]
    suppressed: Mapping[str, int]
    members: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class FunnelLine:
    """One line of the audience and how many members are left after it."""

    line: int
    text: str
    left: int


@dataclass(frozen=True, slots=True)
class CouponStock:
    """Stock of a coupon that the playbook's steps use: None is unlimited."""

    coupon: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class BudgetLeft:
    """What is left of a budget before and after; of one per day, on the day of the run. Money is in cents.

    ``redpacket`` names the red packet whose own budget it is, None for one of the playbook.
    """

    budget: Budget
    redpacket: str | None
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class PacketsGiven:
    """How many of a red packet the playbook gave, and the cents in them."""

    redpacket: str
    number: int
    cents: int


@dataclass(frozen=True, slots=True)
class GuardReport:
    """The largest number of members a guard compared, and the limit in members; ``tripped`` refused the playbook."""

    limit: int
    reached: int
    tripped: bool


@dataclass(frozen=True, slots=True)
class Timeliness:
    """How much was handled within ten minutes of its instant, later, or not at all since it was too late."""

    on_time: int = 0
    late: int = 0
    skipped: int = 0

    def to_json(self) -> dict[str, int]:
        """The numbers by name."""
        return {"on_time": self.on_time, "late": self.late, "skipped": self.skipped}


_NOTHING = Timeliness()


@dataclass(frozen=True, slots=True)
class PlaybookReport:
    """One playbook. ``occurrences`` are instants handled; ``missed`` those of schedules skipped as late.

    ``unknown_days`` are days on which nothing ran since the holiday calendar does not know them.
    ``entered`` counts who came past the audience, ``duplicate`` those turned away by re-entry or identity, ``late``
    facts that came too late, ``in_flight`` members waiting inside afterwards, ``left`` those whose journeys ended, by why.
    ``schedules`` counts occurrences, ``items`` what fell due for single members; ``late_by`` is how late the latest of what
    was skipped was, in microseconds.
    """

    playbook: str
    version: str
    zone: str
    state: str
    occurrences: tuple[int, ...]
    missed: tuple[int, ...]
    entered: int
    duplicate: int
    late: int
    in_flight: int
    left: Mapping[str, int]
    funnel: tuple[FunnelLine, ...]
    steps: tuple[StepReport, ...]
    stock: tuple[CouponStock, ...]
    guard: GuardReport | None
    unknown_days: tuple[date, ...] = ()
    budgets: tuple[BudgetLeft, ...] = ()
    packets: tuple[PacketsGiven, ...] = ()
    schedules: Timeliness = _NOTHING
    items: Timeliness = _NOTHING
    late_by: int = 0


@dataclass(frozen=True, slots=True)
class Blocked:
    """A playbook that was left out.

    ``reason`` is ``check`` with the ``codes`` of its diagnostics, ``guard`` with its limit and the members reached, or
    ``failed`` with the place of the failure.
    """

    playbook: str
    reason: str
    codes: tuple[str, ...] = ()
    limit: int | None = None
    reached: int | None = None
    where: str | None = None

    def to_json(self) -> dict[str, object]:
        """The entry with the keys of the command line's contract."""
        body: dict[str, object] = {"playbook": self.playbook, "reason": self.reason, "codes": list(self.codes)}
        if self.limit is not None:
            body.update(limit=self.limit, reached=self.reached)
        if self.where is not None:
            body["where"] = self.where
        return body


@dataclass(frozen=True, slots=True)
class RunReport:
    """The outcome of a plan or run at ``at``. ``run`` is the run's id, None for a plan or when nothing was due before.

    ``earlier`` is the instant of a later run that makes this one do nothing. ``rules_wait`` says that points rules and
    standing rules did not act, since one of them cannot be read. ``plan`` is the id of the plan that was
    written down or carried out. ``details`` are told where they are asked for.
    """

    at: int
    zone: str
    run: str | None
    playbooks: tuple[PlaybookReport, ...]
    blocked: tuple[Blocked, ...]
    records: int
    earlier: int | None = None
    rules_wait: bool = False
    plan: str | None = None
    details: Details | None = None

    @property
    def exit_code(self) -> int:
        """0 fine, 1 where a playbook was blocked or rules wait, 4 where a guard refused one."""
        if any(b.reason == "guard" for b in self.blocked):
            return 4
        return 1 if self.blocked or self.rules_wait else 0

    def to_text(self) -> str:
        """The report as one line of JSON."""
        return json.dumps(self.to_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def to_json(self) -> dict[str, object]:
        """The report with the keys of the command line's contract."""
        body: dict[str, object] = {
            "at": iso(self.at, self.zone),
            "playbooks": [_playbook(p) for p in self.playbooks],
            "blocked": [b.to_json() for b in self.blocked],
            "records": self.records,
        }
        if self.rules_wait:
            body["rules_wait"] = True
        if self.run is not None:
            body["run"] = self.run
        if self.plan is not None:
            body["plan"] = self.plan
        if self.details is not None:
            body.update(self.details.to_json())
        if self.earlier is not None:
            body["last_run"] = iso(self.earlier, self.zone)
        return body


def _playbook(report: PlaybookReport) -> dict[str, object]:
    return {
        "playbook": report.playbook,
        "version": report.version,
        "state": report.state,
        "occurrences": [iso(at, report.zone) for at in report.occurrences],
        "missed": [iso(at, report.zone) for at in report.missed],
        "unknown_days": [day.isoformat() for day in report.unknown_days],
        "entered": report.entered,
        "duplicate": report.duplicate,
        "late": report.late,
        "in_flight": report.in_flight,
        "left": dict(report.left),
        "timeliness": {"occurrences": report.schedules.to_json(), "items": report.items.to_json()},
        "late_by_seconds": report.late_by // _SECOND,
        "funnel": [{"line": f.line, "text": f.text, "left": f.left} for f in report.funnel],
        "steps": [_step(s) for s in report.steps],
        "stock": [{"coupon": s.coupon, "before": s.before, "after": s.after} for s in report.stock],
        "budgets": [_budget(budget) for budget in report.budgets],
        "redpackets": [{"redpacket": p.redpacket, "given": p.number, "amount": p.cents / _CENTS} for p in report.packets],
        "guard": None if report.guard is None else {
            "limit": report.guard.limit, "reached": report.guard.reached, "tripped": report.guard.tripped,
        },
    }


def _budget(left: BudgetLeft) -> dict[str, object]:
    """Money in units."""
    numbers = {"amount": left.budget.amount, "before": left.before, "after": left.after}
    shown = {name: n / _CENTS if left.budget.kind == "money" else n for name, n in numbers.items()}
    return {"kind": left.budget.kind, "per_day": left.budget.per_day, "redpacket": left.redpacket, **shown}


def _step(report: StepReport) -> dict[str, object]:
    body: dict[str, object] = {
        "step": report.step, "action": report.action, "audience": report.audience, "dispatched": report.dispatched,
        "deferred": dict(report.deferred), "suppressed": dict(report.suppressed),
    }
    if report.members is not None:
        body["members"] = list(report.members)
    return body
