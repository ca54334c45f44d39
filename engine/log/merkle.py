"""The Merkle tree of RFC 9162 section 2.1 over SHA-256: hashes, roots, proofs, and the checking of proofs.

Everything here is arithmetic on 32-byte hashes; leaves are given by their leaf hashes. In the names of the RFC,
``root`` is MTH, ``inclusion_proof`` is PATH and ``consistency_proof`` is PROOF; proofs run from the leaves upwards.

A root does not fix the size of its tree: leaf 0 has the same proof in trees of 3 and of 4 leaves. What a proof shows
holds for the size and the root together, so both have to come from one signed checkpoint, never from the prover alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import Literal

HASH_LENGTH = 32

Subtree = Callable[[int, int], bytes]
"""Gives the hash of the subtree over the leaves [start, end) of the tree; start < end."""

Reason = Literal["size", "hash", "length", "old_root", "root"]
"""Sizes that cannot be; a hash that is not 32 bytes; too few or too many hashes; a root that the proof does not give."""

_LEAF = b"\0"
_NODE = b"\1"
_SIZE_LIMIT = 2**63


class ProofError(ValueError):
    """A proof that does not show what it is to show; ``reason`` says what is wrong with it."""

    def __init__(self, reason: Reason) -> None:
        """Keep the reason."""
        super().__init__(reason)
        self.reason = reason


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of a leaf: SHA-256 over the byte 0 and the entry, 32 bytes (RFC 9162, 2.1.1).

    >>> leaf_hash(b"").hex()[:16]
    '6e340b9cffb37a98'
    """
    return sha256(_LEAF + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node: SHA-256 over the byte 1 and both children (RFC 9162, 2.1.1).

    Raises ValueError for a child that is not 32 bytes.

    >>> node_hash(leaf_hash(b""), leaf_hash(b"\\0")).hex()[:16]
    'fac54203e7cc696c'
    """
    if not _are_hashes((left, right)):
        raise ValueError("not hashes")
    return _node(left, right)


def empty_root() -> bytes:
    """Return the root of the tree without leaves: SHA-256 over nothing (RFC 9162, 2.1.1).

    >>> empty_root().hex()[:16]
    'e3b0c44298fc1c14'
    """
    return sha256().digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes (MTH of RFC 9162, 2.1.1).

    Works level by level and carries an odd last hash up as it is, which is the same as splitting at the largest power
    of two below the count. For the same reason it folds complete subtrees of one width, of which the last may be
    narrower. Raises ValueError for a hash that is not 32 bytes.

    >>> root([]) == empty_root(), root([leaf_hash(b"")]) == leaf_hash(b"")
    (True, True)
    """
    if not leaves:
        return empty_root()
    if not _are_hashes(leaves):
        raise ValueError("not hashes")
    level = leaves
    while len(level) > 1:
        level = parents(level)
    return level[0]


def parents(hashes: Sequence[bytes]) -> list[bytes]:
    """Return the level above some hashes: the node over each pair, and an odd last hash as it is."""
    # Copying a hash that has read the prefix is a sixth faster than joining the prefix and hashing anew.
    copy = sha256(_NODE).copy
    level = []
    pairs = iter(hashes)
    for left, right in zip(pairs, pairs, strict=False):
        node = copy()
        node.update(left + right)
        level.append(node.digest())
    if len(hashes) % 2:
        level.append(hashes[-1])
    return level


def subtree_of(leaves: Sequence[bytes]) -> Subtree:
    """Return the subtree hashes of a tree whose leaf hashes are all at hand; outside of it they raise ValueError.

    >>> tree = [leaf_hash(bytes([number])) for number in range(3)]
    >>> inclusion_proof(2, 3, subtree_of(tree)) == (root(tree[:2]),)
    True
    """

    def subtree(start: int, end: int) -> bytes:
        if not 0 <= start < end <= len(leaves):
            raise ValueError("no such subtree")
        return root(leaves[start:end])

    return subtree


def inclusion_proof(index: int, size: int, subtree: Subtree) -> tuple[bytes, ...]:
    """Return the hashes that lead from leaf ``index`` to the root of the first ``size`` leaves, lowest first.

    PATH of RFC 9162, 2.1.3.1. Asks ``subtree`` for at most 63 hashes. Raises ValueError unless
    0 <= index < size < 2**63.
    """
    if not (_is_count(index) and _is_count(size) and index < size):
        raise ValueError("no such leaf")
    siblings = []
    start, end = 0, size
    while end - start > 1:
        middle = _middle(start, end)
        if index < middle:
            siblings.append((middle, end))
            end = middle
        else:
            siblings.append((start, middle))
            start = middle
    return tuple(subtree(*sibling) for sibling in reversed(siblings))


def consistency_proof(old: int, new: int, subtree: Subtree) -> tuple[bytes, ...]:
    """Return the hashes that show that the first ``new`` leaves begin with the first ``old``, lowest first.

    PROOF of RFC 9162, 2.1.4.1, which is about 0 < old < new. Nothing is needed to show that a tree begins with
    itself, or with nothing: for old == new and for old == 0 the proof is empty. Raises ValueError unless
    0 <= old <= new < 2**63.
    """
    if not (_is_count(old) and _is_count(new) and old <= new):
        raise ValueError("no such trees")
    if old in (0, new):
        return ()
    parts = []
    start, end = 0, new
    while end != old:
        middle = _middle(start, end)
        if old <= middle:
            parts.append((middle, end))
            end = middle
        else:
            parts.append((start, middle))
            start = middle
    if start > 0:
        parts.append((start, end))
    return tuple(subtree(*part) for part in reversed(parts))


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Iterable[bytes], root: bytes) -> None:
    """Check that the tree of ``size`` leaves with this root has the leaf hash ``leaf`` at ``index``.

    The algorithm of RFC 9162, 2.1.3.2. Raises :class:`ProofError` otherwise: for an index or a size that cannot be
    (both are below 2**63), a hash that is not 32 bytes, a proof longer or shorter than the index and the size need,
    and a proof that gives another root.

    >>> tree = [leaf_hash(bytes([number])) for number in range(3)]
    >>> verify_inclusion(2, 3, tree[2], [root(tree[:2])], root(tree))
    >>> verify_inclusion(1, 3, tree[2], [root(tree[:2])], root(tree))
    Traceback (most recent call last):
    qingting.engine.log.merkle.ProofError: length
    """
    path = tuple(proof)
    if not (_is_count(index) and _is_count(size) and index < size):
        raise ProofError("size")
    if not _are_hashes((leaf, root, *path)):
        raise ProofError("hash")
    node, last, reached = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise ProofError("length")
        if node & 1 or node == last:
            reached = _node(sibling, reached)
            node, last = _skip_lone(node, last)
        else:
            reached = _node(reached, sibling)
        node, last = node >> 1, last >> 1
    if last:
        raise ProofError("length")
    if reached != root:
        raise ProofError("root")


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Iterable[bytes]) -> None:
    """Check that the tree of ``new`` leaves with ``new_root`` begins with the tree of ``old`` leaves with ``old_root``.

    The algorithm of RFC 9162, 2.1.4.2, which is about 0 < old < new. For old == new the proof must be empty and the
    roots equal; for old == 0 it must be empty and ``old_root`` the empty root. No tree with leaves has the empty
    root. Raises :class:`ProofError` otherwise: for sizes that cannot be (0 <= old <= new < 2**63), a hash that is not
    32 bytes, a proof longer or shorter than the sizes need, and a proof that gives another old or new root.

    >>> tree = [leaf_hash(bytes([number])) for number in range(3)]
    >>> verify_consistency(2, 3, root(tree[:2]), root(tree), [tree[2]])
    >>> verify_consistency(2, 3, root(tree[:2]), root(tree[:2]), [tree[2]])
    Traceback (most recent call last):
    qingting.engine.log.merkle.ProofError: root
    """
    path = tuple(proof)
    if not (_is_count(old) and _is_count(new) and old <= new):
        raise ProofError("size")
    if not _are_hashes((old_root, new_root, *path)):
        raise ProofError("hash")
    if (old == 0) != (old_root == empty_root()):
        raise ProofError("old_root")
    if (new == 0) != (new_root == empty_root()):
        raise ProofError("root")
    if 0 < old < new:
        _verify_growth(old, new, old_root, new_root, path)
    elif path:
        raise ProofError("length")
    elif old == new and old_root != new_root:
        raise ProofError("root")


