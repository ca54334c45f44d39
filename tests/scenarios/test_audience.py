"""Who is addressed: scenarios 1 to 6."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from workspaces import Shop, report_of, when

Open = Callable[..., Shop]
PUSH = 'push "问候"'


def test_01_a_condition_that_nobody_fulfils_selects_nobody(open_shop: Open, tmp_path: Path) -> None:
    text = """
标签 "没人有"
分群 "空的"
  有标签 "没人有"
剧本 "甲"
  面向 城市 是 "上海" 且 属于分群 "空的"
  每天 20:00
    推送 企微 "问候"
"""
    shop = open_shop(text)
    at = "2026-11-18 20:00"
    assert shop.who('城市 是 "上海"', at) == ("u1", "u2", "u3", "u4")
    for empty in ('有标签 "没人有"', '有标签 "没*"', "做过 下单", '收到过 "甲"', "下单 次数 >= 1", '属于分群 "空的"'):
        assert shop.who(f'城市 是 "上海" 且 {empty}', at) == ()
    assert report_of(shop.run("2026-11-18 20:05"), "甲").entered == 0


def test_02_an_error_in_an_audience_blocks_the_whole_playbook(open_shop: Open) -> None:
    shop = open_shop()
    text = """
剧本 "坏"
  面向 城市 是 "上海" 且 有标签 "没有这个"
  每天 20:00
    推送 企微 "问候"
剧本 "好"
  每天 20:00
    推送 企微 "推荐"
"""
    shop.write(text, sound=False)
    answer = shop.run("2026-11-18 20:05")
    assert answer.exit_code == 1
    assert [(b.playbook, b.reason) for b in answer.report.blocked] == [("坏", "check")]
    assert {r.playbook for r in shop.log()} == {"好"}


JOURNEY = """
剧本 "甲"
  {audience}
  每天 20:00
    打标签 "已触达"
    等待 1小时
    推送 企微 "问候"
"""


def test_03_emptying_an_audience_neither_ends_nor_addresses_anybody(open_shop: Open) -> None:
    shop = open_shop(JOURNEY.format(audience='面向 有标签 "新客"'))
    shop.tag("新客", "u1", at="2026-11-18 10:00")
    shop.run("2026-11-18 20:05")
    shop.write(JOURNEY.format(audience='面向 有标签 "老客"'))
    shop.run("2026-11-18 21:05")
    assert shop.decided() == [("u1", 'tag "已触达"', "done"), ("u1", PUSH, "queued")]
    # An audience without a condition is a mistake, and blocks.
    shop.write(JOURNEY.format(audience="面向"), sound=False)
    assert shop.run("2026-11-19 20:05").exit_code == 1
    assert len(shop.log()) == 2


def test_04_an_unreadable_value_is_rejected_with_its_line(open_shop: Open, tmp_path: Path) -> None:
    shop = open_shop("""
剧本 "甲"
  时区 按客户 缺省 Asia/Shanghai
  每天 20:00
    推送 企微 "问候"
""")
    file = tmp_path / "members.csv"
    file.write_text("id,时区,生日\nu1,Asia/Tokyo,2000-02-29\nu2,Mars/Base,2000-01-01\nu3,,2001-02-29\n", encoding="utf-8")
    report, _ = shop.ws.import_file("members", file, at=when("2026-11-18 10:00"))
    assert [rejected.line for rejected in report.rejected] == [3, 4]
    # Whose zone is not known lives on the default clock, and nobody is missing.
    shop.run("2026-11-18 20:05")
    assert sorted(shop.decided()) == [(member, PUSH, "queued") for member in ("u1", "u2", "u3", "u4")]


def test_05_membership_told_again_cancels_no_journey(open_shop: Open) -> None:
    shop = open_shop(JOURNEY.format(audience='面向 有标签 "好友"'))
    shop.run("2026-11-18 20:05")
    before = shop.rows("SELECT * FROM member_tags")
    shop.tag("好友", "u1", "u2", "u3", "u4", at="2026-11-18 20:10")
    assert shop.rows("SELECT * FROM member_tags") == before
    shop.untag("好友", "u1", at="2026-11-18 20:20")
    shop.tag("好友", "u1", at="2026-11-18 20:21")
    shop.run("2026-11-18 21:05")
    assert [r.member_id for r in shop.log(status="queued")] == ["u1", "u2", "u3", "u4"]


def test_06_one_member_is_not_judged_by_two_states(open_shop: Open) -> None:
    shop = open_shop("""
剧本 "甲"
  面向 有标签 "新客"
  每天 20:00
    如果 有标签 "新客"
      推送 企微 "问候"
    否则
      推送 企微 "推荐"
""")
    shop.tag("新客", "u1", at="2026-11-18 10:00")

    def tell_otherwise(boundary: str) -> None:
        if boundary in ("reserved", "agenda"):
            shop.untag("新客", "u1", at="2026-11-18 19:00" if boundary == "reserved" else "2026-11-18 19:30")

    shop.run("2026-11-18 20:05", tell_otherwise)
    assert shop.decided() == [("u1", PUSH, "queued")]
