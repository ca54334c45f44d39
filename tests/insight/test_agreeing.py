"""Explanations of the records of random runs: the same reason as the record's, and what is seen leads to it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import pytest
from differential.running import Stage
from oracle.scenarios import EXTRAS, FEATURES, JOURNEYS, MORE, random_scenario
from qingting.engine.insight.explain import explain_dispatch
from qingting.engine.insight.losing import Loss, who_lost

RULES = (*FEATURES, *EXTRAS, *MORE, *JOURNEYS)
_RECORDS = """
SELECT d.key, h.status, h.reason FROM dispatches d JOIN headers h ON h.header = d.header ORDER BY d.key LIMIT :most
"""


_SUPPRESSED = """
SELECT s.playbook, h.reason, count(*) FROM dispatches d JOIN headers h ON h.header = d.header JOIN steps s ON s.step = d.step
WHERE h.status = 'suppressed' GROUP BY s.playbook, h.reason
"""
WITH_CAUSE = {
    "late", "cap", "exclusive", "holdout", "stock", "per_member_limit", "never_push", "quiet_hours", "incomplete", "budget",
    "exited", "not_friend",
}
BRINGS = {"caps": "cap", "stock": "stock", "holdout": "holdout", "consent": "never_push", "budgets": "budget", "one of": "exclusive"}
"""What rules bring, if anything."""


def check(seed: str, folder: Path, most: int, *rules: str) -> Counter[str | None]:
    """Explains up to ``most`` records of a random scenario with two rules; gives how often each reason came."""
    rng = Random(seed)
    scenario = random_scenario(rng, frozenset(rules or rng.sample(RULES, 2)), members=6, runs=4)
    stage = Stage(scenario, folder, seed.replace("/", "-"))
    found: Counter[str | None] = Counter()
    for step in scenario.steps:
        stage.tell(step)
        stage.decide(step)
    for key, status, reason in stage.store.connection.execute(_RECORDS, {"most": most}).fetchall():
        told = explain_dispatch(stage.store, stage.program, key.hex()[:20], "en").record
        assert told is not None
        assert (told.status, told.reason, told.agrees) == (status, reason, True), (seed, key.hex()[:20])
        assert told.cause or reason not in WITH_CAUSE, (seed, key.hex()[:20])
        found[reason] += 1
    check_losers(stage, seed)
    stage.close()
    return found


def check_losers(stage: Stage, seed: str) -> None:
    """Each suppressed record is counted once, and of each cap and journey it is known what it was lost to."""
    counted: Counter[tuple[str, str]] = Counter()
    for playbook in stage.program.playbooks:
        for group in who_lost(stage.store, stage.program, Loss(playbook)):
            counted[playbook, group.reason] += group.records
            assert sum(to.records for to in group.to) == group.records, (seed, group)
            known = all(to.playbook is not None for to in group.to)
            assert known or group.reason not in ("cap", "exclusive"), (seed, group)
    logged = stage.store.connection.execute(_SUPPRESSED).fetchall()
    assert counted == {(playbook, reason): number for playbook, reason, number in logged}, seed


@pytest.mark.parametrize("rules", [("caps", "waits"), ("one of", "stock")], ids=" and ".join)
def test_records_of_a_few_runs(rules: tuple[str, ...], tmp_path: Path) -> None:
    found = sum((check(f"few/{seed}", tmp_path, 12, *rules) for seed in range(2)), Counter[str | None]())
    assert found[None]


@pytest.mark.slow
@pytest.mark.parametrize("rule", [*FEATURES, *EXTRAS, "budgets", "one of", "late"])
def test_records_of_many_runs(rule: str, tmp_path: Path) -> None:
    seeds = [f"{rule}/{seed}" for seed in range(6)]
    rules = [] if rule == "late" else [rule]
    found = sum((check(seed, tmp_path, 30, *rules) for seed in seeds), Counter[str | None]())
    assert found[None]
    assert found[BRINGS.get(rule)], found
