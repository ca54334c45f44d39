"""The log as evidence on the command line: verifying, signing, witnesses, proofs, and keys that change or are lost."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from sqlite3 import connect
from typing import Any

import pytest
from qingting.cli import run_command
from qingting.engine.log.encoding import HeaderFields, header_body, header_digest, record_entry
from qingting.engine.log.merkle import leaf_hash
from qingting.engine.log.notes import (
    COSIGNATURE,
    CheckpointBody,
    NoteSignature,
    SigningKey,
    VerifierKey,
    read_note,
    sign_note,
)
from qingting.engine.log.proving.telling import told as told_of

from .conftest import EVENING, Type

NEXT = "2026-11-21T20:00"
TIME = 1732276800
DAILY = """
剧本 "每日"
  面向 有标签 "企微好友"
  每天 20:00
    打标签 "兴趣:猫粮"
"""
SEED = SigningKey(b"\x06" * 32)
WITNESS = VerifierKey("witness.example/w", SEED.public, COSIGNATURE)


@pytest.fixture(scope="session")
def signed(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace after a run and a delivery."""
    root = tmp_path_factory.mktemp("signed") / "shop"
    shutil.copytree(template, root)
    (playbook,) = root.glob("playbooks/*.sop")
    playbook.write_text(playbook.read_text(encoding="utf-8").replace("熔断 50%", "熔断 100%") + DAILY, encoding="utf-8")
    for line in (["run", "--at", EVENING], ["deliver", "--once", "--at", "2026-11-20T20:05"]):
        assert run_command([*line, "-C", str(root)], {"LANG": "C.UTF-8"}) == 0
    return root


@pytest.fixture
def shop(signed: Path, tmp_path: Path) -> Path:
    """A copy of it for one test."""
    root = tmp_path / "shop"
    shutil.copytree(signed, root)
    return root


