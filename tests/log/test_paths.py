"""Paths of many leaves, tile by tile, against the proofs of the slow tree."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from random import Random

import pytest
from qingting.engine.log import merkle
from qingting.engine.log.paths import PathFinder, inclusion_paths
from qingting.engine.log.tree import LogTree


class Tree(LogTree):
    """A tree over leaves in memory, which counts how many hashes were asked for."""

    def __init__(self, leaves: list[bytes]) -> None:
        self.all = leaves
        self.asked = 0

    def nodes(self, level: int, first: int, end: int) -> Iterator[bytes]:
        """The complete subtrees of a level."""
        width = 256**level
        self.asked += max(0, end - first)
        return (merkle.root(self.all[place * width : (place + 1) * width]) for place in range(first, end))


def tree_of(size: int) -> Tree:
    return Tree([sha256(str(number).encode()).digest() for number in range(size)])


@pytest.mark.parametrize("size", [1, 2, 3, 5, 255, 256, 257, 511, 512, 513, 700])
def test_every_path_is_the_proof_of_its_leaf(size: int) -> None:
    tree = tree_of(size)
    subtree = merkle.subtree_of(tree.all)
    expected = [merkle.inclusion_proof(index, size, subtree) for index in range(size)]
    assert list(inclusion_paths(tree, size, range(size))) == expected


@pytest.mark.parametrize("size", [65_535, 65_536, 65_537, 66_000, 131_400])
def test_paths_through_two_levels_of_tiles(size: int) -> None:
    tree = tree_of(size)
    root = merkle.root(tree.all)
    chosen = sorted({0, 255, 256, 65_535, size - 1, *Random(size).sample(range(size), 20)} & set(range(size)))
    for index, path in zip(chosen, inclusion_paths(tree, size, chosen), strict=True):
        merkle.verify_inclusion(index, size, tree.all[index], path, root)


def test_a_tile_is_read_once() -> None:
    tree = tree_of(2_000)
    list(inclusion_paths(tree, 2_000, range(2_000)))
    # The leaves, the seven full tiles once for what lies above, and the leaves behind them for the hash over those.
    assert tree.asked == 2_000 + 7 + 2_000 % 256


def test_a_smaller_tree_has_its_own_paths() -> None:
    tree = tree_of(600)
    root = merkle.root(tree.all[:300])
    merkle.verify_inclusion(299, 300, tree.all[299], PathFinder(tree, 300).path(299), root)


@pytest.mark.parametrize("index", [-1, 3])
def test_a_leaf_outside_has_no_path(index: int) -> None:
    with pytest.raises(ValueError, match="no such leaf"):
        PathFinder(tree_of(3), 3).path(index)
