"""``confirmed within D else alert|skip``: staff say that a push was sent; scenario 35."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from qingting.engine.insight.work import Work, WorkFilter
from qingting.grammar.diagnostics import UsageError
from workspaces import Shop, micros, when

Open = Callable[..., Shop]
TEXT = """
剧本 "甲"
  面向 姓名 有值
  每天 20:00
    推送 企微 "问候" 限4小时内发出 逾期提醒
"""
SKIP = TEXT.replace("逾期提醒", "逾期作废")
EVERY = WorkFilter(states=("open", "overdue", "done"))


def decided(open_shop: Open, text: str = TEXT) -> Shop:
    """A push to one member, decided in time."""
    shop = open_shop(text)
    shop.members("u1", 姓名="甲", 跟进人="张三")
    shop.run("2026-11-18 20:05")
    return shop


def work(shop: Shop, at: str, wanted: WorkFilter = WorkFilter()) -> tuple[Work, ...]:
    return shop.ws.staff.work(wanted, at=when(at))


def test_what_staff_are_asked(open_shop: Open) -> None:
    shop = decided(open_shop)
    (asked,) = work(shop, "2026-11-18 20:10")
    assert (asked.what, asked.title, asked.staff, asked.state, asked.otherwise) == ("confirm", "问候", "张三", "open", "alert")
    assert asked.due == micros("2026-11-19 00:00")
    assert shop.log()[0].params == '{"confirmed":"4 hours","else":"alert"}'


def test_35_nobody_confirms_what_the_channel_has_not_sent(open_shop: Open) -> None:
    shop = decided(open_shop)
    (asked,) = work(shop, "2026-11-18 20:10")
    with pytest.raises(UsageError) as caught:
        shop.ws.staff.settle([asked.id], done=True, at=when("2026-11-18 20:10"))
    assert caught.value.code == "D305"
    assert work(shop, "2026-11-18 20:11") == (asked,)
    shop.deliver("2026-11-18 20:20")
    assert shop.ws.staff.settle([asked.id], done=True, at=when("2026-11-18 20:30")).changed == (asked.id,)
    assert work(shop, "2026-11-18 20:30") == ()
    assert [w.state for w in work(shop, "2026-11-18 20:29", EVERY)] == ["open"]


def test_overdue_it_stays_and_can_be_confirmed_late(open_shop: Open) -> None:
    shop = decided(open_shop)
    shop.deliver("2026-11-19 00:01")
    (asked,) = work(shop, "2026-11-21 00:00", WorkFilter(states=("overdue",)))
    shop.ws.staff.settle([asked.id], done=True, at=when("2026-11-21 09:00"))
    (done,) = work(shop, "2026-11-21 09:00", EVERY)
    assert (done.state, done.is_late) == ("done", True)


@pytest.mark.parametrize(("text", "sent"), [(TEXT, 1), (SKIP, 0)])
def test_skip_voids_what_was_not_handed_over_by_then(open_shop: Open, text: str, sent: int) -> None:
    shop = decided(open_shop, text)
    report = shop.deliver("2026-11-19 00:01")
    assert (report.sent, report.withdrawn) == (sent, 1 - sent)
    # There is nothing to confirm of what was never sent.
    assert len(work(shop, "2026-11-19 00:02")) == sent


def test_skip_decides_nothing_that_would_be_void(open_shop: Open) -> None:
    shop = open_shop(SKIP.replace("  每天", "  补发 全补\n  每天"))
    shop.members("u1", 姓名="甲")
    shop.run("2026-11-19 00:01")
    assert shop.decided() == [("u1", 'push "问候"', "late")]
    assert shop.rows("SELECT * FROM tasks") == []


def test_a_channel_that_confirms_settles_it(open_shop: Open) -> None:
    shop = decided(open_shop)
    shop.deliver("2026-11-18 20:20")
    shop.change("""
      INSERT INTO deliveries
      SELECT 99, dispatch, ?, 1, 'confirmed', NULL, 2, NULL, arrived_seq, leaf FROM deliveries
    """, micros("2026-11-18 20:40"))
    assert [w.state for w in work(shop, "2026-11-18 20:30", EVERY)] == ["open"]
    (done,) = work(shop, "2026-11-18 20:40", EVERY)
    assert (done.state, done.done, done.is_late) == ("done", micros("2026-11-18 20:40"), False)


def test_beside_a_coupon(open_shop: Open) -> None:
    shop = decided(open_shop, '券 "立减5" 减¥5\n' + TEXT.replace("限4小时内发出", '附券 "立减5" 限4小时内发出'))
    assert len(work(shop, "2026-11-18 20:10")) == len(shop.rows("SELECT * FROM coupons")) == 1


def test_conditions_about_tasks_do_not_see_it(open_shop: Open) -> None:
    shop = decided(open_shop, TEXT + """
    派任务 "问候" 限1小时内完成
""")
    assert len(work(shop, "2026-11-18 20:10")) == 2
    (task,) = (w for w in work(shop, "2026-11-18 20:10") if w.what == "task")
    shop.ws.staff.settle([task.id], done=True, at=when("2026-11-18 20:10"))
    assert shop.who('任务 "问候" 已完成', "2026-11-18 20:10") == ("u1",)
