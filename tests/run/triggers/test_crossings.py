"""Marks reached, tiers that change, segments entered and left; what crosses is compared from run to run."""

from __future__ import annotations

from pathlib import Path

import pytest
from qingting.engine.run.triggers import crossings
from run.triggers.starting import BLOCK, open_shop, started
from sampling import sampled
from workspaces import Shop, report_of

POINTS = """
积分规则
  点击 得 100
等级规则
  "金" 满 2000
  "银" 满 1000
  "铁" 其余
"""
RECENT = """
指标 近期消费 = 3天内 累计 下单.金额
指标 消费 = 累计 下单.金额
等级规则 "购买力" 按 消费
  "高" 满 100
"""
SEGMENT = """
分群 "活跃"
  2天内 做过 点击
"""


@pytest.fixture(autouse=True, params=sampled(2, [1000, 0]), ids=["few", "many"])
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the members whom new facts concern are asked one by one, or all are found as sets."""
    monkeypatch.setattr(crossings, "FEW", request.param)


def occurrences(shop: Shop) -> list[str]:
    """What the occurrences are named behind their instant."""
    return [record.occurrence.partition("#")[2] for record in shop.log()]


def test_points_reach_a_mark_once(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, "当 积分 达到 2000")
    shop.members("u1", "u2", at="2026-11-18 09:30", 积分=1999)
    assert started(shop, "2026-11-18 09:40") == []
    shop.members("u1", at="2026-11-18 10:00", 积分=2000)
    assert started(shop, "2026-11-18 10:05") == ["u1"]
    assert shop.log()[0].occurrence == "2026-11-18T02:05:00Z#reach 2000000000"
    shop.members("u1", at="2026-11-18 10:10", 积分=3000)
    assert started(shop, "2026-11-18 10:15") == []
    shop.members("u1", at="2026-11-18 10:20", 积分=10)
    assert started(shop, "2026-11-18 10:25") == []
    shop.members("u1", at="2026-11-18 10:30", 积分=2500)
    assert started(shop, "2026-11-18 10:35") == ["u1"]


def test_what_was_so_once_and_comes_again_is_not_late(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, "当 积分 达到 2000")
    shop.members("u1", at="2026-11-18 10:00", 积分=2000)
    assert started(shop, "2026-11-18 10:05") == ["u1"]
    shop.members("u1", at="2026-11-20 10:00", 积分=10)
    assert started(shop, "2026-11-20 10:05") == []
    shop.members("u1", at="2026-11-20 10:10", 积分=2000)
    assert started(shop, "2026-11-20 10:15") == ["u1"]


def test_what_went_up_and_down_between_two_looks_crossed_nothing(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, "当 积分 达到 2000")
    shop.members("u1", at="2026-11-18 09:30", 积分=2500)
    shop.members("u1", at="2026-11-18 09:31", 积分=10)
    assert started(shop, "2026-11-18 09:40") == []


def test_a_jump_over_several_marks_is_each_of_them(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, "当 邀请 达到 1、2、4")
    shop.members("a", "b", "c", at="2026-11-18 10:00", 邀请人="u1")
    assert started(shop, "2026-11-18 10:05") == ["u1", "u1"]
    assert occurrences(shop) == ["reach 1000000", "reach 2000000"]
    shop.members("d", at="2026-11-18 10:10", 邀请人="u1")
    assert started(shop, "2026-11-18 10:15") == ["u1"]


def test_falling_below(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, "当 积分 低于 100")
    shop.members("u1", "u2", at="2026-11-18 09:30", 积分=100)
    assert started(shop, "2026-11-18 09:40") == []
    shop.members("u1", at="2026-11-18 10:00", 积分=99)
    assert started(shop, "2026-11-18 10:05") == ["u1"]
    assert started(shop, "2026-11-18 10:10") == []


@pytest.mark.parametrize("metric", ["近期消费", "消费"])
def test_a_total_reaches_a_mark(tmp_path: Path, metric: str) -> None:
    shop = open_shop(tmp_path, f"当 {metric} 达到 ¥100", declared=RECENT)
    shop.event("下单", "u1", at="2026-11-18 10:00", amount=60)
    assert started(shop, "2026-11-18 10:05") == []
    shop.event("下单", "u1", at="2026-11-18 11:00", amount=40)
    shop.event("下单", "u2", at="2026-11-18 11:00", amount=99.99)
    assert started(shop, "2026-11-18 11:05") == ["u1"]


def test_a_total_falls_as_its_window_goes_on(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, "当 近期消费 低于 ¥100", declared=RECENT)
    shop.event("下单", "u1", at="2026-11-18 10:00", amount=100)
    assert started(shop, "2026-11-18 10:05") == []
    assert started(shop, "2026-11-21 09:59") == []
    assert started(shop, "2026-11-21 10:00") == ["u1"]


def test_what_was_so_long_ago_is_late(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, "当 消费 达到 ¥100", declared=RECENT)
    shop.event("下单", "u1", at="2026-11-10 10:00", arrived="2026-11-18 10:00", amount=100)
    shop.event("下单", "u2", at="2026-11-10 10:00", arrived="2026-11-18 10:00", amount=99)
    shop.event("下单", "u2", at="2026-11-18 09:30", arrived="2026-11-18 10:00", amount=1)
    answer = shop.run("2026-11-18 10:05")
    assert (report_of(answer, "跟进").late, report_of(answer, "跟进").entered) == (1, 1)
    assert [r.member_id for r in shop.log(reason="late")] == ["u1"]


def test_a_backfill_of_old_values_greets_nobody(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, "当 消费 达到 ¥100", declared=RECENT)
    shop.event("下单", "u1", at="2026-11-10 10:00", arrived="2026-11-18 10:00", amount=100, backfill=True)
    assert started(shop, "2026-11-18 10:05") == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('当 等级 升到 "银"', [["u1"], [], []]), ('当 等级 降到 "银"', [[], [], ["u1"]]),
        ('当 等级 变为 "银"', [["u1"], [], ["u1"]]), ('当 等级 升到 "金"', [[], ["u1"], []]),
        ('当 等级 降到 "铁"', [[], [], []]),
    ],
)
def test_tiers(tmp_path: Path, line: str, expected: list[list[str]]) -> None:
    shop = open_shop(tmp_path, line, declared=POINTS)
    found = []
    for hour, points in enumerate((1500, 2000, 1999)):
        shop.members("u1", at=f"2026-11-18 1{hour}:00", 积分=points)
        found.append(started(shop, f"2026-11-18 1{hour}:05"))
    assert found == expected


def test_who_is_on_no_tier_rises_to_the_first(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, '当 购买力 升到 "高"', declared=RECENT)
    shop.event("下单", "u1", at="2026-11-18 10:00", amount=100)
    assert started(shop, "2026-11-18 10:05") == ["u1"]
    assert occurrences(shop) == ["tier"]


def test_entering_and_leaving_a_segment(tmp_path: Path) -> None:
    text = SEGMENT + """
