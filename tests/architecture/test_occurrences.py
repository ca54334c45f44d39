"""Occurrences and keys: sentences 13 to 18 of ARCHITECTURE.md."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from workspaces import Shop, micros, report_of, when

Open = Callable[..., Shop]
DAILY = """
剧本 "甲"
  每天 20:00
    推送 企微 "问候"
    打标签 "已触达"
"""


def test_13_an_occurrence_of_a_schedule_is_its_instant(open_shop: Open) -> None:
    shop = open_shop(DAILY)
    shop.run("2026-11-18 20:07")
    assert {r.occurrence for r in shop.log()} == {"2026-11-18T12:00:00Z"}


def test_13_of_members_own_dates_it_is_the_value(open_shop: Open) -> None:
    shop = open_shop(DAILY.replace("每天 20:00", "当 生日周年 前3天 20:00"))
    shop.members("u1", 生日="1990-11-21", at="2026-11-18 09:00")
    shop.run("2026-11-18 20:07")
    assert {(r.member_id, r.occurrence, r.t) for r in shop.log()} == {("u1", "2026-11-21", when("2026-11-18 20:00"))}
    shop.write(DAILY.replace("每天 20:00", "当 生日周年 前2天 20:00"))
    report = report_of(shop.run("2026-11-19 20:07"), "甲")
    assert (report.entered, report.duplicate) == (0, 1)


def test_13_on_the_members_clock_it_is_the_local_date_and_time(open_shop: Open) -> None:
    shop = open_shop(DAILY.replace("每天", "时区 按客户 缺省 Asia/Shanghai\n  每天"))
    shop.members("u1", "u2", 时区="Asia/Tokyo", at="2026-11-18 09:00")
    shop.run("2026-11-18 19:05")
    assert {(r.member_id, r.occurrence, r.t) for r in shop.log()} == {
        ("u1", "2026-11-18T20:00:00", when("2026-11-18 19:00")),
        ("u2", "2026-11-18T20:00:00", when("2026-11-18 19:00")),
    }
    shop.members("u1", 时区="Asia/Shanghai", at="2026-11-18 19:30")
    report = report_of(shop.run("2026-11-18 20:05"), "甲")
    assert (report.entered, report.duplicate) == (2, 1)
    assert sorted(r.member_id or "" for r in shop.log(status="queued")) == ["u1", "u2", "u3", "u4"]


def test_14_an_occurrence_of_a_fact_is_its_later_instant_and_seq(open_shop: Open) -> None:
    shop = open_shop("""
剧本 "迎新"
  当 打上标签 "新客"
    推送 企微 "问候"
""")
    shop.tag("新客", "u1", at="2026-11-18 11:00", since="2026-11-18 10:00")
    shop.tag("新客", "u2", at="2026-11-18 11:00", since="2026-11-18 12:00")
    shop.run("2026-11-18 11:30")
    assert [(r.member_id, r.t) for r in shop.log()] == [("u1", when("2026-11-18 11:00"))]
    shop.run("2026-11-18 12:30")
    assert [(r.member_id, r.t) for r in shop.log()][1:] == [("u2", when("2026-11-18 12:00"))]
    seqs = [seq for (seq,) in shop.rows("SELECT seq FROM tag_facts JOIN tags USING (tag) WHERE name = '新客' ORDER BY seq")]
    assert [r.occurrence for r in shop.log()] == [f"2026-11-18T03:00:00Z#{seqs[0]}", f"2026-11-18T04:00:00Z#{seqs[1]}"]


def test_15_at_most_one_decision_for_step_member_and_occurrence(open_shop: Open) -> None:
    shop = open_shop(DAILY)
    shop.run("2026-11-18 20:05")
    once = shop.log()
    # Even where the store forgets how far the playbook was handled, the same occurrence decides nothing again.
    shop.change("UPDATE progress SET handled = ?", micros("2026-11-18 19:00"))
    report = report_of(shop.run("2026-11-18 20:10"), "甲")
    assert (report.entered, report.duplicate) == (0, 4)
    assert shop.log() == once
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        shop.change("""
          INSERT INTO dispatches SELECT 1000, header, occurrence, step, kind, unit, t, mark, not_before, key, leaf
          FROM dispatches WHERE seq = 0""")


def test_16_later_steps_are_decided_under_the_occurrence_of_the_entry(open_shop: Open) -> None:
    shop = open_shop("""
剧本 "甲"
  免打扰 22:00 到 08:00 顺延
  每天 20:00
    打标签 "已触达"
    等待 3小时
    推送 企微 "问候"
""")
    shop.run("2026-11-18 20:05")
    shop.run("2026-11-18 23:05")
    shop.run("2026-11-19 08:05")
    first, last = shop.log(member="u1")
    assert (first.step, last.step) == ('tag "已触达"', 'push "问候"')
    assert first.occurrence == last.occurrence == "2026-11-18T12:00:00Z"
    assert last.t == when("2026-11-19 08:00")


def test_17_the_key_is_the_hash_of_what_it_identifies(open_shop: Open) -> None:
    shop = open_shop(DAILY)
    again = shop.copy(shop.root.with_name("again"))
    shop.run("2026-11-18 20:05")
    again.run("2026-11-18 20:55")
    (store_id,) = shop.rows("SELECT value FROM meta WHERE key = 'store_id'")[0]
    for record in shop.log():
        pseudonym = bytes.fromhex(record.member or "")
        parts = (store_id.encode(), "甲".encode(), record.step.encode(), pseudonym, record.occurrence.encode())
        entry = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
        assert record.key == sha256(entry).hexdigest()
    assert [r.key for r in again.log()] == [r.key for r in shop.log()]


def draw(*names: str) -> float:
    """A draw as a share, by the published method."""
    return int.from_bytes(sha256("\0".join(names).encode()).digest()[:8], "big") / 2**64


DRAWS = """
券 "券" 减¥5
  库存 7
剧本 "甲"
  对照组 30%
  每天 20:00
    分流 "测试"
      40% "红"
        打标签 "新客"
      60% "蓝"
        打标签 "老客"
剧本 "乙"
  面向 抽样 20% 按 "九月"
  每天 20:00
    推送 企微 "问候"
剧本 "丙"
  每天 20:00
    发券 "券"
"""


def test_18_draws_are_hashes_of_names_and_ids(tmp_path: Path) -> None:
    ids = [f"m{number}" for number in range(60)]
    for seed, order in ((1, ids), (2, ids[::-1])):
        shop = Shop(tmp_path / str(seed), DRAWS, seed=seed)
        shop.members(*order)
        shop.run("2026-11-18 20:05")
        found = {(r.step, r.arm, r.member_id) for r in shop.log() if r.reason in (None, "holdout")}
        held_out = {m for m in ids if draw("holdout:甲", m) < 0.3}
        red = {m for m in ids if draw("split:甲\0测试", m) < 0.4}
        lucky = sorted(ids, key=lambda m: draw("丙", "2026-11-18T12:00:00Z", m))[:7]
        assert {m for _, arm, m in found if arm == "holdout"} == held_out
        assert {m for step, _, m in found if step == 'tag "新客"'} - held_out == red - held_out
        assert {m for step, _, m in found if step == 'push "问候"'} == {m for m in ids if draw("九月", m) < 0.2}
        assert {m for step, _, m in found if step == 'coupon "券"'} == set(lucky)
