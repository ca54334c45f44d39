"""The normal form: negation at the tests, names put in place, counts as ranges."""

from __future__ import annotations

import pytest
from qingting.engine.program.ir import (
    All,
    Always,
    Any,
    AttributeRef,
    Compare,
    CompareOp,
    Condition,
    Did,
    DidOnDays,
    DueToReorder,
    Duration,
    EventQuery,
    HeldFor,
    InSegment,
    Invited,
    InvitedNumber,
    LadderRef,
    MetricRef,
    Not,
    SourceIn,
    Total,
    UsedCoupon,
    ValueType,
    Window,
)
from qingting.engine.query.normal import normal, whole
from query.shop import AMOUNT, CITY, LIBRARY, ORDER, POINTS, SPENT, tag

MONTH, IN_SHANGHAI = Duration(0, 1), Compare(CITY, "is", ("上海",))
AVERAGE = Total("average", ORDER, AMOUNT, ValueType.MONEY)
DISTINCT = Total("distinct", ORDER, AMOUNT, ValueType.NUMBER)
NUMBER = Total("number", ORDER, None, ValueType.NUMBER)
A, B, C = tag("新客"), Compare(CITY, "known"), Did(ORDER, 3)


@pytest.mark.parametrize(
    ("condition", "wanted"),
    [
        (Not(All((A, Not(B)))), Any((Not(A), B))),
        (Not(Not(A)), A),
        (All((A, All((B, A)))), All((A, B))),
        (Any((A, Always(True))), Always(True)),
        (All((A, Always(True))), A),
        (All((A, Not(Always(True)))), Always(False)),
        (InSegment("老客"), Did(ORDER, 2)),
        (Not(InSegment("老客")), Not(Did(ORDER, 2))),
        (Compare(MetricRef("消费", ValueType.MONEY), "ge", (1,)), Compare(SPENT, "ge", (1,))),
        (Did(ORDER, 0, 2), Not(Did(ORDER, 3))),
        (DidOnDays(ORDER, 0, 2), Not(DidOnDays(ORDER, 3))),
        (DidOnDays(ORDER, 1, in_a_row=True), Did(ORDER)),
        (UsedCoupon("满减", 0), Always(True)),
        (Invited(0, 0, Always(True)), Not(Invited(1))),
        (HeldFor(CITY, "上海", MONTH), All((IN_SHANGHAI, HeldFor(CITY, "上海", MONTH)))),
        (Not(HeldFor(CITY, "上海", MONTH)), Any((Not(IN_SHANGHAI), Not(HeldFor(CITY, "上海", MONTH))))),
        (SourceIn("线下", ("静安",)), Compare(AttributeRef("source", ValueType.TEXT), "in", ("静安",))),
        (Compare(LadderRef("tier"), "known"), Always(True)),
        (Compare(LadderRef("tier"), "is", ("没有",)), Always(False)),
        (Compare(LadderRef("tier"), "is", ("普通",)), Not(Compare(POINTS, "ge", (500_000_000,)))),
        (Not(Compare(LadderRef("tier"), "is", ("普通",))), Compare(POINTS, "ge", (500_000_000,))),
        (Compare(AVERAGE, "known"), Did(EventQuery("下单", where=Compare(AMOUNT, "known")))),
        (Compare(DISTINCT, "unknown"), Always(False)),
        (Compare(InvitedNumber(), "lt", (2_500_000,)), Not(Invited(3))),
        (DueToReorder("猫粮", ORDER, MONTH, None, Window(None, None)), Did(ORDER)),
        (Not(Did(ORDER, 0, 2)), C),
        (Did(ORDER, 0), Always(True)),
        (Did(ORDER, 3, 2), Always(False)),
        (Compare(NUMBER, "lt", (2_500_000,)), Not(C)),
        (Compare(NUMBER, "gt", (2_500_000,)), C),
        (Compare(NUMBER, "is", (2_500_000,)), Always(False)),
        (Compare(NUMBER, "between", (-1_000_000, 2_000_000)), Not(C)),
        (Compare(NUMBER, "in", (0, 3_000_000)), Any((Not(Did(ORDER)), Did(ORDER, 3, 3)))),
        (Compare(NUMBER, "unknown"), Always(False)),
        (Compare(SPENT, "known"), Always(True)),
    ],
)
def test_normal_forms(condition: Condition, wanted: Condition) -> None:
    assert normal(condition, LIBRARY) == wanted


@pytest.mark.parametrize("op", ["lt", "le", "gt", "ge", "is", "is_not"])
@pytest.mark.parametrize("value", [-1_500_000, -1_000_000, -1, 0, 1, 999_999, 1_000_000, 1_500_000])
def test_whole_numbers_compare_as_their_millionths(op: CompareOp, value: int) -> None:
    tests = {
        "lt": int.__lt__,
        "le": int.__le__,
        "gt": int.__gt__,
        "ge": int.__ge__,
        "is": int.__eq__,
        "is_not": int.__ne__,
        "in": lambda n, *values: n in values,
        "not_in": lambda n, *values: n not in values,
    }
    scaled, values = whole(op, (value,))
    for number in range(-3, 4):
        assert bool(tests[scaled](number, *values)) == tests[op](number * 1_000_000, value)
