"""When schedules fall due, above all where clocks jump: New York skips 2026-03-08 02:00 and repeats 2026-11-01 01:00."""

from __future__ import annotations

from datetime import datetime

import pytest
from qingting.engine.program.clock import iso, iso_local, local_to_instant, naive_micros
from qingting.engine.program.ir import DAY, Cron, Daily, Interval, Monthly, Once, Schedule
from qingting.engine.run.schedules import dues

NEW_YORK, SHANGHAI = "America/New_York", "Asia/Shanghai"
HALF_PAST_ONE, HALF_PAST_TWO, NINE = 90, 150, 540


def instant(text: str, zone: str) -> int:
    return local_to_instant(naive_micros(datetime.fromisoformat(text)), zone)


def due(schedule: Schedule, after: str, until: str, zone: str = NEW_YORK) -> list[str]:
    """The occurrences in (after, until] on the clock of the zone."""
    return [iso(d.instant, zone) for d in dues(schedule, zone, instant(after, zone), instant(until, zone))]


def days(schedule: Schedule, after: str, until: str) -> list[str]:
    """The days of occurrences in Shanghai, where no clock jumps; all are at nine."""
    found = due(schedule, after, until, SHANGHAI)
    assert all(text[10:] == "T09:00:00+08:00" for text in found)
    return [text[:10] for text in found]


@pytest.mark.parametrize("schedule", [Daily(None, (HALF_PAST_TWO,)), Cron("30 2 * * *")])
def test_a_fixed_clock_that_is_skipped_runs_at_the_jump(schedule: Schedule) -> None:
    assert due(schedule, "2026-03-07T12:00", "2026-03-09T12:00") == [
        "2026-03-08T03:00:00-04:00", "2026-03-09T02:30:00-04:00",
    ]


@pytest.mark.parametrize("schedule", [Daily(None, (HALF_PAST_ONE,)), Cron("30 1 * * *")])
def test_a_fixed_clock_that_comes_twice_runs_at_the_first(schedule: Schedule) -> None:
    assert due(schedule, "2026-10-31T12:00", "2026-11-02T12:00") == [
        "2026-11-01T01:30:00-04:00", "2026-11-02T01:30:00-05:00",
    ]


def test_the_local_time_of_an_occurrence_is_what_the_schedule_names_even_if_skipped() -> None:
    found = dues(Daily(None, (HALF_PAST_TWO,)), NEW_YORK, *(instant(f"2026-03-08T{h}:00", NEW_YORK) for h in ("00", "12")))
    assert [iso_local(d.local) for d in found] == ["2026-03-08T02:30:00"]


def test_clocks_that_fall_on_the_same_instant_are_one_occurrence() -> None:
    both = Daily(None, (HALF_PAST_TWO, 3 * 60))
    assert due(both, "2026-03-08T00:00", "2026-03-08T12:00") == ["2026-03-08T03:00:00-04:00"]


def test_a_cron_line_of_every_hour_runs_once_an_hour_through_a_gap() -> None:
    assert due(Cron("0 * * * *"), "2026-03-08T00:30", "2026-03-08T04:00") == [
        "2026-03-08T01:00:00-05:00", "2026-03-08T03:00:00-04:00", "2026-03-08T04:00:00-04:00",
    ]


def test_a_cron_line_of_every_hour_runs_at_both_times_of_a_repeated_hour() -> None:
    assert due(Cron("30 */1 * * *"), "2026-11-01T00:00", "2026-11-01T02:30") == [
        "2026-11-01T00:30:00-04:00", "2026-11-01T01:30:00-04:00", "2026-11-01T01:30:00-05:00",
        "2026-11-01T02:30:00-05:00",
    ]


@pytest.mark.parametrize(
    ("after", "until", "expected"),
    [
        ("2026-03-08T00:00", "2026-03-08T05:00", ["01:00:00-05:00", "03:00:00-04:00", "04:00:00-04:00", "05:00:00-04:00"]),
        ("2026-11-01T00:00", "2026-11-01T02:00", ["01:00:00-04:00", "01:00:00-05:00", "02:00:00-05:00"]),
    ],
)
def test_an_interval_counts_elapsed_time(after: str, until: str, expected: list[str]) -> None:
    assert [text[11:] for text in due(Interval(60), after, until)] == expected


