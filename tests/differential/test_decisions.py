"""What runs decide is what the oracle decides: each rule alone and in pairs, over sequences of runs.

Every scenario is one in which its rules matter. ``QINGTING_EXAMPLES`` multiplies their number (1 by default).
"""

from __future__ import annotations

import os
from itertools import combinations
from pathlib import Path

import pytest
from differential.running import play
from oracle.playing import telling_scenarios
from oracle.scenarios import EXTRAS, FEATURES, MORE
from sampling import sampled

TIMES = int(os.environ.get("QINGTING_EXAMPLES", "1"))
ALONE = [(feature,) for feature in (*FEATURES, *EXTRAS, *MORE)]
PAIRS = [
    *combinations(FEATURES, 2),
    ("budgets", "waits"),
    ("budgets", "member zones"),
    ("budgets", "packets"),
    ("budgets", "stock"),
    ("packets", "waits"),
    ("packets", "member zones"),
    ("schedules", "member zones"),
    ("own dates", "member zones"),
    ("rotation", "budgets"),
    ("rotation", "caps"),
    ("take", "points"),
    ("one of", "waits"),
    ("over", "quiet"),
    ("over", "caps"),
    ("returns", "waits"),
    ("rules", "chains"),
    ("points", "waits"),
    ("despite", "caps"),
    ("despite", "quiet"),
]
QUICK = [("budgets",), ("schedules",), ("rules",)]


@pytest.mark.parametrize("features", sampled(3, [(features,) for features in QUICK]), ids=" and ".join)
def test_one_example(features: tuple[str, ...], telling: Path, tmp_path: Path) -> None:
    for number, scenario in telling_scenarios(features, 1, telling):
        play(scenario, tmp_path, f"s{number}")


@pytest.mark.slow
@pytest.mark.parametrize("features", [*ALONE, *PAIRS], ids=" and ".join)
def test_rules_alone_and_in_pairs(features: tuple[str, ...], telling: Path, tmp_path: Path) -> None:
    for number, scenario in telling_scenarios(features, 2 * TIMES, telling):
        play(scenario, tmp_path, f"s{number}")
