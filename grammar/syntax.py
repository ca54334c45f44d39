"""The syntax tree: what was written, with the place of every word, before names and types are known.

Every node is frozen and ends with the ``span`` it was read from. Values keep the unit they were written with.
A tree says the same in both languages: ``有标签 "新客"`` and ``tagged "新客"`` give equal nodes but for spans.
Clause orders are already put into one (a window that stood first belongs to its test) and ``未做过``, ``无标签``
have become :class:`Not`.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Literal

from .diagnostics import Span
from .record import record

Unit = Literal["minute", "hour", "day", "week", "month"]
Operator = Literal[
    "is", "is_not", "in", "not_in", "lt", "le", "gt", "ge", "between",
    "contains", "starts", "ends", "known", "unknown",
]


# Words and values


@record
class Name:
    """A name as written: ``quoted`` if it stood as a string. ``text`` is NFC; ``\\*`` stays as written in patterns."""

    text: str
    quoted: bool
    span: Span


@record
class Pattern:
    """A string that may end in a star: ``text`` without the star, unescaped; ``prefix`` if the star was there."""

    text: str
    prefix: bool
    span: Span


@record
class Text:
    """A string value, unescaped, NFC; of ``\"\"\"`` the common indentation is removed."""

    text: str
    span: Span


@record
class Number:
    """A plain number; ``text`` is canonical decimal (``500``, ``-0.5``)."""

    text: str
    span: Span


@record
class Money:
    """An amount in whole cents."""

    cents: int
    span: Span


@record
class Share:
    """A share in hundredths of a percent: ``33.33%`` is 3333, 100% is 10000."""

    parts: int
    span: Span


@record
class Duration:
    """``count`` times ``unit``; count is at least 1."""

    count: int
    unit: Unit
    span: Span


@record
class Date:
    value: date
    span: Span


@record
class Clock:
    value: time
    span: Span


@record
class Instant:
    """A date and a clock in the playbook's zone; naive."""

    value: datetime
    span: Span


@record
class YesNo:
    value: bool
    span: Span


Value = Text | Number | Money | Share | Date | Instant | YesNo


# Windows: when something lies, seen from t


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


Window = Within | MoreThanAgo | BetweenAgo | ExactlyDays | CalendarWindow | OnDate


# Conditions


@record
class Count:
    """How often: ``at_least``, ``at_most`` or ``exactly`` n times."""

    kind: Literal["at_least", "at_most", "exactly"]
    number: int
    span: Span


@record
class And:
    items: tuple[Condition, ...]
    span: Span


@record
class Or:
    items: tuple[Condition, ...]
    span: Span


@record
class Not:
    item: Condition
    span: Span


@record
class Listed:
    """``all of`` / ``any of`` / ``none of`` with a block of conditions."""

    kind: Literal["all", "any", "none"]
    items: tuple[Condition, ...]
    span: Span


@record
class Tagged:
    """``tagged "A"``; ``quantifier`` of a list is any or all (one tag: any). ``window``: gained then."""

    quantifier: Literal["any", "all"]
    patterns: tuple[Pattern, ...]
    window: Window | None
    span: Span


@record
class TaggedInGroup:
    group: Name
    window: Window | None
    span: Span


@record
class Comparison:
    """``NAME operator values`` of an attribute or metric (in ``where``: of an event field).

    ``values`` has one entry, two for between, any number for in and not_in, none for known and unknown.
    ``bound is yes`` is ``is`` with a :class:`YesNo`.
    """

    name: Name
    operator: Operator
    values: tuple[Value, ...]
    span: Span


@record
class MomentOfAttribute:
    """``joined exactly 3 days ago``: an instant or date attribute lies in a window."""

    name: Name
    window: Window
    span: Span


@record
class Anniversary:
    name: Name
    window: Window
    span: Span


@record
class EventFilter:
    """Which events: the type, subjects (any of them), a condition over fields, a window."""

    event: Name
    subjects: tuple[Pattern, ...]
    where: Condition | None
    window: Window | None
    span: Span


@record
class Did:
    events: EventFilter
    count: Count | None
    span: Span


@record
class Total:
    """``sum of order.amount within 90 days``, ``number of order``; ``field`` is None for number."""

    kind: Literal["sum", "number"]
    field: Name | None
    events: EventFilter
    span: Span


