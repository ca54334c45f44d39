"""Journeys, triggers, groups, work of staff, lateness and migrations: sentences 50 to 60 of ARCHITECTURE.md."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from qingting.engine.insight.work import WorkFilter
from qingting.engine.run.lock import run_lock
from qingting.grammar.diagnostics import CannotRun
from run.groups.hall import Hall
from workspaces import Shop, micros, when

Open = Callable[..., Shop]
DAY = "2026-11-18"


def new_customers(steps: str, header: str = "优先级 50") -> str:
    """A playbook that a new customer enters."""
    return f'剧本 "甲"\n  {header}\n  当 打上标签 "新客"\n{steps}'


def decided(shop: Shop, member: str = "u1") -> list[str]:
    """What was decided for a member, and as of when; what was not done with its reason."""
    return [
        " ".join(filter(None, (record.step, record.reason, f"{record.t:%d %H:%M}")))
        for record in shop.log() if record.member_id == member
    ]


def begun(open_shop: Open, text: str, *ids: str) -> Shop:
    """A shop whose new customers have entered at ten."""
    shop = open_shop(text)
    shop.tag("新客", *(ids or ("u1",)), at=f"{DAY} 10:00")
    shop.run(f"{DAY} 10:00")
    return shop


def test_50_each_journey_is_asked_by_its_own_story(open_shop: Open) -> None:
    shop = open_shop("""
剧本 "甲"
  当 下单
    步骤 "首触"
      推送 企微 "称呼"
    等待 1小时
    如果 进入后 做过 点击
      打标签 "老客"
    如果 做过 下单 同一 门店 至少2次
      打标签 "已触达"
    如果 步骤 "首触" 后 做过 点击
      打标签 "退订"
""")
    shop.members("u1", 姓名="王芳")
    shop.event("点击", "u3", at=f"{DAY} 09:00")
    for member, shops in (("u1", "东西"), ("u2", "东东"), ("u3", "西西")):
        shop.event("下单", member, at=f"{DAY} 09:30", 门店=shops[0])
        shop.run(f"{DAY} 09:30")
        shop.event("下单", member, at=f"{DAY} 10:00", 门店=shops[1])
    shop.event("点击", "u1", "u2", at=f"{DAY} 10:10")
    shop.run(f"{DAY} 12:00")
    given = {member: [step for step in decided(shop, member) if step.startswith("tag")] for member in ("u1", "u2", "u3")}
    # All three were due at one instant. Only u1 has a name, so that only u1 was pushed the first step.
    assert given == {
        "u1": ['tag "老客" 18 10:30', 'tag "退订" 18 10:30'],
        "u2": ['tag "老客" 18 10:30', 'tag "已触达" 18 10:30'],
        "u3": ['tag "已触达" 18 10:30'],
    }


def test_51_waits_count_from_the_instant_that_was_due(open_shop: Open) -> None:
    steps = '    等待 1小时\n    打标签 "老客"\n    等到 12:00\n    打标签 "已触达"\n    D1 09:00\n      推送 企微 "问候"\n'
    shop = begun(open_shop, new_customers(steps))
    shop.run("2026-11-20 18:00")
    assert decided(shop) == ['tag "老客" 18 11:00', 'tag "已触达" 18 12:00', 'push "问候" 19 09:00']


WAITING = new_customers("""    等客户 {what} 最长1天
      满足时
        打标签 "老客"
      超时
        打标签 "已触达"
