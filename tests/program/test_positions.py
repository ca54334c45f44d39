"""Where a member stands, and the same place in an edited block."""

from __future__ import annotations

import pytest
from qingting.engine.program.ir import (
    DAY,
    Always,
    Branch,
    Divide,
    Duration,
    GiveTags,
    Instruction,
    Jump,
    Stop,
    Wait,
    WaitFor,
    WaitUntil,
)
from qingting.engine.program.positions import ahead, place_of_step, same_place

A, B, C = (GiveTags(f'tag "{name}"', (name,)) for name in "ABC")
WAIT, TEN = Wait(Duration(DAY)), WaitUntil(600)
YES, NO = Always(True), Always(False)


@pytest.mark.parametrize(
    ("code", "position", "kinds", "step"),
    [
        ((A, WAIT, B), 1, (Wait,), B.step),
        ((A, WAIT, B), 2, (), B.step),
        ((A, WAIT), 2, (), None),
        ((A, WAIT, Stop(), B), 1, (Wait,), None),
        ((Branch(YES, 3), A, Jump(4), B, C), 0, (Branch,), A.step),
        ((Branch(YES, 3), A, Jump(4), B, C), 2, (), C.step),
        ((WaitFor(YES, Duration(DAY), 2), A, B), 0, (WaitFor,), A.step),
    ],
)
def test_what_lies_ahead(code: tuple[Instruction, ...], position: int, kinds: tuple[type, ...], step: str | None) -> None:
    assert (ahead(code, position).kinds, ahead(code, position).step) == (kinds, step)


@pytest.mark.parametrize(
    ("old", "position", "new", "expected"),
    [
        ((A, WAIT, B), 2, (A, C, WAIT, TEN, B), 4),  # behind all waits
        ((A, WAIT, B), 2, (A, WAIT, C), None),  # gone
        ((A, WAIT), 2, (A, WAIT, B), 3),  # at the end, and there still
        ((A, WAIT, B), 2, (A, WAIT, Branch(YES, 4), B), 2),  # a new condition is asked
        ((A, WAIT, Branch(YES, 4), B), 3, (A, WAIT, C, Branch(YES, 5), B), 4),  # put off inside it: asked once already
        ((A, WAIT, Branch(YES, 4), B), 3, (A, WAIT, Branch(NO, 4), B), 2),  # another condition now
        ((A, WAIT, Branch(YES, 4), B), 2, (A, WAIT, B), 2),  # no condition any more
        ((WaitFor(YES, Duration(DAY), 2), B), 0, (A, WaitFor(NO, Duration(2 * DAY), 3), B), 1),  # waits on
        ((WaitFor(YES, Duration(DAY), 2), B), 0, (A, B), 1),  # the wait is over
        ((A, WAIT, B), 2, (A, Divide("s", (("x", 5000, 2), ("y", 10_000, 4))), B, Jump(5), C), 1),  # drawn first
        ((A, TEN, B), 1, (C, TEN, B), 1),
    ],
)
def test_the_same_place(
    old: tuple[Instruction, ...], position: int, new: tuple[Instruction, ...], expected: int | None
) -> None:
    assert same_place(old, position, new) == expected


def test_the_place_of_a_step_is_before_the_branches_to_it() -> None:
    code = (A, WAIT, Branch(YES, 4), B, C)
    assert [place_of_step(code, step) for step in (A.step, B.step, C.step, "x")] == [0, 2, 4, None]
