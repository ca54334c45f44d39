"""Checking archives: each entry against its leaf, the leaves against the store's tree, the traces in the store against both."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from itertools import zip_longest
from operator import itemgetter
from typing import Any

from .. import merkle
from ..checkpoint import checkpoint_at
from ..recompute import recompute_deliveries, recompute_erasures, recompute_records
from ..store import LogStore
from ..tree import LogTree
from .opening import Archive

Row = tuple[Any, ...]

_BEFORE = "SELECT first, stop, hash FROM before ORDER BY first"


def wrong_entries(archive: Archive) -> Iterator[int]:
    """Yield the index of each entry of an archive that is missing, is there twice, or is not what its leaf is the hash of.

    What is private of deliveries may be missing, since it is apart and may be erased; what is there must fit.
    """
    first, stop = archive.first, archive.stop
    checks = heapq.merge(
        recompute_records(archive, first, stop),
        recompute_deliveries(archive, first, stop, apart=True),
        recompute_erasures(archive, first, stop),
        key=itemgetter(0),
    )
    expected = first
    for check in checks:
        yield from range(expected, check.seq)
        if check.seq < expected or not check.sound:
            yield check.seq
        expected = check.seq + 1
    yield from range(expected, stop)


def other_leaves(store: LogStore, archive: Archive) -> Iterator[int]:
    """Yield the index of each leaf that an archive and the store's tree do not agree on."""
    first, stop = archive.first, archive.stop
    pairs = zip_longest(LogTree(archive).leaves(first, stop), LogTree(store).leaves(first, stop))
    yield from (seq for seq, (ours, theirs) in enumerate(pairs, first) if ours != theirs)


def root_by_itself(archive: Archive) -> bytes:
    """Return the root of the log at the end of an archive, by what stands in the archive alone.

    Raises CannotRun D207 where a leaf is missing.
    """
    rows = [tuple(row) for row in archive.connection.execute(_BEFORE)]
    known = {(first, stop): bytes(node) for first, stop, node in rows}
    tree = LogTree(archive)

    def subtree(first: int, stop: int) -> bytes:
        if (first, stop) in known:
            return known[first, stop]
        if first >= archive.first:
            return merkle.root(list(tree.leaves(first, stop)))
        middle = first + (1 << ((stop - first - 1).bit_length() - 1))
        return merkle.node_hash(subtree(first, middle), subtree(middle, stop))

    return subtree(0, archive.stop)


def is_signed(archive: Archive) -> bool:
    """Whether a checkpoint in the archive says of its end what its entries say."""
    checkpoint = checkpoint_at(archive, archive.stop)
    return checkpoint is not None and checkpoint.root == root_by_itself(archive)


_TRACES = """
SELECT seq, header, occurrence, step, kind, unit, t, mark, not_before, substr(key, 1, 10)
FROM dispatches WHERE seq >= :first AND seq < :stop ORDER BY seq
"""
_RECORDS = """
SELECT d.seq, d.header, d.occurrence, d.step, d.kind, d.unit, d.t, d.mark, d.not_before, substr(d.key, 1, 10),
  h.status = 'suppressed'
FROM dispatches AS d LEFT JOIN headers AS h ON h.header = d.header WHERE d.seq >= :first AND d.seq < :stop ORDER BY d.seq
"""
_KEPT = """
SELECT seq, dispatch, at, attempt, outcome, reason, format, private, arrived_seq
FROM deliveries WHERE seq >= :first AND seq < :stop ORDER BY seq
"""
_DELIVERED = """
SELECT seq, dispatch, at, attempt, outcome, reason, format, private, arrived_seq,
  dispatch NOT IN (SELECT x.dispatch FROM deliveries AS x WHERE x.outcome NOT IN ('sent', 'confirmed'))
FROM deliveries WHERE seq >= :first AND seq < :stop ORDER BY seq
"""
_ERASURES = "SELECT seq, unit, pseudonym, at, leaf FROM erasures WHERE seq >= :first AND seq < :stop ORDER BY seq"
_ERASED = "SELECT seq, unit, pseudonym, at, leaf, 0 FROM erasures WHERE seq >= :first AND seq < :stop ORDER BY seq"
_SHARED = """
SELECT h.header, r.id, r.at, o.playbook, o.name, o.at, s.name, v.digest, h.block, h.category, h.action, h.channel, h.content,
  h.params, h.arm, h.status, h.reason
FROM headers AS h JOIN runs AS r ON r.run = h.run JOIN occurrences AS o ON o.occurrence = h.occurrence
JOIN steps AS s ON s.step = h.step JOIN playbook_versions AS v ON v.version = h.version
WHERE h.header IN (SELECT d.header FROM dispatches AS d WHERE d.seq >= :first AND d.seq < :stop) ORDER BY h.header
"""


def wrong_traces(store: LogStore, archive: Archive) -> Iterator[int]:
    """Yield the index of each entry whose trace in the store is not what the archive says, or is missing though it must stay.

    Of suppressed records and of what went out none need be there. What the header of a record says counts, but not its bytes.
    """
    span = {"first": archive.first, "stop": archive.stop}
    ours, theirs = store.connection.execute, archive.connection.execute
    headers = set(_differing(ours(_SHARED, span), ((*row, False) for row in theirs(_SHARED, span))))
    wrong = set(_differing(ours(_TRACES, span), theirs(_RECORDS, span)))
    wrong.update(row[0] for row in ours(_TRACES, span) if row[1] in headers)
    wrong.update(_differing(ours(_KEPT, span), theirs(_DELIVERED, span)))
    wrong.update(_differing(ours(_ERASURES, span), theirs(_ERASED, span)))
    yield from sorted(wrong)


def _differing(ours: Iterator[Row], theirs: Iterator[Row]) -> Iterator[int]:
    """The numbers in the first column of rows that differ; the last column of theirs says whether ours may be missing."""
    own = next(ours, None)
    for *row, may_miss in theirs:
        while own is not None and own[0] < row[0]:
            yield own[0]
            own = next(ours, None)
        if own is None or own[0] != row[0]:
            if not may_miss:
                yield row[0]
            continue
        if own != tuple(row):
            yield row[0]
        own = next(ours, None)
    if own is not None:
        yield from (row[0] for row in (own, *ours))
