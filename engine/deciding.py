"""Plans and runs of a workspace: made, written down, laid beside another version, and carried out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from ..grammar.diagnostics import CannotRun, Refused, UsageError
from .answers import Against, Coming, ComingMoved, Note, RunAnswer
from .coming import coming_of_program
from .log.notary import Notary
from .log.secrets import make_secret
from .planning.carrying_out import Asked, carry_out, refuse_guarded, refuse_spent, refuse_untimely
from .planning.making import Contrast, Texts, contrasted_plan, written_plan
from .planning.plan_file import Plan, read_plan, write_plan
from .program.clock import from_datetime, iso
from .program.ir import DAY, Program
from .program_log import note
from .run.engine import RunSettings, execute_run, plan_run
from .run.lock import run_lock
from .run.report import PlanOptions, RunReport
from .run.restored import accept_restored_store
from .sources import Loaded
from .stores.sqlite.database import SqliteStore

if TYPE_CHECKING:
    from .revisions import OtherVersion

_DIGITS = 16
_COMING = 10
_MONTH = 31 * DAY
# How far ahead the schedules of two versions are compared.
_LOOK_AHEAD = 8 * DAY

Made = Callable[[int], AbstractContextManager[tuple[SqliteStore, tuple[Note, ...]]]]


@dataclass(frozen=True, slots=True)
class Deciding:
    """What plans and runs of one workspace work with.

    ``opened`` opens the store for looking, ``made`` for writing, made at an instant where there is none. ``state`` is the
    folder of the secret, ``holder`` says who holds the run lock, ``clock`` tells the wall clock.
    """

    root: Path
    loaded: Loaded
    opened: Callable[[], AbstractContextManager[SqliteStore]]
    made: Made
    state: Path
    notary: Notary
    holder: str
    environment: Mapping[str, str]
    clock: Callable[[], datetime]
    random_bytes: Callable[[int], bytes]

    # Looking

    def plan(self, at: int, options: PlanOptions, *, into: Path | None, against: str | None) -> RunAnswer:
        """What a run at ``at`` would do; written ``into`` a file, or laid beside another version, as is asked for.

        Raises UsageError C284 where a file is to hold less than the whole run, or a comparison.
        """
        if into is not None:
            for option, given in (("--playbook", options.playbook), ("--against", against)):
                if given is not None:
                    raise UsageError("C284", given="--out", option=option)
            return self._plan_into(into, at, options)
        if against is not None:
            # Few plans compare, so that only these load what it takes.
            from .revisions import other_version

            return self._plan_against(other_version(self.root, against, self.environment), at, options)
        with self.opened() as store:
            return self._foreseen(store, plan_run(store, self.loaded.program, at, options))

    def _plan_into(self, path: Path, at: int, options: PlanOptions) -> RunAnswer:
        """Raises Refused C283 where there is nothing to plan, CannotRun C270 or C271 for a file that is not to be lost."""
        with self.opened() as store:
            self._refuse_overwriting(path, store)
            texts = Texts(self._files(), self.clock())
            report, plan = written_plan(store, self.loaded.program, at, options, texts)
            write_plan(path, plan)
            note("plan.written", plan=plan.id, at=at, records=report.records, blocked=len(report.blocked))
            written = Note("N221", {"path": str(path), "id": plan.id})
            return self._foreseen(store, replace(report, plan=plan.id), notes=(written,))

    def _plan_against(self, other: OtherVersion, at: int, options: PlanOptions) -> RunAnswer:
        """Raises Refused C283 where there is nothing to plan."""
        program, former = self.loaded.program, other.loaded.program
        with self.opened() as store:
            report, contrast = contrasted_plan(store, program, former, at, options)
            return self._foreseen(store, report, against=_against(store, program, other, contrast, at))

    def _foreseen(
        self, store: SqliteStore, report: RunReport, *, notes: tuple[Note, ...] = (), against: Against | None = None
    ) -> RunAnswer:
        return self._answer(report, notes, coming=_next_of_each(self.loaded.program, report.at, store), against=against)

    def _refuse_overwriting(self, path: Path, store: SqliteStore) -> None:
        """A file of another kind stays, and so does a plan that may still be carried out."""
        if path.exists() and not path.is_file():
            raise CannotRun("C270", path=str(path))
        try:
            plan = read_plan(path)
        except CannotRun as error:
            if error.code == "C272":
                return
            raise CannotRun("C270", path=str(path)) from None
        try:
            if plan.store == store.store_id:
                refuse_spent(store, plan)
                refuse_untimely(plan, self._age(plan), plan.at)
        except Refused:
            return
        raise CannotRun("C271", path=str(path), at=iso(plan.at, plan.zone))

    # What changes the store

    def run(
        self, at: int, *, wait_seconds: float, accept_restored: int | None, reached: Callable[[str], None]
    ) -> RunAnswer:
        """Decide all that is due at ``at`` and commit it."""
        program = self.loaded.program
        with self.made(at) as (store, notes), run_lock(store.path, self.holder, wait_seconds):
            told = _ToldRun(at, program)
            settings = self._settings(told.heard_by(reached))
            if accept_restored is not None:
                accept_restored_store(store, program, accept_restored, self.notary)
                note("store.restored", at=accept_restored)
            return self._answer(told.ended(execute_run(store, program, at, settings, PlanOptions())), notes)

    def run_plan(
        self, path: Path, now: int | None, *, wait_seconds: float, members: bool, reached: Callable[[str], None]
    ) -> RunAnswer:
        """Carry out the plan in a file. ``now`` is None where the wall clock counts, since the plan was made.

        Raises Refused where the plan may not be used (C277-C281), or where something moved (PlanMoved).
        """
        plan = read_plan(path)
        with self.opened() as store:
            if store.store_id != plan.store:
                raise CannotRun("C276", path=str(path))
        wall = from_datetime(self.clock())
        refuse_guarded(plan)
        with self.made(plan.at) as (store, notes), run_lock(store.path, self.holder, wait_seconds):
            self._refuse_spent(store, plan)
            refuse_untimely(plan, self._age(plan) if now is None else now - plan.at, wall if now is None else now)
            unseen = _later_facts(store, plan)
            asked = Asked(self.loaded.program, self._files(), members)
            told = _ToldRun(plan.at, self.loaded.program, plan.id)
            report = told.ended(carry_out(store, plan, asked, self._settings(told.heard_by(reached))))
            return self._answer(report, (*notes, *unseen))

    def _refuse_spent(self, store: SqliteStore, plan: Plan) -> None:
        try:
            refuse_spent(store, plan)
        except Refused:
            # A run that died behind its commit has left the fence behind.
            self.notary.check(store)
            self.notary.confirm(store)
            raise

    def _settings(self, reached: Callable[[str], None]) -> RunSettings:
        secret, _ = make_secret(self.state, self.random_bytes)
        return RunSettings(secret, self.notary, self.clock().isoformat(), reached)

    # The parts

    def _age(self, plan: Plan) -> int:
        return from_datetime(self.clock()) - from_datetime(plan.made)

    def _files(self) -> dict[str, str]:
        return {path: sha256(text.encode()).hexdigest()[:_DIGITS] for path, text in sorted(self.loaded.texts.items())}

    def _answer(
        self, report: RunReport, notes: tuple[Note, ...], coming: tuple[Coming, ...] = (), against: Against | None = None
    ) -> RunAnswer:
        errors = tuple(d for d in self.loaded.diagnostics if d.severity == "error")
        problems = () if self.loaded.is_whole else errors
        return RunAnswer(report, notes, problems, self.loaded.texts, coming, against)


class _ToldRun:
    """A run as the program's log tells of it: that it begins, the stages it reaches, and what it came to."""

    def __init__(self, at: int, program: Program, plan: str | None = None) -> None:
        self._began = monotonic()
        note("run.begun", at=at, playbooks=len(program.playbooks), plan=plan)

    def heard_by(self, reached: Callable[[str], None]) -> Callable[[str], None]:
        """What hears of each stage boundary, and tells ``reached``."""

        def hear(boundary: str) -> None:
            note("run.reached", stage=boundary, seconds=monotonic() - self._began)
            reached(boundary)

        return hear

    def ended(self, report: RunReport) -> RunReport:
        """The same report, told."""
        for each in report.blocked:
            note(
                "playbook.blocked", playbook=each.playbook, reason=each.reason, codes=each.codes or None, limit=each.limit,
                reached=each.reached, where=each.where,
            )
        if report.earlier is not None:
            note("run.idle", at=report.at, last=report.earlier)
        else:
            note(
                "run.committed", run=report.run, at=report.at, records=report.records, blocked=len(report.blocked),
                plan=report.plan, seconds=monotonic() - self._began,
            )
        return report


