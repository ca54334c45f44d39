"""Journeys that wait: for what happens, for days and clocks, over outages and odd dates; scenarios 17, 21 to 23 and 25."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from workspaces import Shop, when

Open = Callable[..., Shop]
AMERICA = "America/New_York"
HEAD = '剧本 "甲"\n  {header}\n  当 {trigger}\n{body}'
PAYING = """
事件 支付 含 订单号 文本
事件 订购 含 订单号 文本
"""


def journey(lines: str, trigger: str = '打上标签 "新客"', header: str = "优先级 50") -> str:
    """A playbook that something starts."""
    body = "".join(f"    {line}\n" for line in lines.strip("\n").splitlines())
    return HEAD.format(header=header, trigger=trigger, body=body)


def shanghai(instant: datetime) -> str:
    """An instant by the shop's clock."""
    return f"{instant.astimezone(when('2026-01-01').tzinfo):%Y-%m-%d %H:%M}"


def steps(shop: Shop, member: str = "u1", zone: str = "Asia/Shanghai") -> list[str]:
    """What was decided for a member: when by a clock, the step, the reason where nothing was done."""
    return [
        f"{r.t.astimezone(when('2026-01-01', zone).tzinfo):%m-%d %H:%M} {r.step}" + (f" {r.reason}" if r.reason else "")
        for r in shop.log(member=member)
    ]


def often(shop: Shop) -> None:
    """Runs every few hours until the journey is over."""
    at = datetime(2026, 11, 18, 12, 1)
    while at < datetime(2026, 11, 24, 2):
        shop.run(f"{at:%Y-%m-%d %H:%M}")
        at += timedelta(hours=3)


AGAIN = """
等客户 做过 下单 最长1天
  满足时
    推送 企微 "推荐"
  超时
    打标签 "老客"
"""


def test_17_an_event_starts_a_journey_and_another_ends_its_wait(open_shop: Open) -> None:
    shop = open_shop(journey(AGAIN, "下单"))
    shop.event("下单", "u1", "u2", at="2026-11-18 10:00")
    shop.run("2026-11-18 10:05")
    # The order that brought them in does not end their own wait.
    assert shop.log() == []
    shop.event("下单", "u1", at="2026-11-18 12:00")
    shop.run("2026-11-18 12:05")
    assert steps(shop) == ['11-18 12:00 push "推荐"']
    shop.run("2026-11-19 10:05")
    assert steps(shop, "u2") == ['11-19 10:00 tag "老客"']


def test_17_the_event_waited_for_is_that_of_the_same_order(open_shop: Open) -> None:
    lines = """
等客户 做过 支付 同一 订单号 最长30分钟
  满足时
    推送 企微 "问候"
  超时
    推送 企微 "推荐"
"""
    shop = open_shop(PAYING + journey(lines, "订购"))
    shop.event("订购", "u1", "u2", at="2026-11-18 10:00", 订单号="A")
    shop.run("2026-11-18 10:05")
    shop.event("支付", "u1", at="2026-11-18 10:10", 订单号="A")
    shop.event("支付", "u2", at="2026-11-18 10:10", 订单号="B")
    shop.run("2026-11-18 10:15")
    shop.run("2026-11-18 10:35")
    assert steps(shop) == ['11-18 10:10 push "问候"']
    assert steps(shop, "u2") == ['11-18 10:30 push "推荐"']


DAYS = """
D0
  推送 企微 "问候"
D1 09:00
  打标签 "已触达"
等客户 做过 下单 最长1天
  满足时
    打标签 "好友"
  超时
    推送 企微 "推荐"
D5 22:30
  推送 企微 "称呼"
"""


def played(shop: Shop, runs: Callable[[Shop], None]) -> list[list[str]]:
    """What two members got of a journey, one of whom orders while they wait, and why they left."""
    shop.members("u1", "u2", at="2026-11-18 09:00", 姓名="小林")
    shop.tag("新客", "u1", "u2", at="2026-11-18 10:00")
    shop.run("2026-11-18 10:01")
    shop.event("下单", "u1", at="2026-11-19 12:00")
    runs(shop)
    ends = [why for (why,) in shop.rows("SELECT why FROM enrolments")]
    return [steps(shop, "u1"), steps(shop, "u2"), ends]


