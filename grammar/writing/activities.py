"""Activities as they are written, with their phases and sessions."""

from __future__ import annotations

from functools import partial

from ..syntax import ActivityDecl, Clock, NamedPeriod, Period, RecurringHours
from .phrases import Phrase, spaced
from .sheet import Say, Sheet
from .strings import string
from .tongue import Tongue
from .triggers import weekday_words
from .values import clock, clock_range, day


def write_activity(sheet: Sheet, node: ActivityDecl) -> None:
    """An activity with its phases and sessions, in the order they stand."""
    def say(tongue: Tongue) -> Phrase:
        when = _when(node.when, tongue) if node.when is not None else ""
        return spaced(tongue.word("ACTIVITY"), string(node.name.text), when)

    sheet.statement(0, node.span, say)
    lines: list[tuple[int, Say]] = [(phase.span.start, partial(_phase, phase)) for phase in node.phases]
    lines += [(session.span.start, partial(_session, session)) for session in node.sessions]
    sheet.lines(1, lines)


def _when(found: Period | RecurringHours, tongue: Tongue) -> str:
    if isinstance(found, Period):
        return f"{tongue.word('FROM')} {_period(found, tongue)}"
    days = tongue.word("EVERY_DAY") if found.weekdays is None else weekday_words(found.weekdays, tongue)
    return f"{days} {clock_range(found.start, found.end, tongue)}"


def _period(found: Period, tongue: Tongue) -> str:
    last = clock(found.last) if isinstance(found.last, Clock) else day(found.last)
    return f"{day(found.first)} {tongue.word('TO')} {last}"


def _phase(found: NamedPeriod, tongue: Tongue) -> str:
    return f"{tongue.word('PHASE')} {string(found.name.text)} {tongue.word('FROM')} {_period(found.period, tongue)}"


def _session(found: NamedPeriod, tongue: Tongue) -> str:
    return f"{tongue.word('SESSION')} {string(found.name.text)} {_period(found.period, tongue)}"
