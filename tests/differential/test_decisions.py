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
from oracle.scenarios import EXTRAS, FEATURES

pytestmark = pytest.mark.slow

TIMES = int(os.environ.get("QINGTING_EXAMPLES", "1"))
ALONE = [(feature,) for feature in (*FEATURES, *EXTRAS)]
PAIRS = list(combinations(FEATURES, 2))


@pytest.mark.parametrize("features", [*ALONE, *PAIRS], ids=" and ".join)
def test_rules_alone_and_in_pairs(features: tuple[str, ...], tmp_path: Path) -> None:
    for number, scenario in telling_scenarios(features, 2 * TIMES):
        play(scenario, tmp_path, f"s{number}")
