"""Members chosen by the compiler are those chosen by the oracle.

``QINGTING_EXAMPLES`` multiplies the number of cases (1 by default).
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from differential.backends import DuckBackend
from differential.checking import check_case, check_frames
from hypothesis import HealthCheck, given, settings
from oracle import clock, kinds
from oracle.cases import Case, existing, members_of, random_case, seeded_cases
from oracle.strategies import cases
from qingting.engine.program import ir

pytestmark = pytest.mark.slow

TIMES = int(os.environ.get("QINGTING_EXAMPLES", "1"))
QUESTIONS = 31
LEAST = 0.015


@pytest.mark.parametrize("seed", range(8))
def test_chosen_members_are_those_of_the_oracle(seed: int, tmp_path: Path) -> None:
    for case in seeded_cases(seed, 3 * TIMES, QUESTIONS):
        check_case(case, tmp_path)


@pytest.mark.parametrize("seed", range(4))
def test_each_member_is_judged_in_a_frame_of_their_own(seed: int, tmp_path: Path) -> None:
    for number in range(3 * TIMES):
        rng = Random(f"frames/{seed}/{number}")
        check_frames(random_case(rng, QUESTIONS), tmp_path, rng)


@pytest.mark.parametrize("seed", range(3))
def test_the_same_conditions_in_duckdb_choose_the_same_members(seed: int, tmp_path: Path) -> None:
    pytest.importorskip("duckdb")
    for case in seeded_cases(f"duckdb/{seed}", TIMES, QUESTIONS):
        check_case(case, tmp_path, DuckBackend)


@given(case=cases())
@settings(
    max_examples=12 * TIMES,
    deadline=None,
    derandomize=TIMES == 1,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
def test_generated_cases_agree(case: Case, tmp_path_factory: pytest.TempPathFactory) -> None:
    check_case(case, tmp_path_factory.getbasetemp())


def test_each_kind_of_test_parts_the_members_in_enough_cases() -> None:
    occurs: Counter[str] = Counter()
    total = 0
    for seed in range(8):
        for case in seeded_cases(seed, 3, QUESTIONS):
            total += len(case.questions)
            for question in case.questions:
                occurs.update(_parting_kinds(case, question.condition))
    rare = {kind: occurs[kind] / total for kind in kinds.KINDS if occurs[kind] < LEAST * total}
    assert not rare


def _parting_kinds(case: Case, condition: ir.Condition) -> set[str]:
    """The kinds of the tests that part the members in a condition that parts them."""
    everybody = len(existing(case.setting))

    def parts(one: ir.Condition) -> bool:
        return 0 < len(members_of(one, case.setting, case.library)) < everybody

    if not parts(condition):
        return set()
    found = set()
    for part in kinds.parts_of(condition):
        if parts(part):
            found.add(kinds.kind_of(part))
            for window in kinds.windows_of(part):
                found |= {"since event"} if window.since is not None else set()
                found |= {"during activity"} if clock.is_of_activity(window.low or window.high) else set()
            query = kinds.query_of(part)
            if query is not None and query.where is not None:
                found.add("where")
    return found
