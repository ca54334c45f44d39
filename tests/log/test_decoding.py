"""Reading the bytes of the log back, strictly."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from qingting.engine.log.decoding import DeliveryEntry, ErasureEntry, RecordEntry, read_answer, read_entry, read_header
from qingting.engine.log.encoding import HeaderFields, answer_bytes, answer_digest

PAGE = Path(__file__).parents[2] / "docs" / "log-format.md"
VECTORS = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)]


def vectors(kind: str) -> list[dict]:
    return [vector for vector in VECTORS if vector.get("kind") == kind]


@pytest.mark.parametrize("vector", vectors("header"), ids=lambda vector: vector["fields"]["step"])
def test_headers_of_the_page(vector: dict) -> None:
    header = read_header(bytes.fromhex(vector["body"]))
    assert header.run == vector["fields"]["run"]
    assert header.decided_at == vector["fields"]["decided_at"]
    assert (header.channel, header.content) == (vector["fields"]["channel"], vector["fields"]["content"])
    # A name that is written with a combining accent is hashed, and comes back, as one character.
    assert header.playbook in (vector["fields"]["playbook"], "é")


@pytest.mark.parametrize("vector", vectors("record"), ids=lambda vector: str(vector["seq"]))
def test_records_of_the_page(vector: dict) -> None:
    entry = read_entry(bytes.fromhex(vector["entry"]))
    assert isinstance(entry, RecordEntry)
    assert (entry.header.hex(), entry.seq, entry.kind) == (vector["header"], vector["seq"], vector["unit_kind"])
    assert (entry.pseudonym.hex(), entry.t, entry.mark) == (vector["pseudonym"], vector["t"], vector["mark"])
    assert (entry.not_before, entry.key.hex()) == (vector["not_before"], vector["key"])


@pytest.mark.parametrize("vector", vectors("delivery"), ids=lambda vector: vector["fields"]["outcome"])
def test_deliveries_of_the_page(vector: dict) -> None:
    entry, fields = read_entry(bytes.fromhex(vector["entry"])), vector["fields"]
    assert isinstance(entry, DeliveryEntry)
    assert (entry.format, entry.seq, entry.dispatch) == (2, fields["seq"], fields["dispatch"])
    assert (entry.at, entry.attempt, entry.arrived_seq) == (fields["at"], fields["attempt"], fields["arrived_seq"])
    assert entry.answer == answer_digest(fields["outcome"], fields["reason"])
    assert (entry.private is None) == (vector["private"] is None)
    assert read_answer(bytes.fromhex(vector["answer"])) == (fields["outcome"], fields["reason"])


def test_deliveries_of_the_first_format() -> None:
    entry = read_entry(bytes.fromhex(vectors("first delivery")[0]["entry"]))
    assert isinstance(entry, DeliveryEntry)
    assert (entry.format, entry.seq, entry.dispatch, entry.private) == (1, 8, 7, None)


@pytest.mark.parametrize("vector", vectors("erasure"), ids=lambda vector: str(vector["seq"]))
def test_erasures_of_the_page(vector: dict) -> None:
    entry = read_entry(bytes.fromhex(vector["entry"]))
    assert entry == ErasureEntry(
        vector["seq"], vector["unit_kind"], bytes.fromhex(vector["pseudonym"]), vector["at"]
    )


ENTRIES = [bytes.fromhex(vector["entry"]) for vector in VECTORS if "entry" in vector]


@pytest.mark.parametrize("entry", ENTRIES, ids=range(len(ENTRIES)))
def test_nothing_else_is_an_entry(entry: bytes) -> None:
    for changed in (entry[:-1], entry + b"\0", b"\x09" + entry[1:], entry[:1] + b"\x09" + entry[2:], b""):
        with pytest.raises(ValueError, match="not an entry"):
            read_entry(changed)


def test_nothing_else_is_a_header() -> None:
    body = bytes.fromhex(vectors("header")[0]["body"])
    decomposed = body.replace("猫粮跟进".encode(), "e\u0301".encode() * 4)
    changes = [
        body[:-1], body + b"\0", body + b"\xff\xff\xff\xff", b"\x04" + body[1:], b"", body[:2], body.replace(b"push", b"pus\xff"),
        body[:2] + b"\x7f\xff\xff\xff" + body[6:], decomposed,
    ]
    assert len(decomposed) == len(body)
    for changed in changes:
        with pytest.raises(ValueError):  # noqa: PT011 - some are not UTF-8, which says so itself
            read_header(changed)


@pytest.mark.parametrize("missing", ["run", "decided_at", "playbook", "version", "block", "params", "status", "occurrence"])
def test_what_every_header_has_may_not_be_absent(missing: str) -> None:
    place = list(HeaderFields.__slots__).index(missing)
    fields: list[bytes] = []
    body, at = bytes.fromhex(vectors("header")[0]["body"]), 2
    while at < len(body):
        length = int.from_bytes(body[at : at + 4], "big")
        end = at + 4 + (0 if length == 0xFFFFFFFF else length)
        fields.append(body[at:end])
        at = end
    fields[place] = b"\xff\xff\xff\xff"
    with pytest.raises(ValueError, match=r"absent|not an integer"):
        read_header(body[:2] + b"".join(fields))


def test_nothing_else_is_an_answer() -> None:
    answer = answer_bytes("sent", None)
    for changed in (answer[:-1], answer + b"\xff\xff\xff\xff", b"\x04\x01" + answer[2:], answer[:2] + b"\xff\xff\xff\xff" * 2):
        with pytest.raises(ValueError, match=r"\w"):
            read_answer(changed)
