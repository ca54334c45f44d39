"""Verifying reaches what was archived: the files, their entries, and every column of the traces that the store keeps."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from log.archived_shop import BEFORE, MEMBERS, NOW, archive, file_of
from qingting.engine.log.archives.checking import is_signed, wrong_entries, wrong_traces
from qingting.engine.log.archives.opening import open_archive
from qingting.engine.log.archives.writing import digest_of_file
from qingting.engine.log.encoding import erasure_leaf
from qingting.engine.log.verifying import Outside, Verification, verify_log
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.grammar.diagnostics import CannotRun
from workspaces import Shop, when

# Of a trace all that the entry says must be there, but for its leaf and the end of its key.
TRACES = {
    "dispatches": ("header", "occurrence", "step", "kind", "unit", "t", "mark", "not_before", "key"),
    "headers": (
        "run", "occurrence", "step", "version", "block", "category", "action", "channel", "content", "params", "arm", "status",
        "reason",
    ),
    "runs": ("id", "at"),
    "occurrences": ("playbook", "name", "at"),
    "steps": ("name",),
    "playbook_versions": ("digest",),
    "deliveries": ("dispatch", "at", "attempt", "outcome", "reason", "format", "private", "arrived_seq"),
    "erasures": ("unit", "pseudonym", "at", "leaf"),
}


@dataclass(frozen=True)
class Opened:
    """A store as whoever owns the file can open it."""

    connection: sqlite3.Connection
    store_id: str


@contextmanager
def unguarded(path: Path) -> Iterator[Opened]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("PRAGMA ignore_check_constraints = ON")
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        (store_id,) = connection.execute("SELECT value FROM meta WHERE key = 'store_id'").fetchone()
        yield Opened(connection, store_id)


def verified(shop: Shop) -> Verification:
    with SqliteStore.open(shop.path) as store, store.snapshot():
        return verify_log(store, Outside())


def found(shop: Shop) -> set[tuple[str, int | None]]:
    return {(each.code, each.seq) for each in verified(shop).findings}


def change_archive(shop: Shop, statement: str, *, with_digest: bool = True) -> None:
    """Change the archive, and let the store know the new bytes as those that were put there."""
    path = file_of(shop)
    path.chmod(0o600)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        assert connection.execute(statement).rowcount > 0
    if with_digest:
        with unguarded(shop.path) as store:
            store.connection.execute("UPDATE archives SET digest = ?", (digest_of_file(path),))


@pytest.fixture(scope="module")
def all_kinds(lived: Shop, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """An archived log whose store keeps traces of records, deliveries that did not go out, and erasures."""
    shop = lived.copy(tmp_path_factory.mktemp("kinds") / "shop")
    shop.tag("退订", *MEMBERS, at="2026-11-26 00:00")
    shop.deliver("2026-11-26 10:00")
    shop.ws.members.erase(["member-1"], at=when("2026-11-26 11:00"))
    shop.run("2026-11-27 00:00")
    archive(shop, NOW)
    return shop


def test_what_is_archived_counts_and_nothing_is_wrong(lived: Shop, archived: Shop, all_kinds: Shop) -> None:
    assert verified(archived).findings == verified(all_kinds).findings == ()
    assert verified(archived).counts == verified(lived).counts
    path = file_of(archived)
    path.rename(archived.root / "elsewhere.db")
    away = verified(archived)
    assert (away.findings, away.absent) == ((), (str(path),))
    assert away.counts.records < verified(lived).counts.records


@pytest.mark.parametrize(("table", "column"), [(table, column) for table, columns in TRACES.items() for column in columns])
def test_every_column_of_a_trace_counts(all_kinds: Shop, table: str, column: str) -> None:
    rows = {
        "dispatches": "SELECT max(seq) FROM dispatches", "headers": "SELECT max(header) FROM dispatches",
        "runs": "SELECT run FROM headers WHERE header = (SELECT max(header) FROM dispatches)",
        "occurrences": "SELECT occurrence FROM headers WHERE header = (SELECT max(header) FROM dispatches)",
        "steps": "SELECT step FROM headers WHERE header = (SELECT max(header) FROM dispatches)",
        "playbook_versions": "SELECT version FROM headers WHERE header = (SELECT max(header) FROM dispatches)",
        "deliveries": "SELECT max(seq) FROM deliveries", "erasures": "SELECT max(seq) FROM erasures",
    }
    with unguarded(all_kinds.path) as store, open_archive(file_of(all_kinds)) as moved:
        assert not list(wrong_traces(store, moved))
        store.connection.execute("BEGIN")
        other = f"SELECT min({column}) FROM {table} WHERE {column} <> (SELECT {column} FROM {table} WHERE rowid = ({rows[table]}))"
        (value,) = store.connection.execute(other).fetchone()
        reference = column in ("header", "occurrence", "step", "run", "version", "unit")
        change = f"UPDATE OR REPLACE {table} SET {column} = ? WHERE rowid = ({rows[table]})"
        store.connection.execute(change, (value if reference and value is not None else b"x",))
        assert list(wrong_traces(store, moved))
        store.connection.execute("ROLLBACK")


def test_a_trace_that_must_stay_or_never_was_is_found(all_kinds: Shop) -> None:
    (last,) = all_kinds.rows("SELECT max(seq) FROM dispatches JOIN headers USING (header) WHERE status <> 'suppressed'")[0]
    (failed,) = all_kinds.rows("SELECT max(seq) FROM deliveries")[0]
    (erased,) = all_kinds.rows("SELECT max(seq) FROM erasures")[0]
    stop = all_kinds.rows("SELECT max(stop) FROM archives")[0][0]
    copied = "header, occurrence, step, kind, unit + 500, t, mark, not_before, key, leaf"
    put = "INSERT OR REPLACE INTO deliveries SELECT {}, dispatch, at, attempt, outcome, reason, format, private, arrived_seq, leaf"
    (first,) = all_kinds.rows("SELECT min(seq) FROM deliveries")[0]
    for statement, seq in (
        (f"DELETE FROM dispatches WHERE seq = {last}", last),
        (f"DELETE FROM deliveries WHERE seq = {failed}", failed),
        (f"DELETE FROM erasures WHERE seq = {erased}", erased),
        # In the place of an entry of another kind: between two that are there, behind the last one.
        (f"INSERT INTO dispatches SELECT {failed}, {copied} FROM dispatches WHERE seq = {last}", failed),
        (f"{put.format(last)} FROM deliveries WHERE seq = {failed}", last),
        (f"{put.format(stop - 1)} FROM deliveries WHERE seq = {first}", stop - 1),
    ):
        with unguarded(all_kinds.path) as store, open_archive(file_of(all_kinds)) as moved:
            store.connection.execute("BEGIN")
            assert store.connection.execute(statement).rowcount == 1
            assert list(wrong_traces(store, moved)) == [seq], statement
            store.connection.execute("ROLLBACK")


def test_verifying_compares_traces(archived: Shop) -> None:
    (seq,) = archived.rows("SELECT min(seq) FROM dispatches")[0]
    with unguarded(archived.path) as store:
        store.connection.execute("UPDATE dispatches SET t = t + 1 WHERE seq = ?", (seq,))
    (only,) = verified(archived).findings
    assert (only.code, only.seq) == ("D457", seq)
    assert only.params["playbook"]


def test_verifying_reads_the_files(archived: Shop) -> None:
    path = str(file_of(archived))
    # Nothing in it says so, but these are not the bytes that were put there.
    change_archive(archived, "UPDATE runs SET report = 'x' WHERE run = 1", with_digest=False)
    assert [(each.code, each.seq, each.params["path"]) for each in verified(archived).findings] == [("D458", 0, path)]
    change_archive(archived, "UPDATE runs SET report = '' WHERE run = 1")
    assert verified(archived).findings == ()
    change_archive(archived, "UPDATE dispatches SET t = t + 1 WHERE seq = 5")
    assert found(archived) == {("D405", 5)}
    change_archive(archived, "UPDATE dispatches SET t = t - 1 WHERE seq = 5")
    with unguarded(archived.path) as store:
        hashes = "substr(hashes, 1, 160) || zeroblob(32) || substr(hashes, 193)"
        store.connection.execute(f"UPDATE archived_leaves SET hashes = CAST({hashes} AS BLOB) WHERE first = 0")
    assert ("D405", 5) in found(archived)


def test_a_file_that_is_none_or_of_something_else_is_found(archived: Shop) -> None:
    path = file_of(archived)
    change_archive(archived, "UPDATE meta SET value = 'other' WHERE key = 'store_id'")
    assert found(archived) == {("D458", 0)}
    path.write_bytes(b"mine")
    assert found(archived) == {("D458", 0)}


def test_entries_that_are_missing_twice_or_not_signed_are_found(archived: Shop) -> None:
    whole = archived.root / "whole.db"
    shutil.copy(file_of(archived), whole)
    with closing(sqlite3.connect(whole)) as connection:
        record, *_, last = [seq for (seq,) in connection.execute("SELECT seq FROM dispatches ORDER BY 1")]
    # An erasure that is sound, but where there is a record already.
    again = erasure_leaf(record, 0, bytes(16), 0).hex()
    for statement, wrong in (
        (f"DELETE FROM dispatches WHERE seq = {record}", [record]),
        (f"DELETE FROM dispatches WHERE seq >= {last}", [last]),
        (f"INSERT INTO erasures VALUES ({record}, 1, zeroblob(16), 0, x'{again}')", [record]),
    ):
        path = Path(shutil.copy(whole, archived.root / "changed.db"))
        path.chmod(0o600)
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute(statement)
        with open_archive(path) as moved:
            assert list(wrong_entries(moved)) == wrong
    for statement in ("DELETE FROM checkpoints", "UPDATE dispatches SET leaf = zeroblob(32) WHERE seq = 5"):
        path = Path(shutil.copy(whole, archived.root / "changed.db"))
        path.chmod(0o600)
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute(statement)
        with open_archive(path) as moved:
            assert not is_signed(moved)


def test_the_archive_of_another_history_is_not_taken(shop: Shop, tmp_path: Path) -> None:
    other = shop.copy(tmp_path / "other")
    shop.deliver("2026-11-26 10:00")
    other.deliver("2026-11-26 10:01")
    for each in (shop, other):
        each.run("2026-11-27 00:00")
    path = archive(other, NOW).path
    assert path is not None
    (shop.root / "archive").mkdir()
    shutil.copy(path, shop.root / "archive")
    with pytest.raises(CannotRun) as caught:
        archive(shop, NOW)
    assert caught.value.code == "D444"
    assert not shop.rows("SELECT 1 FROM archives")


def test_what_was_not_signed_as_it_is_stays(shop: Shop) -> None:
    told = shop.ws.archives.preview(when(BEFORE), at=when(NOW))
    with unguarded(shop.path) as store:
        store.connection.execute(
            "UPDATE checkpoints SET note = (SELECT x.note FROM checkpoints AS x WHERE x.leaves < ?1 ORDER BY 1 DESC LIMIT 1)"
            " WHERE leaves = ?1", (told.stop,)
        )
    with pytest.raises(CannotRun) as caught:
        archive(shop, BEFORE)
    assert (caught.value.code, caught.value.params["leaf"]) == ("D444", told.stop - 1)
    assert not shop.rows("SELECT 1 FROM archives")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM archived_leaves", "UPDATE archived_leaves SET hashes = 7", "UPDATE archived_leaves SET hashes = 'text'",
        "UPDATE archived_leaves SET hashes = substr(hashes, 1, 33)", "UPDATE archived_leaves SET first = first + 1",
        "UPDATE archives SET until = until + 1", "UPDATE archives SET until = 'text'", "UPDATE archives SET digest = 'text'",
    ],
)
def test_whatever_is_kept_of_an_archive_is_told_of_and_not_stumbled_over(archived: Shop, statement: str) -> None:
    with unguarded(archived.path) as store:
        assert store.connection.execute(statement).rowcount > 0
    assert found(archived)


def test_an_archive_whose_name_can_be_no_file_is_elsewhere(archived: Shop) -> None:
    for name in ("a\0b", b"\0", "", "."):
        with unguarded(archived.path) as store:
            store.connection.execute("UPDATE archives SET path = ?", (name,))
        assert len(verified(archived).absent) == 1