def _verify_growth(old: int, new: int, old_root: bytes, new_root: bytes, path: tuple[bytes, ...]) -> None:
    if _is_power_of_two(old):
        path = (old_root, *path)
    if not path:
        raise ProofError("length")
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    before = after = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise ProofError("length")
        if node & 1 or node == last:
            before, after = _node(sibling, before), _node(sibling, after)
            node, last = _skip_lone(node, last)
        else:
            after = _node(after, sibling)
        node, last = node >> 1, last >> 1
    if last:
        raise ProofError("length")
    if before != old_root:
        raise ProofError("old_root")
    if after != new_root:
        raise ProofError("root")


def _skip_lone(node: int, last: int) -> tuple[int, int]:
    """Leave the levels on which the node is the last one, has no sibling and was carried up."""
    while node and not node & 1:
        node, last = node >> 1, last >> 1
    return node, last


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(_NODE + left + right).digest()


def _middle(start: int, end: int) -> int:
    """Split after the largest power of two below the number of leaves."""
    return start + (1 << (end - start - 1).bit_length() - 1)


def _is_power_of_two(count: int) -> bool:
    return count > 0 and count & (count - 1) == 0


def _is_count(value: object) -> bool:
    return type(value) is int and 0 <= value < _SIZE_LIMIT


def _are_hashes(values: Sequence[bytes]) -> bool:
    return {bytes}.issuperset(map(type, values)) and {HASH_LENGTH}.issuperset(map(len, values))
