"""Eight conditions of growing weight: as the engine compiles them against hand-written SQL over the same tables.

    python benchmarks/conditions.py /tmp/shop.db [--repeats 5]

The store comes from generate.py. Both sides answer as of the same instant and must find the same members. By hand the
best of several shapes counts, with the store's indexes and with some of its own. Asserts that the engine takes at
most 1.3 times as long in all, and at most twice for each.
"""

from __future__ import annotations

import argparse
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from generate import LIBRARY, ZONE, now, tag_name
from qingting.engine.program.ir import (
    DAY,
    All,
    Anniversary,
    AttributeRef,
    Compare,
    Condition,
    Cutoff,
    CutoffKind,
    Did,
    EventQuery,
    FieldRef,
    HasTag,
    MomentIn,
    Not,
    TextPattern,
    Total,
    ValueType,
    Window,
)
from qingting.engine.query.calendar import cutoff_instant
from qingting.engine.query.compile import Compiler
from qingting.engine.query.frames import FramePlan, create_frames, insert_frame
from qingting.engine.query.statements import Query, render
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.engine.stores.sqlite.relations import SqliteRelations

ALL_TIMES, EACH_TIMES = 1.3, 2.0
# Below this a ratio says more about the clock than about the statement.
FLOOR_SECONDS = 0.0005


@dataclass(frozen=True, slots=True)
class Task:
    """A condition and the shapes in which one would write it by hand."""

    text: str
    condition: Condition
    shapes: tuple[str, ...]


def _tag(rank: int) -> HasTag:
    return HasTag((TextPattern(tag_name(rank)),))


def _within(days: int) -> Window:
    return Window(Cutoff(CutoffKind.T, 0, 1 - days * DAY), Cutoff(CutoffKind.T, 0, 1))


YESTERDAY = Window(Cutoff(CutoffKind.DAY, -1), Cutoff(CutoffKind.DAY, 0))
CATS = (TextPattern("猫", prefix=True),)
CLICKED = Did(EventQuery("点击", CATS, window=YESTERDAY))
POINTS = AttributeRef("points", ValueType.NUMBER)
HELD = "k.tag = :{0} AND k.since <= :t AND k.until > :t"
HOLDS = "EXISTS (SELECT 1 FROM member_tags k WHERE k.unit = {1}.unit AND " + HELD + ")"
CAT_CLICK = "type = :click AND at >= :yesterday AND at < :today AND subject >= '猫' AND subject < '猬'"

BY_INSTANT = CAT_CLICK.replace("subject", "+subject")


def _holds(tag: str, unit: str) -> str:
    return HOLDS.format(tag, unit)


def _holders(tag: str) -> str:
    return "SELECT k.unit FROM member_tags k WHERE " + HELD.format(tag)


