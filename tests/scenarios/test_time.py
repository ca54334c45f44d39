"""Time: scenarios 21, 22, 24 and 25."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from qingting.engine.program.clock import iso
from workspaces import Shop, when

Open = Callable[..., Shop]
JOURNEY = """
剧本 "甲"
  {header}
  定时 2026-11-18 12:00
    打标签 "已触达"
    等待 1天
    推送 企微 "问候"
    打标签 "老客"
"""


def test_21_a_step_missed_while_nothing_ran_is_made_up_for_by_day(open_shop: Open) -> None:
    shop = open_shop(JOURNEY.format(header="免打扰 22:00 到 08:00 顺延"))
    shop.run("2026-11-18 12:05")
    # The scheduler was down from noon to the night of the day after; the push waits for the morning, and the journey goes on.
    shop.run("2026-11-19 23:30")
    assert len(shop.log(status="queued")) == 0
    shop.run("2026-11-20 08:05")
    shop.deliver("2026-11-20 08:06")
    assert {r.t for r in shop.log(status="queued")} == {when("2026-11-20 08:00")}
    assert sorted(shop.outbox()) == ["u1", "u2", "u3", "u4"]
    assert shop.rows("SELECT DISTINCT why FROM enrolments") == [("finished",)]


def test_22_a_wait_of_a_day_is_24_hours(open_shop: Open) -> None:
    text = JOURNEY.replace("2026-11-18", "2027-03-13").format(header="时区 America/New_York")
    shop = open_shop(text)
    entered = when("2027-03-13 12:00", "America/New_York")
    shop.ws.run(at=entered)
    # The clocks go forward in that night: noon and 24 hours is one o'clock.
    ((due,),) = shop.rows("SELECT DISTINCT due FROM enrolments")
    assert iso(due, "America/New_York") == "2027-03-14T13:00:00-04:00"


@pytest.fixture
def machine_in_new_york(monkeypatch: pytest.MonkeyPatch):
    """The process as on a machine of another zone."""
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def coming(shop: Shop, schedule: str | None, at: str, count: int, zone: str | None = None) -> list[str]:
    """The next occurrences as texts."""
    answer = shop.ws.next(schedule, at=when(at), count=count, timezone=zone)
    assert answer.diagnostics == ()
    return [iso(item.at, item.zone) for item in answer.occurrences]


def test_24_a_saved_hour_is_the_same_on_every_machine(open_shop: Open, request: pytest.FixtureRequest) -> None:
    text = '剧本 "甲"\n  时区 Asia/Tokyo\n  每天 20:00\n    推送 企微 "问候"\n'
    shop = open_shop(text)
    before = coming(shop, None, "2026-11-18 00:00", 2), shop.ws.load().program.digest
    assert before[0] == ["2026-11-18T20:00:00+09:00", "2026-11-19T20:00:00+09:00"]
    request.getfixturevalue("machine_in_new_york")
    assert time.tzname[0] == "EST"
    shop.write(text)
    assert (coming(shop, None, "2026-11-18 00:00", 2), shop.ws.load().program.digest) == before
    shop.run("2026-11-18 19:05")
    assert {r.t for r in shop.log()} == {when("2026-11-18 19:00")}


def test_24_who_is_inside_goes_on_at_the_same_hour_on_every_machine(
    open_shop: Open, request: pytest.FixtureRequest
) -> None:
    text = '剧本 "甲"\n  时区 Asia/Tokyo\n  当 打上标签 "新客"\n    D1 09:00\n      打标签 "老客"\n    等到 18:30\n    打标签 "已触达"\n'
    shop = open_shop(text)
    shop.tag("新客", "u1", at="2026-11-18 10:00")
    shop.run("2026-11-18 10:05")
    before = shop.rows("SELECT due FROM enrolments"), shop.ws.plan(at=when("2026-11-19 20:00")).report.to_json()
    request.getfixturevalue("machine_in_new_york")
    shop.write(text)
    assert (shop.rows("SELECT due FROM enrolments"), shop.ws.plan(at=when("2026-11-19 20:00")).report.to_json()) == before
    shop.run("2026-11-19 20:00")
    # Nine and half past six in Tokyo.
    assert [(r.step, r.t) for r in shop.log()] == [
        ('tag "老客"', when("2026-11-19 08:00")), ('tag "已触达"', when("2026-11-19 17:30")),
    ]


def test_25_month_ends_and_leap_days(open_shop: Open) -> None:
    shop = open_shop()
    assert coming(shop, "每月31号 10:00", "2027-01-31 12:00", 2) == ["2027-03-31T10:00:00+08:00", "2027-05-31T10:00:00+08:00"]
    assert coming(shop, "每月最后一天 10:00", "2027-02-01 00:00", 2) == ["2027-02-28T10:00:00+08:00", "2027-03-31T10:00:00+08:00"]
    assert coming(shop, "每月29号 10:00", "2027-01-29 12:00", 1) == ["2027-03-29T10:00:00+08:00"]
    shop.members("u1", 生日="2000-02-29")
    assert shop.who("今天 生日周年", "2027-02-28 12:00") == ("u1",)
    assert shop.who("今天 生日周年", "2027-03-01 12:00") == ()
    assert shop.who("今天 生日周年", "2028-02-28 12:00") == ()
    assert shop.who("今天 生日周年", "2028-02-29 12:00") == ("u1",)


def test_25_clocks_that_go_forward_and_back(open_shop: Open) -> None:
    shop = open_shop()
    zone = "America/New_York"
    assert coming(shop, "每天 02:30", "2027-03-14 00:00", 2, zone) == ["2027-03-14T03:00:00-04:00", "2027-03-15T02:30:00-04:00"]
    assert coming(shop, "每天 01:30", "2026-11-01 00:00", 2, zone) == ["2026-11-01T01:30:00-04:00", "2026-11-02T01:30:00-05:00"]
    # That day has 23 hours, and counts them one after the other.
    hours = coming(shop, "每隔1小时", "2027-03-14 12:59", 24, zone)
    assert (hours[2], hours[-1]) == ("2027-03-14T03:00:00-04:00", "2027-03-15T00:00:00-04:00")
