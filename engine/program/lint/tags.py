"""Contradictions between tags: held and not held, or two of which a member holds one at most."""

from __future__ import annotations

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
    """Several tags of an exclusive group are to be held, of which none is the same."""
    barred = {
        pattern.text for test, wanted in branch if isinstance(test, HasTag) and not wanted and test.window is None
        for pattern in test.patterns if not pattern.prefix
    }
    left: dict[str, frozenset[str]] = {}
    for test, wanted in branch:
        group = _group_of(test, library) if isinstance(test, HasTag) and wanted else None
        if group is not None and isinstance(test, HasTag):
            tags = frozenset(pattern.text for pattern in test.patterns) - barred
            left[group] = left.get(group, tags) & tags
    return any(not tags for tags in left.values())


def _group_of(test: HasTag, library: Library) -> str | None:
    """The exclusive group in which all tags of a test are, None where there is none."""
    tags = [None if pattern.prefix else library.tags.get(pattern.text) for pattern in test.patterns]
    groups = {tag.group if tag is not None else None for tag in tags}
    group = library.tag_groups.get(next(iter(groups)) or "") if len(groups) == 1 else None
    return group.name if group is not None and group.exclusive else None


def covers(wide: TextPattern, narrow: TextPattern) -> bool:
    """Whether every text that matches ``narrow`` matches ``wide``."""
    if wide.prefix:
        return narrow.text.startswith(wide.text)
    return not narrow.prefix and wide.text == narrow.text
