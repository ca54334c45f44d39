"""The page about import files: its columns are those of the code, and its files go in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from qingting.engine.program import builtin_names, ir
from qingting.engine.stores.imports import ImportOptions, Replacing, import_file
from qingting.engine.stores.imports.columns import KINDS, REPLACEABLE, REQUIRED, SPELLINGS
from qingting.engine.stores.imports.source import CSV_ENDINGS, ENCODINGS, JSON_ENDINGS, PARQUET_ENDINGS
from stores.support import NOW, ZONE, counted_bytes, new_store

PAGE = (Path(__file__).resolve().parents[2] / "docs/imports.md").read_text(encoding="utf-8")
_SECTIONS = dict(re.findall(r"^### (\w+) .*?\n(.*?)(?=^##)", PAGE, re.M | re.S))
_LIBRARY = ir.Library(
    attributes=builtin_names.ATTRIBUTES,
    events={"下单": ir.Event("下单")},
    tags={name: ir.Tag(name) for name in ("新客", "VIP", "福利")},
    tag_groups={}, segments={}, metrics={}, templates={},
    coupons={"满199减20": ir.Coupon("满199减20", 2000)},
)


@pytest.mark.parametrize("kind", KINDS)
def test_columns(kind: str) -> None:
    rows = re.findall(r"^\| (\*\*)?`(\w+)`(?:\*\*)? \| (.*?) \|", _SECTIONS[kind], re.M)
    assert {name: (name, *re.findall(r"`(.+?)`", also)) for _, name, also in rows} == dict(SPELLINGS[kind])
    assert tuple(name for bold, name, _ in rows if bold) == REQUIRED[kind]


def test_the_files_go_in(tmp_path: Path) -> None:
    with new_store(tmp_path) as store:
        for kind in KINDS:
            (text,) = re.findall(rf"^```{kind}\n(.*?)^```$", _SECTIONS[kind], re.M | re.S)
            path = tmp_path / f"{kind}.csv"
            path.write_text(text, encoding="utf-8")
            report = import_file(
                store, kind, path, _LIBRARY, ImportOptions(at=NOW, zone=ZONE, random_bytes=counted_bytes)
            )
            assert (report.added, report.rejected) == (text.count("\n") - 1 - (kind == "staff"), ())
            # One of the two is known from the friends before.
            assert report.changed == int(kind == "staff")


def test_endings_encodings_and_what_can_be_replaced() -> None:
    for word in (*CSV_ENDINGS, *JSON_ENDINGS, *PARQUET_ENDINGS, *ENCODINGS):
        assert f"`{word}`" in PAGE or f"--encoding {word}`" in PAGE
    table = re.findall(r"^\| (\w+) \| (.*?) \| (.*?) \|$", PAGE[PAGE.index("| kind |") :], re.M)
    rows = [row for row in table if row[0] in KINDS]
    assert {name for name, *_ in rows} == set(REPLACEABLE[Replacing.NAMED])
    assert {name for name, _, whole in rows if whole != "not possible"} == set(REPLACEABLE[Replacing.ALL])
