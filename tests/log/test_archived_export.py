"""Exports and published files of a log of which a part was archived: the same as without."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from log.archived_shop import archive, grown, live
from log.published import opened_at
from qingting.engine.exporting import ExportAsked, export_log, publish_log
from qingting.engine.log.records import LogFilter
from qingting.grammar.diagnostics import CannotRun
from workspaces import Shop

ZONE = "Asia/Shanghai"


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory) -> tuple[Shop, Shop]:
    """A shop of some days, and the same with its first days archived, in two files."""
    folder = tmp_path_factory.mktemp("shops")
    plain = grown(folder / "plain")
    for day in range(6):
        live(plain, day)
    moved = plain.copy(folder / "moved")
    for before in ("2026-11-21 00:00", "2026-11-23 00:00"):
        archive(moved, before)
    return plain, moved


def lines(shop: Shop, **asked: Any) -> list[dict[str, Any]]:
    out = io.StringIO()
    export_log(opened_at(shop.root), ZONE, out, "jsonl", ExportAsked(LogFilter(**asked.pop("filters", {})), **asked))
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_an_export_is_the_same(shops: tuple[Shop, Shop]) -> None:
    plain, moved = shops
    assert len(moved.rows("SELECT 1 FROM archives")) == 2
    assert lines(moved, proofs=True) == lines(plain, proofs=True) != []
    assert lines(moved, proofs=True, reveal=True) == lines(plain, proofs=True, reveal=True)


@pytest.mark.parametrize("chosen", [{"status": "suppressed"}, {"limit": 3}, {"limit": 40}, {"limit": 100_000}])
def test_so_is_a_part_of_it(shops: tuple[Shop, Shop], chosen: dict[str, Any]) -> None:
    plain, moved = shops
    assert lines(moved, filters=chosen) == lines(plain, filters=chosen) != []


def test_a_member_is_found_in_archives(shops: tuple[Shop, Shop]) -> None:
    plain, moved = shops
    for (member,) in plain.rows("SELECT id FROM members ORDER BY id LIMIT 5"):
        assert lines(moved, filters={"member": member}) == lines(plain, filters={"member": member})
    assert lines(moved, filters={"member": "nobody"}) == []


def test_archives_may_be_left_out(shops: tuple[Shop, Shop]) -> None:
    plain, moved = shops
    ((stop,),) = moved.rows("SELECT max(stop) FROM archives")
    assert 0 < stop < len(lines(plain))
    # A delivery of a record that is left out is left out as well.
    kept = [line for line in lines(plain) if line["seq"] >= stop and line.get("dispatch", stop) >= stop]
    assert lines(moved, archives=False) == kept


def test_an_archive_that_is_not_there(shops: tuple[Shop, Shop], tmp_path: Path) -> None:
    shop = shops[1].copy(tmp_path / "shop")
    publish_log(opened_at(shop.root), tmp_path / "public")
    for path in shop.root.rglob("log-*.db"):
        path.unlink()
    with pytest.raises(CannotRun, match="D428"):
        lines(shop)
    assert lines(shop, archives=False) == lines(shops[1], archives=False)
    # What is published needs no archive any more.
    assert publish_log(opened_at(shop.root), tmp_path / "public").files == 0
    with pytest.raises(CannotRun, match="D428"):
        publish_log(opened_at(shop.root), tmp_path / "fresh")


def test_published_files_are_the_same(shops: tuple[Shop, Shop], tmp_path: Path) -> None:
    plain, moved = shops
    publish_log(opened_at(plain.root), tmp_path / "plain")
    publish_log(opened_at(moved.root), tmp_path / "moved")
    named = [path.relative_to(tmp_path / "plain") for path in (tmp_path / "plain").rglob("*") if path.is_file()]
    assert named
    for name in named:
        assert (tmp_path / "plain" / name).read_bytes() == (tmp_path / "moved" / name).read_bytes()
