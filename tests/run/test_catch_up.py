"""What was missed while nothing ran: which occurrences are made up for, which are skipped, and what the report tells of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from qingting.engine.program.ir import DAY, HOUR, MINUTE, CatchUp, Duration
from qingting.engine.run.lateness import PUNCTUAL, taking, window_of
from qingting.engine.run.report import PlaybookReport, Timeliness
from sampling import sampled
from workspaces import Shop, report_of

Open = Callable[..., Shop]
HOURLY = """
剧本 "甲"
  {line}
  每隔1小时
    打标签 "已触达"
"""
DAILY = """
剧本 "甲"
  {line}
  每天 10:00
    推送 企微 "问候"
"""


def outage(shop: Shop, last: str, at: str) -> tuple[list[str], PlaybookReport]:
    """What is decided at ``at`` by day and clock of t after nothing ran since ``last``, and the report."""
    shop.run(last)
    answer = shop.run(at)
    return sorted({f"{r.t:%d %H:%M}" for r in shop.log(run=answer.report.run)}), report_of(answer, "甲")


@pytest.mark.parametrize(
    ("line", "minutes", "hours", "days"),
    sampled(5, [
        ("", ["18 11:00"], ["18 15:00"], ["21 11:00"]),
        ("补发 只补最近", ["18 11:00"], ["18 15:00"], ["21 11:00"]),
        ("补发 只补最近 20分钟内", ["18 11:00"], [], []),
        ("补发 不补", [], [], []),
        ("补发 全补 3小时内", ["18 11:00"], ["18 13:00", "18 14:00", "18 15:00"], ["21 09:00", "21 10:00", "21 11:00"]),
    ]),
)
def test_outages_of_minutes_hours_and_days(
    open_shop: Open, line: str, minutes: list[str], hours: list[str], days: list[str]
) -> None:
    shop = open_shop(HOURLY.format(line=line))
    found = [outage(shop.copy(shop.root.parent / f"until{at[8:13]}"), "2026-11-18 10:50", at)[0]
             for at in ("2026-11-18 11:15", "2026-11-18 15:25", "2026-11-21 11:30")]
    assert [one == expected for one, expected in zip(found, (minutes, hours, days), strict=True)] == [True] * 3, found


def test_all_without_a_window_makes_up_for_every_one(open_shop: Open) -> None:
    decided, report = outage(open_shop(DAILY.format(line="补发 全补")), "2026-11-18 09:00", "2026-11-25 10:05")
    assert decided == [f"{day} 10:00" for day in range(18, 26)]
    assert (report.schedules, report.missed) == (Timeliness(on_time=1, late=7), ())


def test_none_still_takes_what_is_on_time(open_shop: Open) -> None:
    decided, report = outage(open_shop(DAILY.format(line="补发 不补")), "2026-11-18 09:00", "2026-11-19 10:10")
    assert decided == ["19 10:00"]
    assert report.schedules == Timeliness(on_time=1, skipped=1)


def test_none_skips_what_is_a_moment_later(open_shop: Open) -> None:
    decided, report = outage(open_shop(DAILY.format(line="补发 不补")), "2026-11-18 09:00", "2026-11-18 10:11")
    assert decided == []
    assert (report.schedules, report.late_by) == (Timeliness(skipped=1), 11 * MINUTE)


def test_an_occurrence_exactly_as_old_as_the_window_runs(open_shop: Open) -> None:
    shop = open_shop(DAILY.format(line="补发 只补最近 1天内"))
    assert outage(shop, "2026-11-18 09:00", "2026-11-19 09:59")[0] == ["18 10:00"]
    assert outage(shop, "2026-11-19 10:05", "2026-11-21 09:59")[0] == ["20 10:00"]
    shop.run("2026-11-21 10:05")
    shop.write(DAILY.format(line="补发 只补最近 23小时内"))
    assert outage(shop, "2026-11-21 10:30", "2026-11-23 09:00")[0] == ["22 10:00"]
    assert outage(shop, "2026-11-23 10:30", "2026-11-25 09:01")[0] == []


def test_what_was_missed_is_skipped_for_good(open_shop: Open) -> None:
    shop = open_shop(DAILY.format(line=""))
    assert outage(shop, "2026-11-18 09:00", "2026-11-18 12:01")[0] == []
    shop.write(DAILY.format(line="补发 全补"))
    assert outage(shop, "2026-11-18 12:02", "2026-11-18 12:03")[0] == []


def test_a_pause_goes_by_the_same_line(open_shop: Open) -> None:
    shop = open_shop(DAILY.format(line="暂停"))
    shop.run("2026-11-18 09:00")
    shop.run("2026-11-20 11:00")
    shop.write(DAILY.format(line="补发 全补 1天内"))
    answer = shop.run("2026-11-20 11:30")
    assert sorted({f"{r.t:%d}" for r in shop.log()}) == ["20"]
    assert report_of(answer, "甲").schedules == Timeliness(late=1, skipped=2)


def test_members_own_dates_go_by_the_window(open_shop: Open) -> None:
    text = '剧本 "甲"\n  {line}\n  当 生日周年 前1天 10:00\n    打标签 "已触达"\n'
    for line, reached in (("", []), ("补发 全补", ["u1", "u2"]), ("补发 全补 1天内", ["u2"])):
        shop = open_shop(text.format(line=line))
        shop.members("u1", 生日="2000-11-20")
        shop.members("u2", 生日="2000-11-21")
        outage(shop, "2026-11-18 09:00", "2026-11-20 20:00")
        assert sorted(r.member_id or "" for r in shop.log()) == reached, line


def test_21_what_should_have_gone_at_ten_does_not_go_at_night(open_shop: Open) -> None:
    shop = open_shop(DAILY.format(line="免打扰 22:00 到 08:00 顺延\n  补发 全补 1天内"))
    shop.run("2026-11-18 09:00")
    shop.run("2026-11-18 23:00")
    shop.deliver("2026-11-18 23:01")
    assert (shop.log(), shop.outbox()) == ([], [])
    shop.run("2026-11-19 08:05")
    shop.deliver("2026-11-19 08:06")
    assert sorted(shop.outbox()) == ["u1", "u2", "u3", "u4"]
    assert {r.occurrence for r in shop.log()} == {"2026-11-18T02:00:00Z"}


def test_21_quiet_hours_that_skip_leave_a_word(open_shop: Open) -> None:
    shop = open_shop(DAILY.format(line="免打扰 22:00 到 08:00 放弃\n  补发 全补 1天内"))
    shop.run("2026-11-18 09:00")
    shop.run("2026-11-18 23:00")
    assert {reason for _, _, reason in shop.decided()} == {"quiet_hours"}


def test_21_without_a_line_five_hours_late_is_too_late(open_shop: Open) -> None:
    decided, report = outage(open_shop(DAILY.format(line="")), "2026-11-18 09:00", "2026-11-18 15:00")
    assert decided == []
    assert (report.schedules, report.late_by) == (Timeliness(skipped=1), 5 * HOUR)


def test_items_of_members_are_counted_by_how_late_they_are_handled(open_shop: Open) -> None:
    shop = open_shop('剧本 "甲"\n  每天 10:00\n    打标签 "已触达"\n    等待 1小时\n    打标签 "老客"\n')
    shop.run("2026-11-18 10:05")
    assert report_of(shop.run("2026-11-18 11:10"), "甲").items == Timeliness(on_time=4)
    shop.run("2026-11-19 10:05")
    assert report_of(shop.run("2026-11-19 11:11"), "甲").items == Timeliness(late=4)


def test_facts_that_come_too_late_are_counted_as_skipped_with_how_late(open_shop: Open) -> None:
    shop = open_shop('剧本 "甲"\n  当 打上标签 "新客"\n    打标签 "已触达"\n')
    shop.run("2026-11-18 10:00")
    shop.tag("新客", "u1", at="2026-11-20 11:00", since="2026-11-18 11:00")
    shop.tag("新客", "u2", at="2026-11-20 11:00")
    report = report_of(shop.run("2026-11-20 11:05"), "甲")
    assert (report.items, report.late_by) == (Timeliness(on_time=1, skipped=1), 2 * DAY + 5 * MINUTE)


@pytest.mark.parametrize(
    ("catch_up", "window"),
    [
        (CatchUp("none"), PUNCTUAL), (CatchUp("latest"), HOUR), (CatchUp("all"), None),
        (CatchUp("all", Duration(DAY)), DAY), (CatchUp("latest", Duration(0, 2)), 62 * DAY),
    ],
)
def test_windows(catch_up: CatchUp, window: int | None) -> None:
    assert window_of(catch_up, HOUR) == window


@pytest.mark.parametrize("late_by", [MINUTE, HOUR, HOUR + 1, 47 * HOUR + 1, 2 * DAY + 1, 9 * DAY])
def test_the_line_that_is_offered_takes_what_was_skipped(late_by: int) -> None:
    window = window_of(taking(late_by), None)
    assert window is not None
    assert late_by <= window < late_by + DAY


@pytest.mark.parametrize(
    ("line", "reasons", "items"),
    [
        ("", {"done"}, Timeliness(late=4)),
        ("补发 全补", {"done"}, Timeliness(late=4)),
        ("补发 全补 3小时内", {"done"}, Timeliness(late=4)),
        ("补发 全补 1小时内", {"late"}, Timeliness(skipped=4)),
        ("补发 不补", {"late"}, Timeliness(skipped=4)),
    ],
)
def test_steps_of_journeys_go_by_the_line(open_shop: Open, line: str, reasons: set[str], items: Timeliness) -> None:
    shop = open_shop(f"""
