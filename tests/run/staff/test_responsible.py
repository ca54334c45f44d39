"""Whose work it is follows from who serves the member when somebody looks; scenarios 19 and 34."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qingting.engine.insight.work import StaffCount, Work, WorkFilter
from workspaces import SETTINGS, Shop, micros, when

Open = Callable[..., Shop]
WORK = """
剧本 "甲"
  面向 姓名 有值
  每人仅一次
  每天 20:00
    派任务 "回访" 限2小时内完成
    派任务 "寄样品" 限3小时内完成 交给 "小王"
    派任务 "审批" 限4小时内完成 交给 店长
"""
EVENING = "2026-11-18 21:00"


def staffed(open_shop: Open, text: str = WORK) -> Shop:
    """Members served by 张三 (by name), by 王五 who is no staff, and by nobody; 张三 and 李四 have managers."""
    shop = open_shop(text)
    shop.bring("staff", [
        {"id": "zs", "name": "张三", "manager": "boss"}, {"id": "ls", "name": "李四", "manager": "boss2"},
        {"id": "boss", "name": "店长甲"}, {"id": "boss2"}, {"id": "wx", "name": "小王"},
    ])
    shop.members("u1", 姓名="甲", 跟进人="张三")
    shop.members("u2", 姓名="乙", 跟进人="王五")
    shop.members("u3", 姓名="丙")
    return shop


def charged(shop: Shop, at: str, wanted: WorkFilter = WorkFilter()) -> list[tuple[str, str, str | None]]:
    """Member, title and id of the person responsible."""
    return [(w.recipient or "", w.title, w.staff) for w in work(shop, at, wanted)]


def work(shop: Shop, at: str, wanted: WorkFilter = WorkFilter()) -> tuple[Work, ...]:
    return shop.ws.staff.work(wanted, at=when(at))


def test_named_staff_the_manager_else_who_serves_the_member(open_shop: Open) -> None:
    shop = staffed(open_shop)
    shop.run("2026-11-18 20:05")
    assert charged(shop, EVENING) == [
        ("u1", "回访", "zs"), ("u2", "回访", "王五"), ("u3", "回访", None),
        ("u1", "寄样品", "wx"), ("u2", "寄样品", "wx"), ("u3", "寄样品", "wx"),
        ("u1", "审批", "boss"), ("u2", "审批", None), ("u3", "审批", None),
    ]
    names = {w.staff: w.staff_name for w in work(shop, EVENING)}
    assert names == {"zs": "张三", "王五": None, None: None, "wx": "小王", "boss": "店长甲"}


def test_people_are_asked_for_by_id_or_name(open_shop: Open) -> None:
    shop = staffed(open_shop)
    shop.run("2026-11-18 20:05")
    for name in ("zs", "张三"):
        assert charged(shop, EVENING, WorkFilter(staff=name)) == [("u1", "回访", "zs")]
    assert charged(shop, EVENING, WorkFilter(staff="张")) == []
    assert charged(shop, EVENING, WorkFilter(member="u3", staff="wx")) == [("u3", "寄样品", "wx")]


def test_a_name_that_two_people_have_names_neither(open_shop: Open) -> None:
    shop = staffed(open_shop)
    shop.bring("staff", [{"id": "zs2", "name": "张三"}])
    shop.run("2026-11-18 20:05")
    assert ("u1", "回访", "张三") in charged(shop, EVENING)


def test_19_a_change_of_staff_moves_what_is_open(open_shop: Open) -> None:
    shop = staffed(open_shop)
    shop.run("2026-11-18 20:05")
    before = shop.rows("SELECT count(*) FROM dispatches")
    shop.members("u1", at="2026-11-18 21:30", 跟进人="ls")
    assert ("u1", "回访", "zs") in charged(shop, "2026-11-18 21:29")
    moved = charged(shop, "2026-11-18 21:30")
    assert ("u1", "回访", "ls") in moved
    assert ("u1", "审批", "boss2") in moved
    assert ("u1", "寄样品", "wx") in moved
    assert ("u2", "回访", "王五") in moved
    shop.run("2026-11-18 22:00")
    assert shop.rows("SELECT count(*) FROM dispatches") == before


def test_19_a_change_of_staff_restarts_nothing(open_shop: Open) -> None:
    """A journey goes on where it stands, whoever serves its member, and nobody else's ends."""
    shop = staffed(open_shop, """
剧本 "甲"
  面向 姓名 有值
  每人仅一次
  每天 20:00
    派任务 "回访" 限2小时内完成
    等待 2天
    推送 企微 "问候"
    等待 2天
    推送 企微 "推荐"
""")
    shop.run("2026-11-18 20:05")
    standing = shop.rows("SELECT unit, position, due, entered FROM enrolments ORDER BY unit")
    shop.members("u1", at="2026-11-19 10:00", 跟进人="ls")
    shop.bring("friends", [
        {"member": "u1", "staff": "zs", "since": "2026-11-01T00:00+08:00", "until": "2026-11-19T10:00+08:00"},
        {"member": "u1", "staff": "ls", "since": "2026-11-19T10:00+08:00"},
    ], at="2026-11-19 10:00")
    shop.run("2026-11-19 20:05")
    assert shop.rows("SELECT unit, position, due, entered FROM enrolments ORDER BY unit") == standing
    shop.run("2026-11-20 20:05")
    shop.run("2026-11-22 20:05")
    steps = ['task "回访"', 'push "问候"', 'push "推荐"']
    for member in ("u1", "u2", "u3"):
        assert [record.step for record in shop.log(member=member)] == steps


