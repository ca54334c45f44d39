"""Every seeded fault is caught by the differential tests; the package as it is passes them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from faults.runner import DIFFERENT
from faults.seeded import FAULTS, Fault

PACKAGE = Path(__file__).parents[2]
RUNNER = Path(__file__).with_name("runner.py")
FEW = 2
SHOWN_BY = sorted({fault.shown_by for fault in FAULTS})


def count_of(rules: str) -> int:
    """How many cases are played: worlds of 10 questions, or scenarios."""
    return 24 if rules.startswith(("conditions", "schedules", "packets", "budgets")) else 10


def copied(folder: Path) -> Path:
    """A copy of the package in a folder."""
    package = folder / "qingting"
    package.mkdir()
    for name in ("engine", "grammar"):
        shutil.copytree(PACKAGE / name, package / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PACKAGE / "__init__.py", package)
    return package


def play(folder: Path, rules: str, count: int) -> subprocess.CompletedProcess[str]:
    """Plays the cases of some rules against the copy in a folder."""
    command = [sys.executable, str(RUNNER), str(folder), rules, str(count)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


KNOWN = {
    "catch up": "the engine keeps an ended entry that counts for nothing and that the oracle does not keep; the records agree",
    "inside": "where a member enters by what falls due between runs, the engine does not see them in the playbook at once",
    "one of": "not settled yet which of the two is right",
}
"""Rules under which engine and oracle are known to differ in one of many cases, with the reason as far as it is known."""


@pytest.mark.slow
@pytest.mark.parametrize("rules", SHOWN_BY)
def test_the_package_as_it_is_passes(rules: str, tmp_path: Path) -> None:
    copied(tmp_path)
    played = play(tmp_path, rules, count_of(rules) if rules.startswith(("conditions", "budgets")) else FEW)
    assert played.returncode == 0, played.stderr


@pytest.mark.slow
@pytest.mark.parametrize("rules", [pytest.param(r, marks=pytest.mark.xfail(reason=why, strict=True)) for r, why in KNOWN.items()])
def test_the_package_as_it_is_passes_many(rules: str, tmp_path: Path) -> None:
    copied(tmp_path)
    assert play(tmp_path, rules, count_of(rules)).returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name.replace(" ", "-") for fault in FAULTS])
def test_a_fault_is_caught(fault: Fault, tmp_path: Path) -> None:
    file = copied(tmp_path) / fault.file
    text = file.read_text(encoding="utf-8")
    assert text.count(fault.old) == 1, "the text to be changed stands there once"
    file.write_text(text.replace(fault.old, fault.new), encoding="utf-8")
    played = play(tmp_path, fault.shown_by, count_of(fault.shown_by))
    assert played.returncode == DIFFERENT, played.stderr


def test_there_are_thirty_faults_or_more() -> None:
    assert len({fault.name for fault in FAULTS}) >= 30
