"""Groups in flight: from their first day on, each by its own days, re-entry and records."""

from __future__ import annotations

from pathlib import Path

from qingting.engine.log.recompute import recompute_records
from qingting.engine.stores.sqlite.database import SqliteStore
from run.groups.hall import DAY, POLICY, TEXTS, Hall
from workspaces import report_of

NEXT = "2026-11-19"
NEW_GROUP = """
话术 "第一天" 用于 群
  正文 "D1"
话术 "第三天" 用于 群
  正文 "D3"
剧本 "新群"
  面向群 "福利群*"
  当 建群
    推送 "欢迎"
    D1 10:00
      推送 "第一天"
    D3 20:00
      推送 "第三天"
"""


def run_daily(shop: Hall, last: int) -> None:
    """Runs at noon and at ten in the evening of each day, up to that of November."""
    for day in range(18, last + 1):
        shop.run(f"2026-11-{day} 12:00")
        shop.run(f"2026-11-{day} 22:00")


def test_a_new_group_has_its_days(tmp_path: Path) -> None:
    shop = Hall(tmp_path / "shop", NEW_GROUP)
    shop.group("g1", "福利群1", created=f"{DAY} 09:30", at=f"{DAY} 09:40")
    shop.group("g2", "闲聊", created=f"{DAY} 09:30", at=f"{DAY} 09:40")
    run_daily(shop, 21)
    assert shop.pushed() == [
        ("g1", "11-18 09:40", "欢迎"), ("g1", "11-19 10:00", "第一天"), ("g1", "11-21 20:00", "第三天"),
    ]
    assert {r.occurrence.partition("#")[0] for r in shop.log()} == {"2026-11-18T01:40:00Z"}
    assert shop.rows("SELECT kind, why FROM enrolments") == [(1, "finished")]


def test_scenarios_13_and_14_each_group_has_its_own_journey(tmp_path: Path) -> None:
    """A new group ends nobody's journey, and groups on day 1 and day 3 get their own content."""
    shop = Hall(tmp_path / "shop", NEW_GROUP)
    shop.members("u1", "u2", "u3")
    shop.group("g1", "福利群1", created=f"{DAY} 09:30", at=f"{DAY} 09:40")
    run_daily(shop, 19)
    shop.group("g2", "福利群2", created="2026-11-20 09:30", at="2026-11-20 09:40")
    run_days = range(20, 24)
    for day in run_days:
        shop.run(f"2026-11-{day} 12:00")
        shop.run(f"2026-11-{day} 22:00")
    assert sorted(shop.pushed()) == [
        ("g1", "11-18 09:40", "欢迎"), ("g1", "11-19 10:00", "第一天"), ("g1", "11-21 20:00", "第三天"),
        ("g2", "11-20 09:40", "欢迎"), ("g2", "11-21 10:00", "第一天"), ("g2", "11-23 20:00", "第三天"),
    ]


def test_a_journey_of_members_and_one_of_groups_do_not_meet(tmp_path: Path) -> None:
    # Members and groups have the same numbers in the store.
    shop = Hall(tmp_path / "shop", NEW_GROUP + """
剧本 "新人"
  当 打上标签 "新客"
    推送 企微 "问候"
    等待 1天
    推送 企微 "推荐"
""")
    shop.members("u1", "u2")
    shop.group("g1", "福利群1", created=f"{DAY} 09:30", at=f"{DAY} 09:40")
    shop.group("g2", "福利群2", created=f"{DAY} 09:30", at=f"{DAY} 09:40")
    shop.tag("新客", "u1", "u2", at=f"{DAY} 09:40")
    run_daily(shop, 21)
    to_members = [(r.member_id, r.step) for r in shop.log(playbook="新人")]
    assert to_members == [
        ("u1", 'push "问候"'), ("u2", 'push "问候"'), ("u1", 'push "推荐"'), ("u2", 'push "推荐"')
    ]
    assert [r.member_id for r in shop.log(playbook="新群")] == ["g1", "g2"] * 3


