"""What limits pushes to groups: their own caps, quiet hours, guards, budgets, draws; nothing that speaks of members."""

from __future__ import annotations

from pathlib import Path

import pytest
from qingting.engine.query.draws import SHIFT, draw
from run.groups.hall import DAY, POLICY, Hall
from workspaces import report_of

NEXT = "2026-11-19"
TWICE = """
剧本 "早晚"
  面向群 "*"
  每天 09:00
    推送 "早安"
  每天 20:00
    推送 "晚安"
"""


def hall_with(root: Path, text: str, policy: str = "", groups: int = 2) -> Hall:
    shop = Hall(root / "shop", text, POLICY + policy)
    shop.members("u1", "u2", "u3")
    for number in range(1, groups + 1):
        shop.group(f"g{number}", members=("u1", "u2"))
    return shop


def outcomes(shop: Hall) -> list[tuple[str, str]]:
    """Each record's group and what became of it."""
    return [(r.member_id or "", r.reason or r.status) for r in shop.log()]


def test_a_cap_of_groups_counts_what_each_group_had(tmp_path: Path) -> None:
    shop = hall_with(tmp_path, TWICE, "  每群每天最多1条\n")
    shop.run(f"{DAY} 09:05")
    shop.group("g3", at=f"{DAY} 12:00")
    shop.run(f"{DAY} 20:05")
    shop.run(f"{NEXT} 09:05")
    assert outcomes(shop) == [
        ("g1", "queued"), ("g2", "queued"),
        ("g3", "queued"), ("g1", "cap"), ("g2", "cap"),
        ("g1", "queued"), ("g2", "queued"), ("g3", "queued"),
    ]


def test_a_cap_of_members_does_not_bind_groups(tmp_path: Path) -> None:
    # Members and groups have the same numbers in the store.
    members = '剧本 "私聊"\n  优先级 90\n  每天 09:00\n    推送 企微 "问候"\n'
    shop = hall_with(tmp_path, TWICE + members, "  每人每天最多1条\n  每群每天最多2条\n", groups=3)
    shop.run(f"{DAY} 09:05")
    shop.run(f"{DAY} 20:05")
    assert [reason for _, reason in outcomes(shop)] == ["queued"] * 9


def test_a_cap_that_defers_parks_the_group(tmp_path: Path) -> None:
    shop = hall_with(tmp_path, TWICE, "  每群每天最多1条 顺延\n", groups=1)
    for at in (f"{DAY} 09:05", f"{DAY} 20:05"):
        shop.run(at)
    assert report_of(shop.plan(f"{DAY} 21:00"), "早晚").in_flight == 1
    shop.run(f"{NEXT} 00:05")
    assert shop.pushed() == [("g1", "11-18 09:00", "早安"), ("g1", "11-19 00:00", "晚安")]


def test_service_and_despite_are_not_limited(tmp_path: Path) -> None:
    text = """
剧本 "服务"
  类别 服务
  面向群 "*"
  每天 09:00
    推送 "早安"
剧本 "营销"
  面向群 "*"
  每天 10:00
    推送 "早安"
  每天 11:00
    推送 "早安" 不受频次限制  # 值得
  每天 12:00
    推送 "早安"
"""
    shop = hall_with(tmp_path, text, "  每群每天最多1条\n", groups=1)
    for hour in (9, 10, 11, 12):
        shop.run(f"{DAY} {hour:02}:05")
    assert [reason for _, reason in outcomes(shop)] == ["queued", "queued", "queued", "cap"]


def test_quiet_hours_hold_for_groups(tmp_path: Path) -> None:
    text = """
剧本 "夜里"
  面向群 "*"
  每天 23:00
    推送 "晚安"
    等待 10分钟
    推送 "早安"
"""
    shop = hall_with(tmp_path, text, "  免打扰 22:00 到 08:00 顺延\n")
    shop.run(f"{DAY} 23:05")
    assert shop.log() == []
    shop.run(f"{NEXT} 08:30")
    assert shop.pushed() == [
        ("g1", "11-19 08:00", "晚安"), ("g2", "11-19 08:00", "晚安"),
        ("g1", "11-19 08:10", "早安"), ("g2", "11-19 08:10", "早安"),
    ]


def test_consent_and_holdout_of_the_policy_speak_of_members(tmp_path: Path) -> None:
    policy = '  永不推送 有标签 "退订"\n  不推营销 有标签 "老客"\n  对照组 99%\n'
    shop = hall_with(tmp_path, TWICE, policy, groups=3)
    shop.tag("退订", "u1", "u2", "u3")
    shop.tag("老客", "u1", "u2", "u3")
    shop.run(f"{DAY} 09:05")
    report = shop.deliver(f"{DAY} 09:10")
    assert [reason for _, reason in outcomes(shop)] == ["queued"] * 3
    assert (report.sent, report.withdrawn) == (3, 0)


