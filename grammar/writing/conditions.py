"""Conditions as they are written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..syntax import (
    And,
    Anniversary,
    Changed,
    Comparison,
    Condition,
    Did,
    DueToReorder,
    EventMoment,
    FinishedPlaybook,
    HeldFor,
    HoldsCoupon,
    InGroup,
    InPlaybook,
    InSample,
    InSegment,
    Invited,
    IsFriend,
    Listed,
    MomentOfAttribute,
    Not,
    Or,
    Received,
    ReceivedRedpacket,
    ReceivedTemplate,
    SinceEvent,
    SourceInGroup,
    Tagged,
    TaggedInGroup,
    TaskIs,
    TodayIs,
    TotalComparison,
    UsedCoupon,
    Window,
)
from .behaviour import count, did, moment, timed, total_test
from .comparisons import changed, comparison, held, moment_of
from .phrases import Chain, Phrase, joined, spaced
from .strings import pattern, string
from .tongue import Tongue
from .values import share
from .windows import window

_LISTS = {"all": "ALL_OF", "any": "ANY_OF", "none": "NONE_OF"}
_TASK_STATES = {"done": "TASK_DONE", "open": "TASK_OPEN", "overdue": "TASK_OVERDUE"}
_DAYS = {"workday": "WORKDAY", "holiday": "HOLIDAY"}


def condition_words(condition: Condition, tongue: Tongue) -> Phrase:
    """A condition that leads or ends a statement. Of a list at its end only the first line is written."""
    return _condition(condition, tongue, leads=True)


def inner_words(condition: Condition, tongue: Tongue) -> Phrase:
    """A condition in parentheses, without them."""
    return _condition(condition, tongue, leads=False)


def list_at_end(condition: Condition) -> Listed | None:
    """The list of conditions that stands in the block under a condition's line, if it ends with one."""
    if isinstance(condition, Listed):
        return condition
    if isinstance(condition, And | Or):
        last = condition.items[-1]
        return None if isinstance(last, And | Or) else list_at_end(last)
    if isinstance(condition, Not) and not isinstance(condition.item, And | Or):
        return list_at_end(condition.item)
    return None


def _condition(condition: Condition, tongue: Tongue, leads: bool) -> Phrase:
    if isinstance(condition, And | Or):
        joint = tongue.word("AND" if isinstance(condition, And) else "OR")
        return (Chain(condition, joint, tuple(_grouped(item, tongue) for item in condition.items), leads),)
    return _test(condition, tongue)


def _grouped(item: Condition, tongue: Tongue) -> Phrase:
    """A test, and/or in parentheses."""
    words = _condition(item, tongue, leads=False)
    return joined("(", words, ")") if isinstance(item, And | Or) else words


def _test(test: Condition, tongue: Tongue) -> Phrase:
    return _TESTS[type(test)](test, tongue)


def _negated(item: Condition, tongue: Tongue) -> Phrase:
    """Some tests have a word of their own for their opposite."""
    match item:
        case Did():
            return did(item, True, tongue, inner_words)
        case Tagged("any", (one,), None) if tongue.chinese:
            return (f"{tongue.word('NOT_TAGGED')} {pattern(one)}",)
        case IsFriend():
            return (tongue.word("IS_NO_FRIEND"),)
        case TodayIs(kind):
            return (f"{tongue.word('TODAY')} {tongue.word('IS_NOT')} {tongue.word(_DAYS[kind])}",)
    return spaced(tongue.word("NOT"), _grouped(item, tongue))


def _after_name(words: str, when: Window | None, tongue: Tongue) -> Phrase:
    """A test that begins with a name: a since that ends with one cannot stand before it."""
    if isinstance(when, SinceEvent):
        return spaced(words, window(when, tongue))
    return timed(words, when, tongue)


def _anniversary(test: Anniversary, tongue: Tongue) -> Phrase:
    name = tongue.attribute(test.name)
    if tongue.chinese:
        return _after_name(f"{name} {tongue.word('ANNIVERSARY')}", test.window, tongue)
    return timed(f"{tongue.word('ANNIVERSARY_OF')} {name}", test.window, tongue)


def _standing(
    test: Tagged | TaggedInGroup | InSegment | InSample | IsFriend | TodayIs, tongue: Tongue
) -> Phrase:
    match test:
        case Tagged():
            return _tagged(test, tongue)
        case TaggedInGroup(group, when):
            return timed(f"{tongue.word('TAGGED_GROUP')} {string(group.text)}", when, tongue)
        case InSegment(name):
            return (f"{tongue.word('IN_SEGMENT')} {string(name.text)}",)
        case InSample():
            return _sample(test, tongue)
        case IsFriend():
            return (tongue.word("IS_FRIEND"),)
        case TodayIs(kind):
            return (f"{tongue.word('TODAY')} {tongue.word('IS')} {tongue.word(_DAYS[kind])}",)


