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
from qingting.engine.log import encoding, keys
from qingting.engine.log.checkpoint import read_checkpoint

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
    kinds = {"header", "record", "delivery", "erasure", "message", "key", "run", "code"}
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
    assert encoding.record_leaves([row, row]) == [bytes.fromhex(vector["leaf"])] * 2


@pytest.mark.parametrize("vector", of_kind("erasure"))
def test_erasure(vector: dict) -> None:
    row = (vector["seq"], vector["unit_kind"], bytes.fromhex(vector["pseudonym"]), vector["at"])
    entry = b"\x06\x01" + struct.pack(">QB", *row[:2]) + row[2] + struct.pack(">q", row[3])
    assert len(entry) == 35
    assert encoding.erasure_entry(*row) == entry == bytes.fromhex(vector["entry"])
    assert encoding.erasure_leaf(*row).hex() == leaf(entry) == vector["leaf"]


@pytest.mark.parametrize("vector", of_kind("delivery"))
def test_delivery(vector: dict) -> None:
    fields = dict(vector["fields"])
    digest = None if fields["text_digest"] is None else bytes.fromhex(fields["text_digest"])
    texts = b"\x04\x01" + b"".join(
        map(var, (fields["outcome"], fields["reason"], fields["channel_id"], fields["error"]))
    )
    texts += var(digest)
    entry = (
        b"\x02\x01"
        + struct.pack(
            ">QQqIQ", fields["seq"], fields["dispatch"], fields["at"], fields["attempt"], fields["arrived_seq"]
        )
        + hashlib.sha256(texts).digest()
    )
    delivery = encoding.DeliveryFields(**{**fields, "text_digest": digest})
    assert len(entry) == 70
    assert encoding.delivery_texts(delivery) == texts == bytes.fromhex(vector["texts"])
    assert encoding.delivery_entry(delivery) == entry == bytes.fromhex(vector["entry"])
    assert encoding.delivery_leaf(delivery).hex() == leaf(entry) == vector["leaf"]


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
    head, occurrence = parts[:3], parts[4]
    assert keys.record_keys(*head, occurrence, [pseudonym]) == [by_hand]
    assert keys.record_keys_each(*head, [(pseudonym, occurrence)]) == [by_hand]


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


def test_the_checkpoint_of_the_page_is_read() -> None:
    (text,) = re.findall(r"```text\n(.*?)```", DOCUMENT, re.DOTALL)
    checkpoint = read_checkpoint(text.encode())
    assert checkpoint.to_bytes() == text.encode()
    assert checkpoint.leaves == 10


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
