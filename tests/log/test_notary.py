"""The notary signs with one key, notices another, and loses none."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from delivery.shop import Push, T, open_shop, record_run
from qingting.engine.log.checkpoint import newest_checkpoint, with_cosignatures
from qingting.engine.log.notary import LogNotary
from qingting.engine.log.notes import read_note, verify_checkpoint
from qingting.engine.log.secrets import LOG_KEY, NEXT_LOG_KEY
from qingting.engine.log.signers import all_signers
from qingting.engine.program.ir import HOUR
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.grammar.diagnostics import CannotRun


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with open_shop(tmp_path / "shop.db") as store:
        record_run(store, [Push((1, 2, 3))])
        yield store


def notary(tmp_path: Path, origin: str = "qingting.log") -> LogNotary:
    return LogNotary(tmp_path / ".qingting", "fence", origin, os.urandom)


def attest(store: SqliteStore, by: LogNotary) -> None:
    with store.transaction():
        by.attest(store)
    by.confirm(store)


def grow(store: SqliteStore, by: LogNotary, hours: int) -> None:
    record_run(store, [Push((1,), playbook=f"p{hours}")], at=T + hours * HOUR)
    attest(store, by)


def test_the_first_signature_makes_the_key_and_names_the_log(store: SqliteStore, tmp_path: Path) -> None:
    by = notary(tmp_path, "example.com/crm")
    assert by.public() is None
    by.check(store)
    attest(store, by)
    key = tmp_path / ".qingting" / LOG_KEY
    assert key.stat().st_mode & 0o777 == 0o600
    ((signer, leaves),) = all_signers(store)
    assert (signer.origin, leaves) == (f"example.com/crm/{store.store_id}", 3)
    # What the configuration says later is for logs that begin later.
    grow(store, notary(tmp_path, "example.com/other"), 1)
    newest = newest_checkpoint(store)
    assert newest is not None
    assert (newest.origin, newest.leaves) == (signer.origin, 4)
    assert verify_checkpoint(read_note(newest.note), signer.verifier).body.size == 4
    assert by.known_outside(store) == (str(tmp_path / ".qingting" / "fence"), newest.note)


def test_a_length_is_signed_once(store: SqliteStore, tmp_path: Path) -> None:
    by = notary(tmp_path)
    attest(store, by)
    attest(store, by)
    assert store.connection.execute("SELECT count(*) FROM checkpoints").fetchone() == (1,)


def test_without_its_key_nothing_is_signed(store: SqliteStore, tmp_path: Path) -> None:
    attest(store, notary(tmp_path))
    key = tmp_path / ".qingting" / LOG_KEY
    kept = key.read_text()
    key.unlink()
    for step in (lambda by: by.check(store), lambda by: attest(store, by)):
        with pytest.raises(CannotRun, match="D205"):
            step(notary(tmp_path))
    assert not key.exists()
    key.write_text(os.urandom(32).hex())
    with pytest.raises(CannotRun, match="D206"):
        grow(store, notary(tmp_path), 1)
    key.write_text(kept)
    grow(store, notary(tmp_path), 2)


def test_a_new_key_is_agreed_to_by_the_former(store: SqliteStore, tmp_path: Path) -> None:
    by = notary(tmp_path)
    attest(store, by)
    (former, _), = all_signers(store)
    with store.transaction():
        assert by.change_key(store)
    by.adopt_key()
    (_, _), (successor, since) = all_signers(store)
    assert since == 3
    newest = newest_checkpoint(store)
    assert newest is not None
    both = read_note(with_cosignatures(store, newest))
    for signer in (former, successor):
        assert verify_checkpoint(both, signer.verifier).body.size == 3
    grow(store, notary(tmp_path), 1)
    assert not (tmp_path / ".qingting" / NEXT_LOG_KEY).exists()


def test_a_process_that_dies_while_it_changes_the_key_loses_none(store: SqliteStore, tmp_path: Path) -> None:
    attest(store, notary(tmp_path))
    folder = tmp_path / ".qingting"
    before = (folder / LOG_KEY).read_text()
    # Before the commit: the former key is still the one.
    store.connection.execute("BEGIN IMMEDIATE")
    notary(tmp_path).change_key(store)
    store.connection.execute("ROLLBACK")
    assert (folder / LOG_KEY).read_text() == before
    grow(store, notary(tmp_path), 1)
    # Behind it: the new one is put in place by whoever signs next.
    with store.transaction():
        notary(tmp_path).change_key(store)
    assert (folder / LOG_KEY).read_text() == before
    grow(store, notary(tmp_path), 2)
    assert (folder / LOG_KEY).read_text() != before
    assert not (folder / NEXT_LOG_KEY).exists()
