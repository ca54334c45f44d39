"""Explaining decisions of the log as of their own coordinates."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from qingting.engine.run.report import REASONS
from qingting.grammar.messages import render

from .shop import Shop, block_of, flat, program_of, verdicts, when

TAGGING = """
剧本 "跟进"
  面向 无标签 "已跟进" 且 城市 是 "上海"
  每天 20:00
    推送 企微 "问候"
    打标签 "已跟进"
    推送 企微 "猫粮种草"
"""


def test_a_record_is_explained_by_what_was_seen_before_its_run_changed_it(tmp_path: Path) -> None:
    shop = Shop(tmp_path, TAGGING)
    shop.member("王小猫", name="王小猫", 城市="上海")
    shop.run("2026-11-01 20:00")
    assert [row[1:] for row in shop.records("王小猫")] == [
        ('push "问候"', "queued", None), ('tag "已跟进"', "done", None), ('push "猫粮种草"', "queued", None),
    ]
    for seq, *_ in shop.records("王小猫"):
        found = shop.explain_record(seq)
        assert found.member == "王小猫"
        assert found.record is not None
        assert found.record.agrees
        assert found.notes == ()
        assert flat(block_of(found).tree)['无标签 "已跟进"'] == (True, None)
        assert verdicts(block_of(found)) == [("dispatched", None)] * 3
    assert block_of(shop.explain("王小猫", "2026-11-01 20:00")).tree.true is False


def test_a_segment_and_an_audience_that_changed_since(tmp_path: Path) -> None:
    shop = Shop(tmp_path, TAGGING)
    shop.member("M1", 城市="上海", name="王")
    shop.run("2026-11-01 20:00")
    newer = program_of(TAGGING.replace("上海", "杭州"))
    found = shop.explain_record(shop.records("M1")[0][0], program=newer)
    assert flat(block_of(found).tree)['城市 是 "上海"'] == (True, "上海")
    assert found.record is not None
    assert found.record.agrees


def test_facts_that_came_later_are_told(tmp_path: Path) -> None:
    shop = Shop(tmp_path, TAGGING)
    unit = shop.member("M1", 城市="上海", name="王")
    shop.run("2026-11-01 20:02")
    with shop.facts() as writer:
        writer.add_attribute(unit, "城市", "杭州", at=when("2026-11-01 19:00"), arrived=when("2026-11-01 21:00"))
    found = shop.explain_record(shop.records("M1")[0][0])
    assert flat(block_of(found).tree)['城市 是 "上海"'] == (True, "上海")
    (note,) = found.notes
    assert (note.code, note.params["number"]) == ("explain.arrived_later", 1)
    assert note.params["facts"] == '"城市" 是 2026-11-01T19:00:00+08:00 的事,2026-11-01T21:00:00+08:00 才知道'


RULES = """
券 "限量" 减¥5
  每人限1张
  库存 9
全局规则
  时区 Asia/Shanghai
  永不推送 有标签 "退订"
  免打扰 22:00 到 08:00 放弃
  每人每天最多1条
剧本 "甲"
  优先级 90
  每天 20:00
    推送 企微 "问候"
剧本 "乙"
  每天 20:00、23:00
    推送 企微 "问候"
剧本 "丙"
  类别 服务
  面向 姓名 有值
  每天 20:00
    推送 企微 "问候" 附券 "满100减20"
    发券 "满100减20"
剧本 "丁"
  对照组 99.99%
  每天 20:00
    打标签 "已跟进"
剧本 "戊"
  类别 服务
  每天 20:00
    推送 企微 "猫粮种草"
剧本 "己"
  类别 服务
  每天 21:00
    发券 "限量"
