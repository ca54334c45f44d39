"""Erasing a member: every fact goes from the store and its file, and the log still verifies."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from sqlite3 import connect

import pytest
from qingting.engine.log.recompute import recompute_deliveries, recompute_erasures, recompute_records
from qingting.engine.log.store import leaf_count
from qingting.engine.member_desk import Erasure
from qingting.engine.run.lock import run_lock
from qingting.engine.stores.sqlite.cleaning import clean_file, is_unclean
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.grammar.diagnostics import CannotRun, UsageError
from workspaces import START, Shop, micros, when

Open = Callable[..., Shop]
AT = "2026-11-19 09:00"
# Whatever of these is found afterwards was not erased.
MARKS = ("MARK-ID", "MARK-NAME", "13900001111", "MARK-CITY", "MARK-SUBJECT", "MARK-STORE", "MARKCODE1", "o-MARK", "MARK-GONE")
TEXT = """
属性 手机 文本
券 "立减5" 减¥5
  有效期 7天
  库存 10
红包 "见面礼" ¥1 到 ¥3 随机
  预算 ¥100
剧本 "甲"
  面向 有标签 "新客"
  每天 10:00
    推送 企微 "称呼" 附券 "立减5"
    推送 企微 "问候" 附红包 "见面礼"
    派任务 "给 {{ 姓名 | default: '客户' }} 打电话" 限2小时内完成
    加积分 10
    等待 3天
    打标签 "老客"
剧本 "乙"
  当 下单
    推送 短信 "问候"
