"""Exports: whatever is exported is what was hashed, proves itself, and names nobody unless told to."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
from delivery.shop import T, record_run
from log.published import deliver, key_of, make_log, opened_at
from qingting.engine.exporting import ExportAsked, export_log
from qingting.engine.log.decoding import read_answer, read_entry, read_header
from qingting.engine.log.merkle import leaf_hash, verify_inclusion
from qingting.engine.log.notes import read_note, verify_checkpoint
from qingting.engine.log.records import LogFilter
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.grammar.diagnostics import CannotRun, UsageError

ZONE = "Asia/Shanghai"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("shop")
    make_log(root)
    return root


def exported(root: Path, form: str = "jsonl", **asked: Any) -> str:
    out = io.StringIO()
    export_log(opened_at(root), ZONE, out, form, ExportAsked(LogFilter(**asked.pop("filters", {})), **asked))
    return out.getvalue()


def lines(root: Path, **asked: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in exported(root, **asked).splitlines()]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_all_entries_in_the_order_of_the_log(shop: Path) -> None:
    found = lines(shop)
    assert [line["seq"] for line in found] == list(range(307))
    assert [line["kind"] for line in found[299:]] == ["record"] + ["delivery"] * 4 + ["record"] * 2 + ["erasure"]


def test_what_the_lines_say(shop: Path) -> None:
    found = lines(shop)
    record, delivery, erasure = found[1], found[301], found[-1]
    assert record["params"] == {"coupon": "满100减20"}
    assert record["decided_at"] == record["t"] == record["not_before"] == "2025-11-21T20:00:00+08:00"
    assert (record["unit"], record["status"], record["reason"], record["block"]) == ("member", "queued", None, 0)
    assert delivery == {
        "kind": "delivery", "seq": 301, "id": record["id"], "dispatch": 1, "at": "2025-11-21T20:00:00.000301+08:00",
        "attempt": 1, "outcome": "unknown", "reason": None, "arrived_seq": delivery["arrived_seq"], "leaf": delivery["leaf"],
    }
    # Who was erased is known by nothing but the pseudonym of their records.
    assert (erasure["member"], erasure["at"]) == (found[0]["member"], "2025-11-21T21:00:00+08:00")


def test_nobody_is_named_unless_asked_for(shop: Path) -> None:
    for form in ("jsonl", "csv"):
        masked, open_ = (exported(shop, form, proofs=True, reveal=reveal) for reveal in (False, True))
        for word in ("m01", "wx-", "13800000000", "cmd", "64" * 32, "77782d"):
            assert word not in masked
            assert word in open_


def test_what_is_revealed_fits_the_entry(shop: Path) -> None:
    found = lines(shop, proofs=True, reveal=True)[1:]
    assert [line["member_id"] for line in found[:3]] == [None, "m01", "m02"]
    for line in found:
        if line["kind"] == "delivery" and line["private"] is not None:
            digest = hashlib.sha256(bytes.fromhex(line["private"])).hexdigest()
            assert line["entry"][-64:] == digest
    words = [(line["channel_id"], line["error"]) for line in found if line["kind"] == "delivery"]
    # The first is of the member who was erased.
    assert words == [(None, None), ("wx-301", "13800000000 refused"), ("wx-302", None), ("wx-old", "=cmd")]


def test_every_line_proves_itself(shop: Path) -> None:
    first, *found = lines(shop, proofs=True)
    signed = verify_checkpoint(read_note(first["note"].encode()), key_of(shop))
    assert (first["kind"], first["size"], first["root"]) == ("checkpoint", 307, signed.body.root.hex())
    assert first["verifier_key"] == str(key_of(shop))
    for line in found:
        data = bytes.fromhex(line["entry"])
        assert leaf_hash(data).hex() == line["leaf"]
        path = [bytes.fromhex(node) for node in line["path"]]
        verify_inclusion(line["seq"], signed.body.size, leaf_hash(data), path, signed.body.root)
        entry = read_entry(data)
        assert entry.seq == line["seq"]
        if line["kind"] == "record":
            header = bytes.fromhex(line["header"])
            assert hashlib.sha256(header).digest() == entry.header
            assert read_header(header).playbook == line["playbook"]
        if line["kind"] == "delivery" and line["answer"] is not None:
            assert hashlib.sha256(bytes.fromhex(line["answer"])).digest() == entry.answer
            assert read_answer(bytes.fromhex(line["answer"])) == (line["outcome"], line["reason"])


def test_only_what_was_asked_for_with_all_its_deliveries(shop: Path) -> None:
    assert [line["seq"] for line in lines(shop, filters={"member": "m01"})] == [1, 301, 302, 305]
    assert [line["seq"] for line in lines(shop, filters={"status": "suppressed"})] == [299]
    assert [line["seq"] for line in lines(shop, filters={"playbook": "生日"})] == [304, 305]
    assert [line["seq"] for line in lines(shop, filters={"limit": 3})] == [299, 304, 305]
    assert [line["seq"] for line in lines(shop, filters={"limit": 301})] == [*range(1, 300), 301, 302, 303, 304, 305]
    assert len(lines(shop, filters={"limit": 1_000})) == 306
    assert lines(shop, filters={"member": "nobody"}) == []


def test_a_part_of_the_log_is_proven_as_well(shop: Path) -> None:
    first, *found = lines(shop, proofs=True, filters={"member": "m01"})
    root = bytes.fromhex(first["root"])
    for line in found:
        path = [bytes.fromhex(node) for node in line["path"]]
        verify_inclusion(line["seq"], 307, bytes.fromhex(line["leaf"]), path, root)
    assert len(found) == 4


def test_csv_says_the_same_as_json(shop: Path) -> None:
    table = rows(exported(shop, "csv", proofs=True, reveal=True))
    head, *found = lines(shop, proofs=True, reveal=True)
    assert (table[0]["kind"], table[0]["note"], table[0]["verifier_key"]) == ("checkpoint", head["note"], head["verifier_key"])
    assert len(table) == len(found) + 1
    for row, line in zip(table[1:], found, strict=True):
        for name, value in line.items():
            if name == "params":
                assert json.loads(row[name]) == value
            elif name == "path":
                assert row[name].split() == value
            elif name != "error":
                assert row[name] == ("" if value is None else str(value))


def test_a_spreadsheet_takes_no_text_for_a_formula(shop: Path) -> None:
    text = exported(shop, "csv", reveal=True)
    assert "'=cmd" in {row["error"] for row in rows(text)}
    assert ",=cmd" not in text


def test_nothing_and_an_empty_text_differ_in_csv(tmp_path: Path) -> None:
    make_log(tmp_path, 4)
    with opened_at(tmp_path)(True) as store:
        deliver(store, 2, "failed", "")
        deliver(store, 2, "failed", "'x")
        deliver(store, 2, "failed", 'a "b"\nc')
    found = exported(tmp_path, "csv", reveal=True).split("delivery,")
    assert ',"",' in found[-3]
    assert ",''x," in found[-2]
    assert ',"a ""b""\nc",' in found[-1]


def test_parquet_is_typed(shop: Path, tmp_path: Path) -> None:
    path = tmp_path / "log.parquet"
    done = export_log(opened_at(shop), ZONE, path, "parquet", ExportAsked(proofs=True, reveal=True))
    assert (done.records, done.deliveries, done.erasures, done.size) == (302, 4, 1, 307)
    table = pyarrow.parquet.read_table(path)
    types = {field.name: str(field.type) for field in table.schema}
    assert types["decided_at"] == types["t"] == types["at"] == "timestamp[us, tz=UTC]"
    assert types["seq"] == types["mark"] == types["dispatch"] == "int64"
    assert types["path"] in ("list<element: string>", "list<item: string>")
    found = table.to_pylist()
    head, *expected = lines(shop, proofs=True, reveal=True)
    for row, line in zip(found, expected, strict=True):
        for name, value in row.items():
            known = line.get(name)
            if isinstance(value, datetime):
                assert value == datetime.fromisoformat(known)
            elif name == "params" and value is not None:
                assert json.loads(value) == known
            else:
                assert value == known
    assert found[301]["at"] == datetime(2025, 11, 21, 12, 0, 0, 301, tzinfo=UTC)
    metadata = table.schema.metadata
    assert metadata[b"qingting.note"].decode() == head["note"]
    assert metadata[b"qingting.verifier_key"].decode() == head["verifier_key"]


def test_parquet_without_a_single_line(shop: Path, tmp_path: Path) -> None:
    path = tmp_path / "log.parquet"
    export_log(opened_at(shop), ZONE, path, "parquet", ExportAsked(LogFilter(member="nobody")))
    assert pyarrow.parquet.read_table(path).num_rows == 0


def test_a_file_is_never_lost(shop: Path, tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text("mine")
    with pytest.raises(UsageError, match="D423"):
        export_log(opened_at(shop), ZONE, path, "jsonl", ExportAsked())
    assert path.read_text() == "mine"
    export_log(opened_at(shop), ZONE, path, "jsonl", ExportAsked(), force=True)
    assert path.read_text(encoding="utf-8") == exported(shop)
    assert [entry.name for entry in tmp_path.iterdir()] == ["log.jsonl"]


def test_a_revealing_file_is_its_owners_alone(shop: Path, tmp_path: Path) -> None:
    for reveal, mode in ((True, 0o600), (False, 0o666 & ~os.umask(0o022))):
        os.umask(0o022)
        path = tmp_path / f"{reveal}.csv"
        export_log(opened_at(shop), ZONE, path, "csv", ExportAsked(reveal=reveal))
        assert path.stat().st_mode & 0o777 == mode
        assert path.read_bytes().startswith("\ufeffkind,seq".encode())


def test_parquet_needs_a_file(shop: Path) -> None:
    with pytest.raises(UsageError, match="D424"):
        export_log(opened_at(shop), ZONE, io.StringIO(), "parquet", ExportAsked())


def test_a_folder_that_is_not_there(shop: Path, tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match="C301"):
        export_log(opened_at(shop), ZONE, tmp_path / "no" / "log.csv", "csv", ExportAsked())


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE dispatches SET not_before = not_before + 1 WHERE seq = 5",
        "UPDATE dispatches SET key = x'00' WHERE seq = 5",
        "UPDATE headers SET body = x'00' WHERE header = 1",
        "UPDATE headers SET digest = zeroblob(32) WHERE header = 1",
        "UPDATE dispatches SET header = 99 WHERE seq = 5",
        "UPDATE members SET pseudonym = zeroblob(16) WHERE unit = 6",
        "UPDATE deliveries SET outcome = 'failed' WHERE seq = 301",
        "UPDATE deliveries SET private = NULL WHERE seq = 301",
        "UPDATE delivery_texts SET error = 'other' WHERE seq = 301",
        "UPDATE erasures SET at = at + 1",
    ],
)
def test_what_is_not_what_was_hashed_is_not_exported(tmp_path: Path, change: str) -> None:
    make_log(tmp_path)
    tamper(tmp_path, change)
    with pytest.raises(CannotRun, match=r"D420|D207"):
        lines(tmp_path, reveal=True)
    out = tmp_path / "log.jsonl"
    with pytest.raises(CannotRun):
        export_log(opened_at(tmp_path), ZONE, out, "jsonl", ExportAsked(reveal=True))
    assert not out.exists()


def tamper(root: Path, change: str) -> None:
    with opened_at(root)(True) as store:
        for (name,) in store.connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            store.connection.execute(f"DROP TRIGGER {name}")
        store.connection.execute("PRAGMA foreign_keys = OFF")
        assert store.connection.execute(change).rowcount > 0


def test_what_is_not_signed_cannot_be_proven(tmp_path: Path) -> None:
    make_log(tmp_path, 3)
    with opened_at(tmp_path)(True) as store:
        record_run(store, [], at=T + 1)
        deliver(store, 1)
    with pytest.raises(CannotRun, match="D421"):
        lines(tmp_path, proofs=True)
    assert len(lines(tmp_path)) == 11


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE dispatches SET leaf = zeroblob(32) WHERE seq = 2",
        "UPDATE checkpoints SET note = CAST(replace(note, 'A', 'B') AS BLOB)",
        "UPDATE checkpoints SET note = 7",
    ],
)
def test_a_log_that_does_not_fit_its_checkpoint_proves_nothing(tmp_path: Path, change: str) -> None:
    make_log(tmp_path, 3)
    tamper(tmp_path, change)
    with pytest.raises(CannotRun, match="D422"):
        lines(tmp_path, proofs=True)


def test_a_store_that_nobody_may_write(tmp_path: Path) -> None:
    make_log(tmp_path, 3)
    expected = exported(tmp_path, proofs=True)
    with SqliteStore.open(tmp_path / "qingting.db", writable=True) as store:
        store.connection.execute("PRAGMA journal_mode = DELETE")
    before = (tmp_path / "qingting.db").read_bytes()
    (tmp_path / "qingting.db").chmod(0o400)
    assert exported(tmp_path, proofs=True) == expected
    assert (tmp_path / "qingting.db").read_bytes() == before
