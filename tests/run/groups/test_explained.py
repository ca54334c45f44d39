"""Explaining groups: one at an instant, and what the log says of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from qingting.engine.insight.answers import Explanation
from qingting.grammar.diagnostics import UsageError
from run.groups.hall import DAY, POLICY, Hall
from workspaces import when

TEXT = """
剧本 "早晚"
  对照组 1%
  面向群 "福利群*" 有群标签 "VIP" 至少2人
  每天 09:00
    推送 "早安"
剧本 "战报"
  面向 有标签 "好友"
  每天 23:00
    推送 企微 "问候"
    推送 群 "福利群*" "晚安"
"""


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    shop = Hall(tmp_path / "shop", TEXT, POLICY + "  每群每天最多1条\n  每人每天最多9条\n  免打扰 22:00 到 08:00 顺延\n")
    shop.members("u1", "u2")
    shop.tag("好友", "u1", "u2")
    shop.group("g1", "福利群1", ("u1", "u2"), tags="VIP")
    shop.group("g2", "福利群2", ("u1",), tags="VIP")
    return shop


def explain(shop: Hall, unit: str, at: str, **options: str) -> Explanation:
    return shop.ws.explain(unit, at=when(at), **options)


def test_a_group_is_explained_by_its_clauses(hall: Hall) -> None:
    (told,) = explain(hall, "g2", f"{DAY} 09:00").playbooks
    (block,) = told.blocks
    assert [(c.test, c.true, c.value) for c in block.tree.children] == [
        ('面向群 "福利群*"', True, "福利群2"), ('面向群 有群标签 "VIP"', True, None), ("面向群 至少2人", False, 1),
    ]
    assert [step.verdict for step in block.steps] == ["not_in_audience"]


def test_a_group_gets_what_a_run_would_give_it(hall: Hall) -> None:
    (told,) = explain(hall, "g1", f"{DAY} 09:00").playbooks
    assert [step.verdict for step in told.blocks[0].steps] == ["dispatched"]
    hall.run(f"{DAY} 09:05")
    (told,) = explain(hall, "g1", f"{DAY} 09:30").playbooks
    assert [(step.verdict, step.reason) for step in told.blocks[0].steps] == [("suppressed", "cap")]
    assert [(rule.true, rule.value) for rule in told.blocks[0].rules] == [(False, None), (False, None), (True, "1/1")]


def test_what_speaks_to_others_is_told_only_if_asked_for(hall: Hall) -> None:
    assert [told.playbook for told in explain(hall, "u1", f"{DAY} 09:00").playbooks] == ["战报"]
    assert [told.playbook for told in explain(hall, "g1", f"{DAY} 09:00").playbooks] == ["早晚"]
    for unit, playbook in (("u1", "早晚"), ("g1", "战报")):
        (told,) = explain(hall, unit, f"{DAY} 09:00", playbook=playbook).playbooks
        assert not told.blocks[0].tree.true
        assert {step.verdict for step in told.blocks[0].steps} == {"not_in_audience"}


def test_a_member_is_not_bound_by_caps_of_groups(hall: Hall) -> None:
    (told,) = explain(hall, "u1", f"{DAY} 09:00").playbooks
    assert [rule.value for rule in told.blocks[0].rules] == [None, "0/9"]


def test_before_it_arrived_there_is_no_group(hall: Hall) -> None:
    hall.group("g9", "福利群9", at=f"{DAY} 12:00")
    assert explain(hall, "g9", f"{DAY} 09:00").playbooks == ()
    with pytest.raises(UsageError):
        explain(hall, "nobody", f"{DAY} 09:00")


def test_records_of_groups_are_explained(hall: Hall) -> None:
    hall.run(f"{DAY} 09:05")
    hall.run(f"{DAY} 23:05")
    hall.run("2026-11-19 09:05")
    for record in hall.log():
        told = explain(hall, "", f"{DAY} 09:00", dispatch=record.id)
        assert told.member == record.member_id
        assert told.record is not None
        assert told.record.agrees, (record.playbook, record.member_id, record.reason)
    held_back = next(r for r in hall.log(playbook="战报") if r.member_id == "g2")
    told = explain(hall, "", f"{DAY} 09:00", dispatch=held_back.id)
    assert [(c.test, c.value) for c in told.playbooks[0].blocks[0].tree.children] == [('面向群 "福利群*"', "福利群2")]
