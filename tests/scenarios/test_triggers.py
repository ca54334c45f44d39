"""What goes wrong elsewhere when something that happens starts a journey."""

from __future__ import annotations

from collections.abc import Callable

from workspaces import Shop

Open = Callable[[str], Shop]
JOURNEY = """
剧本 "跟进"
  当 下单
    打标签 "新客"
    等待 1天
    推送 企微 "问候"
"""


def test_11_a_repeated_event_enrols_once(open_shop: Open) -> None:
    shop = open_shop(JOURNEY)
    row = {"id": "callback-1", "member": "u1", "type": "下单", "at": "2026-11-18 10:00"}
    shop.bring("events", [row, row], "2026-11-18 10:00")
    shop.run("2026-11-18 10:05")
    shop.bring("events", [row], "2026-11-18 10:10")
    shop.run("2026-11-18 10:15")
    assert shop.rows("SELECT count(*) FROM enrolments") == [(1,)]
    shop.run("2026-11-19 10:05")
    assert [(r.member_id, r.action) for r in shop.log()] == [("u1", "tag"), ("u1", "push")]


def test_13_what_one_member_does_moves_nobody_else(open_shop: Open) -> None:
    shop = open_shop(JOURNEY.replace("  当 下单\n", "  退出条件 做过 点击\n  当 下单\n"))
    shop.event("下单", "u1", at="2026-11-18 10:00")
    shop.run("2026-11-18 10:05")
    shop.event("下单", "u2", at="2026-11-18 11:00")
    shop.event("点击", "u2", at="2026-11-18 12:00")
    shop.run("2026-11-18 12:05")
    shop.run("2026-11-19 12:05")
    assert [(r.member_id, r.action) for r in shop.log()] == [("u1", "tag"), ("u2", "tag"), ("u1", "push")]


def test_37_all_that_the_engine_changes_starts_what_depends_on_it(open_shop: Open) -> None:
    shop = open_shop("""
剧本 "源"
  当 下单
    设置 城市 为 "杭州"
    加积分500
    去标签 "好友"
    转入剧本 "转"
剧本 "城"
  当 城市 变更
    打标签 "新客"
剧本 "分"
  当 积分 达到 500
    打标签 "新客"
剧本 "失"
  当 去掉标签 "好友"
    打标签 "新客"
剧本 "转"
  当 转入
    打标签 "新客"
""")
    shop.event("下单", "u1", at="2026-11-18 10:00")
    shop.run("2026-11-18 10:05")
    assert sorted(r.playbook for r in shop.log() if r.action == "tag") == sorted(["城", "分", "失", "转"])
    assert {r.member_id for r in shop.log()} == {"u1"}


def test_38_events_that_come_out_of_order_are_each_met_once(open_shop: Open) -> None:
    shop = open_shop('剧本 "跟进"\n  当 下单\n    打标签 "新客"\n')
    shop.event("下单", "u1", at="2026-11-18 10:30", arrived="2026-11-18 10:31")
    shop.run("2026-11-18 10:35")
    shop.event("下单", "u1", at="2026-11-18 10:00", arrived="2026-11-18 10:40")
    shop.event("下单", "u1", at="2026-11-18 10:45", arrived="2026-11-18 10:40")
    shop.run("2026-11-18 10:42")
    shop.run("2026-11-18 10:50")
    shop.run("2026-11-18 10:55")
    assert len(shop.log()) == 3
