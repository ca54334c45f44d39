"""What is missing of tags, coupons, red packets, pushes, journeys, groups, friends, invited members and tasks."""

from __future__ import annotations

from ...program.ir import (
    Condition,
    FinishedPlaybook,
    HasTag,
    HoldsCoupon,
    InGroup,
    InPlaybook,
    Invited,
    IsFriend,
    Not,
    Received,
    ReceivedRedpacket,
    TaskIs,
    TextPattern,
    UsedCoupon,
)
from ...program.words.conditions import describe
from ...program.words.values import patterned, quoted
from .ask import Ask, either
from .behaviour import when
from .counted import Counted, Entry, count_missing
from .facts import belonging_instants, belonging_number, push_instants, task_instants
from .moments import Place, turns
from .parts import Missing, Way

Held = InGroup | IsFriend | InPlaybook
Times = UsedCoupon | ReceivedRedpacket | Received | FinishedPlaybook


# Tags


def tagged(test: HasTag, negated: bool, ask: Ask) -> tuple[Missing, ...]:
    """A tag given, or those held taken away; or the instant at which one expires or leaves the window."""
    signed: Condition = Not(test) if negated else test
    held = ask.view.tags(test)
    ends = [until for _, _, until in ask.view.tag_intervals(test)]
    moments = sorted({*ends, *_turns_of(test, held, ask)})
    since = ask.first_true(signed, moments)
    ways: list[Way] = [] if since is None else [(ask.waiting(since),)]
    if negated:
        return either(ask, [*ways, tuple(_taken(name, ask) for name, _ in held if _counts(name, test, ask))])
    return either(ask, [*ways, *_given(test, held, ask)])


def _turns_of(test: HasTag, held: list[tuple[str, int]], ask: Ask) -> list[int]:
    return [*turns(sorted(since for _, since in held), test.window, ask.t, ask.zone)]


def _counts(name: str, test: HasTag, ask: Ask) -> bool:
    return ask.is_true(HasTag((TextPattern(name),), test.window))


def _taken(name: str, ask: Ask) -> Missing:
    return ask.part("untag", ask.say("untag", tag=quoted(name)), name=name)


def _given(test: HasTag, held: list[tuple[str, int]], ask: Ask) -> list[Way]:
    """One way for each pattern of which a tag is known; a tag that is held already is taken first."""
    place = ask.place(test.window)
    if place is None:
        return []
    ways: list[Way] = []
    for pattern in test.patterns:
        name = _tag_like(pattern, ask)
        if name is not None:
            text = ask.say("tag", tag=quoted(name)) if not pattern.prefix else ask.say("tag_like", tag=patterned(pattern))
            given = ask.part("tag", text, name=name, when=when(place, ask))
            ways.append((*([_taken(name, ask)] if any(name == tag for tag, _ in held) else []), given))
    return ways


def _tag_like(pattern: TextPattern, ask: Ask) -> str | None:
    """A declared tag that a pattern covers."""
    return next((name for name in sorted(ask.view.library.tags) if pattern.matches(name)), None)


# What was given or used so often


def times(test: Times, negated: bool, ask: Ask) -> tuple[Missing, ...]:
    """So many more, or that the window passes."""
    instants = push_instants(ask.view, test) if isinstance(test, Received) else belonging_instants(ask.view, test)
    least, most = (1, None) if isinstance(test, FinishedPlaybook) else (test.at_least, test.at_most)
    counted = Counted(test, negated, instants, test.window, least, most, _named(test, ask))
    return count_missing(counted, ask, _entry(test, ask))


