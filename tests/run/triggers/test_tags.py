"""Tags lost: taken, displaced or expired."""

from __future__ import annotations

from pathlib import Path

from run.triggers.starting import open_shop, started

DECLARED = """
标签组 "生命周期" 互斥
标签 "甲" 归入 "生命周期"
标签 "乙" 归入 "生命周期"
标签 "限时" 有效期 2天
"""


def test_taken(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, '当 去掉标签 "新客"')
    shop.tag("新客", "u1", "u2", at="2026-11-18 09:30")
    shop.tag("老客", "u3", at="2026-11-18 09:30")
    assert started(shop, "2026-11-18 09:40") == []
    shop.untag("新客", "u1", at="2026-11-18 10:00")
    shop.untag("老客", "u3", at="2026-11-18 10:00")
    assert started(shop, "2026-11-18 10:05") == ["u1"]
    assert started(shop, "2026-11-18 11:05") == []


def test_taking_what_is_not_held_is_no_loss(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, '当 去掉标签 "新客"')
    shop.untag("新客", "u1", at="2026-11-18 10:00")
    assert started(shop, "2026-11-18 10:05") == []


def test_displaced(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, '当 去掉标签 "甲"', declared=DECLARED)
    shop.tag("甲", "u1", at="2026-11-18 09:30")
    shop.tag("乙", "u1", at="2026-11-18 10:00")
    assert started(shop, "2026-11-18 10:05") == ["u1"]


def test_expired(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, '当 去掉标签 "限时"', declared=DECLARED)
    shop.tag("限时", "u1", "u2", at="2026-11-18 10:00")
    shop.tag("限时", "u2", at="2026-11-19 10:00")
    assert started(shop, "2026-11-20 09:59") == []
    assert started(shop, "2026-11-20 10:00") == ["u1"]
    assert shop.log()[-1].occurrence.startswith("2026-11-20T02:00:00Z#")
    assert started(shop, "2026-11-21 10:05") == ["u2"]


def test_a_tag_that_had_expired_when_it_was_learned_of(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, '当 去掉标签 "限时"', declared=DECLARED)
    shop.run("2026-11-21 09:00")
    shop.tag("限时", "u1", at="2026-11-21 10:00", since="2026-11-18 09:59")
    shop.tag("限时", "u2", at="2026-11-21 10:00", since="2026-11-18 22:00")
    assert started(shop, "2026-11-21 10:05") == ["u2"]
    assert [r.member_id for r in shop.log(reason="late")] == ["u1"]


def test_history_is_silent(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, '当 去掉标签 "新客"')
    shop.tag("新客", "u1", at="2026-11-18 10:00", backfill=True, since="2026-11-18 09:10", until="2026-11-18 09:50")
    assert started(shop, "2026-11-18 10:05") == []


def test_an_end_that_lies_ahead(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, '当 去掉标签 "新客"')
    shop.tag("新客", "u1", at="2026-11-18 10:00", since="2026-11-18 09:30", until="2026-11-18 15:00")
    assert started(shop, "2026-11-18 14:59") == []
    assert started(shop, "2026-11-18 15:00") == ["u1"]


def test_taken_by_the_run_itself(tmp_path: Path) -> None:
    text = """
剧本 "去"
  当 下单
    去标签 "新客"
"""
    shop = open_shop(tmp_path, '当 去掉标签 "新客"', declared=text)
    shop.tag("新客", "u1", at="2026-11-18 09:30")
    shop.event("下单", "u1", "u2", at="2026-11-18 10:00")
    shop.run("2026-11-18 10:05")
    assert [(r.playbook, r.member_id) for r in shop.log() if r.playbook == "跟进"] == [("跟进", "u1")]
    # It fell due at the run.
    assert shop.log(playbook="跟进")[0].occurrence.startswith("2026-11-18T02:05:00Z#")
    assert started(shop, "2026-11-18 11:05") == []


def test_given_by_the_run_and_expired_before_its_end(tmp_path: Path) -> None:
    text = DECLARED + """
剧本 "给"
  补发 全补
  当 下单
    打标签 "限时"
"""
    shop = open_shop(tmp_path, '当 去掉标签 "限时"', declared=text)
    shop.event("下单", "u1", at="2026-11-18 10:00")
    shop.run("2026-11-20 12:00")
    assert [r.occurrence[:20] for r in shop.log(playbook="跟进")] == ["2026-11-20T04:00:00Z"]
    assert started(shop, "2026-11-20 12:05") == []
