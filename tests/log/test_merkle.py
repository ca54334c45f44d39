"""The tree against the published vectors, against the definitions of the RFC, and against proofs that are not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from log import slow_tree
from qingting.engine.log import merkle
from qingting.engine.log.merkle import ProofError

# The entries, nodes and proofs of the tree that the tests of Certificate Transparency have used from the first.
ENTRIES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
LEAVES = [merkle.leaf_hash(entry) for entry in ENTRIES]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAF_HASHES = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7",
    "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7",
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "4271a26be0d8a84f0bd54c8c302e7cb3a3b5d1fa6780a40bcce2873477dab658",
    "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
    "46f6ffadd3d06a09ff3c5860d2755c8b9819db7df44251788c7d8e3180de8eb1",
]
NODE_23 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
NODE_45 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
NODE_67 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
NODE_47 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
INCLUSIONS = {
    (0, 1): [],
    (0, 8): [LEAF_HASHES[1], NODE_23, NODE_47],
    (5, 8): [LEAF_HASHES[4], NODE_67, ROOTS[4]],
    (2, 3): [ROOTS[2]],
    (1, 5): [LEAF_HASHES[0], NODE_23, LEAF_HASHES[4]],
}
CONSISTENCIES = {
    (1, 1): [],
    (1, 8): [LEAF_HASHES[1], NODE_23, NODE_47],
    (2, 8): [NODE_23, NODE_47],
    (6, 8): [NODE_45, NODE_67, ROOTS[4]],
    (6, 7): [NODE_45, LEAF_HASHES[6], ROOTS[4]],
    (2, 5): [NODE_23, LEAF_HASHES[4]],
}

SMALL = 12
"""Up to this many leaves every wrong proof that can be thought of is tried."""
WIDE = 50
"""Up to this many leaves every proof is compared with the definitions."""
TREE = [b"entry %d" % number for number in range(4 * WIDE)]
HASHES = [merkle.leaf_hash(entry) for entry in TREE]
SLOW_ROOTS = [slow_tree.mth(TREE[:size]) for size in range(WIDE + 1)]


def reason(check: Callable[..., None], *arguments: object) -> str | None:
    """Why a proof is refused; None if it is not."""
    try:
        check(*arguments)
    except ProofError as refusal:
        return refusal.reason
    return None


def pairs_below(limit: int) -> list[tuple[int, int]]:
    """Every (index, size) with index < size <= limit."""
    return [(index, size) for size in range(1, limit + 1) for index in range(size)]


def pairs_upto(limit: int) -> list[tuple[int, int]]:
    """Every (old, new) with old <= new <= limit."""
    return [(old, new) for new in range(limit + 1) for old in range(new + 1)]


def flips(value: bytes) -> Iterator[bytes]:
    """The value with one bit turned, for every bit."""
    number = int.from_bytes(value, "big")
    for bit in range(8 * len(value)):
        yield (number ^ (1 << bit)).to_bytes(len(value), "big")


def cut_or_longer(proof: tuple[bytes, ...]) -> Iterator[tuple[bytes, ...]]:
    """The proof without each of its hashes, and with one more at each place: a strange one or a neighbour again."""
    for place in range(len(proof)):
        yield proof[:place] + proof[place + 1 :]
    for place in range(len(proof) + 1):
        for more in (sha256(b"strange").digest(), *proof[max(place - 1, 0) : place + 1]):
            yield (*proof[:place], more, *proof[place:])


def reordered(proof: tuple[bytes, ...]) -> Iterator[tuple[bytes, ...]]:
    """The proof with each two of its hashes exchanged, and backwards."""
    for first in range(len(proof)):
        for second in range(first + 1, len(proof)):
            other = list(proof)
            other[first], other[second] = other[second], other[first]
            yield tuple(other)
    if len(proof) > 1:
        yield proof[::-1]


def inclusion(index: int, size: int) -> tuple[bytes, ...]:
    return merkle.inclusion_proof(index, size, merkle.subtree_of(HASHES))


def consistency(old: int, new: int) -> tuple[bytes, ...]:
    return merkle.consistency_proof(old, new, merkle.subtree_of(HASHES))


# The published vectors, and the definitions themselves against them.


def test_published_hashes() -> None:
    assert [leaf.hex() for leaf in LEAVES] == LEAF_HASHES
    assert merkle.node_hash(LEAVES[2], LEAVES[3]).hex() == NODE_23
    assert merkle.empty_root().hex() == ROOTS[0]
    assert len(LEAVES[0]) == merkle.HASH_LENGTH


@pytest.mark.parametrize("size", range(9))
def test_published_roots(size: int) -> None:
    assert merkle.root(LEAVES[:size]).hex() == slow_tree.mth(ENTRIES[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size"), INCLUSIONS)
def test_published_inclusion(index: int, size: int) -> None:
    proof = merkle.inclusion_proof(index, size, merkle.subtree_of(LEAVES))
    published = INCLUSIONS[index, size]
    assert [each.hex() for each in proof] == published
    assert [each.hex() for each in slow_tree.path(index, ENTRIES[:size])] == published
    merkle.verify_inclusion(index, size, LEAVES[index], map(bytes.fromhex, published), bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(("old", "new"), CONSISTENCIES)
def test_published_consistency(old: int, new: int) -> None:
    proof = merkle.consistency_proof(old, new, merkle.subtree_of(LEAVES))
    published = CONSISTENCIES[old, new]
    assert [each.hex() for each in proof] == published
    assert [each.hex() for each in slow_tree.proof(old, ENTRIES[:new])] == published
    roots = (bytes.fromhex(ROOTS[size]) for size in (old, new))
    merkle.verify_consistency(old, new, *roots, map(bytes.fromhex, published))


# Against the definitions: every pair of numbers up to WIDE, and some far beyond.


@pytest.mark.parametrize("size", range(WIDE + 1))
def test_every_proof_of_a_tree_is_that_of_the_definitions(size: int) -> None:
    entries = TREE[:size]
    root = merkle.root(HASHES[:size])
    assert root == SLOW_ROOTS[size]
    for index in range(size):
        proof = inclusion(index, size)
        assert list(proof) == slow_tree.path(index, entries)
        merkle.verify_inclusion(index, size, HASHES[index], proof, root)
    for old in range(size + 1):
        steps = consistency(old, size)
        assert list(steps) == (slow_tree.proof(old, entries) if old else [])
        merkle.verify_consistency(old, size, SLOW_ROOTS[old], root, steps)


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_larger_trees(data: st.DataObject) -> None:
    size = data.draw(st.integers(WIDE, 3000), label="size")
    index = data.draw(st.integers(0, size - 1), label="index")
    old = data.draw(st.integers(1, size), label="old")
    seed = data.draw(st.integers(0, 2**32), label="seed")
    entries = [Random(seed + number).randbytes(number % 5) for number in range(size)]
    leaves = [merkle.leaf_hash(entry) for entry in entries]
    subtree = merkle.subtree_of(leaves)
    root = merkle.root(leaves)
    assert root == slow_tree.mth(entries)
    proof = merkle.inclusion_proof(index, size, subtree)
    assert list(proof) == slow_tree.path(index, entries)
    merkle.verify_inclusion(index, size, leaves[index], proof, root)
    steps = merkle.consistency_proof(old, size, subtree)
    assert list(steps) == slow_tree.proof(old, entries)
    merkle.verify_consistency(old, size, merkle.root(leaves[:old]), root, steps)


@given(st.lists(st.binary(max_size=8), max_size=70), st.sampled_from([1, 2, 4, 8, 16]))
def test_a_root_folds_from_complete_subtrees_and_a_narrower_last(entries: list[bytes], width: int) -> None:
    leaves = [merkle.leaf_hash(entry) for entry in entries]
    tiles = [merkle.root(leaves[start : start + width]) for start in range(0, len(leaves), width)]
    assert merkle.root(tiles) == slow_tree.mth(entries)


def even(level: int) -> bytes:
    """The root of a complete subtree of 2**level equal leaves."""
    return merkle.leaf_hash(b"") if level == 0 else merkle.node_hash(even(level - 1), even(level - 1))


EVEN = [even(level) for level in range(10)]
for _ in range(10, 63):
    EVEN.append(merkle.node_hash(EVEN[-1], EVEN[-1]))


def endless(start: int, end: int) -> bytes:
    """The subtrees of a tree of equal leaves without end."""
    width = end - start
    if width & (width - 1) == 0:
        return EVEN[width.bit_length() - 1]
    whole = slow_tree.largest_power_below(width)
    return merkle.node_hash(endless(start, start + whole), endless(start + whole, end))


@given(st.integers(1, 2**63 - 1), st.data())
def test_trees_of_any_size(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1), label="index")
    old = data.draw(st.integers(1, size), label="old")
    proof = merkle.inclusion_proof(index, size, endless)
    assert len(proof) == len(slow_tree.sides(index, size)) <= 63
    merkle.verify_inclusion(index, size, EVEN[0], proof, endless(0, size))
    steps = merkle.consistency_proof(old, size, endless)
    assert len(steps) == len(slow_tree.uses(old, size).lstrip("o"))
    merkle.verify_consistency(old, size, endless(0, old), endless(0, size), steps)


# Proofs that are not.


@pytest.mark.parametrize(("index", "size"), pairs_below(SMALL))
def test_a_turned_bit_is_found_in_an_inclusion(index: int, size: int) -> None:
    proof, leaf, root = inclusion(index, size), HASHES[index], SLOW_ROOTS[size]
    for place, each in enumerate(proof):
        for wrong in flips(each):
            path = (*proof[:place], wrong, *proof[place + 1 :])
            assert reason(merkle.verify_inclusion, index, size, leaf, path, root) == "root"
    for wrong in flips(leaf):
        assert reason(merkle.verify_inclusion, index, size, wrong, proof, root) == "root"
    for wrong in flips(root):
        assert reason(merkle.verify_inclusion, index, size, leaf, proof, wrong) == "root"


@pytest.mark.parametrize(("old", "new"), pairs_upto(SMALL))
def test_a_turned_bit_is_found_in_a_consistency(old: int, new: int) -> None:
    proof, before, after = consistency(old, new), SLOW_ROOTS[old], SLOW_ROOTS[new]
    for place, each in enumerate(proof):
        for wrong in flips(each):
            path = (*proof[:place], wrong, *proof[place + 1 :])
            assert reason(merkle.verify_consistency, old, new, before, after, path) in {"old_root", "root"}
    for wrong in flips(before):
        assert reason(merkle.verify_consistency, old, new, wrong, after, proof) in {"old_root", "root"}
    for wrong in flips(after):
        anything = old == 0 < new
        assert reason(merkle.verify_consistency, old, new, before, wrong, proof) == (None if anything else "root")


@pytest.mark.parametrize(("index", "size"), pairs_below(SMALL))
def test_an_inclusion_proof_is_complete_and_in_order(index: int, size: int) -> None:
    proof, leaf, root = inclusion(index, size), HASHES[index], SLOW_ROOTS[size]
    for path in cut_or_longer(proof):
        assert reason(merkle.verify_inclusion, index, size, leaf, path, root) == "length"
    for path in reordered(proof):
        assert reason(merkle.verify_inclusion, index, size, leaf, path, root) == "root"
    for other in set(HASHES[: SMALL + 1]) - {leaf}:
        assert reason(merkle.verify_inclusion, index, size, other, proof, root) == "root"
    for other in set(SLOW_ROOTS) - {root}:
        assert reason(merkle.verify_inclusion, index, size, leaf, proof, other) == "root"


@pytest.mark.parametrize(("old", "new"), pairs_upto(SMALL))
def test_a_consistency_proof_is_complete_and_in_order(old: int, new: int) -> None:
    proof, before, after = consistency(old, new), SLOW_ROOTS[old], SLOW_ROOTS[new]
    for path in cut_or_longer(proof):
        assert reason(merkle.verify_consistency, old, new, before, after, path) == "length"
    for path in reordered(proof):
        assert reason(merkle.verify_consistency, old, new, before, after, path) in {"old_root", "root"}
    for other in set(SLOW_ROOTS) - {before}:
        assert reason(merkle.verify_consistency, old, new, other, after, proof) in {"old_root", "root"}
    for other in set(SLOW_ROOTS) - {after} if old else ():
        assert reason(merkle.verify_consistency, old, new, before, other, proof) == "root"


@pytest.mark.parametrize(("index", "size"), pairs_below(SMALL))
def test_another_place_is_shown_only_where_every_hash_stands_on_the_same_side(index: int, size: int) -> None:
    """A root does not fix its tree's size: 2 of 3 and 1 of 2 are the same to every verifier, by the RFC's definition."""
    proof, leaf, root = inclusion(index, size), HASHES[index], SLOW_ROOTS[size]
    for other in pairs_below(2 * SMALL):
        shown = reason(merkle.verify_inclusion, *other, leaf, proof, root) is None
        assert shown == (slow_tree.sides(*other) == slow_tree.sides(index, size))
    same_size = [other for other in range(size) if slow_tree.sides(other, size) == slow_tree.sides(index, size)]
    assert same_size == [index]


@pytest.mark.parametrize(("old", "new"), pairs_upto(SMALL))
def test_other_sizes_are_shown_only_where_every_hash_is_used_alike(old: int, new: int) -> None:
    proof, before, after = consistency(old, new), SLOW_ROOTS[old], SLOW_ROOTS[new]
    for claim in pairs_upto(2 * SMALL):
        shown = reason(merkle.verify_consistency, *claim, before, after, proof) is None
        if old == 0:
            alike = claim[0] == 0 and (claim[1] == 0) == (new == 0)
        else:
            alike = claim[0] > 0 and slow_tree.uses(*claim) == slow_tree.uses(old, new)
        assert shown == alike
    if 0 < old < new:
        assert [claim for claim in range(1, new) if slow_tree.uses(claim, new) == slow_tree.uses(old, new)] == [old]


# Numbers and bytes that are none.

NO_COUNTS = [-1, 2**63, 2**64 + 1, True, 1.0, "1", None]
NO_HASHES = [b"", bytes(31), bytes(33), "0" * 32, bytearray(32), None, 0]


@pytest.mark.parametrize("count", NO_COUNTS, ids=repr)
def test_numbers_that_are_no_sizes(count: object) -> None:
    pair = HASHES[:2]
    root = merkle.root(pair)
    subtree = merkle.subtree_of(pair)
    for call in (
        lambda: merkle.verify_inclusion(count, 2, pair[1], pair[:1], root),
        lambda: merkle.verify_inclusion(0, count, pair[0], pair[1:], root),
        lambda: merkle.verify_consistency(count, 2, pair[0], root, pair[1:]),
        lambda: merkle.verify_consistency(1, count, pair[0], root, pair[1:]),
    ):
        assert reason(call) == "size"
    for make in (
        lambda: merkle.inclusion_proof(count, 2, subtree),
        lambda: merkle.inclusion_proof(0, count, subtree),
        lambda: merkle.consistency_proof(count, 2, subtree),
        lambda: merkle.consistency_proof(1, count, subtree),
    ):
        with pytest.raises(ValueError, match="no such"):
            make()


def test_sizes_that_do_not_fit() -> None:
    root = merkle.root(HASHES[:3])
    for index, size in ((0, 0), (3, 3), (4, 3)):
        assert reason(merkle.verify_inclusion, index, size, HASHES[0], (), root) == "size"
        with pytest.raises(ValueError, match="no such leaf"):
            inclusion(index, size)
    assert reason(merkle.verify_consistency, 4, 3, root, root, ()) == "size"
    with pytest.raises(ValueError, match="no such trees"):
        consistency(4, 3)
    for start, end in ((-1, 2), (2, 2), (2, 1), (0, 4)):
        with pytest.raises(ValueError, match="no such subtree"):
            merkle.subtree_of(HASHES[:3])(start, end)


@pytest.mark.parametrize("value", NO_HASHES, ids=repr)
def test_bytes_that_are_no_hashes(value: object) -> None:
    pair = HASHES[:2]
    root = merkle.root(pair)
    for call in (
        lambda: merkle.verify_inclusion(0, 2, value, pair[1:], root),
        lambda: merkle.verify_inclusion(0, 2, pair[0], [value], root),
        lambda: merkle.verify_inclusion(0, 2, pair[0], pair[1:], value),
        lambda: merkle.verify_consistency(1, 2, value, root, pair[1:]),
        lambda: merkle.verify_consistency(1, 2, pair[0], value, pair[1:]),
        lambda: merkle.verify_consistency(1, 2, pair[0], root, [value]),
    ):
        assert reason(call) == "hash"
    for make in (
        lambda: merkle.root([*pair, value]),
        lambda: merkle.root([value]),
        lambda: merkle.node_hash(value, pair[0]),
        lambda: merkle.node_hash(pair[0], value),
    ):
        with pytest.raises(ValueError, match="not hashes"):
            make()


def test_the_empty_tree_begins_every_tree_and_only_it_has_the_empty_root() -> None:
    nothing, root = merkle.empty_root(), SLOW_ROOTS[3]
    check = merkle.verify_consistency
    assert consistency(0, 3) == consistency(3, 3) == consistency(0, 0) == ()
    assert reason(check, 0, 3, nothing, root, ()) is None
    assert reason(check, 0, 3, root, root, ()) == "old_root"
    assert reason(check, 0, 3, nothing, root, HASHES[:1]) == "length"
    assert reason(check, 0, 0, nothing, root, ()) == "root"
    assert reason(check, 0, 3, nothing, nothing, ()) == "root"
    assert reason(check, 3, 3, nothing, nothing, ()) == "old_root"
    assert reason(check, 2, 3, nothing, root, HASHES[2:3]) == "old_root"


def test_a_refusal_is_a_value_error_and_says_only_why() -> None:
    refusal = ProofError("length")
    assert isinstance(refusal, ValueError)
    assert (str(refusal), refusal.reason) == ("length", "length")