"""


def opened(open_shop: Open) -> Shop:
    """A shop that knows all sorts of things about one member, and of others what it takes to tell them apart."""
    shop = open_shop(TEXT)
    shop.bring("members", [
        {"id": "MARK-ID", "姓名": "MARK-NAME", "手机": "13900001111", "城市": "MARK-CITY", "inviter": "u1", "points": 120},
        {"id": "u2", "inviter": "u3"},
    ])
    shop.bring("members", [{"id": "u2", "inviter": "MARK-ID", "姓名": "乙"}], "2026-11-18 08:00")
    shop.tag("新客", "MARK-ID", "u2")
    shop.bring("events", [{
        "id": "o-MARK", "member": "MARK-ID", "type": "下单", "at": "2026-11-18 09:00", "subject": "MARK-SUBJECT", "门店": "MARK-STORE",
    }], "2026-11-18 09:00")
    shop.bring("coupons", [{"coupon": "立减5", "member": "MARK-ID", "code": "MARKCODE1", "issued": "2026-11-18 08:00"}])
    shop.bring("friends", [{"member": "MARK-ID", "staff": "zs", "since": "2026-11-18 08:00"}])
    shop.bring("groups", [{"group": "g1", "name": "一群"}, {"group": "g1", "member": "MARK-ID", "since": "2026-11-18 08:00"}])
    shop.run("2026-11-18 10:00")
    return shop


def found(shop: Shop) -> set[str]:
    """The marks that stand in any file of the workspace that belongs to the store."""
    files = [*shop.root.glob("qingting.db*"), *(p for p in (shop.root / ".qingting").rglob("*") if p.is_file())]
    held = b"".join(path.read_bytes() for path in files)
    return {mark for mark in MARKS if mark.encode() in held}


def erased(shop: Shop, *members: str, at: str = AT) -> Erasure:
    return shop.ws.members.erase(members or ("MARK-ID",), at=when(at))


def sound_leaves(shop: Shop) -> int:
    """How many leaves the log has, all of which can be recomputed."""
    with SqliteStore.open(shop.path) as store:
        leaves = leaf_count(store)
        checks = [
            check for recompute in (recompute_records, recompute_deliveries, recompute_erasures)
            for check in recompute(store, 0, leaves)
        ]
        assert sorted(check.seq for check in checks) == list(range(leaves))
        assert all(check.sound for check in checks)
        assert store.connection.execute("PRAGMA foreign_key_check").fetchall() == []
    return leaves


def linger(shop: Shop) -> None:
    """Leaves a mark in a page that was given up long ago, as every table that grows and shrinks does."""
    with closing(connect(shop.path, isolation_level=None)) as connection:
        for statement in (
            "PRAGMA secure_delete = OFF", "CREATE TABLE grown (text)", "INSERT INTO grown VALUES ('MARK-GONE')", "DROP TABLE grown",
        ):
            connection.execute(statement)


def test_nothing_of_it_is_left_in_any_file(open_shop: Open) -> None:
    shop = opened(open_shop)
    linger(shop)
    assert found(shop) == set(MARKS)
    assert erased(shop).clean
    assert found(shop) == set()
    assert shop.who("城市 有值", AT) == ("u1", "u2", "u3", "u4")


def test_the_numbers_are_those_of_the_preview(open_shop: Open) -> None:
    shop = opened(open_shop)
    before = shop.dump()
    known = shop.ws.members.known(["MARK-ID"])
    assert shop.dump() == before
    assert known.known == {
        "attributes": 4, "tags": 1, "events": 1, "points": 2, "coupons": 2, "redpackets": 1, "friendships": 1, "groups": 1,
        "tasks": 1, "invited": 1, "journeys": 1, "messages": 3, "answers": 0, "records": 5,
    }
    assert erased(shop).known == known.known


def test_the_log_stays_and_verifies(open_shop: Open) -> None:
    shop = opened(open_shop)
    before = [(r.seq, r.leaf, r.member) for r in shop.log()]
    leaves = sound_leaves(shop)
    erased(shop)
    assert [(r.seq, r.leaf, r.member) for r in shop.log()] == before
    assert {r.member_id for r in shop.log()} == {None, "u2"}
    assert shop.log(member="MARK-ID") == []
    # Three messages were withdrawn, and the erasure itself is a leaf.
    assert sound_leaves(shop) == leaves + 4
    assert shop.rows("SELECT seq, at FROM erasures") == [(leaves + 3, micros(AT))]
    assert shop.run("2026-11-19 10:00").exit_code == 0
    sound_leaves(shop)


def test_what_was_delivered_is_known_by_its_outcome_alone(open_shop: Open) -> None:
    shop = opened(open_shop)
    shop.deliver("2026-11-18 10:01")
    shop.ws.members.merge("u2", "MARK-ID", at=when("2026-11-18 20:00"))
    shop.write(TEXT.replace('  面向 有标签 "新客"\n', ""))
    shop.run("2026-11-19 10:00")
    shop.deliver("2026-11-19 10:01")
    texts = """SELECT m.id, hex(t.text_digest), hex(t.salt), t.channel_id FROM delivery_texts t JOIN deliveries v USING (seq)
      JOIN dispatches d ON d.seq = v.dispatch LEFT JOIN members m USING (unit) ORDER BY v.seq"""
    kept = shop.rows(texts)
    known = shop.ws.members.known(["MARK-ID"]).known["answers"]
    person = ("MARK-ID", "u2")
    assert {member for member, *_ in kept} == {*person, "u1", "u3", "u4"}
    outcomes = "SELECT seq, outcome, at, private, leaf FROM deliveries ORDER BY seq"
    before = shop.rows(outcomes)
    leaves = sound_leaves(shop)
    erased(shop, at="2026-11-19 11:00")
    assert shop.rows(texts) == [row for row in kept if row[0] not in person]
    assert known == sum(row[0] in person for row in kept)
    assert shop.rows(outcomes)[: len(before)] == before
    assert sound_leaves(shop) > leaves
    held = b"".join(path.read_bytes() for path in shop.root.glob("qingting.db*"))
    gone = [bytes.fromhex(salt) for member, _, salt, _ in kept if member in person]
    assert len(gone) == known > 0
    assert not any(salt in held for salt in gone)


def test_what_waits_is_withdrawn_and_nothing_more_is_sent(open_shop: Open) -> None:
    shop = opened(open_shop)
    erased(shop)
    assert shop.deliver("2026-11-19 09:30").sent == 2
    for day in ("19 10:00", "21 10:00", "22 10:00"):
        shop.run(f"2026-11-{day}")
        shop.deliver(f"2026-11-{day}")
    assert set(shop.outbox()) == {"u2"}
    assert shop.outbox("sms.jsonl") == []
    assert {r.member_id for r in shop.log() if r.seq > 12} == {"u2"}
    gone = "SELECT e.playbook, e.why, e.ended FROM enrolments e LEFT JOIN members m ON m.unit = e.unit WHERE m.unit IS NULL"
    assert shop.rows(gone) == [("甲", "erased", micros(AT))]


def test_what_was_given_stays_given(open_shop: Open) -> None:
    shop = opened(open_shop)
    shop.deliver("2026-11-18 10:01")
    taken = "SELECT count(*), count(issued), count(cancelled), count(expires) FROM coupons"
    assert shop.rows(taken) == [(3, 3, 0, 3)]
    packets = shop.rows("SELECT amount, taken, issued FROM redpackets ORDER BY unit")
    erased(shop)
    assert shop.rows(taken) == [(3, 3, 0, 1)]
    assert shop.rows("SELECT amount, taken, issued FROM redpackets ORDER BY unit") == packets
    budget = shop.plan("2026-11-19 10:00").report.playbooks[1].budgets[0]
    assert budget.before == 10_000 - sum(amount for amount, *_ in packets)


def test_the_stock_of_withdrawn_pushes_goes_back(open_shop: Open) -> None:
    shop = opened(open_shop)
    erased(shop)
    assert shop.rows("SELECT count(*), count(cancelled) FROM coupons") == [(3, 1)]


def test_others_do_not_know_who_invited_them(open_shop: Open) -> None:
    """The inviter before, who was wrong, must not come back."""
    shop = opened(open_shop)
    assert shop.who('邀请人 是 "MARK-ID"', AT) == ("u2",)
    erased(shop)
    assert shop.who("邀请人 有值", AT) == ()
    assert shop.who('姓名 是 "乙"', AT) == ("u2",)


def test_the_same_id_comes_back_as_somebody_new(open_shop: Open) -> None:
    shop = opened(open_shop)
    (before,) = shop.rows("SELECT unit, pseudonym FROM members WHERE id = 'MARK-ID'")
    erased(shop)
    shop.members("MARK-ID", at="2026-11-20 09:00")
    shop.tag("新客", "MARK-ID", at="2026-11-20 09:00")
    (after,) = shop.rows("SELECT unit, pseudonym FROM members WHERE id = 'MARK-ID'")
    assert after[0] > before[0]
    assert after[1] != before[1]
    assert shop.who("姓名 有值 或 城市 有值", "2026-11-20 09:30") == ("u1", "u2", "u3", "u4")
    shop.run("2026-11-20 10:00")
    assert 'push "称呼"' in [r.step for r in shop.log(member="MARK-ID")]
    erased(shop, at="2026-11-21 09:00")
    assert found(shop) == set()
    sound_leaves(shop)


def test_nobody_has_the_id_any_more(open_shop: Open) -> None:
    shop = opened(open_shop)
    erased(shop)
    for ids in (("MARK-ID",), ("u2", "nobody")):
        with pytest.raises(UsageError) as caught:
            erased(shop, *ids)
        assert caught.value.code == "C128"
    assert shop.rows("SELECT count(*) FROM members") == [(4,)]


def test_a_record_says_when_its_member_was_erased(open_shop: Open) -> None:
    shop = opened(open_shop)
    record = shop.log(member="MARK-ID")[0]
    erased(shop)
    answer = shop.ws.explain("", at=when(AT), dispatch=record.id, lang="zh")
    assert answer.member is None
    assert [note.text for note in answer.notes] == [
        "这位客户的资料已于 2026-11-19T09:00:00+08:00 抹除,只剩日志里的记录"
    ]
    with pytest.raises(UsageError):
        shop.ws.explain("MARK-ID", at=when(AT))


def test_no_erasure_while_a_run_is_at_work_or_a_channel_has_something_in_hand(open_shop: Open) -> None:
    shop = opened(open_shop)
    with run_lock(shop.path, "somebody"), pytest.raises(CannotRun) as caught:
        erased(shop)
    assert caught.value.code == "R301"
    shop.change("UPDATE outbox SET lease_owner = 'x', lease_until = ? WHERE channel = 'sms'", micros(AT))
    with pytest.raises(CannotRun) as caught:
        erased(shop)
    assert (caught.value.code, caught.value.params) == ("C290", {"number": 1})
    assert "MARK-NAME" in found(shop)


def test_a_file_in_use_is_cleaned_later(open_shop: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = opened(open_shop)
    monkeypatch.setattr("qingting.engine.stores.sqlite.cleaning.BUSY_SECONDS", 0.1)
    with SqliteStore.open(shop.path) as reader, reader.snapshot() as connection:
        connection.execute("SELECT count(*) FROM members").fetchone()
        assert not erased(shop).clean
        assert not shop.ws.members.clean()
    with SqliteStore.open(shop.path) as store:
        assert is_unclean(store)
    assert shop.ws.members.clean()
    assert found(shop) == set()
    with SqliteStore.open(shop.path, writable=True) as store:
        assert not is_unclean(store)
        assert clean_file(store)


def test_facts_that_wait_for_a_run_start_nothing(open_shop: Open) -> None:
    """A coupon's facts stay, so that they must not bring anybody into a journey."""
    shop = opened(open_shop)
    shop.write(TEXT + '剧本 "丙"\n  当 用券 "立减5"\n    打标签 "老客"\n')
    shop.run("2026-11-18 11:00")
    shop.bring("coupons", [{
        "coupon": "立减5", "member": "MARK-ID", "code": "MARKCODE1", "used": "2026-11-18 12:00",
    }], "2026-11-18 12:00")
    assert shop.plan("2026-11-18 12:30").report.records == 1
    erased(shop, at="2026-11-18 12:15")
    assert shop.run("2026-11-18 12:30").report.records == 0


