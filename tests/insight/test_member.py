"""Explaining a member at an instant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from qingting.grammar.diagnostics import UsageError

from .shop import Shop, block_of, flat, verdicts, when

FOLLOW_UP = """
全局规则
  时区 Asia/Shanghai
  永不推送 有标签 "退订"
  免打扰 22:00 到 08:00 顺延
  每人每天最多1条 企微
剧本 "猫粮跟进"
  再进间隔7天
  面向 有标签 "企微好友"
    且 昨天 做过 点击 "猫*"
    且 (城市 是 "上海" 或 属于分群 "熟客")
    且 未做过 下单 "猫粮2kg"
  每天 20:00
    推送 企微 "猫粮种草"
    打标签 "兴趣:猫粮"
"""


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path, FOLLOW_UP)
    unit = shop.member("M1", name="王小猫", 城市="上海")
    click, order = when("2026-11-09 21:00"), when("2026-11-05 10:00")
    with shop.facts() as writer:
        writer.add_event("e1", "点击", unit, at=click, arrived=click, subject="猫粮")
        writer.add_event("e2", "下单", unit, at=order, arrived=order, amount=12_050)
    return shop


def test_every_test_with_its_value(shop: Shop) -> None:
    block = block_of(shop.explain("M1", "2026-11-10 20:00"))
    assert block.trigger == "每天 20:00"
    assert [(child.test, child.true, child.value) for child in block.tree.children] == [
        ('有标签 "企微好友"', True, '"企微好友" 从 2026-11-01T00:00:00+08:00 起'),
        ('昨天 做过 点击 "猫*"', True, 1),
        ("任一满足", True, None),
        ('未做过 下单 "猫粮2kg"', True, 0),
    ]
    seen = flat(block.tree.children[2])
    assert seen['城市 是 "上海"'] == (True, "上海")
    assert seen['属于分群 "熟客"'] == (False, None)
    assert seen["30天内 做过 下单 至少2次"] == (False, 1)
    assert seen["近期消费 >= ¥100"] == seen["90天内 累计 下单.金额 >= ¥100"] == (True, "¥120.50")
    assert verdicts(block) == [("dispatched", None), ("dispatched", None)]


def test_english(shop: Shop) -> None:
    block = block_of(shop.explain("M1", "2026-11-11 20:00", lang="en"))
    assert block.trigger == "every day at 20:00"
    assert block.tree.children[1].test == 'did 点击 "猫*" yesterday'
    assert (block.tree.true, block.tree.children[1].true, block.tree.children[1].value) == (False, False, 0)
    assert {step.why for step in block.steps} == {"is not in the audience"}


def test_unknown_values_are_false_and_seen_as_none(shop: Shop) -> None:
    shop.member("M2")
    block = block_of(shop.explain("M2", "2026-11-10 20:00"))
    assert flat(block.tree)['城市 是 "上海"'] == (False, None)
    assert verdicts(block) == [("not_in_audience", None)] * 2


def test_what_had_not_arrived_is_not_seen(shop: Shop) -> None:
    with shop.facts() as writer:
        late = when("2026-11-10 21:00")
        writer.add_tag(shop.units["M1"], "退订", at=when("2026-11-10 12:00"), arrived=late)
    before, after = (block_of(shop.explain("M1", f"2026-11-10 {clock}")) for clock in ("20:00", "21:30"))
    assert [flat(rule)['永不推送 有标签 "退订"'][0] for rule in (before.rules[1], after.rules[1])] == [False, True]
    assert verdicts(before) == [("dispatched", None)] * 2
    assert verdicts(after) == [("suppressed", "never_push")] * 2


def test_quiet_hours_and_what_waits_behind(shop: Shop) -> None:
    block = block_of(shop.explain("M1", "2026-11-10 23:00"))
    quiet = next(rule for rule in block.rules if rule.test.startswith("免打扰"))
    assert (quiet.test, quiet.true, quiet.value) == ("免打扰 22:00 到 08:00 顺延", True, "2026-11-11T08:00:00+08:00")
    assert verdicts(block) == [("deferred", "quiet_hours"), ("later", None)]
    assert block.steps[0].until == "2026-11-11T08:00:00+08:00"


def test_a_text_that_lacks_something(tmp_path: Path) -> None:
    shop = Shop(tmp_path, '剧本 "甲"\n  每天 20:00\n    推送 企微 "猫粮种草"\n    推送 企微 "问候"\n')
    shop.member("M1")
    block = block_of(shop.explain("M1", "2026-11-10 20:00", lang="en"))
    assert verdicts(block) == [("suppressed", "incomplete"), ("dispatched", None)]
    assert [(rule.test, rule.true) for rule in block.rules] == [("name is unknown", True)]


def test_after_a_run_and_as_of_before_it(shop: Shop) -> None:
    shop.run("2026-11-10 20:02")
    after = block_of(shop.explain("M1", "2026-11-10 20:30"))
    rules = {rule.test: rule for rule in after.rules}
    assert rules["再进间隔7天"].value == "2026-11-10T20:00:00+08:00"
    assert (rules["每人每天最多1条 企微"].true, rules["每人每天最多1条 企微"].value) == (True, "1/1")
    assert '剧本 "猫粮跟进" 的 推送 "猫粮种草"' in rules["每人每天最多1条 企微"].children[0].test
    assert verdicts(after) == [("suppressed", "duplicate")] * 2
    before = block_of(shop.explain("M1", "2026-11-10 20:01"))
    assert {rule.test: rule.true for rule in before.rules}["每人每天最多1条 企微"] is False
    assert verdicts(before) == [("dispatched", None)] * 2


JOURNEY = """
剧本 "旅程"
  每人仅一次
  面向 有标签 "企微好友"
  每天 20:00
    推送 企微 "问候"
    如果 城市 是 "上海"
      打标签 "已跟进"
    等待 1天
    推送 企微 "问候"
