"""Tasks: what a step leaves, how conditions see them, and that nothing personal is written down."""

from __future__ import annotations

from collections.abc import Callable

from qingting.engine.insight.work import WorkFilter
from workspaces import Shop, micros, when

Open = Callable[..., Shop]
CALL = """
剧本 "甲"
  面向 姓名 有值
  每天 20:00
    派任务 "电话回访 {{ 姓名 }}" 限1天内完成
"""
TITLE = "电话回访 {{ 姓名 }}"


def asked(shop: Shop, state: str, at: str, window: str = "") -> tuple[str, ...]:
    """Whose newest task stands so."""
    return shop.who(f'{window} 任务 "{TITLE}" {state}', at)


def ids(shop: Shop, at: str, wanted: WorkFilter = WorkFilter()) -> dict[str, str]:
    """The ids of work by the member."""
    return {work.recipient or "": work.id for work in shop.ws.staff.work(wanted, at=when(at))}


def named(open_shop: Open, text: str = CALL) -> Shop:
    """Two members with names, one of whom is served by nobody."""
    shop = open_shop(text)
    shop.members("u1", 姓名="王芳", 跟进人="张三")
    shop.members("u2", 姓名="李强")
    return shop


def test_the_record_holds_the_text_as_written(open_shop: Open) -> None:
    shop = named(open_shop)
    shop.run("2026-11-18 20:05")
    first, second = shop.log()
    assert (first.action, first.status, first.content, first.params) == (
        "task", "done", TITLE, '{"due":"1 day","for":"staff"}',
    )
    assert (first.step, first.member_id, second.member_id) == (f'task "{TITLE}"', "u1", "u2")
    assert shop.rows("SELECT kind, title, at, due, arrived FROM tasks ORDER BY seq")[0] == (
        "task", TITLE, micros("2026-11-18 20:00"), micros("2026-11-19 20:00"), micros("2026-11-18 20:05"),
    )
    assert not any("王芳".encode() in body for (body,) in shop.rows("SELECT body FROM headers"))
    assert shop.rows("SELECT count(*) FROM tasks WHERE title LIKE '%王芳%'") == [(0,)]


def test_texts_are_filled_with_what_was_known_at_the_decision(open_shop: Open) -> None:
    shop = named(open_shop)
    shop.run("2026-11-18 20:05")
    shop.members("u1", at="2026-11-18 21:00", 姓名="王小芳")
    titles = [work.title for work in shop.ws.staff.work(WorkFilter(), at=when("2026-11-18 22:00"))]
    assert titles == ["电话回访 王芳", "电话回访 李强"]


def test_a_text_that_cannot_be_filled_stays_as_written(open_shop: Open) -> None:
    shop = named(open_shop, CALL.replace("{{ 姓名 }}", "{{ 城市 }}{{ 跟进人.姓名 }}"))
    shop.run("2026-11-18 20:05")
    titles = [work.title for work in shop.ws.staff.work(WorkFilter(), at=when("2026-11-18 22:00"))]
    assert titles == ["电话回访 上海张三", "电话回访 {{ 城市 }}{{ 跟进人.姓名 }}"]


def test_open_overdue_and_done(open_shop: Open) -> None:
    shop = named(open_shop)
    shop.run("2026-11-18 20:05")
    everybody = ("u1", "u2")
    assert asked(shop, "未完成", "2026-11-18 20:04") == ()
    assert asked(shop, "未完成", "2026-11-18 20:05") == everybody
    assert asked(shop, "已逾期", "2026-11-19 19:59") == ()
    # Due at this very instant: who waits as long as staff have finds it overdue.
    assert asked(shop, "已逾期", "2026-11-19 20:00") == everybody
    shop.ws.staff.settle([ids(shop, "2026-11-18 21:00")["u1"]], done=True, at=when("2026-11-19 09:00"))
    assert asked(shop, "已完成", "2026-11-19 08:59") == ()
    assert asked(shop, "已完成", "2026-11-19 09:00") == ("u1",)
    assert asked(shop, "未完成", "2026-11-21 09:00") == ("u2",)
    assert asked(shop, "已逾期", "2026-11-21 09:00") == ("u2",)


