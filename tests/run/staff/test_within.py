"""``push … within D``: never later than that, neither decided, nor deferred, nor handed over; scenario 21."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from workspaces import Shop, micros

Open = Callable[..., Shop]
PUSH = """
剧本 "甲"
  面向 姓名 有值
  补发 全补
  每天 20:00
    推送 企微 "问候" 限1小时内
    打标签 "新客"
"""


def named(open_shop: Open, text: str) -> Shop:
    shop = open_shop(text)
    shop.members("u1", 姓名="甲")
    return shop


@pytest.mark.parametrize(("at", "outcome"), [
    ("2026-11-18 20:59", "queued"), ("2026-11-18 21:00", "queued"), ("2026-11-18 21:01", "late"),
])
def test_decided_too_late(open_shop: Open, at: str, outcome: str) -> None:
    """It is recorded as late, and the steps after it go on."""
    shop = named(open_shop, PUSH)
    shop.run(at)
    assert shop.decided() == [("u1", 'push "问候"', outcome), ("u1", 'tag "新客"', "done")]
    assert shop.log()[0].params == '{"within":"1 hour"}'


@pytest.mark.parametrize(("until", "deferred"), [("21:00", True), ("21:01", False)])
def test_deferred_no_further_than_it_may_come(open_shop: Open, until: str, deferred: bool) -> None:
    shop = named(open_shop, PUSH.replace("  补发", f"  免打扰 19:00 到 {until} 顺延\n  补发"))
    shop.run("2026-11-18 20:00")
    if deferred:
        assert shop.decided() == []
        shop.run("2026-11-18 21:30")
    assert shop.decided()[0] == ("u1", 'push "问候"', "queued" if deferred else "quiet_hours")


@pytest.mark.parametrize(("at", "sent"), [("2026-11-18 21:00", 1), ("2026-11-18 21:01", 0)])
def test_handed_over_no_later(open_shop: Open, at: str, sent: int) -> None:
    shop = named(open_shop, PUSH)
    shop.run("2026-11-18 20:05")
    report = shop.deliver(at)
    assert (report.sent, report.withdrawn, len(shop.outbox())) == (sent, 1 - sent, sent)
    delivery = shop.log(status="queued")[0].delivery
    assert delivery is not None
    assert (delivery.outcome, delivery.reason) == (("sent", None) if sent else ("withdrawn", "late"))


def test_a_month_counts_by_the_calendar(open_shop: Open) -> None:
    shop = named(open_shop, PUSH.replace("限1小时内", "限1个月内"))
    shop.run("2026-11-18 20:05")
    assert shop.rows("SELECT latest FROM outbox") == [(micros("2026-12-18 20:00"),)]


def test_sends_spread_over_time_keep_their_own(open_shop: Open) -> None:
    """The time counts from when a push may go out."""
    shop = named(open_shop, PUSH.replace("每天 20:00", "每天 20:00 分批2小时"))
    shop.run("2026-11-18 20:00")
    ((due, latest),) = shop.rows("SELECT due, latest FROM outbox")
    assert due > micros("2026-11-18 20:00")
    assert latest - due == 3_600_000_000


def test_coupons_go_back(open_shop: Open) -> None:
    shop = named(open_shop, """
券 "立减5" 减¥5
  库存 1
剧本 "甲"
  面向 姓名 有值
  每天 20:00
    推送 企微 "问候" 附券 "立减5" 限1小时内
""")
    shop.run("2026-11-18 20:05")
    shop.deliver("2026-11-18 22:00")
    shop.run("2026-11-19 20:05")
    assert [record.reason or record.status for record in shop.log()] == ["queued", "queued"]
