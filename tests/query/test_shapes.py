"""What the compiler writes: the shapes of sets and probes in SQLite's and DuckDB's words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from qingting.engine.program.ir import (
    DAY,
    All,
    Any,
    Compare,
    Condition,
    Cutoff,
    CutoffKind,
    Did,
    DidOnDays,
    Duration,
    EventQuery,
    FinishedPlaybook,
    HeldFor,
    InPlaybook,
    LadderRef,
    MomentIn,
    Not,
    Received,
    TextPattern,
    Total,
    ValueType,
    Window,
)
from qingting.engine.query.compile import Compiler
from qingting.engine.query.frames import FramePlan, create_frames
from qingting.engine.query.statements import Query, render
from qingting.engine.stores.sqlite.relations import SqliteRelations
from query.mirror import DuckDbMirror
from query.shop import AMOUNT, CITY, LIBRARY, NOW, ORDER, POINTS, Shop, day, orders, tag, telling, within
from sqlglot import exp

MEMBERS = 60
LATE = MomentIn("last", ORDER, Window(None, Cutoff(CutoffKind.T, 0, 1 - 45 * DAY)))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Enough members that going through all of them is the dearer way."""
    with telling(tmp_path_factory.mktemp("shapes") / "shop.db") as (store, tell):
        ids = [f"u{n:02}" for n in range(MEMBERS)]
        tell.members(*ids)
        for place, member in enumerate(ids):
            tell.set(member, CITY, "上海")
            tell.points(member, place, NOW - DAY)
            if place < 5:
                tell.tag(member, "新客", NOW - place * DAY)
            if place < 8:
                tell.tag(member, "兴趣:猫", NOW - place * DAY)
            if place < 10:
                tell.order(member, NOW - place * 10 * DAY, "猫粮", 100)
    with store:
        yield Shop(store, DuckDbMirror(store))


def written(shop: Shop, condition: Condition, dialect: str = "sqlite", **coordinates: int) -> tuple[str, str]:
    """The set and the probe of a condition."""
    plan = FramePlan.of([condition], LIBRARY)
    T, mark = coordinates.get("T", NOW), coordinates.get("mark", 2**62)
    if dialect == "sqlite":
        relations = SqliteRelations(shop.store, T, mark, NOW, NOW)
    else:
        relations = shop.mirror.relations(T, mark, NOW, NOW)
    compiler = Compiler(LIBRARY, relations, plan)
    chosen = render(Query(compiler.select_units(condition, 1), compiler.parameters), dialect)[0]
    compiler = Compiler(LIBRARY, relations, plan)
    probe = render(Query(compiler.predicate(condition, exp.column("unit", "s"), "f"), compiler.parameters), dialect)[0]
    return chosen, probe


def test_a_tag_is_walked_or_looked_up(shop: Shop) -> None:
    assert written(shop, tag("新客")) == (
        "SELECT k1.unit FROM frames AS f CROSS JOIN member_tags AS k1 WHERE f.frame = :p1 AND k1.tag = 3 AND k1.until > f.t",
        "EXISTS(SELECT 1 FROM member_tags AS k1 WHERE k1.tag = 3 AND k1.unit = s.unit AND k1.until > f.t)",
    )


def test_members_are_joined_behind_the_rarest_test(shop: Shop) -> None:
    condition = All((Compare(POINTS, "ge", (2_000_000,)), tag("新客"), Not(Did(EventQuery("下单", window=within(7))))))
    chosen, probe = written(shop, condition)
    assert chosen == (
        "SELECT k1.unit FROM frames AS f CROSS JOIN member_tags AS k1 CROSS JOIN members AS m1"
        " WHERE f.frame = :p1 AND k1.tag = 3 AND k1.until > f.t AND m1.unit = k1.unit AND m1.points >= :p2"
        " AND NOT EXISTS(SELECT 1 FROM events AS e1 WHERE e1.type = 1 AND e1.unit = m1.unit"
        " AND e1.at >= f.t - 604799999999)"
    )
    assert probe.startswith(
        "EXISTS(SELECT 1 FROM members AS m1 WHERE m1.unit = s.unit AND m1.points >= :p1) AND EXISTS("
    )