""")


@pytest.mark.parametrize(
    ("what", "found"),
    [
        ("做过 下单", {"u1": '老客" 18 12:30', "u2": '老客" 19 10:00', "u3": '已触达" 19 10:00'}),
        ('做过 下单 或 有标签 "好友"', {"u1": '老客" 18 10:00', "u2": '老客" 18 10:00', "u3": '老客" 18 10:00'}),
        ("城市 是 \"北京\"", {"u1": '已触达" 19 10:00', "u2": '已触达" 19 10:00', "u3": '老客" 18 18:00'}),
    ],
    ids=["events", "at once", "at the run"],
)
def test_52_when_a_wait_for_something_is_looked_at(open_shop: Open, what: str, found: dict[str, str]) -> None:
    shop = begun(open_shop, WAITING.format(what=what), "u1", "u2", "u3")
    shop.event("下单", "u1", at=f"{DAY} 12:00", arrived=f"{DAY} 12:30")
    shop.members("u3", at=f"{DAY} 17:00", 城市="北京")
    shop.run(f"{DAY} 18:00")
    shop.event("下单", "u2", at="2026-11-19 10:00")
    shop.event("下单", "u3", at="2026-11-19 10:01")
    shop.run("2026-11-19 12:00")
    assert {member: decided(shop, member) for member in found} == {m: [f'tag "{step}'] for m, step in found.items()}


LEAVING = new_customers(
    '    推送 企微 "问候"\n    等待 1天\n    推送 企微 "推荐"\n    等待 1天\n    打标签 "老客"\n',
    '转化目标 做过 下单 最长7天\n  退出条件 有标签 "退订"',
)


def test_53_goal_and_exit_are_asked_before_each_action_and_at_the_end(open_shop: Open) -> None:
    shop = open_shop(LEAVING)
    shop.tag("退订", "u4", at=f"{DAY} 09:00")
    shop.tag("新客", "u1", "u2", "u3", "u4", at=f"{DAY} 10:00")
    shop.run(f"{DAY} 10:00")
    shop.event("下单", "u1", "u2", at="2026-11-19 10:03")
    shop.tag("退订", "u2", at="2026-11-19 10:04")
    shop.run("2026-11-19 10:05")
    shop.tag("退订", "u3", at="2026-11-19 11:00")
    shop.run("2026-11-19 12:00")
    left = shop.rows("SELECT m.id, e.why, e.ended FROM enrolments e JOIN members m ON m.unit = e.unit ORDER BY m.id")
    assert left == [
        ("u1", "goal_reached", micros("2026-11-19 10:00")), ("u2", "goal_reached", micros("2026-11-19 10:00")),
        ("u3", "exited", micros("2026-11-19 12:00")),
    ]
    first = ['push "问候" 18 10:00']
    assert [decided(shop, member) for member in ("u1", "u2", "u3", "u4")] == [
        first, first, [*first, 'push "推荐" 19 10:00'], ['push "问候" exited 18 10:00'],
    ]


def test_54_what_a_run_brings_about_moves_others_in_the_same_run(open_shop: Open) -> None:
    shop = begun(open_shop, """
分群 "熟客"
  有标签 "已触达"
剧本 "甲"
  当 打上标签 "新客"
    等客户 有标签 "老客" 最长3天
    打标签 "已触达"
剧本 "乙"
  面向 有标签 "新客"
  每天 12:00
    打标签 "老客"
剧本 "丙"
  当 进入分群 "熟客"
    推送 企微 "问候"
""")
    shop.run(f"{DAY} 12:05")
    assert decided(shop) == ['tag "老客" 18 12:00', 'tag "已触达" 18 12:05', 'push "问候" 18 12:05']


def test_55_a_fact_starts_a_block_once(open_shop: Open) -> None:
    order = '剧本 "甲"\n  当 下单\n    打标签 "老客"\n'
    shop = open_shop(order)
    shop.event("下单", "u1", at=f"{DAY} 10:00", arrived=f"{DAY} 11:00")
    shop.event("下单", "u2", at=f"{DAY} 13:00", arrived=f"{DAY} 11:00")
    for clock in ("12:00", "12:30", "13:30", "14:00"):
        shop.run(f"{DAY} {clock}")
    assert [(r.member_id, f"{r.t:%H:%M}") for r in shop.log()] == [("u1", "11:00"), ("u2", "13:00")]
    shop.write(order + '剧本 "乙"\n  当 下单\n    打标签 "已触达"\n')
    shop.event("下单", "u3", at=f"{DAY} 14:05")
    shop.run(f"{DAY} 14:10")
    assert [r.member_id for r in shop.log(playbook="乙")] == ["u3"]


def test_56_marks_are_compared_between_two_looks(open_shop: Open) -> None:
    shop = open_shop('剧本 "甲"\n  当 积分 达到 100、200、300\n    打标签 "老客"\n')
    shop.members("u1", "u2", at=f"{DAY} 09:00", 积分=50)
    shop.run(f"{DAY} 10:00")
    shop.members("u2", at=f"{DAY} 11:00", 积分=500)
    shop.members("u1", at=f"{DAY} 11:30", 积分=250)
    shop.members("u2", at=f"{DAY} 11:30", 积分=60)
    shop.run(f"{DAY} 12:00")
    shop.members("u1", at=f"{DAY} 12:30", 积分=260)
    shop.run(f"{DAY} 13:00")
    assert [(r.member_id, r.occurrence.partition("#")[2]) for r in shop.log()] == [
        ("u1", "reach 100000000"), ("u1", "reach 200000000"),
    ]


def test_57_a_group_and_a_member_of_one_number_are_two_units(tmp_path: Path) -> None:
    text = """
剧本 "客户"
  面向 有标签 "VIP"
  每天 09:00
    打标签 "周边"
    等待 1天
剧本 "群"
  面向群 "*"
  每人仅一次
  每天 10:00
    推送 "早安"
    等待 1天
