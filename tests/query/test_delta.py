"""What a run has decided already is seen by the conditions of the same run, and by no other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from qingting.engine.program.ir import (
    DAY,
    HOUR,
    Changed,
    Compare,
    Condition,
    Duration,
    HeldFor,
    HoldsCoupon,
    LadderRef,
    Not,
    Received,
    ReceivedRedpacket,
    TextPattern,
)
from qingting.engine.query.compile import Compiler
from qingting.engine.query.frame_table import FrameTable
from qingting.engine.query.frames import FramePlan
from qingting.engine.query.relations import Delta
from qingting.engine.query.statements import Query, render
from qingting.engine.run.tables import create_tables
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.engine.stores.sqlite.relations import SqliteRelations
from query.shop import CARD, CITY, LIBRARY, NOW, POINTS, ZONE, tag, telling, within
from sqlglot import exp

OPEN = 2**63 - 1
DIGEST = "ab" * 32


@pytest.fixture
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteStore]:
    with telling(tmp_path_factory.mktemp("delta") / "shop.db") as (store, tell):
        tell.members("u1", "u2", "u3")
        tell.tag("u1", "新客", NOW - 2 * DAY)
        tell.tag("u2", "新客", NOW - 2 * DAY)
        tell.set("u1", CARD, "银卡", NOW - 9 * DAY)
        tell.points("u1", 400, NOW - DAY)
        tell.coupon("u1", "满减", "issued", NOW - DAY)
    with store:
        create_tables(store.connection)
        yield store


def ask(
    store: SqliteStore, condition: Condition, delta: Delta, t: int = NOW, T: int = NOW, mark: int = 2**62
) -> set[str]:
    """The ids by both shapes, which must agree."""
    plan = FramePlan.of([condition], LIBRARY)
    connection = store.connection
    made = FrameTable(plan, "sqlite", lambda sql, values: connection.execute(sql, values).fetchall())
    made.create()
    made.add(1, t, ZONE)
    relations = SqliteRelations(store, T, mark, t, t, delta)
    compiler = Compiler(LIBRARY, relations, plan)
    chosen = connection.execute(
        *render(Query(compiler.select_units(condition, 1), compiler.parameters), "sqlite")
    ).fetchall()
    compiler = Compiler(LIBRARY, relations, plan)
    probe = (
        exp.select("s.unit")
        .from_("members AS s")
        .join("frames AS f", on="f.frame = 1")
        .where(compiler.predicate(condition, exp.column("unit", "s"), "f"))
    )
    probed = connection.execute(*render(Query(probe, compiler.parameters), "sqlite")).fetchall()
    assert sorted(chosen) == sorted(probed)
    return {f"u{unit}" for (unit,) in chosen}


def test_tags_given_and_taken_in_the_run_replace_those_of_the_store(store: SqliteStore) -> None:
    number = store.tag_number("新客")
    assert number is not None
    store.connection.execute("INSERT INTO run_tag_pairs VALUES (?, 1), (?, 3)", (number, number))
    store.connection.execute("INSERT INTO run_member_tags VALUES (?, 1, ?, ?, 5)", (number, NOW - 2 * DAY, NOW))
    store.connection.execute("INSERT INTO run_member_tags VALUES (?, 3, ?, ?, 6)", (number, NOW, OPEN))
    touched = Delta(tags=frozenset({number}))
    assert ask(store, tag("新客"), touched) == {"u2", "u3"}
    assert ask(store, Not(tag("新客")), touched) == {"u1"}
    assert ask(store, tag("新客"), Delta()) == {"u1", "u2"}
    # The same where the store's own part is folded from facts.
    assert ask(store, tag("新客"), touched, mark=4) == {"u3"}


def test_a_tag_that_only_the_run_gave_is_held(store: SqliteStore) -> None:
    number = store.tag_number("兴趣:狗")
    assert number is not None
    assert ask(store, tag("兴趣:*"), Delta()) == set()
    store.connection.execute("INSERT INTO run_tag_pairs VALUES (?, 2)", (number,))
    store.connection.execute("INSERT INTO run_member_tags VALUES (?, 2, ?, ?, 9)", (number, NOW, OPEN))
    assert ask(store, tag("兴趣:*"), Delta(tags=frozenset({number}))) == {"u2"}


def put(store: SqliteStore, table: str, **values: int | str) -> None:
    """A row of a table; columns that must have a value and are not given one are 0."""
    columns = store.connection.execute(f"PRAGMA table_info({table})").fetchall()
    row = {name: 0 for _, name, _, required, *_ in columns if required} | values
    places = ", ".join(f":{name}" for name in row)
    store.connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", row)


def decide(store: SqliteStore, unit: int, when: int, *, status: str = "queued", action: str = "push") -> None:
    """A record of the run."""
    (known,) = store.connection.execute("SELECT COUNT(*) FROM run_headers").fetchone()
    if known == 0:
        put(store, "run_steps", step=1, playbook="跟进", name="首触/push")
    put(
        store,
        "run_headers",
        header=known + 1,
        step=1,
        category="marketing",
        action=action,
        channel="wecom",
        content=f"猫@粮@{DIGEST}",
        params="{}",
        status=status,
    )
    put(store, "run_dispatches", seq=known + 1, header=known + 1, step=1, unit=unit, t=NOW, not_before=when)


def test_pushes_of_the_run_are_received(store: SqliteStore) -> None:
    decide(store, 1, NOW)
    decide(store, 1, NOW)
    decide(store, 2, NOW + HOUR)
    decide(store, 2, NOW, status="suppressed")
    decide(store, 2, NOW, action="tag")
    decide(store, 3, NOW)
    sent = Delta(pushes=True)
    assert ask(store, Received("跟进", None, None), sent) == {"u1", "u3"}
    assert ask(store, Received("跟进", "首触", None, 2), sent) == {"u1"}
    assert ask(store, Received("跟进", "首触/push", None, 1, 1), sent) == {"u3"}
    assert ask(store, Received("跟进", "首", None), sent) == set()
    assert ask(store, Received(None, None, TextPattern("猫@粮")), sent) == {"u1", "u3"}
    assert ask(store, Received(None, None, TextPattern("猫")), sent) == set()
    assert ask(store, Received(None, None, TextPattern("猫", prefix=True)), sent) == {"u1", "u3"}
    assert ask(store, Not(Received("跟进", None, None)), sent) == {"u2"}
    assert ask(store, Received("跟进", None, None), Delta()) == set()


def test_pushes_are_a_relation(store: SqliteStore) -> None:
    decide(store, 1, NOW)
    relations = SqliteRelations(store, NOW, 2**62, NOW, NOW, Delta(pushes=True))
    rows = store.connection.execute(relations.pushes().sql("sqlite")).fetchall()
    assert rows == [(0, 1, NOW, "跟进", "首触/push", "猫@粮", "wecom", "marketing")]
    nothing = SqliteRelations(store, NOW, 2**62, NOW, NOW)
    assert store.connection.execute(nothing.pushes().sql("sqlite")).fetchall() == []


def test_points_of_the_run_are_added_to_those_of_the_store(store: SqliteStore) -> None:
    put(store, "run_points", seq=9, unit=1, delta=100, reason="x", at=NOW)
    put(store, "run_points", seq=10, unit=1, delta=1, reason="x", at=NOW)
    put(store, "run_points", seq=11, unit=2, delta=7, reason="x", at=NOW + 1)
    added = Delta(points=True)
    assert ask(store, Compare(POINTS, "is", (501_000_000,)), added) == {"u1"}
    assert ask(store, Compare(POINTS, "is", (501_000_000,)), Delta()) == set()
    assert ask(store, Compare(POINTS, "is", (0,)), added) == {"u2", "u3"}
    assert ask(store, Compare(LadderRef("tier"), "is", ("A级",)), added) == {"u1"}
    assert ask(store, HeldFor(POINTS, 400_000_000, Duration(HOUR)), added) == set()
    assert ask(store, HeldFor(POINTS, 400_000_000, Duration(HOUR)), Delta()) == {"u1"}
    assert ask(store, Changed(POINTS, within(1)), added) == {"u1"}
    # The same where the store's own entries are summed.
    assert ask(store, Compare(POINTS, "is", (501_000_000,)), added, t=NOW, mark=store.last_seq - 1) == {"u1"}


def test_an_attribute_set_in_the_run_has_its_new_value(store: SqliteStore) -> None:
    card, city = store.attributes()["等级卡"], store.attributes()["城市"]
    store.connection.execute("INSERT INTO run_attribute_facts VALUES (9, 1, ?, '金卡', ?, NULL)", (card, NOW))
    store.connection.execute("INSERT INTO run_attribute_facts VALUES (10, 2, ?, '金卡', ?, 1)", (card, NOW))
    store.connection.execute("INSERT INTO run_attribute_facts VALUES (11, 3, ?, '上海', ?, NULL)", (city, NOW - HOUR))
    store.connection.execute("INSERT INTO run_attribute_facts VALUES (12, 3, ?, NULL, ?, NULL)", (city, NOW))
    changed = Delta(attributes=frozenset({card, city}))
    assert ask(store, Compare(CARD, "is", ("金卡",)), changed) == {"u1", "u2"}
    assert ask(store, Compare(CARD, "is", ("银卡",)), Delta()) == {"u1"}
    assert ask(store, Changed(CARD), changed) == {"u1"}
    assert ask(store, Changed(CARD, within(1)), Delta()) == set()
    assert ask(store, HeldFor(CARD, "银卡", Duration(DAY)), changed) == set()
    assert ask(store, HeldFor(CARD, "银卡", Duration(DAY)), Delta()) == {"u1"}
    # An attribute of which the store knows nothing.
    assert ask(store, Compare(CITY, "known"), changed) == set()
    assert ask(store, Compare(CITY, "known"), changed, t=NOW - 1) == {"u3"}
    assert ask(store, Changed(CITY), changed) == {"u3"}


def test_coupons_of_the_run_are_held_once_they_are_issued(store: SqliteStore) -> None:
    reduced, off = store.coupons()["满减"], store.coupons()["立减"]
    rows = ((1, 9, reduced, 2, "issued", NOW, NOW + 1), (2, 10, reduced, 3, "reserved", NOW, None))
    rows += ((3, 11, off, 3, "issued", NOW, None), (4, 12, off, 2, "issued", NOW, NOW))
    store.connection.executemany("INSERT INTO run_coupons VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    given = Delta(coupons=True)
    assert ask(store, HoldsCoupon("满减"), given) == {"u1", "u2"}
    assert ask(store, HoldsCoupon("满减"), Delta()) == {"u1"}
    assert ask(store, HoldsCoupon("立减"), given) == {"u3"}
    assert ask(store, Not(HoldsCoupon("立减")), given) == {"u1", "u2"}


def test_red_packets_of_the_run_count_from_when_they_are_reserved(store: SqliteStore) -> None:
    number = store.redpackets()["新客红包"]
    put(store, "run_redpackets", cause=1, seq=9, redpacket=number, unit=2, kind="reserved", amount=30, at=NOW)
    put(store, "run_redpackets", cause=2, seq=10, redpacket=number, unit=2, kind="issued", amount=30, at=NOW)
    put(store, "run_redpackets", cause=3, seq=11, redpacket=number, unit=3, kind="issued", amount=30, at=NOW + 1)
    given = Delta(redpackets=True)
    assert ask(store, ReceivedRedpacket("新客红包"), given) == {"u2"}
    assert ask(store, ReceivedRedpacket("新客红包", 2), given) == {"u2"}
    assert ask(store, ReceivedRedpacket("新客红包", 0, 0), given) == {"u1", "u3"}
    assert ask(store, ReceivedRedpacket("新客红包"), Delta()) == set()
