"""Quiet hours: where they begin and end, over midnight and where clocks jump."""

from __future__ import annotations

from datetime import datetime

import pytest
from qingting.engine.program.clock import iso, local_to_instant, naive_micros
from qingting.engine.program.ir import QuietHours
from qingting.engine.run.quiet import quiet_until

NIGHT = QuietHours(22 * 60, 8 * 60, "defer")
NOON = QuietHours(12 * 60, 14 * 60, "skip")


def ends(quiet: QuietHours, text: str, zone: str = "Asia/Shanghai", fold: int = 0) -> str | None:
    until = quiet_until(quiet, local_to_instant(naive_micros(datetime.fromisoformat(text)), zone, fold), zone)
    return None if until is None else iso(until, zone)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-20T21:59:59.999999", None),
        ("2026-11-20T22:00", "2026-11-21T08:00:00+08:00"),
        ("2026-11-21T00:00", "2026-11-21T08:00:00+08:00"),
        ("2026-11-21T07:59:59.999999", "2026-11-21T08:00:00+08:00"),
        ("2026-11-21T08:00", None),
    ],
)
def test_over_midnight_the_start_is_in_and_the_end_is_out(text: str, expected: str | None) -> None:
    assert ends(NIGHT, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-20T11:59", None),
        ("2026-11-20T12:00", "2026-11-20T14:00:00+08:00"),
        ("2026-11-20T14:00", None),
    ],
)
def test_within_a_day_the_start_is_in_and_the_end_is_out(text: str, expected: str | None) -> None:
    assert ends(NOON, text) == expected


def test_equal_ends_are_quiet_all_day_up_to_the_next() -> None:
    assert ends(QuietHours(8 * 60, 8 * 60, "defer"), "2026-11-20T08:00") == "2026-11-21T08:00:00+08:00"


def test_an_end_that_is_skipped_is_the_jump() -> None:
    quiet = QuietHours(22 * 60, 2 * 60 + 30, "defer")
    assert ends(quiet, "2026-03-08T01:00", "America/New_York") == "2026-03-08T03:00:00-04:00"


def test_an_end_that_comes_twice_is_the_next_one() -> None:
    quiet = QuietHours(0, 90, "defer")
    assert ends(quiet, "2026-11-01T01:00", "America/New_York") == "2026-11-01T01:30:00-04:00"
    assert ends(quiet, "2026-11-01T01:00", "America/New_York", fold=1) == "2026-11-01T01:30:00-05:00"
