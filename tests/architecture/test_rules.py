"""Rules, ladders, calendars and what is scarce: sentences 42 to 46 of ARCHITECTURE.md."""

from __future__ import annotations

from collections.abc import Callable

from workspaces import SETTINGS, Shop, report_of, when

Open = Callable[..., Shop]
RULES = """
积分规则
  点击 得 1 每天最多2
  下单 得 1 每 ¥1
凡是 点击 "猫*" 打标签 "已触达"
"""


def points(shop: Shop, member: str) -> int:
    return shop.rows("SELECT points FROM members WHERE id = ?", member)[0][0]


def test_42_a_rule_acts_on_an_event_once_at_its_later_instant(open_shop: Open) -> None:
    shop = open_shop(RULES)
    shop.event("点击", "u1", at="2026-11-18 10:00", arrived="2026-11-18 12:00", subject="猫粮")
    shop.event("下单", "u2", at="2026-11-18 10:00", arrived="2026-11-18 12:00", amount="12.90")
    shop.event("点击", "u3", at="2026-11-17 10:00", backfill=True)
    for at in ("2026-11-18 13:00", "2026-11-18 14:00"):
        shop.run(at)
    assert [points(shop, member) for member in ("u1", "u2", "u3")] == [1, 12, 0]
    assert shop.who('有标签 "已触达"', "2026-11-18 14:00") == ("u1",)
    # They happen at the later of `at` and `arrived`, and are known from the run on.
    assert shop.rows("SELECT DISTINCT at, arrived FROM points") == [
        (int(when("2026-11-18 12:00").timestamp() * 1e6), int(when("2026-11-18 13:00").timestamp() * 1e6))
    ]
    assert shop.log() == []


def test_42_while_a_rule_is_broken_events_wait_for_it(open_shop: Open) -> None:
    shop = open_shop(RULES)
    shop.event("点击", "u1", at="2026-11-18 10:00")
    shop.write(RULES.replace('"已触达"', '"没有声明"'), sound=False)
    shop.run("2026-11-18 13:00")
    assert points(shop, "u1") == 0
    shop.write(RULES)
    shop.run("2026-11-18 14:00")
    assert points(shop, "u1") == 1


def test_43_a_tier_follows_the_points_of_the_same_run(open_shop: Open) -> None:
    shop = open_shop("""
积分规则
  下单 得 1 每 ¥1
等级规则
  "金" 满 100
  "普通" 其余
剧本 "甲"
  面向 等级 是 "金"
  每天 20:00
    打标签 "老客"
""")
    shop.event("下单", "u1", at="2026-11-18 10:00", amount="100")
    shop.event("下单", "u2", at="2026-11-18 10:00", amount="99.99")
    shop.run("2026-11-18 20:05")
    assert shop.decided() == [("u1", 'tag "老客"', "done")]


def test_44_a_member_meets_an_own_date_once_for_a_value(open_shop: Open) -> None:
    text = """
剧本 "甲"
  当 生日 前{days}天 {clock}
    推送 企微 "问候"
"""
    shop = open_shop(text.format(days=7, clock="10:00"))
    shop.members("u1", 生日="2026-11-26")
    shop.run("2026-11-19 10:30")
    assert [r.occurrence for r in shop.log()] == ["2026-11-26"]
    shop.write(text.format(days=5, clock="12:00"))
    assert report_of(shop.run("2026-11-21 12:30"), "甲").duplicate == 1
    shop.members("u1", 生日="2026-11-27", at="2026-11-21 13:00")
    shop.run("2026-11-22 12:30")
    assert [r.occurrence for r in shop.log()] == ["2026-11-26", "2026-11-27"]


def test_45_nothing_is_guessed_about_days_nobody_has_announced(open_shop: Open) -> None:
    text = """
剧本 "甲"
  每个工作日 10:00
    推送 企微 "问候"
"""
    shop = open_shop(text)
    (shop.root / "qingting.yaml").write_text(SETTINGS + "holidays: CN\n", encoding="utf-8")
    shop.write(text)
    shop.run("2026-11-20 10:30")
    assert len(shop.log()) == 4
    report = report_of(shop.plan("2031-03-05 10:30"), "甲")
    assert report.entered == 0
    assert report.unknown_days[-1].isoformat() == "2031-03-05"


def test_46_the_first_for_whom_it_does_not_suffice_ends_it_for_all_after(open_shop: Open) -> None:
    shop = open_shop("""
红包 "小红包" ¥1 到 ¥3 随机
剧本 "甲"
  预算 ¥4
  每天 20:00
    发红包 "小红包"
""")
    shop.run("2026-11-18 20:05")
    given = [amount for (amount,) in shop.rows("SELECT amount FROM redpackets")]
    assert 0 < sum(given) <= 400
    assert len([row for row in shop.decided() if row[2] == "budget"]) == 4 - len(given) > 0
    shop.run("2026-11-19 20:05")
    assert sum(amount for (amount,) in shop.rows("SELECT amount FROM redpackets")) <= 400
