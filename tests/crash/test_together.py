"""Two processes at work on one store at once."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from crash.conftest import Days
from crash.nursery import Nursery
from crash.shop import BY_NAME, EARLY_TAGS, RIVAL_TAGS, STORE
from crash.states import State, regardless_of_wall_clock, state_of
from qingting.engine.stores.sqlite.intervals import FOREVER

pytestmark = pytest.mark.slow

EVENING = ("run", "--at", BY_NAME["evening"].at)


def slow(boundary: str) -> Any:
    """A boundary that the quick part leaves out."""
    return pytest.param(boundary, marks=pytest.mark.slow)


def paused(nursery: Nursery, days: Days, root: Path, command: str, boundary: str) -> int:
    """Have a child perform ``command`` in ``root`` up to ``boundary`` and stop there; its number."""
    report = nursery.carry_out(root, command, pause=days.reports[command].boundaries.index(boundary))
    assert report.pid is not None, report.said
    return report.pid


def typed(root: Path, *arguments: str) -> subprocess.Popen[str]:
    """A command line in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "qingting", *arguments, "-C", str(root)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "LANG": "C.UTF-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("boundary", [slow("reserved"), "decided", slow("committed")])
def test_a_second_run_is_refused_and_told_who_holds_the_lock(
    nursery: Nursery, days: Days, tmp_path: Path, boundary: str
) -> None:
    root = days.before("evening", tmp_path / "shop")
    first = paused(nursery, days, root, "evening", boundary)
    second = nursery.type_in(root, *EVENING)
    assert second.code == 3
    assert "R301" in second.said
    assert f"pid {first}" in second.said
    assert nursery.go_on(first).code == 0
    days.assert_same(root, "evening")


@pytest.mark.slow
def test_a_second_run_that_waits_has_nothing_left_to_do(nursery: Nursery, days: Days, tmp_path: Path) -> None:
    root = days.before("evening", tmp_path / "shop")
    first = paused(nursery, days, root, "evening", "waves")
    with typed(root, *EVENING, "--wait", "60") as second:
        await_lock(second, root)
        assert second.poll() is None
        assert nursery.go_on(first).code == 0
        said = second.communicate(timeout=60)
    assert second.returncode == 0, said
    days.assert_same(root, "evening")


def await_lock(process: subprocess.Popen[str], root: Path) -> None:
    """Wait until ``process`` has the lock's file open."""
    lock, patience = str((root / STORE).with_name(STORE + ".lock").resolve()), time.monotonic() + 60
    while time.monotonic() < patience:
        links = [os.readlink(link) for link in Path(f"/proc/{process.pid}/fd").iterdir() if link.is_symlink()]
        if lock in links:
            return
        time.sleep(0.05)
    raise TimeoutError("the process does not come to the lock")


@pytest.mark.slow
def test_two_runs_started_at_once_are_one_run(nursery: Nursery, days: Days, tmp_path: Path) -> None:
    wanted = regardless_of_wall_clock(days.states["evening"])
    for attempt in range(3):
        root = days.before("evening", tmp_path / str(attempt))
        with typed(root, *EVENING) as one, typed(root, *EVENING) as other:
            said = [one.communicate(timeout=120), other.communicate(timeout=120)]
        codes = sorted((one.returncode, other.returncode))
        # Who comes when all is done finds nothing to do.
        assert codes in ([0, 3], [0, 0]), said
        assert ("R301" in "".join(err for _, err in said)) == (codes == [0, 3])
        assert wanted.differences(regardless_of_wall_clock(state_of(root))) == []


def journeys(state: State) -> int:
    """How many journeys of the newcomers there are."""
    return sum(row[1] == "新客旅程" for row in state.tables["enrolments"])


@pytest.mark.parametrize(
    "boundary",
    [slow("reserved"), slow("agenda"), "waves", slow("decided")],
)
def test_an_import_goes_on_while_a_run_decides(nursery: Nursery, days: Days, tmp_path: Path, boundary: str) -> None:
    """What it brings is for the next run, although it says that it arrived before."""
    root = days.before("evening", tmp_path / "shop")
    first = paused(nursery, days, root, "evening", boundary)
    nursery.finish(root, EARLY_TAGS.name)
    assert nursery.go_on(first).code == 0
    after = days.before("late-tags", tmp_path / "after")
    nursery.finish(after, EARLY_TAGS.name)
    state = state_of(root)
    assert state_of(after).differences(state) == []
    assert state.tables["dispatches"] == days.states["evening"].tables["dispatches"]
    for folder in (root, after):
        nursery.finish(folder, "night")
    later = state_of(root)
    assert state_of(after).differences(later) == []
    assert journeys(later) > journeys(state) == journeys(days.states["evening"])


@pytest.mark.slow
def test_an_import_before_the_run_begins_is_seen(nursery: Nursery, days: Days, tmp_path: Path) -> None:
    """Which makes the test above one of the mark."""
    root = days.before("evening", tmp_path / "shop")
    first = paused(nursery, days, root, "evening", "declared")
    nursery.finish(root, EARLY_TAGS.name)
    assert nursery.go_on(first).code == 0
    before = days.before("evening", tmp_path / "before")
    nursery.finish(before, EARLY_TAGS.name)
    nursery.finish(before, "evening")
    state = state_of(root)
    assert state_of(before).differences(state) == []
    assert len(state.tables["dispatches"]) > len(days.states["evening"].tables["dispatches"])


@pytest.mark.slow
def test_an_exclusive_group_stays_so_with_an_import_beside_a_run(
    nursery: Nursery, days: Days, tmp_path: Path
) -> None:
    """The run gives 老客 as of 11:05, the import 新客 as of 20:10, and neither knows of the other."""
    root = days.before("evening", tmp_path / "shop")
    first = paused(nursery, days, root, "evening", "waves")
    nursery.finish(root, RIVAL_TAGS.name)
    assert nursery.go_on(first).code == 0
    tables = state_of(root).tables
    numbers = {name: number for number, name in tables["tags"]}
    held = {
        name: {unit for tag, unit, _, until, _ in tables["member_tags"] if tag == numbers[name] and until == FOREVER}
        for name in ("新客", "老客")
    }
    assert held["新客"]
    assert not held["新客"] & held["老客"]


@pytest.mark.slow
def test_a_delivery_goes_on_while_a_run_decides(nursery: Nursery, days: Days, tmp_path: Path) -> None:
    root = days.before("evening-out", tmp_path / "shop")
    first = paused(nursery, days, root, "night", "waves")
    nursery.finish(root, "evening-out")
    assert nursery.go_on(first).code == 0
    state = state_of(root)
    delivered = days.states["evening-out"].tables["deliveries"]
    assert [row[1:5] for row in state.tables["deliveries"]] == [row[1:5] for row in delivered]
    for command in ("morning", "morning-out"):
        nursery.finish(root, command)
        state_of(root)
