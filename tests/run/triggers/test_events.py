"""Events that start blocks: those of a query, and each member's nth."""

from __future__ import annotations

from pathlib import Path

import pytest
from workspaces import Shop, report_of

BLOCK = """
剧本 "跟进"
  {line}
    打标签 "已触达"
"""


def open_shop(root: Path, line: str, header: str = "") -> Shop:
    shop = Shop(root / "shop", BLOCK.format(line=line).replace("  " + line, header + "  " + line))
    shop.members("u1", "u2", "u3")
    shop.run("2026-11-18 09:00")
    return shop


def started(shop: Shop, at: str) -> list[str]:
    """Whom a run starts."""
    known = len(shop.log())
    shop.run(at)
    return [record.member_id or "" for record in shop.log()[known:]]


def test_every_event_starts_the_block_once(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, "当 下单")
    shop.event("下单", "u1", "u2", at="2026-11-18 10:00")
    shop.event("下单", "u1", at="2026-11-18 10:01")
    shop.event("点击", "u3", at="2026-11-18 10:00")
    assert sorted(started(shop, "2026-11-18 11:00")) == ["u1", "u1", "u2"]
    assert started(shop, "2026-11-18 12:00") == []
    first, second = [r.occurrence for r in shop.log(member="u1")]
    assert first.startswith("2026-11-18T02:00:00Z#")
    assert second.startswith("2026-11-18T02:01:00Z#")


def test_two_events_of_one_instant_are_two_occurrences(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, "当 下单")
    shop.event("下单", "u1", at="2026-11-18 10:00")
    shop.event("下单", "u1", at="2026-11-18 10:00")
    assert started(shop, "2026-11-18 11:00") == ["u1", "u1"]


def test_a_repeated_import_starts_nothing_again(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, "当 下单")
    row = {"id": "e", "member": "u1", "type": "下单", "at": "2026-11-18 10:00"}
    shop.bring("events", [row], "2026-11-18 10:00")
    assert started(shop, "2026-11-18 11:00") == ["u1"]
    shop.bring("events", [row], "2026-11-18 11:30")
    assert started(shop, "2026-11-18 12:00") == []


@pytest.mark.parametrize(
    ("line", "fields", "starts"),
    [
        ('当 点击 "猫*"', {"subject": "猫粮"}, True),
        ('当 点击 "猫*"', {"subject": "狗粮"}, False),
        ("当 下单 其中 金额 >= ¥50, 门店 是 \"静安\"", {"amount": 50, "门店": "静安"}, True),
        ("当 下单 其中 金额 >= ¥50, 门店 是 \"静安\"", {"amount": 49.99, "门店": "静安"}, False),
        ("当 下单 其中 金额 >= ¥50, 门店 是 \"静安\"", {"amount": 50}, False),
    ],
)
def test_filters(tmp_path: Path, line: str, fields: dict[str, object], starts: bool) -> None:
    shop = open_shop(tmp_path, line)
    shop.event("点击" if "点击" in line else "下单", "u1", at="2026-11-18 10:00", **fields)
    assert started(shop, "2026-11-18 11:00") == (["u1"] if starts else [])


def test_the_third_event_alone(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, "当 第3次 下单")
    for minute in range(3):
        shop.event("下单", "u1", at=f"2026-11-18 10:0{minute}")
    shop.event("下单", "u2", at="2026-11-18 10:00")
    assert started(shop, "2026-11-18 10:01") == []
    assert started(shop, "2026-11-18 11:00") == ["u1"]
    shop.event("下单", "u1", "u2", at="2026-11-18 11:30")
    assert started(shop, "2026-11-18 12:00") == []


def test_the_nth_goes_by_what_was_known_first(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, "当 首次 下单")
    shop.event("下单", "u1", at="2026-11-18 10:00")
    assert started(shop, "2026-11-18 11:00") == ["u1"]
    # An earlier one that is learned of later is not the first any more.
    shop.event("下单", "u1", at="2026-11-18 09:30", arrived="2026-11-18 11:30")
    assert started(shop, "2026-11-18 12:00") == []


def test_history_counts_but_starts_nothing(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, "当 第2次 下单")
    shop.event("下单", "u1", "u2", at="2026-10-01 10:00", arrived="2026-11-18 09:30", backfill=True)
    shop.event("下单", "u2", at="2026-10-02 10:00", arrived="2026-11-18 09:30", backfill=True)
    shop.event("下单", "u1", "u2", at="2026-11-18 10:00")
    assert started(shop, "2026-11-18 11:00") == ["u1"]


def test_an_event_that_lies_ahead_waits_for_its_instant(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, "当 下单")
    shop.event("下单", "u1", at="2026-11-18 15:00", arrived="2026-11-18 10:00")
    assert started(shop, "2026-11-18 11:00") == []
    assert started(shop, "2026-11-18 15:00") == ["u1"]
    assert started(shop, "2026-11-18 16:00") == []
    assert shop.log()[0].occurrence.startswith("2026-11-18T07:00:00Z#")


def test_what_arrives_at_an_instant_behind_the_run_is_met_then(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, "当 下单")
    shop.event("下单", "u1", at="2026-11-18 10:00", arrived="2026-11-18 14:00")
    assert started(shop, "2026-11-18 11:00") == []
    assert started(shop, "2026-11-18 14:00") == ["u1"]


@pytest.mark.parametrize(
    ("header", "at", "late"),
    [
        ("", "2026-11-17 10:00:00", 0), ("", "2026-11-17 09:59:59", 1), ("  补发 不补\n", "2026-11-18 09:50:00", 0),
        ("  补发 不补\n", "2026-11-18 09:49:59", 1), ("  补发 全补\n", "2025-01-01 00:00", 0),
        ("  补发 全补 3天内\n", "2026-11-15 09:59:59", 1), ("  补发 只补最近 3天内\n", "2026-11-15 10:00", 0),
    ],
)
def test_late(tmp_path: Path, header: str, at: str, late: int) -> None:
    shop = open_shop(tmp_path, "当 下单", header)
    shop.event("下单", "u1", at=at, arrived="2026-11-18 10:00")
    report = report_of(shop.run("2026-11-18 10:05"), "跟进")
    assert (report.late, report.entered) == (late, 1 - late)
    assert [record.reason for record in shop.log()] == ["late" if late else None]


def test_a_field_that_is_compared_with_now_is_compared_at_the_event(tmp_path: Path) -> None:
    text = """
事件 预约 含 到店时间 时间
剧本 "跟进"
  当 预约 其中 到店时间 未来3天内
    打标签 "已触达"
"""
    shop = Shop(tmp_path / "shop", text)
    shop.members("u1", "u2")
    shop.event("预约", "u1", at="2026-11-18 10:00", 到店时间="2026-11-21 10:00")
    shop.event("预约", "u2", at="2026-11-18 10:00", 到店时间="2026-11-21 10:01")
    # Seen from the run both would lie within three days.
    assert started(shop, "2026-11-18 11:00") == ["u1"]
