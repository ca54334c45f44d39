"""Declarations that need themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .entries import Key


def find_cycles(uses: Mapping[Key, Iterable[Key]]) -> tuple[tuple[Key, ...], ...]:
    """Return each group of declarations that use each other in a ring, in the order in which ``uses`` lists them.

    Tarjan's strongly connected components (SIAM J. Computing 1972), without recursion, so that a chain of thousands
    is no problem. A declaration that uses itself is a group of one.
    """
    order: dict[Key, int] = {}
    lowest: dict[Key, int] = {}
    stack: list[Key] = []
    stacked: set[Key] = set()
    groups: list[tuple[Key, ...]] = []
    for root in uses:
        if root in order:
            continue
        order[root] = lowest[root] = len(order)
        stack.append(root)
        stacked.add(root)
        path = [(root, iter(_known(uses, root)))]
        while path:
            key, rest = path[-1]
            following = next(rest, None)
            if following is None:
                path.pop()
                if path:
                    lowest[path[-1][0]] = min(lowest[path[-1][0]], lowest[key])
                if lowest[key] == order[key]:
                    groups.append(tuple(_unstacked(stack, key)))
                    stacked.difference_update(groups[-1])
            elif following not in order:
                order[following] = lowest[following] = len(order)
                stack.append(following)
                stacked.add(following)
                path.append((following, iter(_known(uses, following))))
            elif following in stacked:
                lowest[key] = min(lowest[key], order[following])
    return tuple(_in_order(group, uses) for group in groups if len(group) > 1 or group[0] in uses[group[0]])


def _known(uses: Mapping[Key, Iterable[Key]], key: Key) -> list[Key]:
    return sorted((used for used in uses[key] if used in uses), key=str)


def _unstacked(stack: list[Key], last: Key) -> list[Key]:
    group: list[Key] = []
    while not group or group[-1] != last:
        group.append(stack.pop())
    return group


def _in_order(group: tuple[Key, ...], uses: Mapping[Key, Iterable[Key]]) -> tuple[Key, ...]:
    """The group as a walk along uses from the one declared first, as far as it goes."""
    left = set(group)
    walk = [next(key for key in uses if key in left)]
    left.discard(walk[0])
    while True:
        following = next((key for key in _known(uses, walk[-1]) if key in left), None)
        if following is None:
            return tuple(walk + [key for key in uses if key in left])
        walk.append(following)
        left.discard(following)
