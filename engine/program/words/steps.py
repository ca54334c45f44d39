"""Steps told back: one instruction in one line, without what is indented below it."""

from __future__ import annotations

from ....grammar.keywords import BUILT_IN_CHANNELS
from .. import ir
from .conditions import describe
from .library import points_words, setting_words
from .schedules import at, clock_words, weekday_word
from .values import Tongue, patterned, quoted
from .windows import elapsed_words

_CHINESE_CHANNELS = {name: chinese for chinese, name in BUILT_IN_CHANNELS.items()}


def channel_words(channel: str, lang: str) -> str:
    """The name of a channel, built-in ones in the language."""
    return _CHINESE_CHANNELS.get(channel, channel) if Tongue(lang).chinese else channel


def action_words(action: ir.Action, lang: str) -> str:
    """Return the line of an action.

    >>> action_words(ir.GiveTags("tag", ("新客", "老客")), "zh")
    '打标签 "新客", "老客"'
    """
    tongue = Tongue(lang)
    match action:
        case ir.Push():
            return _push(action, tongue)
        case ir.Welcome(_, _, template):
            return f"{tongue.word('WELCOME')} {quoted(template)}"
        case ir.GiveTags(_, tags):
            return f"{tongue.word('GIVE_TAG')} {', '.join(map(quoted, tags))}"
        case ir.TakeTags(_, tags):
            return f"{tongue.word('TAKE_TAG')} {', '.join(map(quoted, tags))}"
        case ir.IssueCoupon(_, coupon):
            return f"{tongue.word('ISSUE_COUPON')} {quoted(coupon)}"
        case ir.IssueRedpacket(_, redpacket):
            return f"{tongue.word('ISSUE_REDPACKET')} {quoted(redpacket)}"
        case ir.ChangePoints(_, delta):
            return points_words(delta, tongue)
        case ir.SetAttribute(_, attribute, value):
            return setting_words(attribute, value, tongue)
        case ir.GiveTask():
            return _task(action, tongue)
        case ir.Alert(_, whom, text):
            return f"{tongue.word('ALERT_STAFF' if whom == 'staff' else 'ALERT_MANAGER')} {quoted(text)}"
        case ir.EnterPlaybook(_, playbook):
            return f"{tongue.word('ENTER_PLAYBOOK')} {quoted(playbook)}"


def waiting_words(waiting: ir.Waiting, lang: str) -> str:
    """Return the line of a wait."""
    tongue = Tongue(lang)
    match waiting:
        case ir.Wait(duration):
            return f"{tongue.word('WAIT')} {elapsed_words(duration, tongue)}"
        case ir.WaitUntil(clock, weekday):
            if weekday is None:
                return f"{tongue.word('WAIT_UNTIL')} {clock_words(clock)}"
            return f"{tongue.word('WAIT_UNTIL')} {at(weekday_word(weekday, tongue), clock_words(clock), tongue)}"
        case ir.WaitDay(day, clock):
            words = f"D{day}" if tongue.chinese else f"{tongue.word('DAY_OF')} {day}"
            return at(words, clock_words(clock) if clock is not None else None, tongue)
        case ir.WaitFor(condition, up_to):
            test = describe(condition, lang, limited=True)
            return f"{tongue.word('WAIT_FOR')} {test} {up_to_words(up_to, tongue)}"


def up_to_words(duration: ir.Duration, tongue: Tongue) -> str:
    """The longest time that something may take."""
    return tongue.word("UP_TO") + ("" if tongue.chinese else " ") + elapsed_words(duration, tongue)


def _push(push: ir.Push, tongue: Tongue) -> str:
    words = [tongue.word("PUSH")]
    if push.groups is not None:
        words += [channel_words("group", tongue.lang), patterned(push.groups)]
    elif push.channel != "group":
        words.append(channel_words(push.channel, tongue.lang))
    words += _content(push, tongue)
    if push.coupon is not None:
        words += [tongue.word("WITH_COUPON"), quoted(push.coupon)]
    if push.redpacket is not None:
        words += [tongue.word("WITH_REDPACKET"), quoted(push.redpacket)]
    if push.within is not None:
        words.append(_around(tongue, "WITHIN", push.within, "LIMIT", "INSIDE"))
    if push.confirmed is not None:
        words.append(_confirmed(push.confirmed, tongue))
    words += [tongue.word("DESPITE_CAPS")] * push.despite_caps + [tongue.word("DESPITE_QUIET")] * push.despite_quiet
    return " ".join(words)


def _content(push: ir.Push, tongue: Tongue) -> list[str]:
    if push.rotation is None:
        return [quoted(push.template)]
    words = [tongue.word("ROTATING"), f'"{push.rotation.pattern}"']
    if push.rotation.no_repeat is not None:
        far = elapsed_words(push.rotation.no_repeat, tongue)
        words.append(f"{far}{tongue.word('NOT_AGAIN')}" if tongue.chinese else f"{tongue.word('NO_REPEAT')} {far}")
    return words


def _around(tongue: Tongue, english: str, duration: ir.Duration, before: str, after: str) -> str:
    far = elapsed_words(duration, tongue)
    if tongue.chinese:
        return f"{tongue.word(before)}{far}{tongue.word(after)}"
    return f"{tongue.word(english)} {far}"


def _confirmed(confirmed: ir.Confirmed, tongue: Tongue) -> str:
    words = _around(tongue, "CONFIRMED_WITHIN", confirmed.within, "LIMIT", "SENT_INSIDE")
    late = tongue.word("OR_ALERT" if confirmed.otherwise == "alert" else "OR_SKIP")
    return f"{words} {late}" if tongue.chinese else f"{words} {tongue.word('ELSE')} {late}"


def _task(task: ir.GiveTask, tongue: Tongue) -> str:
    due = _around(tongue, "DUE_WITHIN", task.due, "LIMIT", "DONE_INSIDE")
    words = f"{tongue.word('GIVE_TASK')} {quoted(task.title)} {due}"
    if task.manager:
        return f"{words} {tongue.word('FOR_STAFF')} {tongue.word('MANAGER')}"
    return f"{words} {tongue.word('FOR_STAFF')} {quoted(task.staff)}" if task.staff is not None else words
