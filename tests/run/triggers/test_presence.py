"""Who joined, who left, and who invited somebody: a member is there while any friendship lasts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from run.triggers.starting import open_shop, started
from workspaces import Shop, report_of


def friends(shop: Shop, *rows: tuple[str, str, str | None, str | None], at: str, backfill: bool = False) -> None:
    """Imports friendships: member, staff, since, until."""
    found = [{"member": m, "staff": s, "since": since, "until": until} for m, s, since, until in rows]
    shop.bring("friends", [{k: v for k, v in row.items() if v} for row in found], at, backfill=backfill)


def test_joining_by_the_attribute_and_by_a_friendship(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, "当 加好友")
    shop.members("u4", at="2026-11-18 10:00", 加好友时间="2026-11-18 09:58")
    friends(shop, ("u1", "张三", "2026-11-18 09:59", None), at="2026-11-18 10:00")
    assert sorted(started(shop, "2026-11-18 10:05")) == ["u1", "u4"]
    assert started(shop, "2026-11-18 11:00") == []


def test_a_friends_file_that_repeats_it_starts_nothing_again(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, "当 加好友")
    shop.members("u4", at="2026-11-18 10:00", 加好友时间="2026-11-18 09:58")
    assert started(shop, "2026-11-18 10:05") == ["u4"]
    friends(shop, ("u4", "张三", "2026-11-18 09:58", None), at="2026-11-18 10:10")
    assert started(shop, "2026-11-18 10:15") == []
    # The same member by the next staff is not joining either.
    friends(shop, ("u4", "李四", "2026-11-18 10:20", None), at="2026-11-18 10:20")
    assert started(shop, "2026-11-18 10:30") == []


def test_leaving_is_losing_the_last_friend(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, "当 删好友")
    friends(shop, ("u1", "张三", "2026-11-18 08:00", None), ("u1", "李四", "2026-11-18 08:00", None), at="2026-11-18 09:30")
    friends(shop, ("u1", "张三", "2026-11-18 08:00", "2026-11-18 10:00"), at="2026-11-18 10:00")
    assert started(shop, "2026-11-18 10:05") == []
    friends(shop, ("u1", "李四", "2026-11-18 08:00", "2026-11-18 11:00"), at="2026-11-18 11:00")
    assert started(shop, "2026-11-18 11:05") == ["u1"]
    assert started(shop, "2026-11-18 12:05") == []


def test_being_handed_over_at_one_instant_is_neither(tmp_path: Path) -> None:
    text = """
剧本 "走"
  当 删好友
    打标签 "老客"
"""
    shop = open_shop(tmp_path, "当 加好友", declared=text)
    friends(shop, ("u1", "张三", "2026-11-18 09:30", None), at="2026-11-18 09:30")
    assert started(shop, "2026-11-18 09:35") == ["u1"]
    friends(
        shop, ("u1", "张三", "2026-11-18 09:30", "2026-11-18 10:00"), ("u1", "李四", "2026-11-18 10:00", None),
        at="2026-11-18 10:00",
    )
    assert started(shop, "2026-11-18 10:05") == []


def test_coming_back_is_joining_again(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, "当 加好友")
    friends(shop, ("u1", "张三", "2026-11-18 09:30", "2026-11-18 09:40"), at="2026-11-18 09:45")
    assert started(shop, "2026-11-18 09:50") == ["u1"]
    friends(shop, ("u1", "张三", "2026-11-18 10:00", None), at="2026-11-18 10:00")
    assert started(shop, "2026-11-18 10:05") == ["u1"]


def test_old_friends_are_late_and_history_is_silent(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, "当 加好友")
    friends(shop, ("u1", "张三", "2026-01-01 09:30", None), at="2026-11-18 10:00")
    friends(shop, ("u2", "张三", "2026-11-18 09:30", None), at="2026-11-18 10:00", backfill=True)
    answer = shop.run("2026-11-18 10:05")
    assert (report_of(answer, "跟进").late, report_of(answer, "跟进").entered) == (1, 0)


def test_a_friendship_that_lies_ahead(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, "当 加好友")
    friends(shop, ("u1", "张三", "2026-11-18 15:00", None), at="2026-11-18 10:00")
    shop.members("u2", at="2026-11-18 10:00", 加好友时间="2026-11-18 14:00")
    assert started(shop, "2026-11-18 10:05") == []
    assert started(shop, "2026-11-18 14:30") == ["u2"]
    assert started(shop, "2026-11-18 15:30") == ["u1"]
    assert started(shop, "2026-11-18 16:30") == []


@pytest.mark.parametrize(("values", "expected"), [({"邀请人": "u1"}, ["u1"]), ({"邀请人": "nobody"}, []), ({}, [])])
def test_inviting(tmp_path: Path, values: dict[str, Any], expected: list[str]) -> None:
    shop = open_shop(tmp_path, "当 邀请成功")
    shop.members("u4", at="2026-11-18 10:00", 加好友时间="2026-11-18 09:58", **values)
    assert started(shop, "2026-11-18 10:05") == expected


def test_each_of_those_invited_starts_the_block(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, "当 邀请成功")
    shop.members("u4", "u5", at="2026-11-18 10:00", 加好友时间="2026-11-18 09:58", 邀请人="u1")
    shop.members("u6", at="2026-11-18 10:00", 邀请人="u1")
    assert started(shop, "2026-11-18 10:05") == ["u1", "u1"]


def test_an_inviter_who_is_learned_after_the_friendship_began(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, "当 邀请成功")
    shop.members("u4", "u5", at="2026-11-18 09:30")
    friends(shop, ("u4", "张三", "2026-11-18 10:00", None), ("u5", "张三", "2026-11-18 10:00", None), at="2026-11-18 10:00")
    shop.members("u4", at="2026-11-18 12:00", 邀请人="u1")
    # Both in one run, and the inviter a run later.
    assert started(shop, "2026-11-18 12:05") == ["u1"]
    shop.members("u5", at="2026-11-18 13:00", 邀请人="u1")
    assert started(shop, "2026-11-18 13:05") == ["u1"]
    # Once named, another inviter brings nobody.
    shop.members("u4", "u5", at="2026-11-18 14:00", 邀请人="u2")
    assert started(shop, "2026-11-18 14:05") == []


def test_an_inviter_who_is_learned_long_after_is_too_late(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, "当 邀请成功")
    shop.members("u4", "u5", at="2026-11-18 09:30")
    friends(shop, ("u4", "张三", "2026-11-18 10:00", None), at="2026-11-18 10:00")
    friends(shop, ("u5", "张三", "2026-11-19 10:00", None), at="2026-11-19 10:00", backfill=True)
    assert started(shop, "2026-11-19 10:05") == []
    shop.members("u4", "u5", at="2026-11-19 10:30", 邀请人="u1")
    assert started(shop, "2026-11-19 11:00") == []
