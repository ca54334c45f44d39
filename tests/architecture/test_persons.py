"""Persons: erasing one, and merging the ids of one."""

from __future__ import annotations

from collections.abc import Callable

from qingting.engine.log.recompute import recompute_erasures, recompute_records
from qingting.engine.stores.sqlite.database import SqliteStore
from workspaces import Shop, when

Open = Callable[[str], Shop]
ONCE = """
剧本 "甲"
  每人仅一次
  面向 有标签 "新客"
  每天 20:00
    推送 企微 "问候"
"""


def test_61_an_erased_member_is_gone_and_the_log_verifies(open_shop: Open) -> None:
    shop = open_shop(ONCE)
    shop.members("last", 姓名="MARK")
    shop.tag("新客", "last")
    shop.run("2026-11-18 20:00")
    shop.deliver("2026-11-18 20:01")
    (unit,) = shop.rows("SELECT unit FROM members WHERE id = 'last'")
    shop.ws.members.erase(["last"], at=when("2026-11-18 21:00"))
    assert b"MARK" not in shop.path.read_bytes()
    with SqliteStore.open(shop.path) as store:
        checks = [*recompute_records(store, 0, 10), *recompute_erasures(store, 0, 10)]
    assert [(check.seq, check.sound) for check in checks] == [(0, True), (2, True)]
    shop.members("next", at="2026-11-18 22:00")
    assert shop.rows("SELECT unit FROM members WHERE id = 'next'") > [unit]


def test_62_a_merge_starts_nothing_and_repeats_nothing(open_shop: Open) -> None:
    shop = open_shop(ONCE + '剧本 "乙"\n  当 打上标签 "新客"\n    打标签 "已触达"\n')
    shop.tag("新客", "u1")
    shop.run("2026-11-18 20:00")
    shop.ws.members.merge("u1", "u2", at=when("2026-11-18 21:00"))
    shop.run("2026-11-19 20:00")
    assert {r.member_id for r in shop.log()} == {"u1"}
    assert shop.who('有标签 "新客"', "2026-11-19 20:00") == ("u2",)
    assert shop.who('有标签 "新客"', "2026-11-18 20:59") == ("u1",)
