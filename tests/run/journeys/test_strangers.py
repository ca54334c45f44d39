"""Who is no friend any longer gets nothing by a channel among friends."""

from __future__ import annotations

from collections.abc import Callable

from workspaces import Shop

Open = Callable[..., Shop]
START = "2026-11-18 10:00"
TEXT = """
剧本 "甲"
  当 打上标签 "新客"
    推送 企微 "问候"
    等待 1天
    推送 {channel} "推荐"
"""


def friend(shop: Shop, member: str, since: str, until: str | None = None, at: str = START) -> None:
    row = {"member": member, "staff": "小王", "since": since} | ({} if until is None else {"until": until})
    shop.bring("friends", [row], at)


def steps(shop: Shop, member: str) -> list[str]:
    return [r.step + (f" {r.reason}" if r.reason else "") for r in shop.log() if r.member_id == member]


def test_who_was_a_friend_once_does_not_enter(open_shop: Open) -> None:
    shop = open_shop(TEXT.format(channel="企微"))
    friend(shop, "u1", "2026-11-01T10:00:00", "2026-11-10T10:00:00")
    friend(shop, "u2", "2026-11-01T10:00:00")
    shop.tag("新客", "u1", "u2", "u3", at=START)
    shop.run(START)
    assert steps(shop, "u1") == ['push "问候" not_friend']
    assert steps(shop, "u2") == ['push "问候"']


def test_of_whom_no_friendship_is_known_the_store_cannot_say(open_shop: Open) -> None:
    shop = open_shop(TEXT.format(channel="企微"))
    friend(shop, "u2", "2026-11-01T10:00:00")
    shop.tag("新客", "u3", at=START)
    shop.run(START)
    assert steps(shop, "u3") == ['push "问候"']


def test_who_leaves_on_the_way_gets_no_more_and_goes_on(open_shop: Open) -> None:
    shop = open_shop(TEXT.format(channel="企微"))
    friend(shop, "u1", "2026-11-01T10:00:00")
    shop.tag("新客", "u1", at=START)
    shop.run(START)
    friend(shop, "u1", "2026-11-01T10:00:00", "2026-11-19T09:00:00", at="2026-11-19 09:00")
    shop.run("2026-11-19 10:00")
    assert steps(shop, "u1") == ['push "问候"', 'push "推荐" not_friend']


def test_another_channel_still_reaches_them(open_shop: Open) -> None:
    shop = open_shop(TEXT.format(channel="短信"))
    friend(shop, "u1", "2026-11-01T10:00:00", "2026-11-10T10:00:00")
    shop.tag("新客", "u1", at=START)
    shop.run(START)
    shop.run("2026-11-19 10:00")
    assert steps(shop, "u1") == ['push "问候" not_friend', 'push "推荐"']


def test_each_order_has_its_own_journey_though_another_is_under_way(open_shop: Open) -> None:
    shop = open_shop("""
事件 签收 含 订单号 文本
剧本 "甲"
  每个 订单号 仅一次
  当 签收
    推送 企微 "问候"
    等待 7天
    推送 企微 "推荐"
""")
    shop.event("签收", "u1", at="2026-11-18 10:00", 订单号="A")
    shop.run("2026-11-18 10:05")
    shop.event("签收", "u1", at="2026-11-18 11:00", 订单号="B")
    shop.event("签收", "u1", at="2026-11-18 11:30", 订单号="A")
    shop.run("2026-11-18 12:00")
    assert steps(shop, "u1") == ['push "问候"', 'push "问候"']
    shop.run("2026-11-25 12:00")
    assert steps(shop, "u1")[2:] == ['push "推荐"', 'push "推荐"']
