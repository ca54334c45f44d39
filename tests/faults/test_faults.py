"""Every seeded fault is caught by the differential tests; the package as it is passes them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from faults import driver
from faults.cases import play_cases
from faults.driver import PACKAGE, Order, Report
from faults.seeded import FAULTS, Fault

FEW = 2
SHOWN_BY = sorted({fault.shown_by for fault in FAULTS})
Player = Callable[..., Report]


def count_of(rules: str) -> int:
    """How many cases are played: worlds of 10 questions, or scenarios."""
    return 24 if rules.startswith(("conditions", "schedules", "packets", "budgets")) else 10


@pytest.fixture(scope="session")
def play(telling: Path) -> Iterator[Player]:
    """Plays ``count_of`` cases of some rules against the package with ``source`` in the place of a ``file``."""
    with subprocess.Popen(
        [sys.executable, driver.__file__],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        stdin, stdout = process.stdin, process.stdout
        assert stdin is not None
        assert stdout is not None

        def player(rules: str, count: int, **change: str) -> Report:
            stdin.write(json.dumps(asdict(Order(rules, count, str(telling), **change))) + "\n")
            stdin.flush()
            return Report(**json.loads(stdout.readline()))

        yield player
        stdin.close()
        process.wait(timeout=60)


@pytest.mark.slow
@pytest.mark.parametrize("rules", SHOWN_BY)
def test_the_package_as_it_is_passes(rules: str, telling: Path, tmp_path: Path) -> None:
    # The differential tests play it through and through; here it is to be seen that what is played can pass.
    play_cases(rules, count_of(rules) // 2 if rules.startswith(("conditions", "budgets")) else FEW, tmp_path, telling)


@pytest.mark.slow
@pytest.mark.parametrize("rules", ["caps", "conditions:sample"])
def test_the_package_as_it_is_passes_where_faults_are_looked_for(rules: str, play: Player) -> None:
    assert play(rules, FEW).outcome == "agree"


@pytest.mark.slow
def test_a_change_of_no_consequence_is_no_fault(play: Player) -> None:
    file = "engine/query/sql.py"
    report = play("conditions:sample", FEW, file=file, source=(PACKAGE / file).read_text(encoding="utf-8") + "\nNOUGHT = 0\n")
    assert report.outcome == "agree"


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name.replace(" ", "-") for fault in FAULTS])
def test_a_fault_is_caught(fault: Fault, play: Player) -> None:
    text = (PACKAGE / fault.file).read_text(encoding="utf-8")
    assert text.count(fault.old) == 1, "the text to be changed stands there once"
    changed = text.replace(fault.old, fault.new)
    report = play(fault.shown_by, count_of(fault.shown_by), file=fault.file, source=changed)
    assert report.outcome == "differ", report.said


def test_there_are_thirty_faults_or_more() -> None:
    assert len({fault.name for fault in FAULTS}) >= 30
