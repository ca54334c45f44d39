"""Archives are found out where they or what the store keeps are changed; erasing reaches what is private of them; who asks is told."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from log.archived_shop import BEFORE, MEMBERS, NOW, archive, file_of
from qingting.engine.log.archives.checking import wrong_entries, wrong_traces
from qingting.engine.log.archives.opening import expected_archives, open_archive
from qingting.engine.log.archives.writing import texts_beside
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.grammar.diagnostics import UsageError
from workspaces import Shop, when

# Tampering


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE dispatches SET unit = 99 WHERE seq = (SELECT min(seq) FROM dispatches)",
        "UPDATE dispatches SET not_before = not_before + 1 WHERE seq = (SELECT min(seq) FROM dispatches)",
        "UPDATE headers SET status = 'queued' WHERE header = (SELECT min(header) FROM headers WHERE status = 'done')",
        "UPDATE occurrences SET name = 'x' WHERE occurrence = (SELECT min(occurrence) FROM dispatches)",
        """DELETE FROM dispatches
           WHERE seq = (SELECT min(seq) FROM dispatches JOIN headers USING (header) WHERE status = 'queued')""",
        "DELETE FROM headers WHERE header = (SELECT header FROM dispatches ORDER BY seq LIMIT 1)",
        "INSERT INTO dispatches SELECT 1, header, occurrence, step, kind, 99, t, mark, not_before, key, leaf FROM dispatches LIMIT 1",
    ],
)
def test_a_changed_trace_is_found(archived: Shop, statement: str) -> None:
    for trigger in ("dispatches_keep", "dispatches_stay", "headers_keep", "headers_stay"):
        archived.change(f"DROP TRIGGER {trigger}")
    archived.change(statement)
    with open_archive(file_of(archived)) as moved, SqliteStore.open(archived.path) as store:
        assert list(wrong_traces(store, moved))


def test_a_missing_delivery_of_what_failed_is_found(shop: Shop) -> None:
    shop.tag("退订", *MEMBERS, at="2026-11-26 00:00")
    shop.deliver("2026-11-26 10:00")
    assert shop.rows("SELECT 1 FROM deliveries WHERE outcome = 'withdrawn'")
    shop.run("2026-11-27 00:00")
    answer = archive(shop, NOW)
    kept = shop.rows("SELECT seq, leaf FROM deliveries WHERE seq < ?", answer.stop)
    assert kept
    assert all(leaf == b"" for _, leaf in kept)
    shop.change("DROP TRIGGER deliveries_stay")
    with SqliteStore.open(shop.path) as store, open_archive(answer.path or Path()) as moved:
        assert not list(wrong_traces(store, moved))
    shop.change("DELETE FROM deliveries WHERE seq = ?", kept[0][0])
    with SqliteStore.open(shop.path) as store, open_archive(answer.path or Path()) as moved:
        assert list(wrong_traces(store, moved)) == [kept[0][0]]


def test_a_changed_archive_is_found(archived: Shop) -> None:
    path = file_of(archived)
    path.chmod(0o600)
    with closing(sqlite3.connect(path)) as connection, connection:
        (last,) = connection.execute("SELECT max(seq) FROM dispatches").fetchone()
        connection.execute("UPDATE dispatches SET t = t + 1 WHERE seq = 5")
        connection.execute("DELETE FROM dispatches WHERE seq = (SELECT max(seq) FROM dispatches)")
    with SqliteStore.open(archived.path) as store:
        (found,) = expected_archives(store, archived.root)
        assert (found.is_there, found.fits) == (True, False)
    with open_archive(path) as moved:
        assert list(wrong_entries(moved)) == [5, last]
    path.unlink()
    with SqliteStore.open(archived.path) as store:
        (found,) = expected_archives(store, archived.root)
        assert (found.is_there, found.archive) == (False, None)


# Members


def test_erasing_reaches_what_is_private(archived: Shop) -> None:
    path = file_of(archived)
    bytes_before = path.read_bytes()
    private = texts_beside(path)
    unit = archived.rows("SELECT unit FROM members WHERE id = 'member-1'")[0][0]

    def kept() -> set[int]:
        with closing(sqlite3.connect(private)) as connection:
            return {unit for (unit,) in connection.execute("SELECT unit FROM delivery_texts")}

    assert unit in kept()
    others = kept() - {unit}
    done = archived.ws.members.erase(["member-1"], at=when(NOW))
    assert done.unreached == ()
    assert kept() == others
    assert path.read_bytes() == bytes_before
    with open_archive(path) as moved, SqliteStore.open(archived.path) as store:
        assert not list(wrong_entries(moved))
        assert not list(wrong_traces(store, moved))


def test_erasing_says_what_it_cannot_reach(archived: Shop) -> None:
    private = texts_beside(file_of(archived))
    away = private.rename(private.with_suffix(".away"))
    assert archived.ws.members.erase(["member-1"], at=when(NOW)).unreached == (str(private),)
    away.rename(private)
    archived.ws.members.clean()
    with closing(sqlite3.connect(private)) as connection:
        units = {unit for (unit,) in connection.execute("SELECT unit FROM delivery_texts")}
    assert units
    assert archived.rows("SELECT unit FROM erasures")[0][0] not in units


def test_members_erased_before_are_in_archives_by_pseudonym(shop: Shop) -> None:
    shop.deliver("2026-11-26 10:00")
    shop.ws.members.erase(["member-1"], at=when("2026-11-27 00:00"))
    answer = archive(shop, NOW)
    assert answer.path is not None
    with open_archive(answer.path) as moved:
        assert not list(wrong_entries(moved))


# Who asks about what is past


def test_what_is_told_of_the_past_says_that_it_lacks(archived: Shop) -> None:
    (remark,) = archived.ws.explain("member-1", at=when("2026-11-20 12:00")).notes
    assert remark.code == "explain.archived"
    assert not archived.ws.explain("member-1", at=when("2026-11-25 12:00")).notes
    with pytest.raises(UsageError) as caught:
        archived.ws.simulate(start=when("2026-11-22 00:00"), until=when("2026-11-25 00:00"), at=when(NOW))
    assert caught.value.code == "D448"


def test_a_replay_from_behind_the_archive(lived: Shop, archived: Shop) -> None:
    wanted, found = (
        each.ws.simulate(start=when(BEFORE), until=when("2026-11-25 23:00"), at=when(NOW), as_run=True)
        for each in (lived, archived)
    )
    assert found == wanted
