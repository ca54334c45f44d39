"""What an entry of the log says, as plain values read from its bytes."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from ...program.clock import iso_utc
from ..decoding import DeliveryEntry, ErasureEntry, RecordEntry, read_answer, read_entry, read_header
from ..encoding import HeaderFields, header_digest
from ..first_format import FIRST_FORMAT
from ..keys import record_id

UNITS = ("member", "group")


def told(data: bytes, part: bytes | None) -> dict[str, Any]:
    """Return what the entry ``data`` says; ``part`` is its header or answer, None where it has none.

    Instants are ISO 8601 in UTC. Raises ValueError for bytes that are none, and for a part that is not that of the entry.
    """
    entry = read_entry(data)
    match entry:
        case RecordEntry():
            if part is None or header_digest(part) != entry.header:
                raise ValueError("not the header")
            return _record(entry, read_header(part))
        case DeliveryEntry():
            return _delivery(entry, part)
        case ErasureEntry():
            if part is not None:
                raise ValueError("an erasure has no other part")
            return {
                "kind": "erasure", "seq": entry.seq, "unit": _unit(entry.kind), "member": entry.pseudonym.hex(),
                "at": iso_utc(entry.at),
            }


def _record(entry: RecordEntry, header: HeaderFields) -> dict[str, Any]:
    return {
        "kind": "record", "seq": entry.seq, "id": record_id(entry.key), "run": header.run,
        "decided_at": iso_utc(header.decided_at), "occurrence": header.occurrence, "playbook": header.playbook,
        "version": header.version, "block": header.block, "category": header.category, "step": header.step,
        "unit": _unit(entry.kind), "member": entry.pseudonym.hex(), "action": header.action, "channel": header.channel,
        "content": header.content, "params": json.loads(header.params), "arm": header.arm, "status": header.status,
        "reason": header.reason, "not_before": iso_utc(entry.not_before), "t": iso_utc(entry.t), "mark": entry.mark,
        "key": entry.key.hex(),
    }


def _delivery(entry: DeliveryEntry, part: bytes | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "kind": "delivery", "seq": entry.seq, "dispatch": entry.dispatch, "at": iso_utc(entry.at), "attempt": entry.attempt,
        "arrived_seq": entry.arrived_seq,
    }
    # In the first format all texts made one digest, which is not taken apart here.
    if entry.format == FIRST_FORMAT:
        if part is not None:
            raise ValueError("the first format has no answer of its own")
        return told
    if part is None or sha256(part).digest() != entry.answer:
        raise ValueError("not the answer")
    outcome, reason = read_answer(part)
    return {**told, "outcome": outcome, "reason": reason}


def _unit(kind: int) -> str:
    if kind >= len(UNITS):
        raise ValueError("no kind of unit")
    return UNITS[kind]
