"""What is missing of totals over events: one event more that makes up for it, or that events leave the window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...program.ir import NUMBER_SCALE, All, Compare, CompareOp, Condition, EventQuery, FieldRef, Not, Total
from ...program.words.conditions import describe_events
from ...program.words.values import Tongue, value_words
from ...query.normal import whole
from .ask import Ask, either
from .behaviour import events, when
from .facts import Happened, events_of
from .moments import Place, ends, turns
from .parts import Missing, Setting, Way
from .values import Test, event_like, others_of, suits

_MOST_DISTINCT = 1_000


def total_missing(test: Compare, negated: bool, ask: Ask) -> tuple[Missing, ...]:
    """One more event whose field makes up for it, or the instant at which the total is so by itself."""
    total = test.operand
    assert isinstance(total, Total)
    signed: Condition = Not(test) if negated else test
    query = total.query
    happened = events_of(ask.view, query, total.field)
    moments = turns([event.at for event in happened], query.window, ask.t, ask.zone)
    since = ask.first_true(signed, (then for then in moments if _compares_at(then, happened, test, ask) != negated))
    ways: list[Way] = [] if since is None else [(ask.waiting(since, describe_events(query, ask.lang)),)]
    place = ask.place(query.window, query.event)
    if place is not None:
        found = _one_more(test, total, negated, replace(place, by=_deadline(total, place, ask)), ask)
        ways += [] if found is None else [(found,)]
    return either(ask, ways)


def _compares_at(t: int, happened: Sequence[Happened], test: Compare, ask: Ask) -> bool:
    """Whether the total over what happened compares as wanted, seen from t."""
    total = test.operand
    assert isinstance(total, Total)
    low, high = ends(total.query.window, t, ask.zone)
    values = [e.value for e in happened if low <= e.at < high and e.at <= t and e.value is not None]
    if total.kind in ("distinct", "sum"):
        found = len(set(values)) if total.kind == "distinct" else sum(int(value) for value in values)
        return suits(Compare(total, *whole(test.op, test.values)) if total.kind == "distinct" else test, found, t, ask.zone)
    if not values:
        return False
    if total.kind == "average":
        wanted = tuple(int(value) * len(values) for value in test.values)
        return suits(replace(test, values=wanted), sum(int(value) for value in values), t, ask.zone)
    return suits(test, max(values) if total.kind == "largest" else min(values), t, ask.zone)


def _deadline(total: Total, place: Place, ask: Ask) -> int | None:
    """Before the first event leaves the window, since it takes its part of the total with it."""
    happened = events_of(ask.view, total.query, total.field)
    low = next(turns([event.at for event in happened], total.query.window, place.since, ask.zone), None)
    return place.by if low is None else low - 1 if place.by is None else min(low - 1, place.by)


def _one_more(test: Compare, total: Total, negated: bool, place: Place, ask: Ask) -> Missing | None:
    then = ask.later(place.since)
    if total.kind == "distinct":
        return _distinct(test, total, negated, place, then, ask)
    assert total.field is not None
    wanted = _field_test(test, total, negated, then)
    if wanted is None:
        return None
    return events(total.query, 1, place, ask, wanted, _sum_words(test, total, negated, then, ask))


def _field_test(test: Compare, total: Total, negated: bool, ask: Ask) -> tuple[Test, ...] | None:
    """What the field of one more event must be, so that the total compares as wanted; None where none does."""
    assert total.field is not None
    known = total.field
    now = ask.view.total(replace(total, kind="sum") if total.kind == "average" else total)

    def against(values: tuple[int | str, ...]) -> tuple[Test, ...]:
        compared = Compare(known, test.op, values)
        # Of an unknown field there is nothing to compare, so that a negation asks for a known one.
        return (Not(compared), Compare(known, "known")) if negated else (compared,)

    match total.kind:
        case "sum":
            return against(tuple(int(value) - (now or 0) for value in test.values))
        case "average":
            number = ask.view.count(_known(total.query, known))
            return against(tuple(int(value) * (number + 1) - (now or 0) for value in test.values))
        case "largest" | "smallest":
            edge: CompareOp = "ge" if total.kind == "largest" else "le"
            return (*against(test.values), *(() if now is None else (Compare(known, edge, (now,)),)))
    return None


def _known(query: EventQuery, field: FieldRef) -> EventQuery:
    return replace(query, where=_both(query.where, Compare(field, "known")))


def _both(where: Condition | None, test: Compare) -> Condition:
    return test if where is None else All((where, test))


def _sum_words(test: Compare, total: Total, negated: bool, then: Ask, ask: Ask) -> str | None:
    """A sum that is too small is told by what it lacks."""
    if total.kind != "sum" or negated or test.op not in ("ge", "gt"):
        return None
    assert total.field is not None
    lacking = int(test.values[0]) - (then.view.total(total) or 0)
    tongue = Tongue(ask.lang)
    code = "sum" if test.op == "ge" else "sum_more_than"
    value = value_words(total.field.type, lacking, tongue)
    return ask.say(code, value=value, field=tongue.field(total.field.name), events=describe_events(total.query, ask.lang))


def _distinct(test: Compare, total: Total, negated: bool, place: Place, then: Ask, ask: Ask) -> Missing | None:
    """Events with so many values more that none has had."""
    assert total.field is not None
    now = (then.view.total(total) or 0) // NUMBER_SCALE
    counted: Test = Compare(total.field, *whole(test.op, test.values))
    if negated:
        counted = Not(counted)
    number = next((n for n in range(1, _MOST_DISTINCT) if suits(counted, now + n, then.t, ask.zone)), None)
    settings = None if number is None else _unlike(total, place, ask)
    if settings is None:
        return None
    field = Tongue(ask.lang).field(total.field.name)
    text = ask.say("distinct", number=number or 0, events=describe_events(total.query, ask.lang), field=field)
    return ask.part("distinct", text, name=total.query.event, number=number, settings=settings, when=when(place, ask))


def _unlike(total: Total, place: Place, ask: Ask) -> tuple[Setting, ...] | None:
    """The fields of an event that the total takes in, the last with a value that no such event has had."""
    field = total.field
    assert field is not None
    for value in others_of(field.type):
        same = Compare(field, "is", (value,))
        settings = event_like(total.query, (same,), ask.view.library, place.since, ask.zone)
        query = replace(total.query, where=_both(total.query.where, same))
        if settings is not None and not ask.view.count(query):
            return (*(s for s in settings if s.name != field.name), *(s for s in settings if s.name == field.name))
    return None