@record
class TotalComparison:
    total: Total
    operator: Operator
    values: tuple[Value, ...]
    span: Span


@record
class EventMoment:
    """``last order more than 45 days ago``: ``window`` of the one picked; ``has``: tests of the one picked.

    Exactly one of ``window`` and ``has`` is given. The filter's own window is None.
    """

    which: Literal["first", "last"]
    events: EventFilter
    window: Window | None
    has: Condition | None
    span: Span


@record
class InSegment:
    name: Name
    span: Span


@record
class Received:
    """``received "P" step "S"`` (step None: any of its steps)."""

    playbook: Name
    step: Name | None
    count: Count | None
    window: Window | None
    span: Span


@record
class ReceivedTemplate:
    template: Pattern
    count: Count | None
    window: Window | None
    span: Span


@record
class InSample:
    """``in sample 10% to 20% of "x"``; ``low`` is None for 0, ``name`` None where the playbook's own is meant."""

    low: Share | None
    high: Share
    name: Name | None
    span: Span


Condition = (
    And | Or | Not | Listed | Tagged | TaggedInGroup | Comparison | MomentOfAttribute | Anniversary | Did
    | TotalComparison | EventMoment | InSegment | Received | ReceivedTemplate | InSample
)


# Library declarations

TypeWord = Literal["text", "number", "money", "date", "lunar_date", "instant", "yes_no"]


@record
class TypeName:
    """A type; ``choices`` are given for ``text in …`` only."""

    word: TypeWord
    choices: tuple[Text, ...]
    span: Span


@record
class AttributeDecl:
    name: Name
    type: TypeName
    span: Span


@record
class FieldDecl:
    name: Name
    type: TypeName
    span: Span


@record
class EventDecl:
    name: Name
    fields: tuple[FieldDecl, ...]
    span: Span


@record
class TagGroupDecl:
    name: Name
    exclusive: bool
    span: Span


@record
class TagDecl:
    name: Name
    group: Name | None
    expires: Duration | None
    span: Span


@record
class SegmentDecl:
    name: Name
    condition: Condition
    span: Span


@record
class MetricDecl:
    name: Name
    total: Total
    span: Span


@record
class TemplatePart:
    """A further part of a template; ``title`` and ``page`` where that kind has them."""

    kind: Literal["link", "image", "miniprogram", "video", "file", "group_code", "comment"]
    value: Text
    title: Text | None
    page: Text | None
    span: Span


@record
class TemplateDecl:
    """``body`` None where the template has only other parts."""

    name: Name
    channel: Name | None
    body: Text | None
    parts: tuple[TemplatePart, ...]
    span: Span


@record
class Worth:
    """What a coupon gives: money off (``threshold`` 0: always), ``percent`` off in hundredths, or a gift."""

    threshold_cents: int
    off_cents: int | None
    percent_off: int | None
    gift: Text | None
    span: Span


@record
class PerMember:
    """At most ``number`` per member, ``per`` None for ever, else day or year."""

    number: int
    per: Literal["day", "year"] | None
    span: Span


@record
class Validity:
    """``valid 7 days`` (duration), ``valid until D`` (until), ``valid today`` (neither)."""

    duration: Duration | None
    until: Date | Instant | None
    span: Span


@record
class CouponDecl:
    """A coupon; ``stock`` None without a limit; ``hours`` the usable clock range."""

    name: Name
    worth: Worth
    stock: Number | None
    limit: PerMember | None
    validity: Validity | None
    hours: tuple[Clock, Clock] | None
    span: Span


# Policy and headers

Overflow = Literal["defer", "skip"]


@record
class TimezoneLine:
    """``timezone Z`` or ``timezone member else Z`` (``per_member``; a string or bare name)."""

    zone: Name
    per_member: bool
    span: Span


@record
class QuietHours:
    start: Clock
    end: Clock
    overflow: Overflow
    span: Span


@record
class HoldoutLine:
    share: Share
    span: Span


@record
class GuardLine:
    """Exactly one is given."""

    members: int | None
    share: Share | None
    span: Span


@record
class NeverPush:
    """``never push members who COND``; with ``marketing_only`` ``never market to …``."""

    marketing_only: bool
    condition: Condition
    span: Span


