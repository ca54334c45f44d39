"""How far a log can be archived, to the microsecond; and what an archiving that fails leaves behind."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from log.archived_shop import BEFORE, MEMBERS, NOW, archive
from qingting.engine.log.archives.moving import Cut, find_cut
from qingting.engine.log.archives.writing import texts_beside
from qingting.engine.log.checkpoint import newest_checkpoint
from qingting.engine.log.notes import CheckpointBody, SigningKey, sign_note
from qingting.engine.log.store import leaf_count
from qingting.engine.program.ir import DAY
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.grammar.diagnostics import CannotRun
from workspaces import Shop, micros, when


def cut(shop: Shop, before: int, last_run: int | None = None) -> Cut:
    with SqliteStore.open(shop.path) as store, store.snapshot():
        return find_cut(store, before, last_run)


def change(shop: Shop, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(shop.path, isolation_level=None)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        assert connection.execute(statement, values).rowcount > 0


@pytest.fixture
def delivered(shop: Shop) -> Shop:
    """Nothing waits any more."""
    shop.deliver("2026-11-26 10:00")
    return shop


def test_an_alert_stops_the_cut_for_a_day(delivered: Shop) -> None:
    before = micros(NOW)
    with SqliteStore.open(delivered.path) as store:
        leaves = leaf_count(store)
    assert (cut(delivered, before).stop, cut(delivered, before).why) == (leaves, "time")
    (quiet,) = delivered.rows("SELECT min(seq) FROM dispatches JOIN headers USING (header) WHERE status = 'done'")[0]
    (sent,) = delivered.rows("SELECT min(dispatch) FROM deliveries")[0]
    task = "INSERT INTO tasks (seq, dispatch, kind, unit_kind, unit, manager, at, arrived) VALUES (?1, ?2, ?3, 0, 1, 0, ?4, ?4)"
    for dispatch, kind, arrived, why in (
        (quiet, "alert", before - DAY + 1, "waiting"), (quiet, "alert", before - DAY, "time"),
        (quiet, "task", before - DAY + 1, "time"), (sent, "alert", before - DAY + 1, "time"),
    ):
        change(delivered, task, 2**50, dispatch, kind, arrived)
        found = cut(delivered, before)
        assert (found.why, found.stop <= quiet) == (why, why == "waiting")
        change(delivered, "DELETE FROM tasks WHERE seq = ?", 2**50)
    # Somebody saw to it.
    change(delivered, task, 2**50, quiet, "alert", before - DAY + 1)
    change(delivered, "INSERT INTO task_facts (seq, task, done, at, arrived) VALUES (?1 + 1, ?1, 1, ?2, ?2)", 2**50, before)
    assert cut(delivered, before).why == "time"


def test_what_became_known_at_the_instant_or_later_stays(delivered: Shop) -> None:
    at = micros("2026-11-26 10:00")
    (first,) = delivered.rows("SELECT min(seq) FROM deliveries WHERE at = ?", at)[0]
    for before, last_run, why in (
        (at, None, "later"), (at + 1, None, "time"), (micros(NOW), at, "time"), (micros(NOW), at - 1, "later"),
    ):
        found = cut(delivered, before, last_run)
        assert (found.why, found.stop <= first) == (why, why == "later")
    erased = micros("2026-11-26 11:00")
    delivered.ws.members.erase([MEMBERS[0]], at=when("2026-11-26 11:00"))
    (first,) = delivered.rows("SELECT min(seq) FROM erasures")[0]
    for before, why in ((erased, "later"), (erased + 1, "time")):
        assert (cut(delivered, before).why, cut(delivered, before).stop <= first) == (why, why == "later")


def test_the_instant_until_which_all_is_archived(shop: Shop) -> None:
    runs = shop.rows("SELECT at, first_leaf FROM runs ORDER BY run")
    # At the last one messages wait, which stop the cut before the instant.
    for before in (micros(BEFORE), runs[3][0], runs[3][0] + 1, micros(NOW)):
        found = cut(shop, before)
        assert all((at < found.until) == (first < found.stop) for at, first in runs)
        assert found.until <= before


def test_a_failure_leaves_nothing_behind_and_the_store_as_it_was(shop: Shop) -> None:
    told = shop.ws.archives.preview(when(BEFORE), at=when(NOW))
    assert told.path is not None
    change(shop, "UPDATE dispatches SET t = t + 1 WHERE seq = (SELECT min(seq) FROM dispatches)")
    before = shop.dump()
    with pytest.raises(CannotRun) as caught:
        archive(shop, BEFORE)
    assert caught.value.code == "D444"
    assert shop.dump() == before
    assert list(told.path.parent.iterdir()) == []


def test_an_archive_of_another_stretch_is_not_taken_for_this_one(shop: Shop, tmp_path: Path) -> None:
    other = shop.copy(tmp_path / "other")
    path = archive(other, "2026-11-21 00:00").path
    told = shop.ws.archives.preview(when(BEFORE), at=when(NOW))
    assert path is not None
    assert told.path is not None
    told.path.parent.mkdir()
    path.rename(told.path)
    before = shop.dump()
    with pytest.raises(CannotRun) as caught:
        archive(shop, BEFORE)
    assert (caught.value.code, shop.dump(), texts_beside(told.path).exists()) == ("D443", before, False)


def test_what_the_newest_checkpoint_does_not_say_is_not_archived(shop: Shop) -> None:
    with SqliteStore.open(shop.path) as store:
        newest_note = newest_checkpoint(store)
    assert newest_note is not None
    key = SigningKey(bytes.fromhex((shop.root / ".qingting" / "log.key").read_text()))
    other = CheckpointBody(newest_note.origin, newest_note.leaves, bytes(32)).to_text()
    change(
        shop, "UPDATE checkpoints SET note = ? WHERE leaves = ?",
        sign_note(other, newest_note.origin, key).to_bytes(), newest_note.leaves,
    )
    with pytest.raises(CannotRun, match="D445"):
        archive(shop, BEFORE)
    newest = "(SELECT max(leaves) FROM checkpoints)"
    for statement in (
        f"UPDATE checkpoints SET note = (SELECT note FROM checkpoints ORDER BY leaves LIMIT 1) WHERE leaves = {newest}",
        f"DELETE FROM checkpoints WHERE leaves = {newest}",
        "DELETE FROM checkpoints",
    ):
        change(shop, statement)
        with pytest.raises(CannotRun) as caught:
            archive(shop, BEFORE)
        assert caught.value.code == "D445"


def test_what_is_private_of_an_archive_is_not_thrown_away(shop: Shop, tmp_path: Path) -> None:
    backup = shop.copy(tmp_path / "backup")
    path = archive(shop, BEFORE).path
    assert path is not None
    (backup.root / "archive").mkdir()
    texts = Path(shutil.copy(texts_beside(path), backup.root / "archive"))
    kept = texts.read_bytes()
    with pytest.raises(CannotRun) as caught:
        archive(backup, BEFORE)
    assert (caught.value.code, texts.read_bytes()) == ("D443", kept)


def test_texts_of_nothing_that_was_delivered_stop_an_archiving(shop: Shop) -> None:
    (seq,) = shop.rows("SELECT min(seq) FROM dispatches")[0]
    change(shop, "INSERT INTO delivery_texts (seq, salt, error) VALUES (?, zeroblob(16), 'x')", seq)
    with pytest.raises(CannotRun) as caught:
        archive(shop, BEFORE)
    assert caught.value.code == "D444"
    assert shop.rows("SELECT 1 FROM delivery_texts WHERE seq = ?", seq)
