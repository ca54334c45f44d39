"""Coordinates of an evaluation: sentences 1 to 8 of ARCHITECTURE.md."""

from __future__ import annotations

import re
from collections.abc import Callable

from qingting.engine.insight.answers import Node
from qingting.engine.run.engine import plan_run
from qingting.engine.stores.sqlite.database import SqliteStore
from workspaces import Shop, micros, when

Open = Callable[..., Shop]
CLICKED = """
剧本 "甲"
  面向 做过 点击
  每天 20:00
    推送 企微 "问候"
"""
FACT_TABLES = (
    "attribute_facts", "tag_facts", "events", "points", "coupon_facts", "friendship_facts", "group_member_facts",
    "group_facts", "group_tag_facts", "staff_facts", "redpacket_facts", "removal_facts",
)


def test_01_facts_have_at_arrived_and_seq(open_shop: Open) -> None:
    shop = open_shop()
    shop.event("点击", "u1", at="2026-11-18 12:00", arrived="2026-11-18 13:00")
    shop.event("点击", "u1", at="2026-11-18 11:00", arrived="2026-11-18 14:00")
    first, second = shop.rows("SELECT at, arrived, seq FROM events ORDER BY seq")
    assert first[:2] == (micros("2026-11-18 12:00"), micros("2026-11-18 13:00"))
    assert second[:2] == (micros("2026-11-18 11:00"), micros("2026-11-18 14:00"))
    assert first[2] < second[2]
    for table in FACT_TABLES:
        assert {"at", "arrived", "seq"} <= {name for _, name, *_ in shop.rows(f"PRAGMA table_info({table})")}


def test_02_a_fact_is_seen_by_at_arrived_and_seq(open_shop: Open) -> None:
    shop = open_shop(CLICKED)
    shop.event("点击", "u1", at="2026-11-18 20:00", arrived="2026-11-18 20:05")
    shop.event("点击", "u2", at="2026-11-18 20:00:00.000001", arrived="2026-11-18 20:03")
    shop.event("点击", "u3", at="2026-11-18 19:00", arrived="2026-11-18 20:05:00.000001")

    def bring_more(boundary: str) -> None:
        if boundary == "reserved":
            shop.event("点击", "u4", at="2026-11-18 19:00", arrived="2026-11-18 19:00")

    shop.run("2026-11-18 20:05", bring_more)
    assert [member for member, _, _ in shop.decided()] == ["u1"]


def test_03_coordinates_are_occurrence_run_and_facts_so_far(open_shop: Open) -> None:
    shop = open_shop("""
剧本 "甲"
  每天 20:00
    推送 企微 "问候"
    打标签 "已触达"
    推送 企微 "推荐"
""")
    (mark,) = shop.rows("SELECT value FROM meta WHERE key = 'last_seq'")[0]
    shop.run("2026-11-18 20:07")
    records = shop.log()
    assert {(r.t, r.decided_at) for r in records} == {(when("2026-11-18 20:00"), when("2026-11-18 20:07"))}
    # Four tags given stand between the first push and the second.
    assert [r.mark for r in records] == [mark] * 8 + [mark + 4] * 4


def test_04_consent_is_judged_at_the_runs_instant(open_shop: Open) -> None:
    shop = open_shop("""
全局规则
  时区 Asia/Shanghai
  永不推送 有标签 "退订"
剧本 "甲"
  面向 均不满足
    有标签 "退订"
  每天 20:00
    推送 企微 "问候"
""")
    shop.tag("退订", "u1", at="2026-11-18 20:03")
    shop.tag("退订", "u2", at="2026-11-18 20:07:00.000001")
    shop.run("2026-11-18 20:07")
    assert sorted(shop.decided()) == [
        ("u1", 'push "问候"', "never_push"),
        *((member, 'push "问候"', "queued") for member in ("u2", "u3", "u4")),
    ]