def test_21_one_run_after_an_outage_decides_what_many_would_have(open_shop: Open) -> None:
    """Every step of five days is made up for, in its order and by its own instant, and the journey ends."""
    text = journey(DAYS)
    by_many = played(open_shop(text), often)
    by_one = played(open_shop(text), lambda shop: shop.run("2026-11-24 12:00") and None)
    assert by_many == by_one == [
        ['11-18 10:00 push "问候"', '11-19 09:00 tag "已触达"', '11-19 12:00 tag "好友"', '11-23 22:30 push "称呼"'],
        ['11-18 10:00 push "问候"', '11-19 09:00 tag "已触达"', '11-20 09:00 push "推荐"', '11-23 22:30 push "称呼"'],
        ["finished", "finished"],
    ]


def test_21_a_step_missed_by_more_than_its_window_leaves_a_word_and_the_journey_ends(open_shop: Open) -> None:
    shop = open_shop(journey(DAYS, header="补发 全补 2小时内"))
    left = played(shop, lambda shop: shop.run("2026-11-24 00:30") and None)
    assert left == [
        ['11-18 10:00 push "问候"', '11-19 09:00 tag "已触达" late', '11-19 12:00 tag "好友" late', '11-23 22:30 push "称呼"'],
        ['11-18 10:00 push "问候"', '11-19 09:00 tag "已触达" late', '11-20 09:00 push "推荐" late', '11-23 22:30 push "称呼"'],
        ["finished", "finished"],
    ]


def test_21_what_an_outage_moves_into_the_night_waits_for_the_morning(open_shop: Open) -> None:
    shop = open_shop(journey('D1 09:00\n  推送 企微 "问候"\n  打标签 "老客"', header="免打扰 22:00 到 08:00 顺延"))
    shop.tag("新客", "u1", at="2026-11-18 10:00")
    shop.run("2026-11-18 10:01")
    shop.run("2026-11-19 23:00")
    shop.deliver("2026-11-19 23:01")
    assert (shop.log(), shop.outbox()) == ([], [])
    shop.run("2026-11-20 08:01")
    assert steps(shop) == ['11-20 08:00 push "问候"', '11-20 08:00 tag "老客"']
    assert shop.rows("SELECT why FROM enrolments") == [("finished",)]


@pytest.mark.parametrize(
    ("line", "entered", "expected"),
    [
        ("等待 1天", "2026-11-18 23:30", "11-19 23:30"),
        ("等待 1天", "2026-11-19 00:30", "11-20 00:30"),
        ("D1 09:00", "2026-11-18 23:30", "11-19 09:00"),
        ("D1 09:00", "2026-11-19 00:30", "11-20 09:00"),
        ("等到 09:00", "2026-11-19 00:30", "11-19 09:00"),
        ("等待 24小时", "2026-11-18 23:30", "11-19 23:30"),
    ],
)
def test_22_hours_are_hours_and_days_are_dates(open_shop: Open, line: str, entered: str, expected: str) -> None:
    inside = '\n  打标签 "老客"' if line.startswith("D") else '\n打标签 "老客"'
    shop = open_shop(journey(line + inside))
    shop.tag("新客", "u1", at=entered)
    shop.run(entered)
    shop.run("2026-11-22 00:00")
    assert steps(shop) == [f'{expected} tag "老客"']


WEEKLY = """
剧本 "甲"
  每周三 10:00
    打标签 "已触达"
    等到 周一 10:00
    打标签 "新客"
    重复 每7天 最多3次
      加积分 1
"""


def test_23_the_steps_of_coming_weeks_need_no_job_that_makes_them(open_shop: Open) -> None:
    shop = open_shop(WEEKLY)
    found = shop.ws.next(None, at=when("2026-11-18 00:00"), count=4).occurrences
    assert [f"{item.at // 86_400_000_000 - 20_775}" for item in found] == ["0", "7", "14", "21"]
    shop.run("2026-11-18 10:05")
    # Nothing runs on a Sunday, nor at any other time but when something falls due.
    for due in ("2026-11-23 10:00", "2026-11-30 10:00", "2026-12-07 10:00"):
        assert min(shop.rows("SELECT due FROM enrolments WHERE ended IS NULL"))[0] == when(due).timestamp() * 1_000_000
        shop.run(due)
    points = [line for line in steps(shop) if "points" in line]
    assert points == ["11-23 10:00 points +1", "11-30 10:00 points +1 @2", "12-07 10:00 points +1 @3"]


