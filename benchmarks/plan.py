"""A plan, without and with the funnel, against what a run spends on deciding the same.

    python benchmarks/plan.py /tmp/shop.db

The store comes from generate.py and is copied, not changed. Twenty playbooks push to the holders of twenty tags, under one
consent and one cap; each audience has three lines. The evening before, a run has filled the log, and every member is
served by one of a hundred staff. Each round makes a plan with its details (volumes, samples, who had a step today already),
the same with the funnel, and a run, which is undone; the ratio of a round is taken within it, and the best of the rounds
counts. Asserts that the plan without the funnel takes at most 1.1 times as long as the run decides, with it at most 2 times,
and that plan and run tell the same.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from generate import LIBRARY, ZONE, notary, now, tag_name
from qingting.engine.planning.making import Texts, written_plan
from qingting.engine.program.ir import DAY, HOUR, Attribute, Library, Program, ValueType
from qingting.engine.program.resolve import CheckSettings, resolve_program
from qingting.engine.run.engine import Decided, RunSettings, execute_run, plan_run
from qingting.engine.run.report import PlanOptions
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.engine.stores.sqlite.facts import write_facts
from qingting.grammar.parser import collect_names, parse_text

PLAIN, FUNNEL = 1.1, 2.0
FIRST_TAG, PLAYBOOKS, OPTED_OUT, STAFF = 20, 20, 60, 100


class Decidedly(Exception):
    """Ends a run once it has decided, so that it can be made again."""


def playbooks(clock: str) -> str:
    """The playbooks at a clock."""
    tags = "\n".join(f'标签 "{name}"' for name in LIBRARY.tags)
    blocks = "\n".join(
        f'话术 "话术{n:02}" 用于 企微\n  正文 "你好"\n'
        f'剧本 "剧本{n:02}"\n  面向 有标签 "{tag_name(FIRST_TAG + n)}"\n    并且 无标签 "{tag_name(FIRST_TAG + n + 100)}"\n'
        f'    并且 积分 >= 10\n  每天 {clock}\n    推送 企微 "话术{n:02}"'
        for n in range(PLAYBOOKS)
    )
    policy = f'全局规则\n  永不推送 有标签 "{tag_name(OPTED_OUT)}"\n  每人7天最多6条'
    return f"{policy}\n{tags}\n{blocks}\n"


def checked(clock: str) -> Program:
    """The program of the playbooks."""
    text = playbooks(clock)
    file, diagnostics = parse_text(text, "benchmark.sop", collect_names([text]))
    program, more = resolve_program([file], diagnostics, CheckSettings(frozenset({"wecom"}), ZONE, "CNY"))
    assert not program.blocked, (diagnostics, more)
    return program


def prepared(source: Path, folder: Path) -> SqliteStore:
    """A copy of the store whose members are served by staff, with a day's run in its log."""
    path = Path(shutil.copy(source, folder / "shop.db"))
    store = SqliteStore.open(path, writable=True)
    library = Library(**{**_fields(LIBRARY), "attributes": {**LIBRARY.attributes, "staff": Attribute("staff", ValueType.TEXT)}})
    store.declare(library)
    with write_facts(store, library, zone=ZONE, random_bytes=lambda count: bytes(count)) as writer:
        for number in range(STAFF):
            writer.add_staff(f"s{number}", arrived=0)
        for (unit,) in store.connection.execute("SELECT unit FROM members").fetchall():
            writer.add_attribute(unit, "staff", f"s{unit % STAFF}", at=now() - 30 * DAY, arrived=now() - 30 * DAY)
    execute_run(store, checked("20:30"), now() - DAY + HOUR, RunSettings(b"secret", notary(folder / "shop.db"), ""))
    return store


def _fields(library: Library) -> dict[str, object]:
    from dataclasses import fields

    return {field.name: getattr(library, field.name) for field in fields(library)}


def timed(body: Callable[[], object]) -> float:
    """The seconds that a call takes."""
    began = perf_counter()
    body()
    return perf_counter() - began


def deciding(store: SqliteStore, program: Program, folder: Path) -> float:
    """The seconds that a run spends until it has decided; nothing of it is kept."""

    def stop(decided: Decided) -> None:
        raise Decidedly

    began = perf_counter()
    try:
        execute_run(store, program, now(), RunSettings(b"secret", notary(folder / "shop.db"), "", approve=stop))
    except Decidedly:
        return perf_counter() - began
    raise AssertionError


def main() -> None:
    """Measures the three in turn."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("store", type=Path)
    parser.add_argument("--rounds", type=int, default=4)
    arguments = parser.parse_args()
    program = checked("20:00")
    with tempfile.TemporaryDirectory() as folder:
        store = prepared(arguments.store, Path(folder))
        bare, told, counted, with_funnel, written = [], [], [], [], []
        for _ in range(arguments.rounds):
            run = deciding(store, program, Path(folder))
            bare.append(run)
            told.append(timed(lambda: plan_run(store, program, now(), PlanOptions(details=True))) / run)
            counted.append(timed(lambda: plan_run(store, program, now(), PlanOptions())) / run)
            with_funnel.append(timed(lambda: plan_run(store, program, now(), PlanOptions(details=True, funnel=True))) / run)
        from datetime import UTC, datetime

        texts = Texts({}, datetime.now(UTC))
        written.append(timed(lambda: written_plan(store, program, now(), PlanOptions(details=True), texts)) / min(bare))
        planned = plan_run(store, program, now(), PlanOptions()).to_json()
        done = execute_run(store, program, now(), RunSettings(b"secret", notary(Path(folder) / "shop.db"), "")).to_json()
        done.pop("run")
        assert json.dumps(done) == json.dumps(planned)
        store.close()
    print(
        f"{planned['records']} records, deciding {min(bare):.2f} s; plan {min(told):.2f} times (numbers alone"
        f" {min(counted):.2f}), with the funnel {min(with_funnel):.2f}, written down {min(written):.2f}"
    )
    assert min(told) <= PLAIN, f"a plan takes {min(told):.2f} times as long as a run decides, allowed are {PLAIN}"
    assert min(with_funnel) <= FUNNEL, f"with the funnel it takes {min(with_funnel):.2f} times as long, allowed are {FUNNEL}"


if __name__ == "__main__":
    main()
