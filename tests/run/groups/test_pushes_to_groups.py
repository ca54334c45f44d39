"""Pushes to groups by playbooks for members: one for an occurrence and group, however many members come."""

from __future__ import annotations

from pathlib import Path

from run.groups.hall import DAY, POLICY, TEXTS, Hall
from workspaces import report_of

NEXT = "2026-11-19"
REPORT = """
剧本 "战报"
  面向 有标签 "好友"
  每天 09:00
    推送 群 "福利群*" "早安"
    推送 企微 "问候"
"""
STARTED = """
剧本 "喜报"
  当 打上标签 "新客"
    推送 群 "福利群*" "早安"
"""


def hall_with(root: Path, text: str, policy: str = "") -> Hall:
    shop = Hall(root / "shop", text, POLICY + policy)
    shop.members("u1", "u2", "u3")
    shop.tag("好友", "u1", "u2", "u3")
    for group, name in (("g1", "福利群1"), ("g2", "福利群2"), ("g3", "闲聊")):
        shop.group(group, name)
    return shop


def test_one_for_each_group_and_one_for_each_member(tmp_path: Path) -> None:
    shop = hall_with(tmp_path, REPORT)
    for at in (f"{DAY} 09:05", f"{NEXT} 09:05"):
        shop.run(at)
    morning = [("g1", "早安"), ("g2", "早安"), ("u1", "问候"), ("u2", "问候"), ("u3", "问候")]
    assert [(to, what) for to, _, what in shop.pushed()] == morning * 2
    kinds = shop.rows("SELECT d.kind, count(*), count(DISTINCT d.occurrence) FROM dispatches d GROUP BY 1 ORDER BY 1")
    assert kinds == [(0, 6, 2), (1, 4, 2)]


def test_the_plan_tells_the_groups(tmp_path: Path) -> None:
    shop = hall_with(tmp_path, REPORT)
    planned = shop.plan(f"{DAY} 09:05", members=True).report
    steps = report_of(shop.plan(f"{DAY} 09:05", members=True), "战报").steps
    assert [(s.audience, s.dispatched, s.members) for s in steps] == [(2, 2, ("g1", "g2")), (3, 3, ("u1", "u2", "u3"))]
    assert report_of(shop.run(f"{DAY} 09:05"), "战报").entered == planned.playbooks[0].entered == 3


def test_nobody_comes_so_nothing_is_sent(tmp_path: Path) -> None:
    shop = hall_with(tmp_path, REPORT.replace('有标签 "好友"', '有标签 "老客"'))
    shop.run(f"{DAY} 09:05")
    assert shop.log() == []


def test_each_start_is_an_occurrence_of_its_own(tmp_path: Path) -> None:
    shop = hall_with(tmp_path, STARTED)
    shop.tag("新客", "u1", at=f"{DAY} 08:00")
    shop.tag("新客", "u2", at=f"{DAY} 08:10")
    shop.run(f"{DAY} 09:05")
    assert shop.pushed() == [
        ("g1", "11-18 08:00", "早安"), ("g2", "11-18 08:00", "早安"),
        ("g1", "11-18 08:10", "早安"), ("g2", "11-18 08:10", "早安"),
    ]


def test_a_cap_of_groups_holds_between_occurrences_of_one_wave(tmp_path: Path) -> None:
    shop = hall_with(tmp_path, STARTED, "  每群每天最多2条\n  每人每天最多1条\n")
    for member, clock in (("u3", "08:00"), ("u1", "08:10"), ("u2", "08:20")):
        shop.tag("新客", member, at=f"{DAY} {clock}")
    shop.run(f"{DAY} 09:05")
    assert [(r.member_id, r.reason or r.status) for r in shop.log()] == [
        ("g1", "queued"), ("g2", "queued"), ("g1", "queued"), ("g2", "queued"), ("g1", "cap"), ("g2", "cap"),
    ]


def test_what_speaks_of_members_does_not_keep_it_from_groups(tmp_path: Path) -> None:
    policy = '  永不推送 有标签 "退订"\n  每人每天最多1条\n'
    shop = hall_with(tmp_path, """
剧本 "战报"
  面向 有标签 "好友"
  每天 09:00
    推送 企微 "问候"
    推送 群 "福利群*" "早安"
剧本 "只到群"
  面向 有标签 "退订"
  每天 10:00
    推送 群 "福利群1" "晚安"
""", policy)
    shop.tag("退订", "u1", "u2")
    shop.run(f"{DAY} 09:05")
    shop.run(f"{DAY} 10:05")
    told = [(r.member_id, r.reason or r.status) for r in shop.log(playbook="战报")]
    assert told == [("u1", "never_push"), ("u2", "never_push"), ("u3", "queued"), ("g1", "queued"), ("g2", "queued")]
    # A block that pushes to groups alone pushes to no member.
    assert shop.pushed(playbook="只到群") == [("g1", "11-18 10:00", "晚安")]


def test_members_who_come_later_send_nothing_again(tmp_path: Path) -> None:
    shop = hall_with(tmp_path, """
剧本 "分批"
  面向 有标签 "好友"
  每天 09:00
    如果 有标签 "老客"
      等待 1小时
    推送 群 "福利群*" "早安"
    打标签 "已触达"
""")
    shop.tag("老客", "u1")
    shop.run(f"{DAY} 09:05")
    shop.group("g4", "福利群4", at=f"{DAY} 09:30")
    shop.run(f"{DAY} 10:05")
    # The group that is new by then has had none under this occurrence.
    assert shop.pushed() == [
        ("g1", "11-18 09:00", "早安"), ("g2", "11-18 09:00", "早安"), ("g4", "11-18 10:00", "早安")
    ]
    assert shop.who('有标签 "已触达"', f"{DAY} 10:30") == ("u1", "u2", "u3")


