"""Archiving dies anywhere: the store has everything or has let it go, and the next attempt ends as if nothing had been."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from log.archived_shop import BEFORE, archive
from qingting.engine.stores.sqlite.database import SqliteStore
from workspaces import Shop


def steps_of(shop: Shop, limit: int) -> int:
    """Archives in a process that dies at its n-th step on the store or the disk; how many steps it made, 0 for all."""
    child = os.fork()
    if child == 0:
        left = [limit]

        def step(*_: object) -> None:
            left[0] -= 1
            if left[0] < 0:
                os._exit(9)

        def heard(event: str, _: object) -> None:
            if event in ("open", "os.link", "os.remove", "os.chmod", "os.mkdir", "sqlite3.connect"):
                step()

        sys.addaudithook(heard)
        try:
            _archive_with(step, shop)
        finally:
            # Whatever came of it, the tests go on in the other process only.
            os._exit(8)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _archive_with(step: Callable[..., None], shop: Shop) -> None:
    original = SqliteStore.open

    def opened(path: Path, *, writable: bool = False) -> SqliteStore:
        store = original(path, writable=writable)
        store.connection.set_trace_callback(step)
        return store

    SqliteStore.open = opened  # type: ignore[method-assign, assignment]
    archive(shop, BEFORE)
    os._exit(0)


def state(shop: Shop) -> tuple[list[str], list[str]]:
    return shop.dump(), sorted(path.name for path in (shop.root / "archive").glob("*[0-9s].db"))


@pytest.fixture(scope="module")
def whole(lived: Shop, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], list[str]]:
    shop = lived.copy(tmp_path_factory.mktemp("whole") / "shop")
    archive(shop, BEFORE)
    return state(shop)


def crashed(lived: Shop, folder: Path, limits: Iterator[int], whole: tuple[list[str], list[str]]) -> int:
    """Dies at each of ``limits``, then does it again; how many died before the store let go, and are whole."""
    before = lived.dump()
    early = 0
    for limit in limits:
        shop = lived.copy(folder / f"s{limit}")
        code = steps_of(shop, limit)
        if code == 0:
            return early
        assert code == 9
        dump = [line for line in shop.dump() if "'archiving'" not in line]
        assert dump == before or digestless(dump) == digestless(whole[0]), limit
        early += dump == before
        archive(shop, BEFORE)
        assert digestless(shop.dump()) == digestless(whole[0]), limit
        assert state(shop)[1] == whole[1], limit
    return early


def digestless(dump: list[str]) -> list[str]:
    """Without the digest of the archive, whose bytes SQLite lays out by what it was asked before."""
    return [line for line in dump if not line.startswith('INSERT INTO "archives"')]


def test_a_crash_anywhere(lived: Shop, tmp_path: Path, whole: tuple[list[str], list[str]]) -> None:
    assert crashed(lived, tmp_path, iter(range(7, 150, 16)), whole)


@pytest.mark.slow
def test_a_crash_at_many_steps(lived: Shop, tmp_path: Path, whole: tuple[list[str], list[str]]) -> None:
    assert crashed(lived, tmp_path, iter(range(1, 400, 11)), whole) > 6