def test_05_who_and_explain_take_one_instant_and_every_seq(open_shop: Open) -> None:
    shop = open_shop(CLICKED)
    shop.event("点击", "u1", at="2026-11-18 11:00", arrived="2026-11-18 13:00")
    assert shop.who("做过 点击", "2026-11-18 12:59:59") == ()
    assert shop.who("做过 点击", "2026-11-18 13:00") == ("u1",)
    shop.run("2026-11-18 20:05")
    # What arrived before the run is told to the store after it, with a seq behind the record's mark.
    shop.event("点击", "u1", "u2", at="2026-11-18 15:00", arrived="2026-11-18 15:00")
    assert shop.who("做过 点击", "2026-11-18 20:00") == ("u1", "u2")
    (record,) = shop.log()
    now = shop.ws.explain("u1", at=when("2026-11-18 20:00"))
    then = shop.ws.explain("u1", at=when("2026-11-18 20:00"), dispatch=record.id)
    assert [clicks(explanation.playbooks[0].blocks[0].tree) for explanation in (now, then)] == [2, 1]


def clicks(node: Node) -> object:
    """The number of clicks that an explanation saw."""
    return node.value if "点击" in node.test else clicks(node.children[0])


def test_06_windows_are_half_open_and_bounded_by_python(open_shop: Open) -> None:
    shop = open_shop(CLICKED)
    shop.event("点击", "u1", at="2026-11-15 20:00:00.000000", backfill=True)
    shop.event("点击", "u2", at="2026-11-15 20:00:00.000001", backfill=True)
    shop.event("点击", "u3", at="2026-11-18 20:00:00.000000")
    shop.event("点击", "u4", at="2026-11-18 20:00:00.000001")
    assert shop.who("3天内 做过 点击", "2026-11-18 20:00") == ("u2", "u3")
    shop.event("点击", "u1", at="2026-11-16 23:59:59.999999", backfill=True)
    shop.event("点击", "u2", at="2026-11-17 00:00:00.000000", backfill=True)
    shop.event("点击", "u3", at="2026-11-17 23:59:59.999999", backfill=True)
    assert shop.who("昨天 做过 点击", "2026-11-18 20:00") == ("u2", "u3")


def test_06_sql_knows_no_calendar(open_shop: Open) -> None:
    shop = open_shop(CLICKED.replace("做过 点击", "昨天 做过 点击 且 3天后当天 生日周年 且 加好友时间 3天前当天"))
    shop.members("u1", 生日="2020-11-21", 加好友时间="2026-11-15 12:00")
    shop.event("点击", "u1", at="2026-11-17 12:00", backfill=True)
    statements: list[str] = []
    with SqliteStore.open(shop.path) as store:
        store.connection.set_trace_callback(statements.append)
        report = plan_run(store, shop.ws.load().program, micros("2026-11-18 20:05"))
    assert report.records == 1
    assert any("events" in statement for statement in statements)
    calendar = re.compile(r"\b(date|time|datetime|julianday|unixepoch|strftime|current_\w+)\s*\(|'now'", re.IGNORECASE)
    assert [statement for statement in statements if calendar.search(statement)] == []


def test_07_a_test_of_an_unknown_value_is_false(open_shop: Open) -> None:
    shop = open_shop()
    shop.members("x")
    at = "2026-11-19 00:00"
    for test in ('城市 是 "上海"', '城市 不是 "北京"', '城市 不属于 "北京"', '城市 包含 "上"', "城市 有值"):
        assert shop.who(test, at) == ("u1", "u2", "u3", "u4")
        assert shop.who(f"不满足 {test}", at) == ("x",)


def test_08_a_tag_is_held_from_since_until_its_latest_expiry(open_shop: Open) -> None:
    shop = open_shop('标签 "兴趣" 有效期 3天\n')
    shop.tag("兴趣", "u1", at="2026-11-18 10:00")
    held = '有标签 "兴趣"'
    assert shop.who(held, "2026-11-18 09:59:59.999999") == ()
    assert shop.who(held, "2026-11-18 10:00") == ("u1",)
    shop.tag("兴趣", "u1", at="2026-11-20 10:00", since="2026-11-20 10:00")
    assert shop.who(held, "2026-11-23 09:59:59.999999") == ("u1",)
    assert shop.who(held, "2026-11-23 10:00") == ()
    # The interval began on the 18th.
    assert shop.who('1天内 打上 "兴趣"', "2026-11-20 12:00") == ()
    assert shop.rows("SELECT since, until FROM member_tags JOIN tags USING (tag) WHERE name = '兴趣'") == [
        (micros("2026-11-18 10:00"), micros("2026-11-23 10:00"))
    ]
