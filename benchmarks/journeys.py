"""A run that carries 20,000 members in flight one step on, against the same rows by bare SQL.

    python benchmarks/journeys.py /tmp/shop.db

The store comes from generate.py, with 200,000 members or more, and is copied, not changed. Two hundred thousand of them
are inside ten playbooks, a tenth of them due, each at an instant of their own. The engine's run takes everything with it:
frames, goals and exits, consent, caps, records with keys and leaves, the outbox, where everybody stands next, and the
commit. By hand the same members are chosen by one statement a playbook and the same rows are written.
A second measure is a run for which nothing is due. Asserts the ratio to the work by hand, that all that is due is done, and
that the idle run takes at most a tenth of the busy one.
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import tempfile
from pathlib import Path
from time import perf_counter

from generate import LIBRARY, ZONE, notary, now, tag_name
from qingting.engine.program.ir import DAY, HOUR, Program
from qingting.engine.program.resolve import CheckSettings, resolve_program
from qingting.engine.run.engine import RunSettings, execute_run
from qingting.engine.run.report import PlanOptions
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.grammar.parser import collect_names, parse_text

PLAYBOOKS, EACH, SHARE_DUE, OPTED_OUT, CAP = 10, 20_000, 10, 60, 3
TIMES = 6.0


def playbooks() -> str:
    """Ten journeys of three pushes with a branch and a wait for an order, under one consent, one cap and an exit."""
    tags = "\n".join(f'标签 "{name}"' for name in LIBRARY.tags)
    blocks = "\n".join(
        f"""话术 "话术{n}" 用于 企微
  正文 "你好"
剧本 "剧本{n}"
  退出条件 有标签 "{tag_name(OPTED_OUT + 1)}"
  定时 2026-11-22 08:00
    等待 1天
    推送 企微 "话术{n}"
    等客户 做过 下单 最长3天
    如果 有标签 "{tag_name(3)}"
      推送 企微 "话术{n}"
    等待 2天
    推送 企微 "话术{n}\""""
        for n in range(PLAYBOOKS)
    )
    policy = f'全局规则\n  永不推送 有标签 "{tag_name(OPTED_OUT)}"\n  每人7天最多{CAP}条'
    return f"{policy}\n{tags}\n事件 点击\n事件 下单\n事件 分享\n事件 签到\n{blocks}\n"


def checked() -> Program:
    """The program of the playbooks."""
    text = playbooks()
    file, diagnostics = parse_text(text, "benchmark.sop", collect_names([text]))
    program, more = resolve_program([file], diagnostics, CheckSettings(frozenset({"wecom"}), ZONE, "CNY"))
    assert not program.blocked, (diagnostics, more)
    return program


def settings(path: Path) -> RunSettings:
    """What a run on a copy needs."""
    return RunSettings(b"secret", notary(path), "")


_FILL = """
INSERT INTO enrolments (playbook, block, kind, unit, occurrence, version, entered, position, due, counted)
SELECT :playbook, 0, 0, unit, :occurrence, :version, :entered, 1, :entered + :day + (unit * 7919 * 104729 * 3 % :spread), 1
FROM members WHERE unit > :first AND unit <= :last
"""


def fill(path: Path, program: Program) -> int:
    """Puts the members inside the playbooks; gives the instant by which a tenth of them is due."""
    with SqliteStore.open(path, writable=True) as store:
        execute_run(store, program, now(), settings(path), PlanOptions())
        connection = store.connection
        connection.execute("DELETE FROM runs WHERE 0")
        spread = SHARE_DUE * HOUR
        for number, name in enumerate(sorted(program.playbooks)):
            connection.execute("INSERT INTO occurrences (playbook, name, at) VALUES (?, 'x', ?)", (name, now()))
            (occurrence,) = connection.execute("SELECT max(occurrence) FROM occurrences").fetchone()
            (version,) = connection.execute(
                "SELECT version FROM playbook_versions WHERE playbook = ?", (name,)
            ).fetchone()
            connection.execute(_FILL, {
                "playbook": name, "occurrence": occurrence, "version": version, "entered": now() - DAY, "day": DAY,
                "spread": spread, "first": number * EACH, "last": (number + 1) * EACH,
            })
        connection.execute("ANALYZE enrolments")
    return now() + HOUR


