"""Of whom it is asked what is missing, and in which words it is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from ....grammar.messages import render
from ...program.clock import local_of, naive_datetime
from ...program.ir import DAY, MINUTE, Condition, Window
from ...program.words.values import Tongue
from ..view import View
from .moments import HORIZON, Place, ends, place_in
from .parts import AT_ONCE, Kind, Missing, Setting, When, cost_of

MOST_TURNS = 40
"""How many instants are tried at most before nothing is said of when a test becomes true by itself."""
_DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")


@dataclass(frozen=True, slots=True)
class Ask:
    """One member as seen at an instant, and the language. ``began`` is the instant of the question itself, or that one."""

    view: View
    lang: str
    began: int

    @property
    def t(self) -> int:
        """The instant."""
        return self.view.t

    @property
    def zone(self) -> str:
        """On whose clock calendar words are read."""
        return self.view.zone

    def later(self, t: int) -> Ask:
        """The same at another instant, if nothing more becomes known."""
        return replace(self, view=replace(self.view, t=t))

    def is_true(self, condition: Condition) -> bool:
        """Whether a condition is true of the member."""
        return self.view.is_true(condition)

    def first_true(self, condition: Condition, turns: Iterable[int]) -> int | None:
        """The first of the instants at which a condition is true; None where it is at none of those tried."""
        later = (turn for turn in turns if self.t < turn <= self.t + HORIZON)
        return next((turn for turn in islice(later, MOST_TURNS) if self.later(turn).is_true(condition)), None)

    def place(self, window: Window | None, event: str | None = None) -> Place | None:
        """Where a new fact can lie so that a window takes it in; None where it never can, or where that is not known.

        ``event`` is the type of the fact, where it is an event: one that the window itself counts from moves the window.
        """
        if window is not None and window.since is not None:
            began = self.view.edge(window.since.which, window.since.query)
            if began is None or began >= self.t or event == window.since.query.event:
                return None
        place = place_in(window, self.t, self.zone)
        if place is None or self.t == self.began:
            return place
        # What counts at a later instant may have happened before.
        return replace(place, at=max(self.began, min(place.at, ends(window, place.since, self.zone)[0])))

    # What is told

    def say(self, code: str, **params: str | int) -> str:
        """A sentence of the catalogue ``missing``."""
        return render(f"missing.{code}", params, self.lang)[0]

    def clock(self, instant: int) -> str:
        """An instant on the member's clock with its day of the week; a part of a minute counts as begun.

        The last instant before a full minute is shown as the minute it lies in.
        """
        local = local_of(instant, self.zone)
        whole = local - local % MINUTE
        if local % MINUTE and (local + 1) % MINUTE:
            whole += MINUTE
        shown = naive_datetime(whole)
        day = Tongue(self.lang).word(_DAYS[shown.weekday()])
        written = shown.strftime("%Y-%m-%d") if whole % DAY == 0 else shown.strftime("%Y-%m-%d %H:%M")
        return f"{written} {day.capitalize()}"

    def part(
        self, kind: Kind, text: str, *, name: str | None = None, number: int | None = None,
        settings: tuple[Setting, ...] = (), when: When = AT_ONCE,
    ) -> Missing:
        """A part with what there is to say of its time added to its text."""
        counts = None if when.since == when.after else when.since
        for code, instant in (("after", when.after), ("by", when.by), ("counts", counts)):
            if instant is not None:
                text = self.say(code, what=text, at=self.clock(instant))
        return Missing(kind, text, self.zone, name, number, settings, when.after, when.by, when.since)

    def waiting(self, since: int, without: str | None = None) -> Missing:
        """That the test becomes true by itself; ``without`` names what must not happen until then."""
        at = self.clock(since)
        text = self.say("wait", at=at) if without is None else self.say("wait_without", at=at, what=without)
        return Missing("wait", text, self.zone, since=since)

    def again(self, since: int) -> Missing:
        """That nothing the member does makes the test true, but time does."""
        return Missing("wait", self.say("again", at=self.clock(since)), self.zone, since=since)

    def free(self, since: int) -> Missing:
        """That a rule stands in the way no longer."""
        return Missing("wait", self.say("free", at=self.clock(since)), self.zone, since=since)

    def never(self, code: str = "never") -> Missing:
        """That nothing makes the test true."""
        return Missing("never", self.say(code), self.zone)


def either(ask: Ask, ways: Sequence[tuple[Missing, ...]]) -> tuple[Missing, ...]:
    """The ways of which one suffices as one list; the hopeless are left out where there is another."""
    ordered = sorted(dict.fromkeys(ways), key=cost_of)
    possible = [way for way in ordered if not any(part.is_hopeless for part in way)]
    if not possible:
        return ordered[0] if ordered else (ask.never(),)
    if len(possible) == 1:
        return possible[0]
    shown = possible[:MOST_WAYS]
    text = ask.say("or").join(ask.say("and").join(part.text for part in way) for way in shown)
    return (Missing("either", text, ask.zone, ways=tuple(shown)),)


MOST_WAYS = 3
