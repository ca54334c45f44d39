"""The log and its proofs: sentences 36 to 38 and 66 to 73 of ARCHITECTURE.md."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from hashlib import sha256

import pytest
from qingting.engine.log.checkpoint import newest_checkpoint, read_checkpoint
from qingting.engine.log.merkle import root
from qingting.engine.log.notes import SigningKey, read_note, verify_checkpoint, verify_note
from qingting.engine.log.proving import BadProof, check_proof
from qingting.engine.log.recompute import recompute_deliveries, recompute_records
from qingting.engine.run.engine import execute_run
from qingting.engine.simulating.copying import private_copy
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.grammar.diagnostics import CannotRun
from workspaces import Shop, micros, when

Open = Callable[..., Shop]
DAILY = """
全局规则
  时区 Asia/Shanghai
  永不推送 有标签 "退订"
剧本 "甲"
  每天 20:00
    推送 企微 "问候"
    打标签 "已触达"
"""


def test_36_a_leaf_hashes_a_record_over_its_headers_digest(open_shop: Open) -> None:
    shop = open_shop(DAILY)
    shop.tag("退订", "u1", at="2026-11-18 10:00")
    shop.run("2026-11-18 20:05")
    records = shop.rows("""
      SELECT h.body, d.seq, d.kind, m.pseudonym, d.t, d.mark, d.not_before, d.key, d.leaf
      FROM dispatches d JOIN headers h USING (header) JOIN members m USING (unit) ORDER BY d.seq""")
    for body, seq, kind, pseudonym, t, mark, not_before, key, leaf in records:
        numbers = [n.to_bytes(8, "big") for n in (t, mark, not_before)]
        entry = b"\1\1" + sha256(body).digest() + seq.to_bytes(8, "big") + bytes([kind]) + pseudonym + b"".join(numbers) + key
        assert len(entry) == 115
        assert leaf == sha256(b"\0" + entry).digest()
    # One header each for the refusal, the pushes and the tags.
    assert len(records) == 7
    assert shop.rows("SELECT count(*) FROM headers") == [(3,)]
    for (body,) in shop.rows("SELECT body FROM headers"):
        assert b"2026-11-18T12:00:00Z" in body


def test_37_records_and_deliveries_share_one_sequence(open_shop: Open) -> None:
    shop = open_shop(DAILY)
    shop.run("2026-11-18 20:05")
    shop.deliver("2026-11-18 20:06")
    shop.run("2026-11-19 20:05")
    decisions = [seq for (seq,) in shop.rows("SELECT seq FROM dispatches ORDER BY seq")]
    deliveries = [seq for (seq,) in shop.rows("SELECT seq FROM deliveries ORDER BY seq")]
    assert (decisions, deliveries) == ([*range(8), *range(12, 20)], [8, 9, 10, 11])
    log = shop.log()
    assert [r.seq for r in log] == decisions
    order = [(r.decided_at, r.step, r.member_id) for r in log[:8]]
    at = when("2026-11-18 20:05")
    assert order == [(at, step, f"u{n}") for step in ('push "问候"', 'tag "已触达"') for n in (1, 2, 3, 4)]
    with SqliteStore.open(shop.path) as store:
        checks = [*recompute_records(store, 0, 100), *recompute_deliveries(store, 0, 100)]
    assert sorted(check.seq for check in checks) == list(range(20))
    assert all(check.sound for check in checks)


def test_38_a_restored_store_is_refused_until_it_is_accepted(open_shop: Open) -> None:
    shop = open_shop(DAILY)
    backup = shop.root / "backup.db"
    shop.run("2026-11-18 20:05")
    shutil.copy(shop.path, backup)
    shop.run("2026-11-19 20:05")
    shutil.copy(backup, shop.path)
    assert shop.log()[-1].decided_at == when("2026-11-18 20:05")
    with pytest.raises(CannotRun, match="D201") as refused:
        shop.run("2026-11-19 20:10")
    assert refused.value.exit_code == 3
    with pytest.raises(CannotRun):
        shop.deliver("2026-11-19 20:10")
    shop.run("2026-11-19 20:15", accept_restored=when("2026-11-19 20:10"))
    assert {r.decided_at for r in shop.log()} == {when("2026-11-18 20:05")}
    shop.run("2026-11-20 20:05")
    assert shop.log()[-1].t == when("2026-11-20 20:00")


def test_38_another_leaf_is_refused_too(open_shop: Open) -> None:
    shop = open_shop(DAILY)
    backup = shop.root / "backup.db"
    shutil.copy(shop.path, backup)
    shop.run("2026-11-18 20:05")
    fence = (shop.root / ".qingting/fence").read_bytes()
    # Without its fence the old copy decides on its own, and comes to as many leaves, but others.
    (shop.root / ".qingting/fence").unlink()
    shutil.copy(backup, shop.path)
    shop.run("2026-11-18 20:06")
    (shop.root / ".qingting/fence").write_bytes(fence)
    with pytest.raises(CannotRun, match="D202"):
        shop.run("2026-11-18 20:10")


def test_66_the_tree_is_that_of_the_rfc_and_appending_hashes_new_leaves_only(open_shop: Open) -> None:
    shop = open_shop(DAILY)
    members = [f"m{number:03}" for number in range(290)]
    shop.members(*members)
    shop.run("2026-11-18 20:05")
    leaves = [leaf for (leaf,) in shop.rows("SELECT leaf FROM dispatches ORDER BY seq")]
    assert len(leaves) > 2 * 256
    with SqliteStore.open(shop.path) as store:
        newest = newest_checkpoint(store)
    assert newest is not None
    assert (newest.leaves, newest.root) == (len(leaves), root(leaves))
    kept = shop.rows("SELECT level, position, hash FROM tree ORDER BY level, position")
    assert kept == [(1, place, root(leaves[place * 256 : place * 256 + 256])) for place in range(len(leaves) // 256)]
    # Leaves under a complete subtree are not read again, so that whatever became of one of them does not matter.
    for (name,) in shop.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
        shop.change(f"DROP TRIGGER {name}")
    shop.change("UPDATE dispatches SET leaf = zeroblob(32) WHERE seq = 0")
    shop.run("2026-11-19 20:05")
    added = [leaf for (leaf,) in shop.rows("SELECT leaf FROM dispatches WHERE seq >= ? ORDER BY seq", len(leaves))]
    with SqliteStore.open(shop.path) as store:
        newest = newest_checkpoint(store)
    assert newest is not None
    assert newest.root == root(leaves + added)


def test_67_the_last_statement_of_a_commit_signs_what_it_adds(open_shop: Open) -> None:
    shop = open_shop(DAILY)
    shop.run("2026-11-18 20:05")
    shop.deliver("2026-11-18 20:06")
    shop.ws.members.erase(["u4"], at=when("2026-11-18 21:00"))
    before = shop.rows("SELECT leaves, note FROM checkpoints ORDER BY leaves")
    (leaves,) = shop.rows("SELECT value FROM meta WHERE key = 'leaves'")[0]
    assert {8, leaves} <= {length for length, _ in before}
    key = shop.ws.audit.key()
    for length, note in before:
        body = verify_checkpoint(read_note(note), key).body
        assert (body.origin, body.size, body.extensions) == (key.name, length, ())
    # Nothing falls due: the run is kept, and nothing is signed.
    shop.run("2026-11-18 21:30")
    assert shop.rows("SELECT leaves, note FROM checkpoints ORDER BY leaves") == before


def test_67_a_commit_that_cannot_be_signed_adds_nothing(open_shop: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = open_shop(DAILY)
    monkeypatch.setattr(SigningKey, "sign", refuse)
    with pytest.raises(Refused):
        shop.run("2026-11-18 20:05")
    assert shop.rows("SELECT count(*) FROM dispatches") == [(0,)]
    assert shop.rows("SELECT count(*) FROM runs") == [(0,)]


class Refused(Exception):
    """The key is not to be had at the very end."""


def refuse(*_: object) -> bytes:
    raise Refused


def test_68_only_the_key_that_signed_a_log_adds_to_it(open_shop: Open) -> None:
    shop = open_shop(DAILY)
    shop.run("2026-11-18 20:05")
    path = shop.root / ".qingting/log.key"
    former, seed = shop.ws.audit.key(), path.read_text()
    for content, code in ((None, "D205"), ("01" * 32, "D206")):
        path.unlink() if content is None else path.write_text(content)
        shop.write(DAILY)
        with pytest.raises(CannotRun, match=code):
            shop.run("2026-11-19 20:05")
        with pytest.raises(CannotRun, match=code):
            shop.deliver("2026-11-19 20:05")
    path.write_text(seed)
    shop.write(DAILY)
    assert shop.ws.audit.change_key()
    new, note = shop.ws.audit.key(), read_note(shop.ws.audit.signed().note)
    assert {by.key for by in verify_note(note, (former, new))} == {former, new}
    shop.run("2026-11-19 20:05")
    assert [by.key for by in verify_note(read_note(shop.ws.audit.signed().note), (former, new))] == [new]
    path.unlink()
    shop.write(DAILY)
    assert not shop.ws.audit.change_key()
    assert shop.ws.audit.verify().is_sound


def test_69_a_store_that_was_put_back_goes_on_under_another_origin(open_shop: Open) -> None:
    shop = open_shop(DAILY)
    shop.run("2026-11-18 20:05")
    backup = shop.root / "backup.db"
    shutil.copy(shop.path, backup)
    shop.run("2026-11-19 20:05")
    lost = shop.ws.audit.signed()
    shutil.copy(backup, shop.path)
    shop.run("2026-11-19 20:15", accept_restored=when("2026-11-19 20:10"))
    shop.run("2026-11-20 20:05")
    again = shop.ws.audit.signed()
    names = [read_checkpoint(state.note).origin for state in (lost, again)]
    assert lost.leaves == again.leaves
    assert lost.root != again.root
    assert names[1].startswith(names[0] + "/")


def test_70_what_may_be_personal_goes_and_no_leaf_changes(open_shop: Open) -> None:
    shop = open_shop(DAILY)
    shop.run("2026-11-18 20:05")
    shop.deliver("2026-11-18 20:06")
    signed = shop.ws.audit.signed()
    deliveries = "SELECT seq, private, leaf FROM deliveries ORDER BY seq"
    before, texts = shop.rows(deliveries), shop.rows("SELECT seq, salt FROM delivery_texts")
    assert len({salt for _, salt in texts}) == len(before) == 4
    shop.ws.members.erase(["u1", "u2", "u3", "u4"], at=when("2026-11-18 21:00"))
    assert shop.rows("SELECT count(*) FROM delivery_texts") == [(0,)]
    assert shop.rows(deliveries) == before
    assert shop.ws.audit.signed(signed.leaves).root == signed.root
    assert shop.ws.audit.verify(checkpoints=[("kept", signed.note)]).is_sound


def test_71_a_proof_stands_alone(open_shop: Open) -> None:
    shop = open_shop(DAILY)
    shop.run("2026-11-18 20:05")
    shop.deliver("2026-11-18 20:06")
    record = shop.log()[0]
    proof, key = shop.ws.audit.prove(record.id).to_json(), shop.ws.audit.key()
    shop.path.unlink()
    shown = check_proof(json.dumps(proof).encode(), (key,))
    assert [(says["kind"], says.get("id"), says.get("outcome")) for says in shown.says] == [
        ("record", record.id, None), ("delivery", None, "sent"),
    ]
    proof["entries"][0]["says"]["playbook"] = "乙"  # type: ignore[index]
    with pytest.raises(BadProof, match="says"):
        check_proof(json.dumps(proof).encode(), (key,))


def test_72_verification_names_the_first_wrong_record_and_writes_nothing(open_shop: Open) -> None:
    shop = open_shop(DAILY)
    shop.run("2026-11-18 20:05")
    shop.run("2026-11-19 20:05")
    assert shop.ws.audit.verify().is_sound
    record = shop.log()[3]
    for (name,) in shop.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
        shop.change(f"DROP TRIGGER {name}")
    shop.change("UPDATE dispatches SET not_before = not_before + 1 WHERE seq >= ?", record.seq)
    before = shop.dump()
    first = shop.ws.audit.verify().findings[0]
    assert (first.code, first.seq, first.params["id"]) == ("D405", record.seq, record.id)
    assert shop.dump() == before


def test_73_a_private_copy_is_not_signed(open_shop: Open) -> None:
    shop = open_shop(DAILY)
    shop.run("2026-11-18 20:05")
    program, later = shop.ws.load().program, micros("2026-11-19 20:05")
    with SqliteStore.open(shop.path) as store, private_copy(store) as copy:
        count = "SELECT (SELECT count(*) FROM runs), (SELECT count(*) FROM checkpoints)"
        runs, checkpoints = copy.connection.execute(count).fetchone()
        execute_run(copy.store, program, later, copy.settings)
        assert copy.connection.execute(count).fetchone() == (runs + 1, checkpoints)
    assert [each.code for each in shop.ws.audit.verify().findings] == []
