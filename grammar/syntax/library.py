"""Library declarations of the syntax tree."""

from __future__ import annotations

from typing import Literal

from ..diagnostics import Span
from ..record import record
from .conditions import Condition, EventFilter, Total
from .steps import RuleAction
from .values import Clock, Date, Duration, Instant, Money, Name, Number, Text, TypeWord


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
    """At most ``number`` per member: ``per`` None for ever, else per day, year or ``activity``."""

    number: int
    per: Literal["day", "year", "activity"] | None
    activity: Name | None
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


@record
class Budget:
    """``budget 1000 pushes``, ``500 coupons`` or ``¥5000`` of face value (cents), in all or ``per_day``."""

    amount: int
    kind: Literal["pushes", "coupons", "money"]
    per_day: bool
    span: Span


@record
class RedpacketDecl:
    """``¥0.3 to ¥5 random``, or one amount (``high`` None). ``lines`` stand in the order written."""

    name: Name
    low: Money
    high: Money | None
    limit: PerMember | None
    budget: Budget | None
    span: Span


@record
class ProductDecl:
    """A product, its category, and how long one piece lasts."""

    name: Name
    category: Name | None
    lasts: Duration | None
    span: Span


@record
class SourceDecl:
    """Where members come from: its group and what it costs."""

    name: Name
    group: Name | None
    cost: Money | None
    span: Span


@record
class Period:
    """From a start to an end, both included as written; a :class:`Clock` as the end is of the start's day."""

    first: Date | Instant
    last: Date | Instant | Clock
    span: Span


@record
class RecurringHours:
    """``every friday 20:00 to 22:00``: ``weekdays`` None is every day, else ISO numbers (Monday 1)."""

    weekdays: tuple[int, ...] | None
    start: Clock
    end: Clock
    span: Span


@record
class NamedPeriod:
    """A phase or a session of an activity."""

    name: Name
    period: Period
    span: Span


@record
class ActivityDecl:
    """An activity: a period, hours that recur, or neither where sessions say when."""

    name: Name
    when: Period | RecurringHours | None
    phases: tuple[NamedPeriod, ...]
    sessions: tuple[NamedPeriod, ...]
    span: Span


@record
class EarnLine:
    """``click earns 1 at most 10 per day``, ``order earns 1 per ¥1`` (``per``: of the event's amount)."""

    events: EventFilter
    points: int
    per: Money | None
    at_most_per_day: int | None
    span: Span


@record
class PointsDecl:
    lines: tuple[EarnLine, ...]
    span: Span


@record
class Rung:
    """A tier of a ladder: ``above`` excludes the mark, ``from`` includes it, ``otherwise`` has none."""

    name: Name
    relation: Literal["above", "from", "otherwise"]
    mark: Number | Money | None
    span: Span


@record
class TiersDecl:
    """The ladder of ``tier`` by points (``name`` and ``metric`` None), or a ladder with a name by a metric."""

    name: Name | None
    metric: Name | None
    rungs: tuple[Rung, ...]
    span: Span


@record
class WheneverDecl:
    """A standing rule: what is done as each such event arrives."""

    events: EventFilter
    actions: tuple[RuleAction, ...]
    span: Span
