"""Caps after an outage: what goes out on one day counts on that day, whenever it fell due."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from workspaces import Shop, when

Open = Callable[..., Shop]
START = "2026-11-18 10:00"
TEXT = """
全局规则
  时区 Asia/Shanghai
  每人每天最多1条{defer}
剧本 "甲"
  当 打上标签 "新客"
    推送 企微 "问候"
    等待 1天
    推送 企微 "推荐"
    等待 1天
    推送 企微 "问候"
    打标签 "老客"
"""


def begin(open_shop: Open, defer: str = "") -> Shop:
    shop = open_shop(TEXT.format(defer=defer))
    shop.tag("新客", "u1", at=START)
    shop.run(START)
    return shop


def sent(shop: Shop) -> list[tuple[str, str | None, str]]:
    return [(r.step, r.reason, r.not_before.strftime("%d %H:%M")) for r in shop.log() if r.action == "push"]


def test_two_days_missed_do_not_make_two_messages_on_one_day(open_shop: Open) -> None:
    shop = begin(open_shop)
    shop.run("2026-11-21 09:00")
    assert sent(shop) == [
        ('push "问候"', None, "18 10:00"),
        ('push "推荐"', None, "21 09:00"),
        ('push "问候" #2', "cap", "20 10:00"),
    ]


def test_what_defers_goes_out_one_a_day(open_shop: Open) -> None:
    shop = begin(open_shop, " 顺延")
    shop.run("2026-11-21 09:00")
    assert [step for step, *_ in sent(shop)] == ['push "问候"', 'push "推荐"']
    shop.run("2026-11-22 00:00")
    assert sent(shop)[2:] == [('push "问候" #2', None, "22 00:00")]


def test_what_is_late_within_its_day_keeps_its_instant(open_shop: Open) -> None:
    shop = begin(open_shop)
    shop.run("2026-11-19 20:00")
    assert sent(shop)[1:] == [('push "推荐"', None, "19 10:00")]


@pytest.mark.parametrize("at", ["2026-11-20 00:00", "2026-11-20 09:00"])
def test_a_push_of_that_day_counts_with_those_of_the_day_before(open_shop: Open, at: str) -> None:
    """What fell due on the 19th went out on the 20th; that day's own push is one too many."""
    shop = begin(open_shop)
    shop.run(at)
    shop.run("2026-11-20 10:00")
    assert [(step, reason) for step, reason, _ in sent(shop)[1:]] == [('push "推荐"', None), ('push "问候" #2', "cap")]
    assert shop.log()[-1].t == when("2026-11-20 10:00")
