"""Cron lines: what is read, and why others are refused."""

from __future__ import annotations

import pytest
from croniter import croniter
from qingting.engine.program.cron import check_cron

GOOD = [
    "0 9 * * *", "*/15 9-21 * * 1-5", "0 9 * * mon-fri", "0 9 * jan,jul *", "0 9 L * *", "0 9 1,L * *", "0 9 * * L5",
    "0 9 * * 5#2", "0 9 * * fri#2", "0 9 * * 7", "0 9 * * 0", "0 9 29 2 *", "0 9 30 2 1", "0 22-2 * * *", "0 9 * * wed",
    "0/15 9 * * *", "5 4 31 1-12 *",
]


@pytest.mark.parametrize("text", GOOD)
def test_read_and_known_to_the_library_that_runs_it(text: str) -> None:
    assert check_cron(text) is None
    assert croniter.is_valid(text)


@pytest.mark.parametrize(
    ("code", "part", "text"),
    [
        ("E330", "6", "0 0 9 * * *"),
        ("E330", "4", "0 9 * *"),
        ("E330", "0", ""),
        ("E331", "@daily", "@daily"),
        ("E332", "15w", "0 9 15W * *"),
        ("E332", "lw", "0 9 LW * *"),
        ("E332", "?", "0 9 ? * 1"),
        ("E333", "60", "60 9 * * *"),
        ("E333", "24", "0 24 * * *"),
        ("E333", "*/0", "*/0 9 * * *"),
        ("E333", "5#6", "0 9 * * 5#6"),
        ("E333", "1,5#2", "0 9 * * 1,5#2"),
        ("E333", "foo", "0 9 * * foo"),
        ("E333", "r", "R 9 * * *"),
        ("E334", "30 2", "0 9 30 2 *"),
        ("E334", "31 2,4,6", "0 9 31 2,4,6 *"),
    ],
)
def test_refused(code: str, part: str, text: str) -> None:
    fault = check_cron(text)
    assert fault is not None
    assert (fault.code, fault.part) == (code, part)
