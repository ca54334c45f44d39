"""Order and visibility: sentences 19 to 26 of ARCHITECTURE.md."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from itertools import groupby

import pytest
from qingting.engine.log.records import LogRecord
from qingting.engine.run import sweep
from workspaces import Shop, micros, report_of, when

Open = Callable[..., Shop]
DAILY = """
剧本 "甲"
  每天 20:00
    推送 企微 "问候"
"""


def test_19_a_run_handles_what_lies_behind_the_last_up_to_its_instant(open_shop: Open) -> None:
    shop = open_shop(DAILY.replace("20:00", "10:00、12:00、14:00"))
    shop.run("2026-11-18 10:00")
    assert {r.t for r in shop.log()} == {when("2026-11-18 10:00")}
    for earlier in ("2026-11-18 10:00", "2026-11-18 09:00"):
        answer = shop.run(earlier)
        assert (answer.report.earlier, answer.report.records) == (micros("2026-11-18 10:00"), 0)
    shop.run("2026-11-18 13:59:59.999999")
    assert {r.t for r in shop.log()} == {when("2026-11-18 10:00"), when("2026-11-18 12:00")}


def test_19_the_first_run_handles_what_lies_behind_the_stores_start(open_shop: Open) -> None:
    shop = open_shop(DAILY.replace("20:00", "00:00"))
    assert report_of(shop.plan("2026-11-18 00:05"), "甲").occurrences == ()
    assert report_of(shop.plan("2026-11-19 00:05"), "甲").occurrences == (micros("2026-11-19 00:00"),)


def test_20_instants_then_priority_playbook_and_block(open_shop: Open) -> None:
    shop = open_shop("""
剧本 "甲"
  每天 20:00
    推送 企微 "推荐"
  每天 20:00
    推送 企微 "问候"
剧本 "乙"
  每天 20:00
    推送 企微 "问候"
剧本 "丙"
  优先级 60
  每天 20:00
    推送 企微 "问候"
剧本 "丁"
  优先级 0
  每天 19:00
    推送 企微 "问候"
""")
    shop.run("2026-11-18 20:05")
    order = [turn for turn, _ in groupby((r.playbook, r.step) for r in shop.log())]
    # 乙 is U+4E59 and so before 甲, U+7532.
    assert order == [
        ("丁", 'push "问候"'), ("丙", 'push "问候"'), ("乙", 'push "问候"'), ("甲", 'push "推荐"'), ("甲", 'push "问候"'),
    ]


CHAIN = """
剧本 "甲"
  当 打上标签 "新客"
    打标签 "已触达"
剧本 "乙"
  优先级 90
  面向 有标签 "已触达"
  当 打上标签 "老客"
    推送 企微 "问候"
"""


def test_21_a_member_goes_through_their_items_in_order(open_shop: Open) -> None:
    shop = open_shop(CHAIN)
    shop.tag("新客", "u1", "u2", at="2026-11-18 10:00")
    shop.tag("老客", "u1", "u3", at="2026-11-18 10:30")
    shop.tag("老客", "u4", at="2026-11-18 09:00")
    shop.tag("新客", "u4", at="2026-11-18 09:30")
    shop.run("2026-11-18 11:00")
    # First items (u3 and u4 are not in the audience), then second ones by priority: u1's sees what the first one did.
    assert shop.decided() == [
        ("u1", 'tag "已触达"', "done"), ("u2", 'tag "已触达"', "done"),
        ("u1", 'push "问候"', "queued"), ("u4", 'tag "已触达"', "done"),
    ]


def test_21_at_one_instant_a_members_items_go_by_priority(open_shop: Open) -> None:
    shop = open_shop(CHAIN)
    shop.tag("新客", "u1", at="2026-11-18 10:00")
    shop.tag("老客", "u1", at="2026-11-18 10:00")
    shop.run("2026-11-18 11:00")
    assert shop.decided() == [("u1", 'tag "已触达"', "done")]


def test_22_one_state_for_all_and_steps_see_the_steps_before(open_shop: Open) -> None:
    shop = open_shop("""
剧本 "甲"
  面向 均不满足
    有标签 "已触达"
  每天 20:00
    打标签 "已触达"
    如果 有标签 "已触达"
      推送 企微 "问候"
剧本 "乙"
  优先级 40
  面向 均不满足
    有标签 "已触达"
  每天 20:00
    推送 企微 "推荐"
