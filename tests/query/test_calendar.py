"""Cutoffs seen from t: where clocks jump or repeat, where months end, where years and calendars end."""

from __future__ import annotations

from datetime import date, datetime
from itertools import pairwise

import pytest
from qingting.engine.program.clock import iso, local_of, naive_micros
from qingting.engine.program.ir import DAY, HOUR, Cutoff, CutoffKind, Times, Window
from qingting.engine.query.calendar import (
    EARLIEST,
    LATEST,
    cutoff_instant,
    date_bound,
    lunar_day_ranges,
    month_day_ranges,
)
from qingting.engine.query.local_days import zone_offsets
from qingting.engine.query.lunar import lunar_ranges
from query.shop import at

K = CutoffKind
NEW_YORK, SHANGHAI, SAO_PAULO, APIA = "America/New_York", "Asia/Shanghai", "America/Sao_Paulo", "Pacific/Apia"


@pytest.mark.parametrize(
    ("cutoff", "t", "zone", "wanted"),
    [
        (Cutoff(K.T, 0, -72 * HOUR), (2026, 3, 9, 12, 0), NEW_YORK, "2026-03-06T11:00:00-05:00"),
        (Cutoff(K.DAY, 0), (2026, 3, 8, 12, 0), NEW_YORK, "2026-03-08T00:00:00-05:00"),
        (Cutoff(K.DAY, 1), (2026, 3, 8, 12, 0), NEW_YORK, "2026-03-09T00:00:00-04:00"),
        # São Paulo used to skip midnight: the day begins when the clocks jump.
        (Cutoff(K.DAY, 0), (2018, 11, 4, 12, 0), SAO_PAULO, "2018-11-04T01:00:00-02:00"),
        # and to have it twice, in autumn: the last hour of the day before comes again.
        (Cutoff(K.DAY, 0), (2018, 2, 18, 12, 0), SAO_PAULO, "2018-02-18T00:00:00-03:00"),
        # Apia left out 30 December 2011.
        (Cutoff(K.DAY, -1), (2011, 12, 31, 12, 0), APIA, "2011-12-31T00:00:00+14:00"),
        (Cutoff(K.WEEK, 0), (2026, 11, 22, 20, 0), SHANGHAI, "2026-11-16T00:00:00+08:00"),
        (Cutoff(K.WEEK, 1), (2026, 11, 16, 0, 0), SHANGHAI, "2026-11-23T00:00:00+08:00"),
        (Cutoff(K.MONTH, -1), (2026, 1, 31, 20, 0), SHANGHAI, "2025-12-01T00:00:00+08:00"),
        (Cutoff(K.MONTH_DAY, 1), (2026, 1, 31, 20, 0), SHANGHAI, "2026-02-28T00:00:00+08:00"),
        (Cutoff(K.MONTHS, 1), (2024, 1, 31, 20, 0), SHANGHAI, "2024-02-29T20:00:00+08:00"),
        (Cutoff(K.MONTHS, -3), (2026, 5, 31, 20, 0), SHANGHAI, "2026-02-28T20:00:00+08:00"),
        (Cutoff(K.MONTHS, -12, 1), (2024, 2, 29, 20, 0), SHANGHAI, "2023-02-28T20:00:00.000001+08:00"),
        # Half past two does not exist on the day of the jump.
        (Cutoff(K.MONTHS, -1), (2026, 4, 8, 2, 30), NEW_YORK, "2026-03-08T03:00:00-04:00"),
        # Half past one comes twice on 1 November: the first is meant.
        (Cutoff(K.MONTHS, 1), (2026, 10, 1, 1, 30), NEW_YORK, "2026-11-01T01:30:00-04:00"),
        (Cutoff(K.YEAR, 0), (2026, 11, 21, 20, 0), SHANGHAI, "2026-01-01T00:00:00+08:00"),
    ],
)
def test_cutoffs(cutoff: Cutoff, t: tuple[int, int, int, int, int], zone: str, wanted: str) -> None:
    assert iso(cutoff_instant(cutoff, at(*t, zone=zone), zone), zone) == wanted