def test_tests_of_one_member_row_are_one_probe(shop: Shop) -> None:
    condition = Any((Compare(POINTS, "ge", (2_000_000,)), Not(Compare(CITY, "is", ("上海",))), tag("新客")))
    assert written(shop, condition)[1] == (
        "EXISTS(SELECT 1 FROM members AS m1 WHERE m1.unit = s.unit AND (m1.points >= :p1 OR NOT (m1.a5 = :p2) IS TRUE))"
        " OR EXISTS(SELECT 1 FROM member_tags AS k1 WHERE k1.tag = 3 AND k1.unit = s.unit AND k1.until > f.t)"
    )


def test_a_narrow_window_is_walked_by_instant_a_wide_one_by_unit(shop: Shop) -> None:
    narrow, probe = written(shop, Did(orders("猫*", window=day(0))))
    assert "UNLIKELY(e1.at >= f.c0) AND UNLIKELY(e1.at < f.c1)" in narrow
    assert "LIKELY(e1.subject >= :p1 AND e1.subject < :p2)" in probe
    assert "e1.at + 0 >= f.t - 5183999999999" in written(shop, Did(orders(window=within(60))))[0]
    assert "LIKELY" not in written(shop, Did(orders("猫*", window=day(0))), "duckdb")[0]


def test_a_moment_is_one_pass_or_one_seek(shop: Shop) -> None:
    chosen, probe = written(shop, LATE)
    assert chosen == (
        "SELECT d1.unit FROM (SELECT e1.unit, MAX(e1.at) AS edge FROM frames AS f CROSS JOIN events AS e1"
        " WHERE f.frame = :p1 AND e1.type = 1 GROUP BY e1.unit) AS d1 CROSS JOIN frames AS f"
        " WHERE f.frame = :p1 AND d1.edge < f.t - 3887999999999"
    )
    assert probe == (
        "((SELECT MAX(e1.at) FROM events AS e1 WHERE e1.type = 1 AND e1.unit = s.unit) < f.t - 3887999999999) IS TRUE"
    )


def test_alternatives_are_a_union_of_what_drives_each(shop: Shop) -> None:
    chosen = written(shop, Any((tag("新客"), Did(ORDER, 2))))[0]
    assert chosen == (
        "SELECT k1.unit FROM frames AS f CROSS JOIN member_tags AS k1 WHERE f.frame = :p1 AND k1.tag = 3 AND k1.until > f.t"
        " UNION SELECT e1.unit FROM frames AS f CROSS JOIN events AS e1 WHERE f.frame = :p1 AND e1.type = 1"
        " GROUP BY e1.unit HAVING COUNT(*) >= 2"
    )


def test_facts_are_read_where_not_all_are_known(shop: Shop) -> None:
    earlier = {"T": NOW - 2 * DAY, "mark": 5}
    assert "e1.arrived <= " in written(shop, Did(ORDER), **earlier)[1]
    assert "e1.seq <= 5" in written(shop, Did(ORDER), **earlier)[1]
    assert (
        "FROM tag_facts AS g WHERE g.tag = 3 AND g.unit = s.unit AND g.arrived <= "
        in written(shop, tag("新客"), **earlier)[1]
    )
    assert "FROM attribute_facts AS a WHERE" in written(shop, Compare(CITY, "known"), mark=5)[1]
    assert "FROM points AS p WHERE" in written(shop, Compare(POINTS, "ge", (1_000_000,)), mark=5)[1]


def test_what_the_store_has_not_met_costs_nothing(shop: Shop) -> None:
    for unknown in (tag("退订"), Did(EventQuery("签到")), Received(None, None, TextPattern("x"))):
        assert written(shop, unknown)[1] == "FALSE"
        assert written(shop, Not(unknown))[1] == "TRUE"
        assert written(shop, All((unknown, tag("新客"))))[1] == "FALSE"


