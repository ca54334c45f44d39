"""Killing the delivering process: nothing twice, nothing lost, and the log of the undisturbed delivery."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from delivery import crashing
from delivery.shop import Push, open_shop, record_run
from log.notaries import attest
from qingting.engine.delivery.owners import forget_dead_owners, owner_is_dead, present_owner
from qingting.engine.log.fence import check_fence
from qingting.engine.log.recompute import recompute_deliveries
from qingting.engine.stores.sqlite.database import SqliteStore
from sampling import sampled

STATEMENTS = 62


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with eight pushes to deliver, five with a coupon, one with a missing template."""
    folder = tmp_path_factory.mktemp("prepared")
    with open_shop(folder / "shop.db", members=8) as store:
        record_run(
            store,
            [
                Push((1, 2, 3, 4, 5), template="附券", coupon=True),
                Push((6, 7), step="b"),
                Push((8,), step="c", template="没有"),
            ],
        )
    return folder / "shop.db"


@pytest.fixture
def shop(prepared: Path, tmp_path: Path) -> Path:
    with SqliteStore.open(prepared, writable=True) as store:
        store.connection.execute("VACUUM INTO ?", (str(tmp_path / "shop.db"),))
    with SqliteStore.open(tmp_path / "shop.db", writable=True) as store:
        store.connection.execute("PRAGMA journal_mode = WAL").fetchall()
        attest(store, tmp_path)
    return tmp_path / "shop.db"


@pytest.fixture(scope="module")
def undisturbed(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[tuple], list[str]]:
    folder = tmp_path_factory.mktemp("undisturbed")
    shutil.copy(prepared, folder / "shop.db")
    with SqliteStore.open(folder / "shop.db", writable=True) as store:
        crashing.deliver(store, folder, "whole")
        return ended(store), keys(folder)


def ended(store: SqliteStore) -> list[tuple]:
    rows = store.connection.execute(
        "SELECT dispatch, at, attempt, outcome, reason, channel_id, error, hex(text_digest)"
        " FROM deliveries LEFT JOIN delivery_texts USING (seq) ORDER BY dispatch"
    ).fetchall()
    checks = list(recompute_deliveries(store, 0, 1000))
    assert len(checks) == len(rows)
    assert all(check.sound for check in checks)
    return rows


def keys(folder: Path) -> list[str]:
    return [json.loads(line)["key"] for line in (folder / "out.jsonl").read_text(encoding="utf-8").splitlines()]


def killed(shop: Path, where: str, number: int) -> bool:
    """Deliver in another process that dies as told; whether it did."""
    done = subprocess.run(
        [sys.executable, crashing.__file__, str(shop), str(shop.parent), where, str(number)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    assert (done.stdout == "whole") == (done.returncode == 0)
    return done.returncode != 0


def killed_in_a_fork(shop: Path, number: int) -> bool:
    """The same at a statement, in a child of this process, which spares it the imports."""
    child = os.fork()
    if child == 0:
        try:
            crashing.main(str(shop), str(shop.parent), "statement", str(number))
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def finish(shop: Path, undisturbed: tuple[list[tuple], list[str]]) -> None:
    with SqliteStore.open(shop, writable=True) as store:
        check_fence(store, shop.parent / "fence")
        crashing.deliver(store, shop.parent, "second")
        assert ended(store) == undisturbed[0]
        assert sorted(keys(shop.parent)) == sorted(undisturbed[1])
        assert store.connection.execute("SELECT count(*) FROM outbox").fetchone() == (0,)
        facts = store.connection.execute(
            "SELECT kind, count(*), count(DISTINCT code) FROM coupon_facts GROUP BY kind ORDER BY kind"
        )
        assert facts.fetchall() == [("issued", 5, 5), ("reserved", 5, 5)]
        check_fence(store, shop.parent / "fence")


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("where", sampled(3, ["within", "before", "after"]))
def test_killed_around_the_channel(shop: Path, undisturbed: tuple, where: str, number: int) -> None:
    assert killed(shop, where, number)
    finish(shop, undisturbed)


@pytest.mark.parametrize("number", sampled(6, [5, 12, 17, 26, 40, STATEMENTS]))
def test_killed_at_a_statement(shop: Path, undisturbed: tuple, number: int) -> None:
    assert killed(shop, "statement", number)
    finish(shop, undisturbed)


@pytest.mark.slow
def test_killed_at_every_statement_and_again(prepared: Path, tmp_path: Path, undisturbed: tuple) -> None:
    number, died = 0, True
    while died:
        folder = tmp_path / str(number)
        folder.mkdir()
        shutil.copy(prepared, folder / "shop.db")
        with SqliteStore.open(folder / "shop.db", writable=True) as store:
            attest(store, folder)
        died = killed_in_a_fork(folder / "shop.db", number)
        killed_in_a_fork(folder / "shop.db", 3 * number % 50)
        finish(folder / "shop.db", undisturbed)
        number += 1
    assert number > STATEMENTS


@pytest.mark.slow
def test_killed_at_random_moments(prepared: Path, tmp_path: Path, undisturbed: tuple) -> None:
    choice = random.Random(20251121)
    for number in range(20):
        folder = tmp_path / str(number)
        folder.mkdir()
        shutil.copy(prepared, folder / "shop.db")
        with SqliteStore.open(folder / "shop.db", writable=True) as store:
            attest(store, folder)
        process = subprocess.Popen(
            [sys.executable, crashing.__file__, str(folder / "shop.db"), str(folder), "never", "0"],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdout=subprocess.DEVNULL,
        )
        time.sleep(choice.uniform(0.15, 0.8))
        process.kill()
        process.wait()
        finish(folder / "shop.db", undisturbed)


def test_an_owner_is_dead_when_nobody_holds_its_file(tmp_path: Path) -> None:
    folder = tmp_path / "owners"
    assert not owner_is_dead(folder, "unknown")
    with present_owner(folder, "alive"):
        assert not owner_is_dead(folder, "alive")
    assert not owner_is_dead(folder, "alive")
    (folder / "killed.deliver").touch()
    (folder / "done.deliver").touch()
    assert owner_is_dead(folder, "killed")
    with present_owner(folder, "alive"):
        forget_dead_owners(folder, frozenset(("killed",)))
        assert sorted(path.name for path in folder.iterdir()) == ["alive.deliver", "killed.deliver"]
