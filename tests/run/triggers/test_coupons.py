"""Coupons used, and coupons about to expire."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from run.triggers.starting import open_shop, started
from workspaces import Shop

DECLARED = """
券 "满减" 减¥5
  有效期 7天
券 "别的" 减¥5
"""


def coupon(shop: Shop, member: str, code: str, at: str, **columns: Any) -> None:
    """Imports what is said of a code."""
    shop.bring("coupons", [{"member": member, "coupon": "满减", "code": code, **columns}], at)


def test_using_one(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, '当 用券 "满减"', declared=DECLARED)
    coupon(shop, "u1", "a", "2026-11-18 09:30", issued="2026-11-18 09:30")
    coupon(shop, "u2", "b", "2026-11-18 09:30", issued="2026-11-18 09:30")
    assert started(shop, "2026-11-18 09:40") == []
    coupon(shop, "u1", "a", "2026-11-18 10:00", used="2026-11-18 10:00")
    assert started(shop, "2026-11-18 10:05") == ["u1"]
    coupon(shop, "u1", "a", "2026-11-18 10:10", used="2026-11-18 10:00")
    assert started(shop, "2026-11-18 10:15") == []


def test_expiring_after_so_long(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, '当 券 "满减" 2天后过期', declared=DECLARED)
    for member, code in (("u1", "a"), ("u2", "b"), ("u3", "c")):
        coupon(shop, member, code, "2026-11-18 09:30", issued="2026-11-18 09:30")
    coupon(shop, "u2", "b", "2026-11-20 10:00", used="2026-11-20 10:00")
    coupon(shop, "u3", "d", "2026-11-18 09:30", issued="2026-11-18 09:30", expires="2026-11-23 09:31")
    assert started(shop, "2026-11-21 09:29") == []
    assert started(shop, "2026-11-23 09:29") == []
    assert started(shop, "2026-11-23 09:30") == ["u1", "u3"]
    assert started(shop, "2026-11-23 10:30") == []


def test_a_coupon_used_later_was_held_then(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, '当 券 "满减" 2天后过期', declared=DECLARED)
    coupon(shop, "u1", "a", "2026-11-18 09:30", issued="2026-11-18 09:30")
    coupon(shop, "u1", "a", "2026-11-23 10:00", used="2026-11-23 09:31")
    assert started(shop, "2026-11-23 10:00") == ["u1"]


@pytest.mark.parametrize(
    ("line", "expires", "before", "at"),
    [
        ('当 券 "满减" 2天后过期 10:00', "2026-11-25 23:00", "2026-11-23 09:59", "2026-11-23 10:00"),
        ('当 券 "满减" 2天后过期 10:00', "2026-11-25 00:00", "2026-11-23 09:59", "2026-11-23 10:00"),
        ('当 券 "满减" 1个月后过期', "2027-01-31 12:00", "2026-12-31 11:59", "2026-12-31 12:00"),
        ('当 券 "满减" 1个月后过期 10:00', "2027-03-31 12:00", "2027-02-28 09:59", "2027-02-28 10:00"),
    ],
)
def test_by_the_clock_and_by_months(tmp_path: Path, line: str, expires: str, before: str, at: str) -> None:
    shop = open_shop(tmp_path, line, declared=DECLARED)
    coupon(shop, "u1", "a", "2026-11-18 09:30", issued="2026-11-18 09:30", expires=expires)
    assert started(shop, before) == []
    assert started(shop, at) == ["u1"]


def test_on_the_clock_of_each_member(tmp_path: Path) -> None:
    shop = open_shop(
        tmp_path, '当 券 "满减" 2天后过期 10:00', declared=DECLARED, header="  时区 按客户 缺省 Asia/Shanghai\n"
    )
    shop.members("u2", timezone="America/New_York")
    for member, code in (("u1", "a"), ("u2", "b")):
        coupon(shop, member, code, "2026-11-18 09:30", issued="2026-11-18 09:30", expires="2026-11-25 23:00")
    assert started(shop, "2026-11-23 10:00") == ["u1"]
    assert started(shop, "2026-11-23 22:59") == []
    assert started(shop, "2026-11-23 23:00") == ["u2"]


def test_a_coupon_that_lives_shorter_is_never_held_so_early(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, '当 券 "满减" 2天后过期', declared=DECLARED)
    coupon(shop, "u1", "a", "2026-11-18 10:00", issued="2026-11-18 10:00", expires="2026-11-20 09:30")
    assert started(shop, "2026-11-18 10:05") == []
    assert started(shop, "2026-11-20 10:05") == []


def test_given_by_an_earlier_run(tmp_path: Path) -> None:
    text = DECLARED + """
剧本 "发"
  当 下单
    发券 "满减"
"""
    shop = open_shop(tmp_path, '当 券 "满减" 2天后过期', declared=text)
    shop.event("下单", "u1", at="2026-11-18 10:00")
    shop.run("2026-11-18 10:05")
    assert started(shop, "2026-11-23 09:59") == []
    assert started(shop, "2026-11-23 10:00") == ["u1"]
