"""The paths from many leaves to one root, lowest hash first, as ``merkle.inclusion_proof`` gives them for one leaf.

The 256 leaves beside each other are read once, and what lies above them is shared: a path for each leaf of a long log costs
little more than reading its hashes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from . import merkle
from .tree import WIDTH, LogTree

_BITS = WIDTH.bit_length() - 1
_INNER = WIDTH - 1


@dataclass(frozen=True, slots=True)
class _Tile:
    """One tile: its rows of hashes from the lowest up to the two below its top, and the path that leads on from there."""

    number: int
    rows: tuple[list[bytes], ...]
    above: tuple[bytes, ...]


def inclusion_paths(tree: LogTree, size: int, indexes: Iterable[int]) -> Iterator[tuple[bytes, ...]]:
    """Yield for each of ``indexes`` the hashes that lead from its leaf to the root of the first ``size`` leaves.

    Fast where the indexes ascend. Raises ValueError for an index that is not below ``size``, CannotRun D207 where a leaf is
    missing.
    """
    finder = PathFinder(tree, size)
    return map(finder.path, indexes)


class PathFinder:
    """Paths to the root of the first ``size`` leaves of a log; holds one tile of 256 hashes for each level."""

    def __init__(self, tree: LogTree, size: int) -> None:
        self._tree = tree
        self._size = size
        self._tiles: dict[int, _Tile] = {}

    def path(self, index: int) -> tuple[bytes, ...]:
        """Return the hashes that lead from leaf ``index`` to the root. Raises as :func:`inclusion_paths`."""
        if not 0 <= index < self._size:
            raise ValueError("no such leaf")
        return self._path(0, index)

    def _path(self, level: int, position: int) -> tuple[bytes, ...]:
        """The path of the node ``position`` of a level; the part above its tile is the same for the whole tile."""
        number, place = position >> _BITS, position & _INNER
        tile = self._tiles.get(level)
        if tile is None or tile.number != number:
            tile = self._tiles[level] = self._read(level, number)
        path = []
        for row in tile.rows:
            if place ^ 1 < len(row):
                path.append(row[place ^ 1])
            place >>= 1
        return (*path, *tile.above)

    def _read(self, level: int, number: int) -> _Tile:
        row = self._hashes(level, number)
        rows = []
        while len(row) > 1:
            rows.append(row)
            row = merkle.parents(row)
        is_top = self._size <= WIDTH ** (level + 1)
        above = () if is_top else self._path(level + 1, number)
        return _Tile(number, tuple(rows), above)

    def _hashes(self, level: int, number: int) -> list[bytes]:
        """The hashes of a tile; behind the complete subtrees at the end of the tree stands that of the leaves left over."""
        width = WIDTH**level
        first, whole = number * WIDTH, self._size // width
        end = first + WIDTH
        hashes = list(self._tree.nodes(level, first, min(end, whole)))
        if whole < end and whole * width < self._size:
            hashes.append(self._tree.subtree(whole * width, self._size))
        return hashes
