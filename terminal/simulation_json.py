"""A simulation as JSON, with the keys of the command line's contract."""

from __future__ import annotations

from ..engine.program.clock import iso
from ..engine.simulating.model import (
    BudgetCourse,
    Collision,
    Day,
    LeftOut,
    Outcome,
    Simulation,
    Spread,
    StockCourse,
    Tripped,
)
from .session import Session

_CENTS = 100


def simulation_payload(session: Session, found: Simulation) -> dict[str, object]:
    """The whole answer; money is in units, days are dates, instants carry their offset."""
    return {
        "from": iso(found.start, found.zone), "to": iso(found.until, found.zone), "timezone": found.zone,
        "replayed": found.replayed, "runs": len(found.runs), "records": found.records,
        "days": [_day(day) for day in found.days],
        "playbooks": {each.playbook: _playbook(each) for each in found.playbooks},
        "messages": {"in_all": _spread(found.messages), "per_7_days": _spread(found.weekly)},
        "collisions": {"member_days": found.collided, "pairs": [_collision(each) for each in found.collisions]},
        "stock": [_stock(found, each) for each in found.stock],
        "budgets": [_budget(found, each) for each in found.budgets],
        "guards": [_guard(each) for each in found.guards], "blocked": [_blocked(each) for each in found.blocked],
        "notes": [{"code": note.code, "text": session.word(note.code, **note.params)} for note in found.notes],
    }


def _day(day: Day) -> dict[str, object]:
    return {
        "day": day.day.isoformat(), "queued": dict(day.queued), "done": day.done, "suppressed": dict(day.suppressed),
        "deferred": dict(day.deferred),
    }


def _playbook(each: Outcome) -> dict[str, object]:
    return {
        "state": each.state, "occurrences": each.occurrences, "missed": each.missed, "entered": each.entered,
        "duplicate": each.duplicate, "late": each.late, "dispatched": each.dispatched, "queued": dict(each.queued),
        "done": each.done, "suppressed": dict(each.suppressed), "deferred": dict(each.deferred), "in_flight": each.in_flight,
        "left": dict(each.left), "never": each.never,
    }


def _spread(spread: Spread) -> dict[str, object]:
    return {
        "members": spread.members, "p50": spread.quantile(0.5), "p90": spread.quantile(0.9), "p99": spread.quantile(0.99),
        "most": spread.most, "counts": [{"messages": messages, "members": members} for messages, members in spread.counts],
    }


def _collision(each: Collision) -> dict[str, object]:
    return {"first": each.first, "second": each.second, "reason": each.reason, "member_days": each.times}


def _stock(found: Simulation, each: StockCourse) -> dict[str, object]:
    left = dict(zip((day.day.isoformat() for day in found.days), each.left, strict=True))
    runs_out = each.runs_out.isoformat() if each.runs_out else None
    return {"coupon": each.coupon, "stock": each.stock, "left": left, "runs_out": runs_out}


def _budget(found: Simulation, each: BudgetCourse) -> dict[str, object]:
    in_money = each.budget.kind == "money"
    left = {
        day.day.isoformat(): number / _CENTS if in_money else number
        for day, number in zip(found.days, each.left, strict=True)
    }
    return {
        "playbook": None if each.is_redpacket else each.owner, "redpacket": each.owner if each.is_redpacket else None,
        "kind": each.budget.kind, "per_day": each.budget.per_day,
        "amount": each.budget.amount / _CENTS if in_money else each.budget.amount, "left": left,
        "runs_out": each.runs_out.isoformat() if each.runs_out else None,
    }


def _guard(each: Tripped) -> dict[str, object]:
    return {
        "playbook": each.playbook, "day": each.day.isoformat(), "runs": each.runs, "limit": each.limit, "reached": each.reached,
    }


def _blocked(each: LeftOut) -> dict[str, object]:
    return {"playbook": each.playbook, "codes": list(each.codes), "where": each.where}
