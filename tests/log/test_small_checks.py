"""Single checks of what reads, signs and hands on a log, each by what it alone refuses."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from delivery.shop import Push, T, open_shop, record_run
from log.notaries import attest
from qingting.engine.log.checkpoint import add_cosignatures, checkpoint_at, newest_checkpoint
from qingting.engine.log.encoding import DeliveryFields
from qingting.engine.log.entries import delivery_bytes, read_entries
from qingting.engine.log.notary import LogNotary
from qingting.engine.log.notes import SigningKey, read_note, sign_note
from qingting.engine.log.secrets import LOG_KEY, NEXT_LOG_KEY
from qingting.engine.log.signers import all_signers
from qingting.engine.log.tree import LogTree
from qingting.engine.program.ir import HOUR
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.grammar.diagnostics import CannotRun
from workspaces import Shop


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with open_shop(tmp_path / "shop.db") as store:
        record_run(store, [Push((1, 2, 3))])
        yield store


def notary(tmp_path: Path, name: str = ".qingting") -> LogNotary:
    return LogNotary(tmp_path / name, "fence", "qingting.log", os.urandom)


def change(store: SqliteStore, statement: str) -> None:
    for (name,) in store.connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        store.connection.execute(f"DROP TRIGGER {name}")
    store.connection.execute("PRAGMA foreign_keys = OFF")
    assert store.connection.execute(statement).rowcount > 0


# Reading


@pytest.mark.parametrize(
    ("statement", "missing"),
    [
        ("DELETE FROM dispatches WHERE seq = 1", 1),
        ("DELETE FROM dispatches WHERE seq = 2", 2),
        ("UPDATE dispatches SET leaf = hex(substr(leaf, 1, 16)) WHERE seq = 1", 1),
        ("UPDATE dispatches SET leaf = substr(leaf, 1, 31) WHERE seq = 1", 1),
        ("INSERT INTO erasures SELECT 1, 9, zeroblob(16), 0, leaf FROM dispatches WHERE seq = 1", 2),
    ],
)
def test_a_leaf_that_is_missing_or_none_is_no_part_of_a_tree(store: SqliteStore, statement: str, missing: int) -> None:
    change(store, statement)
    with pytest.raises(CannotRun, match="D207") as caught:
        LogTree(store).root(3)
    assert caught.value.params["leaf"] == missing


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("DELETE FROM dispatches WHERE seq = 1", "D207"),
        ("DELETE FROM dispatches WHERE seq = 2", "D207"),
        ("INSERT INTO erasures SELECT 1, 9, zeroblob(16), 0, zeroblob(32) FROM dispatches WHERE seq = 1", "D420"),
        ("UPDATE dispatches SET t = t + 1 WHERE seq = 1", "D420"),
        ("UPDATE dispatches SET t = 'x' WHERE seq = 1", "D420"),
        ("UPDATE dispatches SET leaf = zeroblob(32) WHERE seq = 1", "D420"),
        ("UPDATE dispatches SET header = 99 WHERE seq = 1", "D420"),
        ("UPDATE headers SET body = CAST(body || x'00' AS BLOB)", "D420"),
        ("UPDATE headers SET body = 'text'", "D420"),
        ("UPDATE headers SET body = 7", "D420"),
        ("UPDATE headers SET digest = zeroblob(32)", "D420"),
    ],
)
def test_an_entry_that_is_not_what_was_hashed_is_not_read(store: SqliteStore, statement: str, code: str) -> None:
    assert [entry.seq for entry in read_entries(store, 0, 3)] == [0, 1, 2]
    change(store, statement)
    with pytest.raises(CannotRun, match=code):
        list(read_entries(store, 0, 3))


def test_deliveries_have_two_formats_and_no_other() -> None:
    fields = DeliveryFields(seq=1, dispatch=0, at=0, attempt=1, outcome="sent", reason=None, private=b"x" * 32, arrived_seq=1)
    assert (delivery_bytes(2, fields)[1], delivery_bytes(1, fields)[1]) == (2, 1)
    for form in (0, 3):
        with pytest.raises(ValueError, match="format"):
            delivery_bytes(form, fields)


def test_a_tile_is_kept_as_soon_as_it_is_full(tmp_path: Path) -> None:
    with open_shop(tmp_path / "shop.db", members=256) as store:
        for first, last in ((1, 255), (256, 256)):
            record_run(store, [Push(tuple(range(first, last + 1)), playbook=f"p{first}")], at=T + first)
            attest(store, tmp_path / ".qingting")
            kept = store.connection.execute("SELECT level, position FROM tree").fetchall()
            assert kept == ([(1, 0)] if last == 256 else [])


# Signing


def test_a_key_is_made_only_for_a_log_that_was_never_signed(store: SqliteStore, tmp_path: Path) -> None:
    by = notary(tmp_path)
    assert [by.make_key(store), by.make_key(store)] == [True, False]
    attest(store, tmp_path / ".qingting")
    (tmp_path / ".qingting" / LOG_KEY).unlink()
    assert not notary(tmp_path).make_key(store)
    assert not (tmp_path / ".qingting" / LOG_KEY).exists()


def test_checking_makes_the_key_before_anything_is_decided(store: SqliteStore, tmp_path: Path) -> None:
    notary(tmp_path).check(store)
    assert (tmp_path / ".qingting" / LOG_KEY).exists()


def test_an_older_copy_gets_no_new_key(store: SqliteStore, tmp_path: Path) -> None:
    attest(store, tmp_path / ".qingting")
    store.connection.execute("VACUUM INTO ?", (str(tmp_path / "copy.db"),))
    record_run(store, [Push((1,), playbook="b")], at=T + HOUR)
    attest(store, tmp_path / ".qingting")
    with SqliteStore.open(tmp_path / "copy.db", writable=True) as copy:
        with pytest.raises(CannotRun, match="D201"), copy.transaction():
            notary(tmp_path).change_key(copy)
        assert len(all_signers(copy)) == 1
        assert not (tmp_path / ".qingting" / NEXT_LOG_KEY).exists()


def test_a_new_key_where_the_former_is_lost_signs_nothing_of_the_past(store: SqliteStore, tmp_path: Path) -> None:
    attest(store, tmp_path / ".qingting")
    (tmp_path / ".qingting" / LOG_KEY).write_text(bytes(32).hex())
    by = notary(tmp_path)
    with store.transaction():
        assert not by.change_key(store)
    by.adopt_key()
    assert len(all_signers(store)) == 2
    assert store.connection.execute("SELECT count(*) FROM cosignatures").fetchone() == (0,)


def test_what_was_added_before_the_key_changed_is_signed_by_the_former(store: SqliteStore, tmp_path: Path) -> None:
    attest(store, tmp_path / ".qingting")
    record_run(store, [Push((1,), playbook="b")], at=T + HOUR)
    with store.transaction():
        assert notary(tmp_path).change_key(store)
    newest = newest_checkpoint(store)
    assert newest is not None
    assert newest.leaves == 4


def test_another_next_key_is_not_taken(store: SqliteStore, tmp_path: Path) -> None:
    attest(store, tmp_path / ".qingting")
    folder = tmp_path / ".qingting"
    for name in (LOG_KEY, NEXT_LOG_KEY):
        (folder / name).write_text(bytes([len(name)] * 32).hex())
    record_run(store, [Push((1,), playbook="b")], at=T + HOUR)
    with pytest.raises(CannotRun, match="D206"), store.transaction():
        notary(tmp_path).attest(store)
    assert (folder / NEXT_LOG_KEY).exists()


def test_a_log_starts_anew_only_where_it_must(store: SqliteStore, tmp_path: Path) -> None:
    by = notary(tmp_path)
    with store.transaction():
        by.attest(store)
    by.confirm(store)
    with store.transaction():
        by.restart(store)
    assert len(all_signers(store)) == 1
    (tmp_path / ".qingting" / "fence").write_text("damaged")
    with pytest.raises(CannotRun, match="D203"), store.transaction():
        by.restart(store)
    assert len(all_signers(store)) == 1


def test_a_store_that_went_its_own_way_starts_anew(store: SqliteStore, tmp_path: Path) -> None:
    store.connection.execute("VACUUM INTO ?", (str(tmp_path / "copy.db"),))
    record_run(store, [Push((1,), playbook="b")], at=T + HOUR)
    attest(store, tmp_path / ".qingting")
    with SqliteStore.open(tmp_path / "copy.db", writable=True) as copy:
        record_run(copy, [Push((2,), playbook="c")], at=T + HOUR)
        by = notary(tmp_path)
        with copy.transaction():
            by.restart(copy)
        ((signer, leaves),) = all_signers(copy)
        assert leaves == 4
        assert len(signer.origin.split("/")) == 3


def test_what_a_witness_signed_twice_is_kept_once(store: SqliteStore, tmp_path: Path) -> None:
    attest(store, tmp_path / ".qingting")
    newest = newest_checkpoint(store)
    assert newest is not None
    lines = sign_note(read_note(newest.note).text, "witness.example", SigningKey(bytes(32))).signatures
    with store.transaction():
        assert [add_cosignatures(store, newest, lines), add_cosignatures(store, newest, lines)] == [1, 0]


@pytest.mark.parametrize("note", ["'text'", "7", "x'00'", "zeroblob(0)"])
def test_what_is_kept_as_a_checkpoint_and_is_none_is_said_to_be(store: SqliteStore, tmp_path: Path, note: str) -> None:
    attest(store, tmp_path / ".qingting")
    change(store, f"UPDATE checkpoints SET note = {note}")
    for read in (lambda: newest_checkpoint(store), lambda: checkpoint_at(store, 3)):
        with pytest.raises(CannotRun, match="D422") as caught:
            read()
        assert caught.value.params["leaves"] == 3


def test_what_a_delivery_withdraws_is_signed_though_nothing_goes_out(tmp_path: Path) -> None:
    rule = '全局规则\n  永不推送 有标签 "退订"\n剧本 "甲"\n  每天 20:00\n    推送 企微 "问候"\n'
    shop = Shop(tmp_path / "shop", rule)
    shop.members("u1", "u2")
    shop.run("2026-11-18 20:05")
    shop.tag("退订", "u1", "u2", at="2026-11-18 20:05")
    assert shop.deliver("2026-11-18 20:06").withdrawn == 2
    assert shop.ws.audit.signed().leaves == 4
    assert shop.ws.audit.verify().findings == ()