def test_a_doubled_clock_keeps_its_own_instant_without_months() -> None:
    second = at(2026, 11, 1, 1, 30, zone=NEW_YORK) + HOUR
    assert cutoff_instant(Cutoff(K.MONTHS, 0), second, NEW_YORK) == second


def test_what_no_calendar_knows_lies_before_or_after_everything() -> None:
    t = at(2026, 11, 21)
    assert cutoff_instant(Cutoff(K.MONTHS, -1_000_000), t, SHANGHAI) == EARLIEST
    assert cutoff_instant(Cutoff(K.DAY, 10_000_000), t, SHANGHAI) == LATEST
    assert cutoff_instant(Cutoff(K.T, 0, -(1 << 63)), t, SHANGHAI) == EARLIEST
    assert date_bound(Cutoff(K.YEAR, -5_000), t, SHANGHAI) == 0


def test_a_date_lies_behind_a_cutoff_inside_its_day() -> None:
    t = at(2026, 11, 21, 20)
    assert date_bound(Cutoff(K.DAY, 0), t, SHANGHAI) == 20_261_121
    assert date_bound(Cutoff(K.DAY, 0, 1), t, SHANGHAI) == 20_261_122
    assert date_bound(Cutoff(K.T, 0, 1 - 3 * DAY), t, SHANGHAI) == 20_261_119
    # The day that begins with the jump begins at it.
    assert date_bound(Cutoff(K.DAY, 0), at(2018, 11, 4, 12, zone=SAO_PAULO), SAO_PAULO) == 20_181_104


@pytest.mark.parametrize(
    ("t", "low", "high", "wanted"),
    [
        ((2026, 11, 21), Cutoff(K.DAY, 0), Cutoff(K.DAY, 1), (1121, 1122, 0, 0)),
        # 29 February is kept on the 28th, and only there.
        ((2026, 2, 28), Cutoff(K.DAY, 0), Cutoff(K.DAY, 1), (228, 301, 0, 0)),
        ((2024, 2, 28), Cutoff(K.DAY, 0), Cutoff(K.DAY, 1), (228, 229, 0, 0)),
        ((2024, 2, 29), Cutoff(K.DAY, 0), Cutoff(K.DAY, 1), (229, 301, 0, 0)),
        ((2026, 3, 1), Cutoff(K.DAY, 0), Cutoff(K.DAY, 1), (301, 302, 0, 0)),
        ((2026, 12, 30), Cutoff(K.DAY, 0), Cutoff(K.DAY, 5), (1230, 1300, 0, 104)),
        ((2026, 11, 21), Cutoff(K.MONTH, 0), Cutoff(K.MONTH, 1), (1101, 1201, 0, 0)),
        ((2026, 11, 21), Cutoff(K.YEAR, 0), Cutoff(K.YEAR, 1), (101, 1300, 0, 101)),
        ((2026, 11, 21), Cutoff(K.DAY, 0), Cutoff(K.DAY, 900), (0, 1300, 0, 0)),
        ((2026, 11, 21), Cutoff(K.DAY, 1), Cutoff(K.DAY, 1), (0, 0, 0, 0)),
    ],
)
def test_anniversaries(t: tuple[int, int, int], low: Cutoff, high: Cutoff, wanted: tuple[int, ...]) -> None:
    assert month_day_ranges(Window(low, high), at(*t, 20), SHANGHAI) == wanted


@pytest.mark.parametrize(
    ("first", "end", "wanted"),
    [
        (date(2026, 11, 21), date(2026, 11, 22), (1013, 1014)),
        # The last month of the year ends on the 29th, which is the day of the 30th too.
        (date(2026, 2, 16), date(2026, 2, 17), (1229, 1231)),
        # 2025 has the sixth month twice: both count.
        (date(2025, 7, 25), date(2025, 7, 26), (601, 602)),
        (date(2025, 6, 25), date(2025, 6, 26), (601, 602)),
        (date(1800, 1, 1), date(1800, 1, 2), (0, 0)),
    ],
)
def test_lunar_days(first: date, end: date, wanted: tuple[int, int]) -> None:
    assert lunar_ranges(first, end) == (wanted, (0, 0), (0, 0))


