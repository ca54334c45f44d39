"""Conditions of growing weight: as the engine compiles them against hand-written SQL over the same tables.

    python benchmarks/conditions.py /tmp/shop.db [--repeats 5]

The store comes from generate.py. Both sides answer as of the same instant and must find the same members. By hand the
best of several shapes counts, with the store's indexes and with some of its own. Times are of the processor, so that
what else the machine does counts little. Asserts that the engine takes at
most 1.3 times as long in all, and at most twice for each.
"""

from __future__ import annotations

import argparse
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from string import Template
from time import process_time

import by_hand
from generate import LIBRARY, ZONE, now, subject_name, tag_name
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
    DidOnDays,
    DueToReorder,
    Duration,
    EventQuery,
    FieldRef,
    HasTag,
    HeldFor,
    MomentIn,
    Not,
    TextPattern,
    Total,
    ValueType,
    Window,
)
from qingting.engine.query.calendar import cutoff_instant
from qingting.engine.query.compile import Compiler
from qingting.engine.query.frame_table import FrameTable
from qingting.engine.query.frames import FramePlan
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


def _tag(*ranks: int) -> HasTag:
    return HasTag(tuple(TextPattern(tag_name(rank)) for rank in ranks))


def _within(days: int) -> Window:
    return Window(Cutoff(CutoffKind.T, 0, 1 - days * DAY), Cutoff(CutoffKind.T, 0, 1))


YESTERDAY = Window(Cutoff(CutoffKind.DAY, -1), Cutoff(CutoffKind.DAY, 0))
IN_THREE_DAYS = Window(Cutoff(CutoffKind.DAY, 3), Cutoff(CutoffKind.DAY, 4))
CLICKED = Did(EventQuery("点击", (TextPattern("猫", prefix=True),), window=YESTERDAY))
POINTS = AttributeRef("points", ValueType.NUMBER)
CITY = AttributeRef("城市", ValueType.TEXT)
BIRTHDAY = AttributeRef("生日", ValueType.DATE)
AMOUNT = FieldRef("amount", ValueType.MONEY)
SPENT = Total("sum", EventQuery("下单", window=_within(90)), AMOUNT, ValueType.MONEY)
TIMES = Total("number", EventQuery("下单", window=_within(30)), None, ValueType.NUMBER)
REORDERED = EventQuery("下单", (TextPattern(subject_name(0)),))
NEXT_THREE_DAYS = Window(Cutoff(CutoffKind.T, 0, 1), Cutoff(CutoffKind.T, 0, 1 + 3 * DAY))
LONG_AGO = Window(None, Cutoff(CutoffKind.T, 0, 1 - 45 * DAY))