def test_values_are_bound_and_equal_ones_share_a_place(shop: Shop) -> None:
    compiler = Compiler(LIBRARY, SqliteRelations(shop.store, NOW, 2**62, NOW, NOW), FramePlan(()))
    hostile = "'; DROP TABLE members; --"
    test = compiler.predicate(
        Any((Compare(CITY, "is", (hostile,)), Did(orders(hostile)))), exp.column("unit", "s"), "f"
    )
    sql, values = render(Query(test, compiler.parameters), "sqlite")
    assert hostile not in sql
    assert values == {"p1": hostile}


def test_frames_are_a_temporary_table() -> None:
    plan = FramePlan.of([Did(orders(window=day(-1)))], LIBRARY)
    assert create_frames(plan.columns).sql("sqlite") == (
        "CREATE TEMPORARY TABLE frames (frame INTEGER PRIMARY KEY, t INTEGER, zone TEXT, c0 INTEGER, c1 INTEGER)"
    )
    assert create_frames(plan.columns).sql("duckdb") == (
        "CREATE TEMPORARY TABLE frames (frame INT PRIMARY KEY, t BIGINT, zone TEXT, c0 BIGINT, c1 BIGINT)"
    )


def test_a_plan_gives_each_boundary_one_column() -> None:
    yesterday, today = day(-1), day(0)
    plan = FramePlan.of(
        [Did(orders(window=yesterday)), Did(EventQuery("点击", window=today))], LIBRARY, [Cutoff(CutoffKind.DAY, 1)]
    )
    assert plan.columns == ("c0", "c1", "c2")
    assert plan == FramePlan.of([Did(orders(window=yesterday)), Did(EventQuery("点击", window=today))], LIBRARY)


def test_an_average_is_one_pass_and_never_divides(shop: Shop) -> None:
    average = Compare(Total("average", ORDER, AMOUNT, ValueType.MONEY), "ge", (100,))
    chosen, probe = written(shop, average)
    assert chosen == (
        "SELECT e1.unit FROM frames AS f CROSS JOIN events AS e1 WHERE f.frame = :p1 AND e1.type = 1"
        " GROUP BY e1.unit HAVING SUM(e1.amount) >= :p2 * COUNT(e1.amount)"
    )
    assert probe == (
        "((SELECT SUM(e1.amount) >= :p1 * COUNT(e1.amount) FROM events AS e1 WHERE e1.type = 1 AND e1.unit = s.unit))"
        " IS TRUE"
    )


def test_a_rung_is_a_range_of_the_member_row(shop: Shop) -> None:
    assert written(shop, Compare(LadderRef("tier"), "is", ("A级",)))[1] == (
        "EXISTS(SELECT 1 FROM members AS m1 WHERE m1.unit = s.unit AND m1.points >= :p1 AND NOT (m1.points > :p2) IS TRUE)"
    )


def test_days_are_counted_without_functions_of_dates(shop: Shop) -> None:
    chosen, probe = written(shop, DidOnDays(ORDER, 3))
    assert "COUNT(DISTINCT (e1.at + z1.shift) - (e1.at + z1.shift + 69120000000000000) % 86400000000) >= 3" in chosen
    assert "z1.zone = f.zone AND e1.at < z1.until AND e1.at >= z1.since" in chosen
    # Who has not even so many events is told first.
    assert probe.startswith("(SELECT COUNT(*) FROM events AS e1 WHERE e1.type = 1 AND e1.unit = s.unit) >= 3 AND ")


def test_the_present_value_turns_away_before_the_past_is_read(shop: Shop) -> None:
    held = written(shop, HeldFor(CITY, "上海", Duration(30 * DAY)))[0]
    assert held.index("m1.a5 = :p2") < held.index("attribute_facts")


def test_journeys_are_not_looked_for_where_there_are_none(shop: Shop) -> None:
    for condition in (InPlaybook("跟进"), FinishedPlaybook("跟进")):
        assert all(text.endswith("FALSE") for text in written(shop, condition))
