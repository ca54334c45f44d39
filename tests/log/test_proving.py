"""Proofs stand alone: what a store proves is checked from the bytes alone, and whatever is changed in one is refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import pytest
from qingting.engine.log.checkpoint import read_checkpoint
from qingting.engine.log.encoding import erasure_entry, record_entry
from qingting.engine.log.first_format import first_entry
from qingting.engine.log.merkle import leaf_hash
from qingting.engine.log.notes import CheckpointBody, SigningKey, VerifierKey, read_note, read_verifier_key, sign_note
from qingting.engine.log.proving import BadProof, check_proof
from qingting.engine.log.proving.checking import MAX_BYTES
from qingting.engine.log.proving.making import prove_entries
from qingting.engine.log.proving.telling import told
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.grammar.diagnostics import CannotRun
from workspaces import SETTINGS, Shop, when

TEXT = """
剧本 "甲"
  每天 20:00
    推送 企微 "问候" 附券 "减"
    打标签 "已触达"
剧本 "群"
  面向群 "福利*"
  每天 21:00
    推送 "问候"
券 "减" 减¥5
"""
CHANNELS = SETTINGS + "  群: {type: file, path: groups.jsonl}\n"
Json = dict[str, Any]


@dataclass(frozen=True)
class Proofs:
    """A shop that went on for some days, with proofs as files would hold them, and the key of its log."""

    shop: Shop
    key: VerifierKey
    entries: dict[str, Json]
    early: Json
    growth: Json

    def one(self, name: str) -> Json:
        """The proof of one entry."""
        return {**self.early, "entries": [self.entries[name]]}


@pytest.fixture(scope="module")
def proofs(tmp_path_factory: pytest.TempPathFactory) -> Proofs:
    shop = Shop(tmp_path_factory.mktemp("shop"), TEXT, settings=CHANNELS)
    shop.members(*(f"u{number}" for number in range(5)))
    shop.bring("groups", [{"group": "g1", "name": "福利一群"}])
    shop.run("2026-11-18 21:05")
    shop.deliver("2026-11-18 21:06")
    shop.ws.members.erase(["u3"], at=when("2026-11-18 22:00"))
    with SqliteStore.open(shop.path) as store, store.snapshot():
        ((leaves,),) = store.connection.execute("SELECT value FROM meta WHERE key = 'leaves'")
        early = read_back(prove_entries(store, range(leaves)))
    shop.run("2026-11-19 21:05")
    growth = read_back(shop.ws.audit.consistency(leaves))
    kinds = {(each["says"]["kind"], each["says"].get("unit"), each["says"].get("status")): each for each in early["entries"]}
    entries = {
        "push": kinds["record", "member", "queued"], "tag": kinds["record", "member", "done"],
        "group": kinds["record", "group", "queued"], "delivery": kinds["delivery", None, None],
        "erasure": kinds["erasure", "member", None],
    }
    return Proofs(shop, shop.ws.audit.key(), entries, early, growth)


def read_back(proof: Any) -> Json:
    read: Json = json.loads(json.dumps(proof.to_json()))
    return read


def bytes_of(proof: object) -> bytes:
    return json.dumps(proof, ensure_ascii=False).encode()


def refused(proof: object, keys: tuple[VerifierKey, ...] = ()) -> BadProof:
    with pytest.raises(BadProof) as caught:
        check_proof(bytes_of(proof), keys)
    return caught.value


NAMES = ("push", "tag", "group", "delivery", "erasure")


@pytest.mark.parametrize("name", NAMES)
def test_an_entry_is_proven(proofs: Proofs, name: str) -> None:
    entry = proofs.entries[name]
    for keys in ((), (proofs.key,)):
        shown = check_proof(bytes_of(proofs.one(name)), keys)
        assert list(shown.says) == [entry["says"]]
        assert (shown.key, shown.is_trusted, shown.old_leaves) == (proofs.key, bool(keys), None)
        assert shown.body.size == len(proofs.early["entries"])
    assert ("header" in entry, "answer" in entry) == (name in ("push", "tag", "group"), name == "delivery")


def test_what_a_proof_says_is_what_the_log_shows(proofs: Proofs) -> None:
    said = {each["says"]["id"]: each["says"] for each in proofs.early["entries"] if each["says"]["kind"] == "record"}
    shown = [record for record in proofs.shop.log() if record.seq < len(proofs.early["entries"])]
    assert set(said) == {record.id for record in shown}
    for record in shown:
        says = said[record.id]
        for name in ("seq", "run", "occurrence", "playbook", "version", "step", "action", "channel", "content", "arm", "status"):
            assert says[name] == getattr(record, name), name
    delivery = proofs.entries["delivery"]["says"]
    assert (delivery["outcome"], delivery["attempt"]) == ("sent", 1)
    # Erased after it was delivered: what was to go is in no proof.
    assert not {"channel_id", "error", "salt", "text_digest"} & set(delivery)


def ways(value: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The places of all that a proof holds."""
    if place:
        yield place
    if isinstance(value, dict):
        for name, part in value.items():
            yield from ways(part, (*place, name))
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from ways(part, (*place, number))