剧本 "走"
  当 离开分群 "活跃"
    打标签 "老客"
"""
    shop = open_shop(tmp_path, '当 进入分群 "活跃"', declared=text)
    shop.event("点击", "u1", at="2026-11-18 10:00")
    assert started(shop, "2026-11-18 10:05") == ["u1"]
    shop.event("点击", "u2", at="2026-11-18 10:10")
    assert started(shop, "2026-11-18 10:15") == ["u2"]
    assert started(shop, "2026-11-20 09:59") == []
    assert started(shop, "2026-11-20 10:05") == ["u1"]
    assert [(r.playbook, r.member_id) for r in shop.log()][-1] == ("走", "u1")
    assert occurrences(shop) == ["enters", "enters", "leaves"]


def test_who_is_inside_when_the_playbook_is_new_does_not_enter(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, '当 进入分群 "活跃"', declared=SEGMENT, first_run="")
    shop.event("点击", "u1", at="2026-11-18 08:00")
    assert started(shop, "2026-11-18 09:00") == []
    shop.write(SEGMENT + '剧本 "新"\n  当 进入分群 "活跃"\n    打标签 "老客"\n')
    shop.event("点击", "u2", at="2026-11-18 09:30")
    assert started(shop, "2026-11-18 10:00") == ["u2"]


def test_a_segment_is_never_late(tmp_path: Path) -> None:
    text = '分群 "买过"\n  做过 下单\n'
    shop = open_shop(tmp_path, '当 进入分群 "买过"', declared=text)
    shop.event("下单", "u1", at="2026-01-10 10:00", arrived="2026-11-18 10:00")
    assert started(shop, "2026-11-18 10:05") == ["u1"]


def test_a_member_who_arrives_inside_enters(tmp_path: Path) -> None:
    text = '分群 "上海"\n  城市 是 "上海"\n'
    shop = open_shop(tmp_path, '当 进入分群 "上海"', declared=text)
    shop.members("u9", at="2026-11-18 10:00", 城市="上海")
    assert started(shop, "2026-11-18 10:05") == ["u9"]


def test_on_the_clock_of_each_member(tmp_path: Path) -> None:
    text = '分群 "今天"\n  今天 做过 点击\n'
    shop = open_shop(
        tmp_path, '当 离开分群 "今天"', declared=text, header="  时区 按客户 缺省 Asia/Shanghai\n"
    )
    shop.members("u2", timezone="America/New_York")
    shop.event("点击", "u1", "u2", at="2026-11-18 20:00")
    assert started(shop, "2026-11-18 23:59") == []
    assert started(shop, "2026-11-19 00:00") == ["u1"]
    # Midnight in New York.
    assert started(shop, "2026-11-19 12:59") == []
    assert started(shop, "2026-11-19 13:00") == ["u2"]


def test_a_refused_playbook_compares_with_what_it_saw_last(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, "当 积分 达到 2000", header="  熔断 1人\n")
    shop.members("u1", "u2", at="2026-11-18 10:00", 积分=2000)
    assert started(shop, "2026-11-18 10:05") == []
    shop.write(BLOCK.format(line="当 积分 达到 2000", header="  熔断 2人\n"))
    assert started(shop, "2026-11-18 10:10") == ["u1", "u2"]


@pytest.mark.parametrize(
    ("condition", "entered", "left"),
    [
        ('有标签 "限时"', ["u1"], ["u1"]), ('没有标签 "限时"', ["u9", "u1"], ["u1"]), ('积分 >= 10 且 城市 是 "上海"', ["u2"], []),
        ("做过 下单", ["u3"], []),
    ],
)
def test_segments_that_only_facts_move(tmp_path: Path, condition: str, entered: list[str], left: list[str]) -> None:
    text = f"""
标签 "限时" 有效期 2天
分群 "甲"
  {condition.replace("没有", "不满足 有")}
剧本 "出"
  当 离开分群 "甲"
    打标签 "老客"
"""
    shop = open_shop(tmp_path, '当 进入分群 "甲"', declared=text)
    shop.tag("限时", "u1", at="2026-11-18 10:00")
    shop.members("u2", at="2026-11-18 10:00", 城市="上海", 积分=10)
    shop.members("u9", at="2026-11-18 10:00")
    shop.event("下单", "u3", at="2026-11-18 10:00")
    shop.run("2026-11-18 10:05")
    # The tag comes to its end without a fact.
    shop.run("2026-11-20 10:05")
    assert [r.member_id for r in shop.log(playbook="跟进")] == entered
    assert [r.member_id for r in shop.log(playbook="出")] == left
