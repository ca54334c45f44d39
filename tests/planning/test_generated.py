"""Generated scenarios of every rule, each run made by carrying out a plan read from its file: the log is what was planned."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from differential.running import Stage, play
from oracle.playing import telling_scenarios
from oracle.scenarios import Step
from qingting.engine.planning.carrying_out import Asked, carry_out, coordinates
from qingting.engine.planning.making import Texts, written_plan
from qingting.engine.planning.plan_file import read_plan, write_plan
from qingting.engine.run.report import PlanOptions, RunReport

QUICK = [("quiet",)]
PAIRS = [("caps", "quiet"), ("budgets", "stock"), ("edits", "exits"), ("rules", "chains"), ("wait for", "goals")]
RECORDS = """
SELECT o.playbook, s.name, d.kind, h.status, h.reason, h.arm, o.name, d.not_before, hex(m.pseudonym)
FROM dispatches d JOIN headers h ON h.header = d.header JOIN steps s ON s.step = d.step
JOIN occurrences o ON o.occurrence = d.occurrence
JOIN (SELECT 0 AS kind, unit, pseudonym FROM members UNION ALL SELECT 1, unit, pseudonym FROM groups) m
  ON m.kind = d.kind AND m.unit = d.unit
WHERE d.seq >= ?
"""


class Planned(Stage):
    """A stage whose runs carry out plans."""

    def decide(self, step: Step) -> RunReport:
        path = self.path.with_suffix(".plan")
        _, plan = written_plan(self.store, self.program, step.at, PlanOptions(), Texts({}, datetime(2026, 1, 1, tzinfo=UTC)))
        write_plan(path, plan)
        assert read_plan(path) == plan
        *_, leaves = coordinates(self.store)
        report = carry_out(self.store, read_plan(path), Asked(self.program, {}), self.settings)
        decided = set(self.store.connection.execute(RECORDS, (leaves,)).fetchall())
        planned = {
            (g.playbook, g.step, g.kind, g.status, g.reason, g.arm, when.occurrence, when.at, when.members[i : i + 32])
            for g in plan.decisions.groups if g.status != "deferred"
            for when in g.when
            for i in range(0, len(when.members), 32)
        }
        assert decided == planned
        return report


@pytest.mark.parametrize("features", QUICK, ids=" and ".join)
def test_one_example(features: tuple[str, ...], telling: Path, tmp_path: Path) -> None:
    for number, scenario in telling_scenarios(features, 1, telling):
        play(scenario, tmp_path, f"s{number}", Planned)


@pytest.mark.slow
@pytest.mark.parametrize("features", PAIRS, ids=" and ".join)
def test_rules_in_pairs(features: tuple[str, ...], tmp_path: Path) -> None:
    for number, scenario in telling_scenarios(features, 1):
        play(scenario, tmp_path, f"s{number}", Planned)
