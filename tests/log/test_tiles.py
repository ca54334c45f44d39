"""The log as plain files: laid out as the standard says, grown in place, verified without the store."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from delivery.shop import T, record_run
from log.notaries import attest
from log.published import Push, deliver, key_of, make_log, opened_at
from qingting.engine.exporting import publish_log
from qingting.engine.log import merkle
from qingting.engine.log.checkpoint import newest_checkpoint
from qingting.engine.log.notes import SigningKey, VerifierKey
from qingting.engine.log.tiles.checking import TilesDoNotVerify, VerifiedTiles, verify_tiles
from qingting.engine.log.tiles.layout import levels, number_path, packed, tile_name, unpacked
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.grammar.diagnostics import CannotRun


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("shop")
    make_log(root)
    publish_log(opened_at(root), root / "public")
    return root


@pytest.fixture
def shop(published: Path, tmp_path: Path) -> Path:
    shutil.copytree(published, tmp_path / "shop")
    return tmp_path / "shop"


def publish(root: Path) -> int:
    return publish_log(opened_at(root), root / "public").files


def verify(root: Path) -> VerifiedTiles:
    return verify_tiles(root / "public", [key_of(root)])


def grow(root: Path, pushes: int, at: int) -> None:
    """Another run, of so many records."""
    with SqliteStore.open(root / "qingting.db", writable=True) as store:
        record_run(store, [Push(tuple(range(2, 2 + pushes)), occurrence=str(at))], at=at)
        attest(store, root / ".qingting")


def names(root: Path) -> list[str]:
    folder = root / "public"
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_the_numbers_of_the_standard() -> None:
    assert number_path(1_234_067) == "x001/x234/067"
    assert number_path(67, 3) == "067.p/3"
    assert tile_name(2, 1_000) == "tile/2/x001/000"
    assert list(levels(70_000)) == [(0, 273, 112), (1, 1, 17), (2, 0, 1)]
    assert list(levels(256)) == [(0, 1, 0), (1, 0, 1)]
    assert list(levels(0)) == []


def test_things_laid_out_one_behind_the_other() -> None:
    assert unpacked(packed([b"", b"ab"], 2), 2) == [b"", b"ab"]
    for cut in (b"\0", b"\0\3ab", b"\0\0\0"):
        with pytest.raises(ValueError, match="cut off"):
            unpacked(cut, 2)


def test_a_log_of_two_tiles(published: Path) -> None:
    assert names(published) == [
        "checkpoint", "parts/000", "parts/001.p/51", "tile/0/000", "tile/0/001.p/51", "tile/1/000.p/1",
        "tile/entries/000", "tile/entries/001.p/51",
    ]
    with opened_at(published)(False) as store:
        assert (published / "public" / "checkpoint").read_bytes() == newest_checkpoint(store).note
    found = verify(published)
    assert (found.checkpoint.body.size, found.records, found.deliveries, found.erasures) == (307, 302, 4, 1)
    # The tile above holds the root of the full one.
    lowest, above = ((published / "public" / name).read_bytes() for name in ("tile/0/000", "tile/1/000.p/1"))
    assert merkle.root([lowest[at : at + 32] for at in range(0, 8192, 32)]) == above


def test_nobody_is_named(published: Path) -> None:
    everything = b"".join((published / "public" / name).read_bytes() for name in names(published))
    for word in (b"m01", b"wx-", b"13800000000", b"cmd", b"d" * 32):
        assert word not in everything
    assert "猫粮跟进".encode() in everything


def test_again_nothing_is_written(shop: Path) -> None:
    before = {name: (shop / "public" / name).stat().st_mtime_ns for name in names(shop)}
    assert publish(shop) == 0
    assert {name: (shop / "public" / name).stat().st_mtime_ns for name in names(shop)} == before


def test_growth_in_place(shop: Path) -> None:
    kept = {name: (shop / "public" / name).read_bytes() for name in names(shop) if ".p" not in name and "/" in name}
    grow(shop, 100, T + 10)
    assert publish(shop) == 4
    # What an older checkpoint asks for stays until the full tile is there.
    assert {"tile/0/001.p/51", "tile/0/001.p/151"} < set(names(shop))
    assert verify(shop).records == 402
    grow(shop, 200, T + 20)
    assert publish(shop) == 8
    assert {name: (shop / "public" / name).read_bytes() for name in kept} == kept
    assert [name for name in names(shop) if "/001" in name] == ["parts/001", "tile/0/001", "tile/entries/001"]
    assert verify(shop).checkpoint.body.size == 607


def test_the_same_files_at_once_or_by_and_by(shop: Path, tmp_path: Path) -> None:
    grow(shop, 250, T + 10)
    publish(shop)
    publish_log(opened_at(shop), tmp_path / "fresh")
    for path in (tmp_path / "fresh").rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (shop / "public" / path.relative_to(tmp_path / "fresh")).read_bytes()
    assert verify_tiles(tmp_path / "fresh", [key_of(shop)]).records == 552


def test_a_process_that_died_half_way(shop: Path) -> None:
    for name in ("checkpoint", "tile/entries/000", "parts/001.p/51", "tile/1/000.p/1"):
        (shop / "public" / name).unlink()
    (shop / "public" / "tile/0/000.new").write_bytes(b"half")
    assert publish(shop) == 4
    assert verify(shop).records == 302


@pytest.mark.parametrize("name", ["tile/0/000", "tile/0/001.p/51", "tile/1/000.p/1", "tile/entries/000", "tile/entries/001.p/51",
                                  "parts/000", "parts/001.p/51"])
@pytest.mark.parametrize("change", ["cut", "add", "flip", "gone"])
def test_every_changed_file_is_found(shop: Path, name: str, change: str) -> None:
    path = shop / "public" / name
    data = path.read_bytes()
    changed = {"cut": data[:-1], "add": data + b"\0", "flip": data[:20] + bytes([data[20] ^ 1]) + data[21:]}
    path.unlink()
    if change != "gone":
        path.write_bytes(changed[change])
    with pytest.raises(TilesDoNotVerify, match="D430" if change == "gone" else "D431") as found:
        verify(shop)
    told = str(found.value.params["path"])
    # Without the tiles at the end there is no root, so that it is the checkpoint that does not fit.
    assert told.endswith((name, "checkpoint"))
    if change != "gone":
        with pytest.raises(CannotRun, match="D427") as refused:
            publish(shop)
        assert str(refused.value.params["path"]).endswith(name)


def test_entries_that_change_places_are_found(shop: Path) -> None:
    path = shop / "public" / "tile/entries/000"
    entries = unpacked(path.read_bytes(), 2)
    path.write_bytes(packed([entries[1], entries[0], *entries[2:]], 2))
    with pytest.raises(TilesDoNotVerify, match="D431"):
        verify(shop)


def test_another_key_verifies_nothing(shop: Path) -> None:
    stranger = SigningKey(bytes(32)).verifier(key_of(shop).name)
    other = VerifierKey("qingting.log/other", key_of(shop).public)
    for keys in ([stranger], [other], [stranger, other], []):
        with pytest.raises(TilesDoNotVerify, match="D432"):
            verify_tiles(shop / "public", keys)
    assert verify_tiles(shop / "public", [stranger, key_of(shop)]).records == 302


def test_an_older_checkpoint_still_verifies(shop: Path) -> None:
    before = (shop / "public" / "checkpoint").read_bytes()
    grow(shop, 100, T + 10)
    publish(shop)
    (shop / "public" / "checkpoint").write_bytes(before)
    assert verify(shop).checkpoint.body.size == 307


def test_the_folder_of_another_log(shop: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    with SqliteStore.create(other / "qingting.db", at=T, random_bytes=lambda length: b"\7" * length) as store:
        store.set_meta("leaves", 0)
        attest(store, other / ".qingting")
    with pytest.raises(CannotRun, match="D426"):
        publish_log(opened_at(other), shop / "public")


def test_an_older_copy_of_the_store_publishes_nothing(shop: Path, tmp_path: Path) -> None:
    shutil.copytree(shop, tmp_path / "copy")
    grow(shop, 100, T + 10)
    publish(shop)
    before = {name: (shop / "public" / name).read_bytes() for name in names(shop)}
    with pytest.raises(CannotRun, match="D426"):
        publish_log(opened_at(tmp_path / "copy"), shop / "public")
    # Nor does one that went on by itself.
    grow(tmp_path / "copy", 150, T + 11)
    with pytest.raises(CannotRun, match="D426"):
        publish_log(opened_at(tmp_path / "copy"), shop / "public")
    assert {name: (shop / "public" / name).read_bytes() for name in names(shop)} == before


def test_what_is_not_signed_is_not_published(shop: Path) -> None:
    with SqliteStore.open(shop / "qingting.db", writable=True) as store:
        deliver(store, 5)
    with pytest.raises(CannotRun, match="D421"):
        publish(shop)


def test_signatures_of_witnesses_stay(shop: Path) -> None:
    path = shop / "public" / "checkpoint"
    line = "— example.com/witness AAAAAAE=\n".encode()
    path.write_bytes(path.read_bytes() + line)
    assert publish(shop) == 0
    assert path.read_bytes().endswith(line)
    assert verify(shop).checkpoint.witnesses == ()


def test_an_empty_log(tmp_path: Path) -> None:
    with SqliteStore.create(tmp_path / "qingting.db", at=T, random_bytes=lambda length: b"\7" * length) as store:
        attest(store, tmp_path / ".qingting")
    assert publish(tmp_path) == 1
    assert names(tmp_path) == ["checkpoint"]
    assert verify(tmp_path).checkpoint.body.size == 0


def test_a_place_that_is_no_folder(shop: Path) -> None:
    (shop / "file").write_text("")
    with pytest.raises(CannotRun, match="C301"):
        publish_log(opened_at(shop), shop / "file")
