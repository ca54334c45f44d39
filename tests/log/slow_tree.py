"""The definitions of RFC 9162 section 2.1 word by word over lists of entries, as slow as they are short.

Nothing of the engine is used here. D[n] is a list of entries, D[a:b] its slice; PATH, PROOF and SUBPROOF recur as in
the text. Beside each hash of a proof, :func:`sides` and :func:`uses` tell what a verifier does with it.
"""

from __future__ import annotations

from hashlib import sha256

Entries = list[bytes]


def largest_power_below(n: int) -> int:
    """The k of the RFC: the largest power of two smaller than n, k < n <= 2k."""
    k = 1
    while 2 * k < n:
        k *= 2
    return k


def mth(d: Entries) -> bytes:
    """MTH(D[n]), 2.1.1."""
    if not d:
        return sha256(b"").digest()
    if len(d) == 1:
        return sha256(b"\x00" + d[0]).digest()
    k = largest_power_below(len(d))
    return sha256(b"\x01" + mth(d[:k]) + mth(d[k:])).digest()


def path(m: int, d: Entries) -> list[bytes]:
    """PATH(m, D[n]), 2.1.3.1."""
    if len(d) == 1:
        return []
    k = largest_power_below(len(d))
    if m < k:
        return [*path(m, d[:k]), mth(d[k:])]
    return [*path(m - k, d[k:]), mth(d[:k])]


def proof(m: int, d: Entries) -> list[bytes]:
    """PROOF(m, D[n]), 2.1.4.1."""
    return subproof(m, d, whole=True)


def subproof(m: int, d: Entries, *, whole: bool) -> list[bytes]:
    """SUBPROOF(m, D[n], b), 2.1.4.1; ``whole`` is the RFC's b, that the subtree is the whole older tree."""
    if m == len(d):
        return [] if whole else [mth(d)]
    k = largest_power_below(len(d))
    if m <= k:
        return [*subproof(m, d[:k], whole=whole), mth(d[k:])]
    return [*subproof(m - k, d[k:], whole=False), mth(d[:k])]


def sides(m: int, n: int) -> str:
    """On which side of what it is hashed with each hash of PATH(m, D[n]) stands: l or r."""
    if n == 1:
        return ""
    k = largest_power_below(n)
    return sides(m, k) + "r" if m < k else sides(m - k, n - k) + "l"


def uses(m: int, n: int, *, whole: bool = True) -> str:
    """What each hash of PROOF(m, D[n]) is: o = the old root itself, s = a subtree of both, l = left of both, r = new."""
    if m == n:
        return "o" if whole else "s"
    k = largest_power_below(n)
    return uses(m, k, whole=whole) + "r" if m <= k else uses(m - k, n - k, whole=False) + "l"
