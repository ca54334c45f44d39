"""What the package offers, and that asking for it late costs nobody who does not."""

from __future__ import annotations

import subprocess
import sys

from qingting.engine import run

LIGHT = """
import sys, qingting.engine.run, qingting.engine.run.schedules
print(sorted({"sqlglot", "sqlite3", "qingting.engine.run.engine"} & sys.modules.keys()))
"""


def test_every_name_is_there() -> None:
    assert list(run.__all__) == sorted(run.__all__)
    assert all(getattr(run, name) for name in run.__all__)


def test_schedules_are_read_without_the_engine() -> None:
    done = subprocess.run([sys.executable, "-c", LIGHT], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