def with_change(proof: Json, place: tuple[str | int, ...], change: Callable[[Any, Any], None]) -> Json:
    changed: Json = json.loads(bytes_of(proof))
    holder: Any = changed
    for name in place[:-1]:
        holder = holder[name]
    change(holder, place[-1])
    return changed


def others(value: Any) -> list[Any]:
    """Values of other kinds in the place of one, and values like it."""
    alike: list[Any] = [None, True, False, 0, 1.0, "", "x", [], {}, float("nan")]
    if isinstance(value, str):
        alike += [value + "x", value[:-1], value.upper(), value + "\n"]
    elif isinstance(value, int):
        alike += [value + 1, -value, float(value), str(value), 2**70]
    return [other for other in alike if repr(other) != repr(value)]


@pytest.mark.parametrize("name", [*NAMES, "growth"])
def test_whatever_is_missing_or_replaced_is_refused(proofs: Proofs, name: str) -> None:
    proof = proofs.growth if name == "growth" else proofs.one(name)
    check_proof(bytes_of(proof))
    # Who finds no signed checkpoint of the old length takes the proof by its number; the key of the old one is then of no use.
    spare = {("old",), ("old_key",)}
    for place in ways(proof):
        value = with_value(proof, place)
        if place not in spare:
            refused(with_change(proof, place, lambda holder, key: holder.pop(key)))
        for other in others(value):
            if place in spare and other is None:
                continue
            changed = with_change(proof, place, lambda holder, key, other=other: holder.__setitem__(key, other))
            refused(changed)


def with_value(proof: Json, place: tuple[str | int, ...]) -> Any:
    value: Any = proof
    for name in place:
        value = value[name]
    return value


@pytest.mark.parametrize("name", [*NAMES, "growth"])
def test_every_hex_digit_counts(proofs: Proofs, name: str) -> None:
    proof = proofs.growth if name == "growth" else proofs.one(name)
    random, tried = Random(name), 0
    for place in ways(proof):
        value = with_value(proof, place)
        if place[0] not in ("entries", "path", "old_root") or "says" in place or not isinstance(value, str):
            continue
        for at, digit in enumerate(value):
            other = random.choice([each for each in "0123456789abcdef" if each != digit])
            changed = with_change(
                proof, place, lambda holder, key, text=value[:at] + other + value[at + 1 :]: holder.__setitem__(key, text)
            )
            tried += 1
            reason = refused(changed, (proofs.key,)).reason
            assert reason in ("root", "old_root", "entry", "differs"), place
    assert tried > 64


def test_every_byte_of_a_checkpoint_counts(proofs: Proofs) -> None:
    proof = proofs.one("erasure")
    note = proof["checkpoint"]
    for at in range(len(note)):
        for changed in (note[:at] + note[at + 1 :], note[:at] + chr(ord(note[at]) ^ 1) + note[at + 1 :]):
            refused({**proof, "checkpoint": changed}, (proofs.key,))


def test_entries_that_were_swapped_are_refused(proofs: Proofs) -> None:
    first, second = proofs.entries["push"], proofs.entries["tag"]
    for name in ("entry", "header", "path", "index", "says"):
        swapped = [{**first, name: second[name]}, {**second, name: first[name]}]
        refused({**proofs.early, "entries": swapped})
    # Each of them is proven by itself, so that their order says nothing.
    shown = check_proof(bytes_of({**proofs.early, "entries": [second, first]}))
    assert [says["seq"] for says in shown.says] == [second["index"], first["index"]]


