"""A run of twenty steps against the same rows by bare INSERT … SELECT.

    python benchmarks/run.py /tmp/shop.db

The store comes from generate.py and is copied, not changed. The engine's run takes everything with it: audiences,
consent, caps, draws, headers, keys, leaves, the outbox, and the commit. By hand the same members are chosen by one
statement a step, with consent and cap in it, and the rows are written into the same tables with the same indexes.
Asserts that both write records about the same members, and that the run takes at most 2.5 times as long and less than
1 GB.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from generate import LIBRARY, ZONE, notary, now, tag_name
from qingting.engine.program.ir import DAY, Program
from qingting.engine.program.resolve import CheckSettings, resolve_program
from qingting.engine.run.engine import RunSettings, execute_run
from qingting.engine.run.report import PlanOptions
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.grammar.parser import collect_names, parse_text

TIMES, GIGABYTE = 2.5, 1 << 30
FIRST_TAG, STEPS, OPTED_OUT, CAP = 20, 20, 60, 3


def playbooks() -> str:
    """Twenty playbooks that push to the holders of twenty tags, under one consent and one cap."""
    tags = "\n".join(f'标签 "{name}"' for name in LIBRARY.tags)
    blocks = "\n".join(
        f'话术 "话术{n:02}" 用于 企微\n  正文 "你好"\n'
        f'剧本 "剧本{n:02}"\n  面向 有标签 "{tag_name(FIRST_TAG + n)}"\n  每天 20:00\n    推送 企微 "话术{n:02}"'
        for n in range(STEPS)
    )
    policy = f'全局规则\n  永不推送 有标签 "{tag_name(OPTED_OUT)}"\n  每人7天最多{CAP}条'
    return f"{policy}\n{tags}\n{blocks}\n"


def checked() -> Program:
    """The program of the playbooks."""
    text = playbooks()
    file, diagnostics = parse_text(text, "benchmark.sop", collect_names([text]))
    program, more = resolve_program([file], diagnostics, CheckSettings(frozenset({"wecom"}), ZONE, "CNY"))
    assert not program.blocked, (diagnostics, more)
    return program


BY_HAND = """
INSERT INTO dispatches
SELECT NULL, ?1, ?1, ?1, 0, h.unit, ?2, 0, ?2, ?3, ?3 FROM member_tags h JOIN members m ON m.unit = h.unit
WHERE h.tag = ?4 AND h.since <= ?2 AND h.until > ?2
  AND NOT EXISTS (SELECT 1 FROM member_tags o WHERE o.tag = ?5 AND o.unit = h.unit AND o.since <= ?2 AND o.until > ?2)
  AND (SELECT count(*) FROM dispatches d WHERE d.unit = h.unit AND d.not_before > ?2 - ?6) < ?7
ORDER BY m.id
"""


QUEUED = """
SELECT s.playbook, d.unit FROM dispatches d JOIN headers h ON h.header = d.header JOIN steps s ON s.step = d.step
WHERE h.status = 'queued'
"""


def by_hand(path: Path) -> tuple[float, set[tuple[int, int]]]:
    """Seconds for the twenty statements, and (step, unit) of what they wrote."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA cache_size = -131072")
    tags = dict(connection.execute("SELECT name, tag FROM tags"))
    began = perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    for step in range(STEPS):
        tag = tags[tag_name(FIRST_TAG + step)]
        connection.execute(BY_HAND, (step, now(), bytes(32), tag, tags[tag_name(OPTED_OUT)], 7 * DAY, CAP))
    connection.execute("INSERT INTO outbox (dispatch, channel, due) SELECT seq, 'wecom', not_before FROM dispatches")
    connection.execute("COMMIT")
    seconds = perf_counter() - began
    found = set(connection.execute("SELECT step, unit FROM dispatches"))
    connection.close()
    return seconds, found


def by_engine(path: Path, program: Program) -> tuple[float, set[tuple[int, int]], list[tuple[str, float]]]:
    """Seconds for the run, (step, unit) of what was queued, and the seconds up to each boundary."""
    boundaries: list[tuple[str, float]] = []
    with SqliteStore.open(path, writable=True) as store:
        began = perf_counter()
        settings = RunSettings(
            b"secret", notary(path), "", lambda name: boundaries.append((name, perf_counter() - began))
        )
        report = execute_run(store, program, now(), settings, PlanOptions())
        seconds = perf_counter() - began
        assert not report.blocked, report.blocked
        found = {(int(playbook[2:]), unit) for playbook, unit in store.connection.execute(QUEUED)}
    return seconds, found, boundaries


def copies(source: Path, folder: Path) -> Iterator[Path]:
    """Fresh copies of a store."""
    number = 0
    while True:
        number += 1
        yield Path(shutil.copy(source, folder / f"copy{number}.db"))


def main() -> None:
    """Measures both sides in turn and compares the best of each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("store", type=Path)
    parser.add_argument("--repeats", type=int, default=2)
    arguments = parser.parse_args()
    program = checked()
    with tempfile.TemporaryDirectory() as folder:
        copy = copies(arguments.store, Path(folder))
        hand, engine = [], []
        for _ in range(arguments.repeats):
            seconds, chosen = by_hand(next(copy))
            hand.append(seconds)
            seconds, queued, boundaries = by_engine(next(copy), program)
            engine.append(seconds)
            assert queued == chosen, f"{len(queued)} queued, {len(chosen)} by hand"
            for file in Path(folder).iterdir():
                file.unlink()
    print(", ".join(f"{name} {seconds:.2f}" for name, seconds in boundaries))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    ratio = min(engine) / min(hand)
    print(
        f"{len(queued)} records: engine {min(engine):.2f} s, by hand {min(hand):.2f} s, ratio {ratio:.2f},"
        f" peak {peak >> 20} MB"
    )
    assert ratio <= TIMES, f"the run takes {ratio:.2f} times as long, allowed are {TIMES}"
    assert peak < GIGABYTE, f"{peak >> 20} MB"


if __name__ == "__main__":
    main()
