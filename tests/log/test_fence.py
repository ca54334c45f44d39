"""The fence refuses an older copy of a store."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from delivery.shop import Push, T, open_shop, record_run
from qingting.engine.log.checkpoint import Checkpoint, present_checkpoint, read_checkpoint
from qingting.engine.log.fence import accept_restored, check_fence, read_fence, write_fence
from qingting.engine.program.ir import HOUR
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.grammar.diagnostics import CannotRun


@pytest.fixture
def fence(tmp_path: Path) -> Path:
    return tmp_path / ".qingting" / "fence"


def ran(store: SqliteStore, name: str, at: int, fence: Path) -> None:
    record_run(store, [Push((1, 2, 3), playbook=name)], at=at)
    write_fence(fence, present_checkpoint(store))


def test_a_store_passes_its_own_fence(tmp_path: Path, fence: Path) -> None:
    with open_shop(tmp_path / "shop.db") as store:
        check_fence(store, fence)
        write_fence(fence, present_checkpoint(store))
        check_fence(store, fence)
        ran(store, "a", T, fence)
        check_fence(store, fence)
        record_run(store, [Push((1,), playbook="b")], at=T + HOUR)
        check_fence(store, fence)


def test_an_older_copy_is_refused_until_it_is_accepted(tmp_path: Path, fence: Path) -> None:
    with open_shop(tmp_path / "shop.db") as store:
        ran(store, "a", T, fence)
        with store.transaction():
            pass
        store.connection.execute("VACUUM INTO ?", (str(tmp_path / "copy.db"),))
        ran(store, "b", T + HOUR, fence)
    with SqliteStore.open(tmp_path / "copy.db", writable=True) as copy:
        with pytest.raises(CannotRun) as raised:
            check_fence(copy, fence)
        assert raised.value.code == "D201"
        assert (raised.value.params["leaves"], raised.value.params["fence"]) == (3, 6)
        write_fence(fence, present_checkpoint(copy))
        with pytest.raises(CannotRun):
            check_fence(copy, fence)
        accept_restored(copy, fence)
        check_fence(copy, fence)


def test_a_copy_that_went_its_own_way_is_refused(tmp_path: Path, fence: Path) -> None:
    with open_shop(tmp_path / "shop.db") as store:
        store.connection.execute("VACUUM INTO ?", (str(tmp_path / "copy.db"),))
        ran(store, "a", T, fence)
    with SqliteStore.open(tmp_path / "copy.db", writable=True) as copy:
        record_run(copy, [Push((1, 2, 3), playbook="other")], at=T)
        with pytest.raises(CannotRun) as raised:
            check_fence(copy, fence)
        assert raised.value.code == "D202"


def test_each_store_has_its_own_fence(fence: Path) -> None:
    first, second = Checkpoint("a", 2, b"x" * 32, "r1"), Checkpoint("b", 1, b"y" * 32, None)
    write_fence(fence, second)
    write_fence(fence, first)
    assert read_fence(fence) == {"a": first, "b": second}
    assert [read_checkpoint(part) for part in fence.read_bytes().replace(b"\n\n", b"\n\0").split(b"\0")] == [
        first,
        second,
    ]


@pytest.mark.parametrize("damage", [b"", b"\n", b"x", b"\xff\xfe", b"qingting.log/s\n1\nleaf zz\nrun -\n"])
def test_a_damaged_fence_is_never_taken_for_none(tmp_path: Path, fence: Path, damage: bytes) -> None:
    with open_shop(tmp_path / "shop.db") as store:
        ran(store, "a", T, fence)
        fence.write_bytes(fence.read_bytes()[:20] + damage)
        with pytest.raises(CannotRun) as raised:
            check_fence(store, fence)
        assert raised.value.code == "D203"
        fence.write_bytes(damage.strip(b"x"))
        with pytest.raises(CannotRun, match="D203"):
            check_fence(store, fence)


def test_a_fence_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "blocked").write_text("")
    with pytest.raises(CannotRun) as raised:
        write_fence(tmp_path / "blocked" / "fence", Checkpoint("a", 0, None, None))
    assert raised.value.code == "D204"


def test_what_a_crash_leaves_beside_the_fence_does_no_harm(fence: Path) -> None:
    write_fence(fence, Checkpoint("a", 1, b"x" * 32, None))
    shutil.copy(fence, fence.with_name("fence.new"))
    fence.with_name("fence.new").write_bytes(b"half")
    write_fence(fence, Checkpoint("a", 2, b"y" * 32, None))
    assert read_fence(fence)["a"].leaves == 2
