"""Examining a stretch of a log: whether every entry is there and is what its leaf says, and the subtrees over the leaves."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from .. import merkle
from ..archives.known import archived_stop
from ..recompute import Fault, LeafCheck, faulty_records, recompute_deliveries, recompute_erasures, recompute_records
from ..store import LogStore
from ..tree import WIDTH, LogTree
from .model import Counts, Finding

STRETCH = 256 * WIDTH
"""How many entries are examined at a time; stretches begin at its multiples."""
MOST = 20
"""How many findings of a stretch are kept."""

_CODES: dict[Fault, str] = {"header": "D402", "unit": "D403", "key": "D404", "columns": "D405", "texts": "D406"}
_EMPTY = bytes(merkle.HASH_LENGTH)

Keep = Callable[[int, bytes], None]


@dataclass(frozen=True, slots=True)
class Examined:
    """A stretch of the log: the hashes of its complete tiles of 256 leaves, how many entries it has, what is wrong.

    A leaf that is missing stands in the tree as zeros, so that what is behind it can be told.
    """

    tiles: tuple[bytes, ...]
    counts: Counts
    findings: tuple[Finding, ...]


def stretches(leaves: int) -> Iterator[tuple[int, int]]:
    """Yield the bounds of the stretches of a log of so many leaves."""
    for first in range(0, leaves, STRETCH):
        yield first, min(first + STRETCH, leaves)


@contextmanager
def reading_anything(store: LogStore) -> Iterator[None]:
    """Lets texts that are no UTF-8 be read while the body runs: they are findings, not faults of the store."""
    connection = store.connection
    before, connection.text_factory = connection.text_factory, lambda data: data.decode(errors="surrogateescape")
    try:
        yield
    finally:
        connection.text_factory = before


def examine(store: LogStore, first: int, end: int) -> Examined:
    """Examine the entries [first, end), of which ``first`` is a multiple of 256.

    Of those that are archived only the leaves are taken; ``archives.py`` compares them with the files.
    """
    begin = min(max(first, archived_stop(store)), end)
    leaves: list[bytes | None] = [None] * (end - first)
    for seq, leaf in LogTree(store).stored(first, begin):
        leaves[seq - first] = leaf
    findings: list[Finding] = []

    def keep(seq: int, leaf: bytes) -> None:
        place = seq - first
        if leaves[place] is not None:
            findings.append(Finding("D407", seq))
        leaves[place] = leaf if is_hash(leaf) else _EMPTY

    counts = Counts(*(look(store, begin, end, keep, findings) for look in (_records, _deliveries, _erasures)))
    findings += [Finding("D401", seq) for seq, leaf in enumerate(leaves, first) if leaf is None]
    findings.sort(key=lambda finding: finding.seq or 0)
    whole = [leaf or _EMPTY for leaf in leaves]
    tiles = tuple(merkle.root(whole[place : place + WIDTH]) for place in range(0, len(whole) // WIDTH * WIDTH, WIDTH))
    return Examined(tiles, counts, tuple(findings[:MOST]))


def _records(store: LogStore, first: int, end: int, keep: Keep, findings: list[Finding]) -> int:
    """Look at the entries of a kind and give their number."""
    kept: list[tuple[int, bytes]] = []
    try:
        wrong = faulty_records(store, first, end, lambda seq, leaf: kept.append((seq, leaf)))
    except sqlite3.Error:
        # A column that is a text, and none in UTF-8, cannot be handed to a function.
        return _each(recompute_records(store, first, end), keep, findings)
    for seq, leaf in kept:
        keep(seq, leaf)
    findings += [Finding(_CODES[fault], seq) for seq, fault in wrong]
    return len(kept)


def _deliveries(store: LogStore, first: int, end: int, keep: Keep, findings: list[Finding]) -> int:
    return _each(recompute_deliveries(store, first, end), keep, findings)


def _erasures(store: LogStore, first: int, end: int, keep: Keep, findings: list[Finding]) -> int:
    return _each(recompute_erasures(store, first, end), keep, findings)


def _each(checks: Iterable[LeafCheck], keep: Keep, findings: list[Finding]) -> int:
    number = 0
    for seq, leaf, fault in checks:
        number += 1
        keep(seq, leaf)
        if fault is not None:
            findings.append(Finding(_CODES[fault], seq))
    return number


def is_hash(leaf: object) -> bool:
    """Whether something can be the hash of a leaf."""
    return type(leaf) is bytes and len(leaf) == merkle.HASH_LENGTH
