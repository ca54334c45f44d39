"""What the reports of the runs say by the way: who entered, what was put off, which guards refused what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ..program.clock import local_day
from ..run.report import Blocked, PlaybookReport, RunReport
from .model import LeftOut, Tripped


@dataclass(slots=True)
class Tally:
    """The sums of one playbook over all runs."""

    occurrences: int = 0
    missed: int = 0
    entered: int = 0
    duplicate: int = 0
    late: int = 0
    in_flight: int = 0
    left: Counter[str] = field(default_factory=Counter)
    deferred: Counter[tuple[date, str]] = field(default_factory=Counter)

    def add(self, report: PlaybookReport, day: date) -> None:
        """Counts the report of one run in."""
        self.occurrences += len(report.occurrences)
        self.missed += len(report.missed)
        self.entered += report.entered
        self.duplicate += report.duplicate
        self.late += report.late
        self.in_flight = report.in_flight
        self.left.update(report.left)
        for step in report.steps:
            for reason, number in step.deferred.items():
                self.deferred[day, reason] += number


@dataclass(slots=True)
class Heard:
    """What has been heard of so far; days are those of ``zone``."""

    zone: str
    runs: list[int] = field(default_factory=list)
    tallies: dict[str, Tally] = field(default_factory=dict)
    rules_waited: bool = False
    _tripped: dict[str, Tripped] = field(default_factory=dict)
    _left_out: dict[str, LeftOut] = field(default_factory=dict)

    def note(self, report: RunReport) -> None:
        """Counts a run."""
        day = local_day(report.at, self.zone)
        self.runs.append(report.at)
        self.rules_waited = self.rules_waited or report.rules_wait
        for playbook in report.playbooks:
            self.tallies.setdefault(playbook.playbook, Tally()).add(playbook, day)
        for blocked in report.blocked:
            self._note_blocked(blocked, day)

    def _note_blocked(self, blocked: Blocked, day: date) -> None:
        name = blocked.playbook
        if blocked.reason != "guard":
            self._left_out.setdefault(name, LeftOut(name, blocked.codes, blocked.where))
            return
        before = self._tripped.get(name)
        runs, reached = (0, 0) if before is None else (before.runs, before.reached)
        first = day if before is None else before.day
        self._tripped[name] = Tripped(name, first, runs + 1, blocked.limit or 0, max(reached, blocked.reached or 0))

    @property
    def guards(self) -> Mapping[str, Tripped]:
        """The guards that refused their playbooks, by playbook."""
        return dict(sorted(self._tripped.items()))

    @property
    def left_out(self) -> Mapping[str, LeftOut]:
        """The playbooks that could not be run, by name."""
        return dict(sorted(self._left_out.items()))
