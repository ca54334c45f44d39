"""The code of a block: instructions by position; every jump goes forward. The end is len(code)."""

from __future__ import annotations

from typing import Literal

from ....grammar.record import record
from .conditions import AttributeRef, Condition, FieldRef, TextPattern
from .time import Duration


@record
class Rotation:
    """Of ``templates`` (in the order declared) the one received longest ago; not one received within ``no_repeat``."""

    pattern: str
    templates: tuple[str, ...]
    no_repeat: Duration | None = None


@record
class Confirmed:
    """Staff confirm the sending within so long, else they are alerted or it is void."""

    within: Duration
    otherwise: Literal["alert", "skip"]


@record
class Push:
    """``step`` is the identity of ``steps.py``; ``channel`` is canonical (wecom, moments, sms, ...).

    ``template`` is "" with a ``rotation``. At most one of coupon and redpacket is given. ``within``: never sent later than
    that after it falls due. ``groups``: one dispatch to each group that matches, instead of the member.
    """

    step: str
    channel: str
    template: str
    coupon: str | None = None
    rotation: Rotation | None = None
    redpacket: str | None = None
    within: Duration | None = None
    despite_caps: bool = False
    despite_quiet: bool = False
    confirmed: Confirmed | None = None
    groups: TextPattern | None = None


@record
class Welcome:
    """A welcome: outside caps and quiet hours, never late."""

    step: str
    channel: str
    template: str


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
class IssueRedpacket:
    step: str
    redpacket: str


@record
class ChangePoints:
    step: str
    delta: int


@record
class SetAttribute:
    """Sets an attribute to a value or to a field of the event that started the journey."""

    step: str
    attribute: AttributeRef
    value: int | str | FieldRef


@record
class GiveTask:
    """Work for ``staff`` by name, the manager, or (neither) the member's own staff. ``title`` is Liquid."""

    step: str
    title: str
    due: Duration
    staff: str | None = None
    manager: bool = False


@record
class Alert:
    """``text`` is Liquid; ``needed`` are its variables without a default."""

    step: str
    whom: Literal["staff", "manager"]
    text: str
    needed: tuple[str, ...] = ()


@record
class EnterPlaybook:
    step: str
    playbook: str


@record
class Stop:
    """Leaves the playbook with reason ``stopped``."""


@record
class Wait:
    duration: Duration


@record
class WaitUntil:
    """The next such local time after now; ``weekday`` ISO, None any day."""

    clock: int
    weekday: int | None = None


@record
class WaitDay:
    """The local day ``day`` calendar days after entry at ``clock`` (None: the entry's).

    Where that was over by more than 2 hours at entry, goes on at ``otherwise``.
    """

    day: int
    clock: int | None
    otherwise: int


@record
class WaitFor:
    """Until ``condition`` is true, then goes on; after ``up_to`` goes on at ``otherwise``."""

    condition: Condition
    up_to: Duration
    otherwise: int


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


Action = (
    Push | Welcome | GiveTags | TakeTags | IssueCoupon | IssueRedpacket | ChangePoints | SetAttribute | GiveTask | Alert
    | EnterPlaybook
)
Waiting = Wait | WaitUntil | WaitDay | WaitFor
Instruction = Action | Waiting | Stop | Branch | Divide | Jump