""")
    shop.run("2026-11-18 20:05")
    for _, records in groupby(shop.log(), key=lambda r: (r.playbook, r.occurrence, r.step)):
        assert len({(r.t, r.mark) for r in records}) == 1
    assert [step for _, step, _ in shop.decided()] == ['tag "已触达"'] * 4 + ['push "问候"'] * 4


SCARCE = """
券 "券" 减¥5
  库存 1
剧本 "甲"
  优先级 10
  当 打上标签 "新客"
    发券 "券"
剧本 "乙"
  优先级 90
  当 打上标签 "老客"
    发券 "券"
剧本 "丙"
  优先级 99
  当 打上标签 "退订"
    打标签 "已触达"
"""
WHOSE = [
    # instants of u1's 新客 and u2's 老客, and who gets the one coupon
    ("10:00", "10:30", "u1"),
    ("10:30", "10:00", "u2"),
    ("10:00", "10:00", "u2"),
]


@pytest.mark.parametrize(("first", "second", "winner"), WHOSE)
def test_23_scarce_stock_goes_by_instant_then_priority(open_shop: Open, first: str, second: str, winner: str) -> None:
    shop = open_shop(SCARCE)
    shop.tag("新客", "u1", at=f"2026-11-18 {first}")
    shop.tag("老客", "u2", at=f"2026-11-18 {second}")
    shop.run("2026-11-18 11:00")
    assert [(r.member_id, r.reason) for r in shop.log(status="done")] == [(winner, None)]
    assert [r.reason for r in shop.log(status="suppressed")] == ["stock"]


def test_23_a_wave_comes_before_the_next_and_draw_decides_last(open_shop: Open) -> None:
    shop = open_shop(SCARCE)
    shop.tag("退订", "u1", at="2026-11-18 09:00")
    shop.tag("老客", "u1", at="2026-11-18 09:10")
    shop.tag("新客", "u2", "u3", "u4", at="2026-11-18 10:00")
    shop.run("2026-11-18 11:00")
    # u1's coupon is a second item; among the others the draw of their occurrence decides.
    (winner,) = [r for r in shop.log(status="done") if r.action == "coupon"]
    rivals = [r for r in shop.log() if r.playbook == "甲"]
    assert winner == min(rivals, key=lambda r: sha256(f"甲\0{r.occurrence}\0{r.member_id}".encode()).digest()[:8])
    assert [r.member_id for r in shop.log(reason="stock") if r.playbook == "乙"] == ["u1"]


def test_23_budgets_go_the_same_way(open_shop: Open) -> None:
    shop = open_shop("""
红包 "红包" ¥1 到 ¥3 随机
剧本 "甲"
  预算 ¥5
  当 打上标签 "新客"
    发红包 "红包"
""")
    shop.tag("新客", "u4", at="2026-11-18 09:00")
    shop.tag("新客", "u1", "u2", "u3", at="2026-11-18 10:00")
    shop.run("2026-11-18 11:00")
    given = shop.rows("SELECT m.id, p.amount FROM redpackets p JOIN members m ON m.unit = p.unit")
    amounts = {member: _drawn(record) for record in shop.log() if (member := record.member_id)}
    assert all(amounts[member] == amount for member, amount in given)
    # The earlier instant first, then by draw; who finds too little left ends it for those behind.
    order = sorted(shop.log(), key=lambda r: (r.t, sha256(f"甲\0{r.occurrence}\0{r.member_id}".encode()).digest()[:8]))
    left, lucky = 500, []
    for record in order:
        amount = amounts[record.member_id or ""]
        if amount > left:
            break
        left -= amount
        lucky.append(record.member_id)
    assert sorted(member for member, _ in given) == sorted(name or "" for name in lucky)
    assert {r.reason for r in shop.log() if r.member_id not in lucky} == {"budget"}


def _drawn(record: LogRecord) -> int:
    """The cents in the red packet of a record."""
    named = f"redpacket:红包\0甲\0{record.occurrence}\0{record.member_id}"
    return 100 + (int.from_bytes(sha256(named.encode()).digest()[:4], "big") * 201 >> 32)


def test_24_what_a_run_causes_happens_at_t_and_arrives_at_the_runs_instant(open_shop: Open) -> None:
    shop = open_shop("""
剧本 "甲"
  每天 20:00
    打标签 "新客"
剧本 "乙"
  当 打上标签 "新客"
    推送 企微 "问候"
