"""The checked program: what a workspace means, free of spelling, language and place.

Everything here is frozen and made of plain values, so that equal meaning is equal data. Two texts that say the
same give equal programs, and the digest of a playbook (``digest.py``) is taken from these values.

Units inside: instants are microseconds since 1970 UTC; local date-times are microseconds of the naive clock;
money is cents; numbers are millionths; dates are ``yyyymmdd``; lunar dates ``mmdd``; yes/no is 1/0; shares are
hundredths of a percent; clocks are minutes after midnight.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from ...grammar.record import record

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


# Time, seen from t


class CutoffKind(StrEnum):
    """What a cutoff counts from."""

    T = "t"  # t itself
    MONTHS = "months"  # t moved by n calendar months on the local clock
    DAY = "day"  # start of the local day n days from t's day
    WEEK = "week"  # start of the Monday-based local week n weeks from t's week
    MONTH = "month"  # start of the local calendar month n months from t's month
    MONTH_DAY = "month_day"  # start of the local day that lies n calendar months from t's day
    MONTHS_SINCE = "months_since"  # the first instant that, moved by n months, lies after t (n is the months ahead)
    YEAR = "year"  # start of the local calendar year n years from t's year
    LOCAL = "local"  # the local date-time n (microseconds of the naive clock)


@dataclass(frozen=True, slots=True, order=True)
class Cutoff:
    """An instant that depends on t and the zone: ``kind`` moved by ``n``, then by ``plus`` microseconds.

    >>> Cutoff(CutoffKind.T, 0, -3 * DAY + 1)  # just after t - 72 h
    Cutoff(kind=<CutoffKind.T: 't'>, n=0, plus=-259199999999)
    """

    kind: CutoffKind
    n: int = 0
    plus: int = 0


@record
class Window:
    """The instants from ``low`` (included) up to ``high`` (excluded); None is open.

    ``within 3 days`` = (t - 72 h, t] is ``[t - 72 h + 1 us, t + 1 us)``.
    """

    low: Cutoff | None
    high: Cutoff | None


# What is compared


@record
class TextPattern:
    """``text`` itself or, with ``prefix``, every text that begins with it."""

    text: str
    prefix: bool = False


@record
class AttributeRef:
    """An attribute of the member.

    Built-in names are English: id name joined points tier staff inviter source timezone.
    """

    name: str
    type: ValueType


@record
class FieldRef:
    """A field of the event under test; stands only inside ``EventQuery.where`` and ``MomentHas.has``.

    Built-in fields are ``subject`` (text), ``amount`` (money), ``time`` (instant).
    """

    name: str
    type: ValueType


@record
class EventQuery:
    """The events of one type, with any of ``subjects`` (empty: all), ``where`` true of them, inside ``window``."""

    event: str
    subjects: tuple[TextPattern, ...] = ()
    where: Condition | None = None
    window: Window | None = None


@record
class Total:
    """A sum or number over events. Over nothing both are 0. ``type`` is NUMBER for a number of events.

    A number of events is scaled like every NUMBER. Events whose field is unknown add nothing to a sum.
    """

    kind: Literal["sum", "number"]
    query: EventQuery
    field: FieldRef | None
    type: ValueType


@record
class MetricRef:
    """A declared metric; the library has its :class:`Total`."""

    name: str
    type: ValueType


Operand = AttributeRef | FieldRef | Total | MetricRef
CompareOp = Literal[
    "is", "is_not", "in", "not_in", "lt", "le", "gt", "ge", "between",
    "contains", "starts", "ends", "known", "unknown",
]


# Conditions: two-valued; a test of an unknown value is false, Not is the complement


@record
class Always:
    """True or false of everybody."""

    value: bool


@record
class All:
    """True where every item is. Never empty."""

    items: tuple[Condition, ...]


@record
class Any:
    """True where one item is. Never empty."""

    items: tuple[Condition, ...]


@record
class Not:
    """The complement, unknown values included."""

    item: Condition


@record
class HasTag:
    """Holds a tag that matches one of ``patterns`` at t; with ``window``: and the interval held began inside it."""

    patterns: tuple[TextPattern, ...]
    window: Window | None = None


@record
class Compare:
    """An operand against constants: one value, two for between (both included), any for in and not_in, else none.

    ``is_not`` and ``not_in`` are false of an unknown value. Text compares by code points. Instants do not stand
    here but in :class:`InWindow` (only ``known`` and ``unknown`` apply to every type).
    """

    operand: Operand
    op: CompareOp
    values: tuple[int | str, ...] = ()


@record
class InWindow:
    """An instant or date operand lies in ``window``; a date counts as the start of its day in the zone."""

    operand: AttributeRef | FieldRef
    window: Window


@record
class Anniversary:
    """The month and day of a date (or lunar date) fall on a day of ``window``'s days.

    The window is made of whole days (low and high are starts of days). 29 February is kept on the 28th in other
    years; a leap lunar month counts as the ordinary one, a missing 30th as the 29th.
    """

    operand: AttributeRef
    window: Window


@record
class Did:
    """At least ``at_least`` and, unless None, at most ``at_most`` events match."""

    query: EventQuery
    at_least: int = 1
    at_most: int | None = None


@record
class MomentIn:
    """The first or last matching event lies in ``window``. False without one. ``query.window`` is None.

    Of several at one instant, last is the last to arrive and first the first to arrive.
    """

    which: Literal["first", "last"]
    query: EventQuery
    window: Window


@record
class MomentHas:
    """``has`` is true of the first or last matching event. False without one."""

    which: Literal["first", "last"]
    query: EventQuery
    has: Condition


@record
class InSegment:
    """The condition of a declared segment; the library has it."""

    name: str


@record
class Received:
    """A number of pushes decided for the member lies in a range, those failed, refused or withdrawn not counted.

    Either ``playbook`` (and perhaps ``step``, which matches the identity ``step`` or ``step/...``) or ``template``.
    A push counts at the instant it may go out.
    """

    playbook: str | None
    step: str | None
    template: TextPattern | None
    at_least: int = 1
    at_most: int | None = None
    window: Window | None = None


@record
class Sample:
    """The member's draw under ``name`` lies in [low, high) of 10,000. See ``query.draws`` for the method."""

    name: str
    low: int
    high: int


