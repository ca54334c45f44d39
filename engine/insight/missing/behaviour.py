"""What is missing of what a member did: how often, on how many days, the first and last time, and what is due again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from ...program.clock import day_start, local_day
from ...program.ir import (
    DAY,
    All,
    Compare,
    Condition,
    Did,
    DidOnDays,
    DueToReorder,
    EventQuery,
    MomentHas,
    MomentIn,
    Not,
)
from ...program.words.conditions import describe_events
from ...query.normal import normal
from ...query.reorder import MONTH_DAYS
from .ask import Ask, either
from .counted import Counted, count_missing
from .facts import event_instants
from .moments import Place, ends, first_inside, inside, turns
from .parts import Missing, Way, When
from .values import Test, branches, event_like, speaks_of_time


def did(test: Did, negated: bool, ask: Ask) -> tuple[Missing, ...]:
    """More events until the last day on which they suffice, or none until the window has passed."""
    query = test.query
    what = describe_events(query, ask.lang)
    counted = Counted(test, negated, event_instants(ask.view, query), query.window, test.at_least, test.at_most, what, query.event)
    return count_missing(counted, ask, lambda number, place: events(query, number, place, ask))


def events(
    query: EventQuery, number: int, place: Place, ask: Ask, more: tuple[Test, ...] = (), text: str | None = None
) -> Missing | None:
    """So many more events that a query finds and of which ``more`` is true; None where no event can be so."""
    # Where its own time is asked about, what suits now may not suit when it is looked at.
    moves = speaks_of_time(query.where) or any(speaks_of_time(test) for test in more)
    settings = None if moves else event_like(query, more, ask.view.library, place.since, ask.zone)
    if settings is None:
        return None
    words = query if not more else replace(query, where=_both(query.where, more))
    text = text or ask.say("event", number=number, events=describe_events(words, ask.lang))
    return ask.part("event", text, name=query.event, number=number, settings=settings, when=when(place, ask))


def _both(where: Condition | None, more: tuple[Test, ...]) -> Condition:
    parts = [*([] if where is None else where.items if isinstance(where, All) else [where]), *more]
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def when(place: Place, ask: Ask) -> When:
    """When something has to happen at a place."""
    after = place.at if place.at > ask.began else None
    return When(after, place.by, place.since if place.since > ask.t else None)


# Days


def did_on_days(test: DidOnDays, negated: bool, ask: Ask) -> tuple[Missing, ...]:
    """Events on more days, one a day from today on, or that the window passes."""
    instants = event_instants(ask.view, test.query)
    signed: Condition = Not(test) if negated else test
    moments = turns(instants, test.query.window, ask.t, ask.zone)
    since = ask.first_true(signed, (t for t in moments if _is_enough(instants, test, t, ask.zone) != negated))
    without = describe_events(test.query, ask.lang)
    ways: list[Way] = [] if since is None else [(ask.waiting(since, without),)]
    if not negated:
        ways += _more_days(test, instants, ask)
    return either(ask, ways)


def _more_days(test: DidOnDays, instants: list[int], ask: Ask) -> list[Way]:
    settings = None if speaks_of_time(test.query.where) else event_like(test.query, (), ask.view.library, ask.t, ask.zone)
    place = ask.place(test.query.window, test.query.event)
    if settings is None or place is None or place.since != ask.t:
        return []
    today = local_day(ask.t, ask.zone)
    begins = int(bool(instants) and local_day(instants[-1], ask.zone) == today)
    added: list[int] = []
    for number in range(1, test.at_least + 1):
        day = begins + number - 1
        added.append(day_start(today + timedelta(days=day), ask.zone) if day else ask.t)
        if _is_enough([*instants, *added], test, added[-1], ask.zone):
            code = "days_in_a_row" if test.in_a_row else "days"
            text = ask.say(code, number=number, events=describe_events(test.query, ask.lang))
            after, since = (instant if instant > ask.t else None for instant in (added[0], added[-1]))
            when = When(after, None, since)
            return [(ask.part("days", text, name=test.query.event, number=number, settings=settings, when=when),)]
    return []


def _is_enough(instants: list[int], test: DidOnDays, t: int, zone: str) -> bool:
    low, high = ends(test.query.window, t, zone)
    days = sorted({local_day(at, zone).toordinal() for at in instants if low <= at < high})
    number = longest_row(days) if test.in_a_row else len(days)
    return number >= test.at_least and (test.at_most is None or number <= test.at_most)


def longest_row(days: Sequence[int]) -> int:
    """How many of the days (in order, each once) follow each other at most.

    >>> longest_row([1, 2, 4, 5, 6])
    3
    """
    longest = row = 1 if days else 0
    for before, day in pairwise(days):
        row = row + 1 if day == before + 1 else 1
        longest = max(longest, row)
    return longest


# First and last


def moment_in(test: MomentIn, negated: bool, ask: Ask) -> tuple[Missing, ...]:
    """An event where it moves the first or last one into the window, or the instant at which that one lies there."""
    instants = event_instants(ask.view, test.query)
    signed: Condition = Not(test) if negated else test
    edge = instants[-1:] if test.which == "last" else instants[:1]
    since = ask.first_true(signed, turns(edge, test.window, ask.t, ask.zone))
    what = describe_events(test.query, ask.lang) if test.which == "last" else None
    ways: list[Way] = [] if since is None else [(ask.waiting(since, what),)]
    place = ask.place(test.window, test.query.event)
    if place is not None and not negated and (test.which == "last" or not instants):
        found = events(test.query, 1, place, ask)
        ways += [] if found is None else [(found,)]
    if negated and test.which == "last" and test.window.since is None and (place is None or place.since > ask.t):
        found = events(test.query, 1, Place(ask.t, ask.t), ask)
        ways += [] if found is None else [(found,)]
    return either(ask, ways)


def moment_has(test: MomentHas, negated: bool, ask: Ask) -> tuple[Missing, ...]:
    """Another event of which it is true; the first one never changes."""
    signed: Condition = Not(test) if negated else test
    instants = event_instants(ask.view, test.query)
    since = ask.first_true(signed, turns(instants, test.query.window, ask.t, ask.zone))
    ways: list[Way] = [] if since is None else [(ask.waiting(since, describe_events(test.query, ask.lang)),)]
    place = ask.place(test.query.window, test.query.event)
    if place is None or (test.which == "first" and inside(instants, test.query.window, place.since, ask.zone)):
        return either(ask, ways or [(ask.never("first" if place is not None else "never"),)])
    for branch in branches(normal(test.has, ask.view.library, negated)):
        part = events(test.query, 1, place, ask, tuple(branch))
        ways += [] if part is None else [(part,)]
    return either(ask, ways)


def due_to_reorder(test: DueToReorder, negated: bool, ask: Ask) -> tuple[Missing, ...]:
    """The instant at which what was bought last is used up, or another purchase."""
    wanted = normal(test, ask.view.library)
    signed: Condition = Not(test) if negated else test
    due = ask.view.due(wanted) if isinstance(wanted, DueToReorder) else None
    since = None if due is None else ask.first_true(signed, turns([due], test.window, ask.t, ask.zone))
    what = describe_events(test.query, ask.lang)
    ways: list[Way] = [] if since is None else [(ask.waiting(since, what),)]
    found = _bought(test, negated, ask)
    return either(ask, ways if found is None else [*ways, (found,)])


def _bought(test: DueToReorder, negated: bool, ask: Ask) -> Missing | None:
    """One purchase now, and from when on what it brings is due in the window, or is not."""
    if test.window.since is not None:
        return None
    due = ask.t + test.lasts.micros + test.lasts.months * MONTH_DAYS * DAY
    since = first_inside(due, test.window, ask.t, ask.zone)
    if negated:
        since = None if since == ask.t else ask.t
    more: tuple[Test, ...] = () if test.quantity is None else (Compare(test.quantity, "unknown"),)
    return None if since is None else events(test.query, 1, Place(ask.t, since), ask, more)
