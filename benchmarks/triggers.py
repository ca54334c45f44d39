"""What starts blocks when nothing does: segment triggers, and a run for which nothing is due.

    python benchmarks/triggers.py /tmp/shop.db

The store comes from generate.py and is copied, not changed. The first measure is a plan with one segment trigger, less the
same plan without it, against evaluating the segment twice, at the last run and now, which is the least that a comparison
takes. It is made for a segment that only facts can change, and for one whose window moves with time. The second is a run
with triggers of all kinds but segments on that store, against the same run on a store of a hundred members: the cost of
looking must not grow with the store. Asserts the ratios.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path
from time import perf_counter

from generate import LIBRARY, ZONE, generate, notary, now, tag_name
from qingting.engine.program.ir import HOUR, Condition, Program
from qingting.engine.program.resolve import CheckSettings, resolve_program
from qingting.engine.query.compile import Compiler
from qingting.engine.query.frame_table import FrameTable
from qingting.engine.query.frames import FramePlan
from qingting.engine.query.statements import Query, render
from qingting.engine.run.engine import RunSettings, execute_run, plan_run
from qingting.engine.run.report import PlanOptions
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.engine.stores.sqlite.relations import SqliteRelations
from qingting.grammar.parser import collect_names, parse_text

TIMES_TWICE, TIMES_SMALL, FEW = 1.2, 1.5, 100
SEGMENTS = {
    "facts alone": f'有标签 "{tag_name(3)}" 且 城市 属于 "上海", "杭州"',
    "a moving window": f'有标签 "{tag_name(3)}" 且 30天内 做过 下单',
}
STARTS = (
    "加好友", "删好友", "下单", "首次 下单", f'打上标签 "{tag_name(3)}"', f'去掉标签 "{tag_name(4)}"', "积分 达到 2000",
    "城市 变更", "换跟进人", "邀请成功",
)


def checked(blocks: str) -> Program:
    """The program of some blocks under the declarations of the generated store."""
    tags = "\n".join(f'标签 "{name}"' for name in LIBRARY.tags)
    events = "\n".join(f"事件 {name}" for name in LIBRARY.events)
    text = f'{tags}\n{events}\n属性 城市 文本\n话术 "你好" 用于 企微\n  正文 "你好"\n{blocks}\n'
    file, diagnostics = parse_text(text, "benchmark.sop", collect_names([text]))
    program, more = resolve_program([file], diagnostics, CheckSettings(frozenset({"wecom"}), ZONE, "CNY"))
    assert not program.blocked, (diagnostics, more)
    return program


def crossing(segment: str, trigger: str) -> Program:
    """One playbook that a trigger starts, beside a segment."""
    return checked(f'分群 "甲"\n  {segment}\n剧本 "乙"\n  {trigger}\n    推送 企微 "你好"')


def twice(store: SqliteStore, program: Program, instants: tuple[int, int]) -> float:
    """Seconds for asking at two instants who is in the segment."""
    condition: Condition = program.library.segments["甲"]
    plan = FramePlan.of([condition], program.library)
    frames = FrameTable(plan, "sqlite", lambda sql, values: store.connection.execute(sql, values).fetchall())
    frames.create()
    for number, t in enumerate(instants):
        frames.add(number, t, ZONE)
    began = perf_counter()
    for number, t in enumerate(instants):
        compiler = Compiler(program.library, SqliteRelations(store, t, store.last_seq, t, t), plan)
        sql, values = render(Query(compiler.select_units(condition, number), compiler.parameters), "sqlite")
        store.connection.execute(sql, values).fetchall()
    seconds = perf_counter() - began
    frames.drop()
    return seconds


def planned(store: SqliteStore, program: Program, at: int) -> float:
    """Seconds for a plan."""
    began = perf_counter()
    report = plan_run(store, program, at, PlanOptions(funnel=False))
    assert not report.blocked
    return perf_counter() - began


def segment_ratio(path: Path, segment: str, repeats: int) -> float:
    """How much more a segment trigger costs than its segment asked twice."""
    with_it, without = crossing(segment, '当 进入分群 "甲"'), crossing(segment, "每天 03:00")
    last, at = now() + HOUR, now() + 2 * HOUR
    with SqliteStore.open(path, writable=True) as store:
        execute_run(store, with_it, last, settings(path), PlanOptions())
        asked = min(twice(store, with_it, (last, at)) for _ in range(repeats))
        trigger = min(planned(store, with_it, at) - planned(store, without, at) for _ in range(repeats))
    print(f"{segment}: twice {asked:.3f} s, trigger {trigger:.3f} s, ratio {trigger / asked:.2f}")
    return trigger / asked


def settings(path: Path) -> RunSettings:
    """What a run on a copy needs."""
    return RunSettings(b"secret", notary(path), "")


def idle(path: Path, program: Program, repeats: int) -> float:
    """Seconds for the quickest of some runs for which nothing is due.

    A run without playbooks comes before, so that what the store was made of starts nothing.
    """
    found = []
    with SqliteStore.open(path, writable=True) as store:
        execute_run(store, checked(""), now(), settings(path), PlanOptions())
        execute_run(store, program, now() + HOUR, settings(path), PlanOptions())
        for number in range(repeats):
            began = perf_counter()
            execute_run(store, program, now() + HOUR + number + 1, settings(path), PlanOptions())
            found.append(perf_counter() - began)
    return min(found)


def main() -> None:
    """Measures both and asserts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("store", type=Path)
    parser.add_argument("--repeats", type=int, default=5)
    arguments = parser.parse_args()
    blocks = "".join(f'剧本 "甲{n}"\n  当 {start}\n    推送 企微 "你好"\n' for n, start in enumerate(STARTS))
    program = checked(blocks + '剧本 "末"\n  每天 03:00\n    推送 企微 "你好"')
    with tempfile.TemporaryDirectory() as folder:
        big, small = Path(folder) / "big.db", Path(folder) / "small.db"
        ratios = []
        for segment in SEGMENTS.values():
            shutil.copy(arguments.store, big)
            ratios.append(segment_ratio(big, segment, arguments.repeats))
        generate(small, FEW).close()
        shutil.copy(arguments.store, big)
        many, few = idle(big, program, arguments.repeats), idle(small, program, arguments.repeats)
    print(f"nothing due: {many:.3f} s, on a store of {FEW} members {few:.3f} s, {(many - few) * 1000:.0f} ms more")
    assert max(ratios) <= TIMES_TWICE, f"a segment trigger takes {max(ratios):.2f} times its segment twice"
    assert many <= few * TIMES_SMALL, "the cost of looking grows with the store"


if __name__ == "__main__":
    main()
