"""Waits: until a clock, until a day, for something to happen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from workspaces import Shop, when

Open = Callable[..., Shop]
START = "2026-11-18 10:00"


def steps(shop: Shop, member: str = "u1") -> list[tuple[str, str]]:
    """What was decided for a member: the step, and when by the shop's clock; what was not sent with its reason."""
    return [
        (r.step + (f" {r.reason}" if r.reason else ""), r.t.strftime("%d %H:%M"))
        for r in shop.log() if r.member_id == member
    ]


def journey(lines: str, header: str = "优先级 50") -> str:
    """A playbook that a new customer starts."""
    body = "\n".join(f"    {line}" for line in lines.strip("\n").splitlines())
    return f"剧本 \"甲\"\n  {header}\n  当 打上标签 \"新客\"\n{body}\n"


def begin(open_shop: Open, lines: str, at: str = START, header: str = "优先级 50", *ids: str) -> Shop:
    shop = open_shop(journey(lines, header))
    shop.tag("新客", *(ids or ("u1",)), at=at)
    shop.run(at)
    return shop


@pytest.mark.parametrize(
    ("line", "due"),
    [
        ("等到 10:00", "19 10:00"),
        ("等到 10:01", "18 10:01"),
        ("等到 周三 10:00", "25 10:00"),
        ("等到 周五 09:00", "20 09:00"),
    ],
)
def test_until_the_next_such_clock(open_shop: Open, line: str, due: str) -> None:
    shop = begin(open_shop, f"{line}\n打标签 \"老客\"")
    shop.run("2026-11-30 10:00")
    assert steps(shop) == [('tag "老客"', due)]


DAYS = """
D0
  推送 企微 "问候"
D0 20:00
  打标签 "已触达"
D1 09:00
  推送 企微 "推荐"
D3
  打标签 "老客"
"""


def test_days_count_by_the_calendar_from_the_day_of_entry(open_shop: Open) -> None:
    shop = begin(open_shop, DAYS, "2026-11-18 23:30")
    assert steps(shop) == [('push "问候"', "18 23:30"), ('tag "已触达" late', "18 23:30")]
    shop.run("2026-11-19 08:59")
    assert len(steps(shop)) == 2
    shop.run("2026-11-19 09:00")
    shop.run("2026-11-21 23:29")
    assert steps(shop)[2:] == [('push "推荐"', "19 09:00")]
    shop.run("2026-11-21 23:30")
    assert steps(shop)[3:] == [('tag "老客"', "21 23:30")]
    assert shop.rows("SELECT why FROM enrolments") == [("finished",)]


def test_a_day_whose_clock_has_just_gone_by_comes_at_once(open_shop: Open) -> None:
    shop = begin(open_shop, DAYS, "2026-11-18 21:59")
    assert steps(shop)[1] == ('tag "已触达"', "18 21:59")


def test_days_are_those_of_the_members_own_clock(open_shop: Open) -> None:
    shop = open_shop(journey('D1 09:00\n  打标签 "老客"', "时区 按客户 缺省 Asia/Shanghai"))
    shop.members("u2", timezone="America/New_York")
    shop.tag("新客", "u1", "u2", at=START)
    shop.run(START)
    shop.run("2026-11-21 00:00")
    assert steps(shop) == [('tag "老客"', "19 09:00")]
    # It is still the 17th in New York, so that day 1 is the 18th there.
    assert steps(shop, "u2") == [('tag "老客"', "18 22:00")]


ORDERED = """
等客户 做过 下单 最长3天
  满足时
    推送 企微 "推荐"
  超时
    打标签 "老客"
打标签 "已触达"
"""


def test_an_event_ends_the_wait_at_its_own_instant(open_shop: Open) -> None:
    shop = begin(open_shop, ORDERED)
    shop.event("点击", "u1", at="2026-11-18 11:00")
    shop.event("下单", "u1", at="2026-11-18 12:00", arrived="2026-11-18 12:30")
    shop.run("2026-11-18 18:00")
    assert steps(shop) == [('push "推荐"', "18 12:30"), ('tag "已触达"', "18 12:30")]


def test_an_event_of_before_the_wait_does_not_end_it(open_shop: Open) -> None:
    shop = open_shop(journey(ORDERED))
    shop.event("下单", "u1", at="2026-11-18 09:59")
    shop.tag("新客", "u1", at=START)
    shop.run(START)
    shop.run("2026-11-21 09:59")
    assert steps(shop) == []
    shop.run("2026-11-21 10:00")
    assert steps(shop) == [('tag "老客"', "21 10:00"), ('tag "已触达"', "21 10:00")]


def test_where_event_and_end_fall_on_one_instant_the_event_counts(open_shop: Open) -> None:
    shop = begin(open_shop, ORDERED)
    shop.event("下单", "u1", at="2026-11-21 10:00")
    shop.run("2026-11-21 12:00")
    assert steps(shop)[0] == ('push "推荐"', "21 10:00")


def test_an_event_after_the_end_comes_too_late(open_shop: Open) -> None:
    shop = begin(open_shop, ORDERED)
    shop.event("下单", "u1", at="2026-11-21 10:01")
    shop.run("2026-11-21 12:00")
    assert steps(shop)[0] == ('tag "老客"', "21 10:00")


