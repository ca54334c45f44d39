"""Thirty days of ten playbooks over 100,000 members, against plain runs at the same instants.

    python benchmarks/simulate.py [--members 100000] [--days 30]

The store comes from generate.py. The simulation takes everything with it: the private copy, the choice of instants, the
runs, the counting. The plain runs are made at the instants that it chose, on a copy of the file. Asserts that both record
the same number of decisions, and that the simulation takes the processor at most 1.3 times as long as the runs; prints
seconds and memory.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from time import perf_counter, process_time

from generate import LIBRARY, ZONE, generate, now, tag_name
from qingting import Workspace
from qingting.engine.log.notary import NoNotary
from qingting.engine.program.clock import to_datetime
from qingting.engine.run.engine import RunSettings, execute_run
from qingting.engine.simulating.model import Simulation
from qingting.engine.simulating.session import Wanted, simulate
from qingting.engine.stores.sqlite.database import SqliteStore

TIMES = 1.3
SETTINGS = f"timezone: {ZONE}\nstore: sqlite:shop.db\nchannels:\n  企微: {{type: console}}\n  短信: {{type: console}}\n"


def playbooks() -> str:
    """Ten playbooks: daily, weekly and monthly pushes, birthdays, journeys with waits and branches, coupons, a goal, caps."""
    tags = "\n".join(f'标签 "{name}"' for name in LIBRARY.tags)
    return f"""
属性 城市 文本
属性 生日 日期
{tags}
事件 点击
事件 下单
事件 分享
事件 签到
全局规则
  永不推送 有标签 "{tag_name(60)}"
  每人7天最多3条
  免打扰 22:00 到 08:00 顺延
券 "满100减20" 减¥20
  库存 5000
  有效期 7天
话术 "文"
  正文 "你好"
剧本 "每天新品"
  面向 有标签 "{tag_name(20)}"
  每天 20:00
    推送 企微 "文"
剧本 "周末专场"
  优先级 70
  面向 有标签 "{tag_name(3)}" 且 城市 是 "上海"
  每周六 10:00
    推送 企微 "文"
剧本 "生日"
  类别 服务
  面向 有标签 "{tag_name(1)}"
  当 生日周年 当天 09:00
    推送 企微 "文"
剧本 "月初发券"
  面向 有标签 "{tag_name(5)}"
  每月1号 09:00
    推送 企微 "文" 附券 "满100减20"
剧本 "沉睡唤醒"
  每人最多2次
  面向 180天内 做过 下单 且 60天内 未做过 下单
  每周一 10:00
    推送 短信 "文"
    等待 3天
    如果 60天内 做过 下单
      打标签 "{tag_name(200)}"
    否则
      推送 短信 "文"
剧本 "高积分"
  面向 积分 >= 3000
  每周三 12:00
    推送 企微 "文"
    等待 1天
    推送 企微 "文"
剧本 "新标签"
  当 打上标签 "{tag_name(200)}"
    等待 2小时
    推送 企微 "文"
剧本 "猫客"
  转化目标 做过 下单 最长7天
  对照组 10%
  面向 90天内 做过 点击 "猫*"
  每周五 19:00
    推送 企微 "文"
剧本 "签到提醒"
  面向 有标签 "{tag_name(30)}" 且 7天内 未做过 签到
  每天 18:00
    推送 企微 "文"
剧本 "分享有礼"
  面向 30天内 做过 分享 至少3次
  每周日 15:00
    发券 "满100减20"
    推送 企微 "文"
"""


def by_simulating(root: Path, days: int) -> tuple[float, float, Simulation]:
    """Seconds for the simulation, those of the processor among them, and what it tells."""
    workspace = Workspace.open(root)
    errors = [each for each in workspace.check().diagnostics if each.severity == "error"]
    assert not errors, errors
    start = to_datetime(now(), ZONE)
    began, worked = perf_counter(), process_time()
    found = simulate(workspace, Wanted(start, start + timedelta(days=days), start))
    return perf_counter() - began, process_time() - worked, found


def by_running(root: Path, instants: Sequence[int]) -> tuple[float, int]:
    """Seconds of the processor for plain runs at the instants on a copy of the file, and how many records they leave."""
    program = Workspace.open(root).load().program
    path = Path(shutil.copy(root / "shop.db", root / "runs.db"))
    with SqliteStore.open(path, writable=True) as store:
        store.connection.execute("PRAGMA synchronous = OFF")
        began = process_time()
        for at in instants:
            execute_run(store, program, at, RunSettings(b"secret", NoNotary(), ""))
        seconds = process_time() - began
        (records,) = store.connection.execute("SELECT count(*) FROM dispatches").fetchone()
    return seconds, records


def main() -> None:
    """Makes the store, simulates, runs, compares."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--days", type=int, default=30)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "qingting.yaml").write_text(SETTINGS, encoding="utf-8")
        (root / "all.sop").write_text(playbooks(), encoding="utf-8")
        store = generate(root / "shop.db", arguments.members)
        store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        store.close()
        seconds, worked, found = by_simulating(root, arguments.days)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(
            f"simulated {arguments.days} days over {arguments.members} members: {seconds:.1f} s,"
            f" {worked:.1f} s of the processor, peak {peak >> 20} MB"
        )
        print(f"{len(found.runs)} runs, {found.records} records, {found.collided} meetings")
        for each in found.playbooks:
            print(f"  {each.playbook}: {each.dispatched} dispatched, {sum(each.suppressed.values())} suppressed, {each.never}")
        plain, records = by_running(root, found.runs)
    ratio = worked / plain
    print(f"plain runs {plain:.1f} s of the processor, {records} records, ratio {ratio:.2f}")
    assert records == found.records, (records, found.records)
    assert ratio <= TIMES, f"the simulation takes {ratio:.2f} times as long as its runs, allowed are {TIMES}"


if __name__ == "__main__":
    main()
