"""Schedules and event triggers of the syntax tree."""

from __future__ import annotations

from typing import Literal

from ..diagnostics import Span
from ..record import record
from .conditions import EventFilter, Total
from .values import Clock, Date, Duration, Instant, Money, MonthDay, Name, Number, Pattern, Text


@record
class Daily:
    """``every day at …``; ``weekdays`` None is every day, else ISO numbers (Monday 1)."""

    weekdays: tuple[int, ...] | None
    clocks: tuple[Clock, ...]
    span: Span


@record
class DayKind:
    """``every workday``, ``every holiday at …``: by the holiday calendar."""

    kind: Literal["workday", "holiday"]
    clocks: tuple[Clock, ...]
    span: Span


@record
class EveryWeeks:
    """``every 2 weeks on monday from D at …``; ``start`` says which week is the first."""

    weeks: int
    weekdays: tuple[int, ...]
    start: Date
    clocks: tuple[Clock, ...]
    span: Span


@record
class Monthly:
    """``every month on 1, 15, last day at 10:00``; -1 is the last day."""

    days: tuple[int, ...]
    clocks: tuple[Clock, ...]
    span: Span


@record
class MonthlyWeekday:
    """``every month on second friday``: ``nth`` 1 to 5, -1 the last."""

    nth: int
    weekday: int
    clocks: tuple[Clock, ...]
    span: Span


@record
class Yearly:
    """``every year on 11-11``, ``on lunar 08-15``."""

    days: tuple[MonthDay, ...]
    clocks: tuple[Clock, ...]
    span: Span


@record
class Interval:
    """``every 30 minutes between 09:00 and 21:00``; unit minute or hour."""

    every: Duration
    between: tuple[Clock, Clock] | None
    span: Span


@record
class CronLine:
    text: Text
    span: Span


@record
class Once:
    """``on 2026-11-11 at 20:00``."""

    at: Instant
    span: Span


@record
class Offset:
    """So long before or after; None stands for at that time."""

    duration: Duration
    before: bool
    span: Span


@record
class ActivityEdge:
    """``2 days before activity "X" starts at 12:00``; ``each_session`` speaks of every session.

    ``clock`` None: to the minute. ``edge`` of a session with ``after`` is its end.
    """

    activity: Name
    phase: Name | None
    each_session: bool
    edge: Literal["start", "end"]
    offset: Offset | None
    clock: Clock | None
    span: Span


@record
class MemberDate:
    """``7 days before 会员到期日 at 10:00``, ``3 days before anniversary of birthday at 10:00``."""

    name: Name
    anniversary: bool
    offset: Offset | None
    clock: Clock | None
    span: Span


Schedule = (
    Daily | DayKind | EveryWeeks | Monthly | MonthlyWeekday | Yearly | Interval | CronLine | Once | ActivityEdge
    | MemberDate
)


@record
class ScheduleLimits:
    """What narrows a schedule: dates, an activity or phase, ``except holidays``; ``over`` spreads its sends."""

    first: Date | Instant | None
    last: Date | Instant | None
    activity: Name | None
    phase: Name | None
    except_holidays: bool
    over: Duration | None
    span: Span


@record
class Timetable:
    """A schedule by itself, with its limits."""

    schedule: Schedule
    limits: ScheduleLimits | None
    span: Span


@record
class WhenJoined:
    span: Span


@record
class WhenLeft:
    span: Span


@record
class WhenEvent:
    """``click "猫*" where …``; ``nth`` 1 for the first time, 3 for the 3rd, None every time."""

    events: EventFilter
    nth: int | None
    span: Span


@record
class WhenTagged:
    pattern: Pattern
    span: Span


@record
class WhenUntagged:
    pattern: Pattern
    span: Span


@record
class InvitedCount:
    """The number of members invited, as the operand of a mark."""

    span: Span


@record
class WhenMark:
    """A number ``reach``\\ es or falls ``below`` marks: an attribute, metric, total, or members invited."""

    operand: Name | Total | InvitedCount
    direction: Literal["reach", "below"]
    marks: tuple[Number | Money, ...]
    span: Span


@record
class WhenTier:
    """``tier rises to "A"``; ``ladder`` is the name as written (tier or a named ladder)."""

    ladder: Name
    direction: Literal["rises", "drops", "becomes"]
    tier: Name
    span: Span


@record
class WhenSegment:
    direction: Literal["enters", "leaves"]
    segment: Name
    span: Span


@record
class WhenChanged:
    name: Name
    span: Span


@record
class WhenCouponExpires:
    """``coupon "X" expires in 2 days at 10:00``."""

    coupon: Name
    ahead: Duration
    clock: Clock | None
    span: Span


@record
class WhenCouponUsed:
    coupon: Name
    span: Span


@record
class WhenHandedOver:
    span: Span


@record
class WhenInvited:
    span: Span


@record
class WhenEntered:
    """By ``enter playbook`` of another playbook."""

    span: Span


@record
class WhenGroup:
    """``joins group "福利群*"``, ``leaves group``, ``group created``; ``pattern`` None is any."""

    what: Literal["joins", "leaves", "created"]
    pattern: Pattern | None
    span: Span


EventTrigger = (
    WhenJoined | WhenLeft | WhenEvent | WhenTagged | WhenUntagged | WhenMark | WhenTier | WhenSegment | WhenChanged
    | WhenCouponExpires | WhenCouponUsed | WhenHandedOver | WhenInvited | WhenEntered | WhenGroup
)
Trigger = Schedule | EventTrigger