def test_reopened_is_open_again(open_shop: Open) -> None:
    shop = named(open_shop)
    shop.run("2026-11-18 20:05")
    one = ids(shop, "2026-11-18 21:00")["u1"]
    for done, at in ((True, "2026-11-18 21:00"), (False, "2026-11-18 22:00")):
        assert shop.ws.staff.settle([one], done=done, at=when(at)).changed == (one,)
        assert shop.ws.staff.settle([one], done=done, at=when(at)).unchanged == (one,)
    assert asked(shop, "已完成", "2026-11-18 21:30") == ("u1",)
    assert asked(shop, "未完成", "2026-11-18 22:00") == ("u1", "u2")
    assert len(shop.rows("SELECT * FROM task_facts")) == 2


def test_windows_speak_of_when_it_came_to_stand_so(open_shop: Open) -> None:
    shop = named(open_shop)
    shop.run("2026-11-18 20:05")
    shop.ws.staff.settle([ids(shop, "2026-11-18 21:00")["u1"]], done=True, at=when("2026-11-19 09:00"))
    assert asked(shop, "已完成", "2026-11-19 11:00", "3小时内") == ("u1",)
    assert asked(shop, "已完成", "2026-11-19 12:00", "3小时内") == ()
    assert asked(shop, "未完成", "2026-11-18 22:00", "3小时内") == ("u1", "u2")
    assert asked(shop, "未完成", "2026-11-18 23:00", "3小时内") == ()
    assert asked(shop, "已逾期", "2026-11-19 22:00", "3小时内") == ("u2",)
    assert asked(shop, "已逾期", "2026-11-19 23:00", "3小时内") == ()


def test_of_several_tasks_of_one_title_the_newest_counts(open_shop: Open) -> None:
    shop = named(open_shop)
    shop.run("2026-11-18 20:05")
    first = ids(shop, "2026-11-18 21:00")["u1"]
    shop.run("2026-11-19 20:05")
    shop.ws.staff.settle([first], done=True, at=when("2026-11-19 21:00"))
    assert asked(shop, "已完成", "2026-11-19 21:00") == ()
    assert asked(shop, "未完成", "2026-11-19 21:00") == ("u1", "u2")
    open_now = shop.ws.staff.work(WorkFilter(), at=when("2026-11-19 21:00"))
    assert sorted(work.recipient or "" for work in open_now) == ["u1", "u2", "u2"]


def test_a_step_sees_the_task_of_the_step_before(open_shop: Open) -> None:
    shop = named(open_shop, """
剧本 "甲"
  面向 姓名 是 "王芳"
  每天 20:00
    如果 任务 "寄样品" 未完成
      打标签 "老客"
    派任务 "寄样品" 限2小时内完成
    如果 任务 "寄样品" 未完成
      打标签 "新客"
    如果 任务 "寄样品" 已逾期
      打标签 "退订"
""")
    shop.run("2026-11-18 20:05")
    assert shop.decided() == [("u1", 'task "寄样品"', "done"), ("u1", 'tag "新客"', "done")]


def test_a_journey_goes_by_whether_the_work_was_done(open_shop: Open) -> None:
    shop = named(open_shop, """
剧本 "甲"
  面向 姓名 有值
  每人仅一次
  每天 20:00
    派任务 "寄样品" 限2小时内完成
    等待 2小时
    如果 任务 "寄样品" 已逾期
      提醒店长 "还没寄"
    否则
      推送 企微 "问候"
""")
    shop.run("2026-11-18 20:05")
    shop.ws.staff.settle([ids(shop, "2026-11-18 21:00")["u1"]], done=True, at=when("2026-11-18 21:30"))
    shop.run("2026-11-18 22:05")
    assert shop.decided()[2:] == [("u2", "alert manager", "done"), ("u1", 'push "问候"', "queued")]