def _tagged(test: Tagged, tongue: Tongue) -> Phrase:
    tags = ", ".join(pattern(tag) for tag in test.patterns)
    if test.quantifier == "all":
        word = "TAGGED_ALL"
    elif len(test.patterns) > 1:
        word = "TAGGED_ANY"
    else:
        word = "GAINED" if tongue.chinese and test.window is not None else "TAGGED"
    return timed(f"{tongue.word(word)} {tags}", test.window, tongue)


def _sample(test: InSample, tongue: Tongue) -> Phrase:
    low = f"{share(test.low.parts)} {tongue.word('TO')} " if test.low is not None else ""
    name = f"{tongue.word('OF_NAME')} {string(test.name.text)}" if test.name is not None else ""
    return spaced(tongue.word("IN_SAMPLE"), f"{low}{share(test.high.parts)}", name)


def _place(
    test: InGroup | SourceInGroup | InPlaybook | HoldsCoupon | DueToReorder | TaskIs, tongue: Tongue
) -> Phrase:
    match test:
        case InGroup(group):
            return (f"{tongue.word('IN_CUSTOMER_GROUP')} {pattern(group)}",)
        case SourceInGroup(name, group):
            return (f"{tongue.attribute(name)} {tongue.word('INTO_GROUP')} {string(group.text)}",)
        case InPlaybook(playbook):
            return (f"{tongue.word('IN_PLAYBOOK')} {string(playbook.text)}",)
        case HoldsCoupon():
            return _holds(test, tongue)
        case DueToReorder(product, when):
            return timed(f"{tongue.word('DUE_TO_REORDER')} {string(product.text)}", when, tongue)
        case TaskIs(task, state, when):
            words = f"{tongue.word('TASK')} {string(task.text)} {tongue.word(_TASK_STATES[state])}"
            return timed(words, when, tongue)


def _holds(test: HoldsCoupon, tongue: Tongue) -> Phrase:
    words = f"{tongue.word('HOLDS_COUPON')} {string(test.coupon.text)}"
    if test.expiring is None:
        return (words,)
    expiring, when = tongue.word("EXPIRING"), window(test.expiring, tongue)
    return spaced(words, when, expiring) if tongue.chinese else spaced(words, expiring, when)


def _history(
    test: UsedCoupon | ReceivedRedpacket | Received | ReceivedTemplate | FinishedPlaybook | Invited, tongue: Tongue
) -> Phrase:
    match test:
        case UsedCoupon(coupon, times):
            words = spaced(tongue.word("HAS_USED_COUPON"), string(coupon.text), count(times, "TIMES", tongue))
        case ReceivedRedpacket(redpacket, times):
            words = spaced(tongue.word("RECEIVED_REDPACKET"), string(redpacket.text), count(times, "TIMES", tongue))
        case Received(playbook, step, times):
            named = f"{tongue.word('STEP')} {string(step.text)}" if step is not None else ""
            words = spaced(tongue.word("RECEIVED"), string(playbook.text), named, count(times, "TIMES", tongue))
        case ReceivedTemplate(template, times):
            words = spaced(tongue.word("RECEIVED_TEMPLATE"), pattern(template), count(times, "TIMES", tongue))
        case FinishedPlaybook(playbook):
            words = spaced(tongue.word("FINISHED_PLAYBOOK"), string(playbook.text))
        case Invited(people, where):
            among = joined(tongue.word("WHERE"), " (", inner_words(where, tongue), ")") if where is not None else ""
            words = spaced(tongue.word("INVITED"), count(people, "MEMBERS", tongue), among)
    return timed(words, test.window, tongue)


_TESTS: dict[type[Condition], Callable[[Any, Tongue], Phrase]] = {
    Not: lambda test, tongue: _negated(test.item, tongue),
    Listed: lambda test, tongue: (tongue.word(_LISTS[test.kind]),),
    Comparison: lambda test, tongue: (comparison(test, tongue),),
    MomentOfAttribute: lambda test, tongue: (moment_of(test, tongue),),
    HeldFor: lambda test, tongue: (held(test, tongue),),
    Changed: lambda test, tongue: _after_name(changed(test, tongue), test.window, tongue),
    Anniversary: _anniversary,
    Did: lambda test, tongue: did(test, False, tongue, inner_words),
    TotalComparison: lambda test, tongue: total_test(test, tongue, inner_words),
    EventMoment: lambda test, tongue: moment(test, tongue, inner_words),
    **dict.fromkeys((Tagged, TaggedInGroup, InSegment, InSample, IsFriend, TodayIs), _standing),
    **dict.fromkeys((InGroup, SourceInGroup, InPlaybook, HoldsCoupon, DueToReorder, TaskIs), _place),
    **dict.fromkeys(
        (UsedCoupon, ReceivedRedpacket, Received, ReceivedTemplate, FinishedPlaybook, Invited), _history
    ),
}
