"""Journeys: scenarios 13 to 16, 18 and 20."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from workspaces import Shop, micros, report_of, when

Open = Callable[..., Shop]
WELCOME = """
剧本 "迎新"
  {header}
  当 打上标签 "新客"
    推送 企微 "问候"
    等待 {first}
    推送 企微 "推荐"
    等待 2天
    打标签 "老客"
"""
PLAIN = WELCOME.format(header="优先级 50", first="1天")


def test_13_a_newcomer_ends_nobodys_journey(open_shop: Open) -> None:
    shop = open_shop(PLAIN)
    shop.tag("新客", "u1", "u2", at="2026-11-18 10:00")
    shop.run("2026-11-18 10:05")
    shop.tag("新客", "u3", at="2026-11-18 12:00")
    shop.run("2026-11-18 12:05")
    shop.run("2026-11-19 12:05")
    assert [r.member_id for r in shop.log() if r.step == 'push "推荐"'] == ["u1", "u2", "u3"]
    assert shop.rows("SELECT ended, why FROM enrolments") == [(None, None)] * 3


def test_14_each_member_gets_the_content_of_their_own_day(open_shop: Open) -> None:
    shop = open_shop(PLAIN)
    shop.tag("新客", "u1", at="2026-11-18 10:00")
    shop.run("2026-11-18 10:05")
    shop.run("2026-11-19 10:05")
    shop.tag("新客", "u2", at="2026-11-20 10:00")
    shop.run("2026-11-20 10:05")
    shop.run("2026-11-21 10:05")
    assert sorted((r.member_id, r.step, r.t) for r in shop.log(since=micros("2026-11-21 00:00"))) == [
        ("u1", 'tag "老客"', when("2026-11-21 10:00")),
        ("u2", 'push "推荐"', when("2026-11-21 10:00")),
    ]


@pytest.mark.parametrize(("which", "left"), [("全部满足", ["u1"]), ("任一满足", ["u1", "u2"])])
def test_15_all_of_and_any_of_end_whom_they_say(open_shop: Open, which: str, left: list[str]) -> None:
    shop = open_shop(f"""
分群 "到此为止"
  {which}
    有标签 "新客"
    有标签 "老客"
剧本 "甲"
  面向 有任一标签 "新客", "已触达"
  每天 20:00
    等待 1小时
    如果 属于分群 "到此为止"
      结束
    推送 企微 "问候"
""")
    shop.tag("新客", "u1", "u2", at="2026-11-18 10:00")
    shop.tag("老客", "u1", at="2026-11-18 10:00")
    shop.tag("已触达", "u3", at="2026-11-18 10:00")
    shop.run("2026-11-18 20:05")
    shop.run("2026-11-18 21:05")
    ends = shop.rows("SELECT id, why FROM enrolments JOIN members USING (unit) ORDER BY id")
    assert [member for member, why in ends if why == "stopped"] == left
    assert [r.member_id for r in shop.log()] == [member for member, why in ends if why == "finished"]


@pytest.mark.parametrize(("which", "left"), [("全部满足", ["u1"]), ("任一满足", ["u1", "u2"])])
def test_15_an_exit_ends_whom_it_says_and_when_it_comes_true(open_shop: Open, which: str, left: list[str]) -> None:
    shop = open_shop(f"""
剧本 "甲"
  退出条件 {which}
    有标签 "退订"
    做过 下单
  当 打上标签 "新客"
    推送 企微 "问候"
    等待 1天
    推送 企微 "推荐"
""")
    # What they ordered before does not count.
    shop.event("下单", "u1", "u2", "u3", at="2026-11-18 09:00")
    shop.tag("新客", "u1", "u2", "u3", at="2026-11-18 10:00")
    shop.run("2026-11-18 10:05")
    shop.event("下单", "u1", at="2026-11-18 12:00")
    shop.run("2026-11-18 12:05")
    shop.tag("退订", "u1", "u2", at="2026-11-18 13:00")
    shop.run("2026-11-18 13:05")
    ends = shop.rows("SELECT id, why FROM enrolments JOIN members USING (unit) ORDER BY id")
    assert ends == [(member, "exited" if member in left else None) for member in ("u1", "u2", "u3")]
    shop.run("2026-11-19 10:05")
    assert [r.member_id for r in shop.log() if r.step == 'push "推荐"'] == [m for m in ("u1", "u2", "u3") if m not in left]


def test_16_an_edit_sends_nothing_again_and_moves_nobody(open_shop: Open) -> None:
    shop = open_shop(PLAIN)
    shop.tag("新客", "u1", at="2026-11-18 10:00")
    shop.run("2026-11-18 10:05")
    shop.write(WELCOME.format(header="优先级 60", first="3小时"))
    for clock in ("10:10", "13:05", "23:00"):
        shop.run(f"2026-11-18 {clock}")
    assert shop.decided() == [("u1", 'push "问候"', "queued")]
    assert shop.rows("SELECT due FROM enrolments") == [(micros("2026-11-19 10:00"),)]
    shop.run("2026-11-19 10:05")
    assert shop.decided() == [("u1", 'push "问候"', "queued"), ("u1", 'push "推荐"', "queued")]


DAILY = """
剧本 "甲"
  {reentry}
  每天 20:00
    推送 企微 "{template}"
"""


def test_18_re_entry_is_what_the_line_says_now(open_shop: Open) -> None:
    shop = open_shop(DAILY.format(reentry="每人仅一次", template="问候"))
    shop.run("2026-11-18 20:05")
    assert report_of(shop.run("2026-11-19 20:05"), "甲").duplicate == 4
    shop.write(DAILY.format(reentry="再进间隔2天", template="推荐"))
    shop.run("2026-11-20 20:05")
    # They enter again, by the line as it is now, and the version as it is now.
    assert [(r.step, r.t) for r in shop.log()[4:]] == [('push "推荐"', when("2026-11-20 20:00"))] * 4


def test_18_a_re_entry_line_added_later_counts_what_was_sent_before(open_shop: Open) -> None:
    shop = open_shop(DAILY.format(reentry="优先级 50", template="问候"))
    shop.run("2026-11-18 20:05")
    shop.write(DAILY.format(reentry="每人仅一次", template="问候"))
    assert report_of(shop.run("2026-11-19 20:05"), "甲").duplicate == 4


def test_20_paused_means_later_and_not_gone(open_shop: Open) -> None:
    shop = open_shop(PLAIN)
    shop.tag("新客", "u1", at="2026-11-18 10:00")
    shop.run("2026-11-18 10:05")
    shop.write(WELCOME.format(header="暂停", first="1天"))
    report = report_of(shop.run("2026-11-19 10:05"), "迎新")
    assert (report.state, report.in_flight) == ("paused", 1)
    assert len(shop.log()) == 1
    shop.write(PLAIN)
    shop.run("2026-11-20 12:00")
    assert shop.decided()[1:] == [("u1", 'push "推荐"', "queued")]
    # What comes after counts from the due step.
    assert shop.rows("SELECT due FROM enrolments") == [(micros("2026-11-21 10:00"),)]