def test_each_occurrence_sees_work_as_it_stood_then(open_shop: Open) -> None:
    """What was done at 22:00 was open at 21:00, whenever that is decided or explained."""
    shop = named(open_shop, CALL + f"""
剧本 "乙"
  面向 任务 "{TITLE}" 未完成
  每天 21:00
    推送 企微 "问候"
""")
    shop.run("2026-11-18 20:05")
    shop.ws.staff.settle([ids(shop, "2026-11-18 21:00")["u1"]], done=True, at=when("2026-11-18 22:00"))
    shop.run("2026-11-18 22:05")
    pushes = shop.log(playbook="乙")
    assert [record.member_id for record in pushes] == ["u1", "u2"]
    told = shop.ws.explain("u1", at=when("2026-11-30 00:00"), dispatch=pushes[0].id)
    assert told.record is not None
    assert told.record.agrees
    assert told.playbooks[0].blocks[0].tree.true
    assert asked(shop, "未完成", "2026-11-18 22:05") == ("u2",)


def test_a_plan_and_a_repeated_run_give_nothing(open_shop: Open) -> None:
    shop = named(open_shop)
    before = shop.dump()
    assert shop.plan("2026-11-18 20:05").report.records == 2
    assert shop.dump() == before
    for at in ("2026-11-18 20:05", "2026-11-18 20:05", "2026-11-18 20:06"):
        shop.run(at)
    assert len(shop.rows("SELECT * FROM tasks")) == 2


def test_explaining_shows_how_the_task_stands(open_shop: Open) -> None:
    shop = named(open_shop, CALL + f"""
剧本 "乙"
  面向 任务 "{TITLE}" 未完成
  每天 21:00
    推送 企微 "问候"
""")
    shop.run("2026-11-18 20:05")
    told = shop.ws.explain("u1", at=when("2026-11-18 21:00"), playbook="乙").playbooks[0].blocks[0].tree
    assert (told.true, told.value) == (True, "期限 2026-11-19T20:00:00+08:00")
    shop.ws.staff.settle([ids(shop, "2026-11-18 21:00")["u1"]], done=True, at=when("2026-11-18 20:30"))
    told = shop.ws.explain("u1", at=when("2026-11-18 21:00"), playbook="乙").playbooks[0].blocks[0].tree
    assert (told.true, told.value) == (False, "2026-11-18T20:30:00+08:00 完成")


def test_waits_and_exits_see_work_done(open_shop: Open) -> None:
    shop = named(open_shop, """
剧本 "甲"
  面向 姓名 有值
  每人仅一次
  每天 20:00
    派任务 "寄样品" 限2小时内完成
    等客户 任务 "寄样品" 已完成 最长1天
      满足时
        推送 企微 "问候"
      超时
        提醒店长 "还没寄"
剧本 "乙"
  面向 姓名 有值
  每人仅一次
  退出条件 任务 "寄样品" 已完成
  每天 20:00
    打标签 "新客"
    等待 2小时
    推送 企微 "推荐"
""")
    shop.run("2026-11-18 20:05")
    shop.ws.staff.settle([ids(shop, "2026-11-18 21:00")["u1"]], done=True, at=when("2026-11-18 21:30"))
    shop.run("2026-11-18 22:05")
    shop.run("2026-11-19 20:05")
    assert [(r.playbook, r.step) for r in shop.log(member="u1")] == [
        ("乙", 'tag "新客"'), ("甲", 'task "寄样品"'), ("甲", 'push "问候"'),
    ]
    assert [(r.playbook, r.step) for r in shop.log(member="u2")][2:] == [
        ("乙", 'push "推荐"'), ("甲", "alert manager"),
    ]