TASKS = (
    Task(
        '有标签 "标签000"',
        _tag(0),
        (
            _holders("tag0"),
            f"SELECT unit FROM members m WHERE {_holds('tag0', 'm')}",
            f"SELECT unit FROM members WHERE unit IN ({_holders('tag0')})",
        ),
    ),
    Task(
        '有标签 "标签000" 且 无标签 "标签004" 且 积分 >= 500',
        All((_tag(0), Not(_tag(4)), Compare(POINTS, "ge", (500_000_000,)))),
        (
            f"SELECT d.unit FROM ({_holders('tag0')}) d JOIN members m ON m.unit = d.unit"
            f" WHERE m.points >= 500 AND NOT {_holds('tag4', 'd')}",
            f"SELECT d.unit FROM ({_holders('tag0')}) d WHERE NOT {_holds('tag4', 'd')}"
            " AND (SELECT points FROM members m WHERE m.unit = d.unit) >= 500",
            f"SELECT unit FROM members m WHERE points >= 500 AND {_holds('tag0', 'm')} AND NOT {_holds('tag4', 'm')}",
            "SELECT m.unit FROM member_tags k CROSS JOIN members m ON m.unit = k.unit WHERE "
            f"{HELD.format('tag0')} AND m.points >= 500 AND NOT {_holds('tag4', 'm')}",
            f"SELECT unit FROM members WHERE points >= 500 AND unit IN ({_holders('tag0')})"
            f" AND unit NOT IN ({_holders('tag4')})",
        ),
    ),
    Task(
        '有任一标签 "标签001", "标签002" 且 城市 属于 "上海", "北京"',
        All(
            (
                HasTag((TextPattern(tag_name(1)), TextPattern(tag_name(2)))),
                Compare(AttributeRef("城市", ValueType.TEXT), "in", ("上海", "北京")),
            )
        ),
        (
            f"SELECT d.unit FROM ({_holders('tag1')} UNION {_holders('tag2')}) d"
            " WHERE (SELECT {city} FROM members m WHERE m.unit = d.unit) IN ('上海', '北京')",
            f"SELECT unit FROM members m WHERE {{city}} IN ('上海', '北京') AND ({_holds('tag1', 'm')} OR {_holds('tag2', 'm')})",
            f"SELECT unit FROM members WHERE {{city}} IN ('上海', '北京')"
            f" AND unit IN ({_holders('tag1')} UNION ALL {_holders('tag2')})",
        ),
    ),
    Task(
        '昨天 做过 点击 "猫*"',
        CLICKED,
        (
            f"SELECT DISTINCT unit FROM events WHERE {CAT_CLICK}",
            f"SELECT unit FROM events WHERE {CAT_CLICK} GROUP BY unit",
            f"SELECT DISTINCT unit FROM events WHERE {BY_INSTANT}",
            f"SELECT unit FROM members m WHERE EXISTS (SELECT 1 FROM events e WHERE e.unit = m.unit AND {CAT_CLICK})",
        ),
    ),
    Task(
        '有标签 "标签000" 且 昨天 做过 点击 "猫*" 且 7天内 未做过 下单',
        All((_tag(0), CLICKED, Not(Did(EventQuery("下单", window=_within(7)))))),
        tuple(
            shape + " NOT EXISTS (SELECT 1 FROM events o WHERE o.type = :order AND o.unit = d.unit"
            " AND o.at > :t - 604800000000 AND o.at <= :t)"
            for shape in (
                f"SELECT d.unit FROM (SELECT DISTINCT unit FROM events WHERE {CAT_CLICK}) d WHERE {_holds('tag0', 'd')} AND",
                f"SELECT d.unit FROM ({_holders('tag0')}) d WHERE EXISTS (SELECT 1 FROM events e WHERE e.unit = d.unit"
                f" AND {CAT_CLICK}) AND",
                f"SELECT DISTINCT d.unit FROM events d WHERE {CAT_CLICK} AND {_holds('tag0', 'd')} AND",
                f"SELECT DISTINCT d.unit FROM events d WHERE {BY_INSTANT} AND {_holds('tag0', 'd')} AND",
            )
        ),
    ),
    Task(
        "90天内 累计 下单.金额 >= ¥300 且 最近一次 下单 距今超过45天",
        All(
            (
                Compare(
                    Total(
                        "sum",
                        EventQuery("下单", window=_within(90)),
                        FieldRef("amount", ValueType.MONEY),
                        ValueType.MONEY,
                    ),
                    "ge",
                    (30_000,),
                ),
                MomentIn("last", EventQuery("下单"), Window(None, Cutoff(CutoffKind.T, 0, 1 - 45 * DAY))),
            )
        ),
        (
            "SELECT unit FROM events WHERE type = :order AND at <= :t GROUP BY unit HAVING MAX(at) <= :t - 3888000000000"
            " AND SUM(CASE WHEN at > :t - 7776000000000 THEN amount END) >= 30000",
            "SELECT d.unit FROM (SELECT unit FROM events WHERE type = :order AND at > :t - 7776000000000 AND at <= :t"
            " GROUP BY unit HAVING MAX(at) <= :t - 3888000000000 AND SUM(amount) >= 30000) d",
            "SELECT d.unit FROM (SELECT unit FROM events WHERE type = :order AND at > :t - 7776000000000"
            " AND at <= :t - 3888000000000 GROUP BY unit HAVING SUM(amount) >= 30000) d WHERE NOT EXISTS"
            " (SELECT 1 FROM events o WHERE o.type = :order AND o.unit = d.unit AND o.at > :t - 3888000000000 AND o.at <= :t)",
            "SELECT d.unit FROM (SELECT unit FROM events WHERE type = :order AND +at > :t - 7776000000000 AND +at <= :t"
            " GROUP BY unit HAVING MAX(at) <= :t - 3888000000000 AND SUM(amount) >= 30000) d",
        ),
    ),
    Task(
        '30天内 下单 次数 >= 2 且 有标签 "标签001" 且 无标签 "标签004"',
        All(
            (
                Compare(
                    Total("number", EventQuery("下单", window=_within(30)), None, ValueType.NUMBER), "ge", (2_000_000,)
                ),
                _tag(1),
                Not(_tag(4)),
            )
        ),
        (
            f"SELECT d.unit FROM ({_holders('tag1')}) d WHERE NOT {_holds('tag4', 'd')} AND (SELECT COUNT(*) FROM events o"
            " WHERE o.type = :order AND o.unit = d.unit AND o.at > :t - 2592000000000 AND o.at <= :t) >= 2",
            "SELECT d.unit FROM (SELECT unit FROM events WHERE type = :order AND at > :t - 2592000000000 AND at <= :t"
            f" GROUP BY unit HAVING COUNT(*) >= 2) d WHERE {_holds('tag1', 'd')} AND NOT {_holds('tag4', 'd')}",
            f"SELECT unit FROM members WHERE unit IN ({_holders('tag1')}) AND unit NOT IN ({_holders('tag4')}) AND unit IN"
            " (SELECT unit FROM events WHERE type = :order AND at > :t - 2592000000000 AND at <= :t"
            " GROUP BY unit HAVING COUNT(*) >= 2)",
        ),
    ),
    Task(
        "3天后当天 生日周年 且 积分 >= 1000",
        All(
            (
                Anniversary(
                    AttributeRef("生日", ValueType.DATE), Window(Cutoff(CutoffKind.DAY, 3), Cutoff(CutoffKind.DAY, 4))
                ),
                Compare(POINTS, "ge", (1000_000_000,)),
            )
        ),
        (
            "SELECT unit FROM members WHERE points >= 1000 AND {birthday} % 10000 = 1124",
            "SELECT unit FROM members WHERE {birthday} % 10000 = 1124 AND points >= 1000",
            "SELECT unit FROM members WHERE {birthday} % 10000 IN (1124) AND points BETWEEN 1000 AND 9223372036854775807",
        ),
    ),
)