Condition = (
    Always | All | Any | Not | HasTag | Compare | InWindow | Anniversary | Did | MomentIn | MomentHas
    | InSegment | Received | Sample
)


# Library


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
    """``face_cents`` is the face value, 0 for gifts and percentages; ``limit_per`` None is for ever."""

    name: str
    face_cents: int
    threshold_cents: int = 0
    percent_off: int | None = None
    gift: str | None = None
    stock: int | None = None
    limit: int | None = None
    limit_per: Literal["day", "year"] | None = None
    validity: Validity | None = None
    hours: tuple[int, int] | None = None


@record
class Library:
    """Everything declared, by name. Built-in attributes are included in ``attributes``."""

    attributes: Mapping[str, Attribute]
    events: Mapping[str, Event]
    tags: Mapping[str, Tag]
    tag_groups: Mapping[str, TagGroup]
    segments: Mapping[str, Condition]
    metrics: Mapping[str, Total]
    templates: Mapping[str, Template]
    coupons: Mapping[str, Coupon]


# Playbooks


@record
class Zone:
    """An IANA zone; with ``per_member`` the member's own ``timezone`` where known, else this one."""

    name: str
    per_member: bool = False


@record
class QuietHours:
    """[start, end) on the local clock, over midnight where end <= start."""

    start: int
    end: int
    overflow: Literal["defer", "skip"]


@record
class Guard:
    """Exactly one is given; ``share`` is of the members existing then."""

    members: int | None = None
    share: int | None = None


@record
class Cap:
    """At most ``number`` pushes per member in the calendar day (``per`` None) or a rolling duration."""

    number: int
    per: Duration | None
    channel: str | None
    defer: bool


@record
class Consent:
    """Members of whom ``condition`` is true are not pushed to (``marketing_only``: by marketing playbooks)."""

    marketing_only: bool
    condition: Condition


