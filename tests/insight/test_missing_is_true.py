"""What an explanation says is missing makes the test true, once it has happened; random worlds and conditions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from insight.applying import NotApplied, becomes_true
from insight.worlds import store_of
from oracle.cases import Case, random_case
from oracle.conditions import holds
from qingting.engine.insight.missing.conditions import missing_of
from qingting.engine.insight.view import View
from qingting.engine.program import ir
from qingting.engine.query.normal import normal

KNOWN_LATER, EVERY_SEQ = 2**60, 2**62
MEMBERS = 3


def leaves(condition: ir.Condition) -> Iterator[ir.Condition]:
    """The tests of a condition in normal form, and the complement of each."""
    if isinstance(condition, ir.All | ir.Any):
        for item in condition.items:
            yield from leaves(item)
    else:
        yield condition


def check(case: Case, folder: Path) -> Counter[str]:
    """Does what each false test lacks; gives how many tests became true, and how many said that nothing helps."""
    found: Counter[str] = Counter()
    at = case.setting.at
    with store_of(case, folder) as store:
        tests = dict.fromkeys(
            normal(signed, case.library)
            for question in case.questions for test in leaves(normal(question.condition, case.library))
            for signed in (test, ir.Not(test))
        )
        for unit in range(1, MEMBERS + 1):
            view = View(store, case.library, unit, at.t, KNOWN_LATER, EVERY_SEQ, at.zone)
            if view.exists():
                check_truth(case, view)
                found.update(told(test, view, at.zone) for test in tests if not view.is_true(test))
    return found


def check_truth(case: Case, view: View) -> None:
    """What follows from the single tests is what the oracle says of the whole conditions."""
    (name,) = view.store.connection.execute("SELECT id FROM members WHERE unit = ?", (view.unit,)).fetchone()
    world = case.setting.world
    member = next(member for member in world.members if member.id == name)
    for question in case.questions:
        wanted = holds(question.condition, world, member, view.t, view.at, view.mark, view.zone, case.library)
        assert view.is_true(question.condition) == wanted, question.condition


def told(test: ir.Condition, view: View, zone: str) -> str:
    """What came of what a false test lacks."""
    parts = missing_of(test, view, "en")
    assert parts, test
    assert all(part.text and "{" not in part.text for part in parts), parts
    if any(part.is_hopeless for part in parts):
        return "hopeless"
    try:
        assert becomes_true(test, parts, view, zone), (test, parts)
    except NotApplied:
        return "not applied"
    return "true"


@pytest.mark.slow
def test_what_whole_conditions_lack_makes_them_true_unless_their_tests_contradict(tmp_path: Path) -> None:
    found: Counter[bool] = Counter()
    for seed in range(3):
        case = random_case(Random(f"whole/{seed}"), 31, 4, 8)
        at = case.setting.at
        with store_of(case, tmp_path) as store:
            view = View(store, case.library, 1, at.t, KNOWN_LATER, EVERY_SEQ, at.zone)
            for condition in (normal(question.condition, case.library) for question in case.questions):
                parts = () if view.is_true(condition) else missing_of(condition, view, "zh")
                if parts and not any(part.is_hopeless for part in parts):
                    with suppress(NotApplied):
                        found[becomes_true(condition, parts, view, at.zone)] += 1
    assert found[True] > 9 * found[False], found
    assert found[True] > 30


@pytest.mark.parametrize("seed", range(2))
def test_what_is_missing_makes_a_test_true(seed: int, tmp_path: Path) -> None:
    found = check(random_case(Random(f"few/{seed}"), 7, 3, 3, tries=1), tmp_path)
    assert found["true"] > 2 * found["hopeless"], found


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_what_is_missing_makes_every_kind_of_test_true(seed: int, tmp_path: Path) -> None:
    found = check(random_case(Random(f"many/{seed}"), 31, 4, 8), tmp_path)
    assert found["true"] > 2 * found["hopeless"], found
    assert found["true"] > 2 * found["not applied"], found
