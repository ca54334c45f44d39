"""Recomputing leaves from what the store holds, so that what is stored is what was hashed."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any, Literal, NamedTuple

from .encoding import (
    DELIVERY_FORMAT,
    DeliveryFields,
    HeaderFields,
    PrivateTexts,
    delivery_leaf,
    erasure_leaf,
    header_body,
    header_digest,
    leaf_maker,
    private_digest,
)
from .first_format import FIRST_FORMAT, first_leaf, first_texts
from .keys import key_maker
from .store import LogStore

# Groups and erased members are few, so that only members are joined.
_RECORDS = """
SELECT d.seq, d.kind, m.pseudonym, d.t, d.mark, d.not_before, d.key, d.leaf, d.header, d.occurrence, d.step
FROM dispatches AS d LEFT JOIN members AS m ON m.unit = d.unit AND d.kind = 0
WHERE d.seq >= :first AND d.seq < :end ORDER BY d.seq
"""
_FAULTY_RECORDS = """
SELECT seq, fault FROM (
  SELECT d.seq, qingting_fault(
    d.seq, d.kind, m.pseudonym, d.t, d.mark, d.not_before, d.key, d.leaf, d.header, d.occurrence, d.step) AS fault
  FROM dispatches AS d LEFT JOIN members AS m ON m.unit = d.unit AND d.kind = 0
  WHERE d.seq >= :first AND d.seq < :end
  LIMIT -1 OFFSET 0)
WHERE fault IS NOT NULL ORDER BY seq
"""
_PSEUDONYM = """
SELECT coalesce(g.pseudonym, e.pseudonym) FROM dispatches AS d
LEFT JOIN groups AS g ON d.kind = 1 AND g.unit = d.unit LEFT JOIN erasures AS e ON d.kind = 0 AND e.unit = d.unit
WHERE d.seq = :seq
"""
_HEADER = """
SELECT h.digest, h.body, h.occurrence, h.step, s.playbook, v.playbook,
  r.id, r.at, o.playbook, v.digest, h.block, h.category, s.name, h.action, h.channel, h.content, h.params,
  h.arm, h.status, h.reason, o.name
FROM headers AS h
JOIN runs AS r ON r.run = h.run
JOIN occurrences AS o ON o.occurrence = h.occurrence
JOIN steps AS s ON s.step = h.step
JOIN playbook_versions AS v ON v.version = h.version
WHERE h.header = :header
"""
_DELIVERIES = """
SELECT v.leaf, v.format, v.seq, v.dispatch, v.at, v.attempt, v.outcome, v.reason, v.private, v.arrived_seq,
  p.seq IS NOT NULL, p.salt, p.channel_id, p.error, p.text_digest
