"""Journeys that somebody edits, pauses, saves again or restores, or whose staff leave; scenarios 5, 9 to 12, 16 and 18 to 20."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import pytest
from qingting.grammar.diagnostics import CannotRun
from sampling import sampled
from workspaces import Shop, micros, report_of, when

Open = Callable[..., Shop]
START = "2026-11-18 10:00"
DAYS = """
剧本 "甲"
  {header}
  当 打上标签 "新客"
    推送 企微 "问候"
    D1 {clock}
      推送 企微 "推荐"
    等客户 做过 下单 最长2天
      满足时
        打标签 "老客"
      超时
        打标签 "已触达"
    等待 1天
    推送 企微 "称呼"
"""
PLAIN = DAYS.format(header="优先级 50", clock="09:00")


def steps(shop: Shop, member: str = "u1") -> list[str]:
    """What was decided for a member: when, the step, the reason where nothing was done."""
    return [f"{r.t:%d %H:%M} {r.step}" + (f" {r.reason}" if r.reason else "") for r in shop.log(member=member)]


def begin(open_shop: Open, text: str = PLAIN, *members: str) -> Shop:
    """A shop in which members are new customers since ten o'clock."""
    shop = open_shop(text)
    shop.members(*(members or ("u1",)), 姓名="小林")
    shop.tag("新客", *(members or ("u1",)), at=START)
    shop.run("2026-11-18 10:01")
    return shop


WHOLE = ['18 10:00 push "问候"', '19 09:00 push "推荐"', '21 09:00 tag "已触达"', '22 09:00 push "称呼"']


# 5, 9, 10, 11, 12: once, whatever is told or saved again

AGAIN = '剧本 "甲"\n  {line}\n  当 下单\n    推送 企微 "{template}"\n    等待 1天\n    打标签 "老客"\n'
ACTIVE = """
分群 "活跃"
  有标签 "好友" 且 有标签 "新客"
剧本 "甲"
  退出条件 不满足 属于分群 "活跃"
  当 进入分群 "活跃"
    推送 企微 "问候"
    等待 1天
    推送 企微 "推荐"
剧本 "乙"
  当 离开分群 "活跃"
    打标签 "已触达"
"""


def test_05_a_segment_that_flickers_between_runs_neither_ends_nor_starts_anything(open_shop: Open) -> None:
    shop = open_shop(ACTIVE)
    shop.run("2026-11-18 09:00")
    shop.tag("新客", "u1", "u2", at=START)
    shop.run("2026-11-18 10:05")
    shop.untag("新客", "u1", "u2", at="2026-11-18 11:00")
    shop.tag("新客", "u1", at="2026-11-18 11:01")
    shop.run("2026-11-18 11:05")
    assert shop.decided(playbook="乙") == [("u2", 'tag "已触达"', "done")]
    shop.run("2026-11-19 10:05")
    assert steps(shop) == ['18 10:05 push "问候"', '19 10:05 push "推荐"']
    assert shop.rows("SELECT id, why FROM enrolments JOIN members USING (unit) WHERE playbook = '甲' ORDER BY id") == [
        ("u1", "finished"), ("u2", "exited"),
    ]


def test_05_membership_is_a_function_of_store_and_instant(open_shop: Open) -> None:
    """No job has to rebuild it, no run changes it, and what is learned later changes no earlier answer."""
    shop = open_shop(ACTIVE)
    shop.tag("新客", "u1", "u2", at=START)
    shop.untag("新客", "u2", at="2026-11-18 11:00")
    clocks = ("09:59", "10:00", "10:59", "11:00", "23:00")
    asked = {clock: shop.who('属于分群 "活跃"', f"2026-11-18 {clock}") for clock in clocks}
    assert list(asked.values()) == [(), ("u1", "u2"), ("u1", "u2"), ("u1",), ("u1",)]
    shop.run("2026-11-18 12:00")
    shop.tag("新客", "u3", at="2026-11-19 09:00", since="2026-11-18 10:30")
    shop.run("2026-11-19 09:05")
    assert {clock: shop.who('属于分群 "活跃"', f"2026-11-18 {clock}") for clock in clocks} == asked
    assert shop.who('属于分群 "活跃"', "2026-11-19 09:00") == ("u1", "u3")