""")
    shop.run("2026-11-18 20:07")
    assert set(shop.rows("SELECT at, arrived FROM tag_facts WHERE cause IS NOT NULL")) == {
        (micros("2026-11-18 20:00"), micros("2026-11-18 20:07"))
    }
    assert {r.t for r in shop.log(playbook="乙")} == {when("2026-11-18 20:07")}
    assert len(shop.log(playbook="乙")) == 4


def test_24_chains_end(open_shop: Open) -> None:
    shop = open_shop("""
剧本 "甲"
  当 打上标签 "新客"
    去标签 "新客"
    打标签 "老客"
剧本 "乙"
  当 打上标签 "老客"
    去标签 "老客"
    打标签 "新客"
""")
    shop.tag("新客", "u1", at="2026-11-18 10:00")
    shop.run("2026-11-18 10:05")
    # 甲 starts by the import, then each once by what the run itself did.
    assert [r.playbook for r in shop.log()] == ["甲", "甲", "乙", "乙", "甲", "甲"]
    shop.run("2026-11-18 10:10")
    assert len(shop.log()) == 6


def test_25_plan_and_run_decide_the_same_and_only_run_writes(open_shop: Open) -> None:
    shop = open_shop("""
标签 "新标签"
券 "新券" 减¥5
  库存 2
剧本 "甲"
  免打扰 20:00 到 21:00 顺延
  每天 20:00
    打标签 "新标签"
    发券 "新券"
    推送 企微 "问候"
剧本 "乙"
  当 打上标签 "新标签"
    推送 企微 "问候"
""")
    before = shop.dump()
    shop.path.chmod(0o444)
    planned = shop.plan("2026-11-18 20:05")
    assert shop.dump() == before
    shop.path.chmod(0o644)
    seen: dict[str, list[str]] = {}
    done = shop.run("2026-11-18 20:05", lambda boundary: seen.update({boundary: shop.dump()}))
    assert seen["reserved"] == seen["waves"] == seen["decided"] != seen["committed"]
    assert replace(done.report, run=None, playbooks=bare(done)) == replace(
        planned.report, playbooks=bare(planned), details=None
    )
    assert len(shop.log()) == planned.report.records == 12


def bare(answer) -> tuple:
    """The reports of playbooks without the lines of audiences, which only a plan counts."""
    return tuple(replace(playbook, funnel=()) for playbook in answer.report.playbooks)


GUARDED = """
剧本 "甲"
  优先级 90
  {guard}
  每天 20:00
    打标签 "已触达"
剧本 "乙"
  面向 均不满足
    有标签 "已触达"
  每天 20:00
    推送 企微 "问候"
"""


def test_26_a_tripped_guard_takes_the_playbook_out(open_shop: Open) -> None:
    shop = open_shop(GUARDED.format(guard="熔断 3人"))
    answer = shop.run("2026-11-18 20:05")
    assert (answer.exit_code, [b.playbook for b in answer.report.blocked]) == (4, ["甲"])
    # Decided anew: 乙 sees nothing of what 甲 had begun to do.
    assert [step for _, step, _ in shop.decided()] == ['push "问候"'] * 4
    shop.write(GUARDED.format(guard="熔断 4人"))
    in_time, too_late = shop.copy(shop.root.with_name("in_time")), shop.copy(shop.root.with_name("too_late"))
    in_time.run("2026-11-18 22:00")
    assert {(r.playbook, r.t) for r in in_time.log(playbook="甲")} == {("甲", when("2026-11-18 20:00"))}
    assert report_of(too_late.run("2026-11-18 22:00:01"), "甲").missed == (micros("2026-11-18 20:00"),)
    assert too_late.log(playbook="甲") == []


def test_26_a_playbook_that_fails_is_taken_out(open_shop: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = open_shop(GUARDED.format(guard="说明 \"坏\""))
    act = sweep.act

    def fail_once_done(ctx, run, pc, action) -> None:
        act(ctx, run, pc, action)
        if run.name == "甲":
            raise ValueError("name of a member")

    with monkeypatch.context() as broken:
        broken.setattr(sweep, "act", fail_once_done)
        answer = shop.run("2026-11-18 20:05")
    assert [(b.playbook, b.reason) for b in answer.report.blocked] == [("甲", "failed")]
    assert "name of a member" not in str(answer)
    assert {r.playbook for r in shop.log()} == {"乙"}
    shop.run("2026-11-18 20:10")
    assert {r.t for r in shop.log(playbook="甲")} == {when("2026-11-18 20:00")}
