"""Deliveries to channels that answer in every way there is."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from delivery.hands import Names, Unsubscribed, deliverer
from delivery.shop import Push, T, open_shop, record_run
from log.notaries import notary_in
from qingting.engine.delivery.channels import Answer, Message
from qingting.engine.delivery.outbox import DeliveryPolicy, DeliveryReport, deliver_once
from qingting.engine.log.erasures import record_erasures
from qingting.engine.log.fence import read_fence
from qingting.engine.log.recompute import recompute_deliveries
from qingting.engine.program.ir import HOUR, MINUTE
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.engine.stores.sqlite.erasing import forget
from qingting.grammar.diagnostics import CannotRun


class Line:
    """A channel that answers as told and remembers what it got; with the handed-over state it found."""

    def __init__(
        self, store: SqliteStore, answer: Callable[[Message], Answer] = lambda message: Answer("sent", "id")
    ) -> None:
        self.store = store
        self.answer = answer
        self.got: list[Message] = []
        self.committed_before: list[bool] = []

    def send(self, messages: Sequence[Message]) -> Sequence[Answer]:
        with sqlite3.connect(self.store.path) as other:
            attempts = dict(
                other.execute("SELECT hex(key), b.attempt FROM outbox b JOIN dispatches d ON seq = dispatch")
            )
        other.close()
        self.committed_before += [attempts[m.key.upper()] == m.attempt for m in messages]
        self.got += messages
        return [self.answer(message) for message in messages]


class Reachable(Line):
    """A line that can be asked."""

    def __init__(
        self, store: SqliteStore, answer: Callable[[Message], Answer], reply: Callable[[str], Answer | None]
    ) -> None:
        super().__init__(store, answer)
        self.reply = reply

    def ask(self, keys: Sequence[str]) -> Sequence[Answer | None]:
        return [self.reply(key) for key in keys]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with open_shop(tmp_path / "shop.db", members=6) as store:
        yield store


def outcomes(store: SqliteStore) -> list[tuple[int, str, int, str | None]]:
    checks = list(recompute_deliveries(store, 0, 1000))
    assert all(check.sound for check in checks)
    rows = store.connection.execute(
        "SELECT dispatch, outcome, attempt, reason, seq, arrived_seq FROM deliveries ORDER BY seq"
    ).fetchall()
    leaves = [
        seq
        for (seq,) in store.connection.execute(
            "SELECT seq FROM dispatches UNION ALL SELECT seq FROM deliveries ORDER BY 1"
        )
    ]
    assert leaves == list(range(int(store.meta("leaves") or 0)))
    assert all(row[5] <= store.last_seq for row in rows)
    return [row[:4] for row in rows]


def outbox(store: SqliteStore) -> list[tuple]:
    return store.connection.execute(
        "SELECT dispatch, due, attempt, lease_owner FROM outbox ORDER BY dispatch"
    ).fetchall()


def coupons(store: SqliteStore) -> list[tuple]:
    rows = store.connection.execute(
        "SELECT c.unit, f.kind, f.at, f.expires, f.cause FROM coupon_facts f JOIN coupons c USING (code) ORDER BY f.seq"
    )
    return rows.fetchall()


def test_what_is_due_is_sent_once(store: SqliteStore, tmp_path: Path) -> None:
    record_run(
        store,
        [
            Push((1, 2)),
            Push((3,), step="late", not_before=T + HOUR),
            Push((4,), status="suppressed", reason="cap", step="no"),
        ],
    )
    line, notary = Line(store), notary_in(tmp_path / ".qingting")
    assert deliver_once(store, deliverer(store, {"wecom": line}, notary=notary), T) == DeliveryReport(sent=2, waiting=1)
    assert [(m.recipient, m.text, m.attempt, m.channel) for m in line.got] == [
        ("m00", "朋友,今晚猫粮专场。", 1, "wecom"),
        ("m01", "朋友,今晚猫粮专场。", 1, "wecom"),
    ]
    assert all(line.committed_before)
    assert outcomes(store) == [(0, "sent", 1, None), (1, "sent", 1, None)]
    assert [fence.leaves for fence in read_fence(tmp_path / ".qingting" / "fence").values()] == [6]
    assert deliver_once(store, deliverer(store, {"wecom": line}), T + HOUR) == DeliveryReport(sent=1)
    assert deliver_once(store, deliverer(store, {"wecom": line}), T + 2 * HOUR) == DeliveryReport()
    digests = store.connection.execute(
        "SELECT count(DISTINCT text_digest), count(text_digest) FROM delivery_texts"
    ).fetchone()
    assert digests == (1, 3)
    # Each under a salt of its own, so that the log does not show who got the same text.
    private = "SELECT count(DISTINCT salt), count(DISTINCT private) FROM delivery_texts JOIN deliveries USING (seq)"
    assert store.connection.execute(private).fetchone() == (3, 3)


def test_batches_are_small_and_values_come_in_bulk(store: SqliteStore) -> None:
    record_run(store, [Push((1, 2, 3, 4, 5))])
    names = Names({"m01": {"name": "小明"}})
    line = Line(store)
    deliver_once(store, deliverer(store, {"wecom": line}, names=names, policy=DeliveryPolicy(batch=2)), T)
    assert names.asked == [(2, ("name",)), (2, ("name",)), (1, ("name",))]
    assert line.got[1].text.startswith("小明")


def test_consent_is_asked_again_for_each_category(store: SqliteStore) -> None:
    record_run(store, [Push((1, 2)), Push((1, 3), step="s", category="service")])
    line, refused = Line(store), Unsubscribed(store, frozenset((1,)))
    report = deliver_once(store, deliverer(store, {"wecom": line}, refused=refused), T)
    assert report == DeliveryReport(sent=2, withdrawn=2)
    assert refused.asked == [
        ([1, 2], "marketing"),
        ([1, 3], "service"),
    ]
    assert outcomes(store)[:2] == [(0, "withdrawn", 0, "never_push"), (2, "withdrawn", 0, "never_push")]
    assert [m.recipient for m in line.got] == ["m01", "m02"]


def test_a_failing_consent_test_sends_nothing(store: SqliteStore) -> None:
    record_run(store, [Push((1, 2))])
    line = Line(store)

    class Broken(Unsubscribed):
        def __call__(self, units: Sequence[int], category: str) -> frozenset[int]:
            raise RuntimeError

    with pytest.raises(RuntimeError):
        deliver_once(store, deliverer(store, {"wecom": line}, refused=Broken(store)), T)
    assert (line.got, outcomes(store), len(outbox(store))) == ([], [], 2)


def test_an_erased_member_gets_nothing(store: SqliteStore) -> None:
    record_run(store, [Push((6,))])
    store.connection.execute("DELETE FROM members WHERE unit = 6")
    line = Line(store)
    assert deliver_once(store, deliverer(store, {"wecom": line}), T).withdrawn == 1
    assert line.got == []


def test_texts_with_holes_and_missing_templates_fail(store: SqliteStore) -> None:
    record_run(store, [Push((1, 2), template="必填", coupon=True), Push((1,), template="没有", step="x")])
    line = Line(store)
    names = Names({"m01": {"城市": "上海"}})
    report = deliver_once(store, deliverer(store, {"wecom": line}, names=names), T)
    assert report == DeliveryReport(sent=1, failed=2)
    assert outcomes(store) == [(0, "failed", 0, "incomplete"), (2, "failed", 0, "no_content"), (1, "sent", 1, None)]
    assert [m.text for m in line.got] == ["上海"]


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [
        ("sent", "issued"),
        ("confirmed", "issued"),
        ("unknown", "issued"),
        ("failed", "cancelled"),
        ("refused", "cancelled"),
    ],
)
def test_a_coupon_is_issued_or_given_back(store: SqliteStore, outcome: str, kind: str) -> None:
    record_run(store, [Push((1,), coupon=True, template="附券")])
    line = Line(store, lambda message: Answer(outcome, error="why"))
    deliver_once(store, deliverer(store, {"wecom": line}), T + MINUTE)
    reserved, settled = coupons(store)
    assert reserved[1] == "reserved"
    assert settled == (1, kind, T + MINUTE, reserved[3] if kind == "issued" else None, 1)
    code, issued, cancelled = store.connection.execute("SELECT code, issued, cancelled FROM coupons").fetchone()
    assert line.got[0].text == f"券码 {code}"
    assert (issued, cancelled) == ((T + MINUTE, None) if kind == "issued" else (None, T + MINUTE))
    extent = store.connection.execute("SELECT rows, max_at, max_seq FROM extents WHERE relation = 'coupon'").fetchone()
    assert extent == (1, T + MINUTE, store.last_seq)


def test_a_withdrawn_push_gives_its_coupon_back(store: SqliteStore) -> None:
    record_run(store, [Push((1,), coupon=True)])
    deliver_once(store, deliverer(store, {"wecom": Line(store)}, refused=Unsubscribed(store, frozenset((1,)))), T)
    assert [row[1] for row in coupons(store)] == ["reserved", "cancelled"]


def test_later_is_tried_again_with_growing_pauses_and_then_fails(store: SqliteStore) -> None:
    record_run(store, [Push((1,), coupon=True)])
    line = Line(store, lambda message: Answer("later", error="busy"))
    policy = DeliveryPolicy(attempts=4, first_delay=MINUTE, longest_delay=3 * MINUTE)
    at, waits = T, []
    for _ in range(3):
        assert deliver_once(store, deliverer(store, {"wecom": line}, policy=policy), at) == DeliveryReport(
            retried=1, waiting=1
        )
        ((_, due, _, owner),) = outbox(store)
        assert owner is None
        assert deliver_once(store, deliverer(store, {"wecom": line}, policy=policy), due - 1).retried == 0
        waits.append(due - at)
        at = due
    assert waits == [MINUTE, 2 * MINUTE, 3 * MINUTE]
    assert outcomes(store) == []
    assert deliver_once(store, deliverer(store, {"wecom": line}, policy=policy), at) == DeliveryReport(failed=1)
    assert outcomes(store) == [(0, "failed", 4, None)]
    assert [m.attempt for m in line.got] == [1, 2, 3, 4]
    assert len({m.key for m in line.got}) == 1
    assert [row[1] for row in coupons(store)] == ["reserved", "cancelled"]


def test_jitter_and_the_channels_wish_move_the_next_try(store: SqliteStore) -> None:
    record_run(store, [Push((1,))])
    deliver_once(store, deliverer(store, {"wecom": Line(store, lambda m: Answer("later"))}, jitter=0.5), T)
    assert outbox(store)[0][1] == T + 45_000_000
    wish = Line(store, lambda m: Answer("later", retry_after=HOUR))
    deliver_once(store, deliverer(store, {"wecom": wish}), T + MINUTE)
    assert outbox(store)[0][1] == T + MINUTE + HOUR


def test_nobody_knows_is_never_repeated_blindly(store: SqliteStore) -> None:
    record_run(store, [Push((1,))])
    line = Line(store, lambda m: Answer("unknown", error="timeout"))
    assert deliver_once(store, deliverer(store, {"wecom": line}), T) == DeliveryReport(unknown=1)
    assert deliver_once(store, deliverer(store, {"wecom": line}), T + HOUR) == DeliveryReport()
    assert len(line.got) == 1


def test_nobody_knows_is_repeated_where_that_was_declared(store: SqliteStore) -> None:
    record_run(store, [Push((1,))])
    line = Line(store, lambda m: Answer("sent") if m.attempt == 2 else Answer("unknown"))
    assert deliver_once(store, deliverer(store, {"wecom": line}, mode="at_least_once"), T).retried == 1
    assert deliver_once(store, deliverer(store, {"wecom": line}, mode="at_least_once"), T + HOUR).sent == 1
    assert outcomes(store) == [(0, "sent", 2, None)]


def raise_error(message: Message) -> Answer:
    raise CannotRun("D105", name="wecom", path="x", error="y")


def test_a_channel_that_raises_ends_its_delivery_and_no_other(store: SqliteStore) -> None:
    record_run(store, [Push((1, 2, 3)), Push((1,), channel="sms", step="sms")])
    broken, sms = Line(store, raise_error), Line(store)
    report = deliver_once(store, deliverer(store, {"wecom": broken, "sms": sms}, policy=DeliveryPolicy(batch=2)), T)
    assert (report.sent, report.unknown, report.waiting) == (1, 2, 1)
    assert [(f.channel, type(f.error)) for f in report.faults] == [("wecom", CannotRun)]
    assert [row[1] for row in outcomes(store)] == ["sent", "unknown", "unknown"]


def test_a_channel_that_can_be_asked_is_asked(store: SqliteStore) -> None:
    record_run(store, [Push((1, 2))])
    keys = [key.hex() for (key,) in store.connection.execute("SELECT key FROM dispatches ORDER BY seq")]
    line = Reachable(store, raise_error, lambda key: Answer("sent", "x") if key == keys[0] else None)
    report = deliver_once(store, deliverer(store, {"wecom": line}), T)
    assert (report.sent, report.retried, report.unknown, report.waiting) == (1, 1, 0, 1)


def test_a_channel_that_cannot_be_asked_now_is_asked_later(store: SqliteStore) -> None:
    record_run(store, [Push((1,))])
    line = Reachable(store, raise_error, lambda key: raise_error(None))
    assert len(deliver_once(store, deliverer(store, {"wecom": line}), T).faults) == 1
    assert deliver_once(store, deliverer(store, {"wecom": line}), T + MINUTE).waiting == 1
    line.reply = lambda key: Answer("sent")
    assert deliver_once(store, deliverer(store, {"wecom": line}), T + HOUR).sent == 1
    assert outcomes(store) == [(0, "sent", 1, None)]


def test_a_wrong_number_of_answers_is_unknown(store: SqliteStore) -> None:
    record_run(store, [Push((1,))])

    class Short(Line):
        def send(self, messages: Sequence[Message]) -> Sequence[Answer]:
            return []

    report = deliver_once(store, deliverer(store, {"wecom": Short(store)}), T)
    assert (report.unknown, len(report.faults)) == (1, 1)


def test_channels_that_are_not_there_are_named(store: SqliteStore) -> None:
    record_run(store, [Push((1,), channel="moments")])
    report = deliver_once(store, deliverer(store, {"wecom": Line(store)}), T)
    assert report == DeliveryReport(waiting=1, unconfigured=("moments",))


def handed_over(store: SqliteStore, owner: str = "other", until: int = T + 10 * MINUTE) -> None:
    with store.transaction() as db:
        db.execute(
            "UPDATE outbox SET attempt = 1, lease_owner = ?, lease_until = ?, text_digest = ?",
            (owner, until, b"d" * 32),
        )


def test_what_another_has_in_hand_is_left_until_the_lease_ends(store: SqliteStore) -> None:
    record_run(store, [Push((1,), coupon=True)])
    handed_over(store)
    line = Line(store)
    assert deliver_once(store, deliverer(store, {"wecom": line}), T + 10 * MINUTE - 1) == DeliveryReport(waiting=1)
    assert deliver_once(store, deliverer(store, {"wecom": line}), T + 10 * MINUTE) == DeliveryReport(unknown=1)
    assert line.got == []
    assert outcomes(store) == [(0, "unknown", 1, None)]
    assert [row[1] for row in coupons(store)] == ["reserved", "issued"]
    assert store.connection.execute("SELECT error, text_digest FROM delivery_texts").fetchone() == (
        "interrupted",
        b"d" * 32,
    )


def test_a_lapsed_lease_is_repeated_where_that_was_declared(store: SqliteStore) -> None:
    record_run(store, [Push((1,))])
    handed_over(store)
    report = deliver_once(store, deliverer(store, {"wecom": Line(store)}, mode="at_least_once"), T + HOUR)
    assert (report.sent, report.retried) == (1, 1)
    assert outcomes(store) == [(0, "sent", 2, None)]


def test_a_lapsed_lease_is_settled_by_asking(store: SqliteStore) -> None:
    record_run(store, [Push((1, 2))])
    handed_over(store)
    keys = [key.hex() for (key,) in store.connection.execute("SELECT key FROM dispatches ORDER BY seq")]
    line = Reachable(
        store, lambda m: Answer("sent", "new"), lambda key: Answer("sent", "old") if key == keys[0] else None
    )
    deliver_once(store, deliverer(store, {"wecom": line}), T + HOUR)
    assert [m.recipient for m in line.got] == ["m01"]
    assert outcomes(store) == [(0, "sent", 1, None), (1, "sent", 1, None)]


def test_an_answer_after_the_lease_counts_if_nobody_knew_better(store: SqliteStore) -> None:
    record_run(store, [Push((1,), coupon=True)])
    second = Line(store)

    def meanwhile(message: Message) -> Answer:
        with SqliteStore.open(store.path, writable=True) as other:
            deliver_once(other, deliverer(other, {"wecom": second}, owner="you"), T + HOUR)
        return Answer("sent", "first")

    deliver_once(store, deliverer(store, {"wecom": Line(store, meanwhile)}), T)
    assert second.got == []
    assert [row[1] for row in outcomes(store)] == ["unknown", "sent"]
    assert [row[1] for row in coupons(store)] == ["reserved", "issued"]


def test_an_answer_about_somebody_erased_meanwhile_is_kept_without_words(store: SqliteStore) -> None:
    record_run(store, [Push((1,))])

    def meanwhile(message: Message) -> Answer:
        with SqliteStore.open(store.path, writable=True) as other:
            deliver_once(other, deliverer(other, {"wecom": Line(other)}, owner="you"), T + HOUR)
            with other.transaction() as db:
                record_erasures(other, [1], T + HOUR)
                forget(db, [1], T + HOUR)
        return Answer("refused", "first", "m00 is unknown")

    deliver_once(store, deliverer(store, {"wecom": Line(store, meanwhile)}), T)
    rows = store.connection.execute("SELECT outcome, private IS NULL FROM deliveries ORDER BY seq").fetchall()
    assert rows == [("unknown", 0), ("refused", 1)]
    assert store.connection.execute("SELECT * FROM delivery_texts").fetchall() == []
    assert all(check.sound for check in recompute_deliveries(store, 0, 10))


def test_two_answers_for_one_dispatch_give_one_record(store: SqliteStore) -> None:
    record_run(store, [Push((1,))])

    def meanwhile(message: Message) -> Answer:
        with SqliteStore.open(store.path, writable=True) as other:
            asked = Reachable(other, lambda m: Answer("failed"), lambda key: Answer("sent"))
            assert deliver_once(other, deliverer(other, {"wecom": asked}, owner="you"), T + HOUR).sent == 1
        return Answer("sent", "first")

    deliver_once(store, deliverer(store, {"wecom": Line(store, meanwhile)}), T)
    assert outcomes(store) == [(0, "sent", 1, None)]


def test_reserved_coupons_are_found_by_an_index(store: SqliteStore) -> None:
    from qingting.engine.delivery import due

    plan = store.connection.execute("EXPLAIN QUERY PLAN " + due._DUE, {"channel": "x", "at": 1, "limit": 1}).fetchall()
    text = " / ".join(row[3] for row in plan)
    assert "coupon_facts_cause" in text
    assert "outbox_due" in text
    assert "SCAN" not in text
