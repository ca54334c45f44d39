"""Carrying out a plan: exactly what it says, once, or a refusal that tells what moved.

Whatever can be seen from the plan, the workspace and the store's coordinates is looked at first. Where the store has moved
since, the run is decided once to look, so that refusing writes nothing; in any case what is decided under the run lock is
compared with the plan before it is committed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ...grammar.diagnostics import Refused
from ..log.store import leaf_count
from ..program.clock import iso, zone_of
from ..program.ir import DAY, Program
from ..run.engine import Decided, RunSettings, execute_run, planned
from ..run.report import RunReport
from ..stores.sqlite.database import SqliteStore
from .comparing import Comparison, StepMoves, total
from .decisions import Decisions, Stay, read_decisions
from .parts import PartMoved, moved_parts, parts_of_program
from .plan_file import LeftOut, Plan

LIFETIME = DAY


@dataclass(frozen=True, slots=True)
class Moved:
    """What differs now from a plan.

    ``parts`` are texts and declarations, ``steps`` decisions, ``journeys`` how many went on in a playbook and do now, ``rules``
    the kinds of facts that standing rules bring, ``left_out`` the playbooks that a guard or a fault stops on one side alone.
    """

    parts: tuple[PartMoved, ...]
    steps: tuple[StepMoves, ...]
    journeys: Mapping[str, tuple[int, int]]
    rules: tuple[str, ...]
    left_out: tuple[str, ...]


class PlanMoved(Refused):
    """The plan is not carried out, since something differs now: ``moved`` says what."""

    def __init__(self, moved: Moved) -> None:
        super().__init__("C282", decisions=sum(total(moved.steps).values()), parts=len(moved.parts))
        self.moved = moved


@dataclass(frozen=True, slots=True)
class Asked:
    """How a plan is to be carried out: the program and the digests of the texts as they are now, and what to tell.

    With ``members`` a refusal lists all members by their outside ids.
    """

    program: Program
    files: Mapping[str, str]
    members: bool = False


def carry_out(store: SqliteStore, plan: Plan, asked: Asked, settings: RunSettings) -> RunReport:
    """Decides for the plan's instant with all that the store knows now, and commits it if it is what the plan says.

    The caller holds the run lock and has looked whether the plan may still be used. Raises :class:`PlanMoved`, with nothing
    decided, where anything differs.
    """
    parts = _other_texts(plan, asked)
    if parts or coordinates(store) != (plan.last_run, plan.seq, plan.leaves):
        # Deciding as a run leaves its traces even where it is not committed, so that what may differ is only looked at.
        with store.snapshot(), planned(store, asked.program, plan.at) as decided:
            _approve(decided, plan, asked, parts)
    settings = replace(settings, approve=lambda decided: _approve(decided, plan, asked), plan=plan.id)
    return execute_run(store, asked.program, plan.at, settings)


def coordinates(store: SqliteStore) -> tuple[int | None, int, int]:
    """How far a store has come: the instant of the last run, the last seq, the number of leaves."""
    return store.last_run, store.last_seq, leaf_count(store)


def refuse_spent(store: SqliteStore, plan: Plan) -> None:
    """Raises Refused for a plan that was carried out (C277), or that a later run has overtaken (C278)."""
    last = store.last_run
    if last is None or plan.at > last:
        return
    for run, wall, report in store.connection.execute(_RUNS, {"at": plan.at}):
        if _plan_of(report) == plan.id:
            made = datetime.fromisoformat(wall).astimezone(zone_of(plan.zone)).isoformat(timespec="seconds")
            raise Refused("C277", run=run, wall=made, at=iso(plan.at, plan.zone))
    raise Refused("C278", at=iso(plan.at, plan.zone), last=iso(last, plan.zone))


_RUNS = "SELECT id, started_wall, report FROM runs WHERE at = :at ORDER BY run"


def _plan_of(report: str) -> str | None:
    told: Any = json.loads(report)
    found = told.get("plan")
    return found if isinstance(found, str) else None


def refuse_guarded(plan: Plan) -> None:
    """Raises Refused C281 for a plan in which a guard refused a playbook."""
    names = [f"{name} ({reached} > {limit})" for name, reason, limit, reached in plan.left_out if reason == "guard"]
    if names:
        raise Refused("C281", playbooks=", ".join(names))


def refuse_untimely(plan: Plan, age: int, now: int) -> None:
    """Raises Refused for a plan that is older than a day (C279), or whose instant lies behind ``now`` (C280)."""
    if age > LIFETIME:
        raise Refused("C279", at=iso(plan.at, plan.zone), hours=LIFETIME // (DAY // 24))
    if plan.at > now:
        raise Refused("C280", at=iso(plan.at, plan.zone))


def _other_texts(plan: Plan, asked: Asked) -> tuple[PartMoved, ...]:
    """What the workspace says otherwise than when the plan was made; files are told where that makes a difference."""
    if plan.digest == asked.program.digest:
        return ()
    files = moved_parts({"files": plan.files}, {"files": asked.files})
    return (*files, *moved_parts(plan.parts, parts_of_program(asked.program)))


def _approve(decided: Decided, plan: Plan, asked: Asked, parts: tuple[PartMoved, ...] = ()) -> None:
    found = read_decisions(decided.ctx)
    left_out = left_out_of(decided)
    if found == plan.decisions and left_out == plan.left_out and not parts:
        return
    comparison = Comparison(decided.ctx.connection)
    comparison.add_decisions("before", plan.decisions)
    comparison.add_attempt("after", decided.ctx)
    raise PlanMoved(Moved(
        parts=parts,
        steps=comparison.moves(members=asked.members),
        journeys=_journeys(plan.decisions, found),
        rules=tuple(kind for kind in sorted(found.rules) if found.rules[kind] != plan.decisions.rules.get(kind)),
        left_out=tuple(each[0] for each in {*left_out} ^ {*plan.left_out}),
    ))


def left_out_of(decided: Decided) -> tuple[LeftOut, ...]:
    """The playbooks that were left out of an attempt for another reason than their texts."""
    return tuple((b.playbook, b.reason, b.limit, b.reached) for b in decided.blocked if b.reason != "check")


def _journeys(before: Decisions, after: Decisions) -> dict[str, tuple[int, int]]:
    """How many journeys went on in the plan, and do now, for each playbook where they are not the same."""
    names = sorted({stay.playbook for stay in (*before.stays, *after.stays)})
    parted = {name: tuple(_of(name, side.stays) for side in (before, after)) for name in names}
    return {name: (_number(was), _number(now)) for name, (was, now) in parted.items() if was != now}


def _of(playbook: str, stays: tuple[Stay, ...]) -> tuple[Stay, ...]:
    return tuple(stay for stay in stays if stay.playbook == playbook)


def _number(stays: tuple[Stay, ...]) -> int:
    return sum(when.count for stay in stays for when in stay.when)