def test_09_a_pause_in_the_middle_of_a_list_repeats_and_skips_nobody(open_shop: Open) -> None:
    """Of those who enter one after the other a third was sent the next step before the pause, a third falls due in it."""
    text = '剧本 "甲"\n  {state}\n  当 打上标签 "新客"\n    推送 企微 "问候"\n    等待 1天\n    推送 企微 "推荐"\n'
    shop = open_shop(text.format(state="优先级 50"))
    members = [f"m{n}" for n in range(9)]
    shop.members(*members)
    for hour, member in enumerate(members, 10):
        shop.tag("新客", member, at=f"2026-11-18 {hour}:00")
        shop.run(f"2026-11-18 {hour}:01")
    shop.run("2026-11-19 12:30")
    shop.write(text.format(state="暂停"))
    shop.run("2026-11-19 12:31")
    shop.run("2026-11-19 15:30")
    assert len(shop.log()) == 12
    shop.write(text.format(state="优先级 50"))
    for clock in ("15:31", "15:32", "23:00"):
        shop.run(f"2026-11-19 {clock}")
        shop.deliver(f"2026-11-19 {clock}")
    for member in members:
        assert [r.step for r in shop.log(member=member)] == ['push "问候"', 'push "推荐"']
    assert sorted(shop.outbox()) == sorted(members * 2)


def test_10_saving_a_journey_again_and_again_changes_nothing_of_it(open_shop: Open) -> None:
    shop = begin(open_shop)
    standing = shop.rows("SELECT * FROM enrolments")
    for minute in range(5):
        shop.write(PLAIN + "# 又存了一次\n" * minute)
        shop.run(f"2026-11-18 11:0{minute}")
    assert shop.rows("SELECT * FROM enrolments") == standing
    shop.run("2026-11-22 09:05")
    assert steps(shop) == WHOLE


def test_11_a_callback_that_comes_three_times_enrols_once(open_shop: Open) -> None:
    shop = open_shop(AGAIN.format(line="优先级 50", template="问候") + '剧本 "乙"\n  当 加好友\n    打标签 "新客"\n')
    order = {"id": "wx-1", "member": "u1", "type": "下单", "at": "2026-11-18T10:00+08:00"}
    friend = {"member": "u2", "staff": "zs", "since": "2026-11-18T10:00+08:00"}
    shop.run("2026-11-18 09:00")
    for minute in (1, 11, 21):
        shop.bring("events", [order, order], at=f"2026-11-18 10:{minute:02d}")
        shop.bring("friends", [friend, friend], at=f"2026-11-18 10:{minute:02d}")
        shop.run(f"2026-11-18 10:{minute + 5:02d}")
    assert sorted(shop.decided()) == [("u1", 'push "问候"', "queued"), ("u2", 'tag "新客"', "done")]
    # The same order told again after the journey's end begins none either.
    shop.run("2026-11-20 10:05")
    shop.bring("events", [order], at="2026-11-20 11:00")
    shop.run("2026-11-20 11:05")
    assert shop.decided(member="u1") == [("u1", 'push "问候"', "queued"), ("u1", 'tag "老客"', "done")]


def test_12_a_journey_in_a_restored_backup_sends_no_step_again(open_shop: Open) -> None:
    shop = begin(open_shop)
    shop.deliver("2026-11-18 10:02")
    backup = shop.root / "backup.db"
    shutil.copy(shop.path, backup)
    shop.run("2026-11-19 09:05")
    shop.deliver("2026-11-19 09:06")
    sent = ["u1", "u1"]
    assert shop.outbox() == sent
    shutil.copy(backup, shop.path)
    with pytest.raises(CannotRun, match="D201"):
        shop.run("2026-11-19 10:00")
    shop.run("2026-11-19 10:05", accept_restored=when("2026-11-19 10:00"))
    for clock in ("19 10:06", "20 10:00", "22 10:00"):
        shop.run(f"2026-11-{clock}")
        shop.deliver(f"2026-11-{clock}")
    assert shop.outbox() == sent


def test_12_who_waited_for_something_may_have_gone_on_in_the_lost_part(open_shop: Open) -> None:
    shop = open_shop("""
剧本 "甲"
  当 打上标签 "新客"
    等客户 做过 下单 最长2天
      满足时
        推送 企微 "推荐"
      超时
        推送 企微 "问候"
剧本 "乙"
  当 打上标签 "新客"
    等待 2天
    打标签 "老客"
""")
    shop.tag("新客", "u1", "u2", at=START)
    shop.run("2026-11-18 10:05")
    backup = shop.root / "backup.db"
    shutil.copy(shop.path, backup)
    shop.event("下单", "u1", at="2026-11-18 11:00")
    shop.run("2026-11-18 11:05")
    assert shop.decided() == [("u1", 'push "推荐"', "queued")]
    shutil.copy(backup, shop.path)
    shop.run("2026-11-18 11:20", accept_restored=when("2026-11-18 11:10"))
    # The order is told once more, since the copy does not know it.
    shop.event("下单", "u1", at="2026-11-18 11:30")
    shop.run("2026-11-20 10:05")
    assert shop.decided() == [("u1", 'tag "老客"', "done"), ("u2", 'tag "老客"', "done")]
    assert shop.rows("SELECT DISTINCT playbook, why FROM enrolments ORDER BY playbook") == [("乙", "finished"), ("甲", "settled")]


