"""A store that an older program wrote is brought forward by the first command that writes; looking asks for that."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from qingting.engine.stores.sqlite import schema
from qingting.engine.stores.sqlite.database import SqliteStore
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


def test_what_follows_is_what_a_fresh_store_would_have(tmp_path: Path) -> None:
    """Facts about `joined` that come after the migration change what it made."""
    with SqliteStore.open(first_store(tmp_path), writable=True) as store:
        bring(store, "members", "id,joined\nu1,\nu2,2026-01-01\n")
        assert rows(store, "SELECT unit, staff FROM friendships") == [(2, 0)]