def _next_of_each(program: Program, at: int, store: SqliteStore) -> tuple[Coming, ...]:
    """The first occurrence behind an instant of each playbook that has one within a month, the earliest few."""
    found = [
        coming
        for name, playbook in program.playbooks.items()
        for coming in coming_of_program(replace(program, playbooks={name: playbook}), at, at + _MONTH, 1, store.connection)
    ]
    return tuple(sorted(found, key=lambda coming: coming.at)[:_COMING])


def _against(store: SqliteStore, program: Program, other: OtherVersion, contrast: Contrast, at: int) -> Against:
    """A contrast with what is coming by either version in the next days, where that differs."""
    former, present = (_coming(each, at, store) for each in (other.loaded.program, program))
    moved = tuple(
        ComingMoved(name, former.get(name, ()), present.get(name, ()))
        for name in sorted(former.keys() | present.keys())
        if former.get(name) != present.get(name)
    )
    return Against(other.name, other.commit, contrast, moved)


def _coming(program: Program, at: int, store: SqliteStore) -> dict[str, tuple[Coming, ...]]:
    found: dict[str, tuple[Coming, ...]] = {}
    for coming in coming_of_program(program, at, at + _LOOK_AHEAD, None, store.connection):
        if coming.playbook is not None and coming.members is None:
            found[coming.playbook] = (*found.get(coming.playbook, ()), coming)
    return found


def _later_facts(store: SqliteStore, plan: Plan) -> tuple[Note, ...]:
    """A note where facts came behind the plan that a run at its instant cannot see."""
    row = store.connection.execute(_LATER, {"at": plan.at, "seq": plan.seq}).fetchone()
    return (Note("N220", {"at": iso(plan.at, plan.zone)}),) if row[0] else ()


_LATER = "SELECT EXISTS (SELECT 1 FROM extents WHERE max_seq > :seq AND max_arrived > :at)"