def test_many_groups_in_one_run_wait_together(tmp_path: Path) -> None:
    shop = Hall(tmp_path / "shop", NEW_GROUP)
    for number in range(5):
        shop.group(f"g{number}", f"福利群{number}", created=f"{DAY} 11:0{number}", at=f"{DAY} 11:40")
    shop.run(f"{NEXT} 10:05")
    assert shop.pushed() == [(f"g{n}", "11-19 10:05", "欢迎") for n in range(5)] + [
        (f"g{n}", "11-19 10:00", "第一天") for n in range(5)
    ]


def test_old_and_backfilled_groups_are_greeted_by_nobody(tmp_path: Path) -> None:
    shop = Hall(tmp_path / "shop", NEW_GROUP)
    shop.group("g1", "福利群1", created="2026-10-01 09:00", at=f"{DAY} 09:40")
    shop.group("g2", "福利群2", created=f"{DAY} 09:00", at=f"{DAY} 09:40", backfill=True)
    shop.group("g3", "福利群3", at=f"{DAY} 09:40")
    shop.run(f"{DAY} 12:00")
    # Of a group whose creation nobody told, it counts from when it was first heard of.
    assert [(r.member_id, r.reason or r.status) for r in shop.log()] == [("g1", "late"), ("g3", "queued")]


def test_a_group_is_created_once(tmp_path: Path) -> None:
    shop = Hall(tmp_path / "shop", NEW_GROUP)
    shop.group("g1", "福利群1", at=f"{DAY} 09:40")
    shop.run(f"{DAY} 12:00")
    # That it was created later than it was heard of is a correction, and no second creation.
    shop.group("g1", "福利群1", created=f"{DAY} 13:00", at=f"{DAY} 12:30")
    shop.run(f"{DAY} 14:00")
    assert shop.pushed() == [("g1", "11-18 09:40", "欢迎")]


def test_a_group_announced_ahead_starts_when_it_is_created(tmp_path: Path) -> None:
    shop = Hall(tmp_path / "shop", NEW_GROUP)
    shop.group("g1", "福利群1", created=f"{DAY} 15:00", at=f"{DAY} 09:40")
    shop.run(f"{DAY} 12:00")
    assert shop.log() == []
    shop.run(f"{DAY} 15:05")
    shop.run(f"{DAY} 16:05")
    assert shop.pushed() == [("g1", "11-18 15:00", "欢迎")]


def test_the_name_of_the_trigger_is_asked_besides_the_audience(tmp_path: Path) -> None:
    shop = Hall(tmp_path / "shop", """
剧本 "新群"
  面向群 有群标签 "VIP"
  当 建群 "福利群*"
    推送 "欢迎"
""")
    for group, name, tag in (("g1", "福利群1", "VIP"), ("g2", "闲聊", "VIP"), ("g3", "福利群3", "周边")):
        shop.group(group, name, tags=tag, created=f"{DAY} 09:30", at=f"{DAY} 09:40")
    shop.run(f"{DAY} 12:00")
    assert shop.pushed() == [("g1", "11-18 09:40", "欢迎")]


def test_reentry_is_counted_for_each_group(tmp_path: Path) -> None:
    shop = Hall(tmp_path / "shop", """
剧本 "公告"
  面向群 "*"
  每天 09:00
    每人仅一次
    推送 "早安"
  每天 20:00
    再进间隔2天
    推送 "晚安"
""")
    shop.members("u1")
    shop.group("g1")
    shop.run(f"{DAY} 09:05")
    shop.run(f"{DAY} 20:05")
    shop.group("g2", at=f"{NEXT} 08:00")
    for day in (19, 20):
        shop.run(f"2026-11-{day} 09:05")
        shop.run(f"2026-11-{day} 20:05")
    assert shop.pushed() == [
        ("g1", "11-18 09:00", "早安"), ("g1", "11-18 20:00", "晚安"),
        ("g2", "11-19 09:00", "早安"), ("g2", "11-19 20:00", "晚安"), ("g1", "11-20 20:00", "晚安"),
    ]