TRIGGERS = ["下单", "加好友", '打上标签 "新客"', "积分 达到 100", "城市 变更", '进群 "福利群"']


@pytest.mark.parametrize("trigger", sampled(6, TRIGGERS))
def test_12_what_starts_a_journey_starts_none_again_in_a_restored_backup(open_shop: Open, trigger: str) -> None:
    shop = open_shop(f'剧本 "甲"\n  当 {trigger}\n    推送 企微 "问候"\n')
    shop.bring("groups", [{"group": "福利群", "name": "福利群"}], at="2026-11-18 08:00")
    shop.run("2026-11-18 09:00")
    shop.tag("新客", "u1", at=START)
    shop.event("下单", "u1", at=START)
    shop.bring("friends", [{"member": "u1", "staff": "zs", "since": "2026-11-18T10:00+08:00"}], at=START)
    shop.bring("groups", [{"group": "福利群", "member": "u1", "since": "2026-11-18T10:00+08:00"}], at=START)
    shop.members("u1", at=START, 积分=200, 城市="杭州")
    backup = shop.root / "backup.db"
    shutil.copy(shop.path, backup)
    shop.run("2026-11-18 10:05")
    shop.deliver("2026-11-18 10:06")
    assert shop.outbox() == ["u1"]
    shutil.copy(backup, shop.path)
    shop.event("下单", "u2", at="2026-11-18 10:15")
    shop.run("2026-11-18 10:20", accept_restored=when("2026-11-18 10:10"))
    # Not even decided again; a channel that nobody can ask would send it twice. What comes later is met.
    assert [r.member_id for r in shop.log()] == (["u2"] if trigger == "下单" else [])


# 16, 18: edits of a running journey, and entering again

@pytest.mark.parametrize(
    "edited",
    sampled(6, [
        DAYS.format(header="优先级 90", clock="08:00"),
        DAYS.format(header="优先级 50", clock="23:00"),
        PLAIN.replace('    D1', '    打标签 "老客"\n    D1'),
        PLAIN.replace('    推送 企微 "问候"\n', '    等待 3小时\n    推送 企微 "问候"\n'),
        PLAIN.replace("最长2天", "最长1天").replace("等待 1天", "等待 9天"),
        PLAIN.replace('当 打上标签 "新客"', '当 下单'),
    ]),
)
def test_16_who_is_inside_finishes_what_they_began_by_its_own_schedule(open_shop: Open, edited: str) -> None:
    shop = begin(open_shop)
    shop.write(edited)
    for at in ("18 10:10", "18 23:30", "19 08:30", "19 09:05", "20 09:05", "21 09:05", "22 09:05", "26 09:05"):
        shop.run(f"2026-11-{at}")
    assert steps(shop) == WHOLE
    assert shop.rows("SELECT why FROM enrolments WHERE entered = ?", micros(START)) == [("finished",)]


def test_16_who_comes_after_the_edit_gets_the_new_steps(open_shop: Open) -> None:
    shop = begin(open_shop)
    shop.write(DAYS.format(header="优先级 50", clock="08:00"))
    shop.tag("新客", "u2", at="2026-11-18 11:00")
    shop.run("2026-11-18 11:01")
    shop.run("2026-11-19 10:00")
    assert [steps(shop)[1], steps(shop, "u2")[1]] == ['19 09:00 push "推荐"', '19 08:00 push "推荐"']


