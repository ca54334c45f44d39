"""Playing a script: its facts and cases go through the real engine, and each case is judged by what was newly decided."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from ...grammar.diagnostics import Diagnostic
from ..answers import Note
from ..program.ir import EnterPlaybook, Program
from ..run.report import RunReport
from .coverage import Counts
from .due import next_due
from .explaining import explanations
from .judging import Actions, Decided, actions_of, decided, differences
from .model import Case, Fact, Script
from .reading import BEFORE
from .results import CaseResult, ScriptResult
from .shelf import Shelf, new_shelf
from .watching import Watch


@dataclass(frozen=True, slots=True)
class Judging:
    """How cases are judged: those whose names ``chosen`` finds, told in ``lang`` on the clock of ``zone``."""

    zone: str
    lang: str
    chosen: re.Pattern[str] | None = None

    def judges(self, case: Case) -> bool:
        """Whether a case is judged, not only played."""
        return self.chosen is None or self.chosen.search(case.name) is not None


def play_script(script: Script, program: Program, judging: Judging, counts: Counts | None = None) -> ScriptResult:
    """Play a script from its beginning and judge its cases; what they try goes into ``counts``.

    ``program`` is that of the workspace; of its playbooks only those under test run.
    """
    tested = under_test(program, script.playbooks)
    watch = None if counts is None else Watch(tested, counts)
    with new_shelf(tested, judging.zone, script.now - 2 * BEFORE) as shelf:
        play = _Play(script, shelf, judging, actions_of(tested), watch)
        results = tuple(play.results())
    return ScriptResult(script.file, script.text, results, tuple(play.problems))


def under_test(program: Program, names: Sequence[str]) -> Program:
    """The program with only these playbooks and those that they let members enter, drafts awake."""
    wanted, waiting = set[str](), list(names)
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted.add(name)
            waiting += _entered_from(program, name)
    awake = {
        name: replace(playbook, state="live" if playbook.state == "draft" else playbook.state)
        for name, playbook in program.playbooks.items() if name in wanted
    }
    blocked = {name: codes for name, codes in program.blocked.items() if name in wanted}
    return replace(program, playbooks=awake, blocked=blocked)


def _entered_from(program: Program, name: str) -> list[str]:
    playbook = program.playbooks.get(name)
    blocks = () if playbook is None else playbook.blocks
    return [step.playbook for block in blocks for step in block.code if isinstance(step, EnterPlaybook)]


@dataclass(slots=True)
class _Play:
    """One script as it is played; ``problems`` end it."""

    script: Script
    shelf: Shelf
    judging: Judging
    actions: Actions
    watch: Watch | None
    problems: list[Diagnostic] = field(default_factory=list)
    _seen: int = 0

    @property
    def _members(self) -> frozenset[str]:
        return frozenset(name for name, kind in self.script.units if kind == "member")

    def results(self) -> Iterator[CaseResult]:
        """The cases in order, until one cannot be played."""
        if not self._begin():
            return
        before = self.script.now - BEFORE
        for case in self.script.cases:
            refused = self._go_on(case, before)
            if self.problems:
                return
            yield self._judged(case, refused)
            before = case.at

    def _begin(self) -> bool:
        """Tell what was so before, and note it, so that nothing of it starts a playbook."""
        at = self.script.now - BEFORE
        self._tell(self.script.facts, at, past=True)
        if not self.problems:
            self.shelf.settle(at)
        return not self.problems

    def _tell(self, facts: Sequence[Fact], at: int, *, past: bool) -> None:
        found = self.shelf.tell(facts, at, past=past)
        self.problems += [replace(problem, file=self.script.file) for problem in found]

    def _go_on(self, case: Case, before: int) -> dict[str, Note]:
        """Let time go on to a case's instant; the playbooks that did not run, with why."""
        left_out: dict[str, Note] = {}
        answers = dict(case.answers)
        told: Sequence[Fact] = sorted(case.facts, key=lambda fact: self._arrival(fact, case, before))
        for at in self._instants(case, before, told):
            told = self._tell_until(at, told, case, before)
            if self.problems:
                break
            if at == case.at and self.judging.judges(case):
                self.shelf.remember()
            left_out.update(_left_out(self._run(at)))
            self.shelf.deliver(at, lambda recipient: answers.get(recipient, "sent"))
        return left_out

    def _run(self, at: int) -> RunReport:
        if self.watch is None:
            return self.shelf.run(at)
        self.watch.tests(self.shelf.store, at)
        return self.shelf.run(at, self.watch.reached(self.shelf.store))

    def _tell_until(self, at: int, told: Sequence[Fact], case: Case, before: int) -> Sequence[Fact]:
        """Tell what is known by ``at``, each at the instant of its arrival; the facts that are left."""
        for arrival, together in groupby(told, key=lambda fact: self._arrival(fact, case, before)):
            if arrival <= at and not self.problems:
                self._tell(list(together), arrival, past=False)
        return [fact for fact in told if self._arrival(fact, case, before) > at]

    def _arrival(self, fact: Fact, case: Case, before: int) -> int:
        """When a fact becomes known: as it says, or as it happens, but not before the case before."""
        learned = fact.at if fact.arrived is None else fact.arrived
        first = case is self.script.cases[0] and fact.arrived is None
        return min(learned if first else max(learned, before), case.at)

    def _instants(self, case: Case, before: int, told: Sequence[Fact]) -> Iterator[int]:
        """The instants of the runs of a case, the last at its own."""
        if not case.offline:
            arrivals = [self._arrival(fact, case, before) for fact in told]
            last = before
            while True:
                due = next_due(self.shelf.program, self.shelf.store, last, case.at)
                coming = [at for at in arrivals if at > last]
                last = min([*coming, *([due] if due is not None else [])], default=case.at)
                if last >= case.at:
                    break
                yield last
        yield case.at

    def _judged(self, case: Case, left_out: dict[str, Note]) -> CaseResult:
        records = self.shelf.records()
        fresh, self._seen = records[self._seen :], len(records)
        if self.watch is not None:
            self.watch.steps(fresh)
        new = decided(fresh, self.actions)
        if not self.judging.judges(case):
            return CaseResult(case.name, case.span, judged=False)
        new = self._by_key(new)
        found = differences(case, new, self.judging.zone, self.judging.lang)
        problems = [note for name, note in sorted(left_out.items()) if not (name in case.refused and note.code == "C412")]
        problems += [
            Note("C413", {"name": name}) for name in case.refused if left_out.get(name, Note("")).code != "C412"
        ]
        explained = explanations(case, found, new, self._members, self.shelf, self.judging.lang)
        return CaseResult(case.name, case.span, True, found, tuple(problems), explained)

    def _by_key(self, happened: Sequence[Decided]) -> tuple[Decided, ...]:
        """The decisions under the names of the test file; a group's record has the name it is shown by."""
        facts = [*self.script.facts, *(fact for case in self.script.cases for fact in case.facts)]
        shown = {
            cells["name"]: cells["group"]
            for cells in (dict(fact.cells) for fact in facts if fact.kind == "groups") if "name" in cells
        }
        return tuple(replace(each, unit=str(shown.get(each.unit, each.unit))) for each in happened)


def _left_out(report: RunReport) -> dict[str, Note]:
    """The playbooks that a run left out, with why."""
    found: dict[str, Note] = {}
    for blocked in report.blocked:
        if blocked.reason == "guard":
            limit, reached = blocked.limit or 0, blocked.reached or 0
            found[blocked.playbook] = Note("C412", {"name": blocked.playbook, "limit": limit, "reached": reached})
        elif blocked.reason == "failed":
            found[blocked.playbook] = Note("C416", {"name": blocked.playbook, "where": blocked.where or ""})
        else:
            why = ", ".join(blocked.codes) or blocked.reason
            found[blocked.playbook] = Note("C411", {"name": blocked.playbook, "codes": why})
    return found