OWN_INDEXES = (
    "CREATE INDEX hand_click_at ON events (at, subject, unit) WHERE type = {click}",
    "CREATE INDEX hand_order_at ON events (at, unit, amount) WHERE type = {order}",
    "CREATE INDEX hand_birthday ON members ({birthday} % 10000, points)",
    "CREATE INDEX hand_points ON members (points, {birthday}, {city})",
)


@dataclass(frozen=True, slots=True)
class Measured:
    """The medians of one task, in seconds."""

    task: Task
    members: int
    engine: float
    hand: float
    shape: str

    @property
    def ratio(self) -> float:
        """How many times as long the engine takes."""
        return max(self.engine, FLOOR_SECONDS) / max(self.hand, FLOOR_SECONDS)


class Bench:
    """One store with everything that the statements need."""

    def __init__(self, store: SqliteStore, repeats: int) -> None:
        self.store, self.connection, self.repeats = store, store.connection, repeats
        self.connection.execute("PRAGMA cache_size = -1000000")
        self.t = now()
        names = store.attributes()
        self.columns = {"city": f"a{names['城市']}", "birthday": f"a{names['生日']}"}
        events, tags = store.events(), store.tags()
        self.kinds = {"click": events["点击"], "order": events["下单"]}
        self.values = {
            "t": self.t,
            **{f"tag{rank}": tags[tag_name(rank)] for rank in (0, 1, 2, 4)},
            "yesterday": cutoff_instant(Cutoff(CutoffKind.DAY, -1), self.t, ZONE),
            "today": cutoff_instant(Cutoff(CutoffKind.DAY, 0), self.t, ZONE),
        }

    def compiled(self, condition: Condition) -> tuple[str, dict[str, int | str]]:
        """The engine's statement, with the frame it needs in place."""
        plan = FramePlan.of([condition], LIBRARY)
        self.connection.execute("DROP TABLE IF EXISTS temp.frames")
        self.connection.execute(create_frames(plan).sql("sqlite"))
        row = (1, self.t, ZONE, *plan.values(self.t, ZONE))
        self.connection.execute(insert_frame(plan).sql("sqlite"), row)
        compiler = Compiler(LIBRARY, SqliteRelations(self.store, self.t, 2**62, self.t, self.t), plan)
        return render(Query(compiler.select_units(condition, 1), compiler.parameters), "sqlite")

    def written(self, shape: str) -> str:
        """A statement by hand; interned numbers stand in it as they are, as a person would write them."""
        text = shape.format(**self.columns) if "{" in shape else shape
        for name, number in self.kinds.items():
            text = text.replace(f":{name}", str(number))
        return text

    def measure(self, task: Task, shapes: Sequence[str]) -> tuple[float, list[float], int]:
        """Medians of the engine and of each shape, taken in turn; all must find the same members."""
        sql, values = self.compiled(task.condition)
        statements = [(sql, values), *((self.written(shape), self.values) for shape in shapes)]
        times: list[list[float]] = [[] for _ in statements]
        wanted = sorted(self.connection.execute(*statements[0]).fetchall())
        for statement in statements[1:]:
            began = perf_counter()
            assert sorted(self.connection.execute(*statement).fetchall()) == wanted, statement
            # A shape that is hopeless is not repeated.
            times[statements.index(statement)].append(perf_counter() - began)
        for _ in range(self.repeats):
            for place, statement in enumerate(statements):
                if place and times[place][0] > 10 * min(t[0] for t in times[1:]):
                    continue
                began = perf_counter()
                self.connection.execute(*statement).fetchall()
                times[place].append(perf_counter() - began)
        return median(times[0]), [median(t[1:] or t) for t in times[1:]], len(wanted)

    def run(self) -> list[Measured]:
        """Every task: the engine and the hand with the store's indexes, then the hand with its own besides."""
        first = [self.measure(task, task.shapes) for task in TASKS]
        for index in OWN_INDEXES:
            self.connection.execute(index.format(**self.columns, **self.kinds))
        second = [self.measure(task, task.shapes) for task in TASKS]
        for index in OWN_INDEXES:
            self.connection.execute(f"DROP INDEX {index.split()[2]}")
        measured = []
        for task, (engine, plain, members), (_, helped, _) in zip(TASKS, first, second, strict=True):
            times = [min(pair) for pair in zip(plain, helped, strict=True)]
            best = min(range(len(times)), key=times.__getitem__)
            own = " with an own index" if helped[best] < 0.8 * plain[best] else ""
            measured.append(Measured(task, members, engine, times[best], f"shape {best + 1}{own}"))
        return measured


