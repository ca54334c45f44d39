"""Goals and exits: who leaves when, and what is noted for the lift."""

from __future__ import annotations

from collections.abc import Callable

from workspaces import Shop, micros, report_of

Open = Callable[..., Shop]
START = "2026-11-18 10:00"
TEXT = """
剧本 "甲"
  {header}
  当 打上标签 "新客"
    推送 企微 "问候"
    等待 1天
    推送 企微 "推荐"
    等待 1天
    打标签 "老客"
"""


def begin(open_shop: Open, header: str, *ids: str) -> Shop:
    shop = open_shop(TEXT.format(header=header))
    shop.tag("新客", *(ids or ("u1", "u2")), at=START)
    shop.run(START)
    return shop


def left(shop: Shop) -> list[tuple[str, str | None, int | None]]:
    return shop.rows("SELECT m.id, e.why, e.goal FROM enrolments e JOIN members m ON m.unit = e.unit ORDER BY m.id, e.entered")


def steps(shop: Shop, member: str) -> list[str]:
    return [r.step + (f" {r.reason}" if r.reason else "") for r in shop.log() if r.member_id == member]


def test_who_reaches_the_goal_leaves(open_shop: Open) -> None:
    shop = begin(open_shop, "转化目标 做过 下单 最长7天")
    shop.event("下单", "u1", at="2026-11-18 12:00")
    shop.run("2026-11-18 13:00")
    assert left(shop) == [("u1", "goal_reached", micros("2026-11-18 13:00")), ("u2", None, None)]
    shop.run("2026-11-19 10:00")
    assert steps(shop, "u1") == ['push "问候"']
    assert steps(shop, "u2") == ['push "问候"', 'push "推荐"']


def test_the_goal_is_asked_before_a_step_with_what_is_known_by_then(open_shop: Open) -> None:
    """What was ordered after the step fell due, but before it is carried out, counts."""
    shop = begin(open_shop, "转化目标 做过 下单 最长7天")
    shop.event("下单", "u1", at="2026-11-19 10:03")
    shop.run("2026-11-19 10:07")
    assert steps(shop, "u1") == ['push "问候"']
    assert left(shop)[0] == ("u1", "goal_reached", micros("2026-11-19 10:07"))


def test_what_was_done_before_entry_is_not_the_goal(open_shop: Open) -> None:
    shop = open_shop(TEXT.format(header="转化目标 做过 下单 最长7天"))
    shop.event("下单", "u1", at="2026-11-18 09:00")
    shop.tag("新客", "u1", at=START)
    shop.run(START)
    assert steps(shop, "u1") == ['push "问候"']


def test_who_has_reached_the_goal_already_does_not_enter(open_shop: Open) -> None:
    shop = open_shop(TEXT.format(header='转化目标 30天内 做过 下单 最长7天'))
    shop.event("下单", "u1", at="2026-11-18 09:00")
    shop.tag("新客", "u1", "u2", at=START)
    shop.run(START)
    assert steps(shop, "u1") == ['push "问候" goal_reached']
    assert [member for member, *_ in left(shop)] == ["u2"]


def test_a_goal_reached_after_its_time_is_none(open_shop: Open) -> None:
    shop = begin(open_shop, "转化目标 做过 下单 最长1天")
    shop.event("下单", "u1", at="2026-11-19 10:01")
    shop.run("2026-11-19 12:00")
    assert left(shop)[0] == ("u1", None, None)


def test_a_run_that_comes_after_the_goals_time_still_counts_what_was_inside(open_shop: Open) -> None:
    shop = begin(open_shop, "转化目标 做过 下单 最长1天")
    shop.event("下单", "u1", at="2026-11-19 09:59")
    shop.run("2026-11-20 12:00")
    assert left(shop)[0] == ("u1", "goal_reached", micros("2026-11-19 10:00"))


def test_the_goal_is_noted_for_those_who_came_to_the_end_and_for_the_holdout(open_shop: Open) -> None:
    shop = open_shop("""
剧本 "甲"
  对照组 50%
  转化目标 做过 下单 最长7天
  定时 2026-11-18 10:00
    推送 企微 "问候"
""")
    shop.members(*(f"m{n}" for n in range(20)))
    shop.run(START)
    arms = dict(shop.rows("SELECT m.id, coalesce(e.arm, '') FROM enrolments e JOIN members m ON m.unit = e.unit"))
    assert set(arms.values()) == {"", "holdout"}
    shop.event("下单", *arms, at="2026-11-20 09:00")
    shop.run("2026-11-20 10:00")
    found = shop.rows("SELECT m.id, e.goal FROM enrolments e JOIN members m ON m.unit = e.unit")
    assert dict(found) == dict.fromkeys(arms, micros("2026-11-20 10:00"))
    assert shop.rows("SELECT DISTINCT why FROM enrolments ORDER BY why") == [("finished",), ("holdout",)]


def test_who_fulfils_the_exit_leaves_before_the_next_step(open_shop: Open) -> None:
    shop = begin(open_shop, '退出条件 有标签 "退订"')
    shop.tag("退订", "u1", at="2026-11-19 10:03")
    shop.run("2026-11-19 10:07")
    assert steps(shop, "u1") == ['push "问候"']
    assert left(shop) == [("u1", "exited", None), ("u2", None, None)]


def test_who_fulfils_the_exit_leaves_though_nothing_is_due(open_shop: Open) -> None:
    shop = begin(open_shop, '退出条件 有标签 "退订"')
    shop.tag("退订", "u1", at="2026-11-18 12:00")
    shop.run("2026-11-18 13:00")
    assert left(shop)[0] == ("u1", "exited", None)


