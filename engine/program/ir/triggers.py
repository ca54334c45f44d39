"""Schedules, event triggers and re-entry of the checked program."""

from __future__ import annotations

from typing import Literal

from ....grammar.record import record
from .conditions import AttributeRef, EventQuery, FieldRef, InvitedNumber, MetricRef, TextPattern, Total
from .time import Duration, Times, Window


@record
class Reentry:
    """``once`` (for ever, per calendar unit, activity or field value), ``again`` after a duration, or ``at_most`` times.

    Counted from entry. ``number`` is that of ``at_most``. ``times`` are those of the activity, ``field`` the field of the
    event that starts the block.
    """

    kind: Literal["once", "again", "at_most"]
    per: Literal["year", "month", "week", "day", "activity", "field"] | None = None
    after: Duration | None = None
    in_all: bool = False
    number: int | None = None
    activity: str | None = None
    times: Times | None = None
    field: FieldRef | None = None


# Schedules


@record
class Daily:
    """``weekdays`` are ISO numbers, None is every day."""

    weekdays: tuple[int, ...] | None
    clocks: tuple[int, ...]


@record
class DayKind:
    """Every workday or holiday of the holiday calendar."""

    kind: Literal["workday", "holiday"]
    clocks: tuple[int, ...]


@record
class EveryWeeks:
    """Every ``weeks`` weeks on ISO ``weekdays``, counted from the Monday-based week of ``start`` (yyyymmdd), not before it."""

    weeks: int
    weekdays: tuple[int, ...]
    start: int
    clocks: tuple[int, ...]


@record
class Monthly:
    """``days`` of the month; -1 is the last. A day that a month lacks does not run."""

    days: tuple[int, ...]
    clocks: tuple[int, ...]


@record
class MonthlyWeekday:
    """The ``nth`` ISO ``weekday`` of each month, -1 the last; a month without a fifth one does not run."""

    nth: int
    weekday: int
    clocks: tuple[int, ...]


@record
class Yearly:
    """``days`` (mmdd) of the solar and ``lunar`` (mmdd) of the lunar year.

    A solar day that a year lacks does not run. A lunar 30th that a month lacks is its 29th; a leap month does not count.
    """

    days: tuple[int, ...]
    lunar: tuple[int, ...]
    clocks: tuple[int, ...]


@record
class Interval:
    """Multiples of ``minutes`` from local midnight; ``between`` [A, B) on the clock."""

    minutes: int
    between: tuple[int, int] | None = None


@record
class Cron:
    text: str


@record
class Once:
    """A local date-time, microseconds of the naive clock."""

    local: int


@record
class Offset:
    """So long before, or after, an instant."""

    duration: Duration
    before: bool


@record
class ActivityEdge:
    """The start or end of an activity, a phase (``activity/phase``) or each of its sessions, moved by ``offset``.

    ``clock``: at that clock of the local day that the offset's whole days lead to. ``times`` are those it speaks of.
    """

    activity: str
    times: Times
    each_session: bool
    edge: Literal["start", "end"]
    offset: Offset | None = None
    clock: int | None = None


@record
class MemberDate:
    """The member's own date or instant, or its anniversary in every year, moved by ``offset``.

    Once for a member and a value. A date is the start of its day; ``clock`` as for an activity's edge.
    """

    operand: AttributeRef
    anniversary: bool = False
    offset: Offset | None = None
    clock: int | None = None


Schedule = (
    Daily | DayKind | EveryWeeks | Monthly | MonthlyWeekday | Yearly | Interval | Cron | Once | ActivityEdge | MemberDate
)


@record
class Limits:
    """What narrows a schedule: local dates (``window``), the ``times`` of an activity, ``except_holidays``.

    ``over`` microseconds: the sends of an occurrence are spread evenly over it by the member's draw.
    """

    window: Window | None = None
    activity: str | None = None
    times: Times | None = None
    except_holidays: bool = False
    over: int | None = None


@record
class Timetable:
    """A schedule with what narrows it."""

    schedule: Schedule
    limits: Limits | None = None


# Events


@record
class Joined:
    """The member's first friendship begins."""


@record
class Left:
    """The member's last friendship ends."""


@record
class EventHappens:
    """A matching event; ``nth`` only the member's nth."""

    query: EventQuery
    nth: int | None = None


@record
class TagGained:
    """The member gains a tag that matches (a gain while it is held is none)."""

    pattern: TextPattern


@record
class TagLost:
    """The member no longer holds a tag that matches."""

    pattern: TextPattern


@record
class MarkReached:
    """A number comes to a mark from below (``reach``) or falls under it (``below``), each mark once a crossing."""

    operand: AttributeRef | MetricRef | Total | InvitedNumber
    direction: Literal["reach", "below"]
    marks: tuple[int, ...]


@record
class TierMoves:
    ladder: str
    direction: Literal["rises", "drops", "becomes"]
    tier: str


@record
class SegmentCrossed:
    segment: str
    direction: Literal["enters", "leaves"]


@record
class AttributeChanges:
    operand: AttributeRef


@record
class CouponExpires:
    """A held coupon expires ``ahead`` later; ``clock``: at that clock of the local day."""

    coupon: str
    ahead: Duration
    clock: int | None = None


@record
class CouponUsed:
    coupon: str


@record
class HandedOver:
    """The member's staff changes from one to another."""


@record
class SomebodyInvited:
    """Somebody whose inviter the member is joined."""


@record
class Entered:
    """Another playbook's ``enter playbook``."""


@record
class GroupEvent:
    """A member joins or leaves a group that matches, or such a group is created; None is any group."""

    what: Literal["joins", "leaves", "created"]
    pattern: TextPattern | None = None


EventTrigger = (
    Joined | Left | EventHappens | TagGained | TagLost | MarkReached | TierMoves | SegmentCrossed | AttributeChanges
    | CouponExpires | CouponUsed | HandedOver | SomebodyInvited | Entered | GroupEvent
)
Trigger = Schedule | EventTrigger
