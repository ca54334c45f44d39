"""What docs/audit.md tells auditors to type is typed here: OpenSSL, coreutils and bare Python agree with the log."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from qingting.engine.log.merkle import consistency_proof, inclusion_proof, leaf_hash, root, subtree_of
from qingting.engine.log.notes import (
    COSIGNATURE,
    CheckpointBody,
    NoteSignature,
    SigningKey,
    VerifierKey,
    add_signatures,
    sign_note,
)
from workspaces import Shop

PAGE = Path(__file__).parents[2] / "docs" / "audit.md"
TOOLS = PAGE.read_text(encoding="utf-8").partition("## Checking with other tools")[2]
PROVEN, PART, GROWN, CHECKPOINT, SEEN, LEAF, INCLUDED = re.findall(r"```sh\n(set -eu\n.*?)```", TOOLS, re.DOTALL)
(PYTHON,) = re.findall(r"```python\n(.*?)```", TOOLS, re.DOTALL)

ENTRIES = [bytes([number]) * 115 for number in range(11)]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]
KEY, WITNESS = SigningKey(b"\x05" * 32), SigningKey(b"\x06" * 32)
NAME = "qingting.log/0f0f"
WITNESS_KEY = VerifierKey("witness.example/w", WITNESS.public, COSIGNATURE)
TIME = 1732276800

pytestmark = pytest.mark.skipif(
    any(shutil.which(tool) is None for tool in ("openssl", "basenc", "awk", "od")), reason="the tools are not installed"
)


def note(size: int) -> bytes:
    text = CheckpointBody(NAME, size, root(LEAVES[:size])).to_text()
    seen = WITNESS.sign(f"cosignature/v1\ntime {TIME}\n{text}".encode())
    line = NoteSignature(WITNESS_KEY.name, WITNESS_KEY.key_id, TIME.to_bytes(8, "big") + seen)
    return add_signatures(sign_note(text, NAME, KEY), [line]).to_bytes()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "checkpoint.note").write_bytes(note(11))
    (tmp_path / "old.note").write_bytes(note(6))
    (tmp_path / "log.vkey").write_text(f"{KEY.verifier(NAME)}\n", encoding="utf-8")
    (tmp_path / "witness.vkey").write_text(f"{WITNESS_KEY}\n", encoding="utf-8")
    return tmp_path


def typed(folder: Path, *command: str, **variables: object) -> tuple[int, str]:
    env = {**os.environ, "LC_ALL": "C.UTF-8", **{name: str(value) for name, value in variables.items()}}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def shell(folder: Path, block: str, **variables: object) -> tuple[int, str]:
    return typed(folder, "sh", "-c", block, **variables)


def hexes(hashes: tuple[bytes, ...]) -> str:
    return " ".join(each.hex() for each in hashes)


def change(path: Path, old: bytes, new: bytes) -> None:
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new, 1))


def test_a_checkpoint(folder: Path) -> None:
    assert shell(folder, CHECKPOINT) == (0, "Signature Verified Successfully\n")
    change(folder / "checkpoint.note", b"\n11\n", b"\n12\n")
    assert shell(folder, CHECKPOINT)[0] != 0


def test_a_checkpoint_of_another_key(folder: Path) -> None:
    (folder / "log.vkey").write_text(str(WITNESS.verifier(NAME)), encoding="utf-8")
    assert shell(folder, CHECKPOINT)[0] != 0


def test_a_witness(folder: Path) -> None:
    assert shell(folder, SEEN) == (0, "Signature Verified Successfully\n2024-11-22T12:00:00Z\n")
    change(folder / "checkpoint.note", b"\n11\n", b"\n12\n")
    assert shell(folder, SEEN)[0] != 0


def test_a_leaf(folder: Path) -> None:
    assert shell(folder, LEAF, entry=ENTRIES[3].hex()) == (0, LEAVES[3].hex() + "\n")


def test_an_inclusion(folder: Path) -> None:
    for index in (0, 7, 8, 10):
        proof = inclusion_proof(index, 11, subtree_of(LEAVES))
        given = {"size": 11, "leaf": LEAVES[index].hex()}
        assert shell(folder, INCLUDED, index=index, proof=hexes(proof), **given) == (0, "included\n")
        assert shell(folder, INCLUDED, index=index ^ 1, proof=hexes(proof), **given)[0] != 0
        assert shell(folder, INCLUDED, index=index, proof=hexes(proof[:-1]), **given)[0] != 0
        assert shell(folder, INCLUDED, index=index, proof=hexes((*proof, LEAVES[0])), **given)[0] != 0


@pytest.mark.parametrize("old", [1, 4, 6, 10])
def test_a_consistency(folder: Path, old: int) -> None:
    (folder / "old.note").write_bytes(note(old))
    proof = consistency_proof(old, 11, subtree_of(LEAVES))
    assert typed(folder, sys.executable, "-c", PYTHON, proof=hexes(proof)) == (0, "consistent\n")
    for wrong in (proof[:-1], proof[1:], (*proof, LEAVES[0]), (LEAVES[0], *proof[1:])):
        assert typed(folder, sys.executable, "-c", PYTHON, proof=hexes(wrong))[0] != 0


TEXT = """
剧本 "甲"
  每天 20:00
    推送 企微 "问候"