def test_a_proof_to_another_checkpoint_is_refused(proofs: Proofs) -> None:
    proof = proofs.one("push")
    assert refused({**proof, "checkpoint": proofs.growth["new"]}).reason in ("length", "root")
    assert refused({**proofs.growth, "old": proofs.growth["new"]}).reason == "differs"
    # The same tree, signed by somebody else: they say so themselves, and whoever knows the key is not deceived.
    body = read_checkpoint(proof["checkpoint"].encode())
    stranger = SigningKey(bytes(range(32)))
    text = CheckpointBody(body.origin, body.leaves, body.root).to_text()
    forged = {
        **proof, "key": stranger.verifier(body.origin).to_text(),
        "checkpoint": sign_note(text, body.origin, stranger).to_bytes().decode(),
    }
    assert not check_proof(bytes_of(forged)).is_trusted
    assert refused(forged, (proofs.key,)).reason == "unknown"
    # Signed by the log's own key, though under the name of another log.
    (line,) = read_note(proof["checkpoint"].encode()).signatures
    other = proof["checkpoint"].replace(body.origin, "other.log", 1)
    assert refused({**proof, "checkpoint": other}, (proofs.key,)).reason == "signature"
    assert line.name == body.origin


def signed_by_a_stranger(data: bytes, says: Json, **parts: str) -> Json:
    """The proof of an entry that is alone in a log of somebody else."""
    key, origin = SigningKey(bytes(32)), "shop.example"
    note = sign_note(CheckpointBody(origin, 1, leaf_hash(data)).to_text(), origin, key).to_bytes().decode()
    one = {"index": 0, "says": says, "entry": data.hex(), **parts, "path": []}
    return {
        "format": 1, "proof": "inclusion", "key": key.verifier(origin).to_text(), "checkpoint": note, "entries": [one],
    }


def test_a_log_that_is_none_proves_nothing() -> None:
    sound = erasure_entry(0, 0, bytes(16), 0)
    check_proof(bytes_of(signed_by_a_stranger(sound, told(sound, None))))
    # An entry that says of itself that it is another, of a kind of unit that there is not, beyond all time, or no entry.
    other = erasure_entry(1, 0, bytes(16), 0)
    late = erasure_entry(0, 0, bytes(16), 2**63 - 1)
    for data, says in ((other, told(other, None)), (erasure_entry(0, 2, bytes(16), 0), {}), (late, {}), (b"hello", {})):
        assert refused(signed_by_a_stranger(data, says)).reason == "entry"
    # What has no other part.
    assert refused(signed_by_a_stranger(sound, told(sound, None), header="00")).reason == "entry"
    first = first_entry(0, 0, 0, 1, 0, bytes(32))
    assert check_proof(bytes_of(signed_by_a_stranger(first, told(first, None)))).says[0]["kind"] == "delivery"
    assert refused(signed_by_a_stranger(first, told(first, None), answer="00")).reason == "entry"
    # A header that fits the record and is none.
    for header in (b"\3\1", b"\3\1" + b"\0\0\0\0" * 15):
        record = record_entry((sha256(header).digest(), 0, 0, bytes(16), 0, 0, 0, bytes(32)))
        assert refused(signed_by_a_stranger(record, {}, header=header.hex())).reason == "entry"


def test_a_checkpoint_that_the_caller_holds(proofs: Proofs) -> None:
    early = read_checkpoint(proofs.early["checkpoint"].encode())
    later = read_checkpoint(proofs.growth["new"].encode())
    for proof, place in ((proofs.one("tag"), "checkpoint"), (proofs.growth, "old")):
        assert check_proof(bytes_of(proof), (proofs.key,), (), early).body.origin == early.origin
        for other in (later, replace(early, root=bytes(32)), replace(early, origin="other.log")):
            with pytest.raises(BadProof) as caught:
                check_proof(bytes_of(proof), (proofs.key,), (), other)
            assert (caught.value.reason, caught.value.place) == ("differs", place)


def test_what_is_no_proof_is_refused() -> None:
    for data in (b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"format": true}', b'{"format": 2}'):
        with pytest.raises(BadProof) as caught:
            check_proof(data)
        assert caught.value.reason == "form"


