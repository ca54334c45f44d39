"""What a run causes starts blocks at its instant, and a playbook at most once for a member."""

from __future__ import annotations

from pathlib import Path

import pytest
from run.triggers.starting import open_shop, started
from workspaces import Shop

ENTERING = """
剧本 "源"
  当 下单
    转入剧本 "跟进"
    打标签 "老客"
"""


def test_entering_another_playbook(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, "当 转入", declared=ENTERING, header='  面向 城市 是 "上海"\n')
    shop.members("u1", at="2026-11-18 09:30", 城市="上海")
    shop.event("下单", "u1", "u2", at="2026-11-18 10:00")
    shop.run("2026-11-18 10:05")
    found = [(r.playbook, r.member_id, r.action, r.occurrence[:20]) for r in shop.log()]
    # The audience of the playbook that is entered holds, and it is entered at the run; the present one goes on.
    assert found == [
        ("源", "u1", "enter playbook", "2026-11-18T02:00:00Z"), ("源", "u2", "enter playbook", "2026-11-18T02:00:00Z"),
        ("源", "u1", "tag", "2026-11-18T02:00:00Z"), ("源", "u2", "tag", "2026-11-18T02:00:00Z"),
        ("跟进", "u1", "tag", "2026-11-18T02:05:00Z"),
    ]
    assert started(shop, "2026-11-18 10:06") == []


def test_entered_twice_in_one_run_is_entered_once(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, "当 转入", declared=ENTERING)
    shop.event("下单", "u1", at="2026-11-18 10:00")
    shop.event("下单", "u1", at="2026-11-18 10:01")
    shop.run("2026-11-18 10:05")
    assert [r.member_id for r in shop.log(playbook="跟进")] == ["u1"]
    shop.event("下单", "u1", at="2026-11-18 10:10")
    shop.run("2026-11-18 10:15")
    assert [r.member_id for r in shop.log(playbook="跟进")] == ["u1", "u1"]


def test_two_playbooks_that_enter_each_other_come_to_an_end(tmp_path: Path) -> None:
    text = """
剧本 "甲"
  当 下单
    转入剧本 "乙"
  当 转入
    转入剧本 "乙"
剧本 "乙"
  当 转入
    转入剧本 "甲"
"""
    shop = Shop(tmp_path / "shop", text)
    shop.members("u1")
    shop.event("下单", "u1", at="2026-11-18 10:00")
    shop.run("2026-11-18 10:05")
    assert [r.playbook for r in shop.log()] == ["甲", "乙", "甲"]


def test_one_start_whatever_the_cause(tmp_path: Path) -> None:
    text = """
剧本 "源"
  当 下单
    打标签 "新客"
    设置 城市 为 "杭州"
    转入剧本 "跟进"
剧本 "跟进"
  当 城市 变更
    打标签 "已触达"
  当 打上标签 "新客"
    打标签 "已触达"
  当 转入
    打标签 "已触达"
"""
    shop = Shop(tmp_path / "shop", text)
    shop.members("u1", 城市="上海")
    shop.event("下单", "u1", at="2026-11-18 10:00")
    shop.run("2026-11-18 10:05")
    assert [r.member_id for r in shop.log(playbook="跟进")] == ["u1"]


def test_what_was_caused_too_long_ago_is_late_and_does_not_count(tmp_path: Path) -> None:
    text = """
剧本 "源"
  补发 全补
  当 下单
    打标签 "新客"
"""
    shop = open_shop(tmp_path, '当 打上标签 "新客"', declared=text)
    shop.event("下单", "u1", at="2026-11-18 10:00", arrived="2026-11-18 10:00")
    shop.run("2026-11-20 10:00")
    assert [r.reason for r in shop.log(playbook="跟进")] == ["late"]


STEP = '剧本 "源"\n  当 下单\n    {action} "新客"\n'


@pytest.mark.parametrize("earlier", ['凡是 下单 {action} "新客"\n', STEP], ids=["rule", "step"])
@pytest.mark.parametrize(("before", "line", "later"), [(True, "打上标签", "打标签"), (False, "去掉标签", "去标签")])
def test_what_is_written_later_about_an_earlier_instant_lays_bare_a_gain_or_a_loss(
    tmp_path: Path, earlier: str, before: bool, line: str, later: str
) -> None:
    """Who held a tag and loses it at 10:10 gains it at 10:20, though the rule about 10:20 acts first; and the other way round."""
    undone = "去标签" if before else "打标签"
    declared = f'凡是 点击 {later} "新客"\n' + earlier.format(action=undone)
    shop = open_shop(tmp_path, f'当 {line} "新客"', declared=declared, first_run="")
    if before:
        shop.tag("新客", "u1", at="2026-11-18 08:00")
    shop.run("2026-11-18 09:00")
    shop.event("下单", "u1", at="2026-11-18 10:10")
    shop.event("点击", "u1", "u2", at="2026-11-18 10:20")
    shop.run("2026-11-18 10:25")
    found = {r.member_id for r in shop.log(playbook="跟进") if r.occurrence.startswith("2026-11-18T02:25")}
    assert found == ({"u1", "u2"} if before else {"u1"})


