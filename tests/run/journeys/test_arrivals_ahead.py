"""What the store holds before it has arrived: imported while a run for an earlier instant is still to come."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from workspaces import Shop, micros

Open = Callable[..., Shop]
TEXT = """
剧本 "甲"
  {header}
  当 打上标签 "新客"
    等客户 {waited} 最长2天
    推送 企微 "推荐"
"""
START = "2026-11-18 10:00"


@pytest.mark.parametrize(
    ("header", "waited", "why", "goal"),
    [
        ("优先级 50", "做过 下单", "finished", None),
        ("优先级 50", '有标签 "老客"', "finished", None),
        ("转化目标 做过 下单 最长7天", "做过 点击", "goal_reached", "2026-11-18 12:30"),
        ('退出条件 有标签 "老客"', "做过 点击", "exited", None),
    ],
)
def test_the_run_that_can_see_it_meets_it(open_shop: Open, header: str, waited: str, why: str, goal: str | None) -> None:
    shop = open_shop(TEXT.format(header=header, waited=waited))
    shop.tag("新客", "u1", "u2", at=START)
    shop.run(START)
    shop.event("下单", "u1", at="2026-11-18 12:00", arrived="2026-11-18 12:10")
    shop.tag("老客", "u1", at="2026-11-18 12:10", since="2026-11-18 12:00")
    # It is in the store by now, and this run does not see it yet.
    shop.run("2026-11-18 12:05")
    assert shop.rows("SELECT DISTINCT why FROM enrolments") == [(None,)]
    shop.run("2026-11-18 12:30")
    found = shop.rows("SELECT m.id, e.why, e.goal FROM enrolments e JOIN members m USING (unit) ORDER BY m.id")
    assert found == [("u1", why, micros(goal) if goal else None), ("u2", None, None)]