def test_quiet_hours_hold_the_push_back_and_the_members_go_on(tmp_path: Path) -> None:
    shop = hall_with(tmp_path, """
剧本 "夜报"
  面向 有标签 "好友"
  每天 23:00
    推送 群 "福利群*" "晚安"
    打标签 "已触达"
""", "  免打扰 22:00 到 08:00 顺延\n  每群每天最多1条\n")
    shop.run(f"{DAY} 23:05")
    assert shop.pushed() == [("g1", "11-19 08:00", "晚安"), ("g2", "11-19 08:00", "晚安")]
    assert shop.who('有标签 "已触达"', f"{DAY} 23:30") == ("u1", "u2", "u3")
    assert shop.deliver(f"{NEXT} 07:59").sent == 0
    assert shop.deliver(f"{NEXT} 08:00").sent == 2
    # The cap of that day is taken.
    shop.run(f"{NEXT} 23:05")
    shop.run("2026-11-20 08:05")
    assert [day for _, day, _ in shop.pushed()] == ["11-19 08:00"] * 2 + ["11-20 08:00"] * 2


def test_caps_are_asked_at_the_instant_to_which_it_is_held_back(tmp_path: Path) -> None:
    shop = hall_with(tmp_path, """
剧本 "早报"
  面向群 "福利群1"
  定时 2026-11-18 22:30
    推送 "早安" 不受免打扰  # 约好的
剧本 "夜报"
  优先级 40
  面向 有标签 "好友"
  定时 2026-11-18 23:00
    推送 群 "福利群*" "晚安"
  定时 2026-11-18 23:30
    推送 群 "福利群1" "晚安"
""", "  免打扰 22:00 到 08:00 顺延\n  每群每天最多1条\n")
    shop.run(f"{DAY} 23:35")
    # Today's cap of g1 is full, tomorrow's is not, until the first push of the evening has taken it.
    assert [(r.member_id, r.not_before.isoformat()[5:16], r.reason) for r in shop.log()] == [
        ("g1", "11-18T22:30", None), ("g1", "11-19T08:00", None), ("g2", "11-19T08:00", None), ("g1", "11-18T23:30", "cap"),
    ]


def test_what_may_not_come_later_is_not_held_back(tmp_path: Path) -> None:
    shop = hall_with(tmp_path, """
剧本 "夜报"
  面向 有标签 "好友"
  每天 23:00
    推送 群 "福利群*" "晚安" 限2小时内
""", "  免打扰 22:00 到 08:00 顺延\n")
    shop.run(f"{DAY} 23:05")
    assert [(r.member_id, r.reason) for r in shop.log()] == [("g1", "quiet_hours"), ("g2", "quiet_hours")]


def test_an_entry_counts_by_what_went_to_groups(tmp_path: Path) -> None:
    text = """
剧本 "一次"
  面向 有标签 "好友"
  每天 09:00
    每人仅一次
    推送 群 "{group}" "早安"
"""
    shop = hall_with(tmp_path, text.format(group="福利群*"))
    for at in (f"{DAY} 09:05", f"{NEXT} 09:05"):
        shop.run(at)
    assert len(shop.pushed()) == 2
    nothing = hall_with(tmp_path / "other", text.format(group="没有这个群"))
    nothing.run(f"{DAY} 09:05")
    nothing.write(TEXTS + POLICY + text.format(group="福利群*"))
    nothing.run(f"{NEXT} 09:05")
    assert [(to, at) for to, at, _ in nothing.pushed()] == [("g1", "11-19 09:00"), ("g2", "11-19 09:00")]


def test_a_text_that_speaks_to_one_member_is_incomplete(tmp_path: Path) -> None:
    shop = hall_with(tmp_path, """
话术 "称呼群" 用于 群
  正文 "{{ 姓名 }}"
剧本 "战报"
  面向 有标签 "好友"
  每天 09:00
    推送 群 "福利群1" "称呼群"
""")
    shop.bring("members", [{"id": "u1", "name": "张三"}])
    shop.run(f"{DAY} 09:05")
    assert [(r.member_id, r.reason) for r in shop.log()] == [("g1", "incomplete")]


def test_a_repeated_run_and_a_renamed_group_send_nothing_again(tmp_path: Path) -> None:
    shop = hall_with(tmp_path, REPORT)
    shop.run(f"{DAY} 09:05")
    shop.group("g1", "福利群一", at=f"{DAY} 09:30")
    shop.run(f"{DAY} 09:40")
    assert len(shop.pushed()) == 5


def test_a_text_may_tell_of_the_event_that_started_the_journey(tmp_path: Path) -> None:
    shop = hall_with(tmp_path, """
话术 "喜报" 用于 群
  正文 "有人买了{{ 事件.对象 }},在{{ 事件.门店 }}"
剧本 "喜报"
  当 下单
    推送 群 "福利群1" "喜报"
""")
    shop.event("下单", "u1", at=f"{DAY} 08:00", subject="猫粮", 门店="静安")
    shop.event("下单", "u2", at=f"{DAY} 08:10", subject="罐头")
    shop.run(f"{DAY} 09:05")
    # Of the second order nobody knows the shop.
    assert [(r.member_id, r.reason or r.status) for r in shop.log()] == [("g1", "queued"), ("g1", "incomplete")]
    shop.deliver(f"{DAY} 09:10")
    assert shop.sent() == [("g1", "有人买了猫粮,在静安")]
