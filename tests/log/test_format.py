"""The vectors of docs/log-format.md, recomputed twice: by the engine and by bare struct and hashlib."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import re
import struct
import unicodedata
from pathlib import Path

import pytest
from qingting.engine.log import encoding, first_format, keys, merkle
from qingting.engine.log.checkpoint import read_checkpoint
from qingting.engine.log.notes import SigningKey, read_note, read_verifier_key, verify_note
from qingting.engine.stores.sqlite.migration_4 import delivery_texts_digest

DOCUMENT = (Path(__file__).parents[2] / "docs" / "log-format.md").read_text(encoding="utf-8")
VECTORS = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", DOCUMENT, re.DOTALL)]


def of_kind(kind: str) -> list[dict]:
    found = [vector for vector in VECTORS if vector["kind"] == kind]
    assert found, kind
    return found


def var(value: str | bytes | None) -> bytes:
    if value is None:
        return b"\xff" * 4
    data = unicodedata.normalize("NFC", value).encode() if isinstance(value, str) else value
    return struct.pack(">I", len(data)) + data


def num(value: int) -> bytes:
    return struct.pack(">Iq", 8, value)


def leaf(entry: bytes) -> str:
    return hashlib.sha256(b"\0" + entry).hexdigest()


def test_every_vector_is_read() -> None:
    kinds = {"header", "record", "delivery", "erasure", "message", "key", "run", "code", "tree", "first delivery"}
    assert {vector["kind"] for vector in VECTORS} == kinds


@pytest.mark.parametrize("vector", of_kind("header"))
def test_header(vector: dict) -> None:
    fields = vector["fields"]
    by_hand = b"\x03\x01" + b"".join(num(v) if isinstance(v, int) else var(v) for v in fields.values())
    body = encoding.header_body(encoding.HeaderFields(**fields))
    assert body.hex() == by_hand.hex() == vector["body"]
    assert encoding.header_digest(body).hex() == hashlib.sha256(by_hand).hexdigest() == vector["digest"]


@pytest.mark.parametrize("vector", of_kind("record"))
def test_record(vector: dict) -> None:
    row = (
        bytes.fromhex(vector["header"]),
        vector["seq"],
        vector["unit_kind"],
        bytes.fromhex(vector["pseudonym"]),
        vector["t"],
        vector["mark"],
        vector["not_before"],
        bytes.fromhex(vector["key"]),
    )
    entry = b"\x01\x01" + row[0] + struct.pack(">QB", row[1], row[2]) + row[3] + struct.pack(">qQq", *row[4:7]) + row[7]
    assert len(entry) == 115
    assert encoding.record_entry(row) == entry == bytes.fromhex(vector["entry"])
    assert encoding.record_leaf(*row).hex() == leaf(entry) == vector["leaf"]
    assert [encoding.leaf_maker(row[0])(*row[1:]) for _ in range(2)] == [bytes.fromhex(vector["leaf"])] * 2


@pytest.mark.parametrize("vector", of_kind("erasure"))
def test_erasure(vector: dict) -> None:
    row = (vector["seq"], vector["unit_kind"], bytes.fromhex(vector["pseudonym"]), vector["at"])
    entry = b"\x06\x01" + struct.pack(">QB", *row[:2]) + row[2] + struct.pack(">q", row[3])
    assert len(entry) == 35
    assert encoding.erasure_entry(*row) == entry == bytes.fromhex(vector["entry"])
    assert encoding.erasure_leaf(*row).hex() == leaf(entry) == vector["leaf"]


def numbers(fields: dict) -> bytes:
    values = (fields[name] for name in ("seq", "dispatch", "at", "attempt", "arrived_seq"))
    return struct.pack(">QQqIQ", *values)


@pytest.mark.parametrize("vector", of_kind("delivery"))
def test_delivery(vector: dict) -> None:
    fields, private = vector["fields"], vector["private"]
    answer = b"\x04\x02" + var(fields["outcome"]) + var(fields["reason"])
    digest = None
    if private is not None:
        salt = bytes.fromhex(private["salt"])
        text_digest = None if private["text_digest"] is None else bytes.fromhex(private["text_digest"])
        texts = b"\x07\x01" + salt + var(private["channel_id"]) + var(private["error"]) + var(text_digest)
        digest = hashlib.sha256(texts).digest()
        kept = encoding.PrivateTexts(salt, private["channel_id"], private["error"], text_digest)
        assert encoding.private_texts(kept) == texts == bytes.fromhex(vector["texts"])
        assert encoding.private_digest(kept) == digest
    entry = b"\x02\x02" + numbers(fields) + hashlib.sha256(answer).digest() + (digest or bytes(32))
    delivery = encoding.DeliveryFields(**fields, private=digest)
    assert len(entry) == 102
    assert answer == bytes.fromhex(vector["answer"])
    assert encoding.delivery_entry(delivery) == entry == bytes.fromhex(vector["entry"])
    assert encoding.delivery_leaf(delivery).hex() == leaf(entry) == vector["leaf"]


@pytest.mark.parametrize("vector", of_kind("first delivery"))
def test_delivery_in_the_first_format(vector: dict) -> None:
    fields = vector["fields"]
    digest = None if fields["text_digest"] is None else bytes.fromhex(fields["text_digest"])
    known = (fields["outcome"], fields["reason"], fields["channel_id"], fields["error"], digest)
    texts = b"\x04\x01" + b"".join(map(var, known))
    entry = b"\x02\x01" + numbers(fields) + hashlib.sha256(texts).digest()
    given = (*(fields[name] for name in ("seq", "dispatch", "at", "attempt", "arrived_seq")), hashlib.sha256(texts).digest())
    assert len(entry) == 70
    assert first_format.first_texts(*known) == texts == bytes.fromhex(vector["texts"])
    assert first_format.first_entry(*given) == entry == bytes.fromhex(vector["entry"])
    assert first_format.first_leaf(*given).hex() == leaf(entry) == vector["leaf"]
    assert delivery_texts_digest(*known) == hashlib.sha256(texts).digest()


@pytest.mark.parametrize("private", [bytes(32), b"", b"d" * 31, b"d" * 33])
def test_only_none_says_that_nothing_is_private(private: bytes) -> None:
    fields = encoding.DeliveryFields(1, 0, 0, 1, "sent", None, private, 2)
    with pytest.raises(ValueError, match="32 bytes"):
        encoding.delivery_leaf(fields)


def test_what_is_private_differs_in_every_field() -> None:
    salt, digest = b"s" * 16, b"d" * 32
    made = [
        encoding.PrivateTexts(*values) for values in (
            (salt, None, None, None), (salt, "", None, None), (salt, "x", None, None), (salt, None, "", None),
            (salt, None, "x", None), (salt, None, None, b""), (salt, None, None, digest), (bytes(16), None, None, None),
        )
    ]
    assert len({encoding.private_digest(texts) for texts in made}) == len(made)
    with pytest.raises(ValueError, match="16 bytes"):
        encoding.private_digest(encoding.PrivateTexts(b"s" * 15, None, None, None))


@pytest.mark.parametrize("vector", of_kind("message"))
def test_message(vector: dict) -> None:
    by_hand = hashlib.sha256(b"\x05\x01" + b"".join(map(var, vector["texts"]))).hexdigest()
    assert encoding.message_digest(vector["texts"]).hex() == by_hand == vector["digest"]


@pytest.mark.parametrize("vector", of_kind("key"))
def test_key(vector: dict) -> None:
    pseudonym = bytes.fromhex(vector["pseudonym"])
    parts = (vector["store_id"], vector["playbook"], vector["step"], pseudonym, vector["occurrence"])
    by_hand = hashlib.sha256(b"".join(map(var, parts))).digest()
    assert keys.record_key(*parts) == by_hand == bytes.fromhex(vector["key"])
    assert keys.record_id(by_hand) == vector["id"] == by_hand.hex()[:20]
    key = keys.key_maker(*parts[:3], parts[4])
    assert [key(pseudonym), key(bytes(16)), key(pseudonym)] == [by_hand, keys.record_key(*parts[:3], bytes(16), parts[4]), by_hand]


@pytest.mark.parametrize("vector", of_kind("run"))
def test_run(vector: dict) -> None:
    by_hand = var(vector["previous"]) + num(vector["at"]) + var(vector["program"]) + num(vector["mark"])
    run = keys.run_id(vector["previous"], vector["at"], vector["program"], vector["mark"])
    assert run == hashlib.sha256(by_hand).hexdigest()[:16] == vector["id"]


@pytest.mark.parametrize("vector", of_kind("code"))
def test_code(vector: dict) -> None:
    secret, key = bytes.fromhex(vector["secret"]), bytes.fromhex(vector["key"])
    number = int.from_bytes(hmac.digest(secret, key, "sha256")[:16], "big") % 31**12
    letters = ""
    for _ in range(6):
        number, digit = divmod(number, 961)
        letters += keys.CODE_ALPHABET[digit // 31] + keys.CODE_ALPHABET[digit % 31]
    assert keys.coupon_code(secret, key) == letters == vector["code"]
    assert not set(letters) & set("01ILO")


@pytest.mark.parametrize("length", [0, 1, 63, 64, 65, 200])
def test_codes_are_hmac_for_secrets_of_every_length(length: int) -> None:
    secret, key = bytes(range(1, 255))[:length], bytes(32)
    number = int.from_bytes(hmac.digest(secret, key, "sha256")[:16], "big") % 961
    assert keys.coupon_code(secret, key).startswith(keys.CODE_ALPHABET[number // 31] + keys.CODE_ALPHABET[number % 31])


@pytest.mark.parametrize("vector", of_kind("tree"))
def test_tree(vector: dict) -> None:
    leaves = [bytes.fromhex(leaf) for leaf in vector["leaves"]]
    node = hashlib.sha256(b"\x01" + leaves[0] + leaves[1]).digest()
    by_hand = [hashlib.sha256(b"").digest(), leaves[0], node, hashlib.sha256(b"\x01" + node + leaves[2]).digest()]
    assert [merkle.root(leaves[:size]) for size in range(4)] == by_hand == [bytes.fromhex(r) for r in vector["roots"]]


def test_the_checkpoint_of_the_page_is_that_of_its_tree_and_key() -> None:
    vkey, text = re.findall(r"```text\n(.*?)```", DOCUMENT, re.DOTALL)
    key, note = read_verifier_key(vkey.rstrip("\n")), read_note(text.encode())
    verify_note(note, [key])
    assert key == SigningKey(bytes(range(32))).verifier(key.name)
    checkpoint = read_checkpoint(text.encode())
    assert (checkpoint.origin, checkpoint.leaves) == (key.name, 3)
    assert checkpoint.root.hex() == of_kind("tree")[0]["roots"][3]


def test_absent_and_empty_differ_in_every_optional_field() -> None:
    vector = of_kind("header")[0]["fields"]
    for name in ("channel", "content", "arm", "reason"):
        bodies = {encoding.header_body(encoding.HeaderFields(**{**vector, name: value})) for value in (None, "", "x")}
        assert len(bodies) == 3, name


def test_no_field_runs_into_the_next() -> None:
    vector = of_kind("header")[0]["fields"]
    texts = [name for name, value in vector.items() if not isinstance(value, int)]
    for first, second in itertools.pairwise(texts):
        one = encoding.HeaderFields(**{**vector, first: "ab", second: "c"})
        two = encoding.HeaderFields(**{**vector, first: "a", second: "bc"})
        assert encoding.header_body(one) != encoding.header_body(two)