TASKS = (
    Task('有标签 "标签000"', _tag(0), by_hand.HELD),
    Task(
        '有标签 "标签000" 且 无标签 "标签004" 且 积分 >= 500',
        All((_tag(0), Not(_tag(4)), Compare(POINTS, "ge", (500_000_000,)))),
        by_hand.HELD_WITHOUT,
    ),
    Task(
        '有任一标签 "标签001", "标签002" 且 城市 属于 "上海", "北京"',
        All((_tag(1, 2), Compare(CITY, "in", ("上海", "北京")))),
        by_hand.HELD_EITHER,
    ),
    Task('昨天 做过 点击 "猫*"', CLICKED, by_hand.DID_CLICK),
    Task(
        '有标签 "标签000" 且 昨天 做过 点击 "猫*" 且 7天内 未做过 下单',
        All((_tag(0), CLICKED, Not(Did(EventQuery("下单", window=_within(7)))))),
        by_hand.FOLLOW_UP,
    ),
    Task(
        "90天内 累计 下单.金额 >= ¥300 且 最近一次 下单 距今超过45天",
        All((Compare(SPENT, "ge", (30_000,)), MomentIn("last", EventQuery("下单"), LONG_AGO))),
        by_hand.LAPSED,
    ),
    Task(
        '30天内 下单 次数 >= 2 且 有标签 "标签001" 且 无标签 "标签004"',
        All((Compare(TIMES, "ge", (2_000_000,)), _tag(1), Not(_tag(4)))),
        by_hand.REGULARS,
    ),
    Task(
        '3天后当天 生日周年 且 有标签 "标签000"',
        All((Anniversary(BIRTHDAY, IN_THREE_DAYS), _tag(0))),
        by_hand.BIRTHDAYS,
    ),
    Task(
        "90天内 平均 下单.金额 >= ¥150",
        Compare(Total("average", SPENT.query, AMOUNT, ValueType.MONEY), "ge", (15_000,)),
        by_hand.SPENDERS,
    ),
    Task("30天内 至少5天 做过 点击", DidOnDays(EventQuery("点击", window=_within(30)), 5), by_hand.VISITORS),
    Task('城市 保持 "上海" 30天', HeldFor(CITY, "上海", Duration(30 * DAY)), by_hand.STAYED),
    Task("未来3天内 该复购 …", DueToReorder("", REORDERED, Duration(30 * DAY), None, NEXT_THREE_DAYS), by_hand.DUE),
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
        attributes, events, tags = store.attributes(), store.events(), store.tags()
        self.names = {
            **{f"tag{rank}": str(tags[tag_name(rank)]) for rank in (0, 1, 2, 4)},
            "city": f"a{attributes['城市']}",
            "city_number": str(attributes["城市"]),
            "birthday": f"a{attributes['生日']}",
            "click": str(events["点击"]),
            "order": str(events["下单"]),
            "subject": ":subject",
            "t": ":t",
            "yesterday": ":yesterday",
            "today": ":today",
        }
        self.values: dict[str, int | str] = {
            "t": self.t,
            "subject": subject_name(0),
            "yesterday": cutoff_instant(YESTERDAY.low or Cutoff(CutoffKind.T), self.t, ZONE),
            "today": cutoff_instant(YESTERDAY.high or Cutoff(CutoffKind.T), self.t, ZONE),
        }

    def compiled(self, condition: Condition) -> tuple[str, dict[str, int | str]]:
        """The engine's statement, with the frame it needs in place."""
        plan = FramePlan.of([condition], LIBRARY)
        frames = FrameTable(plan, "sqlite", lambda sql, values: self.connection.execute(sql, values).fetchall())
        frames.create()
        frames.add(1, self.t, ZONE)
        compiler = Compiler(LIBRARY, SqliteRelations(self.store, self.t, 2**62, self.t, self.t), plan)
        return render(Query(compiler.select_units(condition, 1), compiler.parameters), "sqlite")

    def written(self, shape: str) -> str:
        """A statement by hand; interned numbers stand in it as they are, as a person would write them."""
        return Template(shape).substitute(self.names)

    def measure(self, task: Task, shapes: Sequence[str]) -> tuple[float, list[float], int]:
        """Medians of the engine and of each shape, taken in turn; all must find the same members."""
        sql, values = self.compiled(task.condition)
        statements = [(sql, values), *((self.written(shape), self.values) for shape in shapes)]
        times: list[list[float]] = [[] for _ in statements]
        wanted = sorted(self.connection.execute(*statements[0]).fetchall())
        for statement in statements[1:]:
            began = process_time()
            assert sorted(self.connection.execute(*statement).fetchall()) == wanted, statement
            # A shape that is hopeless is not repeated.
            times[statements.index(statement)].append(process_time() - began)
        for _ in range(self.repeats):
            for place, statement in enumerate(statements):
                if place and times[place][0] > 10 * min(t[0] for t in times[1:]):
                    continue
                began = process_time()
                self.connection.execute(*statement).fetchall()
                times[place].append(process_time() - began)
        return median(times[0]), [median(t[1:] or t) for t in times[1:]], len(wanted)

    def run(self) -> list[Measured]:
        """Every task: the engine and the hand with the store's indexes, then the hand with its own besides."""
        first = [self.measure(task, task.shapes) for task in TASKS]
        for index in by_hand.OWN_INDEXES:
            self.connection.execute(self.written(index))
        second = [self.measure(task, task.shapes) for task in TASKS]
        for index in by_hand.OWN_INDEXES:
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
