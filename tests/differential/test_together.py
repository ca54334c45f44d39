"""Rules that stand together in one workspace: runs decide what the oracle decides.

Four playbooks of different priorities vie for the same members under caps, quiet hours, stock, limits, holdout, re-entry lines and
consent, with waits, splits, goals and exits; in every scenario all of these show. ``QINGTING_EXAMPLES`` multiplies their
number (1 by default).
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from differential.running import play
from oracle.together import scenarios_together

TIMES = int(os.environ.get("QINGTING_EXAMPLES", "1"))


def test_one_example(tmp_path: Path) -> None:
    for number, scenario in scenarios_together(1):
        assert len({playbook.priority for playbook in scenario.playbooks}) == len(scenario.playbooks) == 4
        play(scenario, tmp_path, f"s{number}")


@pytest.mark.slow
def test_many(tmp_path: Path) -> None:
    for number, scenario in scenarios_together(8 * TIMES):
        play(scenario, tmp_path, f"s{number}")
