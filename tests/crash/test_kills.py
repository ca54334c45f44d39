"""Killing import, run and deliver wherever they are, and giving the command again: as if nothing had happened."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest
from crash.conftest import Days
from crash.driver import Report
from crash.killing import die
from crash.nursery import Nursery
from crash.shop import BY_NAME, DAYS, SENT
from crash.states import put_back

pytestmark = pytest.mark.slow

RUNS = [command.name for command in DAYS if command.verb == "run"]
QUICK = 12
KILLS = int(os.environ.get("QINGTING_KILLS", "200"))
# A command that keeps ending before its moment is given up after so many tries.
MOST_TRIES = 20


@pytest.mark.slow
def test_the_days_are_the_same_when_they_are_played_again(nursery: Nursery, days: Days, tmp_path: Path) -> None:
    root = days.before("create", tmp_path / "shop")
    for command in DAYS:
        nursery.finish(root, command.name)
        days.assert_same(root, command.name)


def test_the_days_hold_what_can_go_wrong(days: Days) -> None:
    """Two batches in one delivery, outcomes of two kinds, coupons given back, deferrals, waits and both branches."""
    tables = days.states["morning-out"].tables
    assert {row[4] for row in tables["deliveries"]} == {"sent", "withdrawn"}
    assert {row[4] for row in tables["coupon_facts"]} == {"reserved", "issued", "cancelled"}
    assert {row[-1] for row in tables["headers"]} >= {None, "holdout", "stock", "cap", "never_push"}
    assert max(row[10] for row in tables["enrolments"]) > 0
    assert len(days.states["morning"].tables["outbox"]) > 200
    assert {"decided", "committed", "fenced"} <= set(days.reports["evening"].boundaries)


def test_each_attempt_of_a_run_dies_one_boundary_later(nursery: Nursery, days: Days, tmp_path: Path) -> None:
    root = days.before("evening", tmp_path / "shop")
    for boundary in range(days.reports["evening"].boundaries.index("committed")):
        assert die(nursery, root, "evening", boundary=boundary).died
    nursery.finish(root, "evening")
    days.assert_same(root, "evening")


@pytest.mark.parametrize("boundary", ["committed", "fenced"])
def test_a_run_dies_after_its_commit(nursery: Nursery, days: Days, tmp_path: Path, boundary: str) -> None:
    root = days.before("evening", tmp_path / "shop")
    assert die(nursery, root, "evening", boundary=days.reports["evening"].boundaries.index(boundary)).died
    nursery.finish(root, "evening")
    days.assert_same(root, "evening")


@pytest.mark.slow
@pytest.mark.parametrize("command", RUNS)
def test_a_run_dies_at_each_boundary(nursery: Nursery, days: Days, tmp_path: Path, command: str) -> None:
    boundaries = days.reports[command].boundaries
    for number, boundary in enumerate(boundaries):
        root = days.before(command, tmp_path / f"{number}-{boundary}")
        assert die(nursery, root, command, boundary=number).died
        nursery.finish(root, command)
        days.assert_same(root, command)


@pytest.mark.parametrize("command", ["members", "evening-out"])
def test_a_command_dies_at_some_statements(nursery: Nursery, days: Days, tmp_path: Path, command: str) -> None:
    _die_at_steps(nursery, days, tmp_path, command, 3)


@pytest.mark.slow
@pytest.mark.parametrize("command", [command.name for command in DAYS])
def test_a_command_dies_at_statements_all_along(nursery: Nursery, days: Days, tmp_path: Path, command: str) -> None:
    _die_at_steps(nursery, days, tmp_path, command, 1 + KILLS // (2 * len(DAYS)))


def _die_at_steps(nursery: Nursery, days: Days, tmp_path: Path, command: str, count: int) -> None:
    """Kill at ``count`` statements spread evenly from the first to the last, each time in a fresh copy."""
    steps = _whole(nursery, days, tmp_path, command).steps
    for step in sorted({(steps - 1) * place // max(count - 1, 1) for place in range(count)}):
        root = days.before(command, tmp_path / str(step))
        death = die(nursery, root, command, step=step)
        assert death.died
        nursery.finish(root, command)
        days.assert_same(root, command, torn=death.torn)
        shutil.rmtree(root)


def _whole(nursery: Nursery, days: Days, tmp_path: Path, command: str) -> Report:
    """The report of a command whose steps are counted and that comes to its end."""
    report = nursery.carry_out(days.before(command, tmp_path / "counted"), command, step=-1)
    assert report.code == 0, report.said
    return report


@pytest.mark.parametrize("cut", [pytest.param(1, marks=pytest.mark.slow), 300, pytest.param(5000, marks=pytest.mark.slow)])
def test_a_delivery_dies_while_its_channel_writes(
    nursery: Nursery, days: Days, tmp_path: Path, cut: int
) -> None:
    """The file loses its end, as if the process had died within the writing."""
    root = days.before("evening-out", tmp_path / "shop")
    assert die(nursery, root, "evening-out", step=_whole(nursery, days, tmp_path, "evening-out").sent).died
    path = root / SENT
    os.truncate(path, path.stat().st_size - cut)
    nursery.finish(root, "evening-out")
    days.assert_same(root, "evening-out", torn=True)


def test_what_was_sent_is_in_the_fence_though_the_run_died_before_writing_it(
    nursery: Nursery, days: Days, tmp_path: Path
) -> None:
    """A copy from before the run is refused as soon as a message may have gone out."""
    root = days.before("evening", tmp_path / "shop")
    assert die(nursery, root, "evening", boundary=days.reports["evening"].boundaries.index("committed")).died
    nursery.finish(root, "late-tags")
    assert die(nursery, root, "evening-out", step=_whole(nursery, days, tmp_path, "evening-out").sent).died
    assert (root / SENT).exists()
    put_back(days.folder / "evening", root)
    report = nursery.type_in(root, "run", "--at", BY_NAME["evening"].at)
    assert report.code == 3
    assert "D201" in report.said


def test_commands_die_at_random_moments(nursery: Nursery, days: Days, tmp_path: Path) -> None:
    assert _die_at_random_moments(nursery, days, tmp_path, QUICK, 2) >= QUICK


@pytest.mark.slow
def test_commands_die_at_many_random_moments(nursery: Nursery, days: Days, tmp_path: Path) -> None:
    assert _die_at_random_moments(nursery, days, tmp_path, KILLS, 5) >= KILLS


def _die_at_random_moments(nursery: Nursery, days: Days, tmp_path: Path, kills: int, at_most: int) -> int:
    """Play the days over and over, each command dying one to ``at_most`` times before it ends; how often one died."""
    choice, killed, life = random.Random(20261121), 0, 0
    while killed < kills:
        root, torn, life = days.before("create", tmp_path / str(life)), False, life + 1
        for command in DAYS:
            died, tries, wanted = 0, 0, choice.randint(1, at_most)
            while died < wanted and tries < MOST_TRIES:
                seconds = days.reports[command.name].seconds * choice.random() / (1 + tries / 4)
                death = die(nursery, root, command.name, seconds=seconds)
                died, tries, torn = died + death.died, tries + 1, torn or death.torn
            killed += died
            nursery.finish(root, command.name)
            days.assert_same(root, command.name, torn=torn)
        shutil.rmtree(root)
    return killed