剧本 "甲"
  {line}
  定时 2026-11-18 10:00
    打标签 "已触达"
    等待 1小时
    打标签 "老客"
    等待 5小时
    打标签 "新客"
""")
    shop.run("2026-11-18 10:05")
    answer = shop.run("2026-11-18 13:05")
    assert {reason for _, _, reason in shop.decided(run=answer.report.run)} == reasons
    assert report_of(answer, "甲").items == items
    # The journey goes on, and what is due in time is done.
    answer = shop.run("2026-11-18 16:05")
    assert {(step, reason) for _, step, reason in shop.decided(run=answer.report.run)} == {('tag "新客"', "done")}


@pytest.mark.parametrize(("line", "started"), [("", True), ("补发 不补", False), ("补发 全补 30分钟内", False)])
def test_facts_go_by_the_line(open_shop: Open, line: str, started: bool) -> None:
    shop = open_shop(f'剧本 "甲"\n  {line}\n  当 打上标签 "新客"\n    打标签 "已触达"\n')
    shop.run("2026-11-18 10:00")
    shop.tag("新客", "u1", at="2026-11-18 10:30")
    answer = shop.run("2026-11-18 11:30")
    assert {reason for _, _, reason in shop.decided()} == ({"done"} if started else {"late"})
    assert report_of(answer, "甲").items == (Timeliness(late=1) if started else Timeliness(skipped=1))
