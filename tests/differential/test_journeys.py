"""Journeys, and what starts them, are what the oracle makes of them: each rule alone and in pairs, over sequences of runs.

Every scenario is one in which its rules matter. ``QINGTING_EXAMPLES`` multiplies their number (1 by default).
"""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path

import pytest
from differential.running import play
from hypothesis import HealthCheck, given, settings
from oracle.playing import telling_scenarios
from oracle.scenarios import JOURNEYS, Scenario
from oracle.strategies import journeys
from sampling import sampled

TIMES = int(os.environ.get("QINGTING_EXAMPLES", "1"))
ALONE = [(feature,) for feature in JOURNEYS]
PAIRS = [
    ("wait for", "goals"),
    ("wait for", "edits"),
    ("wait for", "outages"),
    ("wait for", "member zones"),
    ("wait for", "points"),
    ("goals", "holdout"),
    ("goals", "edits"),
    ("exits", "returns"),
    ("catch up", "wait for"),
    ("catch up", "outages"),
    ("days", "member zones"),
    ("since", "repeats"),
    ("within", "quiet"),
]
QUICK = [("wait for", "goals"), ("edits", "exits")]
NAMES = count()


@pytest.mark.parametrize("features", sampled(2, [(features,) for features in QUICK]), ids=" and ".join)
def test_one_example(features: tuple[str, ...], telling: Path, tmp_path: Path) -> None:
    for number, scenario in telling_scenarios(features, 1, telling):
        play(scenario, tmp_path, f"s{number}")


@pytest.mark.slow
@pytest.mark.parametrize("features", [*ALONE, *PAIRS], ids=" and ".join)
def test_rules_alone_and_in_pairs(features: tuple[str, ...], telling: Path, tmp_path: Path) -> None:
    for number, scenario in telling_scenarios(features, 2 * TIMES, telling):
        play(scenario, tmp_path, f"s{number}")


@pytest.mark.slow
@settings(max_examples=20 * TIMES, deadline=None, suppress_health_check=list(HealthCheck))
@given(scenario=journeys())
def test_small_scenarios(scenario: Scenario, tmp_path_factory: pytest.TempPathFactory) -> None:
    play(scenario, tmp_path_factory.getbasetemp(), f"small{next(NAMES)}")