def test_34_unfinished_work_stays_visible(open_shop: Open) -> None:
    shop = staffed(open_shop)
    shop.run("2026-11-18 20:05")
    for at in ("2026-11-19 00:00", "2026-11-25 00:00", "2027-11-25 00:00"):
        assert len(work(shop, at)) == 9
        assert {w.state for w in work(shop, at)} == {"overdue"}
    only = work(shop, "2026-11-18 22:00", WorkFilter(states=("overdue",)))
    assert [w.title for w in only] == ["回访"] * 3


def test_done_work_stays_with_who_did_it(open_shop: Open) -> None:
    shop = staffed(open_shop)
    shop.run("2026-11-18 20:05")
    first = next(w for w in work(shop, EVENING) if (w.recipient, w.title) == ("u1", "回访"))
    shop.ws.staff.settle([first.id], done=True, at=when("2026-11-18 23:00"))
    shop.members("u1", at="2026-11-19 09:00", 跟进人="ls")
    done = work(shop, "2026-11-20 00:00", WorkFilter(states=("done",)))
    assert [(w.title, w.staff, w.is_late) for w in done] == [("回访", "zs", True)]


def test_counts_for_each_person(open_shop: Open) -> None:
    shop = staffed(open_shop)
    shop.run("2026-11-18 20:05")
    by = {(w.recipient, w.title): w.id for w in work(shop, EVENING)}
    shop.ws.staff.settle([by["u1", "寄样品"], by["u2", "回访"]], done=True, at=when("2026-11-18 21:30"))
    shop.ws.staff.settle([by["u2", "寄样品"]], done=True, at=when("2026-11-18 23:30"))
    counts = shop.ws.staff.counts(at=when("2026-11-18 23:40"))
    assert counts == (
        StaffCount("boss", "店长甲", 1, 0, 0, 1, 0), StaffCount("wx", "小王", 3, 2, 1, 1, 1),
        StaffCount("zs", "张三", 1, 0, 0, 1, 1), StaffCount("王五", None, 1, 1, 0, 0, 0), StaffCount(None, None, 3, 0, 0, 3, 1),
    )
    assert all(count.given == count.done + count.open for count in counts)
    assert shop.ws.staff.counts(at=when("2026-11-18 23:40"), since=when("2026-11-18 20:01")) == ()
    assert shop.ws.staff.counts(at=when("2026-11-18 23:40"), until=when("2026-11-18 20:00")) == ()


def test_work_about_a_group_is_its_owners(tmp_path: Path) -> None:
    """And what may not be late, or has to be confirmed, is so for pushes to groups as well."""
    shop = Shop(tmp_path / "shop", """
剧本 "群"
  面向群 "福利群*"
  每天 20:00
    派任务 "发红包" 限2小时内完成
    提醒店长 "看一下群"
    推送 "问候" 限1小时内 限2小时内发出 逾期提醒
""", settings=SETTINGS + "  群: {type: file, path: groups.jsonl}\n")
    shop.bring("staff", [{"id": "zs", "name": "张三", "manager": "boss"}, {"id": "boss"}])
    shop.members("u1", 跟进人="李四")
    shop.bring("groups", [{"group": "g1", "name": "福利群1", "owner": "zs"}, {"group": "g1", "member": "u1"}])
    shop.run("2026-11-18 20:05")
    everything = WorkFilter(kinds=("task", "confirm", "alert"))
    assert charged(shop, EVENING, everything) == [("g1", "看一下群", "boss"), ("g1", "发红包", "zs"), ("g1", "问候", "zs")]
    assert shop.rows("SELECT latest FROM outbox") == [(micros("2026-11-18 21:00"),)]
    # Conditions ask of members, whose numbers are their own.
    assert shop.who('任务 "发红包" 未完成', EVENING) == ()
    shop.bring("groups", [{"group": "g1", "owner": "ls"}], at="2026-11-18 21:30")
    assert ("g1", "发红包", "ls") in charged(shop, "2026-11-18 21:30", everything)
