"""What is missing of attributes and points: the nearest value that suffices, or the day on which time makes it so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from ...program.clock import add_duration, day_start, local_day
from ...program.ir import (
    Anniversary,
    AttributeRef,
    Changed,
    Compare,
    Condition,
    HeldFor,
    InWindow,
    Not,
    TodayIs,
    ValueType,
)
from ...program.words.conditions import describe
from ...program.words.values import Tongue, date_words, value_words
from ...query.calendar import lunar_day_ranges, month_day_ranges
from ...query.normal import whole
from .ask import Ask, either
from .behaviour import when
from .facts import attribute_instants
from .holdings import other
from .moments import turns
from .parts import Missing, Setting, Way, When
from .values import Test, Value, as_date, others_of, value_for

_FIXED = ("id", "joined")
_LONGEST_YEAR = 400


def attribute(test: Compare, negated: bool, ask: Ask) -> tuple[Missing, ...]:
    """The value that suffices, and how much is lacking where that can be said."""
    ref = test.operand
    assert isinstance(ref, AttributeRef)
    if ref.name == "points":
        return _points(test, negated, ask)
    now = ask.view.attribute(ref)
    if ref.name in _FIXED and now is not None:
        return (ask.never(),)
    signed: Test = Not(test) if negated else test
    found = _value(ref, signed, now, ask)
    if found is None:
        return (ask.never(),)
    text = _words(test, negated, found, now, ask)
    return (ask.part("attribute", text, name=ref.name, settings=(found,)),)


def _value(ref: AttributeRef, signed: Test, now: Value, ask: Ask) -> Setting | None:
    declared = ask.view.library.attributes.get(ref.name)
    choices = () if declared is None else declared.choices
    found = value_for([signed], ref.type, now, ask.t, ask.zone, choices)
    return None if found is None else replace(found, name=ref.name)


def _words(test: Compare, negated: bool, found: Setting, now: Value, ask: Ask) -> str:
    tongue = Tongue(ask.lang)
    assert isinstance(test.operand, AttributeRef)
    what = tongue.attribute(found.name)
    if found.type in (ValueType.NUMBER, ValueType.MONEY) and isinstance(found.value, int) and isinstance(now, int):
        code = "more" if found.value > now else "fewer"
        return ask.say(code, what=what, value=value_words(found.type, abs(found.value - now), tongue))
    if found.value is None or test.op not in ("is", "in") or negated:
        signed: Condition = Not(test) if negated else test
        return ask.say("needed", test=describe(signed, ask.lang))
    return ask.say("set", what=what, value=_shown(found, tongue))


def _shown(found: Setting, tongue: Tongue) -> str:
    assert found.value is not None
    if found.type is ValueType.LUNAR_DATE and isinstance(found.value, int):
        return f"{found.value // 100:02d}-{found.value % 100:02d}"
    return value_words(found.type, found.value, tongue)


def _points(test: Compare, negated: bool, ask: Ask) -> tuple[Missing, ...]:
    ref = test.operand
    assert isinstance(ref, AttributeRef)
    now = int(ask.view.attribute(ref) or 0)
    op, values = whole(test.op, test.values)
    compared = Compare(ref, op, values)
    signed: Test = Not(compared) if negated else compared
    found = value_for([signed], ValueType.MONEY, now, ask.t, ask.zone)
    if found is None or not isinstance(found.value, int):
        return (ask.never(),)
    number = found.value - now
    text = ask.say("points" if number > 0 else "points_fewer", number=abs(number))
    return (ask.part("points", text, name="points", number=number),)


# Dates


def in_window(test: InWindow, negated: bool, ask: Ask) -> tuple[Missing, ...]:
    """The instant at which the date lies in the window, or a date that does."""
    ref = test.operand
    assert isinstance(ref, AttributeRef)
    signed: Test = Not(test) if negated else test
    now = ask.view.attribute(ref)
    since = ask.first_true(signed, _turns_of(test, now, ask))
    fixed = ref.name in _FIXED and now is not None
    if fixed:
        return (ask.never() if since is None else ask.again(since),)
    found = _value(ref, signed, now, ask) if test.window.since is None else None
    ways: list[Way] = [] if since is None else [(ask.waiting(since),)]
    if found is not None and found.value is not None:
        value = _date(found, ask)
        text = ask.say("set", what=Tongue(ask.lang).attribute(ref.name), value=value)
        ways.append((ask.part("attribute", text, name=ref.name, settings=(found,)),))
    return either(ask, ways)


def _date(found: Setting, ask: Ask) -> str:
    assert isinstance(found.value, int)
    return date_words(found.value) if found.type is ValueType.DATE else ask.clock(found.value)


def _turns_of(test: InWindow, now: Value, ask: Ask) -> list[int]:
    if not isinstance(now, int):
        return []
    instant = day_start(as_date(now), ask.zone) if test.operand.type is ValueType.DATE else now
    return [*turns([instant], test.window, ask.t, ask.zone)]


def anniversary(test: Anniversary, negated: bool, ask: Ask) -> tuple[Missing, ...]:
    """The next day on which it is so; where the date is unknown, a date."""
    now = ask.view.attribute(test.operand)
    signed: Condition = Not(test) if negated else test
    if now is None:
        return _unknown_date(test, ask)
    since = ask.first_true(signed, _days_of(test, int(now), negated, ask))
    return (ask.never() if since is None else ask.again(since),)


def _unknown_date(test: Anniversary, ask: Ask) -> tuple[Missing, ...]:
    ranges = _ranges(test, ask.t, ask)
    first = next((low for low, high in ranges if low < high), None)
    if first is None:
        return (other(test, ask),)
    month_day = max(101, first)
    value = month_day if test.operand.type is ValueType.LUNAR_DATE else 20_000_000 + month_day
    found = Setting(test.operand.name, test.operand.type, value)
    text = ask.say("needed", test=describe(test, ask.lang))
    return (ask.part("attribute", text, name=test.operand.name, settings=(found,)),)


def _days_of(test: Anniversary, now: int, negated: bool, ask: Ask) -> Iterator[int]:
    """The beginnings of days to come on which the anniversary is so, or is not."""
    today = local_day(ask.t, ask.zone)
    month_day = now % 10_000
    for days in range(1, _LONGEST_YEAR):
        start = day_start(today + timedelta(days=days), ask.zone)
        if any(low <= month_day < high for low, high in _ranges(test, start, ask)) != negated:
            yield start


def _ranges(test: Anniversary, t: int, ask: Ask) -> list[tuple[int, int]]:
    lunar = test.operand.type is ValueType.LUNAR_DATE
    found = lunar_day_ranges(test.window, t, ask.zone) if lunar else month_day_ranges(test.window, t, ask.zone)
    return list(zip(found[::2], found[1::2], strict=True))


def today_is(test: TodayIs, negated: bool, ask: Ask) -> tuple[Missing, ...]:
    """The next such day."""
    today = local_day(ask.t, ask.zone)
    kinds = ask.view.library.holidays
    for days in range(1, _LONGEST_YEAR):
        day = today + timedelta(days=days)
        if (kinds.kind(day) == test.kind) != negated:
            return (ask.again(day_start(day, ask.zone)),)
    return (ask.never(),)


# What was before


def held_for(test: HeldFor, negated: bool, ask: Ask) -> tuple[Missing, ...]:
    """From when on it has been so long enough; a value that is not there yet counts from now."""
    now = Compare(test.operand, "is", (test.value,))
    if negated:
        return attribute(now, True, ask)
    moments = attribute_instants(ask.view, test.operand)
    ends = sorted({add_duration(at, test.duration, ask.zone) for at in moments if at > -(2**61)})
    since = ask.first_true(test, ends) if ask.is_true(now) else None
    text = ask.say("keep", test=describe(now, ask.lang))
    since = add_duration(ask.t, test.duration, ask.zone) if since is None else since
    return (replace(ask.waiting(since), text=ask.say("kept", what=text, at=ask.clock(since))),)


def changed(test: Changed, negated: bool, ask: Ask) -> tuple[Missing, ...]:
    """A change, or that the last ones lie outside the window."""
    signed: Condition = Not(test) if negated else test
    moments = [at for at in attribute_instants(ask.view, test.operand) if at > -(2**61)]
    since = ask.first_true(signed, turns(moments, test.window, ask.t, ask.zone))
    what = Tongue(ask.lang).attribute(test.operand.name)
    ways: list[Way] = [] if since is None else [(ask.waiting(since, ask.say("change", what=what)),)]
    place = ask.place(test.window)
    if not negated and place is not None:
        ways.append(_change(test.operand, what, when(place, ask), ask))
    return either(ask, ways)


def _change(ref: AttributeRef, what: str, when: When, ask: Ask) -> Way:
    """Another value; one that nobody ever knew has to be said first, which is no change."""
    text = ask.say("change", what=what)
    if ref.name == "points":
        return (ask.part("points", text, name=ref.name, number=1, when=when),)
    now = ask.view.attribute(ref)
    differs: Test = Compare(ref, "known") if now is None else Compare(ref, "is_not", (now,))
    found = _value(ref, differs, now, ask)
    assert found is not None
    first: Way = ()
    if now is None and not ask.is_true(Changed(ref)):
        said = ask.say("needed", test=describe(differs, ask.lang))
        first = (ask.part("attribute", said, name=ref.name, settings=(found,)),)
        found = replace(found, value=next(value for value in others_of(ref.type) if value != found.value))
    return (*first, ask.part("attribute", text, name=ref.name, settings=(found,), when=when))

