"""Who a condition is true of, in a tiny shop; set and probe, SQLite and DuckDB must agree on each answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from qingting.engine.program.ir import (
    DAY,
    HOUR,
    All,
    Always,
    Anniversary,
    Any,
    Compare,
    Condition,
    Cutoff,
    CutoffKind,
    Did,
    EventQuery,
    InSegment,
    InWindow,
    MetricRef,
    MomentHas,
    MomentIn,
    Not,
    Received,
    Sample,
    TextPattern,
    Total,
    ValueType,
    Window,
)
from qingting.engine.query.draws import draw, threshold
from query.mirror import DuckDbMirror
from query.shop import (
    AMOUNT,
    BIRTHDAY,
    CITY,
    JOINED,
    LUNAR,
    NOW,
    ORDER,
    POINTS,
    SPENT,
    STORE,
    Shop,
    at,
    day,
    orders,
    tag,
    telling,
    within,
)
from sampling import sampled

EVERYBODY = {f"u{n}" for n in range(1, 7)}
T_BEFORE = Cutoff(CutoffKind.T, 0, 1 - 45 * DAY)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    path: Path = tmp_path_factory.mktemp("shop") / "shop.db"
    with telling(path) as (store, tell):
        tell.members(*sorted(EVERYBODY))
        tell.tag("u1", "新客", NOW - 2 * DAY)
        tell.tag("u2", "新客", NOW - 3 * DAY)
        tell.tag("u3", "新客", NOW - 10 * DAY)
        tell.tag("u3", "新客", NOW - DAY, given=False)
        tell.tag("u4", "兴趣:猫", NOW - 5 * DAY)
        tell.tag("u5", "兴趣:狗", NOW + HOUR, arrived=NOW - HOUR)
        tell.tag("u1", "退订", NOW, arrived=NOW + HOUR)
        for member, city in (("u1", "上海"), ("u2", "上海市"), ("u3", "北京"), ("u4", "a%b"), ("u5", "a_b")):
            tell.set(member, CITY, city)
        tell.set("u3", CITY, None, NOW - DAY)
        tell.set("u1", BIRTHDAY, 19_901_121)
        tell.set("u2", BIRTHDAY, 19_920_229)
        tell.set("u3", BIRTHDAY, 20_001_124)
        tell.set("u4", LUNAR, 1_013)
        tell.set("u1", JOINED, at(2026, 11, 18, 23, 59))
        tell.set("u2", JOINED, at(2026, 11, 19))
        tell.points("u1", 500, NOW - DAY)
        tell.points("u1", 300, NOW + 1)
        tell.points("u2", 499, NOW - DAY)
        tell.order("u1", NOW - 60 * DAY, "猫粮", 10_000, "静安")
        tell.order("u1", NOW - 3 * DAY, "猫粮2kg", 5_000, "徐汇")
        tell.order("u2", NOW - 3 * DAY + 1, "狗粮", 3_000, "静安")
        tell.order("u3", NOW - 50 * DAY, None, None, None)
        tell.order("u4", NOW, "猫", 999, "静安")
        tell.order("u4", NOW, "猫", 1_001, "徐汇")
        tell.order("u5", NOW + 1, "猫", 999, "静安")
    with store:
        yield Shop(store, DuckDbMirror(store))


def compare(operand: object, op: str, *values: int | str) -> Compare:
    return Compare(operand, op, values)  # type: ignore[arg-type]


CASES: list[tuple[Condition, set[str]]] = [
    (Always(True), EVERYBODY),
    (Always(False), set()),
    (tag("新客"), {"u1", "u2"}),
    (Not(tag("新客")), EVERYBODY - {"u1", "u2"}),
    (tag("新客", window=within(3)), {"u1"}),
    (tag("兴趣:*"), {"u4"}),
    (tag("*"), {"u1", "u2", "u4"}),
    (tag("兴趣:猫", "新客"), {"u1", "u2", "u4"}),
    (tag("退订"), set()),
    (tag("谁也没有"), set()),
    (compare(CITY, "is", "上海"), {"u1"}),
    (compare(CITY, "is_not", "上海"), {"u2", "u4", "u5"}),
    (Not(compare(CITY, "is", "上海")), EVERYBODY - {"u1"}),
    (compare(CITY, "in", "上海", "a%b"), {"u1", "u4"}),
    (compare(CITY, "not_in", "上海", "a%b"), {"u2", "u5"}),
    (compare(CITY, "starts", "上海"), {"u1", "u2"}),
    (compare(CITY, "ends", "市"), {"u2"}),
    (compare(CITY, "contains", "%"), {"u4"}),
    (compare(CITY, "contains", ""), {"u1", "u2", "u4", "u5"}),
    (compare(CITY, "known"), {"u1", "u2", "u4", "u5"}),
    (compare(CITY, "unknown"), {"u3", "u6"}),
    (compare(POINTS, "ge", 500_000_000), {"u1"}),
    (compare(POINTS, "ge", 499_500_000), {"u1"}),
    (compare(POINTS, "lt", 1), EVERYBODY - {"u1", "u2"}),
    (compare(POINTS, "is", 499_500_000), set()),
    (compare(POINTS, "is_not", 499_500_000), EVERYBODY),
    (InWindow(JOINED, day(-3)), {"u1"}),
    (InWindow(JOINED, Window(None, Cutoff(CutoffKind.DAY, -2))), {"u1"}),
    (Not(InWindow(JOINED, day(-3))), EVERYBODY - {"u1"}),
    (InWindow(BIRTHDAY, Window(Cutoff(CutoffKind.YEAR, -30), None)), {"u3"}),
    (Anniversary(BIRTHDAY, day(0)), {"u1"}),
    (Anniversary(BIRTHDAY, Window(Cutoff(CutoffKind.DAY, 0), Cutoff(CutoffKind.DAY, 4))), {"u1", "u3"}),
    (Anniversary(LUNAR, day(0)), {"u4"}),
    (Did(ORDER), {"u1", "u2", "u3", "u4"}),
    (Did(ORDER, 2), {"u1", "u4"}),
    (Did(ORDER, 1, 1), {"u2", "u3"}),
    (Did(ORDER, 0, 1), EVERYBODY - {"u1", "u4"}),
    (Did(ORDER, 0, 0), {"u5", "u6"}),
    (Did(orders(window=within(3))), {"u2", "u4"}),
    (Not(Did(orders(window=within(3)))), EVERYBODY - {"u2", "u4"}),
    (Did(orders("猫")), {"u4"}),
    (Did(orders("猫*")), {"u1", "u4"}),
    (Did(orders(where=compare(AMOUNT, "ge", 5_000))), {"u1"}),
    (Did(orders(where=Not(compare(AMOUNT, "ge", 5_000)))), {"u2", "u3", "u4"}),
    (Did(orders(where=compare(STORE, "unknown"))), {"u3"}),
    (Did(EventQuery("点击")), set()),
    (compare(SPENT, "ge", 3_000), {"u1", "u2"}),
    (compare(SPENT, "lt", 3_000), EVERYBODY - {"u1", "u2"}),
    (compare(SPENT, "is", 0), {"u3", "u5", "u6"}),
    (compare(MetricRef("消费", ValueType.MONEY), "between", 2_000, 3_000), {"u2", "u4"}),
    (compare(Total("sum", EventQuery("签到"), AMOUNT, ValueType.MONEY), "le", 0), EVERYBODY),
    (compare(Total("number", ORDER, None, ValueType.NUMBER), "ge", 1_500_000), {"u1", "u4"}),
    (compare(Total("number", ORDER, None, ValueType.NUMBER), "is_not", 1_000_000), EVERYBODY - {"u2", "u3"}),
    (MomentIn("last", ORDER, Window(None, T_BEFORE)), {"u3"}),
    (MomentIn("first", ORDER, Window(None, T_BEFORE)), {"u1", "u3"}),
    (MomentIn("first", ORDER, within(3)), {"u2", "u4"}),
    (Not(MomentIn("first", ORDER, within(3))), EVERYBODY - {"u2", "u4"}),
    (MomentHas("last", ORDER, compare(STORE, "is", "静安")), {"u2"}),
    (MomentHas("first", ORDER, compare(STORE, "is", "静安")), {"u1", "u2", "u4"}),
    (MomentHas("last", ORDER, Not(compare(STORE, "is", "静安"))), {"u1", "u3", "u4"}),
    (InSegment("老客"), {"u1", "u4"}),
    (Received("猫粮跟进", None, None), set()),
    (Not(Received(None, None, TextPattern("猫", prefix=True))), EVERYBODY),
    (Sample("九月实验", 0, 10_000), EVERYBODY),
    (Sample("九月实验", 5_000, 5_000), set()),
    (All((tag("新客"), compare(POINTS, "ge", 500_000_000), Not(Did(EventQuery("点击"))))), {"u1"}),
    (All((Not(tag("新客")), Did(ORDER), Any((compare(CITY, "unknown"), Did(ORDER, 2))))), {"u3", "u4"}),
    (Any((tag("兴趣:猫"), MomentIn("last", ORDER, Window(None, T_BEFORE)))), {"u3", "u4"}),
    (Any((tag("兴趣:猫"), Not(Did(ORDER)))), {"u4", "u5", "u6"}),
]


@pytest.mark.parametrize(("condition", "members"), sampled(2, CASES), ids=lambda value: type(value).__name__)
def test_a_condition_finds_its_members(shop: Shop, condition: Condition, members: set[str]) -> None:
    assert shop.ask(condition) == members
    assert shop.ask(Not(condition)) == EVERYBODY - members


@pytest.mark.parametrize(("condition", "members"), sampled(6, CASES), ids=lambda value: type(value).__name__)
def test_reading_the_facts_gives_what_the_maintained_tables_give(
    shop: Shop, condition: Condition, members: set[str]
) -> None:
    # An early t in the range, a T or a mark before the last fact make the relations read facts instead.
    assert shop.ask(condition, t_low=NOW - 300 * DAY) == members
    assert shop.ask(condition, T=NOW, mark=_last(shop)) == members


def _last(shop: Shop) -> int:
    """The last seq but for a fact of the future that nobody sees."""
    return shop.store.last_seq - 1


def test_a_late_fact_is_seen_from_its_arrival(shop: Shop) -> None:
    assert shop.ask(tag("退订"), t=NOW, T=NOW + HOUR - 1) == set()
    assert shop.ask(tag("退订"), t=NOW, T=NOW + HOUR) == {"u1"}


def test_a_sample_takes_the_draws_of_its_share(shop: Shop) -> None:
    for low, high in ((0, 5_000), (2_500, 7_500), (5_000, 10_000)):
        drawn = {m for m in EVERYBODY if threshold(low) <= draw("九月实验", m) < threshold(high)}
        assert shop.ask(Sample("九月实验", low, high)) == drawn


def test_a_wide_window_and_a_narrow_one_agree(shop: Shop) -> None:
    wide = Did(orders(window=Window(Cutoff(CutoffKind.T, 0, -500 * DAY), Cutoff(CutoffKind.T, 0, 1 - 2 * DAY))))
    assert shop.ask(wide) == {"u1", "u2", "u3"}
    assert shop.ask(Did(orders(window=day(0)))) == {"u4"}
