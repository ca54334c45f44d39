"""Long and deeply nested conditions stay within the limits of SQLite's parser and expressions."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from qingting.engine.program.ir import DAY, All, Any, Compare, Condition, Did, Not
from query.mirror import DuckDbMirror
from query.shop import CITY, NOW, Shop, orders, tag, telling

DEPTH, WIDTH = 100, 1_500


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with telling(tmp_path_factory.mktemp("limits") / "shop.db") as (store, tell):
        tell.members("u1", "u2")
        tell.tag("u1", "新客", NOW - DAY)
        tell.set("u1", CITY, "上海")
        tell.order("u1", NOW - DAY, "猫粮", 3)
    with store:
        yield Shop(store, DuckDbMirror(store))


def nested(inmost: Condition, all_of: Condition, depth: int = DEPTH) -> Condition:
    """And within or within and, so that every second level needs parentheses."""
    found = inmost
    for level in range(depth):
        found = All((all_of, found)) if level % 2 else Any((Did(orders(str(level))), found))
    return found


@pytest.mark.slow
def test_a_hundred_levels_are_asked(shop: Shop) -> None:
    for all_of in (Did(orders("猫粮")), Compare(CITY, "is", ("上海",)), Not(Did(orders("狗粮"))), tag("新客")):
        assert shop.ask_sqlite(nested(tag("新客"), all_of)) == {"u1"}


@pytest.mark.slow
def test_thousands_of_terms_are_asked(shop: Shop) -> None:
    assert shop.ask_sqlite(All(tuple(Compare(CITY, "is_not", (str(n),)) for n in range(WIDTH)))) == {"u1"}
    assert shop.ask_sqlite(Any((*(Did(orders(f"x{n}")) for n in range(WIDTH)), tag("新客")))) == {"u1"}
