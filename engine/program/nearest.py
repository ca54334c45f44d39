"""The known name that a misspelt one most likely means."""

from __future__ import annotations

from collections.abc import Iterable

from ...grammar.nearest import edit_distance


def nearest_name(text: str, known: Iterable[str]) -> str | None:
    """Return the known name nearest to ``text``, None if none is near.

    Distance counts insertions, deletions, replacements and swapped neighbours. One is allowed up to five
    characters, a third of the length beyond; names that share no character are never near, so that of two
    two-character Chinese words only those with one character in common are taken.

    >>> nearest_name("猫梁", ["狗粮", "猫粮"])
    '猫粮'
    >>> nearest_name("城市", ["等级"]) is None
    True
    """
    folded = text.casefold()
    best: tuple[int, str] | None = None
    for name in sorted(known):
        other = name.casefold()
        allowed = max(1, max(len(folded), len(other)) // 3)
        if abs(len(folded) - len(other)) > allowed or not set(folded) & set(other):
            continue
        distance = edit_distance(folded, other, allowed)
        if distance <= allowed and (best is None or distance < best[0]):
            best = (distance, name)
    return best[1] if best else None

