"""Who a condition is true of that counts days, adds up, looks back at an attribute, or asks what somebody holds.

Set and probe, SQLite and DuckDB must agree on each answer, whether facts or what is maintained from them is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from qingting.engine.program import ir
from qingting.engine.program.ir import DAY, HOUR, Condition, Cutoff, CutoffKind, Duration, Not, TextPattern, Window
from query.mirror import DuckDbMirror
from query.shop import (
    AMOUNT,
    BIRTHDAY,
    CARD,
    CITY,
    INVITER,
    JOINED,
    LIBRARY,
    NOW,
    ORDER,
    PIECES,
    POINTS,
    SOURCE,
    Shop,
    at,
    orders,
    telling,
    within,
)
from query.test_members_chosen import CASES as PLAIN_CASES
from sampling import sampled

EVERYBODY = {f"u{n}" for n in range(1, 7)}
CHECK_IN = ir.EventQuery("签到")
MONEY, NUMBER = ir.ValueType.MONEY, ir.ValueType.NUMBER
AHEAD = Window(Cutoff(CutoffKind.T, 0, 1), Cutoff(CutoffKind.T, 0, 1 + 3 * DAY))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with telling(tmp_path_factory.mktemp("habits") / "shop.db") as (store, tell):
        tell.members(*sorted(EVERYBODY))
        # Check-ins: midnight parts the days of Shanghai, not those of UTC.
        tell.check_in("u1", at(2026, 11, 18, 23, 59), at(2026, 11, 19), at(2026, 11, 20, 12), at(2026, 11, 20, 13))
        tell.check_in("u2", at(2026, 11, 10), at(2026, 11, 12), at(2026, 11, 14))
        tell.check_in("u3", at(2026, 11, 21, 7), at(2026, 11, 21, 9))
        # Orders: averages of 15, of a third of a cent more, of nothing known.
        tell.order("u1", NOW - 20 * DAY, "猫粮", 1_000, "静安", pieces=2_000_000)
        tell.order("u1", NOW - 10 * DAY, "猫粮", 2_000, "静安", pieces=6_000_000)
        tell.order("u2", NOW - 9 * DAY, "猫粮", 1_500, "徐汇")
        tell.order("u2", NOW - 8 * DAY, "狗粮", 1_500, "徐汇")
        tell.order("u2", NOW - 7 * DAY, "狗粮", 1_501, "静安")
        tell.order("u3", NOW - 6 * DAY, "猫粮", None, None, pieces=3_500_000)
        tell.order("u4", NOW - 5 * DAY, "猫粮", -100, "静安")
        # The card: kept, changed, changed back, said again, first known lately, made unknown.
        tell.set("u1", CARD, "金卡", NOW - 60 * DAY)
        tell.set("u2", CARD, "银卡", NOW - 60 * DAY)
        tell.set("u2", CARD, "金卡", NOW - 10 * DAY)
        tell.set("u3", CARD, "金卡", NOW - 60 * DAY)
        tell.set("u3", CARD, "银卡", NOW - 5 * DAY)
        tell.set("u3", CARD, "金卡", NOW - 5 * DAY)
        tell.set("u4", CARD, "金卡", NOW - 60 * DAY)
        tell.set("u4", CARD, None, NOW - 2 * DAY)
        tell.set("u5", CARD, "金卡", NOW - 2 * DAY)
        tell.set("u1", CARD, "金卡", NOW - DAY)
        tell.points("u1", 3_001, NOW - DAY)
        tell.points("u2", 3_000, NOW - DAY)
        tell.points("u3", 500, NOW - DAY)
        tell.points("u4", 499, NOW - DAY)
        # Coupons
        tell.coupon("u1", "满减", "issued", NOW - 3 * DAY, NOW + DAY)
        tell.coupon("u2", "满减", "reserved", NOW - 3 * DAY, NOW + DAY)
        tell.coupon("u3", "满减", "reserved", NOW - 3 * DAY, NOW + 10 * DAY)
        tell.coupon("u3", "满减", "issued", NOW - 2 * DAY, NOW + 10 * DAY)
        tell.coupon("u4", "满减", "issued", NOW - 3 * DAY, NOW)
        tell.coupon("u5", "满减", "issued", NOW - 3 * DAY)
        tell.coupon("u5", "满减", "used", NOW - DAY)
        tell.coupon("u6", "满减", "issued", NOW - 3 * DAY)
        tell.coupon("u5", "立减", "used", NOW - DAY, code="a")
        tell.coupon("u5", "立减", "used", NOW - 8 * DAY, code="b")
        tell.redpacket("u1", "issued", NOW - DAY)
        tell.redpacket("u2", "reserved", NOW - 2 * DAY)
        tell.redpacket("u2", "issued", NOW - DAY)
        tell.redpacket("u2", "issued", NOW - 9 * DAY, code="2")
        tell.redpacket("u3", "reserved", NOW - DAY)
        tell.redpacket("u3", "cancelled", NOW - HOUR)
        # Others
        tell.group("g1", "福利群", u1=(NOW - DAY, None), u2=(NOW - 9 * DAY, NOW - DAY))
        tell.group("g2", "福利群二", u3=(NOW - DAY, None), u4=(NOW + 1, None))
        tell.set("u1", JOINED, NOW - 90 * DAY)
        tell.set("u2", JOINED, NOW - 6 * DAY)
        tell.set("u3", JOINED, NOW - 7 * DAY)
        tell.set("u4", JOINED, NOW + 1)
        tell.set("u2", INVITER, "u1")
        tell.set("u3", INVITER, "u1")
        tell.set("u4", INVITER, "u2")
        tell.set("u5", INVITER, "谁")
        tell.friend("u3", "张三", NOW - 8 * DAY)
        tell.friend("u3", "张三", NOW - 7 * DAY, given=False)
        tell.friend("u5", "张三", NOW - 8 * DAY)
        tell.friend("u5", "李四", NOW - 8 * DAY)
        tell.friend("u5", "张三", NOW - 7 * DAY, given=False)
        tell.set("u1", SOURCE, "静安店")
        tell.set("u2", SOURCE, "官网")
        tell.set("u3", BIRTHDAY, 20_261_121)
        tell.set("u2", BIRTHDAY, 20_261_114)
        tell.set("u6", CITY, "上海", NOW + DAY)
    with store:
        yield Shop(store, DuckDbMirror(store))


def of(kind: str, query: ir.EventQuery = ORDER, field: ir.FieldRef = AMOUNT) -> ir.Total:
    return ir.Total(kind, query, field, NUMBER if kind == "distinct" else field.type)  # type: ignore[arg-type]


def compare(operand: object, op: str, *values: int | str) -> ir.Compare:
    return ir.Compare(operand, op, values)  # type: ignore[arg-type]


def rung(ladder: str, op: str, *names: str) -> ir.Compare:
    return compare(ir.LadderRef(ladder), op, *names)


def held(days: int, value: str = "金卡") -> ir.HeldFor:
    return ir.HeldFor(CARD, value, Duration(days * DAY))


def hours(weekday: int, start: int, end: int) -> Window:
    """While an activity of every week goes on or went on last."""
    times = ir.Times((), (weekday,), start * 60, end * 60)
    return Window(Cutoff(CutoffKind.LATEST_START, times=times), Cutoff(CutoffKind.LATEST_END, times=times))


def since(which: str, query: ir.EventQuery = CHECK_IN, window: Window = Window(None, None)) -> Window:
    return replace(window, since=ir.SinceEvent(which, query))  # type: ignore[arg-type]


def due(quantity: ir.FieldRef | None = PIECES, window: Window = AHEAD) -> ir.DueToReorder:
    return ir.DueToReorder("猫粮", orders("猫粮"), Duration(2 * DAY), quantity, window)


FRIDAY = Window(Cutoff(CutoffKind.LATEST_START, times=ir.Times((), (5,), 0, 0)), None)

CASES: list[tuple[Condition, set[str]]] = [
    (ir.DidOnDays(CHECK_IN, 3), {"u1", "u2"}),
    (ir.DidOnDays(CHECK_IN, 1), {"u1", "u2", "u3"}),
    (ir.DidOnDays(CHECK_IN, 1, 1), {"u3"}),
    (ir.DidOnDays(CHECK_IN, 0, 1), EVERYBODY - {"u1", "u2"}),
    (ir.DidOnDays(replace(CHECK_IN, window=within(3)), 2), {"u1"}),
    (ir.DidOnDays(CHECK_IN, 3, in_a_row=True), {"u1"}),
    (ir.DidOnDays(CHECK_IN, 4, in_a_row=True), set()),
    (ir.DidOnDays(CHECK_IN, 1, in_a_row=True), {"u1", "u2", "u3"}),
    (ir.DidOnDays(ir.EventQuery("点击"), 2), set()),
    (compare(of("average"), "ge", 1_500), {"u1", "u2"}),
    (compare(of("average"), "gt", 1_500), {"u2"}),
    (compare(of("average"), "le", 1_500), {"u1", "u4"}),
    (compare(of("average"), "is", 1_500), {"u1"}),
    (compare(of("average"), "is_not", 1_500), {"u2", "u4"}),
    (compare(of("average"), "between", 1_500, 1_501), {"u1", "u2"}),
    (compare(of("average"), "in", 1_500, -100), {"u1", "u4"}),
    (compare(of("average"), "not_in", 1_500, -100), {"u2"}),
    (compare(of("average"), "known"), {"u1", "u2", "u4"}),
    (compare(of("average"), "unknown"), {"u3", "u5", "u6"}),
    (compare(of("largest"), "ge", 1_501), {"u1", "u2"}),
    (compare(of("largest"), "lt", 0), {"u4"}),
    (compare(of("smallest"), "lt", 1_001), {"u1", "u4"}),
    (compare(of("smallest", ir.EventQuery("点击")), "lt", 1_001), set()),
    (compare(of("distinct", field=ir.FieldRef("subject", ir.ValueType.TEXT)), "ge", 2_000_000), {"u2"}),
    (compare(of("distinct"), "is", 0), {"u3", "u5", "u6"}),
    (compare(of("distinct"), "is", 1_500_000), set()),
    (compare(of("distinct"), "known"), EVERYBODY),
    (compare(ir.MetricRef("客单", MONEY), "gt", 1_500), {"u2"}),
    (rung("tier", "is", "超级"), {"u1"}),
    (rung("tier", "is", "A级"), {"u2", "u3"}),
    (rung("tier", "is", "普通"), {"u4", "u5", "u6"}),
    (rung("tier", "is_not", "普通"), {"u1", "u2", "u3"}),
    (rung("tier", "ends", "级"), {"u1", "u2", "u3"}),
    (rung("tier", "known"), EVERYBODY),
    (rung("购买力", "is", "中"), {"u1", "u2"}),
    (rung("购买力", "in", "高", "中"), {"u1", "u2"}),
    (rung("购买力", "not_in", "高"), {"u1", "u2"}),
    (rung("购买力", "unknown"), EVERYBODY - {"u1", "u2"}),
    (held(30), {"u1", "u3"}),
    (held(10), {"u1", "u2", "u3"}),
    (held(11), {"u1", "u3"}),
    (held(2), {"u1", "u2", "u3", "u5"}),
    (ir.HeldFor(CARD, "金卡", Duration(0, 1)), {"u1", "u3"}),
    (held(30, "银卡"), set()),
    (ir.HeldFor(BIRTHDAY, 20_261_121, Duration(30 * DAY)), {"u3"}),
    (ir.Changed(CARD), {"u2", "u3", "u4"}),
    (ir.Changed(CARD, within(7)), {"u3", "u4"}),
    (ir.Changed(CITY), set()),
    (ir.Changed(POINTS), {"u1", "u2", "u3", "u4"}),
    (ir.Changed(POINTS, Window(None, Cutoff(CutoffKind.T, 0, -DAY))), set()),
    (ir.HeldFor(POINTS, 0, Duration(30 * DAY)), {"u5", "u6"}),
    (ir.HeldFor(POINTS, 500_000_000, Duration(DAY)), {"u3"}),
    (ir.HeldFor(POINTS, 500_000_000, Duration(DAY + 2)), set()),
    (ir.HoldsCoupon("满减"), {"u1", "u3", "u6"}),
    (ir.HoldsCoupon("满减", AHEAD), {"u1"}),
    (ir.HoldsCoupon("满减", Window(Cutoff(CutoffKind.T, 0, 1), None)), {"u1", "u3"}),
    (ir.HoldsCoupon("立减"), set()),
    (ir.UsedCoupon("满减"), {"u5"}),
    (ir.UsedCoupon("立减", 2), {"u5"}),
    (ir.UsedCoupon("立减", 2, window=within(7)), set()),
    (ir.UsedCoupon("立减", 0, 0), EVERYBODY - {"u5"}),
    (ir.ReceivedRedpacket("新客红包"), {"u1", "u2"}),
    (ir.ReceivedRedpacket("新客红包", 2), {"u2"}),
    (ir.ReceivedRedpacket("新客红包", window=within(1)), set()),
    (ir.ReceivedRedpacket("新客红包", window=within(2)), {"u1"}),
    (ir.InGroup(TextPattern("福利群")), {"u1"}),
    (ir.InGroup(TextPattern("福利", prefix=True)), {"u1", "u3"}),
    (ir.InGroup(TextPattern("", prefix=True)), {"u1", "u3"}),
    (ir.InGroup(TextPattern("g1")), set()),
    (ir.IsFriend(), {"u1", "u2", "u5"}),
    (ir.SourceIn("线下", ("静安店", "徐汇店")), {"u1"}),
    (ir.Invited(), {"u1", "u2"}),
    (ir.Invited(2), {"u1"}),
    (ir.Invited(1, 1), {"u2"}),
    (ir.Invited(0, 1), EVERYBODY - {"u1"}),
    (ir.Invited(window=within(7)), {"u1"}),
    (ir.Invited(2, window=within(7)), set()),
    (ir.Invited(where=ir.Did(orders("狗粮"))), {"u1"}),
    (ir.Invited(where=Not(ir.IsFriend())), {"u1", "u2"}),
    (ir.Invited(where=ir.Invited()), {"u1"}),
    (compare(ir.InvitedNumber(), "ge", 2_000_000), {"u1"}),
    # 10 days ago six pieces of two days; of unknown quantity nine days ago; 6 days ago three and a half.
    (due(), {"u1", "u3"}),
    (due(window=Window(Cutoff(CutoffKind.T, 0, 2 * DAY), Cutoff(CutoffKind.T, 0, 2 * DAY + 1))), {"u1"}),
    (due(window=Window(None, Cutoff(CutoffKind.T))), {"u2", "u4"}),
    (due(None), set()),
    (due(None, Window(None, None)), {"u1", "u2", "u3", "u4"}),
    (ir.TodayIs("workday"), EVERYBODY),
    (ir.TodayIs("holiday"), set()),
    (ir.All((ir.TodayIs("workday"), ir.IsFriend())), {"u1", "u2", "u5"}),
    (ir.Did(orders(window=since("first"))), {"u2"}),
    (ir.Did(orders(window=since("last"))), {"u2"}),
    (ir.Did(orders(window=since("first", window=within(8)))), {"u2"}),
    (ir.Did(replace(CHECK_IN, window=since("last", CHECK_IN))), set()),
    (ir.Did(replace(CHECK_IN, window=since("first", CHECK_IN))), {"u1", "u2", "u3"}),
    (ir.MomentIn("last", ORDER, since("first")), {"u2"}),
    (ir.InWindow(JOINED, since("last", ORDER)), {"u2", "u4"}),
    (ir.InWindow(BIRTHDAY, since("first")), {"u2"}),
    (ir.InWindow(BIRTHDAY, since("last", ORDER)), {"u3"}),
    # Saturday, 20:00: on Friday from 12 to 13, on Saturday from 6 to 8, on Saturday from 21 to 22.
    (ir.Did(replace(CHECK_IN, window=hours(5, 12, 13))), {"u1"}),
    (ir.Did(replace(CHECK_IN, window=hours(6, 6, 8))), {"u3"}),
    (ir.Did(replace(CHECK_IN, window=hours(6, 21, 22))), set()),
    (ir.Did(replace(CHECK_IN, window=FRIDAY)), {"u1", "u3"}),
]


@pytest.mark.parametrize(("condition", "members"), sampled(3, CASES), ids=lambda value: type(value).__name__)
def test_a_condition_finds_its_members(shop: Shop, condition: Condition, members: set[str]) -> None:
    assert shop.ask(condition) == members
    assert shop.ask(Not(condition)) == EVERYBODY - members


@pytest.mark.slow
@pytest.mark.parametrize(("condition", "members"), CASES, ids=lambda value: type(value).__name__)
def test_reading_the_facts_gives_what_the_maintained_tables_give(
    shop: Shop, condition: Condition, members: set[str]
) -> None:
    # The last fact lies in the future and is seen by nobody.
    assert shop.ask(condition, T=NOW, mark=shop.store.last_seq - 1, t_low=NOW - 300 * DAY) == members


def test_what_was_held_is_held_as_of_then(shop: Shop) -> None:
    earlier = NOW - 2 * DAY
    assert shop.ask(ir.HoldsCoupon("满减"), t=earlier) == {"u1", "u3", "u4", "u5", "u6"}
    assert shop.ask(ir.UsedCoupon("满减"), t=earlier) == set()
    assert shop.ask(ir.InGroup(TextPattern("福利", prefix=True)), t=earlier) == {"u2"}
    assert shop.ask(ir.ReceivedRedpacket("新客红包"), t=NOW - 2 * HOUR) == {"u1", "u2", "u3"}
    assert shop.ask(ir.TodayIs("holiday"), t=NOW - DAY) == EVERYBODY
    assert shop.ask(ir.TodayIs("workday"), t=NOW + DAY) == set()


def test_who_was_taken_out_is_no_member_until_brought_back(tmp_path: Path) -> None:
    with telling(tmp_path / "shop.db") as (store, tell):
        tell.members("u1", "u2")
        tell.order("u1", NOW - DAY)
        tell.order("u2", NOW - DAY)
    with store:
        with store.transaction() as connection:
            for seq, given, when in ((10, 1, NOW - 2 * HOUR), (11, 0, NOW + HOUR)):
                connection.execute("INSERT INTO removal_facts VALUES (?, 1, ?, ?, ?, NULL, 0)", (seq, given, when, when))
            connection.execute(
                "INSERT INTO extents VALUES ('removal', 0, 2, 1, ?, ?, ?, 11)", (NOW - 2 * HOUR, NOW + HOUR, NOW + HOUR)
            )
        shop = Shop(store, DuckDbMirror(store))
        for condition in (ir.Always(True), ir.Did(ORDER)):
            assert shop.ask(condition, t=NOW - 3 * HOUR) == {"u1", "u2"}
            assert shop.ask(condition, t=NOW) == {"u2"}
            assert shop.ask(condition, t=NOW + HOUR) == {"u1", "u2"}
            assert shop.ask(condition, t=NOW, T=NOW + 2 * HOUR, mark=9) == {"u1", "u2"}


def test_before_its_first_time_nothing_happened_during_an_activity(shop: Shop) -> None:
    later = ir.Times(((2_000_000_000_000_000, 2_000_000_000_000_001),))
    start, end = (Cutoff(kind, times=later) for kind in (CutoffKind.LATEST_START, CutoffKind.LATEST_END))
    for window in (Window(start, end), Window(end, None), Window(None, start), Window(None, end)):
        assert shop.ask(ir.Did(replace(CHECK_IN, window=window))) == set()


# They are asked of what runs leave behind.
NEED_JOURNEYS = {ir.InPlaybook, ir.FinishedPlaybook, ir.TaskIs}


def test_every_leaf_of_the_program_is_asked() -> None:
    asked = {type(condition) for condition, _ in CASES + PLAIN_CASES}
    assert set(get_args(ir.Condition)) - NEED_JOURNEYS <= asked
    assert LIBRARY.segments
