"""ARCHITECTURE.md, Plans: carried out as they were made, and compared with another version member by member."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from qingting.engine.planning.carrying_out import PlanMoved
from qingting.grammar.diagnostics import Refused
from workspaces import Shop, when

Open = Callable[..., Shop]
TEXT = '''
剧本 "晚安"
  面向 有标签 "好友"
  每天 20:00
    推送 企微 "问候"
'''
EVENING = "2026-11-20 20:05"


def test_63_a_plan_is_carried_out_as_it_was_made_once(open_shop: Open) -> None:
    shop = open_shop(TEXT)
    shop.members("u1", name="张三", at="2026-11-18 00:01")
    path = shop.root / "evening.plan"
    shop.plan(EVENING, out=path)
    assert "张三" not in path.read_text("utf-8")
    assert '"u1"' not in path.read_text("utf-8")
    shop.untag("好友", "u1", at="2026-11-20 19:00")
    before = shop.dump()
    with pytest.raises(PlanMoved):
        shop.ws.run_plan(path, now=when(EVENING))
    assert shop.dump() == before
    shop.tag("好友", "u1", at="2026-11-20 19:01")
    answer = shop.ws.run_plan(path, now=when("2026-11-21 10:00"))
    assert (answer.report.at, answer.report.records) == (answer.report.playbooks[0].occurrences[0] + 300_000_000, 4)
    with pytest.raises(Refused):
        shop.ws.run_plan(path, now=when("2026-11-21 10:00"))


def test_64_a_moved_clock_makes_nobody_new(open_shop: Open, tmp_path: Path) -> None:
    shop = open_shop(TEXT.replace("20:00", "19:30").replace("好友", "新客"))
    shop.tag("新客", "u1", "u2")
    other = shop.copy(tmp_path / "was", TEXT)
    before = shop.dump()
    against = shop.plan(EVENING, against=str(other.root)).against
    assert against is not None
    assert shop.dump() == before
    (step,) = against.contrast.steps
    assert {name: number for name, number in step.numbers.items() if number} == {"time": 2, "no_longer": 2}
