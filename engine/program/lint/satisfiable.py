"""Whether anybody at all can be in an audience.

A condition is taken apart into alternatives of tests that hold together; an alternative is impossible if one of the
``CHECKS`` finds a contradiction in it. What no check knows about is taken as possible, so that nothing is called
impossible that is not.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..ir import All, Condition, Library
from .counts import counts_contradict
from .literals import Branch, branches
from .moments import moments_contradict
from .tags import exclusive_groups_contradict, tags_contradict
from .times import windows_contradict
from .values import values_contradict


def is_impossible(condition: Condition, library: Library) -> bool:
    """Whether a condition is false of everybody, whatever the store holds.

    >>> from ..ir import AttributeRef, Compare, ValueType
    >>> points = AttributeRef("points", ValueType.NUMBER)
    >>> low, high = Compare(points, "lt", (300_000_000,)), Compare(points, "ge", (500_000_000,))
    >>> empty = Library({}, {}, {}, {}, {}, {}, {}, {})
    >>> is_impossible(All((low, high)), empty), is_impossible(low, empty)
    (True, False)
    """
    found = branches(condition, library)
    return found is not None and all(contradicts(branch, library) for branch in found)


def contradicts(branch: Branch, library: Library) -> bool:
    """Whether the literals of one alternative cannot hold together."""
    return any(check(branch, library) for check in CHECKS)


def opposites_contradict(branch: Branch, library: Library) -> bool:
    """The same test is to be true and false."""
    # Compared one by one: to hash a condition takes longer than to see that two are not of one kind.
    wanted = [test for test, is_wanted in branch if is_wanted]
    return any(test == other for test, is_wanted in branch if not is_wanted for other in wanted)


CHECKS = (
    opposites_contradict, tags_contradict, exclusive_groups_contradict, values_contradict, windows_contradict,
    counts_contradict, moments_contradict,
)


def core_of(parts: Sequence[Condition], library: Library) -> tuple[int, ...]:
    """The places of parts that contradict each other, of impossible ``parts`` taken together, as few as can be.

    Parts are left out one after the other while the rest stays impossible.
    """
    kept = list(range(len(parts)))
    for place in reversed(range(len(parts))):
        rest = [other for other in kept if other != place]
        if rest and is_impossible(All(tuple(parts[other] for other in rest)), library):
            kept = rest
    return tuple(kept)
