"""Two standard playbooks for groups, at nine and at twenty, over 500 groups of 150 members, against the same rows by bare SQL.

    python benchmarks/groups.py

Makes its own store. The engine's run takes everything with it: reading the playbooks, the audience by name, tag and size,
caps, rotation, draws, records with keys and leaves, the outbox and the commit. By hand the same groups are chosen by one
statement and the same rows are written. Asserts that each run writes to every group, and the time of a run.
"""

from __future__ import annotations

import argparse
import csv
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

from qingting import Workspace

GROUPS, EACH, MEMBERS, DAYS = 500, 150, 20_000, 3
SECONDS = 1.0
SETTINGS = "timezone: Asia/Shanghai\nchannels:\n  群: {type: console}\n"
PLAYBOOKS = """
全局规则
  每群每天最多3条
标签 "VIP"
话术 "早安一" 用于 群
  正文 "早"
话术 "早安二" 用于 群
  正文 "早!"
话术 "晚报" 用于 群
  正文 "今晚八点"
剧本 "早安"
  面向群 "福利群*" 有群标签 "VIP" 至少50人
  每天 09:00
    推送 轮换 "早安*"
剧本 "晚报"
  面向群 "福利群*" 有群标签 "VIP" 至少50人
  每天 20:00
    分流 "时间"
      50% "早"
        推送 "晚报"
      50% "晚"
        推送 "晚报"
"""


def when(day: int, clock: str) -> datetime:
    """A clock on a day of November."""
    return datetime.fromisoformat(f"2026-11-{day} {clock}").replace(tzinfo=ZoneInfo("Asia/Shanghai"))


def write(path: Path, head: Sequence[str], rows: Iterator[Sequence[str]]) -> Path:
    """A file to import."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return path


def shop(root: Path) -> Workspace:
    """A workspace with its store filled."""
    (root / "qingting.yaml").write_text(SETTINGS, encoding="utf-8")
    (root / "all.sop").write_text(PLAYBOOKS, encoding="utf-8")
    ws = Workspace.open(root)
    start = when(17, "00:00")
    ws.create(at=start)
    ws.import_file("members", write(root / "m.csv", ["id"], ([f"u{n}"] for n in range(MEMBERS))), at=start)
    described = ([f"g{n}", f"福利群{n}", "VIP"] for n in range(GROUPS))
    ws.import_file("groups", write(root / "g.csv", ["group", "name", "tags"], described), at=start)
    inside = ([f"g{n}", f"u{(n * 97 + m) % MEMBERS}"] for n in range(GROUPS) for m in range(EACH))
    ws.import_file("groups", write(root / "i.csv", ["group", "member"], inside), at=start)
    return ws


BY_HAND = """
INSERT INTO sent
SELECT g.unit, ?1 FROM groups g WHERE g.name >= '福利群' AND g.name < '福利羥'
  AND EXISTS (SELECT 1 FROM group_tags t JOIN tags n ON n.tag = t.tag AND n.name = 'VIP'
    WHERE t.unit = g.unit AND t.since <= ?1 AND t.until > ?1)
  AND (SELECT count(*) FROM group_members k WHERE k.grp = g.unit AND k.since <= ?1 AND k.until > ?1) >= 50
  AND (SELECT count(*) FROM sent s WHERE s.unit = g.unit AND s.at > ?1 - 86400000000) < 3
"""


def by_hand(path: Path, at: int) -> float:
    """Seconds for one statement that chooses the groups and writes a row for each."""
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS sent (unit INTEGER, at INTEGER)")
        began = perf_counter()
        written = connection.execute(BY_HAND, (at,)).rowcount
        connection.commit()
        seconds = perf_counter() - began
    assert written == GROUPS, f"{written} groups by hand"
    return seconds


def main() -> None:
    """Measures the runs of some days, and the same by hand."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    engine, hand = [], []
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        ws = shop(root)
        for day in range(18, 18 + DAYS):
            for clock in ("09:01", "20:01"):
                at = when(day, clock)
                began = perf_counter()
                report = ws.run(at=at).report
                engine.append(perf_counter() - began)
                sent = sum(step.dispatched for playbook in report.playbooks for step in playbook.steps)
                assert sent == GROUPS, f"{sent} groups"
        for day in range(18, 18 + DAYS):
            hand.append(by_hand(root / "qingting.db", int(when(day, "09:01").timestamp()) * 1_000_000))
    slowest = max(engine)
    print(
        f"{GROUPS} groups of {EACH}: runs {min(engine):.3f} to {slowest:.3f} s, by hand {min(hand):.3f} s, ratio"
        f" {min(engine) / min(hand):.1f}"
    )
    assert slowest <= SECONDS, f"a run takes {slowest:.2f} s, allowed is {SECONDS}"


if __name__ == "__main__":
    main()
