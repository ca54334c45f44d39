"""The known name that a misspelt one most likely means."""

from __future__ import annotations

from collections.abc import Iterable


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
        distance = edit_distance(folded, other)
        if distance <= allowed and (best is None or distance < best[0]):
            best = (distance, name)
    return best[1] if best else None


def edit_distance(left: str, right: str) -> int:
    """Return the optimal string alignment distance of two texts."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        before, previous, row = row, before, [i]
        for j, b in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, previous[j - 2] + 1)
            row.append(cost)
    return row[-1]
