"""Which playbooks somebody asks about whether members are, or were, in their journeys."""

from __future__ import annotations

from collections.abc import Iterable

from .canonical import parts_of
from .ir import FinishedPlaybook, InPlaybook


def journeys_asked(roots: Iterable[object]) -> frozenset[InPlaybook | FinishedPlaybook]:
    """The tests of journeys that stand anywhere inside ``roots``; segments and metrics are asked for by themselves.

    >>> journeys_asked([(InPlaybook("A"), InPlaybook("A"))])
    frozenset({InPlaybook(playbook='A')})
    """
    found: set[InPlaybook | FinishedPlaybook] = set()
    waiting = list(roots)
    while waiting:
        value = waiting.pop()
        if isinstance(value, InPlaybook | FinishedPlaybook):
            found.add(value)
        else:
            waiting.extend(parts_of(value))
    return frozenset(found)