def show(measured: list[Measured]) -> None:
    """Prints the table and asserts the bounds."""
    for one in measured:
        print(
            f"{one.members:>8} members  engine {one.engine * 1000:8.1f} ms  by hand {one.hand * 1000:8.1f} ms"
            f"  {one.ratio:5.2f} times  {one.shape:30} {one.task.text}"
        )
    total = sum(one.engine for one in measured) / sum(one.hand for one in measured)
    print(f"in all {total:.2f} times")
    assert total <= ALL_TIMES, total
    assert all(one.ratio <= EACH_TIMES for one in measured), [
        one.task.text for one in measured if one.ratio > EACH_TIMES
    ]


def main() -> None:
    """Reads the command line and measures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("path", type=Path)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--show", action="store_true", help="print the engine's statements and plans")
    arguments = parser.parse_args()
    with SqliteStore.open(arguments.path, writable=True) as store:
        bench = Bench(store, arguments.repeats)
        if arguments.show:
            show_statements(bench)
        show(bench.run())


def show_statements(bench: Bench) -> None:
    """Prints what the engine runs."""
    for task in TASKS:
        sql, values = bench.compiled(task.condition)
        print(f"-- {task.text}\n{sql}")
        for row in bench.connection.execute("EXPLAIN QUERY PLAN " + sql, values):
            print("     ", row[3])


if __name__ == "__main__":
    assert sqlite3.sqlite_version_info >= (3, 40), sqlite3.sqlite_version
    main()
