"""Types, durations and windows of the checked program."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from ....grammar.record import record

if TYPE_CHECKING:
    from .conditions import EventQuery

MICROSECOND = 1
MINUTE = 60_000_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
NUMBER_SCALE = 1_000_000


class ValueType(StrEnum):
    """The type of an attribute, field or total."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    LUNAR_DATE = "lunar_date"
    INSTANT = "instant"
    YES_NO = "yes_no"


@record
class Duration:
    """An elapsed time: whole ``months`` (same day and clock, or the month's last day) plus microseconds."""

    micros: int
    months: int = 0


@record
class Times:
    """When an activity, phase or session goes on, on the local clock.

    Either ``spans`` of naive microseconds [start, end) in order, or hours that recur on ISO ``weekdays`` from ``start``
    to ``end`` minutes after midnight (over midnight where end <= start).
    """

    spans: tuple[tuple[int, int], ...] = ()
    weekdays: tuple[int, ...] = ()
    start: int = 0
    end: int = 0


# Time, seen from t


class CutoffKind(StrEnum):
    """What a cutoff counts from."""

    T = "t"  # t itself
    MONTHS = "months"  # t moved by n calendar months on the local clock
    DAY = "day"  # start of the local day n days from t's day
    WEEK = "week"  # start of the Monday-based local week n weeks from t's week
    MONTH = "month"  # start of the local calendar month n months from t's month
    MONTH_DAY = "month_day"  # start of the local day that lies n calendar months from t's day
    DAY_SINCE = "day_since"  # start of the first local day that, moved by n months, is t's day or later
    DAY_PAST = "day_past"  # start of the first local day that, moved by n months, is later than t's day
    MONTHS_SINCE = "months_since"  # the first instant that, moved by n months, lies after t (n is the months ahead)
    YEAR = "year"  # start of the local calendar year n years from t's year
    LOCAL = "local"  # the local date-time n (microseconds of the naive clock)
    ENTRY = "entry"  # the entry into the journey
    WAIT = "wait"  # when the wait at hand began
    STEP = "step"  # when the step ``name`` of the journey was done
    LATEST_START = "latest_start"  # the start of the latest of ``times`` that began by t; without one nothing lies there
    LATEST_END = "latest_end"  # the end of that one


@record
class Cutoff:
    """An instant that depends on t and the zone: ``kind`` moved by ``n``, then by ``plus`` microseconds.

    ``name`` is the step of STEP, ``times`` those of LATEST_START and LATEST_END.

    >>> Cutoff(CutoffKind.T, 0, -3 * DAY + 1)  # just after t - 72 h
    Cutoff(kind=<CutoffKind.T: 't'>, n=0, plus=-259199999999, name='', times=Times(spans=(), weekdays=(), start=0, end=0))
    """

    kind: CutoffKind
    n: int = 0
    plus: int = 0
    name: str = ""
    times: Times = Times()


@record
class SinceEvent:
    """After the member's ``first`` or ``last`` such event; where there is none, nothing lies in the window."""

    which: Literal["first", "last"]
    query: EventQuery


@record
class Window:
    """The instants from ``low`` (included) up to ``high`` (excluded); None is open.

    ``within 3 days`` = (t - 72 h, t] is ``[t - 72 h + 1 us, t + 1 us)``. With ``since`` only what lies later than that
    event. ``activity`` names the activity (and phase, after a slash) whose time this is, for telling it back.
    """

    low: Cutoff | None
    high: Cutoff | None
    since: SinceEvent | None = None
    activity: str | None = None