def written(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8", newline="")
    return str(path)


def first_record(type_in: Type, **wanted: str) -> dict[str, Any]:
    records = type_in("log", "--json").json["records"]
    return next(each for each in records if all(each[name] == value for name, value in wanted.items()))


def cosignature(note: str) -> str:
    text = read_note(note.encode()).text
    signature = TIME.to_bytes(8, "big") + SEED.sign(f"cosignature/v1\ntime {TIME}\n{text}".encode())
    return NoteSignature(WITNESS.name, WITNESS.key_id, signature).to_line()


def tamper(shop: Path, statement: str, *values: object) -> None:
    with closing(connect(shop / "qingting.db", isolation_level=None)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        assert connection.execute(statement, values).rowcount > 0


# Verifying


def test_a_sound_log(type_in: Type) -> None:
    told = type_in("log", "verify")
    assert (told.code, told.err) == (0, "")
    assert told.out.startswith("日志完好\n看过:记录 ")
    assert type_in("log", "verify", "--lang", "en").out.startswith("the log is sound\nlooked at: ")
    answer = type_in("log", "verify", "--json").json
    assert list(answer)[2:] == [
        "sound", "origin", "leaves", "root", "records", "deliveries", "erasures", "checkpoints", "runs", "outside", "keys",
        "keys_given", "absent", "findings",
    ]
    assert (answer["sound"], answer["findings"], answer["outside"], answer["keys_given"]) == (True, [], 0, False)
    assert answer["leaves"] == answer["records"] + answer["deliveries"] > answer["records"] > 0
    assert answer["keys"] == [type_in("log", "key").out.strip()]


def test_a_log_that_somebody_changed(shop: Path, type_in: Type) -> None:
    record = type_in("log", "--json").json["records"][0]
    tamper(shop, "UPDATE dispatches SET t = t + 1 WHERE seq IN (?, (SELECT max(seq) FROM dispatches))", record["seq"])
    told = type_in("log", "verify", "--lang", "en")
    assert told.code == 1
    named = f"entry {record['seq']} is not what its leaf is the hash of (record {record['id']}, playbook {record['playbook']})"
    assert told.out.splitlines()[0] == f"D405 {named}"
    answer = type_in("log", "verify", "--json")
    found = answer.json["findings"]
    assert (answer.code, answer.json["sound"]) == (1, False)
    assert [each["code"] for each in found] == ["D405", "D405"]
    assert list(found[0]) == ["code", "seq", "message", "params"]
    assert (found[0]["seq"], found[0]["params"]["id"]) == (record["seq"], record["id"])


def test_what_stands_in_a_changed_store_cannot_speak_for_the_program(shop: Path, type_in: Type) -> None:
    tamper(shop, "UPDATE steps SET playbook = 'x' || char(10) || 'the log is sound' || CAST(x'1bff' AS TEXT) WHERE step = 1")
    told = type_in("log", "verify", "--lang", "en")
    assert told.code == 1
    assert not [line for line in told.out.splitlines() if line.startswith("the log is sound")]
    assert "playbook x the log is sound\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER})" in told.out
    assert type_in("log", "verify", "--json").json["sound"] is False


def test_by_a_key_that_was_handed_over(shop: Path, type_in: Type, tmp_path: Path) -> None:
    key = type_in("log", "key").out
    for given in (key.strip(), written(tmp_path / "audit.pub", key)):
        told = type_in("log", "verify", "--key", given, "--json")
        assert (told.code, told.json["keys_given"], told.json["keys"]) == (0, True, [key.strip()])
    other = SigningKey(bytes(32)).verifier(key.partition("+")[0]).to_text()
    told = type_in("log", "verify", "--key", other, "--lang", "en")
    assert told.code == 1
    assert told.out.startswith("D415 the signature of the checkpoint at ")
    assert type_in("log", "verify", "--key", key.strip(), "--key", other).code == 0
    assert "D469" in type_in("log", "verify", "--key", "a+b").err
    assert "C123" in type_in("log", "verify", "--key", str(tmp_path / "none.pub")).err


def test_against_a_checkpoint_that_was_kept(shop: Path, type_in: Type, tmp_path: Path) -> None:
    kept = written(tmp_path / "kept.txt", type_in("log", "checkpoint").out)
    shutil.copy(shop / "qingting.db", tmp_path / "older.db")
    assert type_in("run", "--at", NEXT).code == 0
    newer = written(tmp_path / "newer.txt", type_in("log", "checkpoint").out)
    told = type_in("log", "verify", "--checkpoint", kept, "--checkpoint", newer, "--json")
    assert (told.code, told.json["outside"]) == (0, 2)
    assert type_in("log", "verify", "--checkpoint", kept).out.startswith("日志完好,也和别处留着的检查点一致\n")
    # The store is put back, and what would tell beside it is gone.
    shutil.copy(tmp_path / "older.db", shop / "qingting.db")
    (shop / ".qingting" / "fence").unlink()
    assert type_in("log", "verify").code == 0
    told = type_in("log", "verify", "--checkpoint", newer, "--lang", "en")
    assert told.code == 1
    assert told.out.startswith(f"D418 {newer} was signed for ")
    assert "D417" in type_in("log", "verify", "--checkpoint", str(shop / "qingting.yaml")).out


# Signing


def test_a_checkpoint_is_printed_byte_for_byte(shop: Path, type_in: Type) -> None:
    printed = type_in("log", "checkpoint").out
    with closing(connect(shop / "qingting.db")) as connection:
        rows = connection.execute("SELECT leaves, note FROM checkpoints ORDER BY leaves").fetchall()
    assert printed.encode() == rows[-1][1] == (shop / ".qingting" / "fence").read_bytes()
    origin, leaves, _, empty, line, end = printed.split("\n")
    assert (int(leaves), empty, end) == (rows[-1][0], "", "")
    assert line.startswith(f"— {origin} ")
    assert type_in("log", "checkpoint", "--leaves", str(rows[0][0])).out.encode() == rows[0][1]
    answer = type_in("log", "checkpoint", "--json").json
    assert list(answer)[2:] == ["checkpoint", "leaves", "root", "key", "unsigned"]
    assert (answer["checkpoint"], answer["leaves"], answer["unsigned"]) == (printed, rows[-1][0], 0)
    assert f"{answer['key']}\n" == type_in("log", "key").out
    missing = type_in("log", "checkpoint", "--leaves", "999999")
    assert (missing.code, missing.out) == (2, "")
    assert "D462" in missing.err
    assert "D462" in type_in("log", "checkpoint", "--leaves", "9" * 20).err


def test_a_log_that_was_never_signed(template: Path, type_in: Type) -> None:
    for line in (("checkpoint",), ("key",), ("consistency", "0")):
        told = type_in("log", *line, place=template)
        assert (told.code, told.out) == (3, "")
        assert "D460" in told.err
    assert type_in("log", "verify", place=template).code == 0


def test_a_witness_signs(shop: Path, type_in: Type, tmp_path: Path) -> None:
    printed = type_in("log", "checkpoint").out
    line = cosignature(printed)
    key = written(tmp_path / "witness.pub", f"{WITNESS}\n")
    assert type_in("log", "cosign", written(tmp_path / "line.txt", line), "--witness", key).out == "收下 1 个签名\n"
    assert type_in("log", "checkpoint").out == printed + line
    # The same again, as a whole note.
    whole = written(tmp_path / "whole.txt", printed + line)
    assert type_in("log", "cosign", whole, "--json").json["added"] == 0
    assert type_in("log", "verify", "--witness", str(WITNESS), "--checkpoint", whole).code == 0
    assert type_in("run", "--at", NEXT).code == 0
    # For what is older now, the whole note says which checkpoint it is.
    other = SigningKey(b"\x07" * 32)
    second = VerifierKey("second.example", other.public, COSIGNATURE)
    text = read_note(printed.encode()).text
    blob = TIME.to_bytes(8, "big") + other.sign(f"cosignature/v1\ntime {TIME}\n{text}".encode())
    late = written(tmp_path / "late.txt", printed + NoteSignature(second.name, second.key_id, blob).to_line())
    assert type_in("log", "cosign", late, "--witness", str(second), "--lang", "en").out == "signatures kept: 1\n"
    leaves = printed.split("\n")[1]
    assert len(read_note(type_in("log", "checkpoint", "--leaves", leaves).out.encode()).signatures) == 3
    assert len(read_note(type_in("log", "checkpoint").out.encode()).signatures) == 1


def test_what_is_no_signature_of_a_witness(shop: Path, type_in: Type, tmp_path: Path) -> None:
    printed = type_in("log", "checkpoint").out
    _, leaves, root = printed.split("\n")[:3]
    forged = NoteSignature(WITNESS.name, WITNESS.key_id, bytes(72)).to_line()
    own = read_note(printed.encode()).signatures[0]
    as_the_log = NoteSignature(own.name, own.key_id, bytes(64)).to_line()
    many = "".join(NoteSignature(f"w{number}", bytes(4), bytes(72)).to_line() for number in range(100))
    for text, options, code in (
        (forged, ("--witness", str(WITNESS)), "D468"),
        (many, ("--witness", str(WITNESS)), "D468"),
        (as_the_log, (), "D468"),
        (printed, ("--witness", str(WITNESS)), "D468"),
        ("hello\n", (), "D466"),
        (printed.replace(f"\n{leaves}\n", f"\n{int(leaves) + 1}\n"), (), "D467"),
        (printed.replace(root, "A" * 43 + "="), (), "D467"),
        (many, (), "D479"),
    ):
        told = type_in("log", "cosign", written(tmp_path / "given.txt", text), *options)
        assert (told.code, told.out) == (2, ""), code
        assert code in told.err
    assert type_in("log", "checkpoint").out == printed


# Proofs


def test_a_proof_is_checked_in_an_empty_folder(type_in: Type, tmp_path: Path) -> None:
    record = first_record(type_in, status="queued")
    told = type_in("log", "prove", record["id"][:12])
    proof = written(tmp_path / "proof.json", told.out)
    assert list(json.loads(told.out)) == ["format", "proof", "key", "checkpoint", "entries"]
    key = type_in("log", "key").out.strip()
    empty = tmp_path / "empty"
    empty.mkdir()
    checked = type_in("log", "verify-proof", proof, "--lang", "zh", place=empty)
    assert (checked.code, checked.err) == (0, "")
    assert checked.out.startswith("成立:这些内容在签过名的日志里\n")
    assert checked.out.splitlines()[-1].startswith("用的是文件自己带的公钥")
    checked = type_in("log", "verify-proof", proof, "--key", key, "--lang", "en", place=empty)
    assert checked.out.splitlines()[-1] == f"verified by the key you gave: {key}"
    answer = type_in("log", "verify-proof", proof, "--key", key, "--json", place=empty).json
    assert list(answer)[2:] == [
        "proven", "origin", "leaves", "root", "key", "key_given", "old_leaves", "witnesses", "entries",
    ]
    assert (answer["proven"], answer["key_given"], answer["witnesses"]) == (True, True, [])
    assert [each["kind"] for each in answer["entries"]] == ["record", "delivery"]
    entry = answer["entries"][0]
    assert {name: entry[name] for name in ("id", "seq", "member", "step")} == {
        name: record[name] for name in ("id", "seq", "member", "step")
    }
    assert list(empty.iterdir()) == []


def test_a_proof_with_a_witness(type_in: Type, tmp_path: Path) -> None:
    line = cosignature(type_in("log", "checkpoint").out)
    assert type_in("log", "cosign", written(tmp_path / "line.txt", line)).code == 0
    proof = written(tmp_path / "proof.json", type_in("log", "prove", first_record(type_in)["id"]).out)
    told = type_in("log", "verify-proof", proof, "--witness", str(WITNESS), "--lang", "en")
    assert "witness witness.example/w signed at 2024-11-22T12:00:00+00:00" in told.out.splitlines()


def change(proof: dict[str, Any], *way: str | int, to: object) -> str:
    changed = json.loads(json.dumps(proof))
    place = changed
    for name in way[:-1]:
        place = place[name]
    place[way[-1]] = to
    return json.dumps(changed)


def test_a_proof_that_somebody_changed(type_in: Type, tmp_path: Path) -> None:
    record = first_record(type_in, status="queued")
    proof = json.loads(type_in("log", "prove", record["id"]).out)
    entry = proof["entries"][0]
    other = json.loads(type_in("log", "prove", first_record(type_in, status="done")["id"]).out)["entries"][0]
    flipped = entry["path"][0][:-1] + format(int(entry["path"][0][-1], 16) ^ 1, "x")
    note = proof["checkpoint"]
    key = SigningKey(bytes(32)).verifier(note.partition("\n")[0]).to_text()
    for changed, code, place in (
        ("{}", "D470", "format"),
        ("not json", "D470", "proof.json"),
        (change(proof, "entries", to=[]), "D470", "entries"),
        (change(proof, "key", to="nobody"), "D471", "key"),
        (change(proof, "checkpoint", to=note.replace(note.split("\n")[2], "A" * 43 + "=")), "D472", "checkpoint"),
        (change(proof, "key", to=key), "D473", "checkpoint"),
        (change(proof, "entries", 0, "header", to=other["header"]), "D475", "entries[0]"),
        (change(proof, "entries", 0, "says", "member", to="0" * 32), "D476", "entries[0]"),
        (change(proof, "entries", 0, "path", 0, to=flipped), "D478", "entries[0]"),
        (change(proof, "entries", 0, to={**other, "path": entry["path"]}), "D478", "entries[0]"),
    ):
        path = written(tmp_path / "proof.json", changed)
        told = type_in("log", "verify-proof", path)
        assert (told.code, told.out) == (1, ""), code
        assert f"{code}: " in told.err
        assert place in told.err
        answer = type_in("log", "verify-proof", path, "--json")
        assert (answer.code, answer.json["error"]["code"]) == (1, code)
    assert type_in("log", "verify-proof", str(tmp_path / "none.json")).code == 3


def test_what_a_proof_says_cannot_speak_for_the_program(type_in: Type, tmp_path: Path) -> None:
    key, origin = SigningKey(bytes(32)), "shop.example"
    fields = HeaderFields(
        run="", decided_at=0, playbook="x\nverified by the key you gave: y\x1b[2J", version="", block=0, category="service", step="",
        action="tag", channel=None, content=None, params="[" * 100_000, arm=None, status="done", reason=None, occurrence="",
    )
    for params, code in (("[" * 100_000, 1), ("{}", 0)):
        header = header_body(replace(fields, params=params))
        entry = record_entry((header_digest(header), 0, 0, bytes(16), 0, 0, 0, bytes(32)))
        note = sign_note(CheckpointBody(origin, 1, leaf_hash(entry)).to_text(), origin, key).to_bytes().decode()
        says = told_of(entry, header) if not code else {}
        one = {"index": 0, "says": says, "entry": entry.hex(), "header": header.hex(), "path": []}
        proof = {
            "format": 1, "proof": "inclusion", "key": key.verifier(origin).to_text(), "checkpoint": note, "entries": [one],
        }
        told = type_in("log", "verify-proof", written(tmp_path / "proof.json", json.dumps(proof)), "--lang", "en")
        assert told.code == code
        assert not [line for line in told.out.splitlines() if line.startswith("verified")]
        assert "\x1b" not in told.out


def test_growth_by_file_and_by_number(shop: Path, type_in: Type, tmp_path: Path) -> None:
    old = type_in("log", "checkpoint").out
    leaves = int(old.split("\n")[1])
    kept = written(tmp_path / "kept.txt", old)
    assert type_in("run", "--at", NEXT).code == 0
    new = int(type_in("log", "checkpoint").out.split("\n")[1])
    for arguments in ((kept,), (str(leaves),), (kept, str(new)), (str(leaves), str(new))):
        told = type_in("log", "consistency", *arguments)
        proof = json.loads(told.out)
        assert list(proof) == ["format", "proof", "key", "old", "old_key", "old_leaves", "old_root", "new", "path"]
        assert (proof["old"], proof["old_leaves"]) == (old, leaves)
        checked = type_in("log", "verify-proof", written(tmp_path / "growth.json", told.out), "--lang", "en")
        assert checked.code == 0
        assert checked.out.startswith(f"it holds: from {leaves} to {new} entries the log only grew\n")
        assert type_in("log", "verify-proof", str(tmp_path / "growth.json"), "--checkpoint", kept).code == 0
    # Whoever kept a checkpoint asks for growth from that one, and for records in that one.
    newer = written(tmp_path / "newer.txt", type_in("log", "checkpoint").out)
    other = type_in("log", "verify-proof", str(tmp_path / "growth.json"), "--checkpoint", newer)
    assert (other.code, other.out) == (1, "")
    assert "D477" in other.err
    proof = written(tmp_path / "proof.json", type_in("log", "prove", first_record(type_in)["id"]).out)
    assert type_in("log", "verify-proof", proof, "--checkpoint", newer).code == 0
    assert "D477" in type_in("log", "verify-proof", proof, "--checkpoint", kept).err
    assert "D466" in type_in("log", "verify-proof", proof, "--checkpoint", proof).err
    # Any length will do, though nothing was signed there.
    told = type_in("log", "consistency", "1")
    assert json.loads(told.out)["old"] is None
    assert type_in("log", "verify-proof", written(tmp_path / "growth.json", told.out)).code == 0
    for arguments, exit_code, code in (
        (("1", "2"), 2, "D462"),
        ((str(new), str(leaves)), 2, "D463"),
        ((kept.replace("kept", "none"),), 3, "C123"),
        ((str(shop / "qingting.yaml"),), 2, "D466"),
        ((written(tmp_path / "other.txt", old.replace("qingting.log", "other.log", 1)),), 3, "D464"),
        ((written(tmp_path / "rewritten.txt", old.replace(old.split("\n")[2], "A" * 43 + "=")),), 3, "D465"),
        ((written(tmp_path / "strange.txt", old.replace(old.split("\n")[-2], cosignature(old)[:-1])),), 3, "D464"),
    ):
        told = type_in("log", "consistency", *arguments)
        assert (told.code, told.out) == (exit_code, ""), code
        assert code in told.err


# Keys


def test_a_new_key_beside_the_former(shop: Path, type_in: Type, tmp_path: Path) -> None:
    former = type_in("log", "key").out.strip()
    leaves = type_in("log", "checkpoint").out.split("\n")[1]
    told = type_in("log", "new-key", "--lang", "en")
    assert told.code == 0
    new = told.out.splitlines()[-1]
    assert new == type_in("log", "key").out.strip() != former
    assert "signed by both" in told.out
    both = type_in("log", "checkpoint").out
    for key in (former, new):
        assert type_in("log", "verify", "--checkpoint", written(tmp_path / "both.txt", both), "--key", key, "--key", former).code == 0
        proof = written(tmp_path / "proof.json", type_in("log", "prove", first_record(type_in)["id"]).out)
        assert type_in("log", "verify-proof", proof, "--key", key).code == 0
    assert type_in("run", "--at", NEXT).code == 0
    assert type_in("log", "verify").code == 0
    assert type_in("log", "verify", "--key", former, "--key", new).code == 0
    assert type_in("log", "verify", "--key", written(tmp_path / "audit.pub", f"{former}\n{new}\n")).code == 0
    assert "D415" in type_in("log", "verify", "--key", former).out
    # A proof over the change names both keys; whoever gives keys gives both.
    growth = written(tmp_path / "growth.json", type_in("log", "consistency", "1").out)
    assert type_in("log", "verify-proof", growth, "--key", new).code == 0
    growth = written(tmp_path / "growth.json", type_in("log", "consistency", leaves).out)
    assert type_in("log", "verify-proof", growth).code == 0
    assert type_in("log", "verify-proof", growth, "--key", former, "--key", new).code == 0
    assert "D473" in type_in("log", "verify-proof", growth, "--key", former).err


def test_a_key_that_is_lost(shop: Path, type_in: Type, tmp_path: Path) -> None:
    kept = written(tmp_path / "kept.txt", type_in("log", "checkpoint").out)
    path = shop / ".qingting" / "log.key"
    former = path.read_text()
    path.unlink()
    for line in (("run", "--at", NEXT), ("deliver", "--once", "--at", NEXT), ("erase", "M002", "--at", NEXT)):
        told = type_in(*line, "--lang", "en")
        assert (told.code, told.out) == (3, ""), line
        assert "D205" in told.err
        assert "qingting log new-key" in told.err
    assert not path.exists()
    path.write_text("01" * 32)
    told = type_in("run", "--at", NEXT, "--lang", "en")
    assert told.code == 3
    assert "D206" in told.err
    verified = type_in("log", "verify")
    assert (verified.code, verified.out[:5]) == (1, "D414 ")
    path.write_text(former)
    assert type_in("run", "--at", NEXT).code == 0
    path.unlink()
    answer = type_in("log", "new-key", "--json").json
    assert (answer["signed_by_both"], answer["key"]) == (False, type_in("log", "key").out.strip())
    assert type_in("run", "--at", "2026-11-22T20:00").code == 0
    assert type_in("log", "verify").code == 0
    # Nobody signed for the new key, but what it signs goes on from what was kept.
    growth = written(tmp_path / "growth.json", type_in("log", "consistency", kept).out)
    assert type_in("log", "verify-proof", growth, "--checkpoint", kept).code == 0


def test_only_the_owner_reads_the_key(shop: Path, type_in: Type) -> None:
    path = shop / ".qingting" / "log.key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert type_in("log", "new-key").code == 0
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(bytes.fromhex(path.read_text())) == 32


def test_another_name_for_the_log(template: Path, type_in: Type, tmp_path: Path) -> None:
    root = tmp_path / "named"
    shutil.copytree(template, root)
    settings = root / "qingting.yaml"
    settings.write_text(settings.read_text(encoding="utf-8") + "log_origin: shop.example/log\n", encoding="utf-8")
    assert type_in("run", "--at", EVENING, place=root).code == 0
    origin, number = type_in("log", "checkpoint", place=root).out.split("\n")[0].rsplit("/", 1)
    assert origin == "shop.example/log"
    assert len(number) == 32
    assert type_in("log", "key", "--json", place=root).json["origin"] == f"{origin}/{number}"


def test_a_store_that_was_put_back_goes_on_as_another_log(shop: Path, type_in: Type, tmp_path: Path) -> None:
    before = type_in("log", "checkpoint").out
    key = type_in("log", "key").out.strip()
    shutil.copy(shop / "qingting.db", tmp_path / "older.db")
    assert type_in("run", "--at", NEXT).code == 0
    lost = written(tmp_path / "lost.txt", type_in("log", "checkpoint").out)
    shutil.copy(tmp_path / "older.db", shop / "qingting.db")
    assert "D201" in type_in("run", "--at", "2026-11-22T20:00").err
    assert type_in("run", "--at", "2026-11-22T20:00", "--accept-restored", "2026-11-22T19:00").code == 0
    origin = type_in("log", "checkpoint").out.split("\n")[0]
    assert origin.startswith(before.split("\n")[0] + "/")
    assert type_in("log", "verify", "--checkpoint", written(tmp_path / "kept.txt", before)).code == 0
    assert {each["code"] for each in type_in("log", "verify", "--checkpoint", lost, "--json").json["findings"]} <= {"D418", "D419"}
    assert type_in("log", "verify", "--checkpoint", lost).code == 1
    # It has another name, for which the auditor needs another line, though the key is the same.
    now = type_in("log", "key").out.strip()
    assert now.partition("+")[0] == origin
    assert now != key
    assert "D415" in type_in("log", "verify", "--key", key).out
    assert type_in("log", "verify", "--key", key, "--key", now).code == 0
    told = type_in("log", "consistency", str(tmp_path / "kept.txt"))
    assert told.code == 3
    assert "D464" in told.err
    growth = type_in("log", "consistency", before.split("\n")[1]).out
    assert json.loads(growth)["old"] is None
    assert type_in("log", "verify-proof", written(tmp_path / "growth.json", growth)).code == 0


def test_a_proof_outlives_an_erasure(type_in: Type, tmp_path: Path) -> None:
    record = type_in("log", "--member", "M002", "--json").json["records"][0]
    before = type_in("log", "prove", record["id"]).out
    proof = written(tmp_path / "before.json", before)
    assert type_in("erase", "M002", "--at", "2026-11-20T21:00").code == 0
    assert type_in("log", "verify-proof", proof).code == 0
    assert type_in("log", "verify").code == 0
    after = json.loads(type_in("log", "prove", record["id"]).out)["entries"]
    assert [each["entry"] for each in after] == [each["entry"] for each in json.loads(before)["entries"]]


def test_files_may_come_from_stdin(type_in: Type, monkeypatch: pytest.MonkeyPatch) -> None:
    given = type_in("log", "prove", first_record(type_in)["id"]).out.encode()
    monkeypatch.setattr("sys.stdin", Stdin(given))
    assert type_in("log", "verify-proof", "-").code == 0


class Stdin:
    """Standard input with bytes."""

    def __init__(self, data: bytes) -> None:
        self.buffer = self
        self.read: Callable[[], bytes] = lambda: data


def names_in(value: object) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(names_in, value.values()))
    return set().union(*map(names_in, value)) if isinstance(value, list) else set()


def test_the_page_for_auditors_names_every_key(shop: Path, type_in: Type, tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "audit.md").read_text(encoding="utf-8")
    record = first_record(type_in, status="queued")
    told = type_in("log", "prove", record["id"])
    proof = json.loads(told.out)
    for entry in proof["entries"]:
        del entry["says"]
    checked = type_in("log", "verify-proof", written(tmp_path / "proof.json", told.out), "--json").json
    del checked["entries"]
    tamper(shop, "UPDATE dispatches SET t = t + 1 WHERE seq = ?", record["seq"])
    verified = type_in("log", "verify", "--json").json
    for finding in verified["findings"]:
        del finding["params"]
    growth = json.loads(type_in("log", "consistency", "1").out)
    for answer in (proof, growth, checked, verified, type_in("log", "checkpoint", "--json").json):
        assert {name for name in names_in(answer) if f"`{name}`" not in page} <= {"command"}


@pytest.mark.parametrize("broken", [
    "UPDATE meta SET value = 'x' WHERE key = 'leaves'",
    "UPDATE signers SET origin = 'a b'",
    "UPDATE headers SET params = CAST(x'ff' AS TEXT)",
])
def test_a_store_that_somebody_broke_is_a_fault_and_no_bug(shop: Path, type_in: Type, broken: str) -> None:
    record = first_record(type_in, status="queued")
    tamper(shop, broken)
    answers = [type_in("log", *line) for line in (("checkpoint",), ("prove", record["id"]), ("verify",))]
    assert {each.code for each in answers} <= {0, 1, 3}
    assert any("D208" in each.err for each in answers)
