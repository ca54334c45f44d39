"""Steps as they are written, with the blocks under them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from ..syntax import Arm, Condition, DayBlock, If, NamedStep, Repeat, Split, Step, WaitFor
from .actions import action_words
from .conditions import condition_words
from .headers import up_to
from .phrases import Phrase, spaced
from .sheet import Sheet
from .strings import string
from .tongue import Tongue
from .values import clock, duration, share

_DAY_MARK = "D"


def write_steps(sheet: Sheet, depth: int, steps: Sequence[Step]) -> None:
    """Write the steps of a block."""
    for step in steps:
        _write_step(sheet, depth, step)


def _write_step(sheet: Sheet, depth: int, step: Step) -> None:
    match step:
        case NamedStep(name, steps):
            sheet.statement(depth, step.span, lambda tongue: f"{tongue.word('STEP')} {string(name.text)}")
            write_steps(sheet, depth + 1, steps)
        case DayBlock():
            sheet.statement(depth, step.span, lambda tongue: _day(step, tongue))
            write_steps(sheet, depth + 1, step.steps)
        case Repeat():
            sheet.statement(depth, step.span, lambda tongue: _repeat(step, tongue))
            write_steps(sheet, depth + 1, step.steps)
        case WaitFor():
            _write_wait_for(sheet, depth, step)
        case If():
            _write_if(sheet, depth, step)
        case Split(name, arms):
            sheet.statement(depth, step.span, lambda tongue: f"{tongue.word('SPLIT')} {string(name.text)}")
            for arm in arms:
                sheet.statement(depth + 1, arm.span, partial(_arm, arm))
                write_steps(sheet, depth + 2, arm.steps)
        case _:
            sheet.statement(depth, step.span, lambda tongue: action_words(step, tongue))


def _day(step: DayBlock, tongue: Tongue) -> Phrase:
    if tongue.chinese:
        return spaced(f"{_DAY_MARK}{step.day}", clock(step.clock) if step.clock is not None else "")
    at = f"{tongue.word('AT')} {clock(step.clock)}" if step.clock is not None else ""
    return spaced(tongue.word("DAY_OF"), str(step.day), at)


def _repeat(step: Repeat, tongue: Tongue) -> Phrase:
    space = "" if tongue.chinese else " "
    every = f"{tongue.word('EVERY')}{space}{duration(step.every, tongue)}"
    most = f"{tongue.word('AT_MOST')}{space}{tongue.counted(step.at_most, 'TIMES')}"
    return spaced(tongue.word("REPEAT"), every, most)


def _write_wait_for(sheet: Sheet, depth: int, step: WaitFor) -> None:
    sheet.statement(depth, step.span, lambda tongue: spaced(
        tongue.word("WAIT_FOR"), condition_words(step.condition, tongue), up_to(step.up_to, tongue)
    ))
    parts = [(word, steps) for word, steps in (("THEN", step.then), ("OTHERWISE", step.otherwise)) if steps]
    for word, steps in sorted(parts, key=lambda part: part[1][0].span.start):
        sheet.statement_above(depth + 1, steps[0].span, partial(_word, word))
        write_steps(sheet, depth + 2, steps)


def _write_if(sheet: Sheet, depth: int, step: If) -> None:
    for place, (condition, steps) in enumerate(step.branches):
        word = "ELSE_IF" if place else "IF"
        sheet.statement(depth, condition.span, partial(_asked, word, condition))
        write_steps(sheet, depth + 1, steps)
    if step.otherwise:
        sheet.statement_above(depth, step.otherwise[0].span, lambda tongue: tongue.word("ELSE"))
        write_steps(sheet, depth + 1, step.otherwise)


def _asked(word: str, condition: Condition, tongue: Tongue) -> Phrase:
    return spaced(tongue.word(word), condition_words(condition, tongue))


def _word(word: str, tongue: Tongue) -> str:
    return tongue.word(word)


def _arm(arm: Arm, tongue: Tongue) -> str:
    return f"{share(arm.share.parts)} {string(arm.name.text) if arm.name is not None else tongue.word('HOLDOUT')}"