def test_who_fulfils_the_exit_already_does_not_enter(open_shop: Open) -> None:
    shop = open_shop(TEXT.format(header='退出条件 有标签 "退订"'))
    shop.tag("退订", "u1", at=START)
    shop.tag("新客", "u1", at=START)
    shop.run(START)
    assert steps(shop, "u1") == ['push "问候" exited']
    assert left(shop) == []


def test_a_step_of_the_journey_may_fulfil_its_own_exit(open_shop: Open) -> None:
    shop = open_shop("""
剧本 "甲"
  退出条件 有标签 "老客"
  当 打上标签 "新客"
    打标签 "老客"
    推送 企微 "推荐"
""")
    shop.tag("新客", "u1", at=START)
    shop.run(START)
    assert steps(shop, "u1") == ['tag "老客"']


def test_unsubscribing_stops_the_pushes_and_not_the_journey(open_shop: Open) -> None:
    shop = open_shop('全局规则\n  时区 Asia/Shanghai\n  永不推送 有标签 "退订"\n' + TEXT.format(header="优先级 50"))
    shop.tag("新客", "u1", at=START)
    shop.run(START)
    shop.tag("退订", "u1", at="2026-11-18 12:00")
    shop.run("2026-11-20 10:00")
    assert steps(shop, "u1") == ['push "问候"', 'push "推荐" never_push', 'tag "老客"']


def test_the_goal_counts_before_the_exit(open_shop: Open) -> None:
    shop = begin(open_shop, '转化目标 做过 下单 最长7天\n  退出条件 有标签 "退订"')
    shop.tag("退订", "u1", at="2026-11-18 12:00")
    shop.event("下单", "u1", at="2026-11-18 12:00")
    shop.run("2026-11-18 13:00")
    assert left(shop)[0][1] == "goal_reached"


def test_the_report_says_why_people_left(open_shop: Open) -> None:
    shop = begin(open_shop, '转化目标 做过 下单 最长7天\n  退出条件 有标签 "退订"', "u1", "u2", "u3")
    shop.tag("退订", "u1", at="2026-11-18 12:00")
    shop.event("下单", "u2", at="2026-11-18 12:00")
    assert report_of(shop.run("2026-11-18 13:00"), "甲").left == {"exited": 1, "goal_reached": 1}
    assert report_of(shop.run("2026-11-20 10:00"), "甲").left == {"finished": 1}
    assert report_of(shop.run("2026-11-20 10:05"), "甲").left == {}


def test_the_goal_is_noted_for_those_of_an_older_version_nobody_is_inside_of(open_shop: Open) -> None:
    text = '剧本 "甲"\n  对照组 50%\n  转化目标 做过 下单 最长{days}天\n  定时 2026-11-18 10:00\n    推送 企微 "{template}"\n'
    shop = open_shop(text.format(days=7, template="问候"))
    members = [f"m{n}" for n in range(8)]
    shop.members(*members)
    shop.run(START)
    shop.write(text.format(days=3, template="推荐"))
    shop.run("2026-11-19 10:00")
    shop.event("下单", *members, at="2026-11-22 09:00")
    shop.run("2026-11-22 10:00")
    shop.run("2026-11-26 10:00")
    found = shop.rows("SELECT m.id, e.goal FROM enrolments e JOIN members m USING (unit) WHERE m.id LIKE 'm%' ORDER BY m.id")
    assert found == [(member, micros("2026-11-22 10:00")) for member in members]


def test_the_goal_of_who_came_to_the_end_counts_after_an_edit_too(open_shop: Open) -> None:
    text = '剧本 "甲"\n  转化目标 做过 下单 最长7天\n  当 打上标签 "新客"\n    推送 企微 "{}"\n'
    shop = open_shop(text.format("问候"))
    shop.tag("新客", "u1", at=START)
    shop.run(START)
    shop.write(text.format("推荐"))
    shop.run("2026-11-18 11:00")
    shop.event("下单", "u1", at="2026-11-18 12:00")
    shop.run("2026-11-18 13:00")
    assert left(shop) == [("u1", "finished", micros("2026-11-18 13:00"))]


def test_the_time_of_a_goal_is_over_when_a_run_has_looked_at_its_end(open_shop: Open) -> None:
    """What is told later about the time before counts only where no run has looked since."""
    for last_look, noted in (("2026-11-18 11:59", "2026-11-18 12:00"), ("2026-11-18 12:00", None)):
        shop = begin(open_shop, "转化目标 做过 下单 最长2小时", "u1")
        shop.run(last_look)
        shop.event("下单", "u1", at="2026-11-18 11:30", arrived="2026-11-18 12:05")
        shop.run("2026-11-18 12:10")
        assert left(shop)[0][2] == (micros(noted) if noted else None)


def test_a_goal_that_is_settled_stops_no_step(open_shop: Open) -> None:
    """Else those who are reached would be measured for longer than those who are held out."""
    shop = begin(open_shop, "转化目标 做过 下单 最长2小时", "u1")
    shop.run("2026-11-18 13:00")
    shop.event("下单", "u1", at="2026-11-18 11:30", arrived="2026-11-18 14:00")
    shop.run("2026-11-19 10:05")
    assert steps(shop, "u1") == ['push "问候"', 'push "推荐"']
    assert left(shop) == [("u1", None, None)]
