"""The library of the checked program: everything declared but playbooks and policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from ....grammar.record import record
from ..holidays import NO_CALENDAR, HolidayCalendar
from .conditions import AttributeRef, Condition, EventQuery, FieldRef, MetricRef, Total
from .time import Duration, Times, ValueType


@record
class Attribute:
    """``choices`` are the allowed texts, empty for any."""

    name: str
    type: ValueType
    choices: tuple[str, ...] = ()


@record
class Event:
    """``fields`` are the declared ones; subject, amount and time exist besides."""

    name: str
    fields: tuple[FieldRef, ...] = ()


@record
class Tag:
    name: str
    group: str | None = None
    expires: Duration | None = None


@record
class TagGroup:
    name: str
    exclusive: bool = False


@record
class TemplatePart:
    kind: str
    value: str
    title: str | None = None
    page: str | None = None


@record
class Template:
    """A message. ``variables`` are those the body and parts use, as written; ``needed`` those without a default.

    ``digest`` is the hex SHA-256 of the content.
    """

    name: str
    channel: str | None
    body: str
    parts: tuple[TemplatePart, ...]
    variables: tuple[str, ...]
    needed: tuple[str, ...]
    digest: str


@record
class Validity:
    """How long an issued coupon lives: a duration, until a local date-time, or the day of issue (neither)."""

    duration: Duration | None = None
    until: int | None = None


@record
class Coupon:
    """``face_cents`` is the face value, 0 for gifts and percentages; ``limit_per`` None is for ever.

    ``limit_times`` are the times of the activity that ``limit_per`` speaks of.
    """

    name: str
    face_cents: int
    threshold_cents: int = 0
    percent_off: int | None = None
    gift: str | None = None
    stock: int | None = None
    limit: int | None = None
    limit_per: Literal["day", "year", "activity"] | None = None
    validity: Validity | None = None
    hours: tuple[int, int] | None = None
    limit_times: Times | None = None


@record
class Budget:
    """At most ``amount`` pushes, coupons, or cents of face value, in all or in a local calendar day."""

    amount: int
    kind: Literal["pushes", "coupons", "money"]
    per_day: bool = False


@record
class Redpacket:
    """Cents between ``low`` and ``high``, both included, drawn for each; ``limit`` as of a coupon."""

    name: str
    low: int
    high: int
    limit: int | None = None
    limit_per: Literal["day", "year", "activity"] | None = None
    limit_times: Times | None = None
    budget: Budget | None = None


@record
class Product:
    """``category`` None where none was given; ``lasts`` how long one piece lasts."""

    name: str
    category: str | None = None
    lasts: Duration | None = None


@record
class Source:
    name: str
    group: str | None = None
    cost_cents: int = 0


@record
class Activity:
    """``times`` of the whole: of an activity given by sessions, from the first start to the last end.

    ``phases`` and ``sessions`` have the same shape, by name in order of their start. An activity of recurring hours
    has no named sessions; each of its hours is one.
    """

    name: str
    times: Times
    phases: tuple[tuple[str, Times], ...] = ()
    sessions: tuple[tuple[str, Times], ...] = ()


@record
class PointsRule:
    """Every matching event gives ``points``, for each whole ``per_cents`` of its amount if given.

    ``daily`` is the most a member gets by this rule in a local calendar day. A negative amount takes points away.
    """

    query: EventQuery
    points: int
    per_cents: int | None = None
    daily: int | None = None


@record
class Rung:
    """A tier: the operand is above ``mark`` or, if ``included``, at it. ``mark`` None: whatever is left."""

    name: str
    mark: int | None
    included: bool = False


@record
class Ladder:
    """Tiers from the highest to the lowest, by points or a metric; a mark is in the operand's unit inside."""

    name: str
    operand: AttributeRef | MetricRef
    rungs: tuple[Rung, ...]


@record
class RuleTags:
    """Gives (or, with ``given`` False, takes) tags."""

    tags: tuple[str, ...]
    given: bool = True


@record
class RulePoints:
    delta: int


@record
class RuleSet:
    """Sets an attribute to a value or to a field of the event."""

    attribute: AttributeRef
    value: int | str | FieldRef


@record
class StandingRule:
    """What is done for every matching event as it arrives. ``identity`` tells rules apart: the rule in English."""

    identity: str
    query: EventQuery
    actions: tuple[RuleTags | RulePoints | RuleSet, ...]


@record
class Library:
    """Everything declared, by name. Built-in attributes are included in ``attributes``.

    ``holidays`` is the calendar by which days are workdays and holidays. ``ladders`` has the one by points under
    ``tier``. ``points`` and ``rules`` are in the order declared: file path in code-point order, then line.
    """

    attributes: Mapping[str, Attribute]
    events: Mapping[str, Event]
    tags: Mapping[str, Tag]
    tag_groups: Mapping[str, TagGroup]
    segments: Mapping[str, Condition]
    metrics: Mapping[str, Total]
    templates: Mapping[str, Template]
    coupons: Mapping[str, Coupon]
    redpackets: Mapping[str, Redpacket] = field(default_factory=dict)
    products: Mapping[str, Product] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    activities: Mapping[str, Activity] = field(default_factory=dict)
    ladders: Mapping[str, Ladder] = field(default_factory=dict)
    points: tuple[PointsRule, ...] = ()
    rules: tuple[StandingRule, ...] = ()
    holidays: HolidayCalendar = NO_CALENDAR
