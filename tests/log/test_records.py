"""Reading the log, and recomputing it from the columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from sqlite3 import IntegrityError
from zoneinfo import ZoneInfo

import pytest
from delivery.shop import OCCURRENCE, VERSION, Push, T, open_shop, record_run
from qingting.engine.log.encoding import DeliveryFields, PrivateTexts, delivery_leaf, private_digest
from qingting.engine.log.erasures import record_erasures
from qingting.engine.log.first_format import first_leaf, first_texts
from qingting.engine.log.recompute import recompute_deliveries, recompute_records
from qingting.engine.log.records import LogFilter, find_record, read_log
from qingting.engine.program.ir import HOUR
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.engine.stores.sqlite.erasing import forget
from qingting.grammar.diagnostics import UsageError

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = open_shop(tmp_path / "shop.db")
    record_run(store, [Push((1, 2), params={"coupon": "满100减20"}), Push((3,), status="suppressed", reason="cap")])
    record_run(store, [Push((1,), playbook="生日", step="push 生日", occurrence="later", channel="sms")], at=T + HOUR)
    with store:
        yield store


def seqs(store: SqliteStore, **filters: object) -> list[int]:
    return [record.seq for record in read_log(store, LogFilter(**filters), SHANGHAI)]


def deliver(store: SqliteStore, dispatch: int, outcome: str, error: str | None = None) -> None:
    with store.transaction() as db:
        seq = store.meta("leaves")
        texts = PrivateTexts(b"s" * 16, "wx", error, b"d" * 32)
        fields = DeliveryFields(seq, dispatch, T, 1, outcome, None, private_digest(texts), store.take_seqs(1)[0])
        db.execute(
            "INSERT INTO deliveries VALUES (?, ?, ?, ?, ?, ?, 2, ?, ?, ?)",
            (seq, dispatch, T, 1, outcome, None, fields.private, fields.arrived_seq, delivery_leaf(fields)),
        )
        db.execute("INSERT INTO delivery_texts VALUES (?, ?, 'wx', ?, ?)", (seq, texts.salt, error, texts.text_digest))
        store.set_meta("leaves", seq + 1)


def deliver_in_the_first_format(store: SqliteStore, dispatch: int) -> None:
    known = ("sent", None, "wx", None, b"d" * 32)
    digest = sha256(first_texts(*known)).digest()
    with store.transaction() as db:
        seq, arrived = store.meta("leaves"), store.take_seqs(1)[0]
        leaf = first_leaf(seq, dispatch, T, 1, arrived, digest)
        values = (seq, dispatch, T, *known[:2], digest, arrived, leaf)
        db.execute("INSERT INTO deliveries VALUES (?, ?, ?, 1, ?, ?, 1, ?, ?, ?)", values)
        db.execute("INSERT INTO delivery_texts VALUES (?, NULL, ?, ?, ?)", (seq, *known[2:]))
        store.set_meta("leaves", seq + 1)


def erase(store: SqliteStore, unit: int) -> None:
    with store.transaction() as db:
        record_erasures(store, [unit], T)
        forget(db, [unit], T)


def test_a_record_says_what_was_decided(store: SqliteStore) -> None:
    record = next(read_log(store, LogFilter(), SHANGHAI))
    plain = record.to_json()
    assert list(plain) == [
        "id",
        "seq",
        "run",
        "occurrence",
        "decided_at",
        "playbook",
        "version",
        "step",
        "member",
        "action",
        "channel",
        "content",
        "arm",
        "status",
        "reason",
        "not_before",
        "key",
        "leaf",
        "params",
        "delivery",
    ]
    assert plain["decided_at"] == plain["not_before"] == "2025-11-21T20:00:00+08:00"
    assert (record.occurrence, record.playbook, record.version) == (OCCURRENCE, "猫粮跟进", VERSION)
    assert plain["params"] == {"coupon": "满100减20"}
    assert plain["id"] == record.key[:20]
    assert len(record.member or "") == 32
    assert record.decided_at.utcoffset() == timedelta(hours=8)
    assert record.delivery is None


def test_the_outside_id_is_shown_only_when_asked_for(store: SqliteStore) -> None:
    (shown,) = read_log(store, LogFilter(limit=1), SHANGHAI, reveal=True)
    (hidden,) = read_log(store, LogFilter(limit=1), SHANGHAI)
    assert shown.to_json()["member_id"] == "m00"
    assert "member_id" not in hidden.to_json()


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, [0, 1, 2, 3]),
        ({"member": "m00"}, [0, 3]),
        ({"member": "nobody"}, []),
        ({"playbook": "生日"}, [3]),
        ({"status": "suppressed"}, [2]),
        ({"reason": "cap"}, [2]),
        ({"since": T + HOUR}, [3]),
        ({"until": T + HOUR}, [0, 1, 2]),
        ({"since": T, "until": T + 1, "status": "queued"}, [0, 1]),
        ({"limit": 2}, [2, 3]),
        ({"limit": 1, "member": "m00"}, [3]),
    ],
)
def test_filters(store: SqliteStore, filters: dict, expected: list[int]) -> None:
    assert seqs(store, **filters) == expected


def test_a_run_is_found_by_its_id(store: SqliteStore) -> None:
    run = next(read_log(store, LogFilter(), SHANGHAI)).run
    assert seqs(store, run=run) == [0, 1, 2]


def test_the_latest_delivery_is_shown(store: SqliteStore) -> None:
    deliver(store, 0, "unknown", "interrupted")
    deliver(store, 0, "sent")
    first, second, *_ = read_log(store, LogFilter(), SHANGHAI, reveal=True)
    assert first.to_json()["delivery"] == {
        "outcome": "sent",
        "at": "2025-11-21T20:00:00+08:00",
        "attempt": 1,
        "reason": None,
        "channel_id": "wx",
        "error": None,
    }
    assert second.delivery is None
    masked, *_ = read_log(store, LogFilter(), SHANGHAI)
    assert masked.delivery is not None
    assert (masked.delivery.outcome, masked.delivery.channel_id) == ("sent", None)


def test_a_record_is_found_by_the_beginning_of_its_id(store: SqliteStore) -> None:
    every = list(read_log(store, LogFilter(), SHANGHAI))
    for record in every:
        assert find_record(store, record.id[:12].upper(), SHANGHAI) == record
    for text, code in (("", "D303"), ("xyz", "D303"), ("0" * 21, "D303"), ("0" * 20, "D301")):
        with pytest.raises(UsageError) as raised:
            find_record(store, text, SHANGHAI)
        assert raised.value.code == code


def test_an_ambiguous_id_says_which(store: SqliteStore) -> None:
    record_run(store, [Push((1, 2, 3), playbook=f"p{n}") for n in range(12)])
    shared = [record.id for record in read_log(store, LogFilter(), SHANGHAI)]
    digit = next(d for d in "0123456789abcdef" if sum(each.startswith(d) for each in shared) > 1)
    with pytest.raises(UsageError) as raised:
        find_record(store, digit, SHANGHAI)
    assert raised.value.code == "D302"
    assert str(raised.value.params["first"]).startswith(digit)


def test_leaves_are_recomputed_from_the_columns(store: SqliteStore) -> None:
    deliver(store, 0, "sent")
    records = list(recompute_records(store, 0, 10))
    assert [check.seq for check in records] == [0, 1, 2, 3]
    assert all(check.sound for check in records)
    (delivery,) = recompute_deliveries(store, 0, 10)
    assert (delivery.seq, delivery.sound) == (4, True)
    assert [check.seq for check in recompute_records(store, 1, 3)] == [1, 2]


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ("UPDATE dispatches SET t = t + 1 WHERE seq = 1", [1]),
        ("UPDATE dispatches SET mark = mark + 1 WHERE seq = 1", [1]),
        ("UPDATE dispatches SET not_before = not_before - 1 WHERE seq = 1", [1]),
        ("UPDATE dispatches SET key = zeroblob(32) WHERE seq = 1", [1]),
        ("UPDATE dispatches SET leaf = zeroblob(32) WHERE seq = 1", [1]),
        ("UPDATE dispatches SET unit = 2 WHERE seq = 3", [3]),
        ("UPDATE dispatches SET kind = 1 WHERE seq = 1", [1]),
        ("UPDATE dispatches SET header = 2 WHERE seq = 1", [1]),
        ("UPDATE dispatches SET header = 99 WHERE seq = 1", [1]),
        ("UPDATE headers SET params = '{}' WHERE header = 1", [0, 1]),
        ("UPDATE headers SET reason = '' WHERE header = 1", [0, 1]),
        ("UPDATE headers SET category = 'service' WHERE header = 1", [0, 1]),
        ("UPDATE headers SET body = x'00' WHERE header = 1", [0, 1]),
        ("UPDATE runs SET at = at + 1 WHERE run = 1", [0, 1, 2]),
        ("UPDATE headers SET block = 1 WHERE header = 1", [0, 1]),
        ("UPDATE steps SET name = 'other' WHERE step = 1", [0, 1, 2]),
        ("UPDATE steps SET playbook = 'other' WHERE step = 1", [0, 1, 2]),
        ("UPDATE playbook_versions SET digest = 'other' WHERE version = 1", [0, 1, 2]),
        ("UPDATE members SET pseudonym = zeroblob(16) WHERE unit = 2", [1]),
    ],
)
def test_a_changed_column_changes_the_leaf(store: SqliteStore, change: str, wrong: list[int]) -> None:
    for table in ("dispatches", "headers"):
        store.connection.execute(f"DROP TRIGGER {table}_keep")
    store.connection.execute(change)
    assert [check.seq for check in recompute_records(store, 0, 10) if not check.sound] == wrong


DELIVERIES = (
    "at = 1", "attempt = 2", "outcome = 'failed'", "reason = ''", "arrived_seq = 1", "dispatch = 1", "format = 3 - format",
    "private = NULL", "private = zeroblob(32)", "private = x''", "leaf = zeroblob(32)",
    # What no column ever held is found as well, not stumbled over.
    "attempt = -1", "attempt = 'x'", "outcome = 5", "reason = x'00'", "private = 'x'",
)
TEXTS = (
    "salt = zeroblob(16)", "salt = x''", "salt = 5", "channel_id = NULL", "channel_id = 'WX'", "error = 'x'", "error = x'00'",
    "text_digest = NULL", "text_digest = zeroblob(32)", "text_digest = 'd'",
)  # fmt: skip


@pytest.mark.parametrize("make", [lambda store: deliver(store, 0, "sent"), lambda store: deliver_in_the_first_format(store, 0)])
@pytest.mark.parametrize(
    ("table", "change"), [*(("deliveries", change) for change in DELIVERIES), *(("delivery_texts", change) for change in TEXTS)]
)
def test_a_changed_delivery_is_found(store: SqliteStore, make: Callable, table: str, change: str) -> None:
    make(store)
    (check,) = recompute_deliveries(store, 0, 10)
    assert check.sound
    with pytest.raises(IntegrityError, match="append-only"):
        store.connection.execute(f"UPDATE {table} SET {change}")
    store.connection.execute("PRAGMA ignore_check_constraints = ON")
    store.connection.execute(f"DROP TRIGGER {table}_keep")
    store.connection.execute(f"UPDATE {table} SET {change}")
    (check,) = recompute_deliveries(store, 0, 10)
    assert not check.sound


@pytest.mark.parametrize("make", [lambda store: deliver(store, 0, "sent"), lambda store: deliver_in_the_first_format(store, 0)])
def test_only_those_who_were_erased_may_lack_their_texts(store: SqliteStore, make: Callable) -> None:
    make(store)
    store.connection.execute("DELETE FROM delivery_texts")
    assert [check.sound for check in recompute_deliveries(store, 0, 10)] == [False]
    # Nor does it help to say that they were, while they are there.
    store.connection.execute("INSERT INTO erasures VALUES (9, 1, x'00', 0, x'00')")
    assert [check.sound for check in recompute_deliveries(store, 0, 10)] == [False]


def test_texts_where_there_were_none_are_found(store: SqliteStore) -> None:
    with store.transaction() as db:
        fields = DeliveryFields(4, 0, T, 0, "withdrawn", "late", None, store.take_seqs(1)[0])
        values = (fields.arrived_seq, delivery_leaf(fields))
        db.execute("INSERT INTO deliveries VALUES (4, 0, ?, 0, 'withdrawn', 'late', 2, NULL, ?, ?)", (T, *values))
    assert [check.sound for check in recompute_deliveries(store, 0, 10)] == [True]
    store.connection.execute("INSERT INTO delivery_texts VALUES (4, zeroblob(16), NULL, NULL, NULL)")
    assert [check.sound for check in recompute_deliveries(store, 0, 10)] == [False]


def test_an_erasure_leaves_every_leaf_and_no_texts(store: SqliteStore) -> None:
    deliver(store, 0, "failed", "张三: unknown number")
    deliver(store, 1, "sent")
    deliver_in_the_first_format(store, 3)
    leaves = [record.leaf for record in read_log(store, LogFilter(), SHANGHAI)]
    erase(store, 1)
    assert all(check.sound for check in (*recompute_records(store, 0, 10), *recompute_deliveries(store, 0, 10)))
    assert [record.leaf for record in read_log(store, LogFilter(), SHANGHAI)] == leaves
    assert store.connection.execute("SELECT seq FROM delivery_texts").fetchall() == [(5,)]
    first, second, _, third = (record.to_json()["delivery"] for record in read_log(store, LogFilter(), SHANGHAI, reveal=True))
    assert [(d["outcome"], d["channel_id"], d["error"]) for d in (first, second, third)] == [
        ("failed", None, None), ("sent", "wx", None), ("sent", None, None),
    ]
    store.connection.execute("DROP TRIGGER deliveries_keep")
    store.connection.execute("UPDATE deliveries SET outcome = 'refused'")
    # Of the first format the digest covers what is gone together with the outcome.
    assert [check.sound for check in recompute_deliveries(store, 0, 10)] == [False, False, True]