FROM deliveries AS v LEFT JOIN delivery_texts AS p ON p.seq = v.seq
WHERE v.seq >= :first AND v.seq < :end ORDER BY v.seq
"""
_WAS_ERASED = """
SELECT 1 FROM dispatches AS d JOIN erasures AS e ON e.unit = d.unit
WHERE d.seq = :dispatch AND d.kind = 0 AND NOT EXISTS (SELECT 1 FROM members AS m WHERE m.unit = d.unit)
"""
_ERASURES = "SELECT seq, pseudonym, at, leaf FROM erasures WHERE seq >= :first AND seq < :end ORDER BY seq"
_MEMBER = 0
_HEADERS_KEPT = 10_000
# A column of another type or size than anything that was ever hashed.
_UNHASHABLE = (struct.error, TypeError, ValueError, AttributeError)


Fault = Literal["header", "unit", "key", "columns", "texts"]
"""What does not fit: the header its columns; nobody is known by the unit; the identity of the decision its key; the columns
the leaf hash; the texts of a delivery their digest."""


class LeafCheck(NamedTuple):
    """A leaf as stored, and what is wrong with what it is to be the hash of; None where nothing is."""

    seq: int
    stored: bytes
    fault: Fault | None

    @property
    def sound(self) -> bool:
        """Whether the leaf is the hash of what stands in its columns."""
        return self.fault is None


class _Header(NamedTuple):
    """What a sound header gives its records: the numbers that they repeat, and the beginnings of what they hash."""

    occurrence: int
    step: int
    key: Callable[[bytes], bytes]
    leaf: Callable[[int, int, bytes, int, int, int, bytes], bytes]


def recompute_records(store: LogStore, first: int, end: int) -> Iterator[LeafCheck]:
    """Yield a check of each record with ``first`` <= seq < ``end``, in order.

    The header is built anew from its columns and those of what it refers to; the key is derived anew from the
    identity of the decision. A seq that is not there is not in the answer: the caller counts.
    """
    check = _record_check(store)
    for row in store.connection.execute(_RECORDS, {"first": first, "end": end}):
        yield LeafCheck(row[0], row[7], check(*row))


def faulty_records(store: LogStore, first: int, end: int, keep: Callable[[int, bytes], None]) -> list[tuple[int, Fault]]:
    """Return the records with ``first`` <= seq < ``end`` that are wrong; ``keep`` is given each seq with its leaf, in any order.

    The same for who goes through millions: the check is made inside the statement, which saves handing over the rows.
    """
    check = _record_check(store)

    def fault(seq: int, *columns: Any) -> Fault | None:
        keep(seq, columns[6])
        return check(seq, *columns)

    store.connection.create_function("qingting_fault", 11, fault)
    return store.connection.execute(_FAULTY_RECORDS, {"first": first, "end": end}).fetchall()


def _record_check(store: LogStore) -> Callable[..., Fault | None]:
    """Gives what is wrong with a record by its columns in the order of ``_RECORDS``."""
    connection, headers = store.connection, _headers(store)

    def check(
        seq: int, kind: int, pseudonym: bytes | None, t: int, mark: int, not_before: int, key: bytes, stored: bytes, number: int,
        occurrence: int, step: int,
    ) -> Fault | None:
        header = headers(number)
        try:
            if header is None or header.occurrence != occurrence or header.step != step:
                return "header"
            if pseudonym is None:
                (pseudonym,) = connection.execute(_PSEUDONYM, {"seq": seq}).fetchone()
                if pseudonym is None:
                    return "unit"
            if header.key(pseudonym) != key:
                return "key"
            return None if header.leaf(seq, kind, pseudonym, t, mark, not_before, key) == stored else "columns"
        except _UNHASHABLE:
            return "columns"

    return check


def recompute_deliveries(store: LogStore, first: int, end: int, *, apart: bool = False) -> Iterator[LeafCheck]:
    """Yield a check of each delivery record with ``first`` <= seq < ``end``, in order.

    Texts that are there must fit their digest; only those of members who were erased may be missing, or any where they are
    kept ``apart``.
    """
    for stored, form, *columns in store.connection.execute(_DELIVERIES, {"first": first, "end": end}):
        fields, has_texts, texts = DeliveryFields(*columns[:8]), columns[8], columns[9:]
        try:
            missing = not has_texts and fields.private is not None
            may_miss = missing and (apart or _was_erased(store, fields.dispatch))
            leaf = _delivery_leaf(form, fields, texts if has_texts else None, may_miss)
        except _UNHASHABLE:
            leaf = b""
        yield LeafCheck(fields.seq, stored, "texts" if leaf is None else None if leaf == stored else "columns")


def recompute_erasures(store: LogStore, first: int, end: int) -> Iterator[LeafCheck]:
    """Yield a check of each erasure with ``first`` <= seq < ``end``, in order."""
    for seq, pseudonym, at, stored in store.connection.execute(_ERASURES, {"first": first, "end": end}):
        try:
            sound = erasure_leaf(seq, _MEMBER, pseudonym, at) == stored
        except _UNHASHABLE:
            sound = False
        yield LeafCheck(seq, stored, None if sound else "columns")


def _delivery_leaf(form: int, fields: DeliveryFields, texts: Sequence[Any] | None, may_miss: bool) -> bytes | None:
    if form == DELIVERY_FORMAT:
        found = None if texts is None else private_digest(PrivateTexts(*texts))
        if found != fields.private and not may_miss:
            return None
        return delivery_leaf(fields)
    if form != FIRST_FORMAT or fields.private is None:
        return None
    salt, *known = texts or (None,) * 4
    fits = sha256(first_texts(fields.outcome, fields.reason, *known)).digest() == fields.private and salt is None
    if not fits and not may_miss:
        return None
    return first_leaf(fields.seq, fields.dispatch, fields.at, fields.attempt, fields.arrived_seq, fields.private)


def _was_erased(store: LogStore, dispatch: int) -> bool:
    return store.connection.execute(_WAS_ERASED, {"dispatch": dispatch}).fetchone() is not None


def _headers(store: LogStore) -> Callable[[int], _Header | None]:
    """Gives a header by its number, None for one that is missing or does not fit its columns; each is looked at once."""

    @lru_cache(maxsize=_HEADERS_KEPT)
    def header(number: int) -> _Header | None:
        row: tuple[Any, ...] | None = store.connection.execute(_HEADER, {"header": number}).fetchone()
        if row is None:
            return None
        digest, body, occurrence, step, step_playbook, version_playbook, *columns = row
        fields = HeaderFields(*columns)
        same_playbook = fields.playbook == step_playbook == version_playbook
        try:
            if not same_playbook or header_body(fields) != body or header_digest(body) != digest:
                return None
        except _UNHASHABLE:
            return None
        keys = key_maker(store_id, fields.playbook, fields.step, fields.occurrence)
        return _Header(occurrence, step, keys, leaf_maker(digest))

    store_id = store.store_id
    return header