@pytest.mark.parametrize(
    ("line", "inside", "after_two_days", "after_six_days"),
    sampled(4, [
        ("优先级 50", False, True, True),
        ("每人仅一次", False, False, False),
        ("再进间隔5天", False, False, True),
        ("每人最多2次", False, True, False),
    ]),
)
def test_18_the_line_as_it_is_now_decides_who_enters_again_and_by_the_new_version(
    open_shop: Open, line: str, inside: bool, after_two_days: bool, after_six_days: bool
) -> None:
    shop = open_shop(AGAIN.format(line="优先级 50", template="问候"))
    shop.event("下单", "u1", at=START)
    shop.run("2026-11-18 10:01")
    shop.write(AGAIN.format(line=line, template="推荐"))
    found = []
    for at in ("2026-11-18 12:00", "2026-11-20 10:00", "2026-11-24 10:00"):
        before = len(shop.rows("SELECT * FROM enrolments"))
        shop.event("下单", "u1", at=at)
        report = report_of(shop.run(at), "甲")
        found.append(len(shop.rows("SELECT * FROM enrolments")) > before)
        assert report.duplicate == (0 if found[-1] else 1)
    assert found == [inside, after_two_days, after_six_days]
    newest = shop.ws.load().program.playbooks["甲"].version
    versions = shop.rows("SELECT v.digest FROM enrolments e JOIN playbook_versions v USING (version) ORDER BY e.entered")
    assert [version == newest for (version,) in versions] == [False] + [True] * sum(found)
    # The first journey ends as it began, and later ones begin with the new step.
    assert [r.step for r in shop.log(member="u1") if r.action == "push"] == ['push "问候"'] + ['push "推荐"'] * sum(found)


# 19, 20: staff who leave, and pauses

def test_19_a_member_of_staff_who_leaves_ends_only_what_hung_on_them(open_shop: Open) -> None:
    shop = open_shop("""
剧本 "甲"
  退出条件 不满足 是好友
  当 打上标签 "新客"
    推送 企微 "问候"
    等待 1天
    推送 企微 "推荐"
剧本 "乙"
  当 删好友
    打标签 "退订"
""")
    since = "2026-11-01T00:00+08:00"
    shop.bring("friends", [
        {"member": "u1", "staff": "zs", "since": since}, {"member": "u2", "staff": "zs", "since": since},
        {"member": "u2", "staff": "ls", "since": since}, {"member": "u3", "staff": "ls", "since": since},
    ])
    shop.members("u1", "u2", 跟进人="zs")
    shop.members("u3", 跟进人="ls")
    shop.tag("新客", "u1", "u2", "u3", at=START)
    shop.run("2026-11-18 10:01")
    until = "2026-11-18T12:00+08:00"
    shop.bring("friends", [
        {"member": member, "staff": "zs", "since": since, "until": until} for member in ("u1", "u2")
    ], at="2026-11-18 12:00")
    shop.run("2026-11-18 12:05")
    shop.run("2026-11-19 10:05")
    ends = shop.rows("SELECT id, why FROM enrolments JOIN members USING (unit) WHERE playbook = '甲' ORDER BY id")
    assert ends == [("u1", "exited"), ("u2", "finished"), ("u3", "finished")]
    assert shop.decided(playbook="乙") == [("u1", 'tag "退订"', "done")]


def test_19_a_handover_starts_its_own_journey_and_leaves_the_others_alone(open_shop: Open) -> None:
    shop = open_shop(PLAIN + '剧本 "交接"\n  当 换跟进人\n    打标签 "老客"\n')
    shop.members("u1", "u2", 跟进人="zs", 姓名="小林")
    shop.tag("新客", "u1", "u2", at=START)
    shop.run("2026-11-18 10:01")
    standing = shop.rows("SELECT unit, position, due, entered FROM enrolments WHERE playbook = '甲' ORDER BY unit")
    shop.members("u1", at="2026-11-18 12:00", 跟进人="ls")
    shop.run("2026-11-18 12:05")
    assert shop.decided(playbook="交接") == [("u1", 'tag "老客"', "done")]
    assert shop.rows("SELECT unit, position, due, entered FROM enrolments WHERE playbook = '甲' ORDER BY unit") == standing
    shop.run("2026-11-22 09:05")
    assert [r.step for r in shop.log(member="u2")] == [step.split(" ", 2)[2] for step in WHOLE]
    assert [r.step for r in shop.log(member="u1", playbook="甲")] == [step.split(" ", 2)[2] for step in WHOLE]


@pytest.mark.parametrize("resumed", ["18 20:01", "19 08:59", "19 12:00", "22 20:00"])
def test_20_a_pause_of_a_minute_or_of_days_only_delays(open_shop: Open, resumed: str) -> None:
    shop = begin(open_shop)
    shop.write(DAYS.format(header="暂停", clock="09:00"))
    paused = ("18 20:00", "18 20:01", "19 08:59", "19 09:05", "19 12:00", "21 09:05", "22 20:00")
    for at in paused[:paused.index(resumed) + 1]:
        shop.run(f"2026-11-{at}")
    assert (len(shop.log()), shop.rows("SELECT ended, why FROM enrolments")) == (1, [(None, None)])
    shop.write(PLAIN)
    for at in ("23 09:00", "26 12:00"):
        shop.run(f"2026-11-{at}")
    assert steps(shop) == WHOLE
    assert shop.rows("SELECT why FROM enrolments") == [("finished",)]


