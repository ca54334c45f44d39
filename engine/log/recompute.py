"""Recomputing leaves from what the store holds, so that what is stored is what was hashed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .encoding import DeliveryFields, HeaderFields, delivery_leaf, erasure_leaf, header_body, header_digest, record_leaf
from .keys import record_key
from .store import LogStore

_RECORDS = """
SELECT d.seq, d.kind, coalesce(m.pseudonym, g.pseudonym, e.pseudonym), d.t, d.mark, d.not_before, d.key, d.leaf,
  h.digest, h.body, d.header, h.occurrence IS d.occurrence AND h.step IS d.step
FROM dispatches AS d
LEFT JOIN headers AS h ON h.header = d.header
LEFT JOIN members AS m ON d.kind = 0 AND m.unit = d.unit
LEFT JOIN groups AS g ON d.kind = 1 AND g.unit = d.unit
LEFT JOIN erasures AS e ON d.kind = 0 AND e.unit = d.unit
WHERE d.seq >= :first AND d.seq < :end ORDER BY d.seq
"""
_HEADER = """
SELECT r.id, r.at, o.playbook, v.digest, h.block, h.category, s.name, h.action, h.channel, h.content, h.params,
  h.arm, h.status, h.reason, o.name, s.playbook, v.playbook
FROM headers AS h
JOIN runs AS r ON r.run = h.run
JOIN occurrences AS o ON o.occurrence = h.occurrence
JOIN steps AS s ON s.step = h.step
JOIN playbook_versions AS v ON v.version = h.version
WHERE h.header = :header
"""
_DELIVERIES = """
SELECT seq, dispatch, at, attempt, outcome, reason, channel_id, error, text_digest, arrived_seq, leaf
FROM deliveries WHERE seq >= :first AND seq < :end ORDER BY seq
"""
_ERASURES = "SELECT seq, pseudonym, at, leaf FROM erasures WHERE seq >= :first AND seq < :end ORDER BY seq"
_MEMBER = 0
_HEADERS_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class LeafCheck:
    """A leaf as stored and as recomputed from the columns. ``recomputed`` is None where a part of it is missing."""

    seq: int
    stored: bytes
    recomputed: bytes | None

    @property
    def sound(self) -> bool:
        """Whether the two agree."""
        return self.stored == self.recomputed


def recompute_records(store: LogStore, first: int, end: int) -> Iterator[LeafCheck]:
    """Yield a check of each record with ``first`` <= seq < ``end``, in order.

    The header is built anew from its columns and those of what it refers to; the key is derived anew from the
    identity of the decision. A seq that is not there is not in the answer: the caller counts.
    """
    headers: dict[int, tuple[bytes, HeaderFields] | None] = {}
    for row in store.connection.execute(_RECORDS, {"first": first, "end": end}):
        seq, kind, pseudonym, t, mark, not_before, key, stored, digest, body, header, fits = row
        if header not in headers:
            if len(headers) > _HEADERS_KEPT:
                headers.clear()
            headers[header] = _sound_header(store, header, digest, body)
        known = headers[header]
        leaf = None
        if fits and known is not None and pseudonym is not None and key == _key(store, known[1], pseudonym):
            leaf = record_leaf(known[0], seq, kind, pseudonym, t, mark, not_before, key)
        yield LeafCheck(seq, stored, leaf)


def recompute_deliveries(store: LogStore, first: int, end: int) -> Iterator[LeafCheck]:
    """Yield a check of each delivery record with ``first`` <= seq < ``end``, in order."""
    for *columns, stored in store.connection.execute(_DELIVERIES, {"first": first, "end": end}):
        yield LeafCheck(columns[0], stored, delivery_leaf(DeliveryFields(*columns)))


def recompute_erasures(store: LogStore, first: int, end: int) -> Iterator[LeafCheck]:
    """Yield a check of each erasure with ``first`` <= seq < ``end``, in order."""
    for seq, pseudonym, at, stored in store.connection.execute(_ERASURES, {"first": first, "end": end}):
        yield LeafCheck(seq, stored, erasure_leaf(seq, _MEMBER, pseudonym, at))


def _sound_header(
    store: LogStore, header: int, digest: bytes | None, body: bytes | None
) -> tuple[bytes, HeaderFields] | None:
    row: tuple[Any, ...] | None = store.connection.execute(_HEADER, {"header": header}).fetchone()
    if row is None or digest is None:
        return None
    *columns, step_playbook, version_playbook = row
    fields = HeaderFields(*columns)
    same_playbook = fields.playbook == step_playbook == version_playbook
    if not same_playbook or header_body(fields) != body or header_digest(body) != digest:
        return None
    return digest, fields


def _key(store: LogStore, fields: HeaderFields, pseudonym: bytes) -> bytes:
    return record_key(store.store_id, fields.playbook, fields.step, pseudonym, fields.occurrence)
