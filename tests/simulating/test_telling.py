"""What a simulation tells: days, messages per member, meetings, what runs out, and playbooks that never do anything."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from qingting.engine.simulating.model import Collision, Simulation, Spread
from qingting.grammar.diagnostics import UsageError
from simulating.lives import at
from workspaces import Shop, when

NOW = at(1, "06:00")
Open = Callable[[str], Shop]


def forward(shop: Shop, until: str, start: str = NOW, playbook: str | None = None) -> Simulation:
    """What comes, seen from the morning of the second day."""
    return shop.ws.simulate(start=when(start), until=when(until), at=when(NOW), playbook=playbook)


DAILY = """
券 "立减5" 减¥5
  库存 10
剧本 "晚安"
  面向 有标签 "好友"
  每天 20:00
    推送 企微 "问候" 附券 "立减5"
"""


def test_each_day_has_its_messages_by_channel(open_shop: Open) -> None:
    found = forward(open_shop(DAILY + '剧本 "短"\n  面向 有标签 "好友"\n  2026-11-20 09:00\n    推送 短信 "推荐"\n'.replace(
        "  2026", "  定时 2026")), at(3, "21:00"))
    assert [(day.day, dict(day.queued)) for day in found.days] == [
        (date(2026, 11, 19), {"wecom": 4}), (date(2026, 11, 20), {"sms": 4, "wecom": 4}), (date(2026, 11, 21), {"wecom": 2}),
    ]
    assert dict(found.days[2].suppressed) == {"stock": 2}
    assert found.records == 16
    assert found.channels == ("sms", "wecom")


def test_stock_goes_day_by_day_until_none_is_left(open_shop: Open) -> None:
    shop = open_shop(DAILY)
    shop.run(at(0, "21:00"))
    (stock,) = forward(shop, at(3, "21:00")).stock
    assert (stock.coupon, stock.stock, stock.left, stock.runs_out) == ("立减5", 10, (2, 0, 0), date(2026, 11, 20))


def test_budgets_go_by_day_and_in_all(open_shop: Open) -> None:
    found = forward(open_shop("""
剧本 "每日"
  预算 3条 每天
  面向 有标签 "好友"
  每天 20:00
    推送 企微 "问候"
剧本 "一共"
  预算 ¥18
  面向 有标签 "好友"
  每天 21:00
    发券 "立减5"
券 "立减5" 减¥5
"""), at(2, "22:00"))
    assert [(each.owner, each.budget.kind, each.left, each.runs_out) for each in found.budgets] == [
        ("一共", "money", (300, 300), None), ("每日", "pushes", (0, 0), date(2026, 11, 19)),
    ]
    assert dict(found.days[0].suppressed) == {"budget": 2}


def test_messages_per_member_count_those_who_get_none(open_shop: Open) -> None:
    shop = open_shop('剧本 "早"\n  面向 有标签 "老客"\n  每天 09:00\n    推送 企微 "问候"\n')
    shop.tag("老客", "u1", at=at(0, "12:00"))
    found = forward(shop, at(3, "21:00"))
    assert found.messages == Spread(((0, 3), (3, 1)))
    assert (found.messages.quantile(0.5), found.messages.quantile(0.9), found.messages.most) == (0, 3, 3)


def test_seven_days_are_counted_apart(open_shop: Open) -> None:
    shop = open_shop('剧本 "早"\n  面向 有标签 "老客"\n  每周五 09:00\n    推送 企微 "问候"\n')
    shop.tag("老客", "u1", "u2", at=at(0, "12:00"))
    found = forward(shop, at(14, "23:00"))
    assert (found.messages, found.weekly) == (Spread(((0, 2), (2, 2))), Spread(((0, 4), (1, 4))))


MEETING = """
全局规则
  每人每天最多1条
剧本 "高"
  优先级 80
  面向 有标签 "好友"
  每天 20:00
    推送 企微 "问候"
剧本 "低"
  面向 有标签 "老客"
  每天 20:00
    推送 企微 "推荐"
剧本 "服务"
  类别 服务
  面向 有标签 "老客"
  每天 21:00
    推送 短信 "推荐"
"""


def test_who_meets_whom_and_who_loses(open_shop: Open) -> None:
    shop = open_shop(MEETING)
    shop.tag("老客", "u1", "u2", at=at(0, "12:00"))
    found = forward(shop, at(2, "22:00"))
    assert set(found.collisions) == {
        Collision("高", "低", "cap", 4), Collision("服务", "高", "both", 4),
    }
    assert found.collided == 4


def test_who_is_inside_another_journey_loses_to_it(open_shop: Open) -> None:
    shop = open_shop("""
剧本 "长"
  同组互斥 "送"
  面向 有标签 "老客"
  每周四 09:00
    等待 3天
    推送 企微 "问候"
