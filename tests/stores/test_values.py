"""Cells of files to values."""

from __future__ import annotations

from decimal import Decimal

import pytest
from qingting.engine.program.ir import ValueType
from qingting.engine.stores.imports.report import RowError
from qingting.engine.stores.imports.values import Cell, check_zone, read_points, read_text, read_value
from stores.support import when

T = ValueType


@pytest.mark.parametrize(
    ("value_type", "cell", "expected"),
    [
        (T.TEXT, "  上海\u3000", "上海"), (T.TEXT, "e\u0301", "é"), (T.TEXT, "", None), (T.TEXT, " ", None),
        (T.TEXT, None, None), (T.TEXT, "12", "12"),
        (T.NUMBER, "12", 12_000_000), (T.NUMBER, "-0.5", -500_000), (T.NUMBER, "+.25", 250_000),
        (T.NUMBER, 3, 3_000_000), (T.NUMBER, Decimal("1.000001"), 1_000_001), (T.NUMBER, Decimal("1E2"), 100_000_000),
        (T.NUMBER, "9223372036854.775807", 2**63 - 1),
        (T.MONEY, "11.77", 1177), (T.MONEY, "-3", -300), (T.MONEY, Decimal("0.5"), 50),
        (T.DATE, "2024-02-29", 20240229), (T.LUNAR_DATE, "08-15", 815), (T.LUNAR_DATE, "12-30", 1230),
        (T.YES_NO, "是", 1), (T.YES_NO, "否", 0), (T.YES_NO, "TRUE", 1), (T.YES_NO, "no", 0), (T.YES_NO, True, 1),
        (T.YES_NO, "", None),
    ],
)
def test_values(value_type: ValueType, cell: Cell, expected: object) -> None:
    assert read_value(value_type, cell, "c", "Asia/Shanghai") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-11 20:00", "2026-11-11 20:00"), ("2026-11-11T20:00:00", "2026-11-11 20:00"),
        ("2026-11-11", "2026-11-11 00:00"), ("2026-11-11T12:00:00Z", "2026-11-11 20:00"),
        ("2026-11-11T12:00:00.123456+00:00", "2026-11-11 20:00:00.123456"),
        ("2026-11-11T12:00:00,5Z", "2026-11-11 20:00:00.500000"), ("20261111T200000", "2026-11-11 20:00"),
        ("20261111T2000+0800", "2026-11-11 20:00"), ("2026-W46-3T20:00", "2026-11-11 20:00"),
        ("2026W463", "2026-11-11 00:00"), ("2026-315T20", "2026-11-11 20:00"), ("2026-11-11T24:00", "2026-11-12 00:00"),
        ("2026-11-11T20:30.5", "2026-11-11 20:30:30"), ("2026-11-11T07:00-05", "2026-11-11 20:00"),
        ("2026-11-11 20:00:00.123456789", "2026-11-11 20:00:00.123456"),
        ("2026-11-11t12:00z", "2026-11-11 20:00"),
    ],
)
def test_instants(text: str, expected: str) -> None:
    assert read_value(T.INSTANT, text, "c", "Asia/Shanghai") == when(expected)


def test_a_skipped_clock_time_is_when_the_clocks_jump() -> None:
    zone = "America/New_York"
    assert read_value(T.INSTANT, "2026-03-08 02:30", "c", zone) == when("2026-03-08 03:00", zone)
    assert read_value(T.INSTANT, "2026-11-01 01:30", "c", zone) == when("2026-11-01 01:30", zone)


@pytest.mark.parametrize(
    ("value_type", "cell", "code"),
    [
        (T.TEXT, 5, "S102"), (T.TEXT, "a\0b", "S103"), (T.TEXT, "长" * 10_001, "S104"), (T.TEXT, "\ud800", "S105"),
        (T.TEXT, [1], "S128"), (T.NUMBER, {}, "S128"),
        (T.NUMBER, "1,200", "S106"), (T.NUMBER, "12", None), (T.NUMBER, "1e5", "S106"), (T.NUMBER, True, "S106"),
        (T.NUMBER, "５", "S106"), (T.NUMBER, "0.1234567", "S107"), (T.NUMBER, "9223372036854.775808", "S108"),
        (T.NUMBER, Decimal("1E999999"), "S108"), (T.NUMBER, "9" * 70, "S106"), (T.NUMBER, 10**30, "S108"),
        (T.MONEY, "1.777", "S107"), (T.MONEY, "¥5", "S106"),
        (T.DATE, "2026-02-30", "S109"), (T.DATE, "2026-2-3", "S109"), (T.DATE, "20260203", "S109"), (T.DATE, 5, "S109"),
        (T.LUNAR_DATE, "13-01", "S110"), (T.LUNAR_DATE, "01-31", "S110"), (T.LUNAR_DATE, 5, "S110"),
        (T.INSTANT, "2026-02-30", "S111"), (T.INSTANT, "2026-11-11T25:00", "S111"), (T.INSTANT, "soon", "S111"),
        (T.INSTANT, "2026-11-11T20:60", "S111"), (T.INSTANT, "2026-W60-1", "S111"), (T.INSTANT, "2025-366", "S111"),
        (T.INSTANT, "2026-11-11T24:01", "S111"), (T.INSTANT, "1762862400", "S112"), (T.INSTANT, "20261111", "S112"),
        (T.INSTANT, 1762862400, "S112"), (T.INSTANT, "9999-12-31", "S108"), (T.INSTANT, "0001-01-01", "S108"),
        (T.INSTANT, "0000-01-01", "S111"), (T.INSTANT, "9999-12-31T24:00", "S111"), (T.INSTANT, "T", "S111"),
        (T.INSTANT, "2026-11-11T20:00+99:00", "S111"), (T.INSTANT, "2026-11-11T20:00+08:99", "S111"),
        (T.YES_NO, "1", "S113"), (T.YES_NO, 1, "S113"),
    ],
)
def test_refusals(value_type: ValueType, cell: Cell, code: str | None) -> None:
    if code is None:
        read_value(value_type, cell, "c", "Asia/Shanghai")
        return
    with pytest.raises(RowError) as caught:
        read_value(value_type, cell, "列", "Asia/Shanghai")
    assert caught.value.code == code
    assert caught.value.params["column"] == "列"


@pytest.mark.parametrize("name", ["Mars/Base", "../etc/passwd", "Asia", "/etc", "", "上海"])
def test_unknown_zones(name: str) -> None:
    with pytest.raises(RowError) as caught:
        check_zone(name, "timezone")
    assert caught.value.code == "S114"


def test_points_are_whole() -> None:
    assert read_points("500", "points") == 500
    assert read_points("-3", "points") == -3
    assert read_points("", "points") is None
    for cell, code in (("1.5", "S132"), ("9000000000000", "S108")):
        with pytest.raises(RowError) as caught:
            read_points(cell, "points")
        assert caught.value.code == code


def test_a_text_of_numbers_stays_text() -> None:
    assert read_text("007", "c") == "007"
