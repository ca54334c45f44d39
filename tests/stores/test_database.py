"""Opening, creating, arrival numbers, names, and every way in which a store file can be unusable."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from qingting.engine.program import ir
from qingting.engine.stores.sqlite import schema
from qingting.engine.stores.sqlite.database import RESERVED, SqliteStore
from qingting.grammar.diagnostics import CannotRun
from qingting.grammar.messages import render
from sampling import sampled
from stores.support import LIBRARY, NOW, counted_bytes, new_store, rows


def refused(code: str, path: Path, *, writable: bool = False) -> CannotRun:
    with pytest.raises(CannotRun) as caught:
        SqliteStore.open(path, writable=writable)
    assert caught.value.code == code
    for language in ("zh", "en"):
        sentence, _ = render(code, caught.value.params, language)
        assert str(path) in sentence
    return caught.value


def test_a_new_store(tmp_path: Path) -> None:
    with new_store(tmp_path) as store:
        assert store.started == NOW - ir.DAY
        assert len(store.store_id) == 32
        assert (store.last_seq, store.next_seq, store.last_run) == (0, 1, None)
        assert rows(store, "PRAGMA journal_mode") == [("wal",)]
        assert rows(store, "PRAGMA foreign_keys") == [(1,)]
    with SqliteStore.open(tmp_path / "shop.db") as again:
        assert again.store_id == store_id_of(tmp_path / "shop.db")


def store_id_of(path: Path) -> str:
    connection = sqlite3.connect(path)
    try:
        return str(connection.execute("SELECT value FROM meta WHERE key = 'store_id'").fetchone()[0])
    finally:
        connection.close()


def test_open_or_create(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    path.touch()
    store, made = SqliteStore.open_or_create(path, at=NOW, random_bytes=counted_bytes)
    store.close()
    assert made
    store, made = SqliteStore.open_or_create(path, at=NOW + 1, random_bytes=counted_bytes)
    assert (made, store.started) == (False, NOW)
    store.close()


def test_create_over_a_store(tmp_path: Path) -> None:
    new_store(tmp_path).close()
    with pytest.raises(CannotRun) as caught:
        new_store(tmp_path)
    assert caught.value.code == "S315"


def test_create_in_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(CannotRun) as caught:
        new_store(tmp_path / "no")
    assert caught.value.code == "S316"


def test_missing(tmp_path: Path) -> None:
    refused("S301", tmp_path / "no.db")
    assert not (tmp_path / "no.db").exists()


@pytest.mark.parametrize("name", ["x" * 300, "a\0b"])
def test_impossible_names(tmp_path: Path, name: str) -> None:
    with pytest.raises(CannotRun) as caught:
        SqliteStore.open(tmp_path / name)
    assert caught.value.code == "S303"
    with pytest.raises(CannotRun):
        SqliteStore.open_or_create(tmp_path / name, at=NOW, random_bytes=counted_bytes)


def test_folder(tmp_path: Path) -> None:
    refused("S302", tmp_path)


def test_not_a_database(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    path.write_text("客户号,姓名\n" * 200, encoding="utf-8")
    refused("S304", path)
    refused("S304", path, writable=True)


def test_damaged(tmp_path: Path) -> None:
    new_store(tmp_path).close()
    path = tmp_path / "shop.db"
    content = bytearray(path.read_bytes())
    content[100:4096] = b"\xff" * 3996
    path.write_bytes(bytes(content))
    refused("S305", path)


def test_another_database(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE notes (text)")
    connection.close()
    refused("S309", path)
    with pytest.raises(CannotRun) as caught:
        SqliteStore.open_or_create(path, at=NOW, random_bytes=counted_bytes)
    assert caught.value.code == "S309"


def test_newer_schema(tmp_path: Path) -> None:
    with new_store(tmp_path) as store:
        store.set_meta("schema", schema.SCHEMA + 1)
    error = refused("S310", tmp_path / "shop.db", writable=True)
    assert error.params["store"] == schema.SCHEMA + 1


def test_migrations_go_forward_in_order(tmp_path: Path) -> None:
    with new_store(tmp_path) as store:
        store.set_meta("schema", 0)
        steps: tuple[schema.Migration, ...] = (
            (1, lambda connection: connection.execute("CREATE TABLE one (x)") and None),
            (2, lambda connection: connection.execute("ALTER TABLE one ADD COLUMN y") and None),
        )
        schema.migrate(store.connection, 0, steps)
        assert store.meta("schema") == 2
        assert rows(store, "SELECT y FROM one") == []
        schema.migrate(store.connection, 0, steps)


def test_a_migration_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def fails(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE one (x)")
        raise RuntimeError

    with new_store(tmp_path) as store:
        with pytest.raises(RuntimeError):
            schema.migrate(store.connection, schema.SCHEMA, ((schema.SCHEMA + 1, fails),))
        assert store.meta("schema") == schema.SCHEMA
        assert rows(store, "SELECT name FROM sqlite_master WHERE name = 'one'") == []


def test_looking_cannot_write_but_has_temporary_tables(tmp_path: Path) -> None:
    new_store(tmp_path).close()
    with SqliteStore.open(tmp_path / "shop.db") as store:
        with pytest.raises(CannotRun) as caught:
            store.set_meta("x", 1)
        assert caught.value.code == "S306"
        store.connection.execute("CREATE TEMP TABLE delta (x)")
        store.connection.execute("INSERT INTO temp.delta VALUES (1)")


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def dies(store: SqliteStore) -> None:
        with store.transaction():
            store.take_seqs(5)
            raise RuntimeError

    with new_store(tmp_path) as store:
        with pytest.raises(RuntimeError):
            dies(store)
        assert store.next_seq == 1


def test_another_writer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qingting.engine.stores.sqlite.database.BUSY_SECONDS", 0.05)
    with new_store(tmp_path) as first, SqliteStore.open(first.path, writable=True) as second:
        with first.transaction(), pytest.raises(CannotRun) as caught, second.transaction():
            pass
        assert caught.value.code == "S308"


def test_arrival_numbers_of_a_run(tmp_path: Path) -> None:
    with new_store(tmp_path) as store:
        with store.transaction():
            assert list(store.take_seqs(3)) == [1, 2, 3]
        mark = store.reserve_for_run()
        assert mark == 3
        assert store.reserve_for_run() == mark
        with store.transaction():
            assert store.take_seqs(1).start == mark + 1 + RESERVED
        with store.transaction():
            store.use_seqs(mark + 10)
        assert store.last_seq == mark + 1 + RESERVED


def test_a_run_alone_takes_numbers_behind_its_mark(tmp_path: Path) -> None:
    with new_store(tmp_path) as store:
        mark = store.reserve_for_run()
        with store.transaction():
            store.use_seqs(mark + 10)
        assert store.reserve_for_run() == mark + 10


def test_names(tmp_path: Path) -> None:
    with new_store(tmp_path) as store:
        assert store.tag_number("A") is None
        assert not store.tags()
        store.declare(LIBRARY)
        store.declare(LIBRARY)
        numbers = store.attributes()
        assert numbers.keys() & {"id", "points", "城市"} == {"城市"}
        assert store.attribute_number("城市") == numbers["城市"]
        assert all((store.field_number("qty"), store.event_number("点击"), store.coupon_number("today")))
        columns = {name for _, name, *_ in rows(store, "PRAGMA table_info(members)")}
        assert {f"a{number}" for number in numbers.values()} <= columns


def test_a_type_changes_only_while_there_are_no_values(tmp_path: Path) -> None:
    changed = replace(
        LIBRARY, attributes={**LIBRARY.attributes, "城市": ir.Attribute("城市", ir.ValueType.NUMBER)}
    )
    with new_store(tmp_path) as store:
        store.declare(LIBRARY)
        store.declare(changed)
        with store.transaction():
            store.connection.execute(
                "INSERT INTO members (unit, id, pseudonym, arrived, seq) VALUES (1, 'u', x'', 0, 1)"
            )
            number = store.attribute_number("城市")
            store.connection.execute(
                "INSERT INTO attribute_facts (seq, unit, attribute, value, at, arrived) VALUES (2, 1, ?, 5, 0, 0)",
                (number,),
            )
        with pytest.raises(CannotRun) as caught:
            store.declare(LIBRARY)
        assert caught.value.code == "S311"


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everything")
def test_read_only_folder(tmp_path: Path) -> None:
    new_store(tmp_path).close()
    path = tmp_path / "shop.db"
    path.chmod(0o444)
    tmp_path.chmod(0o555)
    try:
        with SqliteStore.open(path) as store:
            assert store.started
        refused("S306", path, writable=True)
    finally:
        tmp_path.chmod(0o755)


def test_a_folder_that_takes_no_files_is_read_as_unchanging(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new_store(tmp_path).close()
    monkeypatch.setattr("qingting.engine.stores.sqlite.database.os.access", lambda path, mode: mode == os.R_OK)
    with SqliteStore.open(tmp_path / "shop.db") as store:
        assert store.started == NOW - ir.DAY
        assert [entry.name for entry in tmp_path.iterdir()] == ["shop.db"]


_FULL_DISK = """
import os, resource, sys
from pathlib import Path
from qingting.engine.stores.imports import ImportOptions, import_file
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.grammar.diagnostics import CannotRun
from stores.support import LIBRARY, NOW, ZONE