def test_events_that_came_in_the_same_run_as_the_wait_begins(open_shop: Open) -> None:
    """One run over all of it does what runs in between would have done."""
    shop = open_shop(journey(ORDERED))
    shop.tag("新客", "u1", "u2", at=START)
    shop.event("下单", "u1", at="2026-11-18 09:00")
    shop.event("下单", "u1", at="2026-11-18 13:00")
    shop.run("2026-11-19 09:59")
    assert steps(shop) == [('push "推荐"', "18 13:00"), ('tag "已触达"', "18 13:00")]
    assert steps(shop, "u2") == []


def test_an_event_that_is_learned_after_the_look_at_its_instant(open_shop: Open) -> None:
    """It happened, by its own account, before the last run; it counts when it is learned."""
    shop = begin(open_shop, ORDERED)
    shop.run("2026-11-18 20:00")
    shop.event("下单", "u1", at="2026-11-18 12:00", arrived="2026-11-18 21:00")
    shop.run("2026-11-18 22:00")
    assert steps(shop)[0] == ('push "推荐"', "18 21:00")


def test_what_is_true_already_does_not_wait(open_shop: Open) -> None:
    shop = open_shop(journey('等客户 有标签 "已触达" 最长3天\n  满足时\n    打标签 "老客"'))
    shop.tag("已触达", "u1", at=START)
    shop.tag("新客", "u1", "u2", at=START)
    shop.run(START)
    assert steps(shop) == [('tag "老客"', "18 10:00")]
    assert steps(shop, "u2") == []


def test_what_is_no_event_is_seen_when_a_run_comes(open_shop: Open) -> None:
    shop = begin(open_shop, '等客户 有标签 "已触达" 最长3天\n  满足时\n    打标签 "老客"')
    shop.tag("已触达", "u1", at="2026-11-18 12:00")
    shop.run("2026-11-18 15:00")
    assert steps(shop) == [('tag "老客"', "18 15:00")]


def test_what_the_run_itself_causes_ends_a_wait_in_the_same_run(open_shop: Open) -> None:
    shop = open_shop(journey('等客户 有标签 "已触达" 最长3天\n  满足时\n    打标签 "老客"') + """
剧本 "乙"
  每天 12:00
    打标签 "已触达"
""")
    shop.tag("新客", "u1", at=START)
    shop.run(START)
    shop.run("2026-11-18 12:05")
    assert steps(shop) == [('tag "已触达"', "18 12:00"), ('tag "老客"', "18 12:05")]


def test_waits_inside_waits(open_shop: Open) -> None:
    lines = """
等客户 做过 点击 最长1天
  满足时
    等客户 做过 下单 最长1天
      满足时
        打标签 "老客"
      超时
        推送 企微 "推荐"
  超时
    推送 企微 "问候"
"""
    shop = begin(open_shop, lines, START, "优先级 50", "u1", "u2", "u3")
    shop.event("点击", "u1", "u2", at="2026-11-18 11:00")
    shop.event("下单", "u1", at="2026-11-18 11:30")
    shop.run("2026-11-21 00:00")
    assert steps(shop) == [('tag "老客"', "18 11:30")]
    assert steps(shop, "u2") == [('push "推荐"', "19 11:00")]
    assert steps(shop, "u3") == [('push "问候"', "19 10:00")]


def test_one_wait_behind_another_begins_anew(open_shop: Open) -> None:
    """The second does not take the first one's event, nor its beginning."""
    shop = begin(open_shop, '等客户 做过 下单 最长1天\n等客户 做过 下单 最长1天\n打标签 "老客"')
    shop.event("下单", "u1", at="2026-11-18 12:00")
    shop.run("2026-11-18 13:00")
    assert steps(shop) == []
    shop.run("2026-11-19 12:00")
    assert steps(shop) == [('tag "老客"', "19 12:00")]


def test_repeats_come_so_often(open_shop: Open) -> None:
    shop = begin(open_shop, '重复 每1天 最多3次\n  加积分 1')
    shop.run("2026-11-25 10:00")
    assert [at for _, at in steps(shop)] == ["18 10:00", "19 10:00", "20 10:00"]


def test_since_entry_and_since_a_step(open_shop: Open) -> None:
    lines = """
步骤 "首触"
  推送 企微 "问候"
等待 1天
如果 进入后 做过 点击
  打标签 "已触达"
如果 步骤"首触"后 做过 点击
  打标签 "老客"
"""
    text = journey(lines)
    shop = open_shop(text)
    shop.event("点击", "u2", at=START)
    shop.tag("新客", "u1", "u2", at=START)
    shop.run(START)
    shop.event("点击", "u1", at="2026-11-18 10:00:01")
    shop.run("2026-11-19 12:00")
    assert [step for step, _ in steps(shop)][1:] == ['tag "已触达"', 'tag "老客"']
    assert steps(shop, "u2")[1:] == []


def test_the_zone_of_the_report(open_shop: Open) -> None:
    shop = begin(open_shop, ORDERED)
    assert shop.rows("SELECT position, waited, looked, due FROM enrolments") == [
        (0, *(int(when(text).timestamp()) * 1_000_000 for text in (START, START, "2026-11-21 10:00")))
    ]
