"""Journeys of a playbook at rest: they wait, and what happened meanwhile counts once it runs again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from workspaces import Shop

Open = Callable[..., Shop]
TEXT = """
剧本 "甲"
  {line}
  转化目标 做过 点击 最长2天
  当 打上标签 "新客"
    推送 企微 "问候"
    等客户 做过 下单 最长2天
      满足时
        打标签 "老客"
"""
RUNNING = TEXT.format(line="优先级 50")
RESTS = {
    "paused": TEXT.format(line="暂停"),
    "draft": TEXT.format(line="草稿"),
    "gone": "",
    "broken": TEXT.format(line="优先级 五十"),
    "its block is another": RUNNING.replace("新客", "已触达"),
}


@pytest.mark.parametrize("rest", RESTS)
@pytest.mark.parametrize("event", ["点击", "下单"])
def test_what_happened_at_rest_counts(open_shop: Open, event: str, rest: str) -> None:
    shop = open_shop(RUNNING)
    shop.tag("新客", "u1", at="2026-11-18 10:00")
    shop.run("2026-11-18 10:00")
    shop.write(RESTS[rest], sound=rest != "broken")
    shop.event(event, "u1", at="2026-11-18 12:00")
    for at in ("2026-11-18 12:05", "2026-11-18 12:10"):
        shop.run(at)
    shop.write(RUNNING)
    shop.run("2026-11-18 13:00")
    assert [r.action for r in shop.log()] == (["push", "tag"] if event == "下单" else ["push"])
    assert shop.rows("SELECT why FROM enrolments") == [("finished" if event == "下单" else "goal_reached",)]
