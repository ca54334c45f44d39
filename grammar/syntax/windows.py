"""Windows of the syntax tree: when something lies, seen from t."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from ..diagnostics import Span
from ..record import record
from .values import Date, Duration, Instant, Name

if TYPE_CHECKING:
    from .conditions import EventFilter


@record
class Within:
    """``within 3 days``: (t - d, t]; with ``ahead`` ``within the next 3 days``: (t, t + d]."""

    duration: Duration
    ahead: bool
    span: Span


@record
class MoreThanAgo:
    """``more than 3 days ago``: (-inf, t - d]."""

    duration: Duration
    span: Span


@record
class BetweenAgo:
    """``between 7 days ago and 2 days ago``: (t - earlier, t - later]."""

    earlier: Duration
    later: Duration
    span: Span


@record
class ExactlyDays:
    """``exactly 3 days ago``, with ``ahead`` ``in 3 days``: that calendar day. The unit is day, week or month."""

    duration: Duration
    ahead: bool
    span: Span


@record
class CalendarWindow:
    """``today``, ``yesterday``, ``this week`` …: ``unit`` day, week or month; ``shift`` 0 this, -1 last."""

    unit: Literal["day", "week", "month"]
    shift: int
    span: Span


@record
class OnDate:
    """``on D`` (the day), ``before D``, ``since D``, ``between D and E`` with both included."""

    relation: Literal["on", "before", "since", "between"]
    first: Date | Instant
    last: Date | Instant | None
    span: Span


@record
class DuringActivity:
    """``during activity "X" phase "Y"``: the time of the activity or phase (None: the whole), up to t."""

    activity: Name
    phase: Name | None
    span: Span


@record
class DuringSession:
    """``during this session``: the session whose schedule brought the occurrence."""

    span: Span


@record
class SinceEntry:
    """``since entry``: from the entry into the journey."""

    span: Span


@record
class SinceStep:
    """``since step "X"``: from when that step of the journey was done."""

    step: Name
    span: Span


@record
class SinceEvent:
    """``since last click "猫*"``: from the member's last (or first) such event. The filter's own window is None."""

    which: Literal["first", "last"]
    events: EventFilter
    span: Span


Window = (
    Within | MoreThanAgo | BetweenAgo | ExactlyDays | CalendarWindow | OnDate | DuringActivity | DuringSession
    | SinceEntry | SinceStep | SinceEvent
)
