"""The log's tree as the store keeps it: leaf hashes in the rows of their entries, or packed, complete subtrees beside them.

A node of level k covers 256^k leaves, as in the tiles of C2SP tlog-tiles, so that the store holds one hash more for 256
leaves, appending hashes new leaves only, and any subtree costs some 256 hashes a level.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence

from ...grammar.diagnostics import CannotRun
from . import merkle
from .archives.known import archived_leaves, archived_stop
from .store import LogStore, leaf_count

WIDTH = 256
"""How many hashes one of the level above covers."""
_BITS = 8
_END = 2**63 - 1

_NODES = """
SELECT position, hash FROM tree WHERE level = :level AND position >= :first AND position < :end ORDER BY position
"""
_COUNT = "SELECT coalesce(max(position) + 1, 0) FROM tree WHERE level = :level"
_ADD = "INSERT INTO tree (level, position, hash) VALUES (?, ?, ?)"
_LEAVES = """
SELECT seq, leaf FROM dispatches WHERE seq >= :first AND seq < :end
UNION ALL SELECT seq, leaf FROM deliveries WHERE seq >= :first AND seq < :end
UNION ALL SELECT seq, leaf FROM erasures WHERE seq >= :first AND seq < :end
ORDER BY seq
"""


class LogTree:
    """The tree of one store's log. Reads what is stored; nothing is verified here.

    ``fresh`` are the last leaves of the log where the caller has them in hand, so that they are not read again.
    """

    def __init__(self, store: LogStore, fresh: Sequence[bytes] = ()) -> None:
        self._store = store
        self._fresh = fresh
        self._known = leaf_count(store) - len(fresh) if fresh else _END
        self._connection: sqlite3.Connection = store.connection

    def root(self, size: int) -> bytes:
        """Return the root over the first ``size`` leaves. Raises CannotRun D207 where one of them is missing."""
        return self.subtree(0, size) if size else merkle.empty_root()

    def subtree(self, start: int, end: int) -> bytes:
        """Return the hash of the subtree over the leaves [start, end) as proofs ask for it; ``start`` is aligned.

        That is, it is a multiple of the least power of two that is not below the subtree's width.
        """
        level = ((end - start).bit_length() - 1) // _BITS
        width = WIDTH**level
        hashes = list(self.nodes(level, start // width, end // width))
        whole = end // width * width
        if whole < end:
            hashes.append(self.subtree(whole, end))
        return merkle.root(hashes)

    def leaves(self, first: int, end: int) -> Iterator[bytes]:
        """Yield the stored hashes of the leaves [first, end). Raises CannotRun D207 where one is missing."""
        expected = first
        for seq, leaf in self.stored(first, end):
            if seq != expected or type(leaf) is not bytes or len(leaf) != merkle.HASH_LENGTH:
                break
            expected += 1
            yield leaf
        if expected < end:
            raise CannotRun("D207", leaf=expected)

    def nodes(self, level: int, first: int, end: int) -> Iterator[bytes]:
        """Yield the complete subtrees [first, end) of a level; those behind the last that is stored, or a hole, are computed.

        Raises CannotRun D207 where a leaf is missing.
        """
        if level == 0:
            yield from self.leaves(first, end)
            return
        values = {"level": level, "first": first, "end": end}
        for position, node in self._connection.execute(_NODES, values):
            if position != first:
                break
            first += 1
            yield node
        yield from map(merkle.root, _tiles(self.nodes(level - 1, first * WIDTH, end * WIDTH)))

    def stored(self, first: int, end: int) -> Iterator[tuple[int, bytes]]:
        """Yield what is stored of the leaves [first, end), each with its index; holes are left out."""
        stop, known = min(end, archived_stop(self._store)), min(end, self._known)
        if first < stop:
            yield from archived_leaves(self._store, first, stop)
        yield from self._connection.execute(_LEAVES, {"first": max(first, stop), "end": known})
        if known < end:
            begin = max(first, known) - known
            yield from enumerate(self._fresh[begin : end - known], begin + known)

    def extend(self) -> int:
        """Store the complete subtrees that leaves have filled since the last time; return the number of leaves.

        Inside the write transaction that brought them.
        """
        size = leaf_count(self._store)
        level, below = 0, size
        while below >= WIDTH:
            (first,) = self._connection.execute(_COUNT, {"level": level + 1}).fetchone()
            full = below // WIDTH
            hashes = self.nodes(level, first * WIDTH, full * WIDTH)
            added = ((level + 1, position, merkle.root(tile)) for position, tile in enumerate(_tiles(hashes), first))
            self._connection.executemany(_ADD, list(added))
            level, below = level + 1, full
        return size


def _tiles(hashes: Iterator[bytes]) -> Iterator[list[bytes]]:
    """The hashes in lists of 256, whole ones only."""
    tile: list[bytes] = []
    for each in hashes:
        tile.append(each)
        if len(tile) == WIDTH:
            yield tile
            tile = []
