"""Where a member stands in the code of a block: the step that comes next, and the same place in another version."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .ir import Action, Branch, Divide, Instruction, Jump, Stop, Waiting

Code = Sequence[Instruction]


class Ahead(NamedTuple):
    """What lies before the next step: the waits and branches on the way, and the step's identity.

    ``step`` is None where the journey ends first. Branches are taken by their first side.
    """

    ways: tuple[Branch | Divide | Waiting, ...]
    step: str | None

    @property
    def waits(self) -> bool:
        """Whether there is a wait on the way."""
        return any(isinstance(way, Waiting) for way in self.ways)

    @property
    def kinds(self) -> tuple[type, ...]:
        """The ways without what they ask."""
        return tuple(type(way) for way in self.ways)


def ahead(code: Code, position: int) -> Ahead:
    """What lies before who stands at ``position``.

    >>> from .ir import DAY, Duration, GiveTags, Wait
    >>> ahead((Wait(Duration(DAY)), GiveTags('tag "A"', ("A",))), 0).step
    'tag "A"'
    """
    ways: list[Branch | Divide | Waiting] = []
    while position < len(code):
        here = code[position]
        if isinstance(here, Jump):
            position = here.target
            continue
        if isinstance(here, Stop):
            break
        if isinstance(here, Action):
            return Ahead(tuple(ways), here.step)
        ways.append(here)
        position += 1
    return Ahead(tuple(ways), None)


def same_place(old: Code, position: int, new: Code) -> int | None:
    """The position in ``new`` of who stands at ``position`` in ``old``: before the same next step; None where that is gone.

    Where the branches that lead to the step are others now, it is the place before them, so that they are asked. A wait on
    the way is waited for again if there still is one, else it is over.
    """
    here = ahead(old, position)
    if here.step is None:
        return len(new)
    entrance = _entrance(new, here.step)
    if entrance is None:
        return None
    before = _entrance(old, here.step)
    assert before is not None, "who stands before a step stands in the same code"
    if not here.waits and _asked(old, before) != _asked(new, entrance):
        return entrance
    return next((place for place in _leading_to(new, here.step) if ahead(new, place).kinds == here.kinds), entrance)


def place_of_step(code: Code, step: str) -> int | None:
    """The position before a step and the branches that lead to it, None where there is no such step."""
    return _entrance(code, step)


def _leading_to(code: Code, step: str) -> list[int]:
    return [at for at, one in enumerate(code) if not isinstance(one, Jump) and ahead(code, at).step == step]


def _entrance(code: Code, step: str) -> int | None:
    """The first position from which no wait lies before a step."""
    return next((place for place in _leading_to(code, step) if not ahead(code, place).waits), None)


def _asked(code: Code, place: int) -> tuple[object, ...]:
    """What the branches ask, without where they lead."""
    return tuple(
        way.condition if isinstance(way, Branch) else (way.name, tuple(arm[:2] for arm in way.arms))
        for way in ahead(code, place).ways if isinstance(way, Branch | Divide)
    )
