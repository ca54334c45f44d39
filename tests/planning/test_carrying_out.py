"""A plan is carried out exactly as it was made, once, or refused with what moved and nothing written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from planning.evening import (
    BEFORE,
    EVENING,
    PUSH,
    TAG,
    TEXT,
    Open,
    carry_out,
    moved,
    numbers,
    plan_in,
    plan_of,
    refusal,
)
from qingting.engine.planning.carrying_out import PlanMoved
from qingting.engine.run.lock import run_lock
from workspaces import Shop, when

COUPON = '券 "十元" 满¥100减¥10\n  库存 3\n'


class Died(Exception):
    """A process that ends in the middle."""


def test_the_log_is_what_was_planned(open_shop: Open) -> None:
    shop = open_shop(TEXT)
    path = plan_of(shop)
    answer = carry_out(shop, path)
    assert (answer.exit_code, answer.report.plan) == (0, plan_in(path).id)
    assert answer.report.to_json()["plan"] == plan_in(path).id
    planned = {
        (group.step, group.status, when.occurrence, when.at, when.members[i : i + 32].lower())
        for group in plan_in(path).decisions.groups
        for when in group.when
        for i in range(0, len(when.members), 32)
    }
    rows = shop.rows("""
      SELECT s.name, h.status, o.name, d.not_before, lower(hex(m.pseudonym)) FROM dispatches d
      JOIN headers h ON h.header = d.header JOIN steps s ON s.step = d.step JOIN occurrences o ON o.occurrence = d.occurrence
      JOIN members m ON m.unit = d.unit""")
    assert planned == set(rows)
    assert len(rows) == 8


def test_a_plan_is_used_once(open_shop: Open) -> None:
    shop = open_shop(TEXT)
    path = plan_of(shop)
    run = carry_out(shop, path).report.run
    again = refusal(shop, path)
    assert (again.code, again.exit_code) == ("C277", 4)
    # The wall clock of the shop, in its zone.
    assert again.params == {"run": run, "wall": "2026-11-30T08:00:00+08:00", "at": "2026-11-20T20:05:00+08:00"}


def test_a_run_in_between_overtakes_it(open_shop: Open) -> None:
    shop = open_shop(TEXT)
    path = plan_of(shop)
    shop.run("2026-11-20 20:06")
    assert refusal(shop, path).code == "C278"


def test_an_earlier_run_in_between_moves_it(open_shop: Open) -> None:
    shop = open_shop(TEXT)
    path = plan_of(shop)
    shop.run("2026-11-20 20:01")
    assert numbers(moved(shop, path)) == {"no_longer": 4}


def test_a_fact_that_came_in_between(open_shop: Open) -> None:
    shop = open_shop(TEXT)
    path = plan_of(shop)
    shop.untag("好友", "u2", at=BEFORE)
    found = moved(shop, path)
    assert numbers(found) == numbers(found, TAG) == {"no_longer": 1}
    assert [(one.member, one.name) for one in found.steps[0].lists["no_longer"]] == [(None, "**")]


def test_members_are_listed_by_their_ids_where_that_is_asked(open_shop: Open) -> None:
    shop = open_shop(TEXT)
    path = plan_of(shop)
    shop.members("u5", at=BEFORE, name="赵六")
    shop.tag("好友", "u5", at=BEFORE)
    with pytest.raises(PlanMoved) as refused:
        carry_out(shop, path, members=True)
    (step, _) = refused.value.moved.steps
    assert [(one.member, one.name, one.was, one.now) for one in step.lists["newly"]] == [("u5", "赵**", None, "queued")]


def test_a_fact_that_changes_nothing_is_no_hindrance(open_shop: Open) -> None:
    shop = open_shop(TEXT)
    path = plan_of(shop)
    shop.event("点击", "u1", at=BEFORE)
    assert carry_out(shop, path).report.records == 8


def test_a_fact_behind_the_plan_is_left_to_the_next_run(open_shop: Open) -> None:
    shop = open_shop(TEXT)
    path = plan_of(shop)
    shop.untag("好友", "u1", at="2026-11-20 20:10")
    answer = carry_out(shop, path, "2026-11-20 20:11")
    assert answer.report.records == 8
    assert [note.code for note in answer.notes] == ["N220"]


def test_a_playbook_was_edited(open_shop: Open) -> None:
    shop = open_shop(TEXT)
    path = plan_of(shop)
    shop.write(TEXT.replace("20:00", "19:30"))
    found = moved(shop, path)
    assert [(part.kind, part.name, part.how) for part in found.parts] == [
        ("files", "all.sop", "changed"), ("playbooks", "晚安", "changed"),
    ]
    assert numbers(found) == {"time": 4}


def test_a_comment_changes_nothing(open_shop: Open) -> None:
    shop = open_shop(TEXT)
    path = plan_of(shop)
    shop.write(TEXT + "\n# 只是说明\n")
    assert carry_out(shop, path).report.records == 8


@pytest.mark.parametrize(
    ("old", "new", "kind", "name"),
    [
        ('正文 "晚上好"', '正文 "晚安"', "templates", "晚上"),
        ("库存 3", "库存 2", "coupons", "十元"),
        ("每人7天最多3条", "每人7天最多2条", "policy", ""),
        ("负责人 \"小李\"", "负责人 \"小王\"", "playbooks", "晚安"),
    ],
)
def test_what_is_no_part_of_the_version_counts_as_well(open_shop: Open, old: str, new: str, kind: str, name: str) -> None:
    text = COUPON + '话术 "晚上"\n  正文 "晚上好"\n全局规则\n  每人7天最多3条\n' + TEXT.replace(
        "  面向", '  负责人 "小李"\n  面向'
    ).replace('"问候"', '"晚上" 附券 "十元"')
    shop = open_shop(text)
    path = plan_of(shop)
    shop.write(text.replace(old, new))
    found = moved(shop, path)
    assert [(part.kind, part.name) for part in found.parts[1:]] == [(kind, name)]
    shop.write(text)
    assert carry_out(shop, path).exit_code == 0


def test_stock_that_others_took_in_between(open_shop: Open) -> None:
    shop = open_shop(COUPON + TEXT.replace('"问候"', '"问候" 附券 "十元"'))
    path = plan_of(shop)
    shop.bring("coupons", [{"coupon": "十元", "member": "u1", "code": "A1", "issued": "2026-11-20T10:00"}], at=BEFORE)
    assert numbers(moved(shop, path)) == {"no_longer": 1}


def test_journeys_that_moved(open_shop: Open) -> None:
    shop = open_shop('\n剧本 "跟进"\n  面向 有标签 "好友"\n  每天 20:00\n    等待 1天\n    推送 企微 "问候"\n')
    path = plan_of(shop)
    shop.untag("好友", "u1", "u2", at=BEFORE)
    found = moved(shop, path)
    assert (found.steps, found.journeys) == ((), {"跟进": (4, 2)})


def test_what_standing_rules_do(open_shop: Open) -> None:
    shop = open_shop("\n积分规则\n  下单 得 10\n")
    path = plan_of(shop)
    shop.event("下单", "u1", at=BEFORE)
    assert moved(shop, path).rules == ("points",)


def test_a_deferred_push_that_falls_due_at_another_time(open_shop: Open) -> None:
    text = "\n全局规则\n  免打扰 20:00 到 21:00 顺延\n" + TEXT
    shop = open_shop(text)
    path = plan_of(shop)
    assert {group.status for group in plan_in(path).decisions.groups} == {"deferred"}
    shop.write(text.replace("21:00", "22:00"))
    assert numbers(moved(shop, path)) == {"time": 4}


@pytest.mark.parametrize(("now", "code"), [("2026-11-21 20:06", "C279"), ("2026-11-20 20:04", "C280")])
def test_it_is_used_in_its_time(open_shop: Open, now: str, code: str) -> None:
    shop = open_shop(TEXT)
    path = plan_of(shop)
    assert refusal(shop, path, now).code == code
    assert carry_out(shop, path, "2026-11-21 20:05").exit_code == 0


def test_without_an_instant_its_age_counts_since_it_was_made(open_shop: Open) -> None:
    shop = open_shop(TEXT)
    path = plan_of(shop)
    # Made at the shop's wall clock, which stands still ten days later.
    assert shop.ws.run_plan(path).exit_code == 0


def test_a_guard_refuses_the_plan(open_shop: Open) -> None:
    shop = open_shop(TEXT.replace("  面向", "  熔断 3人\n  面向"))
    path = shop.root / "evening.plan"
    assert shop.plan(EVENING, out=path).exit_code == 4
    found = refusal(shop, path)
    assert (found.code, found.exit_code, found.params) == ("C281", 4, {"playbooks": "晚安 (4 > 3)"})


def test_a_guard_that_trips_since(open_shop: Open) -> None:
    shop = open_shop(TEXT.replace("  面向", "  熔断 4人\n  面向"))
    path = plan_of(shop)
    shop.members("u5", at=BEFORE)
    shop.tag("好友", "u5", at=BEFORE)
    assert moved(shop, path).left_out == ("晚安",)


def test_a_plan_for_another_store(open_shop: Open, tmp_path: Path) -> None:
    path = plan_of(open_shop(TEXT))
    other = Shop(tmp_path / "other", TEXT, seed=5)
    found = refusal(other, path)
    assert (found.code, found.exit_code) == ("C276", 3)


@pytest.mark.parametrize("boundary", ["declared", "reserved", "agenda", "instant", "waves", "decided"])
def test_a_run_that_dies_has_not_used_it(open_shop: Open, boundary: str) -> None:
    shop = open_shop(TEXT)
    path = plan_of(shop)

    def die(reached: str) -> None:
        if reached == boundary:
            raise Died

    with pytest.raises(Died):
        carry_out(shop, path, reached=die)
    assert shop.log() == []
    assert carry_out(shop, path).report.records == 8


def test_a_run_that_dies_behind_its_commit_has_used_it(open_shop: Open) -> None:
    shop = open_shop(TEXT)
    path = plan_of(shop)
    fence = shop.root / ".qingting" / "fence"

    def die(reached: str) -> None:
        if reached == "committed":
            raise Died

    with pytest.raises(Died):
        carry_out(shop, path, reached=die)
    assert not fence.exists()
    assert refusal(shop, path).code == "C277"
    assert fence.exists()


def test_what_comes_while_it_is_decided_is_compared_too(open_shop: Open) -> None:
    """Between the look and the snapshot of the run an import may come; then the run is refused before it commits."""
    shop = open_shop(TEXT)
    path = plan_of(shop)

    def late(reached: str) -> None:
        if reached == "declared":
            shop.untag("好友", "u1", at=BEFORE)

    with pytest.raises(PlanMoved):
        carry_out(shop, path, reached=late)
    assert shop.log() == []
    assert shop.rows("SELECT count(*) FROM runs") == [(0,)]


def test_nobody_else_runs_meanwhile(open_shop: Open) -> None:
    shop = open_shop(TEXT)
    path = plan_of(shop)
    with run_lock(shop.path, "somebody"):
        assert refusal(shop, path).code == "R301"
    assert carry_out(shop, path).exit_code == 0


def test_a_plan_is_made_on_a_store_that_cannot_be_written(open_shop: Open, tmp_path: Path) -> None:
    shop = open_shop(TEXT)
    before = shop.dump()
    os.chmod(shop.path, 0o444)
    out = tmp_path / "evening.plan"
    assert shop.plan(EVENING, out=out).exit_code == 0
    os.chmod(shop.path, 0o644)
    assert shop.dump() == before
    assert shop.ws.run_plan(out, now=when(EVENING)).report.records == 8
    assert PUSH in {record.step for record in shop.log()}
