"""A playbook that this version checks but cannot run does nothing at all, and the others run."""

from __future__ import annotations

from pathlib import Path

from workspaces import Shop, when

TEXT = """
剧本 "甲"
  每天 20:00
    打标签 "新客"
剧本 "乙"
  面向 正在剧本 "甲"
  每天 20:00
    打标签 "老客"
剧本 "丙"
  草稿
  面向 正在剧本 "甲"
  每天 20:00
    打标签 "老客"
"""


def test_it_is_blocked_and_told_of(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop", TEXT)
    shop.members("u1")
    report = shop.run("2026-11-18 20:05").report
    assert [(b.playbook, b.reason, b.codes) for b in report.blocked] == [("乙", "check", ("W190",))]
    assert report.exit_code == 1
    assert [(r.playbook, r.member_id) for r in shop.log()] == [("甲", "u1")]


def test_it_catches_up_once_it_can_be_run(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop", TEXT)
    shop.members("u1")
    shop.run("2026-11-18 20:05")
    shop.write(TEXT.replace('面向 正在剧本 "甲"', '面向 有标签 "新客"'))
    shop.run("2026-11-18 20:30")
    assert [(r.playbook, r.member_id) for r in shop.log()] == [("甲", "u1"), ("乙", "u1")]


def test_explaining_tells_of_it_too(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop", TEXT)
    shop.members("u1")
    told = shop.ws.explain("u1", at=when("2026-11-18 20:05"))
    assert [(found.playbook, found.state, found.codes) for found in told.playbooks] == [
        ("丙", "blocked", ("W190",)), ("乙", "blocked", ("W190",)), ("甲", "live", ()),
    ]