def test_two_rules_about_one_tag_begin_it_once_and_where_it_begins(tmp_path: Path) -> None:
    """By the order the tag has been held for two days, which is late: the click of today begins nothing."""
    declared = '凡是 点击 打标签 "新客"\n凡是 下单 打标签 "新客"\n'
    shop = open_shop(tmp_path, '当 打上标签 "新客"', declared=declared, first_run="2026-11-15 09:00")
    shop.event("下单", "u1", at="2026-11-16 10:00")
    shop.event("点击", "u1", at="2026-11-18 10:20")
    shop.run("2026-11-18 10:25")
    assert [(r.member_id, r.reason) for r in shop.log()] == [("u1", "late")]


MARKS = """
等级规则
  "金" 满 2000
  "铁" 其余
分群 "新"
  有标签 "新客"
剧本 "源"
  当 下单
    加积分500
    打标签 "新客"
"""


@pytest.mark.parametrize(
    ("line", "detail"),
    [
        ("当 积分 达到 2000", "reach 2000000000"), ('当 等级 升到 "金"', "tier"), ('当 进入分群 "新"', "enters"),
        ("当 积分 低于 2000", None), ('当 离开分群 "新"', None),
    ],
)
def test_what_the_run_moves_across(tmp_path: Path, line: str, detail: str | None) -> None:
    shop = open_shop(tmp_path, line, declared=MARKS)
    shop.members("u1", "u2", at="2026-11-18 09:30", 积分=1500)
    shop.members("u3", at="2026-11-18 09:30", 积分=2000)
    shop.run("2026-11-18 09:40")
    known = len(shop.log())
    shop.event("下单", "u1", at="2026-11-18 10:00")
    shop.run("2026-11-18 10:05")
    found = [(r.member_id, r.occurrence) for r in shop.log()[known:] if r.playbook == "跟进"]
    assert found == ([("u1", f"2026-11-18T02:05:00Z#{detail}")] if detail else [])
    assert started(shop, "2026-11-18 10:06") == []


def test_a_segment_that_is_left_by_what_entering_it_causes(tmp_path: Path) -> None:
    text = """
分群 "新"
  有标签 "新客"
剧本 "出"
  当 离开分群 "新"
    打标签 "老客"
"""
    shop = open_shop(tmp_path, '当 进入分群 "新"', declared=text)
    shop.write(text + '剧本 "进"\n  当 进入分群 "新"\n    去标签 "新客"\n')
    shop.tag("新客", "u1", at="2026-11-18 09:30")
    assert started(shop, "2026-11-18 09:40") == ["u1", "u1"]
    assert [(r.playbook, r.action) for r in shop.log()] == [("进", "untag"), ("出", "tag")]
    assert started(shop, "2026-11-18 09:41") == []


@pytest.mark.parametrize(("resumed", "expected"), [("2026-11-18 12:00", ["u1", "u1", "u2"]), ("2026-11-19 10:06", ["u1"])])
def test_a_playbook_that_rested_is_entered_when_it_runs_again(tmp_path: Path, resumed: str, expected: list[str]) -> None:
    block = '剧本 "跟进"\n  {state}当 转入\n    打标签 "已触达"\n'
    shop = Shop(tmp_path / "shop", ENTERING + block.format(state=""))
    shop.members("u1", "u2")
    shop.run("2026-11-18 09:00")
    shop.write(ENTERING + block.format(state="暂停\n  "))
    shop.event("下单", "u1", "u2", at="2026-11-18 10:00")
    shop.event("下单", "u1", at="2026-11-18 10:01")
    shop.run("2026-11-18 10:05")
    shop.event("下单", "u1", at="2026-11-18 11:00")
    shop.run("2026-11-18 11:05")
    shop.write(ENTERING + block.format(state=""))
    assert sorted(started(shop, resumed)) == expected
    assert started(shop, "2026-11-20 10:00") == []