limit = int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
path = Path(sys.argv[1])
try:
    store, _ = SqliteStore.open_or_create(path, at=NOW, random_bytes=os.urandom)
    options = ImportOptions(at=NOW, zone=ZONE, random_bytes=os.urandom)
    import_file(store, "members", path.with_name("members.csv"), LIBRARY, options)
except CannotRun as error:
    print(error.code)
"""


@pytest.mark.parametrize("limit", sampled(4, [60_000, 0, 4096, 400_000]))
def test_full_disk(tmp_path: Path, limit: int) -> None:
    made = limit > 100_000
    if made:
        new_store(tmp_path).close()
    lines = "".join(f"u{number},{'某' * 50}\n" for number in range(5000))
    (tmp_path / "members.csv").write_text("id,name\n" + lines, encoding="utf-8")
    path = tmp_path / "shop.db"
    tests = Path(__file__).parents[1]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tests), *sys.path])}
    result = subprocess.run(
        [sys.executable, "-c", _FULL_DISK, str(path), str(limit)],
        capture_output=True, text=True, env=environment, timeout=60, check=False,
    )
    assert (result.stdout.strip(), result.stderr) == ("S307", "")
    assert path.exists() == made
    if made:
        with SqliteStore.open(path, writable=True) as store:
            assert rows(store, "SELECT COUNT(*) FROM members") == [(0,)]
            assert (store.next_seq, rows(store, "PRAGMA integrity_check")) == (1, [("ok",)])
