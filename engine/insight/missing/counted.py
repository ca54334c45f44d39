"""What is missing where something is counted in a window: more of it, or that the window passes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ...program.ir import Condition, Not, Window
from .ask import Ask, either
from .moments import Place, inside, leaving, turns
from .parts import Missing, Way

Entry = Callable[[int, Place], Missing | None]
"""What is told of so many more at a place; None where there can be no more."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A signed test of how many of some instants lie in a window: ``least`` to ``most``, or (``negated``) not so many.

    ``instants`` are in order; ``what`` names what is counted, ``event`` its type where it is an event.
    """

    test: Condition
    negated: bool
    instants: Sequence[int]
    window: Window | None
    least: int
    most: int | None
    what: str
    event: str | None = None

    def suits(self, number: int) -> bool:
        """Whether the test is true of a number."""
        return (number >= self.least and (self.most is None or number <= self.most)) != self.negated

    def at(self, t: int, ask: Ask) -> int:
        """How many there are as seen from t."""
        return inside(self.instants, self.window, t, ask.zone)


def count_missing(counted: Counted, ask: Ask, entry: Entry) -> tuple[Missing, ...]:
    """More of what is counted, or the instant at which time alone makes the test true; the cheapest first."""
    ways = [*_more(counted, ask, entry), *_less(counted, ask)]
    return either(ask, ways)


def _more(counted: Counted, ask: Ask, entry: Entry) -> list[Way]:
    place = ask.place(counted.window, counted.event)
    if place is None:
        return []
    there = counted.at(place.since, ask)
    most = max(counted.least, (counted.most or 0) + 1)
    number = next((n for n in range(1, most + 1) if counted.suits(there + n)), None)
    if number is None:
        return []
    found = entry(number, Place(place.at, place.since, _deadline(counted, ask, place, number)))
    return [] if found is None else [(found,)]


def _deadline(counted: Counted, ask: Ask, place: Place, number: int) -> int | None:
    """The last instant at which so many more still suffice, before those that are there have left the window."""
    low = [instant for instant in counted.instants if inside([instant], counted.window, place.since, ask.zone)]
    first = leaving(low[0], counted.window, place.since, ask.zone) if low else None
    if first is None or counted.suits(counted.at(first, ask) + number):
        return place.by
    return first - 1 if place.by is None else min(first - 1, place.by)


def _less(counted: Counted, ask: Ask) -> list[Way]:
    """The first instant at which, with nothing more, the window holds a number that suits."""
    moments = turns(counted.instants, counted.window, ask.t, ask.zone)
    suited = (moment for moment in moments if counted.suits(counted.at(moment, ask)))
    wanted = _signed(counted)
    since = ask.first_true(wanted, suited)
    return [] if since is None else [(ask.waiting(since, counted.what),)]


def _signed(counted: Counted) -> Condition:
    return Not(counted.test) if counted.negated else counted.test

