"""Trees and proofs made by golang.org/x/mod/sumdb/tlog are those of engine.log.merkle, hash by hash."""

from __future__ import annotations

import json
from pathlib import Path

from qingting.engine.log.merkle import (
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root,
    subtree_of,
    verify_consistency,
    verify_inclusion,
)

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))
LEAVES = [bytes.fromhex(leaf) for leaf in VECTORS["go_leaves"]]
ROOTS = [bytes.fromhex(each) for each in VECTORS["go_roots"]]


def test_leaves_and_roots() -> None:
    assert [leaf_hash(f"entry {number}".encode()) for number in range(len(LEAVES))] == LEAVES
    assert [root(LEAVES[: size + 1]) for size in range(len(LEAVES))] == ROOTS


def test_inclusion() -> None:
    assert len(VECTORS["go_inclusion"]) == 69
    for vector in VECTORS["go_inclusion"]:
        index, size, proof = vector["index"], vector["size"], [bytes.fromhex(each) for each in vector["proof"]]
        assert list(inclusion_proof(index, size, subtree_of(LEAVES))) == proof
        verify_inclusion(index, size, LEAVES[index], proof, ROOTS[size - 1])


def test_consistency() -> None:
    assert len(VECTORS["go_consistency"]) == 69
    for vector in VECTORS["go_consistency"]:
        old, size, proof = vector["old"], vector["size"], [bytes.fromhex(each) for each in vector["proof"]]
        assert list(consistency_proof(old, size, subtree_of(LEAVES))) == proof
        verify_consistency(old, size, ROOTS[old - 1], ROOTS[size - 1], proof)
