"""Conditions of the syntax tree: what is asked of a member, a group or an event."""

from __future__ import annotations

from typing import Literal

from ..diagnostics import Span
from ..record import record
from .values import Duration, Name, Operator, Pattern, Share, Value
from .windows import Window


@record
class Count:
    """How often: ``at_least``, ``at_most`` or ``exactly`` n times."""

    kind: Literal["at_least", "at_most", "exactly"]
    number: int
    span: Span


@record
class DayCount:
    """On how many days: ``at_least``, ``at_most``, ``exactly`` n days or n days ``in_a_row``."""

    kind: Literal["at_least", "at_most", "exactly", "in_a_row"]
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
class HeldFor:
    """``card has been "金卡" for 30 days``: an attribute had that value all the time in (t - d, t]."""

    name: Name
    value: Value
    duration: Duration
    span: Span


@record
class Changed:
    """``card changed within 3 days``: an attribute took another value, at any time or inside the window."""

    name: Name
    window: Window | None
    span: Span


@record
class EventFilter:
    """Which events: the type, subjects (any of them) or a category of products, a condition over fields, a window.

    ``same`` is the field whose value must be that of the event that started the journey. At most one of subjects
    and category is given.
    """

    event: Name
    subjects: tuple[Pattern, ...]
    category: Name | None
    where: Condition | None
    same: Name | None
    window: Window | None
    span: Span


@record
class Did:
    """Events that match, so often (``count``) or on so many days (``days``); at most one of the two is given.

    ``ever``: ``ever did``, without the window that goal, exit and wait would otherwise lay.
    """

    events: EventFilter
    count: Count | None
    days: DayCount | None
    ever: bool
    span: Span


@record
class Total:
    """A number over events: ``sum``, ``average``, ``largest``, ``smallest`` of a field, ``number`` of events
    (``field`` None) or of ``distinct`` values of a field.
    """

    kind: Literal["sum", "average", "largest", "smallest", "number", "distinct"]
    field: Name | None
    events: EventFilter
    span: Span


@record
class TotalComparison:
    """A total against values; ``window`` stands in the total's filter."""

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
class HoldsCoupon:
    """``holds coupon "X"``: issued, not used, not expired; ``expiring``: and it expires inside that window."""

    coupon: Name
    expiring: Window | None
    span: Span


@record
class UsedCoupon:
    coupon: Name
    count: Count | None
    window: Window | None
    span: Span


@record
class ReceivedRedpacket:
    redpacket: Name
    count: Count | None
    window: Window | None
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
class InPlaybook:
    """``in playbook "X"``: in its journey now."""

    playbook: Name
    span: Span


@record
class FinishedPlaybook:
    """``finished playbook "X"``: came to the end of its journey."""

    playbook: Name
    window: Window | None
    span: Span


@record
class Invited:
    """``invited at least 3 members where (tagged "首单") within 7 days``; ``count`` None: at least one."""

    count: Count | None
    where: Condition | None
    window: Window | None
    span: Span


@record
class DueToReorder:
    """``due to reorder "猫粮2kg" within the next 3 days``: last order + consumption cycle × quantity lies there."""

    product: Name
    window: Window
    span: Span


@record
class InGroup:
    """``in group "福利群*"``: a member of such a customer group."""

    group: Pattern
    span: Span


@record
class IsFriend:
    span: Span


@record
class SourceInGroup:
    """``source in group "线下门店"``: ``name`` is the attribute as written."""

    name: Name
    group: Name
    span: Span


@record
class TaskIs:
    """``task "电话回访" done``: the newest such task of the member stands so."""

    task: Name
    state: Literal["done", "open", "overdue"]
    window: Window | None
    span: Span


@record
class TodayIs:
    """``today is workday``, ``today is holiday``: by the holiday calendar, on the day of t."""

    kind: Literal["workday", "holiday"]
    span: Span


@record
class InSample:
    """``in sample 10% to 20% of "x"``; ``low`` is None for 0, ``name`` None where the playbook's own is meant."""

    low: Share | None
    high: Share
    name: Name | None
    span: Span


Condition = (
    And | Or | Not | Listed | Tagged | TaggedInGroup | Comparison | MomentOfAttribute | Anniversary | HeldFor | Changed
    | Did | TotalComparison | EventMoment | InSegment | HoldsCoupon | UsedCoupon | ReceivedRedpacket | Received
    | ReceivedTemplate | InPlaybook | FinishedPlaybook | Invited | DueToReorder | InGroup | IsFriend | SourceInGroup
    | TaskIs | TodayIs | InSample
)
