"""Tests of what came to a member told back, and how often anything happened."""

from __future__ import annotations

from .. import ir
from ..ir import Window
from .values import Tongue, patterned, quoted
from .windows import timed, window_words

History = (
    ir.HoldsCoupon | ir.UsedCoupon | ir.ReceivedRedpacket | ir.Received | ir.InPlaybook | ir.FinishedPlaybook
    | ir.DueToReorder | ir.TaskIs
)
_TASKS = {"done": "TASK_DONE", "open": "TASK_OPEN", "overdue": "TASK_OVERDUE"}


def history_words(test: History, tongue: Tongue) -> str:
    """Return a test of coupons, red packets, pushes, journeys, tasks or goods that run out."""
    match test:
        case ir.HoldsCoupon():
            return _holds(test, tongue)
        case ir.UsedCoupon(coupon, least, most, window):
            return _often(f"{tongue.word('HAS_USED_COUPON')} {quoted(coupon)}", least, most, window, tongue)
        case ir.ReceivedRedpacket(redpacket, least, most, window):
            return _often(f"{tongue.word('RECEIVED_REDPACKET')} {quoted(redpacket)}", least, most, window, tongue)
        case ir.Received():
            return _often(_received(test, tongue), test.at_least, test.at_most, test.window, tongue)
        case ir.InPlaybook(playbook):
            return f"{tongue.word('IN_PLAYBOOK')} {quoted(playbook)}"
        case ir.FinishedPlaybook(playbook, window):
            return timed(f"{tongue.word('FINISHED_PLAYBOOK')} {quoted(playbook)}", window, tongue)
        case ir.DueToReorder(product, _, _, _, window):
            return timed(f"{tongue.word('DUE_TO_REORDER')} {quoted(product)}", window, tongue)
        case ir.TaskIs(task, state, window):
            return timed(f"{tongue.word('TASK')} {quoted(task)} {tongue.word(_TASKS[state])}", window, tongue)


def _holds(test: ir.HoldsCoupon, tongue: Tongue) -> str:
    words = f"{tongue.word('HOLDS_COUPON')} {quoted(test.coupon)}"
    if test.expiring is None:
        return words
    when, expiring = window_words(test.expiring, tongue), tongue.word("EXPIRING")
    return f"{words} {when} {expiring}" if tongue.chinese else f"{words} {expiring} {when}"


def _received(test: ir.Received, tongue: Tongue) -> str:
    if test.template is not None:
        return f"{tongue.word('RECEIVED_TEMPLATE')} {patterned(test.template)}"
    words = f"{tongue.word('RECEIVED')} {quoted(test.playbook or '')}"
    return words if test.step is None else f"{words} {tongue.word('STEP')} {quoted(test.step)}"


def _often(words: str, least: int, most: int | None, window: Window | None, tongue: Tongue) -> str:
    return timed(words + count_words(least, most, "TIMES", tongue), window, tongue)


def count_words(least: int, most: int | None, unit: str, tongue: Tongue) -> str:
    """How often, behind a space; nothing for at least once. ``unit`` is a terminal whose English is a plural."""
    if (least, most) == (1, None):
        return ""
    if most is None:
        return bound_words("AT_LEAST", least, unit, tongue)
    if least == most:
        return bound_words("EXACTLY", most, unit, tongue)
    lower = bound_words("AT_LEAST", least, unit, tongue) if least > 0 else ""
    return lower + bound_words("AT_MOST", most, unit, tongue)


def bound_words(word: str, number: int, unit: str, tongue: Tongue) -> str:
    """One bound of a count, behind a space."""
    if tongue.chinese:
        return f" {tongue.word(word)}{number}{tongue.word(unit)}"
    units = tongue.word(unit)
    return f" {tongue.word(word)} {number} {units.removesuffix('s') if number == 1 else units}"
