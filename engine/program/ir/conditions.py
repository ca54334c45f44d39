"""Conditions of the checked program: two-valued; a test of an unknown value is false, Not is the complement."""

from __future__ import annotations

from typing import Literal

from ....grammar.record import record
from .time import Duration, ValueType, Window

# What is compared


@record
class TextPattern:
    """``text`` itself or, with ``prefix``, every text that begins with it."""

    text: str
    prefix: bool = False

    def matches(self, name: str) -> bool:
        """Whether the pattern covers a name."""
        return name.startswith(self.text) if self.prefix else name == self.text


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
    """The events of one type, with any of ``subjects`` (empty: all), ``where`` true of them, inside ``window``.

    ``category`` names the category of products that ``subjects`` lists, for telling it back. ``same`` is the field
    whose value must be that of the event that started the journey.
    """

    event: str
    subjects: tuple[TextPattern, ...] = ()
    where: Condition | None = None
    window: Window | None = None
    category: str | None = None
    same: FieldRef | None = None


@record
class Total:
    """A number over events: sum, average, largest, smallest of ``field``, number of events or of distinct values.

    Over nothing sum, number and distinct are 0, the others unknown. ``type`` is NUMBER for number and distinct, else
    the field's. A number of events is scaled like every NUMBER. Events whose field is unknown do not take part.
    Averages are compared by cross-multiplication, without rounding.
    """

    kind: Literal["sum", "average", "largest", "smallest", "number", "distinct"]
    query: EventQuery
    field: FieldRef | None
    type: ValueType


@record
class MetricRef:
    """A declared metric; the library has its :class:`Total`."""

    name: str
    type: ValueType


@record
class LadderRef:
    """The rung of a declared ladder on which the member stands: ``tier``, or the ladder's own name.

    Unknown below the lowest rung of a ladder without ``otherwise``, which takes an unknown operand too.
    """

    name: str
    type: ValueType = ValueType.TEXT


@record
class InvitedNumber:
    """How many members the member has invited (scaled); stands in marks only."""

    type: ValueType = ValueType.NUMBER


Operand = AttributeRef | FieldRef | Total | MetricRef | LadderRef | InvitedNumber
CompareOp = Literal[
    "is", "is_not", "in", "not_in", "lt", "le", "gt", "ge", "between",
    "contains", "starts", "ends", "known", "unknown",
]


# Tests


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
class HeldFor:
    """An attribute is ``value`` and was it all the time in (t - duration, t]."""

    operand: AttributeRef
    value: int | str
    duration: Duration


@record
class Changed:
    """An attribute took another value (unknown is one too) at an instant inside ``window``; None: ever.

    The first value it ever had is no change. Points change with every entry that is not 0.
    """

    operand: AttributeRef
    window: Window | None = None


@record
class Did:
    """At least ``at_least`` and, unless None, at most ``at_most`` events match."""

    query: EventQuery
    at_least: int = 1
    at_most: int | None = None


@record
class DidOnDays:
    """Matching events lie on at least ``at_least`` and, unless None, at most ``at_most`` local calendar days.

    ``in_a_row``: some ``at_least`` days that follow each other have one each; ``at_most`` is None then.
    """

    query: EventQuery
    at_least: int
    at_most: int | None = None
    in_a_row: bool = False


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
class HoldsCoupon:
    """Holds a coupon that is issued, not used and not expired at t; ``expiring``: and it expires inside the window."""

    coupon: str
    expiring: Window | None = None


@record
class UsedCoupon:
    """Used the coupon a number of times in a range."""

    coupon: str
    at_least: int = 1
    at_most: int | None = None
    window: Window | None = None


@record
class ReceivedRedpacket:
    """Was given the red packet a number of times in a range; those cancelled do not count.

    A packet counts from the instant at which it was reserved or issued first.
    """

    redpacket: str
    at_least: int = 1
    at_most: int | None = None
    window: Window | None = None


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
class InPlaybook:
    """Is in the journey of a playbook at t."""

    playbook: str


@record
class FinishedPlaybook:
    """Came to the end of the journey of a playbook inside ``window``; None: ever."""

    playbook: str
    window: Window | None = None


@record
class Invited:
    """A number in a range of members whose inviter this is joined inside ``window``, ``where`` true of them at t."""

    at_least: int = 1
    at_most: int | None = None
    where: Condition | None = None
    window: Window | None = None


@record
class DueToReorder:
    """The last event of ``query`` plus ``lasts`` times its quantity (unknown or no field: 1) lies in ``window``.

    A month that something lasts is 30 days.
    """

    product: str
    query: EventQuery
    lasts: Duration
    quantity: FieldRef | None
    window: Window


@record
class InGroup:
    """Is a member of a customer group whose name matches."""

    group: TextPattern


@record
class IsFriend:
    """Is a friend of some staff."""


@record
class SourceIn:
    """The source is one of those declared in ``group``: ``sources``, never empty."""

    group: str
    sources: tuple[str, ...]


@record
class TaskIs:
    """The newest task of that title stands so."""

    task: str
    state: Literal["done", "open", "overdue"]
    window: Window | None = None


@record
class TodayIs:
    """The local day of t is a workday or a holiday by the holiday calendar; false beyond the announced years."""

    kind: Literal["workday", "holiday"]


@record
class Sample:
    """The member's draw under ``name`` lies in [low, high) of 10,000. See ``query.draws`` for the method."""

    name: str
    low: int
    high: int


Condition = (
    Always | All | Any | Not | HasTag | Compare | InWindow | Anniversary | HeldFor | Changed | Did | DidOnDays | MomentIn
    | MomentHas | InSegment | HoldsCoupon | UsedCoupon | ReceivedRedpacket | Received | InPlaybook | FinishedPlaybook
    | Invited | DueToReorder | InGroup | IsFriend | SourceIn | TaskIs | TodayIs | Sample
)
