"""Killing the carrying out of a plan: it is done in whole or not at all, and never twice."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
from crash.conftest import Days
from crash.driver import Report
from crash.nursery import Nursery
from crash.states import state_of

pytestmark = pytest.mark.slow

KILLS = 8
PLAN = ("plan", "--no-funnel", "--out", "evening.plan", "--at", "2026-11-20T20:30")
RUN = ("run", "--plan", "evening.plan", "--at", "2026-11-20T20:31")


def rows(root: Path) -> dict[str, object]:
    """All decisions with what follows from them; the table of runs bears the time at which they were made."""
    return {name: found for name, found in state_of(root).tables.items() if name not in ("runs", "meta")}


def test_it_is_done_once_wherever_it_dies(nursery: Nursery, days: Days, tmp_path: Path) -> None:
    planned = days.before("evening", tmp_path / "planned")
    assert nursery.type_in(planned, *PLAN).code == 0
    whole = Path(shutil.copytree(planned, tmp_path / "whole"))
    undisturbed = nursery.carry_out(whole, arguments=RUN, step=-1)
    assert undisturbed.code == 0, undisturbed.said
    wanted = rows(whole)
    answers = set()
    for number, step in enumerate(sorted(random.Random(5).sample(range(undisturbed.steps), KILLS))):
        root = Path(shutil.copytree(planned, tmp_path / str(number)))
        assert nursery.carry_out(root, arguments=RUN, step=step).code is None
        again: Report = nursery.type_in(root, *RUN)
        assert again.code == 0 or (again.code == 4 and "C277" in again.said), (step, again.said)
        answers.add(again.code)
        assert rows(root) == wanted, step
        assert nursery.type_in(root, *RUN).code == 4
        assert rows(root) == wanted, step
        shutil.rmtree(root)
    assert 0 in answers