def test_a_file_that_is_far_too_long_is_not_read(proofs: Proofs) -> None:
    with pytest.raises(BadProof, match="form"):
        check_proof(bytes_of(proofs.one("tag")) + b" " * MAX_BYTES)


def test_an_early_proof_holds_for_what_the_log_became(proofs: Proofs) -> None:
    shown = check_proof(bytes_of(proofs.one("push")), (proofs.key,))
    grown = check_proof(bytes_of(proofs.growth), (proofs.key,))
    assert (grown.old_leaves, proofs.growth["old_root"]) == (shown.body.size, shown.body.root.hex())
    assert grown.body.size > shown.body.size
    # Which is what a proof to the later checkpoint says directly.
    index = proofs.entries["push"]["index"]
    with SqliteStore.open(proofs.shop.path) as store, store.snapshot():
        later = read_back(prove_entries(store, [index]))
    assert check_proof(bytes_of(later), (proofs.key,)).body == grown.body
    assert later["entries"][0]["entry"] == proofs.entries["push"]["entry"]
    assert later["entries"][0]["path"] != proofs.entries["push"]["path"]


def test_erasing_changes_no_proof(proofs: Proofs, tmp_path: Path) -> None:
    shop = proofs.shop.copy(tmp_path / "shop")
    record = next(record for record in shop.log() if record.member_id == "u1" and record.status == "queued")
    before = read_back(shop.ws.audit.prove(record.id))
    kept = shop.ws.audit.signed().note
    shop.ws.members.erase(["u1"], at=when("2026-11-20 10:00"))
    after = read_back(shop.ws.audit.prove(record.id))
    bare = [[{**entry, "path": None} for entry in proof["entries"]] for proof in (before, after)]
    assert len(bare[0]) == 2
    assert bare[0] == bare[1]
    check_proof(bytes_of(after), (proofs.key,))
    grown = check_proof(bytes_of(read_back(shop.ws.audit.consistency(kept))), (proofs.key,))
    assert grown.old_leaves == check_proof(bytes_of(before), (proofs.key,)).body.size


def test_a_log_of_several_keys(proofs: Proofs, tmp_path: Path) -> None:
    shop = proofs.shop.copy(tmp_path / "shop")
    old = shop.ws.audit.signed()
    assert shop.ws.audit.change_key()
    shop.run("2026-11-20 21:05")
    growth = read_back(shop.ws.audit.consistency(old.note))
    assert (growth["old_key"], growth["key"]) == (old.key, shop.ws.audit.key().to_text())
    assert not check_proof(bytes_of(growth)).is_trusted
    both = (read_verifier_key(growth["key"]), read_verifier_key(growth["old_key"]))
    assert check_proof(bytes_of(growth), both).old_leaves == old.leaves
    for key in both:
        assert refused(growth, (key,)).reason == "unknown"
    # The checkpoint at which the key changed carries both signatures.
    changed = read_back(shop.ws.audit.consistency(old.leaves))
    for key in both[:1]:
        assert check_proof(bytes_of(changed), (key,)).old_leaves == old.leaves


def test_nothing_is_proven_that_is_not_signed(proofs: Proofs, tmp_path: Path) -> None:
    shop = proofs.shop.copy(tmp_path / "shop")
    newest = shop.ws.audit.signed().leaves
    for (name,) in shop.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
        shop.change(f"DROP TRIGGER {name}")
    last = shop.log()[-1]
    shop.change("UPDATE signers SET public = zeroblob(32)")
    with pytest.raises(CannotRun, match="D460"):
        shop.ws.audit.prove(last.id)
    shop.change("UPDATE signers SET public = ?", proofs.key.public)
    shop.ws.audit.prove(last.id)
    shop.change("DELETE FROM checkpoints WHERE leaves = ?", newest)
    with pytest.raises(CannotRun, match="D460"):
        shop.ws.audit.prove(last.id)
    shop.change("DELETE FROM checkpoints")
    for asked in (shop.ws.audit.signed, lambda: shop.ws.audit.consistency(0), lambda: shop.ws.audit.prove(last.id)):
        with pytest.raises(CannotRun, match="D460"):
            asked()
