"""Did you mean: the nearest of some words, and none where none is near."""

from __future__ import annotations

from collections.abc import Iterable

MAX_WORD = 40


def nearest(word: str, candidates: Iterable[str], most: int = MAX_WORD) -> str | None:
    """The candidate with the least edit distance to ``word``, if it is near enough to be meant.

    Half of a two-character Chinese word may differ, a third of a longer one; ``most`` sets a lower limit.

    >>> nearest("下但", ["下单", "点击"])
    '下单'
    >>> nearest("核销", ["下单", "点击"]) is None
    True
    """
    if not word or len(word) > MAX_WORD:
        return None
    best: tuple[int, int, str] | None = None
    folded = word.casefold()
    for candidate in candidates:
        allowed = min(most, max(1, max(len(word), len(candidate)) // 3))
        if candidate == word or abs(len(candidate) - len(word)) > allowed or min(len(candidate), len(word)) < 2:
            continue
        other = candidate.casefold()
        # Every character that the other word lacks costs one; most candidates are told apart by that alone.
        if sum(char not in other for char in folded) > allowed:
            continue
        distance = edit_distance(folded, other, allowed)
        if distance <= allowed:
            key = (distance, abs(len(candidate) - len(word)), candidate)
            best = min(best, key) if best else key
    return best[2] if best else None


def edit_distance(one: str, other: str, limit: int) -> int:
    """Insertions, deletions, changes and swaps of neighbours between two words; ``limit`` + 1 where there are more."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        following = [i]
        for j, right in enumerate(other, 1):
            cost = min(row[j] + 1, following[-1] + 1, row[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, before[j - 2] + 1)
            following.append(cost)
        if min(following) > limit:
            return limit + 1
        before, row = row, following
    return row[-1]