def test_23_a_plan_for_weeks_ahead_needs_none_either(open_shop: Open) -> None:
    shop = open_shop(WEEKLY)
    shop.run("2026-11-18 10:05")
    before = shop.dump()
    plan = shop.plan("2026-12-07 10:05")
    assert shop.dump() == before
    done = {(step.step, step.audience) for playbook in plan.report.playbooks for step in playbook.steps}
    assert done >= {("points +1", 4), ("points +1 @2", 4), ("points +1 @3", 4)}


@pytest.mark.parametrize(
    ("entered", "wait", "expected"),
    [
        ("2027-01-31 10:00", "等待 1个月", "02-28 10:00"),
        ("2028-01-31 10:00", "等待 1个月", "02-29 10:00"),
        ("2028-02-29 10:00", "等待 12个月", "02-28 10:00"),
        ("2027-02-28 10:00", "D1 09:00", "03-01 09:00"),
        ("2028-02-28 10:00", "D1 09:00", "02-29 09:00"),
        ("2027-12-31 10:00", "D1 09:00", "01-01 09:00"),
        ("2027-01-31 10:00", "等待 30天", "03-02 10:00"),
    ],
)
def test_25_waits_over_month_ends_and_leap_days(open_shop: Open, entered: str, wait: str, expected: str) -> None:
    inside = '\n  打标签 "老客"' if wait.startswith("D") else '\n打标签 "老客"'
    shop = open_shop(journey(wait + inside))
    shop.tag("新客", "u1", at=entered)
    shop.run(entered)
    shop.run(f"{int(entered[:4]) + 2}-01-01 00:00")
    assert steps(shop) == [f'{expected} tag "老客"']


@pytest.mark.parametrize(
    ("entered", "line", "expected"),
    [
        # On 14 March 2027 there is no 02:30; the clocks jump from 02:00 to 03:00.
        ("2027-03-13 12:00", "D1 02:30", "03-14 03:00"),
        ("2027-03-13 12:00", "等到 周日 02:30", "03-14 03:00"),
        ("2027-03-13 12:00", "D1 12:00", "03-14 12:00"),
        ("2027-03-13 12:00", "等待 1天", "03-14 13:00"),
        ("2027-02-14 02:30", "等待 1个月", "03-14 03:00"),
        # On 7 November 2027 there are two 01:30; the first counts.
        ("2027-11-06 12:00", "D1 01:30", "11-07 01:30"),
        ("2027-11-06 12:00", "等待 1天", "11-07 11:00"),
        ("2027-11-06 12:00", "D2", "11-08 12:00"),
    ],
)
def test_25_waits_while_clocks_go_forward_and_back(open_shop: Open, entered: str, line: str, expected: str) -> None:
    inside = '\n  打标签 "老客"' if line.startswith("D") else '\n打标签 "老客"'
    shop = open_shop(journey(line + inside, header=f"时区 {AMERICA}"))
    began = when(entered, AMERICA)
    shop.tag("新客", "u1", at=shanghai(began))
    shop.ws.run(at=began)
    shop.ws.run(at=began + timedelta(days=40))
    assert steps(shop, zone=AMERICA) == [f'{expected} tag "老客"']
    (record,) = shop.log()
    if expected == "11-07 01:30":
        assert record.t == when("2027-11-07 13:30")


def test_25_members_clocks_change_on_their_own_days(open_shop: Open) -> None:
    shop = open_shop(journey('D1 02:30\n  打标签 "老客"', header="时区 按客户 缺省 Asia/Shanghai"))
    shop.members("u2", timezone=AMERICA)
    entered = when("2027-03-13 12:00", AMERICA)
    shop.tag("新客", "u1", "u2", at=shanghai(entered))
    shop.ws.run(at=entered)
    shop.run("2027-03-20 00:00")
    # In Shanghai it is the 14th already.
    assert steps(shop) == ['03-15 02:30 tag "老客"']
    assert steps(shop, "u2", AMERICA) == ['03-14 03:00 tag "老客"']
