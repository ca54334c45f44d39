"""The fence refuses an older copy of a store."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from delivery.shop import Push, T, open_shop, record_run
from log.notaries import attest, notary_in
from qingting.engine.log.checkpoint import Checkpoint, newest_checkpoint, read_checkpoint
from qingting.engine.log.fence import Unsigned, accept_restored, check_fence, read_fence, write_fence
from qingting.engine.log.notes import CheckpointBody, SigningKey, sign_note
from qingting.engine.log.store import leaf_at
from qingting.engine.program.ir import HOUR
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.grammar.diagnostics import CannotRun

ONE, OTHER = "1" * 32, "2" * 32


@pytest.fixture
def fence(tmp_path: Path) -> Path:
    return tmp_path / ".qingting" / "fence"


def ran(store: SqliteStore, name: str, at: int, fence: Path) -> None:
    record_run(store, [Push((1, 2, 3), playbook=name)], at=at)
    attest(store, fence.parent)


def checkpoint(store_id: str, leaves: int) -> Checkpoint:
    origin = f"qingting.log/{store_id}"
    text = CheckpointBody(origin, leaves, bytes([leaves]) * 32).to_text()
    return read_checkpoint(sign_note(text, origin, SigningKey(bytes(32))).to_bytes())


def test_a_store_passes_its_own_fence(tmp_path: Path, fence: Path) -> None:
    with open_shop(tmp_path / "shop.db") as store:
        check_fence(store, fence)
        attest(store, fence.parent)
        check_fence(store, fence)
        ran(store, "a", T, fence)
        check_fence(store, fence)
        record_run(store, [Push((1,), playbook="b")], at=T + HOUR)
        check_fence(store, fence)


def test_an_older_copy_is_refused_until_it_is_accepted(tmp_path: Path, fence: Path) -> None:
    with open_shop(tmp_path / "shop.db") as store:
        ran(store, "a", T, fence)
        store.connection.execute("VACUUM INTO ?", (str(tmp_path / "copy.db"),))
        ran(store, "b", T + HOUR, fence)
    with SqliteStore.open(tmp_path / "copy.db", writable=True) as copy:
        with pytest.raises(CannotRun) as raised:
            check_fence(copy, fence)
        assert raised.value.code == "D201"
        assert (raised.value.params["leaves"], raised.value.params["fence"]) == (3, 6)
        newest = newest_checkpoint(copy)
        assert newest is not None
        write_fence(fence, copy.store_id, newest)
        with pytest.raises(CannotRun):
            check_fence(copy, fence)
        accept_restored(fence, copy.store_id, newest)
        check_fence(copy, fence)


def test_a_copy_that_goes_on_is_another_log(tmp_path: Path, fence: Path) -> None:
    with open_shop(tmp_path / "shop.db") as store:
        ran(store, "a", T, fence)
        store.connection.execute("VACUUM INTO ?", (str(tmp_path / "copy.db"),))
        ran(store, "b", T + HOUR, fence)
        lost = newest_checkpoint(store)
    with SqliteStore.open(tmp_path / "copy.db", writable=True) as copy:
        notary = notary_in(fence.parent)
        for _ in range(2):
            with copy.transaction():
                notary.restart(copy)
            notary.accept(copy)
        ran(copy, "c", T + 2 * HOUR, fence)
        assert lost is not None
        assert newest_checkpoint(copy).origin.startswith(f"{lost.origin}/")  # type: ignore[union-attr]
        assert copy.connection.execute("SELECT count(*) FROM signers").fetchone() == (2,)
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
    first, second = checkpoint(ONE, 2), checkpoint(OTHER, 1)
    write_fence(fence, OTHER, second)
    write_fence(fence, ONE, first)
    assert read_fence(fence) == {ONE: first, OTHER: second}
    assert fence.read_bytes() == first.note + b"\n" + second.note


def test_what_was_left_before_checkpoints_were_signed_still_counts(tmp_path: Path, fence: Path) -> None:
    with open_shop(tmp_path / "shop.db") as store:
        record_run(store, [Push((1, 2, 3), playbook="a")], at=T)
        old = f"qingting.log/{store.store_id}\n3\nleaf {leaf_at(store, 2).hex()}\nrun -\n".encode()  # type: ignore[union-attr]
        fence.parent.mkdir()
        fence.write_bytes(old + b"\n" + checkpoint(OTHER, 1).note)
        assert isinstance(read_fence(fence)[store.store_id], Unsigned)
        check_fence(store, fence)
        fence.write_bytes(old.replace(b"leaf ", b"leaf 00")[:-2] + b"\n")
        with pytest.raises(CannotRun, match=r"D203|D202"):
            check_fence(store, fence)
        fence.write_bytes(old.replace(b"\n3\n", b"\n4\n"))
        with pytest.raises(CannotRun, match="D201"):
            check_fence(store, fence)
        fence.write_bytes(old)
        attest(store, fence.parent)
        assert isinstance(read_fence(fence)[store.store_id], Checkpoint)


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
        write_fence(tmp_path / "blocked" / "fence", ONE, checkpoint(ONE, 0))
    assert raised.value.code == "D204"


def test_what_a_crash_leaves_beside_the_fence_does_no_harm(fence: Path) -> None:
    write_fence(fence, ONE, checkpoint(ONE, 1))
    shutil.copy(fence, fence.with_name("fence.new"))
    fence.with_name("fence.new").write_bytes(b"half")
    write_fence(fence, ONE, checkpoint(ONE, 2))
    assert read_fence(fence)[ONE].leaves == 2
