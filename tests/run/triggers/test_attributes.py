"""Attributes that change, members handed over, entries of the ledger."""

from __future__ import annotations

from pathlib import Path

import pytest
from run.triggers.starting import open_shop, started


def test_another_value_is_a_change_and_the_first_is_none(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, "当 城市 变更")
    shop.members("u1", "u2", at="2026-11-18 09:30", 城市="上海")
    assert started(shop, "2026-11-18 09:40") == []
    shop.members("u1", at="2026-11-18 10:00", 城市="杭州")
    shop.members("u2", at="2026-11-18 10:00", 城市="上海")
    assert started(shop, "2026-11-18 10:05") == ["u1"]
    assert started(shop, "2026-11-18 11:05") == []


def test_becoming_unknown_and_known_again_are_changes(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, "当 城市 变更")
    shop.members("u1", at="2026-11-18 09:30", 城市="上海")
    shop.members("u1", at="2026-11-18 09:40", 城市=None)
    assert started(shop, "2026-11-18 09:45") == ["u1"]
    shop.members("u1", at="2026-11-18 09:50", 城市="上海")
    assert started(shop, "2026-11-18 09:55") == ["u1"]


def test_each_change_of_one_import_and_the_order_of_arrival(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, "当 城市 变更")
    shop.members("u1", at="2026-11-18 09:30", 城市="上海")
    shop.members("u1", at="2026-11-18 09:40", 城市="杭州")
    shop.members("u1", at="2026-11-18 09:50", 城市="上海")
    assert started(shop, "2026-11-18 10:00") == ["u1", "u1"]
    # What is learned later about between differs from what was before it.
    shop.bring("members", [{"id": "u1", "城市": "苏州", "at": "2026-11-18 09:45", "arrived": "2026-11-18 10:10"}])
    assert started(shop, "2026-11-18 10:15") == ["u1"]


def test_late_and_history(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, "当 城市 变更")
    shop.members("u1", "u2", 城市="上海")
    shop.bring("members", [{"id": "u1", "城市": "苏州", "at": "2026-11-18 01:00"}], "2026-11-20 09:00")
    shop.bring("members", [{"id": "u2", "城市": "苏州", "at": "2026-11-20 08:00"}], "2026-11-20 09:00", backfill=True)
    assert started(shop, "2026-11-20 10:00") == []
    assert [r.member_id for r in shop.log(reason="late")] == ["u1"]


@pytest.mark.parametrize(
    ("values", "expected"), [(("张三", "李四"), ["u1"]), (("张三", None), []), ((None, "张三"), []), (("张三", "张三"), [])]
)
def test_handed_over(tmp_path: Path, values: tuple[str | None, ...], expected: list[str]) -> None:
    shop = open_shop(tmp_path, "当 换跟进人")
    for minute, value in enumerate(values):
        shop.members("u1", at=f"2026-11-18 09:3{minute}", 跟进人=value)
    assert started(shop, "2026-11-18 10:00") == expected


def test_points(tmp_path: Path) -> None:
    text = """
积分规则
  点击 得 1
"""
    shop = open_shop(tmp_path, "当 积分 变更", declared=text)
    shop.members("u1", at="2026-11-18 09:30", 积分=5)
    assert started(shop, "2026-11-18 09:40") == ["u1"]
    shop.members("u1", at="2026-11-18 09:45", 积分=5)
    assert started(shop, "2026-11-18 09:50") == []
    shop.event("点击", "u2", at="2026-11-18 10:00")
    assert started(shop, "2026-11-18 10:05") == ["u2"]
    assert started(shop, "2026-11-18 10:06") == []


def test_set_by_the_run_itself(tmp_path: Path) -> None:
    text = """
剧本 "设"
  当 下单
    设置 城市 为 "苏州"
"""
    shop = open_shop(tmp_path, "当 城市 变更", declared=text)
    shop.members("u1", at="2026-11-18 09:30", 城市="上海")
    shop.members("u2", at="2026-11-18 09:30", 城市="苏州")
    shop.event("下单", "u1", "u2", "u3", at="2026-11-18 10:00")
    shop.run("2026-11-18 10:05")
    assert [r.member_id for r in shop.log(playbook="跟进")] == ["u1"]
    assert started(shop, "2026-11-18 10:06") == []
