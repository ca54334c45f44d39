"""Instants as people say them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from qingting.engine.program.clock import from_datetime, to_datetime
from qingting.engine.testing.instants import read_instant

ZONE = "Asia/Shanghai"
NOW = from_datetime(datetime(2026, 3, 31, 20, 0, tzinfo=ZoneInfo(ZONE)))


@pytest.mark.parametrize(("text", "meant"), [
    ("now", "2026-03-31 20:00"), ("现在", "2026-03-31 20:00"),
    ("1 day ago", "2026-03-30 20:00"), ("1天前", "2026-03-30 20:00"), ("30 minutes ago", "2026-03-31 19:30"),
    ("in 7 days", "2026-04-07 20:00"), ("7天后", "2026-04-07 20:00"), ("2 weeks later", "2026-04-14 20:00"),
    # A month goes to the same day and clock, or the month's last day.
    ("1 month ago", "2026-02-28 20:00"), ("1个月前", "2026-02-28 20:00"),
    ("yesterday 10:00", "2026-03-30 10:00"), ("昨天 10:00", "2026-03-30 10:00"), ("tomorrow at 9:05", "2026-04-01 09:05"),
    ("3 days ago at 08:00", "2026-03-28 08:00"), ("3天前 08:00", "2026-03-28 08:00"), ("today 23:59", "2026-03-31 23:59"),
    ("2026-02-01 07:00", "2026-02-01 07:00"), ("2026-02-01", "2026-02-01 00:00"),
])  # fmt: skip
def test_what_an_instant_means(text: str, meant: str) -> None:
    found = read_instant(text, NOW, ZONE)
    assert found is not None
    assert to_datetime(found, ZONE).strftime("%Y-%m-%d %H:%M") == meant


@pytest.mark.parametrize("text", ["", "soon", "1 day", "ago", "today 25:00", "2026-02-30", "20260201", "999999 months ago"])
def test_what_is_no_instant(text: str) -> None:
    assert read_instant(text, NOW, ZONE) is None
