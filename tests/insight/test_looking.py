"""The values that tests of days, totals, history and holdings show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from qingting.engine.insight.answers import Shown
from qingting.engine.insight.shown import seen_value
from qingting.engine.insight.view import View
from qingting.engine.program import ir
from qingting.engine.program.ir import DAY, Duration, TextPattern
from qingting.engine.stores.sqlite.database import SqliteStore
from query.shop import (
    AMOUNT,
    CARD,
    INVITER,
    JOINED,
    LIBRARY,
    NOW,
    ORDER,
    PIECES,
    SOURCE,
    ZONE,
    at,
    orders,
    telling,
    within,
)

CHECK_IN = ir.EventQuery("签到")
MONEY, NUMBER = ir.ValueType.MONEY, ir.ValueType.NUMBER
FIVE_DAYS_AGO, IN_A_DAY = "2026-11-16T20:00:00+08:00", "2026-11-22T20:00:00+08:00"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteStore]:
    with telling(tmp_path_factory.mktemp("looking") / "shop.db") as (store, tell):
        tell.members("u1", "u2")
        tell.check_in("u1", *(at(2026, 11, day, 12) for day in (10, 11, 12, 15, 16)))
        for days, cents in ((9, 1_000), (8, 1_000), (5, 1_001)):
            tell.order("u1", NOW - days * DAY, "猫粮", cents, pieces=3_000_000)
        tell.set("u1", CARD, "银卡", NOW - 60 * DAY)
        tell.set("u1", CARD, "金卡", NOW - 5 * DAY)
        tell.set("u1", SOURCE, "静安店")
        tell.set("u2", JOINED, NOW - DAY)
        tell.set("u2", INVITER, "u1")
        tell.points("u1", 500, NOW - DAY)
        tell.coupon("u1", "满减", "issued", NOW - DAY, NOW + DAY, code="a")
        tell.coupon("u1", "满减", "issued", NOW - DAY, code="b")
        tell.coupon("u1", "立减", "used", NOW - DAY)
        tell.redpacket("u1", "issued", NOW - DAY)
        tell.group("g1", "福利群", u1=(NOW - 5 * DAY, None))
        tell.friend("u1", "张三", NOW - 5 * DAY)
    with store:
        yield store


def of(kind: str) -> ir.Compare:
    field = None if kind == "number" else AMOUNT
    type_ = NUMBER if kind in ("number", "distinct") else MONEY
    return ir.Compare(ir.Total(kind, ORDER, field, type_), "ge", (1,))  # type: ignore[arg-type]


AHEAD = ir.Window(ir.Cutoff(ir.CutoffKind.T, 0, 1), None)
CASES: list[tuple[ir.Condition, Shown, Shown]] = [
    (of("sum"), "¥30.01", "¥0"),
    (of("average"), "¥10", None),
    (of("largest"), "¥10.01", None),
    (of("smallest"), "¥10", None),
    (of("number"), 3, 0),
    (of("distinct"), 2, 0),
    (ir.Compare(ir.LadderRef("tier"), "is", ("超级",)), "A级", "普通"),
    (ir.Compare(ir.LadderRef("购买力"), "is", ("高",)), "中", None),
    (ir.DidOnDays(CHECK_IN, 7), 5, 0),
    (ir.DidOnDays(replace(CHECK_IN, window=within(9)), 7), 2, 0),
    (ir.DidOnDays(CHECK_IN, 7, in_a_row=True), 3, 0),
    (ir.HeldFor(CARD, "金卡", Duration(30 * DAY)), f"金卡 从 {FIVE_DAYS_AGO} 起", None),
    (ir.Changed(CARD, within(1)), FIVE_DAYS_AGO, None),
    (ir.HoldsCoupon("满减"), f"永不过期, {IN_A_DAY}", None),
    (ir.UsedCoupon("立减", 3), 1, 0),
    (ir.ReceivedRedpacket("新客红包", 0, 0), 1, 0),
    (ir.Invited(3), 1, 0),
    (ir.Invited(3, where=ir.Did(ORDER)), 0, 0),
    (ir.DueToReorder("猫粮", orders("猫粮"), Duration(2 * DAY), PIECES, AHEAD), IN_A_DAY, None),
    (ir.InGroup(TextPattern("福利", prefix=True)), FIVE_DAYS_AGO, None),
    (ir.IsFriend(), FIVE_DAYS_AGO, "2026-11-20T20:00:00+08:00"),
    (ir.SourceIn("线下", ("静安店",)), "静安店", None),
    (ir.TodayIs("workday"), "2026-11-21", "2026-11-21"),
]


@pytest.mark.parametrize(("condition", "first", "second"), CASES, ids=lambda value: type(value).__name__)
def test_a_test_shows_what_it_sees(
    store: SqliteStore, condition: ir.Condition, first: Shown, second: Shown
) -> None:
    for unit, value in ((1, first), (2, second)):
        view = View(store, LIBRARY, unit, NOW, NOW, 2**62, ZONE)
        assert seen_value(condition, view, "zh") == value
        assert seen_value(ir.Not(condition), view, "zh") == value


def test_an_average_is_shown_rounded_away_from_nought_at_the_half(tmp_path: Path) -> None:
    with telling(tmp_path / "shop.db") as (store, tell):
        tell.members("u1", "u2", "u3")
        for member, amounts in (("u1", (1, 2)), ("u2", (-1, -2)), ("u3", (1, 1, 2, None))):
            for cents in amounts:
                tell.order(member, NOW - DAY, amount=cents)
    with store:
        views = [View(store, LIBRARY, unit, NOW, NOW, 2**62, ZONE) for unit in (1, 2, 3)]
        total = ir.Total("average", ORDER, AMOUNT, MONEY)
        assert [view.total(total) for view in views] == [2, -2, 1]
        assert [view.is_true(ir.Compare(total, "gt", (1,))) for view in views] == [True, False, True]
