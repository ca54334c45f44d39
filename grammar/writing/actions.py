"""Steps without a block, as they are written."""

from __future__ import annotations

from ..syntax import (
    Alert,
    ChangePoints,
    Confirmed,
    EnterPlaybook,
    GiveTag,
    GiveTask,
    IssueCoupon,
    IssueRedpacket,
    Name,
    Push,
    Rotation,
    RuleAction,
    SetAttribute,
    Stop,
    TakeTag,
    Wait,
    WaitUntil,
    Welcome,
    YesNo,
)
from .phrases import Phrase, spaced
from .strings import pattern, string
from .tongue import Tongue
from .values import WEEKDAYS, clock, duration, value

Plain = RuleAction | Push | Welcome | IssueCoupon | IssueRedpacket | GiveTask | Alert | EnterPlaybook | Stop | Wait \
    | WaitUntil


def action_words(step: Plain, tongue: Tongue) -> Phrase | str:
    """A step that is one line."""
    match step:
        case GiveTag() | TakeTag() | SetAttribute() | ChangePoints():
            return rule_action_words(step, tongue)
        case Push():
            return _push(step, tongue)
        case Welcome(template):
            return f"{tongue.word('WELCOME')} {string(template.text)}"
        case IssueCoupon(coupon):
            return f"{tongue.word('ISSUE_COUPON')} {string(coupon.text)}"
        case IssueRedpacket(redpacket):
            return f"{tongue.word('ISSUE_REDPACKET')} {string(redpacket.text)}"
        case GiveTask():
            return _task(step, tongue)
        case Alert(whom, text):
            return f"{tongue.word('ALERT_STAFF' if whom == 'staff' else 'ALERT_MANAGER')} {string(text.text)}"
        case EnterPlaybook(playbook):
            return f"{tongue.word('ENTER_PLAYBOOK')} {string(playbook.text)}"
        case Stop():
            return tongue.word("STOP")
        case Wait(far):
            return f"{tongue.word('WAIT')} {duration(far, tongue)}"
        case WaitUntil():
            return _wait_until(step, tongue)


def rule_action_words(step: RuleAction, tongue: Tongue) -> str:
    """What standing rules do as well."""
    match step:
        case GiveTag(tags):
            return f"{tongue.word('GIVE_TAG')} {tongue.titles(tags)}"
        case TakeTag(tags):
            return f"{tongue.word('TAKE_TAG')} {tongue.titles(tags)}"
        case SetAttribute():
            return _set(step, tongue)
        case ChangePoints(delta):
            if tongue.chinese:
                return f"{tongue.word('ADD_POINTS' if delta > 0 else 'TAKE_POINTS')}{abs(delta)}"
            return f"{tongue.word('POINTS')} {delta:+d}"


def _set(step: SetAttribute, tongue: Tongue) -> str:
    words = f"{tongue.word('SET')} {tongue.attribute(step.name)}"
    if isinstance(step.value, YesNo) and tongue.chinese:
        return f"{words} {tongue.word('IS_YES' if step.value.value else 'IS_NO')}"
    what = tongue.field(step.value) if isinstance(step.value, Name) else value(step.value, tongue)
    return f"{words} {tongue.word('SET_TO')} {what}"


def _push(step: Push, tongue: Tongue) -> Phrase:
    return spaced(
        tongue.word("PUSH"),
        tongue.channel(step.channel) if step.channel is not None else "",
        pattern(step.groups) if step.groups is not None else "",
        _rotation(step.content, tongue) if isinstance(step.content, Rotation) else string(step.content.text),
        f"{tongue.word('WITH_COUPON')} {string(step.coupon.text)}" if step.coupon is not None else "",
        f"{tongue.word('WITH_REDPACKET')} {string(step.redpacket.text)}" if step.redpacket is not None else "",
        _around("LIMIT", "INSIDE", "WITHIN", duration(step.within, tongue), tongue) if step.within is not None else "",
        _confirmed(step.confirmed, tongue) if step.confirmed is not None else "",
        *(tongue.word("DESPITE_CAPS" if each.what == "caps" else "DESPITE_QUIET") for each in step.despite),
    )


def _rotation(content: Rotation, tongue: Tongue) -> str:
    words = f"{tongue.word('ROTATING')} {pattern(content.pattern)}"
    if content.no_repeat is None:
        return words
    far = duration(content.no_repeat, tongue)
    if tongue.chinese:
        return f"{words} {far}{tongue.word('NOT_AGAIN')}"
    return f"{words} {tongue.word('NO_REPEAT')} {far}"


def _confirmed(found: Confirmed, tongue: Tongue) -> str:
    late = tongue.word("OR_ALERT" if found.otherwise == "alert" else "OR_SKIP")
    words = _around("LIMIT", "SENT_INSIDE", "CONFIRMED_WITHIN", duration(found.within, tongue), tongue)
    return f"{words} {late}" if tongue.chinese else f"{words} {tongue.word('ELSE')} {late}"


def _around(before: str, after: str, english: str, far: str, tongue: Tongue) -> str:
    """A time limit: Chinese says its words around the length, English before it."""
    return f"{tongue.word(before)}{far}{tongue.word(after)}" if tongue.chinese else f"{tongue.word(english)} {far}"


def _task(step: GiveTask, tongue: Tongue) -> Phrase:
    due = _around("LIMIT", "DONE_INSIDE", "DUE_WITHIN", duration(step.due, tongue), tongue)
    whom = ""
    if step.staff is not None or step.manager:
        name = string(step.staff.text) if step.staff is not None else tongue.word("MANAGER")
        whom = f"{tongue.word('FOR_STAFF')} {name}"
    return spaced(tongue.word("GIVE_TASK"), string(step.title.text), due, whom)


def _wait_until(step: WaitUntil, tongue: Tongue) -> Phrase:
    if step.weekday is None:
        return spaced(tongue.word("WAIT_UNTIL"), clock(step.clock))
    at = "" if tongue.chinese else tongue.word("AT")
    return spaced(tongue.word("WAIT_UNTIL"), tongue.word(WEEKDAYS[step.weekday - 1]), at, clock(step.clock))