@record
class Policy:
    """``zone`` is the default of every playbook."""

    zone: Zone
    consents: tuple[Consent, ...] = ()
    quiet: QuietHours | None = None
    caps: tuple[Cap, ...] = ()
    holdout: int = 0
    guard: Guard | None = None

    def consents_for(self, category: str) -> tuple[Consent, ...]:
        """The consents that bind playbooks of a category, marketing or service."""
        return tuple(c for c in self.consents if category == "marketing" or not c.marketing_only)


@record
class Reentry:
    """``once`` (for ever or per calendar unit) or ``again`` after a duration, counted from entry."""

    kind: Literal["once", "again"]
    per: Literal["year", "month", "week", "day"] | None = None
    after: Duration | None = None
    in_all: bool = False


@record
class Daily:
    """``weekdays`` are ISO numbers, None is every day."""

    weekdays: tuple[int, ...] | None
    clocks: tuple[int, ...]


@record
class Monthly:
    """``days`` of the month; -1 is the last. A day that a month lacks does not run."""

    days: tuple[int, ...]
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
class TagGained:
    """The member gains a tag that matches (a gain while it is held is none)."""

    pattern: TextPattern


Schedule = Daily | Monthly | Interval | Cron | Once
Trigger = Schedule | TagGained


# The code of a block: instructions by position; every jump goes forward. The end is len(code).


@record
class Push:
    """``step`` is the identity of ``steps.py``; ``channel`` is canonical (wecom, moments, sms, ...)."""

    step: str
    channel: str
    template: str
    coupon: str | None = None


@record
class GiveTags:
    step: str
    tags: tuple[str, ...]


@record
class TakeTags:
    step: str
    tags: tuple[str, ...]


@record
class IssueCoupon:
    step: str
    coupon: str


@record
class Stop:
    """Leaves the playbook with reason ``stopped``."""


@record
class Wait:
    duration: Duration


@record
class Branch:
    """Goes on where ``condition`` is true of the member at t, else at ``otherwise``."""

    condition: Condition
    otherwise: int


@record
class Divide:
    """Sends a member to the arm of their draw under ``name``.

    ``arms``: (label, upper bound of the share in 10,000, position). The last bound is 10,000. ``holdout`` arms
    have the label ``holdout``.
    """

    name: str
    arms: tuple[tuple[str, int, int], ...]


@record
class Jump:
    target: int


Action = Push | GiveTags | TakeTags | IssueCoupon
Instruction = Action | Stop | Wait | Branch | Divide | Jump


@record
class Block:
    """One trigger with what follows. ``audience`` must hold besides the playbook's; None adds nothing."""

    index: int
    trigger: Trigger
    audience: Condition | None
    reentry: Reentry | None
    code: tuple[Instruction, ...]

    @property
    def pushes(self) -> bool:
        """Whether any instruction is a push."""
        return any(isinstance(i, Push) for i in self.code)

    @property
    def waits(self) -> bool:
        """Whether any instruction is a wait."""
        return any(isinstance(i, Wait) for i in self.code)


@record
class Playbook:
    """A checked playbook. ``reentry`` of a block is already the playbook's where it has none of its own.

    ``active`` bounds are local cutoffs of the zone. ``version`` is the hex digest of ``digest.py``, "" before it
    is taken. ``about``, ``owner`` and ``state`` are not part of the version.
    """

    name: str
    about: str
    owner: str
    state: Literal["live", "draft", "paused"]
    category: Literal["marketing", "service"]
    priority: int
    zone: Zone
    active: Window
    quiet: QuietHours | None
    holdout: int
    guard: Guard | None
    audience: Condition
    blocks: tuple[Block, ...]
    version: str = ""


@record
class Program:
    """A whole workspace. ``playbooks`` holds the sound ones by name in code-point order.

    ``blocked`` names the playbooks with errors: name to the codes of what is wrong. ``digest`` covers all.
    ``broken`` are library declarations with errors, ``kind:name`` to codes; they are not in ``library``.
    """

    library: Library
    policy: Policy
    playbooks: Mapping[str, Playbook]
    blocked: Mapping[str, tuple[str, ...]]
    digest: str
    broken: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
