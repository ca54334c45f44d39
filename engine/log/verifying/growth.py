"""The roots of a tree that grows, from the hashes of its complete tiles: what any checkpoint must say."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .. import merkle
from ..tree import WIDTH

Leaves = Callable[[int, int], Sequence[bytes]]
"""Gives the leaf hashes [first, end)."""


class Growth:
    """The roots over the first n leaves of a log for ascending n. ``tiles`` are the hashes of its complete tiles.

    Keeps the largest complete subtrees so far, so that each root costs the leaves of one tile and a few hashes.
    """

    def __init__(self, tiles: Sequence[bytes], leaves: Leaves) -> None:
        self._tiles = tiles
        self._leaves = leaves
        self._peaks: list[tuple[int, bytes]] = []
        self._taken = 0

    def root(self, size: int) -> bytes:
        """Return the root over the first ``size`` leaves; ``size`` is no smaller than any before."""
        whole = size // WIDTH
        while self._taken < whole:
            self._push(self._tiles[self._taken])
            self._taken += 1
        hashes = [peak for _, peak in self._peaks]
        if size % WIDTH:
            hashes.append(merkle.root(self._leaves(whole * WIDTH, size)))
        if not hashes:
            return merkle.empty_root()
        root = hashes.pop()
        while hashes:
            root = merkle.node_hash(hashes.pop(), root)
        return root

    def _push(self, tile: bytes) -> None:
        height = 0
        while self._peaks and self._peaks[-1][0] == height:
            tile = merkle.node_hash(self._peaks.pop()[1], tile)
            height += 1
        self._peaks.append((height, tile))
