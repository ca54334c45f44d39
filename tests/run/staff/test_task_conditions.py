"""The test of a task against a plain reading of its facts, over made-up histories, at any t, T and mark."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random
from sqlite3 import connect

import pytest
from qingting.engine.asking import members_where
from qingting.engine.program.ir import All, Condition, Cutoff, CutoffKind, HasTag, Not, TaskIs, TextPattern, Window
from qingting.engine.query.compile import Compiler
from qingting.engine.query.frame_table import FrameTable
from qingting.engine.query.frames import FramePlan
from qingting.engine.query.sql import column
from qingting.engine.query.statements import Query, render
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.engine.stores.sqlite.maintenance import maintain
from qingting.engine.stores.sqlite.relations import SqliteRelations
from sampling import sampled
from sqlglot import exp
from workspaces import Shop

MEMBERS = [f"u{number}" for number in range(1, 7)]
TITLES = ("回访", "寄样品")
LAST = 12
LIBRARY_TEXT = """
剧本 "甲"
  每天 20:00
    派任务 "回访" 限2小时内完成
    派任务 "寄样品" 限2小时内完成
"""


@dataclass(frozen=True)
class Task:
    """A task with what was said of it: (seq, done, at, arrived)."""

    seq: int
    unit: int
    title: str
    at: int
    due: int
    arrived: int
    said: tuple[tuple[int, bool, int, int], ...]


def history(random: Random) -> list[Task]:
    """Few instants, so that many things fall on the same one."""
    seqs, tasks = iter(range(1000, 2000)), []
    for _ in range(random.randrange(4, 14)):
        at, seq = random.randrange(LAST), next(seqs)
        said = tuple(
            (next(seqs), random.random() < 0.6, moment := random.randrange(at, LAST + 1), random.randrange(moment, LAST + 2))
            for _ in range(random.randrange(3))
        )
        title = random.choice(TITLES)
        tasks.append(Task(seq, random.randrange(1, 7), title, at, at + random.randrange(1, 6), random.randrange(at, LAST), said))
    return tasks


def holds(test: TaskIs, unit: int, tasks: list[Task], t: int, at: int, mark: int) -> bool:
    """What the test means, said plainly."""
    seen = [k for k in tasks if k.unit == unit and k.title == test.task and k.at <= t and k.arrived <= at and k.seq <= mark]
    if not seen:
        return False
    task = max(seen, key=lambda k: (k.at, k.seq))
    said = [fact for fact in task.said if fact[2] <= t and fact[3] <= at and fact[0] <= mark]
    last = max(said, key=lambda fact: (fact[2], fact[0]), default=None)
    is_done = last is not None and last[1]
    state = {"done": is_done, "open": not is_done, "overdue": not is_done and task.due <= t}[test.state]
    moment = {"done": last[2] if last else 0, "open": task.at, "overdue": task.due}[test.state]
    if test.window is None or test.window.low is None:
        return state
    low = t + test.window.low.n + test.window.low.plus
    return state and low <= moment <= t


def stored(path: Path, tasks: list[Task]) -> None:
    with closing(connect(path, isolation_level=None)) as connection:
        for table in ("task_facts", "tasks", "extents WHERE relation IN ('task', 'task_fact')"):
            connection.execute(f"DELETE FROM {table}")
        for k in tasks:
            connection.execute(
                "INSERT INTO tasks VALUES (?, ?, 'task', 0, ?, ?, NULL, 0, NULL, ?, ?, ?)",
                (k.seq, k.seq, k.unit, k.title, k.at, k.due, k.arrived),
            )
            connection.executemany("INSERT INTO task_facts VALUES (?, ?, ?, ?, ?)", [
                (seq, k.seq, done, at, arrived) for seq, done, at, arrived in k.said
            ])
        maintain(connection, 1000)


def probed(store: SqliteStore, shop: Shop, condition: Condition, t: int, at: int, mark: int) -> set[str]:
    """The members of whom the condition is true, asked one by one."""
    library = shop.ws.load().program.library
    plan = FramePlan.of([condition], library)
    compiler = Compiler(library, SqliteRelations(store, at, mark, t, t), plan)
    frames = FrameTable(plan, "sqlite", lambda sql, values: store.connection.execute(sql, values).fetchall())
    frames.create()
    frames.add(1, t, "Asia/Shanghai")
    test = compiler.predicate(condition, column("unit", "person"), "f")
    query = exp.select("person.id").from_("members AS person").join("frames AS f", join_type="cross").where(test)
    sql, values = render(Query(query, compiler.parameters), "sqlite")
    found = {member for (member,) in store.connection.execute(sql, values)}
    frames.drop()
    return found


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    made = Shop(tmp_path_factory.mktemp("tasks") / "shop", LIBRARY_TEXT, start="1970-01-01 08:00")
    made.members(*MEMBERS, at="1970-01-01 08:00")
    return made


@pytest.mark.parametrize("seed", sampled(6, range(12)))
def test_the_same_as_a_plain_reading(shop: Shop, seed: int) -> None:
    random = Random(seed)
    tasks = history(random)
    stored(shop.path, tasks)
    with SqliteStore.open(shop.path) as store:
        units = dict(store.connection.execute("SELECT unit, id FROM members").fetchall())
        for _ in range(12):
            recent = Window(Cutoff(CutoffKind.T, 0, 1 - random.randrange(1, 6)), None)
            test = TaskIs(random.choice(TITLES), random.choice(("done", "open", "overdue")), random.choice((None, recent)))
            t, mark = random.randrange(LAST + 3), random.randrange(999, 1060)
            at = t + random.randrange(3)
            wanted = {units[unit] for unit in units if holds(test, unit, tasks, t, at, mark)}
            assert probed(store, shop, test, t, at, mark) == wanted
            assert probed(store, shop, Not(test), t, at, mark) == set(MEMBERS) - wanted
            everything = {units[unit] for unit in units if holds(test, unit, tasks, t, t, 2**62)}
            library = shop.ws.load().program.library
            assert set(members_where(store, library, test, t, "Asia/Shanghai")) == everything
            nobody = All((test, HasTag((TextPattern("新客"),))))
            assert members_where(store, library, nobody, t, "Asia/Shanghai") == ()