@record
class CapLine:
    """``at most 1 push per day per member on wecom defer``.

    ``per`` None is the calendar day, else a rolling duration. ``unit`` member or group.
    """

    number: int
    per: Duration | None
    unit: Literal["member", "group"]
    channel: Name | None
    defer: bool
    span: Span


PolicyLine = TimezoneLine | QuietHours | HoldoutLine | GuardLine | NeverPush | CapLine


@record
class PolicyDecl:
    lines: tuple[PolicyLine, ...]
    span: Span


@record
class AboutLine:
    text: Text
    span: Span


@record
class OwnerLine:
    name: Name
    span: Span


@record
class CategoryLine:
    category: Literal["marketing", "service"]
    span: Span


@record
class PriorityLine:
    number: int
    span: Span


@record
class ActiveLine:
    """``active from D to E``; a date as the end means the end of that day. Either may be None."""

    first: Date | Instant | None
    last: Date | Instant | None
    span: Span


@record
class StateLine:
    state: Literal["draft", "paused"]
    span: Span


@record
class OnceLine:
    """``once per member`` (``per`` None) or once per year, month, week, day; ``in_all`` spans the blocks."""

    per: Literal["year", "month", "week", "day"] | None
    in_all: bool
    span: Span


@record
class AgainLine:
    """``again after 30 days``."""

    after: Duration
    in_all: bool
    span: Span


@record
class AudienceLine:
    condition: Condition
    span: Span


ReentryLine = OnceLine | AgainLine
Header = (
    AboutLine | OwnerLine | CategoryLine | PriorityLine | TimezoneLine | ActiveLine | StateLine | OnceLine
    | AgainLine | QuietHours | HoldoutLine | GuardLine
)


# Triggers


@record
class Daily:
    """``every day at …``; ``weekdays`` None is every day, else ISO numbers (Monday 1)."""

    weekdays: tuple[int, ...] | None
    clocks: tuple[Clock, ...]
    span: Span


@record
class Monthly:
    """``every month on 1, 15, last day at 10:00``; -1 is the last day."""

    days: tuple[int, ...]
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


Schedule = Daily | Monthly | Interval | CronLine | Once


@record
class WhenTagged:
    pattern: Pattern
    span: Span


Trigger = Schedule | WhenTagged


# Steps


@record
class Push:
    """``channel`` None where the line names none."""

    channel: Name | None
    template: Name
    coupon: Name | None
    span: Span


@record
class GiveTag:
    tags: tuple[Name, ...]
    span: Span


@record
class TakeTag:
    tags: tuple[Name, ...]
    span: Span


@record
class IssueCoupon:
    coupon: Name
    span: Span


@record
class Stop:
    span: Span


@record
class NamedStep:
    name: Name
    steps: tuple[Step, ...]
    span: Span


@record
class Wait:
    duration: Duration
    span: Span


@record
class If:
    """``branches`` are if and else if in order; ``otherwise`` is empty without else."""

    branches: tuple[tuple[Condition, tuple[Step, ...]], ...]
    otherwise: tuple[Step, ...]
    span: Span


@record
class Arm:
    """``40% "红包"`` with steps, or ``20% holdout`` (``name`` None)."""

    share: Share
    name: Name | None
    steps: tuple[Step, ...]
    span: Span


@record
class Split:
    name: Name
    arms: tuple[Arm, ...]
    span: Span


Step = Push | GiveTag | TakeTag | IssueCoupon | Stop | NamedStep | Wait | If | Split


@record
class Block:
    """A trigger with its own audience (``for``), re-entry lines and steps."""

    trigger: Trigger
    audience: Condition | None
    reentry: tuple[ReentryLine, ...]
    steps: tuple[Step, ...]
    span: Span


@record
class PlaybookDecl:
    """``lines`` are the header lines in order; ``audiences`` all ``for`` lines (more than one is an error)."""

    name: Name
    lines: tuple[Header, ...]
    audiences: tuple[AudienceLine, ...]
    blocks: tuple[Block, ...]
    span: Span


Declaration = (
    AttributeDecl | EventDecl | TagGroupDecl | TagDecl | SegmentDecl | MetricDecl | TemplateDecl | CouponDecl
    | PolicyDecl | PlaybookDecl
)


@record
class SyntaxFile:
    """One file's declarations in order; those that did not parse are missing and have a diagnostic."""

    path: str
    text: str
    declarations: tuple[Declaration, ...]