BY_HAND = """
INSERT INTO dispatches
SELECT NULL, ?1, ?1, ?1, 0, e.unit, e.due, 0, e.due, ?2, ?2
FROM enrolments e JOIN members m ON m.unit = e.unit
WHERE e.playbook = ?3 AND e.ended IS NULL AND e.due <= ?4
  AND NOT EXISTS (SELECT 1 FROM member_tags o WHERE o.tag = ?5 AND o.unit = e.unit AND o.since <= ?4 AND o.until > ?4)
  AND NOT EXISTS (SELECT 1 FROM member_tags o WHERE o.tag = ?6 AND o.unit = e.unit AND o.since <= ?4 AND o.until > ?4)
  AND (SELECT count(*) FROM dispatches d WHERE d.unit = e.unit AND d.not_before > e.due - ?7) < ?8
ORDER BY m.id
"""
MOVE_ON = "UPDATE enrolments SET position = 2, due = due + ?1, waited = due, looked = due WHERE ended IS NULL AND due <= ?2"


def by_hand(path: Path, program: Program, at: int) -> tuple[float, int]:
    """Seconds for the statements, and how many rows they wrote."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA cache_size = -131072")
    tags = dict(connection.execute("SELECT name, tag FROM tags"))
    began = perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    for step, name in enumerate(sorted(program.playbooks)):
        connection.execute(
            BY_HAND, (step, bytes(32), name, at, tags[tag_name(OPTED_OUT)], tags[tag_name(OPTED_OUT + 1)], 7 * DAY, CAP)
        )
    connection.execute("INSERT INTO outbox (dispatch, channel, due) SELECT seq, 'wecom', not_before FROM dispatches")
    connection.execute(MOVE_ON, (3 * DAY, at))
    connection.execute("COMMIT")
    seconds = perf_counter() - began
    (rows,) = connection.execute("SELECT count(*) FROM dispatches").fetchone()
    connection.close()
    return seconds, rows


QUEUED = """
SELECT count(*) FROM headers h JOIN dispatches d ON d.header = h.header WHERE h.status = 'queued'
"""


def by_engine(path: Path, program: Program, at: int) -> tuple[float, int]:
    """Seconds for the run, and how many pushes were queued."""
    with SqliteStore.open(path, writable=True) as store:
        began = perf_counter()
        report = execute_run(store, program, at, settings(path), PlanOptions())
        seconds = perf_counter() - began
        assert not report.blocked, report.blocked
        (queued,) = store.connection.execute(QUEUED).fetchone()
    return seconds, queued


def main() -> None:
    """Measures both sides in turn and compares the best of each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("store", type=Path)
    parser.add_argument("--repeats", type=int, default=2)
    arguments = parser.parse_args()
    program = checked()
    with tempfile.TemporaryDirectory() as folder:
        filled = Path(shutil.copy(arguments.store, Path(folder) / "filled.db"))
        at = fill(filled, program)
        hand, engine, idle = [], [], []
        for _ in range(arguments.repeats):
            copy = Path(shutil.copy(filled, Path(folder) / "copy.db"))
            seconds, wanted = by_hand(copy, program, at)
            hand.append(seconds)
            shutil.copy(filled, copy)
            shutil.copy(filled.with_suffix(".fence"), copy.with_suffix(".fence"))
            seconds, queued = by_engine(copy, program, at)
            engine.append(seconds)
            assert queued == wanted, f"{queued} queued, {wanted} by hand"
            idle.append(by_engine(copy, program, at + 1)[0])
    ratio = min(engine) / min(hand)
    print(
        f"{PLAYBOOKS * EACH} in flight, {queued} pushes: engine {min(engine):.2f} s, by hand {min(hand):.2f} s, ratio"
        f" {ratio:.2f}; nothing due {min(idle):.3f} s"
    )
    assert ratio <= TIMES, f"the run takes {ratio:.2f} times as long, allowed are {TIMES}"
    assert min(idle) <= min(engine) / 10, "a run for which nothing is due"


if __name__ == "__main__":
    main()
