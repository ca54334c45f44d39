"""Contradictions between tags: held and not held, or two of which a member holds one at most."""

from __future__ import annotations

from itertools import combinations

from ..ir import HasTag, Library, TextPattern
from .literals import Branch


def tags_contradict(branch: Branch, library: Library) -> bool:
    """A tag is to be held of which all that match are not to be."""
    barred = [
        pattern for test, wanted in branch if isinstance(test, HasTag) and not wanted and test.window is None
        for pattern in test.patterns
    ]
    return any(
        all(any(covers(other, pattern) for other in barred) for pattern in test.patterns)
        for test, wanted in branch
        if isinstance(test, HasTag) and wanted
    )


def exclusive_groups_contradict(branch: Branch, library: Library) -> bool:
    """Two different tags of one exclusive group are to be held."""
    held = [
        frozenset(pattern.text for pattern in test.patterns) for test, wanted in branch
        if isinstance(test, HasTag) and wanted and not any(pattern.prefix for pattern in test.patterns)
    ]
    return any(not first & second and _share_a_group(first | second, library) for first, second in combinations(held, 2))


def _share_a_group(tags: frozenset[str], library: Library) -> bool:
    groups = {library.tags[tag].group if tag in library.tags else None for tag in tags}
    group = library.tag_groups.get(next(iter(groups)) or "")
    return len(groups) == 1 and group is not None and group.exclusive


def covers(wide: TextPattern, narrow: TextPattern) -> bool:
    """Whether every text that matches ``narrow`` matches ``wide``."""
    if wide.prefix:
        return narrow.text.startswith(wide.text)
    return not narrow.prefix and wide.text == narrow.text