OTHERS = {"groups", "group_facts", "group_tags", "group_tag_facts", "staff_facts"}
"""Tables whose unit is a group or staff."""
STAYS = {"dispatches", "enrolments", "erasures", "coupon_facts", "coupons", "redpacket_facts", "redpackets"}
"""What stays says of a number that something was decided or given, and nothing of who it was."""


def test_no_table_says_anything_more_of_the_member(open_shop: Open) -> None:
    """Whoever adds a table about members has to say here, or in the erasing, what becomes of it."""
    shop = opened(open_shop)
    shop.ws.members.merge("u1", "MARK-ID", at=when("2026-11-18 20:00"))
    units = [unit for (unit,) in shop.rows("SELECT unit FROM members WHERE id IN ('MARK-ID', 'u1')")]
    tables = [name for (name,) in shop.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    about = {
        table for table in tables for (column,) in shop.rows(f"SELECT name FROM pragma_table_info('{table}')")
        if column == "unit" and table not in OTHERS
    }
    speaks = "SELECT count(*) FROM {} WHERE unit IN ({}, {})"
    assert {t for t in about if shop.rows(speaks.format(t, *units)) != [(0,)]} == about - {"erasures"}
    erased(shop)
    assert {t for t in about if shop.rows(speaks.format(t, *units)) != [(0,)]} == STAYS


@pytest.mark.parametrize("goal", ['无标签 "新客"', '不满足 在群 "一群"'])
def test_nobody_who_was_erased_reaches_a_goal(open_shop: Open, goal: str) -> None:
    shop = open_shop(f"""
剧本 "甲"
  转化目标 {goal} 最长7天
  面向 有标签 "新客"
  每天 10:00
    推送 企微 "问候"
    等待 3天
    打标签 "老客"
""")
    shop.tag("新客", "u1", "u2")
    shop.bring("groups", [{"group": "g1", "name": "一群"}, *({"group": "g1", "member": m, "since": START} for m in ("u1", "u2"))])
    shop.run("2026-11-18 10:00")
    erased(shop, "u1", at="2026-11-18 11:00")
    shop.untag("新客", "u2", at="2026-11-18 11:30")
    shop.bring("groups", [{"group": "g1", "member": "u2", "until": "2026-11-18 11:30"}], "2026-11-18 11:30")
    shop.run("2026-11-18 12:00")
    assert shop.rows("SELECT why, goal IS NULL FROM enrolments ORDER BY unit") == [("erased", 1), ("goal_reached", 0)]
