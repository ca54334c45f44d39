"""The values of operands: for ordering by them and showing them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from qingting.engine.program.ir import DAY, AttributeRef, LadderRef, MetricRef, Total, ValueType
from qingting.engine.query.compile import Compiler
from qingting.engine.query.frame_table import FrameTable
from qingting.engine.query.frames import FramePlan
from qingting.engine.query.operands import Shown, asked_by
from qingting.engine.query.statements import Query, render
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.engine.stores.sqlite.relations import SqliteRelations
from query.shop import AMOUNT, CITY, LIBRARY, NOW, ORDER, POINTS, ZONE, orders, telling, within
from sqlglot import exp

MONEY, NUMBER = ValueType.MONEY, ValueType.NUMBER


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteStore]:
    with telling(tmp_path_factory.mktemp("operands") / "shop.db") as (store, tell):
        tell.members("u1", "u2")
        for cents in (1_000, 1_000, 1_001):
            tell.order("u1", NOW - 2 * DAY, "猫粮", cents)
        tell.set("u1", CITY, "上海")
        tell.points("u1", 500, NOW - DAY)
    with store:
        yield store


@pytest.mark.parametrize(
    ("operand", "first", "second"),
    [
        (CITY, "上海", None),
        (AttributeRef("农历生日", ValueType.LUNAR_DATE), None, None),
        (POINTS, 500, 0),
        (Total("number", ORDER, None, NUMBER), 3_000_000, 0),
        (Total("number", orders(window=within(1)), None, NUMBER), 0, 0),
        (Total("distinct", ORDER, AMOUNT, NUMBER), 2_000_000, 0),
        (MetricRef("消费", MONEY), 3_001, 0),
        (MetricRef("客单", MONEY), 1_000, None),
        (Total("largest", ORDER, AMOUNT, MONEY), 1_001, None),
        (LadderRef("tier"), "A级", "普通"),
        # The average is a third of a cent above the mark, which a rounded one would not be.
        (LadderRef("购买力"), "中", None),
    ],
    ids=lambda value: type(value).__name__,
)
def test_the_value_of_an_operand(
    store: SqliteStore, operand: Shown, first: int | str | None, second: int | str | None
) -> None:
    plan = FramePlan.of(list(asked_by(operand, LIBRARY)), LIBRARY)
    frames = FrameTable(plan, "sqlite", lambda sql, values: store.connection.execute(sql, values).fetchall())
    frames.create()
    frames.add(1, NOW, ZONE)
    compiler = Compiler(LIBRARY, SqliteRelations(store, NOW, 2**62, NOW, NOW), plan)
    value = compiler.value(operand, exp.column("unit", "s"), "f")
    query = exp.select(value).from_("members AS s").join("frames AS f", on="f.frame = 1").order_by("s.unit")
    rows = store.connection.execute(*render(Query(query, compiler.parameters), "sqlite")).fetchall()
    assert rows == [(first,), (second,)]
