"""Draws: what stands for chance. A hash of names and outside ids, the same on every machine and in every store.

The method: the first 8 bytes, big-endian, of SHA-256 over the UTF-8 of ``name``, a NUL and the outside id, read as
a whole number below 2**64. It is kept moved by 2**63, so that it fits a signed 64-bit column.

>>> format(draw("", "u1") + 2**63, "016x")
'98efbbab5be43e89'
>>> draw("holdout:猫粮跟进", "u1")
-7650215470328874176
"""

from __future__ import annotations

from hashlib import sha256

SHIFT = 2**63
PARTS = 10_000


def draw(name: str, member_id: str) -> int:
    """The draw of a member under a name, from -2**63 up to 2**63 - 1."""
    return _shifted(f"{name}\0{member_id}")


def draw_order(playbook: str, occurrence: str, member_id: str) -> int:
    """The place of a member in the order in which an occurrence hands out what is scarce; small comes first."""
    return _shifted(f"{playbook}\0{occurrence}\0{member_id}")


def threshold(parts: int) -> int:
    """The first draw at or above a share of ``parts`` in 10,000; 2**63, past every draw, for the whole.

    A draw lies in the shares [low, high) if threshold(low) <= draw < threshold(high).
    """
    return -(-parts * 2**64 // PARTS) - SHIFT


def _shifted(text: str) -> int:
    return int.from_bytes(sha256(text.encode()).digest()[:8], "big") - SHIFT
