"""Caps, consent, money: scenarios 26 to 31."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

from workspaces import Shop, report_of, when

Open = Callable[..., Shop]
PUSH = 'push "问候"'
RIVALS = """
全局规则
  时区 Asia/Shanghai
  永不推送 有标签 "退订"
  每人每天最多1条
剧本 "先到"
  优先级 10
  面向 有标签 "好友"
  每天 20:00
    推送 企微 "问候"
    打标签 "已触达"
剧本 "要紧"
  优先级 80
  面向 有标签 "新客"
  每天 20:00
    推送 企微 "推荐"
"""


def test_26_rivals_are_settled_by_priority_and_the_log_says_so(open_shop: Open) -> None:
    shop = open_shop(RIVALS)
    shop.tag("新客", "u1", at="2026-11-18 10:00")
    shop.run("2026-11-18 20:05")
    told = [(r.playbook, r.status, r.reason) for r in shop.log(member="u1") if r.action == "push"]
    assert told == [("要紧", "queued", None), ("先到", "suppressed", "cap")]


def test_27_a_capped_message_leaves_a_word(open_shop: Open) -> None:
    shop = open_shop(RIVALS)
    shop.tag("新客", "u1", at="2026-11-18 10:00")
    planned = report_of(shop.plan("2026-11-18 20:05"), "先到").steps
    assert [(s.audience, s.dispatched, dict(s.suppressed)) for s in planned] == [(4, 3, {"cap": 1}), (4, 4, {})]
    shop.run("2026-11-18 20:05")
    assert [(r.member_id, r.playbook) for r in shop.log(reason="cap")] == [("u1", "先到")]
    # And the steps after it go on.
    assert ("u1", 'tag "已触达"', "done") in shop.decided()


def test_28_consent_withdrawn_before_delivery_is_heard(open_shop: Open) -> None:
    shop = open_shop(RIVALS)
    shop.run("2026-11-18 20:05")
    shop.tag("退订", "u2", at="2026-11-18 20:06")
    assert shop.deliver("2026-11-18 20:07").withdrawn == 1
    assert shop.outbox() == ["u1", "u3", "u4"]


TWO = """
券 "券" 减¥5
  库存 {stock}
剧本 "甲"
  {header}
  每天 20:00
    推送 企微 "问候" 附券 "券"
剧本 "乙"
  每天 20:00
    发券 "券"
"""


def test_29_two_playbooks_never_give_more_than_there_is(open_shop: Open) -> None:
    shop = open_shop(TWO.format(stock=100, header="优先级 60"))
    shop.members(*(f"m{number}" for number in range(66)))
    report = shop.run("2026-11-18 20:05")
    assert (len(shop.log(status="queued")), len(shop.log(status="done")), len(shop.log(reason="stock"))) == (70, 30, 40)
    assert shop.rows("SELECT count(DISTINCT code) FROM coupons") == [(100,)]
    assert [(s.before, s.after) for s in report_of(report, "乙").stock] == [(100, 0)]
    shop.run("2026-11-19 20:05")
    assert shop.rows("SELECT count(*) FROM coupons") == [(100,)]


def test_30_no_push_no_coupon(open_shop: Open) -> None:
    shop = open_shop(TWO.format(stock=4, header="免打扰 19:00 到 21:00 放弃").partition('剧本 "乙"')[0])
    shop.run("2026-11-18 20:05")
    assert {r.reason for r in shop.log()} == {"quiet_hours"}
    assert shop.rows("SELECT count(*) FROM coupons") == [(0,)]


def test_30_a_push_withdrawn_gives_its_coupon_back(open_shop: Open) -> None:
    policy = '全局规则\n  时区 Asia/Shanghai\n  永不推送 有标签 "退订"\n'
    shop = open_shop(policy + TWO.format(stock=4, header="优先级 60").partition('剧本 "乙"')[0])
    shop.run("2026-11-18 20:05")
    shop.tag("退订", "u1", at="2026-11-18 20:06")
    shop.deliver("2026-11-18 20:07")
    assert shop.rows("SELECT count(issued), count(cancelled) FROM coupons") == [(3, 1)]
    assert [(s.before, s.after) for s in report_of(shop.plan("2026-11-19 20:05"), "甲").stock] == [(1, 0)]


def test_31_an_event_delivered_twice_counts_once(open_shop: Open) -> None:
    shop = open_shop()
    order = {"id": "o1", "member": "u1", "type": "下单", "at": "2026-11-18 10:00", "amount": "60"}
    shop.bring("events", [order, order], at="2026-11-18 10:00")
    shop.bring("events", [order], at="2026-11-18 10:05")
    at = "2026-11-18 12:00"
    assert shop.who("累计 下单.金额 >= ¥60", at) == ("u1",)
    assert shop.who("累计 下单.金额 > ¥60 或 做过 下单 至少2次", at) == ()
    # The same number with other content is no second order either.
    path = shop.root / "other.jsonl"
    path.write_text(json.dumps({**order, "amount": "90"}, ensure_ascii=False), encoding="utf-8")
    report, _ = shop.ws.import_file("events", path, at=when("2026-11-18 11:00"))
    assert (report.added, len(report.conflicts)) == (0, 1)
    assert shop.who("累计 下单.金额 > ¥60", at) == ()


def test_31_points_for_an_event_delivered_twice_are_given_once(open_shop: Open) -> None:
    shop = open_shop('积分规则\n  下单 得 1 每 ¥1\n剧本 "空"\n  面向 有标签 "好友"\n  每天 20:00\n    推送 企微 "问候"\n')
    order = {"id": "o1", "member": "u1", "type": "下单", "at": "2026-11-18 10:00", "amount": "60"}
    shop.bring("events", [order, order], at="2026-11-18 10:00")
    shop.run("2026-11-18 11:00")
    shop.bring("events", [order], at="2026-11-18 11:05")
    shop.run("2026-11-18 12:00")
    assert shop.rows("SELECT delta, reason FROM points") == [(60, "points:下单")]
    # A refund takes away what its amount had brought.
    refund = {"id": "o2", "member": "u1", "type": "下单", "at": "2026-11-18 12:30", "amount": "-20.50"}
    shop.bring("events", [refund], at="2026-11-18 12:30")
    shop.run("2026-11-18 13:00")
    assert [delta for (delta,) in shop.rows("SELECT delta FROM points ORDER BY seq")] == [60, -20]


def test_29_two_steps_never_spend_more_than_the_budget(open_shop: Open) -> None:
    shop = open_shop("""
券 "五元" 减¥5
红包 "红包" ¥1 到 ¥3 随机
剧本 "甲"
  预算 ¥17 每天
  每天 20:00
    发券 "五元"
    发红包 "红包"
""")
    spent = "SELECT coalesce(sum(amount), 0) + 500 * (SELECT count(*) FROM coupons WHERE taken / 86400000000 = ?) "
    spent += "FROM redpackets WHERE taken / 86400000000 = ?"
    for day in ("2026-11-18", "2026-11-19"):
        shop.run(f"{day} 20:05")
        epoch_day = (when(day).date() - date(1970, 1, 1)).days
        ((cents,),) = shop.rows(spent, epoch_day, epoch_day)
        assert 1500 <= cents <= 1700
    assert {record.reason for record in shop.log()} == {None, "budget"}