"""
    shop = Hall(tmp_path / "shop", text, '全局规则\n  时区 Asia/Shanghai\n  永不推送 有标签 "VIP"\n  每人每天最多1条\n')
    shop.members("u1")
    shop.group("g1", members=("u1",))
    shop.tag("VIP", "u1", at=f"{DAY} 08:00")
    shop.run(f"{DAY} 10:05")
    assert shop.rows("SELECT m.unit, g.unit FROM members m, groups g") == [(1, 1)]
    assert shop.rows("SELECT kind, unit FROM enrolments ORDER BY kind") == [(0, 1), (1, 1)]
    assert [(r.member_id, r.step, r.reason) for r in shop.log()] == [("u1", 'tag "周边"', None), ("g1", 'push "早安"', None)]
    assert len(set(shop.rows("SELECT key FROM dispatches"))) == 2


def test_58_whose_work_it_is_follows_and_that_it_is_done_is_a_fact(open_shop: Open) -> None:
    steps = """    派任务 "回访" 限1天内完成
    等客户 任务 "回访" 已完成 最长3天
    打标签 "老客"
"""
    shop = begun(open_shop, new_customers(steps))
    shop.members("u1", at=f"{DAY} 11:00", 跟进人="张三")
    shop.members("u1", at=f"{DAY} 13:00", 跟进人="李四")

    def charged(at: str) -> list[tuple[str | None, str]]:
        return [(work.staff, work.id) for work in shop.ws.staff.work(WorkFilter(), at=when(at))]

    ((first, task),) = charged(f"{DAY} 12:00")
    assert (first, charged(f"{DAY} 14:00")) == ("张三", [("李四", task)])
    shop.ws.staff.settle([task], done=True, at=when(f"{DAY} 15:00"))
    assert shop.rows("SELECT done, arrived FROM task_facts") == [(1, micros(f"{DAY} 15:00"))]
    assert decided(shop) == ['task "回访" 18 10:00']
    shop.run(f"{DAY} 16:00")
    assert decided(shop)[1:] == ['tag "老客" 18 16:00']


@pytest.mark.parametrize(("line", "reason"), [("补发 不补", "late "), ("补发 全补 3小时内", ""), ("优先级 50", "")])
def test_59_a_step_that_is_too_late_is_recorded_and_the_journey_goes_on(open_shop: Open, line: str, reason: str) -> None:
    shop = begun(open_shop, new_customers('    等待 1小时\n    推送 企微 "问候"\n    等待 2小时\n    打标签 "老客"\n', line))
    shop.run(f"{DAY} 13:05")
    assert decided(shop) == [f'push "问候" {reason}18 11:00', 'tag "老客" 18 13:00']


def test_59_schedules_and_facts_go_by_the_same_line(open_shop: Open) -> None:
    shop = open_shop("""
剧本 "甲"
  补发 不补
  每天 11:00
    打标签 "老客"
剧本 "乙"
  补发 不补
  当 下单
    打标签 "已触达"
""")
    shop.event("下单", "u1", at=f"{DAY} 11:00")
    shop.event("下单", "u2", at=f"{DAY} 11:10")
    shop.run(f"{DAY} 11:15")
    assert shop.decided() == [("u1", 'tag "已触达"', "late"), ("u2", 'tag "已触达"', "done")]


def test_60_a_migration_moves_all_or_none_and_repeats_nothing(open_shop: Open) -> None:
    first, second = '    推送 企微 "问候"\n', '    等待 1天\n    推送 企微 "推荐"\n'
    shop = begun(open_shop, new_customers(first + second), "u1", "u2")
    shop.write(new_customers(second + first + '    打标签 "老客"\n'))
    migrations = shop.ws.migrations
    old, new = migrations.versions("甲")
    planned = migrations.planned("甲", old.version)
    with run_lock(shop.path, "another"), pytest.raises(CannotRun):
        migrations.carried_out(planned, at=when(f"{DAY} 12:00"), wall=when(f"{DAY} 12:00"))
    assert migrations.versions("甲") == (old, new)
    before = shop.rows("SELECT count(*), (SELECT count(*) FROM outbox) FROM dispatches")
    migrations.carried_out(planned, at=when(f"{DAY} 12:00"), wall=when(f"{DAY} 12:00"))
    assert [(found.version, found.units) for found in migrations.versions("甲")] == [(new.version, 2)]
    assert shop.rows("SELECT count(*), (SELECT count(*) FROM outbox) FROM dispatches") == before
    shop.run("2026-11-19 10:00")
    assert decided(shop) == ['push "问候" 18 10:00', 'push "推荐" 19 10:00', 'tag "老客" 19 10:00']
