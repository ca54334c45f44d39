"""Who a condition was true of at a past instant is told later as it was told then.

Everything arrives in the order of arrival, in shares; after each share the questions are asked as of now. When all is there,
they are asked again of those instants. ``QINGTING_EXAMPLES`` multiplies the number of cases (1 by default).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle import vocabulary
from oracle.cases import Case, seeded_cases
from oracle.model import NameFact
from oracle.store import Entry, Numbers, entries_of, pseudo_random, with_expiries, write_entry
from oracle.strategies import cases
from qingting.engine.asking import members_where
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.engine.stores.sqlite.facts import FactWriter, write_facts

pytestmark = pytest.mark.slow

TIMES = int(os.environ.get("QINGTING_EXAMPLES", "1"))
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something that arrives: an entry of a member, or what a group is called from an instant on."""

    arrived: int
    entry: Entry | None
    group: str = ""
    name: NameFact | None = None


def arrivals(case: Case) -> list[Arrival]:
    """Everything in the order of arrival, without what is said to have arrived before its member did."""
    found = []
    for entry in entries_of(case.setting.world):
        fact = entry.fact
        arrived = entry.member.arrived if fact is None else getattr(fact, "arrived", None) or fact.fact.arrived
        if arrived >= entry.member.arrived:
            found.append(Arrival(arrived, entry))
    for group, names in case.setting.world.groups.items():
        found += [Arrival(name.arrived, None, group, name) for name in names]
    # Of what arrives at one instant the members come first.
    return sorted(found, key=lambda a: (a.arrived, a.entry is None or a.entry.fact is not None))


def shares(case: Case, cuts: list[int]) -> Iterator[list[Arrival]]:
    """The arrivals cut at some places, in percent, but never between two of one instant."""
    rest = arrivals(case)
    for instant in sorted({rest[len(rest) * cut // 100].arrived for cut in cuts} | {rest[-1].arrived}):
        yield [each for each in rest if each.arrived <= instant]
        rest = [each for each in rest if each.arrived > instant]


@given(case=cases(), cuts=st.lists(st.integers(0, 99), min_size=2, max_size=4))
@settings(
    max_examples=6 * TIMES, deadline=None, derandomize=TIMES == 1,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)  # fmt: skip
def test_a_past_instant_is_answered_as_it_was_then(
    case: Case, cuts: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    check(case, cuts, tmp_path_factory.getbasetemp())


@pytest.mark.parametrize("seed", range(2))
def test_the_answers_change_as_more_arrives(seed: int, tmp_path: Path) -> None:
    told = [check(case, [30, 55, 75, 85], tmp_path) for case in seeded_cases(f"as of/{seed}", TIMES, 16)]
    assert all(len(answers) > 2 for answers in told)
    changed = sum(before != after for answers in told for before, after in zip(answers[0], answers[-1], strict=True))
    assert changed > 5 * TIMES


def check(case: Case, cuts: list[int], folder: Path) -> list[list[tuple[str, ...]]]:
    """Asks after each share and again at the end; gives what was told first."""
    library, zone = with_expiries(case.library, True), case.setting.at.zone
    path = folder / f"as_of{next(_numbers)}.db"
    with SqliteStore.create(path, at=0, random_bytes=pseudo_random("store")) as store:
        numbers = Numbers({})
        with write_facts(store, library, zone=zone, random_bytes=pseudo_random("groups")) as writer:
            numbers.staff.update({name: writer.add_staff(name, arrived=0) for name in vocabulary.STAFF})
            numbers.groups.update({name: writer.add_group(name, arrived=0) for name in case.setting.world.groups})
        told: dict[int, list[tuple[str, ...]]] = {}
        for number, share in enumerate(shares(case, cuts)):
            with write_facts(store, library, zone=zone, random_bytes=pseudo_random(f"share/{number}")) as writer:
                for arrival in share:
                    write(writer, arrival, numbers)
            told[share[-1].arrived] = answers(store, case, share[-1].arrived)
        for at, then in told.items():
            assert answers(store, case, at) == then
    for file in folder.glob(path.name + "*"):
        file.unlink()
    return list(told.values())


def write(writer: FactWriter, arrival: Arrival, numbers: Numbers) -> None:
    """Brings something into the store."""
    if arrival.entry is not None:
        write_entry(writer, arrival.entry, numbers)
    elif arrival.name is not None:
        name = arrival.name
        writer.add_group_fact(numbers.groups[arrival.group], "name", name.name, at=name.at, arrived=name.arrived)


def answers(store: SqliteStore, case: Case, at: int) -> list[tuple[str, ...]]:
    """Who each question is true of at an instant."""
    library, zone = with_expiries(case.library, True), case.setting.at.zone
    return [members_where(store, library, question.condition, at, zone) for question in case.questions]
