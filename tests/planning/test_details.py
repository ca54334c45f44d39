"""What a plan tells besides its numbers: volumes by channel, hour and staff, samples, and who had a step today already."""

from __future__ import annotations

from typing import Any

from planning.evening import EVENING, PUSH, TAG, TEXT, Open
from qingting.engine.run.foreseen import Details
from workspaces import Shop, report_of

TWO = TEXT + """
剧本 "短信"
  面向 有标签 "新客"
  每天 19:30
    推送 短信 "推荐"
    派任务 "回访" 限1天内完成
    派任务 "复查" 交给 店长 限1天内完成
"""


def planned(shop: Shop, at: str = EVENING, **options: Any) -> dict[str, Any]:
    """A plan as JSON; nothing of the store may change."""
    before = shop.dump()
    answer = shop.plan(at, **options)
    assert shop.dump() == before
    return answer.report.to_json()


def details(shop: Shop, at: str = EVENING, **options: Any) -> Details:
    """The details of a plan."""
    found = shop.plan(at, **options).report.details
    assert found is not None
    return found


def test_volumes_by_channel_and_hour(open_shop: Open) -> None:
    shop = open_shop(TWO)
    shop.tag("新客", "u1", "u2")
    body = planned(shop)
    assert body["volumes"]["channels"] == [{"channel": "sms", "pushes": 2}, {"channel": "wecom", "pushes": 4}]
    assert body["volumes"]["hours"] == [
        {"hour": "2026-11-20T19:00:00+08:00", "channel": "sms", "pushes": 2},
        {"hour": "2026-11-20T20:00:00+08:00", "channel": "wecom", "pushes": 4},
    ]
    own = {one["playbook"]: one["hours"] for one in body["volumes"]["playbooks"]}
    assert own == {"短信": body["volumes"]["hours"][:1], "晚安": body["volumes"]["hours"][1:]}


def test_a_spread_push_counts_in_the_hours_at_which_it_may_go_out(open_shop: Open) -> None:
    shop = open_shop(TEXT.replace("每天 20:00", "每天 19:30 分批1小时"))
    shop.members(*(f"v{n}" for n in range(60)))
    shop.tag("好友", *(f"v{n}" for n in range(60)))
    hours = planned(shop)["volumes"]["hours"]
    assert [hour["hour"][11:13] for hour in hours] == ["19", "20"]
    assert sum(hour["pushes"] for hour in hours) == 64


def test_a_clock_of_half_hours(open_shop: Open) -> None:
    shop = open_shop(TEXT.replace("  面向", "  时区 Asia/Kolkata\n  面向", 1))
    assert [hour["hour"] for hour in planned(shop, "2026-11-20 23:00")["volumes"]["hours"]] == ["2026-11-20T22:00:00+08:00"]


def test_what_comes_upon_whom(open_shop: Open) -> None:
    shop = open_shop(TWO)
    shop.bring("staff", [{"id": "s1", "name": "王芳", "manager": "s2"}, {"id": "s2", "name": "李雷"}])
    shop.members("u1", staff="s1", at="2026-11-18 00:01")
    shop.members("u2", "u3", staff="王芳", at="2026-11-18 00:01")
    shop.tag("新客", "u1", "u2")
    body = planned(shop)
    assert body["volumes"]["staff"] == [
        {"staff": "s1", "name": "王**", "pushes": 5, "tasks": 2},
        {"staff": "s2", "name": "李**", "pushes": 0, "tasks": 2},
        {"staff": None, "name": "**", "pushes": 1, "tasks": 0},
    ]


def test_without_staff_there_is_nothing_to_tell(open_shop: Open) -> None:
    assert planned(open_shop(TEXT))["volumes"]["staff"] == []


def test_volumes_of_one_playbook(open_shop: Open) -> None:
    shop = open_shop(TWO)
    shop.tag("新客", "u1", "u2")
    assert planned(shop, playbook="短信")["volumes"]["channels"] == [{"channel": "sms", "pushes": 2}]


def test_a_sample_with_masked_names(open_shop: Open) -> None:
    shop = open_shop(TEXT)
    shop.members("u1", name="欧阳娜娜", at="2026-11-18 00:01")
    shop.members(*(f"v{n}" for n in range(40)), name="Ann")
    shop.tag("好友", *(f"v{n}" for n in range(40)))
    sample = details(shop).samples["晚安", PUSH]
    assert len(sample) == 5
    assert {one.name for one in sample} <= {"欧**", "A**", "**"}
    assert {one.member for one in sample} == {None}
    named = details(shop, members=True).samples["晚安", PUSH]
    shop.run(EVENING)
    assert {one.member for one in named} <= {record.member_id for record in shop.log()}


def test_few_are_all_in_the_sample(open_shop: Open) -> None:
    sample = details(open_shop(TEXT), members=True).samples["晚安", TAG]
    assert sorted(str(one.member) for one in sample) == ["u1", "u2", "u3", "u4"]


def test_who_got_it_today_before_the_clock_was_moved(open_shop: Open) -> None:
    shop = open_shop(TEXT)
    shop.run(EVENING)
    shop.write(TEXT.replace("20:00", "21:00"))
    shop.members("u5", at="2026-11-20 20:30")
    shop.tag("好友", "u5", at="2026-11-20 20:30")
    body = planned(shop, "2026-11-20 21:01")
    assert body["playbooks"][0]["steps"][0]["dispatched"] == 5
    assert body["already_today"][0] == {
        "playbook": "晚安", "step": PUSH, "count": 4,
        "members": [{"name": "**", "at": "2026-11-20T20:00:00+08:00"}] * 4,
    }
    again = details(shop, "2026-11-20 21:01", members=True).again["晚安", PUSH]
    assert [one.member for one in again.members] == ["u1", "u2", "u3", "u4"]


def test_yesterday_is_another_day(open_shop: Open) -> None:
    shop = open_shop(TEXT)
    shop.run("2026-11-19 20:05")
    assert details(shop).again == {}


def test_today_is_the_members_own_day(open_shop: Open) -> None:
    text = TEXT.replace("  面向", "  时区 按客户 缺省 Asia/Shanghai\n  面向", 1)
    shop = open_shop(text)
    shop.members("u1", timezone="America/New_York", at="2026-11-18 00:01")
    shop.run("2026-11-21 09:05")
    # 20:00 in New York is 9:00 in Shanghai on the next day.
    assert ("u1", PUSH, "queued") in shop.decided()
    shop.write(text.replace("20:00", "21:00"))
    found = details(shop, "2026-11-21 10:05", members=True).again
    again = {one.member for step in found.values() for one in step.members}
    assert again == {"u1"}


def test_a_run_tells_no_details(open_shop: Open) -> None:
    body = open_shop(TEXT).run(EVENING).report.to_json()
    assert not {"volumes", "samples", "already_today"} & body.keys()


def test_what_is_coming_behind_the_plan(open_shop: Open) -> None:
    coming = open_shop(TWO).plan(EVENING).coming
    assert [(one.playbook, one.step) for one in coming[:2]] == [("短信", 'push "推荐"'), ("晚安", PUSH)]


def test_without_the_funnel(open_shop: Open) -> None:
    report = report_of(open_shop(TEXT).plan(EVENING, funnel=False), "晚安")
    assert report.funnel == ()
    assert report.steps[0].audience == 4