def test_draws_go_by_the_groups_outside_ids(tmp_path: Path) -> None:
    text = """
剧本 "试验"
  对照组 40%
  面向群 "*"
  每天 09:00
    分流 "文案"
      50% "甲"
        推送 "早安"
      50% "乙"
        推送 "晚安"
"""
    shop = hall_with(tmp_path, text, groups=12)
    shop.run(f"{DAY} 09:05")

    def share(name: str, group: str) -> float:
        return (draw(name, group) + SHIFT) / 2**64

    names = [f"g{number}" for number in range(1, 13)]
    held = {name for name in names if share("holdout:试验", name) < 0.4}
    arms = {name: "甲" if share("split:试验\0文案", name) < 0.5 else "乙" for name in names if name not in held}
    assert {r.member_id for r in shop.log(reason="holdout")} == held
    assert {r.member_id: r.arm for r in shop.log(status="queued")} == arms
    assert held
    assert len(set(arms.values())) == 2


def test_some_groups_at_random(tmp_path: Path) -> None:
    shop = hall_with(tmp_path, TWICE.replace('  面向群 "*"\n', '  只取随机3\n  面向群 "*"\n'), groups=9)
    shop.run(f"{DAY} 09:05")
    occurrence = shop.log()[0].occurrence
    first = sorted((f"g{n}" for n in range(1, 10)), key=lambda group: draw(f"早晚\0{occurrence}", group))[:3]
    assert {group for group, _ in outcomes(shop)} == set(first)


def test_a_guard_counts_groups(tmp_path: Path) -> None:
    shop = hall_with(tmp_path, TWICE.replace("  面向群", "  熔断 50%\n  面向群").replace('"*"', '"g1*"'), groups=10)
    report = report_of(shop.run(f"{DAY} 09:05"), "早晚")
    # Of ten groups five are allowed, and two are meant.
    assert report.guard is not None
    assert (report.guard.limit, report.guard.reached) == (5, 2)
    for number in range(10, 20):
        shop.group(f"g{number}", at=f"{DAY} 10:00")
    # g10 is there already: of nineteen, nine are allowed, and eleven are meant.
    (blocked,) = shop.run(f"{DAY} 20:05").report.blocked
    assert (blocked.reason, blocked.limit, blocked.reached) == ("guard", 9, 11)


def test_a_budget_of_pushes_counts_groups(tmp_path: Path) -> None:
    shop = hall_with(tmp_path, TWICE.replace("  面向群", "  预算 3条 每天\n  面向群"), groups=2)
    shop.run(f"{DAY} 09:05")
    shop.run(f"{DAY} 20:05")
    assert sorted(reason for _, reason in outcomes(shop)) == ["budget", "queued", "queued", "queued"]


@pytest.mark.parametrize("body", ["早,{{ 姓名 }}", "{{ 近期 }}"])
def test_what_is_known_of_members_is_unknown_of_groups(tmp_path: Path, body: str) -> None:
    # The member with the number of the group has a name and orders.
    text = f"""
指标 近期 = 90天内 累计 下单.金额
话术 "称呼群" 用于 群
  正文 "{body}"
话术 "称呼群缺省" 用于 群
  正文 "早,{{{{ 姓名 | default: '各位' }}}}"
剧本 "早"
  面向群 "*"
  每天 09:00
    推送 "称呼群"
    推送 "称呼群缺省"
"""
    shop = hall_with(tmp_path, text, groups=1)
    shop.bring("members", [{"id": "u1", "name": "张三"}])
    shop.event("下单", "u1", at=f"{DAY} 01:00", amount="5")
    shop.run(f"{DAY} 09:05")
    assert outcomes(shop) == [("g1", "incomplete"), ("g1", "queued")]
    shop.deliver(f"{DAY} 09:10")
    assert shop.sent() == [("g1", "早,各位")]


def test_a_rotation_goes_round_in_each_group(tmp_path: Path) -> None:
    text = """
话术 "晨一" 用于 群
  正文 "1"
话术 "晨二" 用于 群
  正文 "2"
剧本 "晨"
  面向群 "*"
  每天 09:00
    推送 轮换 "晨*"
"""
    shop = hall_with(tmp_path, text, groups=1)
    shop.run(f"{DAY} 09:05")
    shop.group("g2", at=f"{DAY} 10:00")
    shop.run(f"{NEXT} 09:05")
    assert shop.pushed() == [("g1", "11-18 09:00", "晨一"), ("g2", "11-19 09:00", "晨一"), ("g1", "11-19 09:00", "晨二")]


def test_sends_are_spread_by_the_draw_of_each_group(tmp_path: Path) -> None:
    shop = hall_with(tmp_path, TWICE.replace("每天 09:00", "每天 09:00 分批1小时"), groups=4)
    shop.run(f"{DAY} 09:05")
    for record in shop.log():
        share = (draw("over:早晚", record.member_id or "") + SHIFT) >> 32
        assert (record.not_before - record.t).total_seconds() == share * 3600 >> 32
    assert len({record.not_before for record in shop.log()}) == 4
