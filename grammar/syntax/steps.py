"""Steps of the syntax tree."""

from __future__ import annotations

from typing import Literal

from ..diagnostics import Span
from ..record import record
from .conditions import Condition
from .values import Clock, Duration, Name, Pattern, Share, Text, Value


@record
class Rotation:
    """``rotating "早安*" no repeat within 30 days``."""

    pattern: Pattern
    no_repeat: Duration | None
    span: Span


@record
class Despite:
    """``despite caps``, ``despite quiet hours``; ``reason`` is the comment of the line, "" without one."""

    what: Literal["caps", "quiet_hours"]
    reason: str
    span: Span


@record
class Confirmed:
    """``confirmed within 4 hours else alert|skip``: staff must send it by then."""

    within: Duration
    otherwise: Literal["alert", "skip"]
    span: Span


@record
class Push:
    """``channel`` None where the line names none; ``groups`` of ``push group "福利群" "X"``.

    ``content`` is a template or a rotation. At most one of coupon and redpacket is given. ``within``: never sent later.
    """

    channel: Name | None
    groups: Pattern | None
    content: Name | Rotation
    coupon: Name | None
    redpacket: Name | None
    within: Duration | None
    despite: tuple[Despite, ...]
    confirmed: Confirmed | None
    span: Span


@record
class Welcome:
    template: Name
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
class IssueRedpacket:
    redpacket: Name
    span: Span


@record
class ChangePoints:
    """``points +10``, ``points -5``; whole points, never 0."""

    delta: int
    span: Span


@record
class SetAttribute:
    """``set city to "上海"``; ``value`` is a :class:`Name` where a field of the event is meant."""

    name: Name
    value: Value | Name
    span: Span


@record
class GiveTask:
    """``task "电话回访" due within 1 day for "张三"``; neither ``staff`` nor ``manager``: the member's own staff."""

    title: Name
    due: Duration
    staff: Name | None
    manager: bool
    span: Span


@record
class Alert:
    """``alert staff "…"``: ``text`` is Liquid."""

    whom: Literal["staff", "manager"]
    text: Text
    span: Span


@record
class EnterPlaybook:
    playbook: Name
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
class WaitUntil:
    """``wait until monday at 10:00``: the next such time after now; ``weekday`` ISO, None any day."""

    weekday: int | None
    clock: Clock
    span: Span


@record
class DayBlock:
    """``day 3 at 20:00`` with steps: calendar days after entry; ``clock`` None: the entry's."""

    day: int
    clock: Clock | None
    steps: tuple[Step, ...]
    span: Span


@record
class WaitFor:
    """``wait for COND up to 3 days`` with ``then`` and ``otherwise``, either perhaps empty."""

    condition: Condition
    up_to: Duration
    then: tuple[Step, ...]
    otherwise: tuple[Step, ...]
    span: Span


@record
class Repeat:
    """``repeat every 7 days at most 4 times`` with steps."""

    every: Duration
    at_most: int
    steps: tuple[Step, ...]
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


RuleAction = GiveTag | TakeTag | SetAttribute | ChangePoints
Action = (
    Push | Welcome | GiveTag | TakeTag | IssueCoupon | IssueRedpacket | ChangePoints | SetAttribute | GiveTask | Alert
    | EnterPlaybook
)
Step = Action | Stop | NamedStep | Wait | WaitUntil | DayBlock | WaitFor | Repeat | If | Split