def test_lunar_days_over_new_year_and_a_leap_month() -> None:
    assert lunar_ranges(date(2026, 2, 15), date(2026, 2, 19)) == ((1228, 1231), (101, 103), (0, 0))
    assert lunar_ranges(date(2025, 7, 23), date(2025, 7, 27)) == ((629, 631), (601, 603), (0, 0))
    assert lunar_ranges(date(2025, 1, 1), date(2026, 12, 31)) == ((0, 1300), (0, 0), (0, 0))
    window = Window(Cutoff(K.DAY, 0), Cutoff(K.DAY, 1))
    assert lunar_day_ranges(window, at(2026, 11, 21, 20), SHANGHAI) == (1013, 1014, 0, 0, 0, 0)


def of_activity(*spans: tuple[int, int], weekdays: tuple[int, ...] = (), start: int = 0, end: int = 0) -> Times:
    """Times given by local instants, or hours of weekdays."""
    return Times(spans, weekdays, start * 60, end * 60)


def local(*clock: int) -> int:
    return naive_micros(datetime(*clock))  # type: ignore[arg-type]


FRIDAYS = of_activity(weekdays=(5,), start=22, end=2)


@pytest.mark.parametrize(
    ("times", "t", "start", "end"),
    [
        # 20 November 2026 is a Friday.
        (FRIDAYS, (2026, 11, 20, 22, 0), "2026-11-20T22:00", "2026-11-21T02:00"),
        (FRIDAYS, (2026, 11, 20, 21, 59), "2026-11-13T22:00", "2026-11-14T02:00"),
        (FRIDAYS, (2026, 11, 26, 12, 0), "2026-11-20T22:00", "2026-11-21T02:00"),
        (of_activity(weekdays=(5,)), (2026, 11, 20, 0, 0), "2026-11-20T00:00", "2026-11-21T00:00"),
        (
            of_activity((local(2026, 11, 1), local(2026, 11, 30)), (local(2026, 11, 20, 20), local(2026, 11, 20, 22))),
            (2026, 11, 21, 0, 0),
            "2026-11-20T20:00",
            "2026-11-20T22:00",
        ),
    ],
)
def test_the_latest_time_of_an_activity(times: Times, t: tuple[int, ...], start: str, end: str) -> None:
    for kind, wanted in ((K.LATEST_START, start), (K.LATEST_END, end)):
        assert iso(cutoff_instant(Cutoff(kind, times=times), at(*t), SHANGHAI), SHANGHAI)[:16] == wanted


def test_before_its_first_time_an_activity_has_no_latest_one() -> None:
    coming = of_activity((local(2026, 11, 21), local(2026, 11, 22)))
    for kind in (K.LATEST_START, K.LATEST_END):
        assert cutoff_instant(Cutoff(kind, times=coming), at(2026, 11, 20, 23, 59), SHANGHAI) == LATEST
        assert cutoff_instant(Cutoff(kind, times=coming), at(2026, 11, 20, 23, 59), SHANGHAI, EARLIEST) == EARLIEST


@pytest.mark.parametrize("zone", ["Asia/Shanghai", NEW_YORK, APIA, "Africa/Casablanca", "Australia/Lord_Howe"])
def test_the_offsets_of_a_zone_show_its_clock(zone: str) -> None:
    rows = zone_offsets(zone)
    assert rows[0][1] == EARLIEST
    assert rows[-1][2] == LATEST
    assert all(before[2] == after[1] for before, after in pairwise(rows))
    for _, since, until, shift in rows[1:]:
        for instant in (since, (since + min(until, since + 400 * DAY)) // 2, min(until - 1, since + 400 * DAY)):
            if instant < 2_145_916_800_000_000:
                assert local_of(instant, zone) == instant + shift
        assert local_of(since - 1, zone) != since - 1 + shift