def test_20_what_is_waited_for_and_happens_in_a_pause_is_met_after_it(open_shop: Open) -> None:
    shop = begin(open_shop, PLAIN, "u1", "u2")
    shop.run("2026-11-19 09:05")
    shop.write(DAYS.format(header="暂停", clock="09:00"))
    shop.event("下单", "u1", at="2026-11-19 15:00")
    shop.run("2026-11-19 15:05")
    shop.run("2026-11-21 12:00")
    shop.write(PLAIN)
    shop.run("2026-11-21 12:10")
    assert [steps(shop)[2:], steps(shop, "u2")[2:]] == [
        ['19 15:00 tag "老客"', '20 15:00 push "称呼"'], ['21 09:00 tag "已触达"'],
    ]


def test_20_who_would_have_entered_in_a_pause_enters_after_it_as_far_as_that_is_made_up_for(open_shop: Open) -> None:
    text = '剧本 "甲"\n  {state}\n  当 下单\n    推送 企微 "问候"\n'
    shop = open_shop(text.format(state="优先级 50"))
    shop.run("2026-11-18 09:00")
    shop.write(text.format(state="暂停"))
    shop.event("下单", "u1", at="2026-11-18 10:00")
    shop.event("下单", "u2", at="2026-11-19 10:00")
    shop.run("2026-11-19 11:00")
    assert shop.log() == []
    shop.write(text.format(state="优先级 50"))
    for clock in ("11:30", "11:31", "23:00"):
        shop.run(f"2026-11-19 {clock}")
    # A day, where nothing is said.
    assert sorted(shop.decided()) == [("u1", 'push "问候"', "late"), ("u2", 'push "问候"', "queued")]


def test_16_who_is_moved_to_the_edited_journey_gets_no_step_again(open_shop: Open) -> None:
    shop = begin(open_shop)
    shop.run("2026-11-19 09:05")
    source = shop.ws.load().program.playbooks["甲"].version
    more = '    推送 企微 "问候"\n    推送 企微 "推荐"\n    推送 企微 "称呼"'
    shop.write(PLAIN.replace('    推送 企微 "称呼"', more).replace("等待 1天", "等待 2天"))
    planned = shop.ws.migrations.planned("甲", source)
    shop.ws.migrations.carried_out(planned, at=when("2026-11-19 10:00"), wall=when("2026-11-19 10:00"))
    shop.run("2026-11-23 09:05")
    assert shop.rows("SELECT why FROM enrolments") == [("finished",)]
    pushed = [r.step for r in shop.log(member="u1") if r.action == "push"]
    # The new steps have names of their own, since the playbook has each text twice.
    assert pushed == ['push "问候"', 'push "推荐"', 'push "问候" #2', 'push "推荐" #2', 'push "称呼"']
    assert steps(shop)[:3] == WHOLE[:3]


def test_13_who_joins_or_leaves_a_group_ends_no_journey_of_a_group(open_shop: Open) -> None:
    shop = open_shop("""
剧本 "甲"
  面向群 "福利群*"
  当 建群
    派任务 "看群" 限2天内完成
    等待 1天
    派任务 "再看群" 限2天内完成
剧本 "乙"
  当 进群 "福利群*"
    打标签 "新客"
    等待 1天
    打标签 "老客"
""")
    shop.run("2026-11-18 09:00")
    rows = [{"group": "福利群1", "name": "福利群1", "created": "2026-11-18T10:00+08:00"}, {"group": "福利群1", "member": "u1"}]
    shop.bring("groups", rows, at=START)
    shop.run("2026-11-18 10:05")
    shop.bring("groups", [{"group": "福利群1", "member": "u2"}], at="2026-11-18 12:00")
    shop.run("2026-11-18 12:05")
    shop.bring("groups", [{"group": "福利群1", "member": "u1", "until": "2026-11-18T13:00+08:00"}], at="2026-11-18 13:00")
    shop.run("2026-11-19 12:05")
    assert [r.step for r in shop.log(playbook="甲")] == ['task "看群"', 'task "再看群"']
    assert [(r.member_id, r.step) for r in shop.log(playbook="乙")] == [
        ("u1", 'tag "新客"'), ("u2", 'tag "新客"'), ("u1", 'tag "老客"'), ("u2", 'tag "老客"'),
    ]