"""


@pytest.fixture
def ruled(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path, RULES)
    unit = shop.member("退订的", name="李")
    shop.member("王", name="王")
    shop.member("无名")
    with shop.facts() as writer:
        writer.add_tag(unit, "退订", at=when("2026-11-01 12:00"), arrived=when("2026-11-01 12:00"))
    shop.run("2026-11-01 20:00")
    for at in ("2026-11-01 21:00", "2026-11-01 23:00", "2026-11-02 21:00"):
        shop.run(at)
    return shop


def test_each_reason_with_what_caused_it(ruled: Shop) -> None:
    seen: set[str | None] = set()
    for member in ruled.units:
        for seq, _, status, reason in ruled.records(member):
            found = ruled.explain_record(seq, "en").record
            assert found is not None
            assert (found.status, found.reason, found.agrees) == (status, reason, True), (member, seq)
            assert bool(found.cause) == (reason is not None)
            seen.add(reason)
    assert seen == {
        None, "never_push", "cap", "quiet_hours", "holdout", "incomplete", "stock", "per_member_limit",
    }


def test_a_cap_names_the_push_that_filled_it(ruled: Shop) -> None:
    seq = next(row[0] for row in ruled.records("王") if row[3] == "cap")
    found = ruled.explain_record(seq).record
    assert found is not None
    assert found.why == "推送次数到了频次上限"
    (cap,) = found.cause
    assert (cap.test, cap.value) == ("每人每天最多1条", "1/1")
    assert [child.value for child in cap.children] == ["2026-11-01T20:00:00+08:00"]
    assert cap.children[0].test.startswith('剧本 "甲" 的 推送 "问候"')


def test_a_policy_that_changed_no_longer_agrees(ruled: Shop) -> None:
    seq = next(row[0] for row in ruled.records("退订的") if row[3] == "never_push")
    program = ruled.program
    found = ruled.explain_record(seq, program=replace(program, policy=replace(program.policy, consents=())))
    assert found.record is not None
    assert found.record.agrees is False
    assert [note.code for note in found.notes] == ["explain.differs"]


def test_a_step_after_a_wait_shows_the_audience_as_at_entry(tmp_path: Path) -> None:
    shop = Shop(
        tmp_path,
        '剧本 "旅程"\n  每人仅一次\n  面向 城市 是 "上海"\n'
        '  每天 20:00\n    打标签 "已跟进"\n    等待 1天\n    推送 企微 "问候"\n',
    )
    unit = shop.member("M1", 城市="上海")
    shop.run("2026-11-01 20:00")
    with shop.facts() as writer:
        writer.add_attribute(unit, "城市", "杭州", at=when("2026-11-02 10:00"), arrived=when("2026-11-02 10:00"))
    shop.run("2026-11-02 20:00")
    found = shop.explain_record(shop.records("M1")[-1][0])
    assert flat(block_of(found).tree) == {'城市 是 "上海"': (True, "上海")}
    assert [note.code for note in found.notes] == ["explain.in_flight"]
    assert verdicts(block_of(found)) == [("dispatched", None)] * 2


def test_a_tag_that_was_learned_too_late(tmp_path: Path) -> None:
    shop = Shop(tmp_path, '剧本 "甲"\n  当 打上标签 "兴趣:*"\n    打标签 "已跟进"\n')
    unit = shop.member("M1")
    with shop.facts() as writer:
        writer.add_tag(unit, "兴趣:猫粮", at=when("2026-11-01 10:00"), arrived=when("2026-11-04 10:00"))
    shop.run("2026-11-04 12:00")
    found = shop.explain_record(shop.records("M1")[0][0], "en").record
    assert found is not None
    assert found.reason == "late"
    assert [(node.test, node.value) for node in found.cause] == [
        ('when tagged "兴趣:*", learned only at 2026-11-04T10:00:00+08:00', "2026-11-01T10:00:00+08:00")
    ]


def test_erased_members_keep_their_record(tmp_path: Path) -> None:
    shop = Shop(tmp_path, TAGGING)
    unit = shop.member("M1", 城市="上海", name="王")
    shop.run("2026-11-01 20:00")
    seq = shop.records("M1")[0][0]
    shop.store.connection.execute("PRAGMA foreign_keys = OFF")
    shop.store.connection.execute("DELETE FROM members WHERE unit = ?", (unit,))
    found = shop.explain_record(seq)
    assert found.member is None
    assert [note.code for note in found.notes] == ["explain.erased"]
    assert found.to_json()["playbooks"] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_has_its_sentence(reason: str, lang: str) -> None:
    assert not render(f"explain.reason.{reason}", {}, lang)[0].startswith("explain.")
