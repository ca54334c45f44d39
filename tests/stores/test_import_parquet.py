"""Parquet files: typed columns become the same facts as the same rows in CSV."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from pyarrow import parquet
from qingting.engine.stores.imports import ImportReport
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.grammar.diagnostics import CannotRun
from qingting.grammar.messages import render
from stores.support import FOREVER, bring, bring_file, faults, intervals, new_store, present, rows, when


def bring_table(store: SqliteStore, kind: str, columns: dict[str, Any], **options: Any) -> ImportReport:
    """Import a table of typed columns as a Parquet file."""
    path = store.path.with_name(f"{kind}.parquet")
    parquet.write_table(pyarrow.table(columns), path, **options.pop("written", {}))
    return bring_file(store, kind, path, **options)


def refused(folder: Path, columns: dict[str, Any], **options: Any) -> CannotRun:
    with new_store(folder) as store, pytest.raises(CannotRun) as caught:
        bring_table(store, "members", columns, **options)
    for language in ("zh", "en"):
        assert "{" not in "".join(map(str, render(caught.value.code, caught.value.params, language)))
    return caught.value


def test_members_of_every_type(tmp_path: Path) -> None:
    columns = {
        "客户号": pyarrow.array(["u1", "u2"]).dictionary_encode(),
        "城市": pyarrow.array(["上海", None], pyarrow.large_string()),
        "身高": pyarrow.array([170.5, None], pyarrow.float32()),
        "余额": [Decimal("12.30"), None],
        "生日": pyarrow.array([date(1990, 2, 28), None], pyarrow.date64()),
        "到期": pyarrow.array([datetime(2027, 1, 1, 8, tzinfo=UTC), None], pyarrow.timestamp("ms", "America/New_York")),
        "joined": pyarrow.array([datetime(2026, 1, 1, 10, 30), None], pyarrow.timestamp("ns")),
        "bound": [True, False],
        "points": pyarrow.array([7, None], pyarrow.int16()),
    }
    with new_store(tmp_path) as store:
        assert bring_table(store, "members", columns).added == 2
        values = {
            "城市": "上海", "身高": 170_500_000, "余额": 1230, "生日": 19900228, "到期": when("2027-01-01 08:00", "UTC"),
            "joined": when("2026-01-01 10:30"), "bound": 1,
        }
        assert {name: present(store, "u1", name) for name in values} == values
        assert {present(store, "u2", name) for name in values.keys() - {"bound"}} == {None}
        assert rows(store, "SELECT points FROM members ORDER BY id") == [(7,), (0,)]
        assert bring_table(store, "members", columns).ignored == 2


def test_midnight_without_a_zone_is_a_date(tmp_path: Path) -> None:
    days = pyarrow.array([datetime(1990, 2, 28), datetime(1990, 2, 28, 1)], pyarrow.timestamp("us"))
    with new_store(tmp_path) as store:
        report = bring_table(store, "members", {"id": ["u1", "u2"], "生日": days, "joined": days})
        assert faults(report) == [(2, "S109")]
        assert present(store, "u1", "生日") == 19900228
        assert present(store, "u1", "joined") == when("1990-02-28")


def test_money_keeps_its_cents(tmp_path: Path) -> None:
    amounts = [11.77, 0.1 + 0.2, 1e-7, float("nan"), -5.0, 1e300]
    events = {
        "id": [f"e{number}" for number in range(len(amounts))], "member": ["u1"] * len(amounts),
        "type": ["order"] * len(amounts), "at": [datetime(2026, 1, 1, tzinfo=UTC)] * len(amounts), "amount": amounts,
    }
    with new_store(tmp_path) as store:
        report = bring_table(store, "events", events, create_members=True)
        assert faults(report) == [(2, "S107"), (3, "S107"), (4, "S106"), (6, "S108")]
        assert rows(store, "SELECT id, amount FROM events ORDER BY id") == [("e0", 1177), ("e4", -500)]


def test_lists_of_tags(tmp_path: Path) -> None:
    with new_store(tmp_path) as store:
        bring(store, "members", "id\nu1\nu2\n")
        lists = [["plain", "C"], [], None, ["plain", None], ["nobody"]]
        report = bring_table(store, "tags", {
            "member": ["u1", "u2", "u2", "u2", "u2"], "tag": lists, "since": [date(2026, 1, 1)] * 5
        })
        assert faults(report) == [(2, "S128"), (3, "S101"), (4, "S101"), (5, "S117")]
        assert intervals(store) == [
            ("C", when("2026-01-01"), FOREVER), ("plain", when("2026-01-01"), FOREVER)
        ]
        bring_table(store, "groups", {"group": ["g1", "g2"], "tags": [["A"], None]})
        assert rows(store, "SELECT unit FROM group_tags") == [(1,)]


@pytest.mark.parametrize(("column", "code"), [
    (pyarrow.array([7]), "S102"),
    (pyarrow.array([b"\xff"]), "S105"),
    (pyarrow.array([{"a": 1}]), "S128"),
    (pyarrow.array([time(1, 2)]), "S128"),
])
def test_what_is_no_text(tmp_path: Path, column: object, code: str) -> None:
    with new_store(tmp_path) as store:
        assert faults(bring_table(store, "members", {"id": ["u1"], "城市": column})) == [(1, code)]


def test_rows_are_numbered_through_all_batches(tmp_path: Path) -> None:
    ids = [f"u{number}" for number in range(25_000)]
    ids[24_998] = ""
    with new_store(tmp_path) as store:
        seen: list[tuple[int, int | None]] = []
        report = bring_table(
            store, "members", {"id": ids}, written={"row_group_size": 7_000},
            progress=lambda done, total: seen.append((done, total)),
        )
        assert (report.read, report.added, faults(report)) == (25_000, 24_999, [(24_999, "S101")])
        assert seen[-1] == (25_000, 25_000)


@pytest.mark.parametrize(("columns", "code", "params"), [
    ({"name": ["x"]}, "S207", {"column": "id"}),
    ({"name": pyarrow.array([], "string")}, "S207", {"column": "id"}),
    ({"id": ["u1"], "星座": ["狮子"]}, "S208", {"column": "星座"}),
    ({"id": ["u1"], "客户号": ["u1"]}, "S209", {"column": "客户号"}),
])
def test_columns_that_do_not_fit(tmp_path: Path, columns: dict[str, Any], code: str, params: dict[str, str]) -> None:
    error = refused(tmp_path, columns)
    assert error.code == code
    assert params.items() <= error.params.items()
    assert bring_ignoring(tmp_path, columns) == (code == "S208")


def bring_ignoring(folder: Path, columns: dict[str, Any]) -> bool:
    """Whether the table goes in when unknown columns are left out."""
    with SqliteStore.open(folder / "shop.db", writable=True) as store:
        try:
            return bring_table(store, "members", columns, ignore_unknown=True).unknown == (("星座", 1),)
        except CannotRun:
            return False


def test_instants_in_the_old_form_are_refused(tmp_path: Path) -> None:
    columns = {"id": ["u1"], "joined": pyarrow.array([datetime(2026, 1, 1)])}
    error = refused(tmp_path, columns, written={"use_deprecated_int96_timestamps": True})
    assert (error.code, error.params["column"]) == ("S219", "joined")


def test_a_file_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "members.parquet"
    parquet.write_table(pyarrow.table({"id": [f"u{number}" for number in range(5000)]}), path)
    whole = path.read_bytes()
    for content in (b"id\nu1\n", b"", whole[: len(whole) // 2], whole[:100] + b"\xff" * 2000 + whole[2100:]):
        path.write_bytes(content)
        with new_store(tmp_path) as store:
            with pytest.raises(CannotRun) as caught:
                bring_file(store, "members", path)
            assert caught.value.code == "S218"
            assert rows(store, "SELECT COUNT(*) FROM members") == [(0,)]
        store.path.unlink()


def test_without_the_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with new_store(tmp_path) as store:
        path = tmp_path / "members.parquet"
        path.write_bytes(b"PAR1")
        with pytest.raises(CannotRun) as caught:
            bring_file(store, "members", path)
    assert caught.value.code == "S217"
    for language in ("zh", "en"):
        assert "qingting[parquet]" in str(render("S217", {}, language)[1])
