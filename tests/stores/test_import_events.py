"""Events and coupons: ids, repeats, conflicts, fields, validity."""

from __future__ import annotations

from pathlib import Path

import pytest
from qingting.engine.program import ir
from qingting.engine.stores.sqlite.database import SqliteStore
from stores.support import NOW, bring, faults, new_store, rows, when

DAY = ir.DAY


def shop(folder: Path) -> SqliteStore:
    store = new_store(folder)
    bring(store, "members", "id\nu1\nu2\n")
    return store


@pytest.mark.parametrize(
    ("ending", "text"),
    [
        ("csv", "id,member,type,at,subject,amount,门店,qty\ne1,u1,order,2026-11-01 10:00,猫粮,199.90,静安,2\n"),
        ("csv", "事件号,客户号,事件,发生时间,对象,金额,门店,数量\ne1,u1,order,2026-11-01T10:00,猫粮,199.90,静安,2\n"),
        ("jsonl", """{"id": "e1", "客户号": "u1", "type": "order", "time": "2026-11-01T02:00Z", "对象": "猫粮", \
"amount": 199.90, "门店": "静安", "qty": 2}"""),
    ],
)
def test_both_languages_and_formats(tmp_path: Path, ending: str, text: str) -> None:
    with shop(tmp_path) as store:
        assert bring(store, "events", text, ending=ending).added == 1
        columns = [f"f{store.field_number(name)}" for name in ("门店", "qty")]
        query = f"SELECT at, arrived, subject, amount, {', '.join(columns)} FROM events"
        assert rows(store, query) == [(when("2026-11-01 10:00"), NOW, "猫粮", 19990, "静安", 2_000_000)]


def test_repeats_and_conflicts(tmp_path: Path) -> None:
    head = "id,member,type,at,amount\n"
    with shop(tmp_path) as store:
        report = bring(store, "events", head + "e1,u1,order,2026-11-01,5\ne1,u1,order,2026-11-01,5\n")
        assert (report.added, report.ignored) == (1, 1)
        report = bring(store, "events", head + "e1,u1,order,2026-11-01,5\ne1,u1,order,2026-11-01,6\n"
                       "e1,u2,order,2026-11-01,5\ne1,u1,点击,2026-11-01,5\ne2,u1,order,2026-11-01,\n")
        assert (report.added, report.ignored) == (1, 1)
        assert [(entry.line, entry.code) for entry in report.conflicts] == [(3, "S129"), (4, "S129"), (5, "S129")]
        assert rows(store, "SELECT id, amount FROM events ORDER BY id") == [("e1", 500), ("e2", None)]
        # A file that says less is no conflict.
        assert bring(store, "events", "id,member,type,at\ne1,u1,order,2026-11-01\n").ignored == 1


def test_events_of_several_types_in_one_file(tmp_path: Path) -> None:
    text = "id,member,type,at,门店\ne1,u1,order,2026-11-01,静安\ne2,u1,点击,2026-11-01,\ne3,u1,点击,2026-11-01,静安\n"
    with shop(tmp_path) as store:
        report = bring(store, "events", text)
        assert (report.added, faults(report)) == (2, [(4, "S120")])
        assert bring(store, "events", text, ignore_unknown=True).unknown == (("门店", 1),)
        names = {name for (name,) in rows(store, "SELECT name FROM sqlite_master WHERE type = 'index'")}
        assert {f"events_{store.event_number('order')}_unit", f"events_{store.event_number('点击')}_subject"} <= names


def test_generated_ids_come_from_file_and_line(tmp_path: Path) -> None:
    text = "member,type,at\nu1,order,2026-11-01\nu1,order,2026-11-01\n"
    with shop(tmp_path) as store:
        assert bring(store, "events", text, generate_ids=True).added == 2
        assert rows(store, "SELECT id FROM events ORDER BY id") == [("events.csv:2",), ("events.csv:3",)]
        assert bring(store, "events", text, generate_ids=True).ignored == 2


def test_faults(tmp_path: Path) -> None:
    text = (
        "id,member,type,at,amount\n,u1,order,2026-11-01,\ne1,u9,order,2026-11-01,\ne2,u1,nope,2026-11-01,\n"
        "e3,u1,order,,\ne4,u1,order,2026-11-01,1.999\ne5,u1,order,2026-11-01,1\n"
    )
    with shop(tmp_path) as store:
        report = bring(store, "events", text)
        assert faults(report) == [(2, "S101"), (3, "S116"), (4, "S118"), (5, "S101"), (6, "S107")]
        assert report.added == 1
        report = bring(store, "events", "id,member,type,at\ne9,n1,order,2026-11-01\n", create_members=True)
        assert (report.added, report.members) == (1, 1)


def test_backfill(tmp_path: Path) -> None:
    with shop(tmp_path) as store:
        text = "id,member,type,at,arrived\ne1,u1,order,2020-01-01,\ne2,u1,order,2020-01-01,2020-01-02\n"
        bring(store, "events", text, backfill=True)
        assert rows(store, "SELECT at, arrived, backfilled FROM events ORDER BY id") == [
            (when("2020-01-01"), when("2020-01-01"), 1), (when("2020-01-01"), when("2020-01-02"), 1),
        ]


def test_coupons(tmp_path: Path) -> None:
    text = (
        "券,客户号,券码,issued,expires,used\n满100减20,u1,c1,2026-11-01 10:00,,\n"
        "today,u1,c2,2026-11-01 10:00,,2026-11-01 11:00\n满100减20,u2,c3,2026-11-01,2026-12-01,\n"
    )
    with shop(tmp_path) as store:
        assert bring(store, "coupons", text).added == 3
        issued = when("2026-11-01 10:00")
        coupons = "SELECT code, taken, issued, expires, used, cancelled FROM coupons ORDER BY code"
        assert rows(store, coupons) == [
            ("c1", issued, issued, issued + 7 * DAY, None, None),
            ("c2", issued, issued, when("2026-11-02"), when("2026-11-01 11:00"), None),
            ("c3", when("2026-11-01"), when("2026-11-01"), when("2026-12-01"), None, None),
        ]
        assert bring(store, "coupons", text).ignored == 3
        report = bring(store, "coupons", "coupon,member,code,used\n满100减20,u1,c1,2026-11-05\n满100减20,u2,c1,\n"
                       "today,u1,c1,\n满100减20,u1,c1,2026-11-06\nnope,u1,c9,\ntoday,u9,c8,\n,u1,c7,\n")
        assert (report.changed, faults(report)) == (1, [(6, "S119"), (7, "S116"), (8, "S101")])
        assert [(entry.line, entry.code) for entry in report.conflicts] == [(3, "S130"), (4, "S130"), (5, "S130")]
        assert rows(store, coupons)[0][4] == when("2026-11-05")


def test_backfilled_coupons_arrive_at_their_own_instants(tmp_path: Path) -> None:
    text = "coupon,member,code,issued,used\ntoday,u1,c1,2026-10-01,2026-10-02\n"
    with new_store(tmp_path) as store:
        bring(store, "members", "id\nu1\n")
        bring(store, "coupons", text, backfill=True)
        assert rows(store, "SELECT kind, at, arrived, backfilled FROM coupon_facts ORDER BY seq") == [
            ("issued", when("2026-10-01"), when("2026-10-01"), 1), ("used", when("2026-10-02"), when("2026-10-02"), 1)
        ]
