"""A store that an older program wrote is brought forward by the first command that writes; looking asks for that."""

from __future__ import annotations

import sqlite3
from hashlib import sha256
from pathlib import Path

import pytest
from qingting.engine.log.erasures import record_erasures
from qingting.engine.log.first_format import first_leaf, first_texts
from qingting.engine.log.recompute import recompute_deliveries
from qingting.engine.stores.sqlite import schema
from qingting.engine.stores.sqlite.cleaning import clean_file, is_unclean
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.engine.stores.sqlite.erasing import forget
from qingting.grammar.diagnostics import CannotRun
from qingting.grammar.messages import render
from stores.support import FOREVER, NOW, bring, new_store, rows

_FIRST = Path(__file__).with_name("schema_1.sql")


def first_store(folder: Path) -> Path:
    """A store as the first schema had it, with two members of whom one is known to have joined."""
    path = folder / "old.db"
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in schema.statements(_FIRST.read_text(encoding="utf-8")):
        connection.execute(statement)
    connection.executescript(f"""
        PRAGMA journal_mode = wal;
        INSERT INTO meta VALUES ('store_id', 'old'), ('schema', 1), ('started', {NOW - 9}), ('last_seq', 6),
          ('next_seq', 7), ('leaves', 0);
        INSERT INTO attributes VALUES (1, 'joined', 'instant');
        ALTER TABLE members ADD COLUMN a1;
        INSERT INTO members VALUES (1, 'u1', x'01', {NOW}, 1, 0, {NOW - 5}), (2, 'u2', x'02', {NOW}, 2, 0, NULL);
        INSERT INTO attribute_facts (seq, unit, attribute, value, at, arrived) VALUES
          (3, 1, 1, {NOW - 7}, {NOW}, {NOW}), (4, 2, 1, {NOW - 7}, {NOW}, {NOW}), (5, 1, 1, {NOW - 5}, {NOW}, {NOW}),
          (6, 2, 1, NULL, {NOW}, {NOW});
        INSERT INTO extents VALUES ('member', 0, 2, 2, {NOW}, {NOW}, {NOW}, 2),
          ('attribute', 1, 4, 2, {NOW}, {NOW}, {NOW}, 6);
    """)
    connection.close()
    return path


def tables(store: SqliteStore) -> set[tuple[str, str]]:
    """What each table and index is made of."""
    made = rows(store, "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    # What a store has of its own depends on what was declared and loaded; white space says nothing.
    return {(name, "".join(sql.split())) for name, sql in made if name not in ("members", "events")}


def test_a_store_of_the_first_schema(tmp_path: Path) -> None:
    path = first_store(tmp_path)
    with pytest.raises(CannotRun) as caught:
        SqliteStore.open(path)
    assert (caught.value.code, caught.value.params["store"]) == ("S314", 1)
    assert "qingting import" in str(render("S314", caught.value.params, "zh")[1])
    with new_store(tmp_path) as fresh, SqliteStore.open(path, writable=True) as store:
        assert store.meta("schema") == schema.SCHEMA
        assert tables(store) == tables(fresh)
        assert rows(store, "SELECT * FROM friendships") == [(1, 0, NOW - 5, FOREVER, 5)]
        assert rows(store, "SELECT * FROM extents WHERE relation = 'friendship'") == [
            ("friendship", 0, 4, 4, NOW - 7, NOW, NOW, 6)
        ]
        assert rows(store, "PRAGMA foreign_key_check") == []
        assert bring(store, "groups", "group,member\ng1,u1\n").added == 1
    with SqliteStore.open(path) as store:
        assert rows(store, "SELECT id FROM members ORDER BY id") == [("u1",), ("u2",)]


def third_store(folder: Path) -> Path:
    """A store of the third schema with a log in its first format: two members, of whom one has been erased."""
    path = first_store(folder)
    connection = sqlite3.connect(path, isolation_level=None)
    schema.migrate(connection, 1, schema.MIGRATIONS[:2])
    connection.executescript(f"""
        INSERT INTO members (unit, id, pseudonym, arrived, seq) VALUES (3, 'u3', x'03', {NOW}, 9);
        INSERT INTO occurrences VALUES (1, 'p', 'o', {NOW});
        INSERT INTO steps VALUES (1, 'p', 's');
        INSERT INTO dispatches
        SELECT column1, 1, column1, 1, 0, column2, {NOW}, 6, {NOW}, randomblob(32), randomblob(32)
        FROM (VALUES (0, 1), (1, 2), (2, 1), (3, 3));
        INSERT INTO erasures VALUES (9, 2, x'02', {NOW}, randomblob(32));
        DELETE FROM attribute_facts WHERE unit = 2;
        DELETE FROM members WHERE unit = 2;
        UPDATE meta SET value = 10 WHERE key = 'leaves';
    """)
    for row in FIRST_DELIVERIES:
        seq, dispatch, attempt, arrived, *known = row
        leaf = first_leaf(seq, dispatch, NOW, attempt, arrived, sha256(first_texts(*known)).digest())
        connection.execute(
            "INSERT INTO deliveries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (seq, dispatch, NOW, attempt, *known, arrived, leaf)
        )
    connection.close()
    return path


# seq, dispatch, attempt, arrival number; outcome, reason, channel's id, error, digest of the text
FIRST_DELIVERIES = (
    (4, 0, 1, 20, "sent", None, "wx-\u0065\u0301", None, b"d" * 32),
    (5, 1, 1, 21, "failed", None, None, "GONE is unknown", b"e" * 32),
    (6, 2, 0, 22, "withdrawn", "never_push", None, None, None),
    (7, 3, 1, 23, "failed", None, None, "", None),
    (8, 1, 0, 24, "withdrawn", "late", None, None, None),
)


def test_deliveries_of_the_third_schema(tmp_path: Path) -> None:
    path = third_store(tmp_path)
    with new_store(tmp_path) as fresh, SqliteStore.open(path, writable=True) as store:
        assert tables(store) == tables(fresh)
        assert rows(store, "PRAGMA foreign_key_check(deliveries)") == rows(store, "PRAGMA foreign_key_check(delivery_texts)") == []
        assert rows(store, "SELECT * FROM delivery_texts ORDER BY seq") == [
            (4, None, "wx-\u0065\u0301", None, b"d" * 32), (7, None, None, "", None),
        ]
        sound = [(seq, True) for seq in (4, 5, 6, 7, 8)]
        assert [(check.seq, check.sound) for check in recompute_deliveries(store, 0, 10)] == sound
        with store.transaction() as db:
            record_erasures(store, [1], NOW)
            forget(db, [1], NOW)
        assert rows(store, "SELECT seq FROM delivery_texts") == [(7,)]
        assert [(check.seq, check.sound) for check in recompute_deliveries(store, 0, 10)] == sound
        # The file still holds what was known of the one who had been erased before.
        assert is_unclean(store)
        assert clean_file(store)
    assert b"GONE" not in b"".join(file.read_bytes() for file in tmp_path.glob("old.db*"))


def test_what_follows_is_what_a_fresh_store_would_have(tmp_path: Path) -> None:
    """Facts about `joined` that come after the migration change what it made."""
    with SqliteStore.open(first_store(tmp_path), writable=True) as store:
        bring(store, "members", "id,joined\nu1,\nu2,2026-01-01\n")
        assert rows(store, "SELECT unit, staff FROM friendships") == [(2, 0)]
