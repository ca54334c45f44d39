"""Schedules by workdays and holidays, by weeks, by the year of sun and moon, around activities, and what narrows them."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from qingting.engine.program.clock import iso, local_to_instant, naive_micros
from qingting.engine.program.holidays import HolidayCalendar
from qingting.engine.program.ir import (
    DAY,
    HOUR,
    MINUTE,
    ActivityEdge,
    Cutoff,
    CutoffKind,
    Daily,
    DayKind,
    Duration,
    EveryWeeks,
    Interval,
    Limits,
    MonthlyWeekday,
    Offset,
    Schedule,
    Times,
    Window,
    Yearly,
)
from qingting.engine.run.schedules import dues, unknown_days

SHANGHAI, NEW_YORK = "Asia/Shanghai", "America/New_York"
NINE = 540
CN = HolidayCalendar("CN", {date(2026, 11, 12): "off", date(2026, 11, 14): "work"})


def local(text: str) -> int:
    return naive_micros(datetime.fromisoformat(text))


def due(
    schedule: Schedule, after: str, until: str, zone: str = SHANGHAI, limits: Limits | None = None,
    holidays: HolidayCalendar = CN,
) -> list[str]:
    """The occurrences in (after, until] on the clock of the zone, to the minute."""
    low, high = (local_to_instant(local(text), zone) for text in (after, until))
    return [iso(d.instant, zone)[:16] for d in dues(schedule, zone, low, high, limits, holidays)]


def days(schedule: Schedule, after: str, until: str, limits: Limits | None = None) -> list[str]:
    """The days of occurrences in Shanghai; all are at nine."""
    found = due(schedule, after, until, SHANGHAI, limits)
    assert all(text.endswith("T09:00") for text in found)
    return [text[5:10] for text in found]


@pytest.mark.parametrize(
    ("kind", "after", "until", "expected"),
    [
        # 14 February 2026 is a Saturday people work on; the Spring Festival lasts from the 15th to the 23rd.
        ("workday", "2026-02-12", "2026-02-25", ["02-12", "02-13", "02-14", "02-24"]),
        ("holiday", "2026-02-13", "2026-02-25", [f"02-{n}" for n in range(15, 24)]),
        # 10 October 2026 is a Saturday people work on; plain weekends are neither.
        ("workday", "2026-10-07", "2026-10-13", ["10-08", "10-09", "10-10", "10-12"]),
        ("holiday", "2026-10-07", "2026-10-13", ["10-07"]),
        # The workspace's own days come first.
        ("workday", "2026-11-11", "2026-11-16", ["11-11", "11-13", "11-14"]),
        ("holiday", "2026-11-11", "2026-11-16", ["11-12"]),
    ],
)
def test_workdays_and_holidays_are_those_of_the_calendar(kind: str, after: str, until: str, expected: list[str]) -> None:
    assert days(DayKind(kind, (NINE,)), after, until) == expected  # type: ignore[arg-type]


def test_beyond_the_announced_years_nothing_runs_and_the_days_are_told() -> None:
    span = [local_to_instant(local(text), SHANGHAI) for text in ("2030-12-31T12:00", "2031-01-03T12:00")]
    workdays = DayKind("workday", (NINE,))
    assert list(dues(workdays, SHANGHAI, span[0], span[1], None, CN)) == []
    told = unknown_days(workdays, None, SHANGHAI, span[0], span[1], CN)
    assert told == (date(2030, 12, 31), date(2031, 1, 1), date(2031, 1, 2), date(2031, 1, 3))
    every_day = Daily(None, (NINE,))
    assert unknown_days(every_day, None, SHANGHAI, span[0], span[1], CN) == ()
    assert unknown_days(every_day, Limits(except_holidays=True), SHANGHAI, span[0], span[1], CN) == told


def test_without_a_calendar_no_day_is_known() -> None:
    assert due(DayKind("holiday", (NINE,)), "2026-02-13", "2026-02-25", holidays=HolidayCalendar()) == []


def test_except_holidays_leaves_out_holidays_and_days_nobody_knows_of() -> None:
    limits = Limits(except_holidays=True)
    assert days(Daily(None, (NINE,)), "2026-02-13", "2026-02-25", limits) == ["02-13", "02-14", "02-24"]
    assert days(Daily((6, 7), (NINE,)), "2026-03-01", "2026-03-09", limits) == ["03-01", "03-07", "03-08"]
    assert due(Daily(None, (NINE,)), "2031-01-01", "2031-01-09", SHANGHAI, limits) == []


@pytest.mark.parametrize(
    ("schedule", "after", "until", "expected"),
    [
        # From a Wednesday on: the Monday of its own week lies before it.
        (EveryWeeks(2, (1,), 20261104, (NINE,)), "2026-11-01", "2026-12-15", ["11-16", "11-30", "12-14"]),
        (EveryWeeks(2, (1, 5), 20261104, (NINE,)), "2026-11-01", "2026-11-25", ["11-06", "11-16", "11-20"]),
        (EveryWeeks(3, (7,), 20261228, (NINE,)), "2026-12-28", "2027-02-01", ["01-03", "01-24"]),
        (MonthlyWeekday(2, 5, (NINE,)), "2026-01-01", "2026-04-01", ["01-09", "02-13", "03-13"]),
        (MonthlyWeekday(5, 5, (NINE,)), "2026-01-01", "2026-06-01", ["01-30", "05-29"]),
        (MonthlyWeekday(-1, 7, (NINE,)), "2026-01-01", "2026-04-01", ["01-25", "02-22", "03-29"]),
        (Yearly((229, 301), (), (NINE,)), "2027-01-01", "2028-12-31", ["03-01", "02-29", "03-01"]),
    ],
)
def test_weeks_months_and_years(schedule: Schedule, after: str, until: str, expected: list[str]) -> None:
    assert days(schedule, after, until) == expected


@pytest.mark.parametrize(
    ("lunar", "after", "until", "expected"),
    [
        ((815,), "2024-01-01", "2027-01-01", ["09-17", "10-06", "09-25"]),
        # The last month of the years 2024 and 2025 has 29 days: its last day is the eve of the new year all the same.
        ((1230,), "2024-01-01", "2027-03-01", ["02-09", "01-28", "02-16", "02-05"]),
        ((1229, 1230), "2026-02-01", "2026-03-01", ["02-16"]),
        ((101,), "2025-01-01", "2027-03-01", ["01-29", "02-17", "02-06"]),
        # 2025 has two sixth months; the repeated one begins on 25 July.
        ((601, 615), "2025-06-01", "2025-09-01", ["06-25", "07-09"]),
    ],
)
def test_days_of_the_lunar_year(lunar: tuple[int, ...], after: str, until: str, expected: list[str]) -> None:
    assert days(Yearly((), lunar, (NINE,)), after, until) == expected


def test_clocks_of_a_calendar_day_follow_the_zone() -> None:
    second_sunday = MonthlyWeekday(2, 7, (150,))
    # New York skips 02:30 on the second Sunday of March.
    assert due(second_sunday, "2026-02-28", "2026-04-30", NEW_YORK) == ["2026-03-08T03:00", "2026-04-12T02:30"]


SALE = Times(((local("2026-11-10T20:00"), local("2026-11-12T00:00")),))
LESSONS = Times(tuple((local(f"2026-12-0{n}T20:00"), local(f"2026-12-0{n}T21:30")) for n in (1, 3)))
FRIDAYS = Times(weekdays=(5,), start=20 * 60, end=22 * 60)
NIGHTS = Times(weekdays=(6,), start=22 * 60, end=2 * 60)


def before(micros: int) -> Offset:
    return Offset(Duration(micros), before=True)


def later(micros: int) -> Offset:
    return Offset(Duration(micros), before=False)


@pytest.mark.parametrize(
    ("edge", "expected"),
    [
        (ActivityEdge("a", SALE, False, "start"), ["2026-11-10T20:00"]),
        (ActivityEdge("a", SALE, False, "start", before(2 * DAY), 12 * 60), ["2026-11-08T12:00"]),
        (ActivityEdge("a", SALE, False, "end", before(HOUR)), ["2026-11-11T23:00"]),
        # It ends at midnight after its last day, the 11th: the day after is the 12th.
        (ActivityEdge("a", SALE, False, "end", later(DAY), 10 * 60), ["2026-11-12T10:00"]),
        (ActivityEdge("a", SALE, False, "end", None, 10 * 60), ["2026-11-11T10:00"]),
        (ActivityEdge("a", LESSONS, False, "end"), ["2026-12-03T21:30"]),
        (ActivityEdge("a", LESSONS, False, "start"), ["2026-12-01T20:00"]),
        (ActivityEdge("a", LESSONS, True, "start", before(30 * MINUTE)), ["2026-12-01T19:30", "2026-12-03T19:30"]),
        (ActivityEdge("a", LESSONS, True, "start", before(DAY), 20 * 60), ["2026-11-30T20:00", "2026-12-02T20:00"]),
        (ActivityEdge("a", LESSONS, True, "end", later(12 * HOUR)), ["2026-12-02T09:30", "2026-12-04T09:30"]),
        (ActivityEdge("a", LESSONS, False, "start", Offset(Duration(0, 1), True), NINE), ["2026-11-01T09:00"]),
    ],
)
def test_around_an_activity(edge: ActivityEdge, expected: list[str]) -> None:
    assert due(edge, "2026-10-31", "2026-12-31") == expected


def test_around_hours_that_recur() -> None:
    edge = ActivityEdge("a", FRIDAYS, True, "start", before(30 * MINUTE))
    assert due(edge, "2026-11-05", "2026-11-21") == ["2026-11-06T19:30", "2026-11-13T19:30", "2026-11-20T19:30"]
    over_midnight = ActivityEdge("a", NIGHTS, True, "end")
    assert due(over_midnight, "2026-11-05", "2026-11-16") == ["2026-11-08T02:00", "2026-11-15T02:00"]


def test_hours_before_an_activity_elapse_and_days_follow_the_calendar() -> None:
    noon = Times(((local("2026-03-08T12:00"), local("2026-03-08T14:00")),))
    hours = ActivityEdge("a", noon, False, "start", before(12 * HOUR))
    a_day = ActivityEdge("a", noon, False, "start", before(DAY))
    # The clocks of New York go forward in the night before.
    assert due(hours, "2026-03-01", "2026-03-09", NEW_YORK) == ["2026-03-07T23:00"]
    assert due(a_day, "2026-03-01", "2026-03-09", NEW_YORK) == ["2026-03-07T12:00"]


def test_dates_and_activities_narrow_a_schedule() -> None:
    nine = Daily(None, (NINE,))
    low, high = (Cutoff(CutoffKind.LOCAL, local(text)) for text in ("2026-11-10", "2026-11-13"))
    assert days(nine, "2026-11-01", "2026-12-01", Limits(Window(low, high))) == ["11-10", "11-11", "11-12"]
    assert days(nine, "2026-11-01", "2026-12-01", Limits(times=SALE)) == ["11-11"]
    hourly = Interval(60)
    assert due(hourly, "2026-11-13T12:00", "2026-11-14T12:00", SHANGHAI, Limits(times=FRIDAYS)) == [
        "2026-11-13T20:00", "2026-11-13T21:00",
    ]
    assert due(hourly, "2026-11-14T12:00", "2026-11-15T12:00", SHANGHAI, Limits(times=NIGHTS)) == [
        f"2026-11-1{day}:00" for day in ("4T22", "4T23", "5T00", "5T01")
    ]
