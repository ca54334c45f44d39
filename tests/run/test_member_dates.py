"""Schedules of members' own dates: once for a member and a value, and a value that moves takes what is pending along."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from workspaces import Shop

DECLARED = """
属性 会员到期日 日期
属性 下次上课 时间
属性 "农历生日" 农历日期
全局规则
  时区 Asia/Shanghai
"""
BLOCK = """
剧本 "提醒"
  {line}
    推送 企微 "问候"
"""
Open = Callable[[str], Shop]


@pytest.fixture
def open_shop(tmp_path: Path) -> Open:
    return lambda line: Shop(tmp_path / "shop", DECLARED + BLOCK.format(line=line))


def told(shop: Shop, *runs: str) -> list[tuple[str, str]]:
    """Whom each run told, and under which occurrence."""
    for at in runs:
        shop.run(at)
    return [(record.member_id or "", record.occurrence) for record in shop.log()]


@pytest.mark.parametrize(
    ("line", "values", "runs", "expected"),
    [
        (
            "当 会员到期日 前7天 10:00", {"u1": "2026-11-28", "u2": "2026-11-27"},
            ("2026-11-20 10:05", "2026-11-21 10:05"), [("u2", "2026-11-27"), ("u1", "2026-11-28")],
        ),
        # The 29th, 30th and 31st of March are a month after the last day of February.
        (
            "当 会员到期日 前1个月 10:00", {"u1": "2027-03-28", "u2": "2027-03-31", "u3": "2027-03-27"},
            ("2027-02-28 10:05",), [("u1", "2027-02-28-1m"), ("u2", "2027-02-28-1m")],
        ),
        ("当 会员到期日 后1天 10:00", {"u1": "2026-11-19"}, ("2026-11-20 10:05",), [("u1", "2026-11-19")]),
    ],
)
def test_dates(
    open_shop: Open, line: str, values: dict[str, str], runs: tuple[str, ...], expected: list[tuple[str, str]]
) -> None:
    shop = open_shop(line)
    for member, value in values.items():
        shop.members(member, 会员到期日=value)
    assert told(shop, *runs) == expected


@pytest.mark.parametrize(
    ("line", "value", "before", "run"),
    [
        ("当 下次上课 前30分钟", "2026-11-20T20:00:00+08:00", "2026-11-20 19:29", "2026-11-20 19:30"),
        ("当 下次上课 前1分钟", "2026-11-20T20:00:00.000001+08:00", "2026-11-20 19:59", "2026-11-20 20:00"),
        ("当 下次上课 前2天", "2026-11-22T20:00:00+08:00", "2026-11-20 19:59", "2026-11-20 20:00"),
        # A month before goes to the same clock time.
        ("当 下次上课 前1个月", "2026-12-20T20:00:00+08:00", "2026-11-20 19:59", "2026-11-20 20:00"),
        ("当 下次上课 前1天 10:00", "2026-11-21T20:00:00+08:00", "2026-11-20 09:59", "2026-11-20 10:00"),
    ],
)
def test_instants(open_shop: Open, line: str, value: str, before: str, run: str) -> None:
    shop = open_shop(line)
    shop.members("u1", 下次上课=value)
    shop.members("u2", 下次上课="2026-11-25T20:00:00+08:00")
    assert told(shop, before) == []
    assert [member for member, _ in told(shop, run)] == ["u1"]


def test_anniversaries_of_sun_and_moon(open_shop: Open) -> None:
    shop = open_shop("当 生日周年 前3天 10:00")
    shop.members("u1", 生日="1992-02-29")
    shop.members("u2", 生日="1990-03-01")
    # In a year without it the 29th of February is the 28th.
    assert told(shop, "2027-02-25 10:05", "2027-02-26 10:05") == [("u1", "2027-02-28"), ("u2", "2027-03-01")]


def test_the_eve_of_the_lunar_year_is_its_last_day(open_shop: Open) -> None:
    shop = open_shop("当 农历生日周年 前1天 10:00")
    shop.members("u1", 农历生日="12-30")
    shop.members("u2", 农历生日="01-01")
    # The new year begins on 6 February 2027, after a month of 29 days.
    assert told(shop, "2027-02-04 10:05", "2027-02-05 10:05") == [("u1", "2027-02-05"), ("u2", "2027-02-06")]


def test_a_value_is_told_once_and_a_value_that_moves_takes_along_what_is_pending(open_shop: Open) -> None:
    shop = open_shop("当 会员到期日 前7天 10:00")
    shop.members("u1", "u2", 会员到期日="2026-11-28")
    shop.members("u2", 会员到期日="2026-11-30", at="2026-11-20 12:00")
    runs = [f"2026-11-{day} 10:05" for day in (21, 22, 23)]
    assert told(shop, *runs) == [("u1", "2026-11-28"), ("u2", "2026-11-30")]
    # The same value by another offset is the same occurrence.
    shop.write(DECLARED + BLOCK.format(line="当 会员到期日 前4天 10:00"))
    shop.members("u1", 会员到期日="2026-12-24", at="2026-11-23 12:00")
    assert told(shop, *(f"2026-11-{day} 10:05" for day in (24, 25, 26)))[2:] == []


def test_a_value_that_moves_within_its_day_is_told_at_a_clock_still_and_once(open_shop: Open) -> None:
    shop = open_shop("当 下次上课 后2天 10:00")
    shop.members("u1", "u2", 下次上课="2026-11-20T09:30:00+08:00")
    shop.members("u1", 下次上课="2026-11-20T09:45:00+08:00", at="2026-11-21 12:00")
    assert told(shop, "2026-11-22 10:05") == [("u1", "2026-11-20"), ("u2", "2026-11-20")]
    shop.members("u2", 下次上课="2026-11-20T18:00:00+08:00", at="2026-11-22 10:10")
    assert told(shop, "2026-11-22 10:15", "2026-11-23 10:05")[2:] == []


def test_missed_own_dates_are_told_of(open_shop: Open) -> None:
    shop = open_shop("当 会员到期日 前7天 10:00")
    shop.members("u1", 会员到期日="2026-11-28")
    shop.run("2026-11-21 09:00")
    answer = shop.run("2026-11-21 12:01")
    assert shop.log() == []
    assert len(answer.report.playbooks[0].missed) == 1


def test_days_that_nobody_announced_are_told_of(tmp_path: Path) -> None:
    settings = "timezone: Asia/Shanghai\nholidays: CN\nchannels:\n  企微: {type: file, path: out.jsonl}\n"
    text = '全局规则\n  时区 Asia/Shanghai\n剧本 "上班"\n  每个工作日 10:00\n    推送 企微 "问候"\n'
    shop = Shop(tmp_path / "shop", text, settings=settings, start="2026-10-09 00:00")
    shop.members("u1", at="2026-10-09 00:00")
    # 10 October is a Saturday that people work on.
    shop.run("2026-10-10 10:05")
    shop.run("2026-10-11 10:05")
    assert [record.occurrence for record in shop.log()] == ["2026-10-10T02:00:00Z"]
    shop.run("2031-01-01 09:00")
    told_of = shop.run("2031-01-02 10:05").report
    assert [day.isoformat() for day in told_of.playbooks[0].unknown_days] == ["2031-01-01", "2031-01-02"]
    assert told_of.to_json()["playbooks"][0]["unknown_days"] == ["2031-01-01", "2031-01-02"]  # type: ignore[index]
    assert len(shop.log()) == 1
