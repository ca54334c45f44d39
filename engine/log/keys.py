"""Identities that follow from what they identify: keys and ids of records, ids of runs, codes of coupons.

The same decision has the same key in every attempt, which is what makes a repeated run and a repeated hand-over
recognisable. Texts are hashed in the length-prefixed form of ``encoding``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import sha256

from .encoding import bytes_field, integer_field, text_field

ID_LENGTH = 20
RUN_ID_LENGTH = 16
CODE_LENGTH = 12
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Digits and capitals without 0, 1, I, L and O, which are taken for each other when read aloud or typed."""

_PSEUDONYM_LENGTH = 16
_HASH_BLOCK = 64
_INNER_PAD = bytes(byte ^ 0x36 for byte in range(256))
_OUTER_PAD = bytes(byte ^ 0x5C for byte in range(256))
_CODES = len(CODE_ALPHABET) ** CODE_LENGTH
_CODE_PAIRS = tuple(high + low for high in CODE_ALPHABET for low in CODE_ALPHABET)


def record_key(store_id: str, playbook: str, step: str, pseudonym: bytes, occurrence: str) -> bytes:
    """Return the identity of a decision: SHA-256 over the five fields, each length-prefixed, 32 bytes."""
    head = text_field(store_id) + text_field(playbook) + text_field(step)
    return sha256(head + bytes_field(pseudonym) + text_field(occurrence)).digest()


def key_maker(store_id: str, playbook: str, step: str, occurrence: str) -> Callable[[bytes], bytes]:
    """Return what gives the keys of one step and occurrence by pseudonyms of 16 bytes.

    A hash that has read what comes before the pseudonym is copied, which is faster than beginning a new one.

    >>> key_maker("s", "p", "push", "o")(bytes(16)) == record_key("s", "p", "push", bytes(16), "o")
    True
    """
    copy, after = sha256(_head(store_id, playbook, step)).copy, text_field(occurrence)

    def key(pseudonym: bytes) -> bytes:
        begun = copy()
        begun.update(pseudonym + after)
        return begun.digest()

    return key


def record_id(key: bytes) -> str:
    """Return the id people quote: the first 20 hex digits of the key."""
    return key.hex()[:ID_LENGTH]


def run_id(previous: str | None, at: int, program: str, mark: int) -> str:
    """Return the id of a run: 16 hex digits of SHA-256 over previous run's id, T, program digest and mark.

    ``previous`` is None for the first run of a store.

    >>> run_id(None, 0, "", 0) == run_id(None, 0, "", 1)
    False
    """
    fields = text_field(previous) + integer_field(at) + text_field(program) + integer_field(mark)
    return sha256(fields).hexdigest()[:RUN_ID_LENGTH]


def coupon_code(secret: bytes, key: bytes) -> str:
    """Return the code of the coupon that the decision ``key`` gives: 12 characters, nobody's guess without ``secret``.

    HMAC-SHA256 (RFC 2104) of the key, its first 16 bytes modulo 31^12 (some 59 bits) in base 961, lowest digit
    first, each digit a pair of letters.

    >>> coupon_code(b"secret", bytes(32))
    'YW2PNNSGQUUZ'
    """
    return coupon_codes(secret, (key,))[0]


def coupon_codes(secret: bytes, keys: Iterable[bytes]) -> list[str]:
    """Return the codes of many decisions, in their order."""
    block = (sha256(secret).digest() if len(secret) > _HASH_BLOCK else secret).ljust(_HASH_BLOCK, b"\0")
    inner = sha256(block.translate(_INNER_PAD))
    outer = sha256(block.translate(_OUTER_PAD))
    codes = []
    for key in keys:
        first, second = inner.copy(), outer.copy()
        first.update(key)
        second.update(first.digest())
        codes.append(_letters(int.from_bytes(second.digest()[:16], "big") % _CODES))
    return codes


def _letters(number: int) -> str:
    pairs = []
    for _ in range(CODE_LENGTH // 2):
        number, rest = divmod(number, len(_CODE_PAIRS))
        pairs.append(_CODE_PAIRS[rest])
    return "".join(pairs)


def _head(store_id: str, playbook: str, step: str) -> bytes:
    length = _PSEUDONYM_LENGTH.to_bytes(4, "big")
    return text_field(store_id) + text_field(playbook) + text_field(step) + length
