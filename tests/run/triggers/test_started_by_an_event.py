"""What the event that started a journey says: it sets attributes, and an entry counts once for a field."""

from __future__ import annotations

import json
from pathlib import Path

from run.triggers.starting import open_shop, started
from workspaces import Shop

ORDERS = """
事件 订购 含 订单号 文本, 门店 文本
"""
SETTING = ORDERS + """
剧本 "记下"
  当 订购
    {wait}设置 城市 为 门店
"""


def test_an_attribute_is_set_to_a_field(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop", SETTING.format(wait=""))
    shop.members("u1", "u2", "u3", 城市="上海")
    shop.event("订购", "u1", at="2026-11-18 10:00", 门店="杭州")
    shop.event("订购", "u2", at="2026-11-18 10:00", 门店="上海")
    shop.event("订购", "u3", at="2026-11-18 10:00")
    shop.run("2026-11-18 10:05")
    assert shop.who('城市 是 "杭州"', "2026-11-18 11:00") == ("u1",)
    assert shop.who("城市 没值", "2026-11-18 11:00") == ("u3",)
    assert [r.member_id for r in shop.log() if "false" in r.params] == ["u2"]


def test_the_event_is_remembered_over_a_wait(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop", SETTING.format(wait="等待 1天\n    "))
    shop.members("u1")
    shop.event("订购", "u1", at="2026-11-18 10:00", 门店="杭州")
    shop.run("2026-11-18 10:05")
    shop.event("订购", "u1", at="2026-11-18 12:00", 门店="苏州")
    shop.run("2026-11-19 10:05")
    assert shop.who('城市 是 "杭州"', "2026-11-19 11:00") == ("u1",)


def test_a_field_set_starts_what_waits_for_the_change(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, "当 城市 变更", declared=SETTING.format(wait=""))
    shop.members("u1", at="2026-11-18 09:30", 城市="上海")
    shop.event("订购", "u1", at="2026-11-18 10:00", 门店="杭州")
    shop.run("2026-11-18 10:05")
    assert [r.member_id for r in shop.log(playbook="跟进")] == ["u1"]


ONCE = "  每个订单号仅一次\n"


def test_once_for_a_field(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, "当 订购", declared=ORDERS, header=ONCE)
    shop.event("订购", "u1", "u2", at="2026-11-18 10:00", 订单号="A")
    shop.event("订购", "u1", at="2026-11-18 10:01", 订单号="A")
    shop.event("订购", "u1", at="2026-11-18 10:02", 订单号="B")
    assert sorted(started(shop, "2026-11-18 10:05")) == ["u1", "u1", "u2"]
    shop.event("订购", "u1", "u2", at="2026-11-18 11:00", 订单号="B")
    assert started(shop, "2026-11-18 11:05") == ["u2"]
    # What is unknown is one value like any other.
    shop.event("订购", "u1", at="2026-11-18 12:00")
    shop.event("订购", "u1", at="2026-11-18 12:01")
    assert started(shop, "2026-11-18 12:05") == ["u1"]


def test_once_for_a_field_in_all_does_not_count_what_no_event_started(tmp_path: Path) -> None:
    """Who was addressed by the clock has no order number by that, and an order without one still starts."""
    block = '每天 08:00\n    打标签 "老客"\n  当 订购\n    全剧本每个订单号仅一次'
    shop = open_shop(tmp_path, block, declared=ORDERS)
    assert [r.action for r in shop.log()] == ["tag"] * 3
    shop.event("订购", "u1", at="2026-11-18 10:00")
    shop.event("订购", "u1", at="2026-11-18 10:01")
    assert started(shop, "2026-11-18 10:05") == ["u1"]


def test_once_for_a_field_counts_entries_made_before_the_line_was_written(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, "当 订购", declared=ORDERS)
    shop.event("订购", "u1", at="2026-11-18 10:00", 订单号="A")
    assert started(shop, "2026-11-18 10:05") == ["u1"]
    text = (shop.root / "all.sop").read_text(encoding="utf-8")
    shop.write(ORDERS + text.partition(ORDERS)[2].replace('剧本 "跟进"\n', '剧本 "跟进"\n' + ONCE))
    shop.event("订购", "u1", at="2026-11-18 11:00", 订单号="A")
    shop.event("订购", "u1", at="2026-11-18 11:01", 订单号="B")
    assert started(shop, "2026-11-18 11:05") == ["u1"]


TEXT = ORDERS + """
话术 "谢谢"
  正文 "订单{{ 事件.订单号 }},{{ 事件.门店 | default: '本店' }}"
剧本 "致谢"
  当 订购
    推送 企微 "谢谢"
"""


def test_a_text_shows_what_the_event_says(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop", TEXT)
    shop.members("u1", "u2")
    shop.event("订购", "u1", at="2026-11-18 10:00", 订单号="A", 门店="静安")
    shop.event("订购", "u1", at="2026-11-18 10:01", 订单号="B")
    shop.event("订购", "u2", at="2026-11-18 10:00", 门店="静安")
    shop.run("2026-11-18 10:05")
    # A text that would have a hole is not sent.
    assert [(r.member_id, r.reason) for r in shop.log() if r.reason] == [("u2", "incomplete")]
    shop.deliver("2026-11-18 10:06")
    lines = (shop.root / "out.jsonl").read_text(encoding="utf-8").splitlines()
    assert sorted(json.loads(line)["text"] for line in lines) == ["订单A,静安", "订单B,本店"]
