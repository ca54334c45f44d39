"""Asking who is in the journey of a playbook, and who came to its end."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from workspaces import Shop, when

Open = Callable[..., Shop]
JOURNEY = """
剧本 "甲"
  {line}
  定时 2026-11-18 10:00
    打标签 "已触达"
    等待 1天
    打标签 "老客"
"""
PLAIN = '剧本 "甲"\n  每天 10:00\n    打标签 "已触达"\n'
ALL = ("u1", "u2", "u3", "u4")


def given(shop: Shop, playbook: str = "乙") -> list[str]:
    return sorted(r.member_id or "" for r in shop.log(playbook=playbook))


def test_from_entry_until_the_end(open_shop: Open) -> None:
    shop = open_shop(JOURNEY.format(line=""))
    shop.run("2026-11-18 10:00")
    shop.run("2026-11-19 10:00")
    asked = {at: shop.who('正在剧本 "甲"', at) for at in (
        "2026-11-18 09:59", "2026-11-18 10:00", "2026-11-19 09:59", "2026-11-19 10:00")}
    assert list(asked.values()) == [(), ALL, ALL, ()]
    assert shop.who('不满足 正在剧本 "甲"', "2026-11-19 10:00") == ALL
    assert shop.who('走完剧本 "甲"', "2026-11-19 09:59") == ()
    assert shop.who('走完剧本 "甲"', "2026-11-19 10:00") == ALL
    assert shop.who('3天内 走完剧本 "甲"', "2026-11-22 09:59") == ALL
    assert shop.who('3天内 走完剧本 "甲"', "2026-11-22 10:00") == ()


def test_what_a_later_run_decides_is_not_known_before(open_shop: Open) -> None:
    shop = open_shop(JOURNEY.format(line=""))
    shop.run("2026-11-18 09:00")
    shop.run("2026-11-18 10:30")
    shop.run("2026-11-19 11:00")
    assert shop.who('正在剧本 "甲"', "2026-11-18 10:15") == ()
    assert shop.who('正在剧本 "甲"', "2026-11-19 10:30") == ALL
    assert shop.who('走完剧本 "甲"', "2026-11-19 10:30") == ()
    assert shop.who('走完剧本 "甲"', "2026-11-19 11:00") == ALL


def test_who_is_held_out_or_left_is_not_inside(open_shop: Open) -> None:
    shop = open_shop(JOURNEY.format(line="对照组 50%"))
    shop.run("2026-11-18 10:00")
    held = {r.member_id for r in shop.log(reason="holdout")}
    assert set(shop.who('正在剧本 "甲"', "2026-11-18 11:00")) == set(ALL) - held
    assert 0 < len(held) < 4
    shop.run("2026-11-19 10:00")
    assert set(shop.who('走完剧本 "甲"', "2026-11-19 11:00")) == set(ALL) - held


def test_a_playbook_sees_what_the_same_run_did_before_it(open_shop: Open) -> None:
    asking = '剧本 "乙"\n  面向 {what}\n  定时 {at}\n    打标签 "新客"\n'
    shop = open_shop(JOURNEY.format(line="优先级 90") + asking.format(what='正在剧本 "甲"', at="2026-11-18 10:00"))
    shop.run("2026-11-18 10:00")
    assert given(shop) == list(ALL)
    # In a run that decides both at once, who comes to the end at an instant is no longer inside at it.
    shop.write(JOURNEY.format(line="优先级 90") + asking.format(what='走完剧本 "甲" 且 不满足 正在剧本 "甲"', at="2026-11-19 10:00"))
    shop.run("2026-11-19 10:05")
    assert given(shop) == sorted([*ALL, *ALL])


def test_the_end_of_a_playbook_without_waits_is_remembered_where_somebody_asks(open_shop: Open) -> None:
    shop = open_shop(PLAIN + '分群 "走完"\n  走完剧本 "甲"\n剧本 "乙"\n  面向 属于分群 "走完"\n  每天 11:00\n    打标签 "新客"\n')
    shop.run("2026-11-18 10:00")
    shop.run("2026-11-18 11:00")
    assert given(shop) == list(ALL)
    assert open_and_count(open_shop, PLAIN) == 0


def open_and_count(open_shop: Open, text: str) -> int:
    """How many entries are kept of a playbook that nobody asks about."""
    shop = open_shop(text)
    shop.run("2026-11-18 10:00")
    ((count,),) = shop.rows("SELECT count(*) FROM enrolments")
    return int(count)


def test_who_has_just_entered_is_inside_their_own_playbook(open_shop: Open) -> None:
    shop = open_shop("""
剧本 "甲"
  面向 不满足 正在剧本 "甲"
  每天 10:00
    如果 正在剧本 "甲"
      打标签 "已触达"
    等待 1小时
    如果 正在剧本 "甲"
      打标签 "老客"
""")
    shop.run("2026-11-18 10:00")
    shop.run("2026-11-18 11:00")
    assert sorted({step for _, step, _ in shop.decided()}) == ['tag "已触达"', 'tag "老客"']


def test_a_consent_that_asks_about_journeys_is_heard_at_every_step(open_shop: Open) -> None:
    shop = open_shop("""
全局规则
  永不推送 正在剧本 "甲"
剧本 "甲"
  定时 2026-11-18 10:00
    推送 企微 "问候"
    等待 1小时
    推送 企微 "推荐"
""")
    shop.run("2026-11-18 11:00")
    assert {reason for _, _, reason in shop.decided()} == {"never_push"}


@pytest.mark.parametrize(
    ("text", "value"),
    [('正在剧本 "甲"', "2026-11-18T10:00:00+08:00"), ('走完剧本 "甲"', "2026-11-19T10:00:00+08:00")],
)
def test_explaining_says_since_when(open_shop: Open, text: str, value: str) -> None:
    shop = open_shop(JOURNEY.format(line="") + f'剧本 "乙"\n  面向 {text}\n  每天 11:00\n    打标签 "新客"\n')
    shop.run("2026-11-18 10:00")
    at = "2026-11-18 10:30"
    if "走完" in text:
        shop.run("2026-11-19 10:00")
        at = "2026-11-19 10:30"
    told = shop.ws.explain("u1", at=when(at), playbook="乙")
    assert value in repr(told)