"""


@pytest.fixture(scope="module")
def proven(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What a log hands out, by the names of the files."""
    shop = Shop(tmp_path_factory.mktemp("shop"), TEXT)
    shop.members("u1", "u2", "u3")
    shop.run("2026-11-18 20:05")
    old = shop.ws.audit.signed().note
    shop.deliver("2026-11-18 20:06")
    shop.run("2026-11-19 20:05")
    proof = shop.ws.audit.prove(shop.log()[0].id).to_json()
    growth = shop.ws.audit.consistency(old).to_json()
    return {
        "proof.json": json.dumps(proof), "growth.json": json.dumps(growth), "old.note": old.decode(),
        "log.vkey": f"{shop.ws.audit.key()}\n",
    }


def variables_in(text: str) -> dict[str, str]:
    return dict(re.fullmatch(r"(\w+)='?([^']*)'?", line).groups() for line in text.splitlines())  # type: ignore[union-attr]


def handed_out(folder: Path, proven: dict[str, str], **changed: Any) -> None:
    for name, text in {**proven, **changed}.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")


@pytest.mark.parametrize(("number", "what"), [(0, "the header of this record"), (1, "the answer of this delivery")])
def test_a_proof_file(tmp_path: Path, proven: dict[str, str], number: int, what: str) -> None:
    handed_out(tmp_path, proven)
    code, said = shell(tmp_path, PROVEN, number=number)
    assert code == 0
    given = variables_in(said)
    assert shell(tmp_path, CHECKPOINT)[0] == 0
    code, told = shell(tmp_path, PART, **given)
    assert (code, told.splitlines()[0]) == (0, what)
    says = json.loads(proven["proof.json"])["entries"][number]["says"]
    texts = told.splitlines()[1:]
    for name in ("run", "playbook", "step", "status", "outcome", "occurrence"):
        assert name not in says or ascii(says[name]) in texts
    code, leaf = shell(tmp_path, LEAF, entry=given["entry"])
    assert shell(tmp_path, INCLUDED, leaf=leaf.strip(), **given) == (0, "included\n")
    other = given["part"][:-1] + ("0" if given["part"][-1] != "0" else "1")
    assert shell(tmp_path, PART, **{**given, "part": other})[0] != 0


def test_a_proof_file_is_no_program(tmp_path: Path, proven: dict[str, str]) -> None:
    proof = json.loads(proven["proof.json"])
    proof["entries"][0]["entry"] = "00; touch x"
    handed_out(tmp_path, proven, **{"proof.json": json.dumps(proof)})
    code, said = shell(tmp_path, PROVEN, number=0)
    assert code != 0
    assert "touch" not in said


def test_growth_from_a_file(tmp_path: Path, proven: dict[str, str]) -> None:
    handed_out(tmp_path, proven)
    code, said = shell(tmp_path, GROWN)
    assert code == 0
    assert shell(tmp_path, CHECKPOINT)[0] == 0
    assert typed(tmp_path, sys.executable, "-c", PYTHON, **variables_in(said)) == (0, "consistent\n")