剧本 "短"
  同组互斥 "送"
  面向 有标签 "好友"
  每周五 09:00
    推送 短信 "推荐"
""")
    shop.tag("老客", "u1", "u2", at=at(0, "12:00"))
    found = forward(shop, at(3))
    assert found.collisions == (Collision("长", "短", "exclusive", 2),)
    assert found.collided == 2


def test_one_playbook_alone_is_told_of(open_shop: Open) -> None:
    shop = open_shop(MEETING)
    shop.tag("老客", "u1", "u2", at=at(0, "12:00"))
    found = forward(shop, at(2, "22:00"), playbook="低")
    assert [each.playbook for each in found.playbooks] == ["低"]
    assert found.records == 4 == sum(sum(day.suppressed.values()) for day in found.days)
    assert {(each.first, each.second) for each in found.collisions} == {("高", "低")}
    with pytest.raises(UsageError, match="C127"):
        forward(shop, at(2), playbook="没有")


def test_why_playbooks_never_do_anything(open_shop: Open) -> None:
    shop = open_shop("""
全局规则
  永不推送 有标签 "退订"
剧本 "停"
  暂停
  面向 有标签 "好友"
  每天 20:00
    推送 企微 "问候"
剧本 "稿"
  草稿
  面向 有标签 "好友"
  每天 20:00
    推送 企微 "问候"
剧本 "明年"
  面向 有标签 "好友"
  定时 2027-06-01 08:00
    推送 企微 "问候"
剧本 "无人"
  面向 有标签 "已触达"
  每天 20:00
    推送 企微 "问候"
剧本 "没事"
  当 下单
    推送 企微 "问候"
剧本 "拒收"
  面向 有标签 "退订"
  每天 20:00
    推送 企微 "问候"
剧本 "太多"
  熔断 2人
  面向 有标签 "好友"
  每天 20:00
    推送 企微 "问候"
剧本 "还早"
  面向 有标签 "好友"
  每天 20:00
    等待 30天
    推送 企微 "问候"
剧本 "进过"
  每人仅一次
  面向 有标签 "好友"
  每天 20:00
    推送 企微 "问候"
剧本 "做事"
  面向 有标签 "好友"
  每天 20:00
    推送 企微 "问候"
""")
    shop.run(at(0, "21:00"))
    shop.tag("退订", "u4", at=at(0, "22:00"))
    found = forward(shop, at(2, "21:00"))
    assert {each.playbook: each.never for each in found.playbooks} == {
        "停": "paused", "稿": "draft", "明年": "no_occurrence", "无人": "nobody", "没事": "nothing_started",
        "拒收": "all_suppressed", "太多": "guard", "还早": "waiting", "进过": "already_in", "做事": None,
    }
    assert [(each.playbook, each.day, each.limit, each.reached) for each in found.guards] == [
        ("太多", date(2026, 11, 19), 2, 3),
    ]
    assert found.exit_code == 0


def test_a_playbook_with_errors_is_named(open_shop: Open) -> None:
    shop = open_shop("")
    shop.write('剧本 "坏"\n  面向 有标签 "没有的"\n  每天 20:00\n    推送 企微 "问候"\n', sound=False)
    found = forward(shop, at(1, "21:00"))
    assert [(each.playbook, each.codes) for each in found.blocked] == [("坏", ("E204",))]
    assert found.exit_code == 1


def test_declarations_that_cannot_be_read_are_told_of(open_shop: Open) -> None:
    shop = open_shop("")
    shop.write("剧本\n", sound=False)
    found = forward(shop, at(1, "21:00"))
    assert (found.is_whole, found.exit_code, found.notes[-1].code) == (False, 1, "N122")


def test_a_span_ahead_is_told_of_alone_but_led_up_to(open_shop: Open) -> None:
    found = forward(open_shop(DAILY), at(3, "21:00"), start=at(3))
    assert [(day.day, day.messages) for day in found.days] == [(date(2026, 11, 21), 2)]
    assert found.stock[0].left == (0,)


def test_a_journey_that_falls_due_at_night_counts_on_its_own_day(open_shop: Open) -> None:
    shop = open_shop('剧本 "晚"\n  面向 有标签 "好友"\n  每天 20:00\n    每人仅一次\n    等待 235分钟\n    推送 企微 "问候"\n')
    found = forward(shop, at(3))
    assert [(day.day.day, day.messages) for day in found.days] == [(19, 4), (20, 0), (21, 0)]


def test_impossible_spans_are_refused(open_shop: Open) -> None:
    shop = open_shop("")
    with pytest.raises(UsageError, match="C260"):
        forward(shop, at(0))
    with pytest.raises(UsageError, match="C261"):
        forward(shop, "2028-11-18 00:00")
