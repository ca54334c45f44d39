"""Conditions and schedules by themselves, as the command line asks them."""

from __future__ import annotations

import pytest
from qingting.engine.program import ir
from qingting.engine.program.resolve import resolve_condition, resolve_schedule
from qingting.grammar.parser import collect_names, parse_condition, parse_schedule

from .texts import LIBRARY, SETTINGS, check

WORKSPACE = LIBRARY + """
segment "坏"
  tagged "没有"
playbook "P"
  every day at 10:00
    step "首触"
      push wecom "猫粮种草"
playbook "Q"
  every day at 10:00
    nonsense
    push wecom "猫粮种草"
"""


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ('tagged "新客"', []),
        ('tagged "没有"', ["E204"]),
        ('in segment "坏"', ["E226"]),
        ('received "P" step "首触"', []),
        ('received "P" step "二触"', ["E210"]),
        ('received "Q" step "二触"', []),
        ('received "R"', ["E209"]),
        ('city is 5 and points is "x"', ["E303", "E301"]),
        ("lunar_birthday is unknown", []),
    ],
)
def test_a_condition_by_itself(text: str, codes: list[str]) -> None:
    program = check(WORKSPACE).program
    written, problems = parse_condition(text, collect_names([WORKSPACE]))
    assert problems == ()
    assert written is not None
    found, diagnostics = resolve_condition(written, program, SETTINGS)
    assert [d.code for d in diagnostics] == codes
    assert (found is None) == bool(codes)
    assert all(d.file == "<condition>" for d in diagnostics)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("every day at 20:00, 09:00", ir.Daily(None, (540, 1200))),
        ("每周一、周五 10:00", ir.Daily((1, 5), (600,))),
        ("every 2 hours between 22:00 and 02:00", ir.Interval(120, (1320, 120))),
        ('cron "0  9 * * MON"', ir.Cron("0 9 * * mon")),
        ("on 2026-01-01 at 00:01", ir.Once(1767225600_000_000 + ir.MINUTE)),
        ('cron "0 9 31 4 *"', None),
    ],
)
def test_a_schedule_by_itself(text: str, expected: ir.Schedule | None) -> None:
    written, problems = parse_schedule(text, collect_names([]))
    assert problems == ()
    assert written is not None
    found, diagnostics = resolve_schedule(written, check(LIBRARY).program, SETTINGS)
    assert found == (None if expected is None else ir.Timetable(expected))
    assert bool(diagnostics) == (expected is None)