def test_a_plan_tells_what_the_run_does(tmp_path: Path) -> None:
    shop = Hall(tmp_path / "shop", NEW_GROUP)
    shop.group("g1", "福利群1", created=f"{DAY} 09:30", at=f"{DAY} 09:40")
    shop.group("g2", "福利群2", created=f"{DAY} 09:30", at=f"{DAY} 09:40")
    for at in (f"{DAY} 12:00", f"{NEXT} 12:00"):
        before = shop.dump()
        planned = shop.plan(at).report
        assert shop.dump() == before
        done = shop.run(at).report
        for told, did in zip(planned.playbooks, done.playbooks, strict=True):
            assert (told.entered, told.in_flight, told.steps) == (did.entered, did.in_flight, did.steps)
    assert report_of(shop.plan(f"{NEXT} 13:00"), "新群").in_flight == 2


def test_a_repeated_run_decides_nothing_again(tmp_path: Path) -> None:
    shop = Hall(tmp_path / "shop", NEW_GROUP)
    shop.group("g1", "福利群1", created=f"{DAY} 09:30", at=f"{DAY} 09:40")
    for _ in range(2):
        shop.run(f"{DAY} 12:00")
    shop.run(f"{DAY} 13:00")
    assert shop.pushed() == [("g1", "11-18 09:40", "欢迎")]


def test_who_is_inside_when_a_playbook_turns_to_groups_comes_to_the_end(tmp_path: Path) -> None:
    text = """
剧本 "转向"
  {audience}
  每天 09:00
    推送 {push}
    等待 1小时
    推送 {push}
"""
    shop = Hall(tmp_path / "shop", text.format(audience='面向 有标签 "好友"', push='企微 "问候"'))
    shop.members("u1")
    shop.tag("好友", "u1")
    shop.group("g1", at=f"{DAY} 09:02")
    shop.run(f"{DAY} 09:05")
    shop.write(TEXTS + POLICY + text.format(audience='面向群 "*"', push='"早安"'))
    shop.run(f"{DAY} 10:05")
    shop.run(f"{NEXT} 09:05")
    shop.run(f"{NEXT} 10:05")
    assert shop.pushed() == [
        ("u1", "11-18 09:00", "问候"), ("u1", "11-18 10:00", "问候"), ("g1", "11-19 09:00", "早安"), ("g1", "11-19 10:00", "早安"),
    ]


def test_records_of_groups_stand_in_the_log(tmp_path: Path) -> None:
    shop = Hall(tmp_path / "shop", NEW_GROUP)
    shop.members("g1", "u1")
    shop.group("g1", "福利群1", created=f"{DAY} 09:30", at=f"{DAY} 09:40")
    shop.group("g2", "福利群2", created=f"{DAY} 09:30", at=f"{DAY} 09:40")
    shop.run(f"{DAY} 12:00")
    own = shop.rows("SELECT lower(hex(pseudonym)) FROM groups WHERE id = 'g1'")[0][0]
    (record,) = shop.log(member="g1")
    assert (record.member, record.member_id, record.playbook, record.step) == (own, "g1", "新群", 'push "欢迎"')
    assert shop.rows("SELECT d.kind, g.id FROM dispatches d JOIN groups g USING (unit) ORDER BY d.seq") == [
        (1, "g1"), (1, "g2")
    ]
    with SqliteStore.open(shop.path) as store:
        assert [check.sound for check in recompute_records(store, 0, 2)] == [True, True]


def test_delivery_hands_over_to_the_group(tmp_path: Path) -> None:
    shop = Hall(tmp_path / "shop", NEW_GROUP)
    shop.group("g1", "福利群1", created=f"{DAY} 09:30", at=f"{DAY} 09:40")
    shop.run(f"{DAY} 12:00")
    assert shop.deliver(f"{DAY} 12:01").sent == 1
    assert shop.sent() == [("g1", "新群好")]
    assert [r.delivery.outcome for r in shop.log() if r.delivery] == ["sent"]
