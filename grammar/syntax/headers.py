"""Lines of the policy and of playbook headers in the syntax tree."""

from __future__ import annotations

from typing import Literal

from ..diagnostics import Span
from ..record import record
from .conditions import Condition, Total
from .library import Budget
from .values import Clock, Date, Duration, Instant, Name, Pattern, Share, Text
from .windows import Window

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
class DuringLine:
    """``during activity "X" phase "Y"``, or with ``negated`` ``not during …``."""

    activity: Name
    phase: Name | None
    negated: bool
    span: Span


@record
class StateLine:
    state: Literal["draft", "paused"]
    span: Span


@record
class OnceLine:
    """``once per member``: for ever (``per`` None), per calendar unit, per ``activity`` or per value of ``field``.

    ``name`` is the activity or field; ``in_all`` spans the blocks.
    """

    per: Literal["year", "month", "week", "day", "activity", "field"] | None
    name: Name | None
    in_all: bool
    span: Span


@record
class AgainLine:
    """``again after 30 days``."""

    after: Duration
    in_all: bool
    span: Span


@record
class AtMostLine:
    """``at most 3 times per member``."""

    number: int
    in_all: bool
    span: Span


@record
class GoalLine:
    """``goal COND up to 7 days``, measured from entry."""

    condition: Condition
    up_to: Duration
    span: Span


@record
class ExitLine:
    condition: Condition
    span: Span


@record
class BudgetLine:
    budget: Budget
    span: Span


@record
class TakeLine:
    """``take top 100 by METRIC`` (``by`` a name or a total), ``take 100 at random`` (``by`` None)."""

    number: int
    by: Name | Total | None
    span: Span


@record
class OnlyOneLine:
    """``only one of "转化"``: a member is in one journey of that name at a time."""

    name: Name
    span: Span


@record
class CatchUpLine:
    """``catch up latest|all|none within 2 hours``."""

    which: Literal["latest", "all", "none"]
    within: Duration | None
    span: Span


@record
class AudienceLine:
    condition: Condition
    span: Span


@record
class GroupAudienceLine:
    """``for groups "福利群*" tagged "VIP" with at least 50 members created within 7 days``; what is None is not asked."""

    pattern: Pattern | None
    tag: Pattern | None
    at_least: int | None
    created: Window | None
    span: Span


ReentryLine = OnceLine | AgainLine | AtMostLine
Header = (
    AboutLine | OwnerLine | CategoryLine | PriorityLine | TimezoneLine | ActiveLine | DuringLine | StateLine
    | OnceLine | AgainLine | AtMostLine | QuietHours | HoldoutLine | GuardLine | GoalLine | ExitLine | BudgetLine
    | TakeLine | OnlyOneLine | CatchUpLine
)