def _entry(test: Times, ask: Ask) -> Entry:
    def entry(number: int, place: Place) -> Missing:
        match test:
            case UsedCoupon(coupon):
                return _more("use_coupon", coupon, number, place)
            case ReceivedRedpacket(redpacket):
                return _more("redpacket", redpacket, number, place)
            case FinishedPlaybook(playbook):
                return _more("finish", playbook, number, place)
            case Received(playbook):
                return _more("push", playbook or (test.template.text if test.template else ""), number, place)

    def _more(kind: str, name: str, number: int, place: Place) -> Missing:
        text = ask.say(kind, name=_named(test, ask), number=number)
        return ask.part(kind, text, name=name, number=number, when=when(place, ask))  # type: ignore[arg-type]

    return entry


def _named(test: Times, ask: Ask) -> str:
    match test:
        case UsedCoupon(name) | ReceivedRedpacket(name) | FinishedPlaybook(name):
            return quoted(name)
        case Received(playbook, step, template):
            if template is not None:
                return patterned(template)
            return quoted(playbook or "") + ("" if step is None else f" / {step}")


# What is held


def holds_coupon(test: HoldsCoupon, negated: bool, ask: Ask) -> tuple[Missing, ...]:
    """The coupon issued, or used; or the instant at which one expires or its expiry comes near."""
    signed: Condition = Not(test) if negated else test
    expiries = belonging_instants(ask.view, HoldsCoupon(test.coupon))
    moments = sorted({*expiries, *turns(expiries, test.expiring, ask.t, ask.zone)})
    since = ask.first_true(signed, moments)
    ways: list[Way] = [] if since is None else [(ask.waiting(since),)]
    name = quoted(test.coupon)
    if negated:
        number = belonging_number(ask.view, test)
        text = ask.say("use_coupon", name=name, number=number)
        return either(ask, [*ways, (ask.part("use_coupon", text, name=test.coupon, number=number),)])
    if test.expiring is None:
        return either(ask, [*ways, (ask.part("coupon", ask.say("coupon", name=name), name=test.coupon, number=1),)])
    return either(ask, [*ways, (other(signed, ask),)])


def held(test: Held, negated: bool, ask: Ask) -> tuple[Missing, ...]:
    """To come in or to go out."""
    match test:
        case InGroup(group):
            kind, name, words = ("leave_group" if negated else "group"), group.text, patterned(group)
        case InPlaybook(playbook):
            kind, name, words = ("leave" if negated else "enter"), playbook, quoted(playbook)
        case IsFriend():
            kind, name, words = ("unfriend" if negated else "friend"), "", ""
    return (ask.part(kind, ask.say(kind, name=words), name=name or None),)  # type: ignore[arg-type]


def task_is(test: TaskIs, negated: bool, ask: Ask) -> tuple[Missing, ...]:
    """What has to become of the task, or when it falls due."""
    signed: Condition = Not(test) if negated else test
    instants = task_instants(ask.view, test)
    since = ask.first_true(signed, sorted({*instants, *turns(instants, test.window, ask.t, ask.zone)}))
    ways: list[Way] = [] if since is None else [(ask.waiting(since),)]
    text = ask.say("needed", test=describe(signed, ask.lang))
    return either(ask, [*ways, (ask.part("task", text, name=test.task),)])


def invited(test: Invited, negated: bool, ask: Ask) -> tuple[Missing, ...]:
    """So many more members brought along."""
    there = ask.view.invited(test)
    most = max(test.at_least, (test.at_most or 0) + 1)
    fits = Counted(test, negated, (), None, test.at_least, test.at_most, "")
    number = next((n for n in range(1, most + 1) if fits.suits(there + n)), None)
    place = ask.place(test.window)
    if number is None or place is None:
        return (other(Not(test) if negated else test, ask),)
    text = ask.say("invite", number=number)
    if test.where is not None:
        text = ask.say("who_are", what=text, test=describe(test.where, ask.lang))
    return (ask.part("invite", text, number=number, when=when(place, ask)),)


def other(signed: Condition, ask: Ask) -> Missing:
    """What has to be so, in the words of the test."""
    return ask.part("other", ask.say("needed", test=describe(signed, ask.lang)))


