"""A copy put back is the store of that time, and with all facts brought once more it is the store of today."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from qingting.engine.simulating.arriving import Arrivals
from qingting.engine.simulating.copying import Copy, private_copy
from qingting.engine.simulating.rewinding import rewind
from qingting.engine.simulating.staging import FACTS
from qingting.engine.stores.sqlite.database import SqliteStore
from simulating.lives import at
from workspaces import Shop, micros

MAINTAINED = ("member_tags", "group_tags", "group_members", "friendships", "coupons", "redpackets", "extents")
DECLARED = '标签组 "阶段" 互斥\n标签 "一期" 归入 "阶段"\n标签 "二期" 归入 "阶段"\n券 "立减5" 减¥5\n'


def _day(shop: Shop, day: int) -> None:
    """A day on which something of every kind becomes known, some of it of earlier days."""
    now, before = at(day, "10:00"), at(day - 1, "09:00")
    shop.bring("members", [{"id": f"n{day}", "城市": "上海", "joined": before}, {"id": "u1", "城市": f"城{day}"}], now)
    shop.bring("staff", [{"id": f"s{day}", "name": "小王"}, {"id": "s1", "name": f"小{day}", "manager": f"s{day}"}], now)
    shop.tag("一期" if day % 2 else "二期", "u1", "u2", at=now)
    shop.tag("新客", "u3", at=now, since=before)
    shop.event("下单", "u1", f"n{day}", at=before, arrived=now, amount=day, subject="猫粮", 门店="静安")
    shop.bring("coupons", [{"coupon": "立减5", "member": "u1", "code": f"c{day}", "issued": before}], now)
    if day > 1:
        shop.bring("coupons", [{"coupon": "立减5", "member": "u1", "code": f"c{day - 1}", "used": before}], now)
    shop.bring("friends", [{"member": "u2", "staff": "s1", "since": before}], now)
    shop.bring("groups", [{"group": "g1", "name": f"群{day}", "owner": "s1"}, {"group": f"g{day}", "member": "u1", "since": before}],
               now)


def _tables(connection: Any) -> dict[str, list[tuple[Any, ...]]]:
    """All facts, and what is maintained from them."""
    return {
        name: sorted(connection.execute(f"SELECT * FROM {name}").fetchall(), key=repr)
        for name in (*FACTS, *MAINTAINED)
    }


@pytest.fixture(params=[(), (1, 2, 3, 4)], ids=["never run", "run each day"])
def grown(request: pytest.FixtureRequest, open_shop: Callable[[str], Shop]) -> Shop:
    """A shop after four days, run on some of them."""
    shop = open_shop(DECLARED)
    for day in range(1, 5):
        _day(shop, day)
        if day in request.param:
            shop.run(at(day, "20:00"))
    return shop


def _rewound(shop: Shop, start: str) -> Iterator[Copy]:
    with SqliteStore.open(shop.path) as store, private_copy(store) as copy:
        rewind(copy, shop.ws.load().program, micros(start))
        yield copy


def test_put_back_it_is_the_store_of_that_time(grown: Shop, open_shop: Callable[[str], Shop]) -> None:
    then = open_shop(DECLARED)
    for day in (1, 2):
        _day(then, day)
        if grown.rows("SELECT 1 FROM runs"):
            then.run(at(day, "20:00"))
    for copy in _rewound(grown, at(3)):
        with SqliteStore.open(then.path) as store:
            _assert_same(_tables(copy.connection), _tables(store.connection))


def test_with_all_brought_once_more_it_is_the_store_of_today(grown: Shop) -> None:
    for copy in _rewound(grown, at(2)):
        arrivals = Arrivals(copy.store, grown.ws.load().program, micros(at(2)), replayed=True)
        assert arrivals.next(micros(at(2))) == micros(at(2, "10:00"))
        for day in (2, 3, 4):
            arrivals.bring(micros(at(day, "12:00")))
        assert arrivals.next(micros(at(4, "10:00"))) is None
        with SqliteStore.open(grown.path) as store:
            _assert_same(_tables(copy.connection), _tables(store.connection))


def _assert_same(found: dict[str, list[Any]], wanted: dict[str, list[Any]]) -> None:
    for name, rows in wanted.items():
        assert found[name] == rows, name
    assert sum(map(bool, wanted.values())) >= 14


def test_numbers_of_facts_make_room_for_those_of_a_replay(grown: Shop, tmp_path: Path) -> None:
    for copy in _rewound(grown, at(2)):
        arrivals = Arrivals(copy.store, grown.ws.load().program, micros(at(2)), replayed=True)
        with copy.store.transaction():
            taken = copy.store.take_seqs(40)
            # As if a run of the replay had numbered facts of its own where none was run.
            copy.store.use_seqs(taken.stop + 40)
        arrivals.bring(micros(at(4, "12:00")))
        (first,) = copy.connection.execute("SELECT min(seq) FROM events WHERE seq > ?", (taken.start,)).fetchone()
        assert first > taken.stop + 40
        assert copy.connection.execute("SELECT count(*) FROM events").fetchone()[0] == 8
