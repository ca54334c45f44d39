"""A disk that is full at every write: a message, nothing half-written, and all goes well once there is room."""

from __future__ import annotations

from pathlib import Path

import pytest
from crash.conftest import Days
from crash.nursery import Nursery
from crash.shop import BY_NAME
from crash.states import State, regardless_of_wall_clock, state_of

pytestmark = pytest.mark.slow

PAGE = 4096
# Far more than the command writes.
ROOM = 64 * 2**20


def test_a_disk_is_full_at_some_writes_of_a_run(nursery: Nursery, days: Days, tmp_path: Path) -> None:
    assert fill(nursery, days, tmp_path / "shop", "evening", 40 * PAGE) > 2


@pytest.mark.slow
@pytest.mark.parametrize(("command", "pages"), [("evening", 2), ("night", 1)])
def test_a_disk_is_full_at_every_write_of_a_run_or_every_other(
    nursery: Nursery, days: Days, tmp_path: Path, command: str, pages: int
) -> None:
    assert fill(nursery, days, tmp_path / "shop", command, pages * PAGE) > 20


def fill(nursery: Nursery, days: Days, root: Path, command: str, step: int) -> int:
    """Run under file-size limits that grow by ``step`` bytes until it succeeds; how often it failed."""
    days.before(command, root)
    before, wanted = state_of(root), regardless_of_wall_clock(days.states[command])
    failures = 0
    for largest in range(0, ROOM, step):
        report = nursery.type_in(root, "run", "--at", BY_NAME[command].at, largest=largest)
        if report.code == 0:
            break
        assert report.code == 3, report.said
        assert "Traceback" not in report.said
        assert "S307" in report.said or "C302" in report.said, report.said
        assert without_reservation(before).differences(without_reservation(state_of(root))) == []
        failures += 1
    assert wanted.differences(regardless_of_wall_clock(state_of(root))) == []
    return failures


def without_reservation(state: State) -> State:
    """The state without the next arrival number, which a run that failed may have moved."""
    meta = [row for row in state.tables["meta"] if row[0] != "next_seq"]
    return State({**state.tables, "meta": meta}, state.schema, state.files)
