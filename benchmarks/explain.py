"""Explaining one member against ten playbooks: on a big store it may take little longer than on one of 100 members.

    python benchmarks/explain.py /tmp/shop.db

The store comes from generate.py, with 200,000 members or more, and is opened for reading. Ten playbooks with segments, tags,
behaviour in windows, totals, birthdays, caps, quiet hours, waits and goals are explained for some members, each test with
its value and what is missing. Asserts the ratio of the medians in one run, and prints milliseconds of the processor for one.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from random import Random
from statistics import median
from time import process_time

from generate import LIBRARY, ZONE, generate, now, tag_name
from qingting.engine.insight.explain import explain_member
from qingting.engine.program.ir import Program
from qingting.engine.program.resolve import CheckSettings, resolve_program
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.grammar.parser import collect_names, parse_text

PLAYBOOKS, MEMBERS, SMALL = 10, 12, 100
TIMES = 2.0
FEW = 0.02


def text() -> str:
    """Ten playbooks of five tests and three steps each, under consents, caps, quiet hours and a holdout."""
    tags = "\n".join(f'标签 "{name}"' for name in LIBRARY.tags)
    blocks = "\n".join(
        f"""话术 "话术{n}" 用于 企微
  正文 "你好"
剧本 "剧本{n}"
  面向 有标签 "{tag_name(n)}" 且 (城市 是 "上海" 或 属于分群 "熟客")
    且 {n + 7}天内 做过 点击 "猫*" 至少2次
    且 30天内 未做过 下单 "商品00{n}"
    且 60天内 累计 下单.金额 >= ¥{100 * (n + 1)}
    且 未来7天内 生日周年
  转化目标 做过 下单 最长7天
  每天 {10 + n}:00
    推送 企微 "话术{n}"
    等待 1天
    如果 积分 >= {100 * n}
      推送 企微 "话术{n}"
    打标签 "{tag_name(200 + n)}\""""
        for n in range(PLAYBOOKS)
    )
    return f"""全局规则
  永不推送 有标签 "{tag_name(60)}"
  免打扰 22:00 到 08:00 顺延
  每人7天最多3条
  对照组 5%
属性 城市 文本
属性 生日 日期
事件 点击
事件 下单
事件 分享
事件 签到
分群 "熟客"
  90天内 做过 下单 至少2次
  且 消费 >= ¥500
指标 消费 = 180天内 累计 下单.金额
{tags}
{blocks}
"""


def checked() -> Program:
    """The program of the playbooks."""
    whole = text()
    file, diagnostics = parse_text(whole, "benchmark.sop", collect_names([whole]))
    program, more = resolve_program([file], diagnostics, CheckSettings(frozenset({"wecom"}), ZONE, "CNY"))
    assert not program.blocked, (diagnostics, more)
    return program


def seconds_each(path: Path, program: Program) -> list[float]:
    """Seconds of the processor for each of some members, every time on a fresh connection; the first is not counted."""
    found = []
    with SqliteStore.open(path) as store:
        (count,) = store.connection.execute("SELECT count(*) FROM members").fetchone()
        units = [Random(7).randrange(count) for _ in range(1)] + Random(8).sample(range(count), MEMBERS)
        names = [store.connection.execute("SELECT id FROM members LIMIT 1 OFFSET ?", (n,)).fetchone()[0] for n in units]
    for name in names:
        with SqliteStore.open(path) as store:
            began = process_time()
            answer = explain_member(store, program, name, now())
            found.append(process_time() - began)
            assert len(answer.playbooks) == PLAYBOOKS
    return found[1:]


def main() -> None:
    """Measures both stores in turn and compares the medians."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("store", type=Path)
    path = parser.parse_args().store
    program = checked()
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / "small.db"
        generate(small, SMALL).close()
        few, many = seconds_each(small, program), seconds_each(path, program)
    print(f"explain, {PLAYBOOKS} playbooks: {SMALL} members {median(few) * 1e3:.0f} ms, big store {median(many) * 1e3:.0f} ms"
          f" (slowest {max(many) * 1e3:.0f} ms), ratio {median(many) / median(few):.2f}")
    assert median(many) <= TIMES * median(few) + FEW, "one member costs more in a big store"


if __name__ == "__main__":
    main()
