"""The world as the oracle sees it: members with lists of facts.

Units are those of the checked program: instants in microseconds UTC, money in cents, numbers in millionths,
dates as yyyymmdd, yes/no as 1/0. Lists are in no particular order; who needs one sorts.
"""

from __future__ import annotations

from dataclasses import dataclass, field

Value = int | str | None


@dataclass(frozen=True, slots=True)
class AttributeFact:
    """From ``at`` on the attribute has ``value``; None makes it unknown."""

    attribute: str
    value: Value
    at: int
    arrived: int
    seq: int


@dataclass(frozen=True, slots=True)
class TagFact:
    """The tag is given (until ``expires`` if there is one) or taken."""

    tag: str
    given: bool
    at: int
    arrived: int
    seq: int
    expires: int | None = None
    backfilled: bool = False


@dataclass(frozen=True, slots=True)
class EventFact:
    """Something the member did. ``fields`` holds the known declared fields only."""

    event: str
    at: int
    arrived: int
    seq: int
    subject: str | None = None
    amount: int | None = None
    fields: tuple[tuple[str, int | str], ...] = ()
    backfilled: bool = False

    @property
    def known(self) -> int:
        """From when on it is known that it happened."""
        return max(self.at, self.arrived)

    def value(self, name: str) -> Value:
        """The value of a field, built-in ones included; None where unknown."""
        if name == "subject":
            return self.subject
        if name == "amount":
            return self.amount
        if name == "time":
            return self.at
        return dict(self.fields).get(name)


@dataclass(frozen=True, slots=True)
class PointsFact:
    """An entry of the points ledger."""

    delta: int
    at: int
    arrived: int
    seq: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CouponFact:
    """A coupon was reserved or issued to the member, by a playbook; a cancelled one no longer counts."""

    coupon: str
    at: int
    arrived: int
    seq: int
    cancelled: bool = False
    playbook: str = ""


@dataclass(frozen=True, slots=True)
class CodeFact:
    """What happened to the code of a coupon: ``kind`` is reserved, issued, used or cancelled."""

    code: str
    coupon: str
    kind: str
    at: int
    arrived: int
    seq: int
    expires: int | None = None


@dataclass(frozen=True, slots=True)
class PacketFact:
    """What happened to a red packet: ``kind`` is reserved, issued or cancelled; ``amount`` is in cents."""

    code: str
    redpacket: str
    kind: str
    at: int
    arrived: int
    seq: int
    amount: int = 0
    playbook: str = ""


@dataclass(frozen=True, slots=True)
class PlaceFact:
    """The member joined (or left) a customer group, or became (or ceased to be) a friend of a staff member."""

    name: str
    given: bool
    at: int
    arrived: int
    seq: int


@dataclass(frozen=True, slots=True)
class FriendFact(PlaceFact):
    """The member became (or ceased to be) a friend of a staff member, where the kind of fact must be told."""


@dataclass(frozen=True, slots=True)
class NameFact:
    """From ``at`` on a customer group is called so."""

    name: str
    at: int
    arrived: int
    seq: int


@dataclass(frozen=True, slots=True)
class PushRecord:
    """A push that was decided: ``at`` is when it may go out, ``arrived`` the instant of its run.

    ``seq`` is the mark of the decision; ``lost`` says that it failed, was refused or withdrawn.
    """

    playbook: str
    step: str
    template: str
    channel: str
    category: str
    at: int
    arrived: int
    seq: int
    lost: bool = False


@dataclass(slots=True)
class Enrolment:
    """One entry of a member into a block; ``position`` and ``due`` say where and until when it is parked.

    ``version`` is that of the playbook entered, ``event`` what started the journey if that was an event. A wait for
    something began at ``waited``; it was tested last at ``looked``, by the facts up to ``seen``. ``done`` are the steps done,
    each with its instant; ``goal`` is when the goal was reached.
    """

    playbook: str
    version: str
    block: int
    member: str
    occurrence: str
    entered: int
    zone: str
    event: EventFact | None = None
    position: int = 0
    due: int | None = None
    deferrals: int = 0
    arm: str | None = None
    counted: bool = False
    waited: int | None = None
    looked: int = 0
    seen: int = 0
    done: list[tuple[str, int]] = field(default_factory=list)
    goal: int | None = None
    ended: int | None = None
    why: str | None = None

    @property
    def held_out(self) -> bool:
        """Whether the member belongs to the control group and gets nothing."""
        return self.why == "holdout"

    def leave(self, at: int, why: str) -> None:
        """Ends the journey."""
        self.ended, self.why, self.due, self.waited = at, why, None, None


@dataclass(slots=True)
class Member:
    """A member and everything the store was ever told about them."""

    id: str
    arrived: int
    seq: int
    attributes: list[AttributeFact] = field(default_factory=list)
    tags: list[TagFact] = field(default_factory=list)
    events: list[EventFact] = field(default_factory=list)
    points: list[PointsFact] = field(default_factory=list)
    coupons: list[CouponFact] = field(default_factory=list)
    pushes: list[PushRecord] = field(default_factory=list)
    codes: list[CodeFact] = field(default_factory=list)
    packets: list[PacketFact] = field(default_factory=list)
    places: list[PlaceFact] = field(default_factory=list)
    friends: list[PlaceFact] = field(default_factory=list)
    removals: list[PlaceFact] = field(default_factory=list)
    journeys: list[Enrolment] = field(default_factory=list)


@dataclass(slots=True)
class World:
    """All members, by outside id; ``groups`` gives the names of each customer group by its outside id."""

    members: list[Member]
    groups: dict[str, list[NameFact]] = field(default_factory=dict)

    @property
    def last_seq(self) -> int:
        """The greatest seq of any fact."""
        seqs = [member.seq for member in self.members] + [0]
        for m in self.members:
            for facts in (m.attributes, m.tags, m.events, m.points, m.codes, m.packets, m.places, m.friends, m.removals):
                seqs += [fact.seq for fact in facts]
        return max([*seqs, *(fact.seq for names in self.groups.values() for fact in names)])