def test_an_interval_begins_anew_at_each_midnight() -> None:
    assert [text[8:16] for text in due(Interval(7 * 60), "2026-11-20T12:00", "2026-11-21T08:00", SHANGHAI)] == [
        "20T14:00", "20T21:00", "21T00:00", "21T07:00",
    ]


def test_a_range_over_midnight_holds_its_start_and_not_its_end() -> None:
    found = due(Interval(60, (22 * 60, 2 * 60)), "2026-11-20T12:00", "2026-11-21T12:00", SHANGHAI)
    assert [text[8:16] for text in found] == ["20T22:00", "20T23:00", "21T00:00", "21T01:00"]


def test_a_range_within_a_day_holds_its_start_and_not_its_end() -> None:
    found = due(Interval(60, (9 * 60, 11 * 60)), "2026-11-20T00:00", "2026-11-21T00:00", SHANGHAI)
    assert [text[8:16] for text in found] == ["20T09:00", "20T10:00"]


def test_weekdays_are_iso_numbers() -> None:
    assert days(Daily((1, 7), (NINE,)), "2026-11-18T00:00", "2026-11-25T00:00") == ["2026-11-22", "2026-11-23"]


def test_a_month_without_the_day_is_left_out() -> None:
    assert days(Monthly((31,), (NINE,)), "2026-01-01T00:00", "2026-05-01T00:00") == ["2026-01-31", "2026-03-31"]


def test_the_last_day_of_a_month_is_the_last_whatever_its_number() -> None:
    assert days(Monthly((-1,), (NINE,)), "2027-12-31T10:00", "2028-03-31T00:00") == ["2028-01-31", "2028-02-29"]


def test_a_last_day_named_twice_runs_once() -> None:
    assert days(Monthly((31, -1), (NINE,)), "2026-01-01T00:00", "2026-03-01T00:00") == ["2026-01-31", "2026-02-28"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Day of month and day of week: either.
        ("0 9 13 * 5", ["2026-02-06", "2026-02-13", "2026-02-20", "2026-02-27", "2026-03-06", "2026-03-13"]),
        ("0 9 L * *", ["2026-02-28"]),
        ("0 9 * * 5#2", ["2026-02-13", "2026-03-13"]),
        ("0 9 * * L5", ["2026-02-27"]),
        ("0 9 * * 7", ["2026-02-01", "2026-02-08", "2026-02-15", "2026-02-22", "2026-03-01", "2026-03-08", "2026-03-15"]),
    ],
)
def test_days_of_cron_lines(text: str, expected: list[str]) -> None:
    assert days(Cron(text), "2026-01-31T10:00", "2026-03-15T12:00") == expected


def test_the_29th_of_february_waits_for_leap_years_and_a_century_without_one() -> None:
    assert days(Cron("0 9 29 2 *"), "2026-01-01T00:00", "2033-01-01T00:00") == ["2028-02-29", "2032-02-29"]
    assert days(Cron("0 9 29 2 *"), "2096-03-01T00:00", "2105-01-01T00:00") == ["2104-02-29"]


def test_the_first_end_of_the_span_is_out_and_the_last_is_in() -> None:
    nine = Daily(None, (NINE,))
    assert days(nine, "2026-11-20T09:00", "2026-11-21T09:00") == ["2026-11-21"]
    once = Once(naive_micros(datetime(2026, 11, 20, 9)))
    assert days(once, "2026-11-20T08:59", "2026-11-20T09:00") == ["2026-11-20"]
    assert days(once, "2026-11-20T09:00", "2026-11-30T09:00") == []


def test_a_day_that_a_zone_leaves_out_has_no_occurrence_of_its_own() -> None:
    # Samoa went from 2011-12-29 to 2011-12-31: what the 30th names falls on the jump, the first instant of the 31st.
    found = due(Daily(None, (NINE,)), "2011-12-29T12:00", "2011-12-31T12:00", "Pacific/Apia")
    assert found == ["2011-12-31T00:00:00+14:00", "2011-12-31T09:00:00+14:00"]


def test_a_day_has_as_many_hours_as_the_clock_makes_it() -> None:
    counts = [
        len(due(Interval(60), f"2026-{day}T00:00", f"2026-{later}T00:00"))
        for day, later in (("03-07", "03-08"), ("03-08", "03-09"), ("11-01", "11-02"))
    ]
    assert counts == [24, 23, 25]
    assert instant("2026-11-02T00:00", NEW_YORK) - instant("2026-11-01T00:00", NEW_YORK) == DAY // 24 * 25
