"""Explaining what is scarce, what comes round, and members' own dates."""

from __future__ import annotations

from pathlib import Path

import pytest
from insight.shop import Shop, block_of, flat, verdicts
from qingting.engine.insight.answers import Node
from qingting.engine.insight.explain import Explanation

TEXT = """
红包 "红包" ¥2 到 ¥2.5 随机
  每人限1个
  预算 ¥4 每天
话术 "早安1"
  正文 "早"
话术 "早安2"
  正文 "早!"
剧本 "早安"
  预算 3条
  面向 有标签 "企微好友"
  每天 09:00
    推送 企微 轮换 "早安*" 2天内不重样
剧本 "红包"
  同组互斥 "送礼"
  优先级 60
  面向 有标签 "企微好友"
  每天 10:00
    发红包 "红包"
    等待 1天
    加积分 5
剧本 "补送"
  同组互斥 "送礼"
  只取前2 按 积分
  面向 有标签 "企微好友"
  每天 10:30
    推送 企微 "问候" 不受频次限制 不受免打扰  # 送礼
剧本 "生日"
  面向 有标签 "企微好友"
  当 生日周年 前3天 10:00
    推送 企微 "问候"
全局规则
  免打扰 22:00 到 08:00 放弃
  每人每天最多1条
"""


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path, TEXT)


def rules(explanation: Explanation) -> dict[str, tuple[bool, object]]:
    """The rules of the one block by their text."""
    return {rule.test: (rule.true, rule.value) for rule in block_of(explanation).rules}


def causes(explanation: Explanation) -> list[tuple[str, object]]:
    """What made the record so, with the values seen."""
    assert explanation.record is not None
    assert explanation.record.agrees, explanation.notes
    return [(node.test, node.value) for node in explanation.record.cause]


def test_a_rotation_names_the_text_that_is_due_and_the_one_that_went_out(shop: Shop) -> None:
    shop.member("u1")
    shop.run("2026-11-20 09:05")
    ((leaf, _, status, _),) = shop.records("u1")
    assert status == "queued"
    assert causes(shop.explain_record(leaf)) == [('轮换 "早安*"', "早安1")]
    rotation = next(r for r in block_of(shop.explain("u1", "2026-11-21 09:00", "早安")).rules if r.value == "早安2")
    assert rotation.children == (
        Node('"早安1"', True, "2026-11-20T09:00:00+08:00", choice=False), Node('"早安2"', False, None, choice=True),
    )
    assert [node.sign[0] for node in (rotation, *rotation.children)] == ["·", "·", "→"]
    shop.run("2026-11-21 09:05")
    assert verdicts(block_of(shop.explain("u1", "2026-11-22 08:59", "早安"))) == [("suppressed", "no_content")]
    shop.run("2026-11-22 09:05")
    *_, (leaf, _, _, _) = [row for row in shop.records("u1") if row[1].startswith("push")]
    # After two days the first has its turn again.
    assert causes(shop.explain_record(leaf)) == [('轮换 "早安*"', "早安1")]


def test_budgets_and_limits_show_what_is_used(shop: Shop) -> None:
    for member in ("u1", "u2"):
        shop.member(member)
    shop.run("2026-11-20 10:05")
    # Each got a morning's push before.
    assert rules(shop.explain("u1", "2026-11-20 10:05", "早安"))["预算 3条"] == (False, "2/3")
    asked = [(member, row) for member in ("u1", "u2") for row in shop.records(member) if row[1].startswith("redpacket")]
    ((winner, _),) = [(member, row) for member, row in asked if row[3] is None]
    ((loser, refused),) = [(member, row) for member, row in asked if row[3] == "budget"]
    ((text, used),) = causes(shop.explain_record(refused[0]))
    assert text == '红包 "红包" 预算 ¥4 每天'
    assert str(used).endswith("/¥4")
    assert rules(shop.explain(loser, "2026-11-21 10:00", "红包"))[text] == (False, "¥0/¥4")
    assert rules(shop.explain(winner, "2026-11-21 10:00", "红包"))['红包 "红包" 每人限1个'] == (True, "1/1")


def test_another_journey_of_the_name_is_named(shop: Shop) -> None:
    shop.member("u1")
    shop.run("2026-11-20 10:35")
    refused = next(row for row in shop.records("u1") if row[3] == "exclusive")
    assert causes(shop.explain_record(refused[0])) == [('同组互斥 "送礼"', "红包")]
    seen = shop.explain("u1", "2026-11-20 10:40", "补送")
    assert rules(seen)['同组互斥 "送礼"'] == (True, "红包")
    assert rules(seen)["只取前2 按 积分"] == (False, None)
    assert verdicts(block_of(seen)) == [("suppressed", "exclusive")]


def test_what_goes_out_despite_rules_is_not_held_against_them(shop: Shop) -> None:
    shop.member("u1")
    shop.run("2026-11-20 09:05")
    seen = rules(shop.explain("u1", "2026-11-20 22:30", "补送"))
    assert not {text for text in seen if text.startswith(("免打扰", "每人每天"))}
    assert any(text.startswith("免打扰") for text in rules(shop.explain("u1", "2026-11-20 22:30", "早安")))


def test_an_own_date_is_a_test_of_the_block(shop: Shop) -> None:
    shop.member("u1", 生日=19901123)
    shop.member("u2", 生日=19901124)
    shop.run("2026-11-20 10:05")
    told = [shop.explain_record(leaf) for leaf, *_ in shop.records("u1")]
    (explained,) = [e for e in told if e.playbooks[0].playbook == "生日"]
    assert explained.record is not None
    assert explained.record.agrees
    assert explained.record.reason == "cap"
    assert (True, "1990-11-23") in flat(block_of(explained).tree).values()
    assert verdicts(block_of(shop.explain("u2", "2026-11-20 10:00", "生日"))) == [("not_in_audience", None)]
    tree = flat(block_of(shop.explain("u2", "2026-11-20 10:00", "生日")).tree)
    assert (False, "1990-11-24") in tree.values()
