"""Whether one word is plainly the other mistyped: what a hand or an input method does, and no other word.

The nearest name is a good hint and a dangerous correction: 猫粮 and 狗粮, 新客户 and 老客户, 满100减20 and 满100减30
are one character apart. Only what cannot be meant otherwise counts as a slip.
"""

from __future__ import annotations

import re

from .nearest import edit_distance

SAME_SOUND = 24
"""Places apart in GB 2312. Its first level is sorted by sound, so that homophones stand next to each other."""

_FIRST_LEVEL = range(0xB0, 0xD8)
_TELLING = frozenset("不非未无没勿别买卖男女前后左右上下内外里")
_NUMERALS = re.compile(r"[0-9零〇一二两三四五六七八九十百千万亿]|(?<![a-z])[a-z](?![a-z])")
_MIN_LATIN = 4


def is_slip(written: str, meant: str) -> bool:
    """Whether ``written`` can only be ``meant`` mistyped.

    That is: other case; two neighbours swapped; one character doubled; one Chinese character taken for another that
    sounds alike; one letter wrong, missing or too many in a longer Latin word. Numbers, single letters and words that
    turn a meaning round (不, 未, 买) must agree.

    >>> is_slip("猫粮中草", "猫粮种草"), is_slip("猫粮种草", "狗粮种草"), is_slip("满100减30", "满100减20")
    (True, False, False)
    """
    one, other = written.casefold(), meant.casefold()
    if one == other:
        return True
    if _NUMERALS.findall(one) != _NUMERALS.findall(other) or edit_distance(one, other, 1) > 1:
        return False
    start, end = _difference(one, other)
    left, right = one[start : len(one) - end], other[start : len(other) - end]
    if sorted(left) == sorted(right):
        return _TELLING.isdisjoint(left)
    if _is_latin(left + right):
        return min(_latin_around(one, start), _latin_around(other, start)) >= _MIN_LATIN
    if len(left) == len(right) == 1:
        return sound_alike(left, right)
    return len(left) == 1 and not right and left in other[max(0, start - 1) : start + 1]


def sound_alike(one: str, other: str) -> bool:
    """Whether two Chinese characters stand so near in the order of GB 2312 that they sound alike or nearly so."""
    places = [_place(char) for char in (one, other)]
    if None in places or one in _TELLING or other in _TELLING:
        return False
    first, second = (place or 0 for place in places)
    return abs(first - second) <= SAME_SOUND


def _place(char: str) -> int | None:
    """The place of a character in the first level of GB 2312, None for one that is not in it."""
    try:
        code = char.encode("gb2312")
    except UnicodeEncodeError:
        return None
    return code[0] * 94 + code[1] if len(code) == 2 and code[0] in _FIRST_LEVEL else None


def _difference(one: str, other: str) -> tuple[int, int]:
    """How many characters two words have in common at their beginnings, and behind that at their ends."""
    shorter = min(len(one), len(other))
    start = next((i for i in range(shorter) if one[i] != other[i]), shorter)
    most = shorter - start
    end = next((i for i in range(most) if one[-1 - i] != other[-1 - i]), most)
    return start, end


def _is_latin(text: str) -> bool:
    return bool(text) and all("a" <= char <= "z" for char in text)


def _latin_around(word: str, place: int) -> int:
    """The length of the Latin word within ``word`` that the place lies in or ends."""
    return max((len(m.group()) for m in re.finditer("[a-z]+", word) if m.start() <= place <= m.end()), default=0)