"""


def test_a_journey_before_during_and_its_branches(tmp_path: Path) -> None:
    shop = Shop(tmp_path, JOURNEY)
    shop.member("M1")
    entering = block_of(shop.explain("M1", "2026-11-10 20:00"))
    assert verdicts(entering) == [("dispatched", None), ("not_reached", None), ("later", None)]
    assert entering.steps[2].until == "2026-11-11T20:00:00+08:00"
    shop.run("2026-11-01 20:00")
    within = block_of(shop.explain("M1", "2026-11-01 21:00"))
    assert within.enrolment == "2026-11-01T20:00:00+08:00 进入,等到 2026-11-02T20:00:00+08:00"
    assert verdicts(within) == [("not_reached", None), ("not_reached", None), ("later", None)]


def test_draft_blocked_and_outside_the_dates(tmp_path: Path) -> None:
    shop = Shop(
        tmp_path,
        '剧本 "草稿"\n  草稿\n  每天 20:00\n    推送 企微 "问候"\n'
        '剧本 "坏"\n  面向 有标签 "没有"\n  每天 20:00\n    推送 企微 "问候"\n'
        '剧本 "过期"\n  上线 从 2020-01-01 到 2020-02-01\n  每天 20:00\n    推送 企微 "问候"\n',
    )
    shop.member("M1")
    found = {playbook.playbook: playbook for playbook in shop.explain("M1", "2026-11-10 20:00").playbooks}
    assert {name: playbook.state for name, playbook in found.items()} == {
        "草稿": "draft", "坏": "blocked", "过期": "live",
    }
    assert found["坏"].codes == ("E204",)
    assert verdicts(found["草稿"].blocks[0]) == [("dispatched", None)]
    assert verdicts(found["过期"].blocks[0]) == [("not_active", None)]
    assert found["草稿"].blocks[0].tree.test == "所有客户"


def test_before_anybody_arrived(shop: Shop) -> None:
    shop.member("M9", arrived=when("2026-11-03 12:00"))
    nothing = shop.explain("M1", "2026-10-01 12:00")
    assert [(note.code, "--backfill" in note.text) for note in nothing.notes] == [("N101", True)]
    assert nothing.playbooks == ()
    notes = shop.explain("M9", "2026-11-02 12:00").notes
    assert [(note.code, "--backfill" in note.text) for note in notes] == [("explain.not_there", True)]


def test_who_and_what_is_unknown(shop: Shop) -> None:
    for member, playbook, code in (("nobody", None, "C128"), ("M1", "没有", "C127")):
        with pytest.raises(UsageError) as error:
            shop.explain(member, "2026-11-10 20:00", playbook)
        assert error.value.code == code


def test_nothing_is_left_behind_and_the_keys_are_stable(shop: Shop) -> None:
    found = shop.explain("M1", "2026-11-10 20:00").to_json()
    json.dumps(found)
    assert list(found) == ["member", "at", "notes", "record", "playbooks"]
    assert shop.store.connection.execute("SELECT count(*) FROM sqlite_temp_master").fetchone() == (0,)


def test_a_members_own_clock(tmp_path: Path) -> None:
    shop = Shop(
        tmp_path,
        '剧本 "甲"\n  时区 按客户 缺省 America/New_York\n  面向 今天 生日周年\n'
        '  每天 09:00\n    打标签 "已跟进"\n',
    )
    shop.member("上海", 生日=20001110, timezone="Asia/Shanghai")
    shop.member("纽约", 生日=20001110)
    assert [block_of(shop.explain(name, "2026-11-10 09:00")).tree.true for name in ("上海", "纽约")] == [True, False]
    assert block_of(shop.explain("纽约", "2026-11-10 22:00")).tree.value == "2000-11-10"


def test_a_block_that_a_tag_starts(tmp_path: Path) -> None:
    shop = Shop(tmp_path, '剧本 "甲"\n  当 打上标签 "兴趣:*" 面向 有标签 "企微好友"\n    推送 企微 "问候"\n')
    shop.member("M1")
    block = block_of(shop.explain("M1", "2026-11-10 20:00", "甲"))
    assert block.trigger == '当 打上标签 "兴趣:*"'
    assert flat(block.tree)['有标签 "企微好友"'][0]
    assert verdicts(block) == [("dispatched", None)]
