"""Making a plan: what a run would do now, told, written down, or laid beside what another version would do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ...grammar.diagnostics import Refused
from ..program.clock import iso
from ..program.ir import Program
from ..run.engine import Decided, planned
from ..run.report import PlanOptions, RunReport
from ..run.summary import summarise
from ..stores.sqlite.database import SqliteStore
from .carrying_out import coordinates, left_out_of
from .comparing import Comparison, StepMoves
from .decisions import read_decisions
from .parts import PartMoved, moved_parts, parts_of_program
from .plan_file import Plan


@dataclass(frozen=True, slots=True)
class Texts:
    """What a plan keeps of the workspace: digests of its texts by path, and when it is made on the wall clock."""

    files: Mapping[str, str]
    made: datetime


def written_plan(
    store: SqliteStore, program: Program, at: int, options: PlanOptions, texts: Texts
) -> tuple[RunReport, Plan]:
    """What a run at ``at`` would do now, told and written down. Raises Refused C283 where a run as late has been made."""
    _refuse_earlier(store, at, program)
    with store.snapshot(), planned(store, program, at) as decided:
        return summarise(decided.ctx, decided.blocked, None, options), _plan_of(decided, texts)


def _plan_of(decided: Decided, texts: Texts) -> Plan:
    ctx = decided.ctx
    last_run, seq, leaves = coordinates(ctx.store)
    return Plan(
        store=ctx.store.store_id, zone=ctx.program.policy.zone.name, at=ctx.at, made=texts.made, last_run=last_run, seq=seq,
        leaves=leaves, digest=ctx.program.digest, parts=parts_of_program(ctx.program), files=texts.files,
        left_out=left_out_of(decided), decisions=read_decisions(ctx),
    )


@dataclass(frozen=True, slots=True)
class Contrast:
    """How a run by another version would differ: the plan of the workspace as it is stands in the report beside.

    ``parts`` and ``steps`` tell what is new, gone or other in the workspace as it is; ``former`` is the other version's
    report.
    """

    parts: tuple[PartMoved, ...]
    steps: tuple[StepMoves, ...]
    former: RunReport


def contrasted_plan(
    store: SqliteStore, program: Program, other: Program, at: int, options: PlanOptions
) -> tuple[RunReport, Contrast]:
    """What a run at ``at`` would do, and what differs from what it would do by ``other``, on one state of the store.

    Raises Refused C283 where a run as late has been made.
    """
    from .renamed import renamed_steps

    _refuse_earlier(store, at, program)
    plain = PlanOptions(playbook=options.playbook, lang=options.lang)
    with store.snapshot() as connection:
        comparison = Comparison(connection)
        with planned(store, other, at) as decided:
            former = summarise(decided.ctx, decided.blocked, None, plain)
            comparison.add_attempt("before", decided.ctx)
        with planned(store, program, at) as decided:
            report = summarise(decided.ctx, decided.blocked, None, options)
            comparison.add_attempt("after", decided.ctx)
        renamed = renamed_steps(other, program)
        comparison.rename("before", renamed)
        steps = comparison.moves(members=options.members, formerly=renamed)
    chosen = tuple(step for step in steps if options.playbook in (None, step.playbook))
    return report, Contrast(moved_parts(parts_of_program(other), parts_of_program(program)), chosen, former)


def _refuse_earlier(store: SqliteStore, at: int, program: Program) -> None:
    last = store.last_run
    if last is not None and at <= last:
        zone = program.policy.zone.name
        raise Refused("C283", at=iso(at, zone), last=iso(last, zone))
