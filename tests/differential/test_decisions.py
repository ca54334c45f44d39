"""What runs decide is what the oracle decides: each rule alone and in pairs, over sequences of runs.

``QINGTING_EXAMPLES`` multiplies the number of scenarios (1 by default).
"""

from __future__ import annotations

import os
from collections import Counter
from itertools import combinations
from pathlib import Path
from random import Random

import pytest
from differential.running import play
from oracle.scenarios import EXTRAS, FEATURES, random_scenario

TIMES = int(os.environ.get("QINGTING_EXAMPLES", "1"))
PAIRS = [*((feature,) for feature in FEATURES), *combinations(FEATURES, 2)]
SHOWN_BY = {
    "caps": ("cap",),
    "quiet": ("quiet_hours", "deferred"),
    "stock": ("stock", "per_member_limit"),
    "holdout": ("holdout",),
    "reentry": ("duplicate",),
}


@pytest.mark.parametrize("pair", PAIRS, ids=" and ".join)
def test_rules_alone_and_in_pairs(pair: tuple[str, ...], tmp_path: Path) -> None:
    outcomes: Counter[str] = Counter()
    for number in range(2 * TIMES):
        rng = Random(f"{'+'.join(pair)}/{number}")
        extras = rng.sample(EXTRAS, rng.choice((0, 1, 2)))
        scenario = random_scenario(rng, frozenset((*pair, *extras)))
        outcomes += play(scenario, tmp_path, f"s{number}")
    assert outcomes["queued"] + outcomes["done"]
    for feature in pair:
        assert any(outcomes[reason] for reason in SHOWN_BY[feature]), (feature, outcomes)


@pytest.mark.parametrize("extra", EXTRAS)
def test_what_else_runs_do(extra: str, tmp_path: Path) -> None:
    outcomes: Counter[str] = Counter()
    for number in range(2 * TIMES):
        rng = Random(f"{extra}/{number}")
        more = rng.sample(FEATURES, rng.choice((0, 1, 2)))
        outcomes += play(random_scenario(rng, frozenset((extra, *more))), tmp_path, f"s{number}")
    assert outcomes["queued"] + outcomes["done"]
