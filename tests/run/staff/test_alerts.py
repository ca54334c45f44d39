"""Alerts: listed for whoever is responsible, and handed to a channel named staff where there is one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from qingting.engine.insight.work import Work, WorkFilter
from workspaces import SETTINGS, Shop, when

Open = Callable[..., Shop]
TEXT = """
全局规则
  时区 Asia/Shanghai
  永不推送 有标签 "退订"
剧本 "甲"
  面向 跟进人 有值
  每天 20:00
    提醒员工 "{{ 姓名 }} 三天没来了,跟进人 {{ 跟进人.姓名 }}"
    提醒店长 "看一下"
"""
ALERTS = WorkFilter(kinds=("alert",))
WITH_CHANNEL = SETTINGS + "  staff: {type: file, path: staff.jsonl}\n"


def shop_with(tmp_path: Path, settings: str = SETTINGS, text: str = TEXT) -> Shop:
    """u1 is named, u2 is not; both are served by 张三, whose manager is boss."""
    shop = Shop(tmp_path / "shop", text, settings=settings)
    shop.bring("staff", [{"id": "张三", "manager": "boss"}, {"id": "boss", "name": "店长甲"}])
    shop.members("u1", 姓名="王芳", 跟进人="张三")
    shop.members("u2", 跟进人="张三")
    return shop


def alerts(shop: Shop, at: str, wanted: WorkFilter = ALERTS) -> tuple[Work, ...]:
    return shop.ws.staff.work(wanted, at=when(at))


def handed_over(shop: Shop) -> list[tuple[str, str]]:
    """To whom alerts were handed over, with their texts."""
    path = shop.root / "staff.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [(row["to"], row["text"]) for row in map(json.loads, lines)]


def test_what_is_recorded_and_listed(tmp_path: Path) -> None:
    shop = shop_with(tmp_path)
    shop.run("2026-11-18 20:05")
    assert shop.decided() == [
        ("u1", "alert staff", "done"), ("u2", "alert staff", "incomplete"), ("u1", "alert manager", "done"),
        ("u2", "alert manager", "done"),
    ]
    first = shop.log()[0]
    assert (first.action, first.content, first.params) == (
        "alert", "{{ 姓名 }} 三天没来了,跟进人 {{ 跟进人.姓名 }}", '{"for":"staff"}',
    )
    told = [(w.staff, w.title, w.state, w.due) for w in alerts(shop, "2026-11-20 00:00")]
    assert told == [
        ("张三", "王芳 三天没来了,跟进人 张三", "open", None), ("boss", "看一下", "open", None), ("boss", "看一下", "open", None),
    ]


def test_an_alert_is_no_task_and_can_be_put_away(tmp_path: Path) -> None:
    shop = shop_with(tmp_path)
    shop.run("2026-11-18 20:05")
    assert shop.ws.staff.work(WorkFilter(), at=when("2026-11-20 00:00")) == ()
    assert shop.ws.staff.counts(at=when("2026-11-20 00:00")) == ()
    shop.ws.staff.settle([alerts(shop, "2026-11-20 00:00")[0].id], done=True, at=when("2026-11-20 00:00"))
    assert len(alerts(shop, "2026-11-20 00:00")) == 2


def test_without_a_channel_nothing_waits(tmp_path: Path) -> None:
    shop = shop_with(tmp_path)
    shop.run("2026-11-18 20:05")
    report = shop.deliver("2026-11-18 20:06")
    assert (report.sent, report.waiting, report.unconfigured) == (0, 0, ())


def test_with_one_they_go_out_once_to_whom_they_are_for(tmp_path: Path) -> None:
    """Consent of the member does not matter: nobody writes to them."""
    shop = shop_with(tmp_path, WITH_CHANNEL)
    shop.run("2026-11-18 20:05")
    shop.tag("退订", "u1", "u2", at="2026-11-18 20:05")
    for at in ("2026-11-18 20:06", "2026-11-18 20:07"):
        shop.deliver(at)
    assert handed_over(shop) == [("张三", "王芳 三天没来了,跟进人 张三"), ("boss", "看一下"), ("boss", "看一下")]
    delivery = shop.log()[0].delivery
    assert delivery is not None
    assert delivery.outcome == "sent"


def test_they_go_to_whoever_is_responsible_by_then(tmp_path: Path) -> None:
    shop = shop_with(tmp_path, WITH_CHANNEL)
    shop.run("2026-11-18 20:05")
    shop.members("u1", at="2026-11-18 20:30", 跟进人="李四")
    shop.deliver("2026-11-18 21:00")
    assert [to for to, _ in handed_over(shop)] == ["李四", "", "boss"]


def test_old_ones_are_only_listed(tmp_path: Path) -> None:
    """Who sets the channel up later is not told of last month."""
    shop = shop_with(tmp_path, WITH_CHANNEL)
    shop.run("2026-11-18 20:05")
    assert shop.deliver("2026-11-19 20:06").sent == 0
    assert len(alerts(shop, "2026-11-19 20:06")) == 3


def test_what_was_put_away_is_not_sent(tmp_path: Path) -> None:
    shop = shop_with(tmp_path, WITH_CHANNEL)
    shop.run("2026-11-18 20:05")
    shop.ws.staff.settle([alerts(shop, "2026-11-18 20:05")[0].id], done=True, at=when("2026-11-18 20:05"))
    shop.deliver("2026-11-18 20:06")
    assert [to for to, _ in handed_over(shop)] == ["boss", "boss"]
