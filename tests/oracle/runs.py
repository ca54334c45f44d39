"""The state of a run as the oracle keeps it: records, enrolments, and what falls due."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from oracle.conditions import View, attribute_value, exists, holds
from oracle.model import Member, World
from qingting.engine.program import ir


@dataclass(frozen=True, slots=True)
class Record:
    """One decision about a member at a step."""

    playbook: str
    block: int
    occurrence: str
    step: str
    member: str
    status: str
    reason: str | None
    t: int
    arm: str | None
    template: str | None = None
    not_before: int = 0


@dataclass(slots=True)
class Enrolment:
    """One entry of a member into a block; ``position`` and ``due`` say where and until when it is parked.

    ``held_out`` says that the member belongs to the control group and gets nothing.
    """

    playbook: str
    block: int
    member: str
    occurrence: str
    entered: int
    zone: str
    position: int = 0
    due: int | None = None
    deferrals: int = 0
    arm: str | None = None
    counted: bool = False
    ended: bool = False
    held_out: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """Something that falls due for one member: an entry or, with an enrolment, the next step.

    ``only`` is what must be true besides the audiences: that it is the member's own date.
    """

    instant: int
    playbook: ir.Playbook
    block: ir.Block
    member: Member
    occurrence: str
    zone: str
    enrolment: Enrolment | None = None
    fact: int | None = None
    late: bool = False
    only: ir.Condition | None = None

    @property
    def place(self) -> tuple[int, int, str, int]:
        """Where the item stands in the order of a run."""
        return (self.instant, -self.playbook.priority, self.playbook.name, self.block.index)

    @property
    def name(self) -> tuple[str, int, str, str]:
        """What tells an entry from all others."""
        return (self.playbook.name, self.block.index, self.member.id, self.occurrence)


@dataclass(frozen=True, slots=True)
class Setup:
    """What is run: the playbooks, and the start of the store."""

    playbooks: tuple[ir.Playbook, ...]
    policy: ir.Policy
    library: ir.Library
    start: int


@dataclass(slots=True)
class State:
    """What outlives a run. ``seen`` is the (T, mark) of the last run, ``handled`` how far each block got."""

    world: World
    records: list[Record] = field(default_factory=list)
    enrolments: list[Enrolment] = field(default_factory=list)
    handled: dict[tuple[str, int], int] = field(default_factory=dict)
    seen: dict[tuple[str, int], tuple[int, int]] = field(default_factory=dict)
    last_run: int | None = None
    last_seq: int = 0
    duplicates: int = 0
    not_taken: int = 0


class GuardTripped(Exception):
    """More members would be addressed than a guard allows."""

    def __init__(self, playbook: str) -> None:
        super().__init__(playbook)
        self.playbook = playbook


@dataclass(slots=True)
class Run:
    """One attempt at a run. ``seq`` is the last fact it knows, its own included; ``mark`` the last of others."""

    setup: Setup
    state: State
    at: int
    mark: int
    seq: int
    live: list[ir.Playbook]
    first_record: int = 0
    taken: set[tuple[str, int, str, str]] = field(default_factory=set)
    closed: str | None = None
    """Why nobody after the present one gets any more of what the step gives."""
    entries: Counter[tuple[str, int, int | None]] = field(default_factory=Counter)

    @property
    def members(self) -> list[Member]:
        """All members of the world, in the order of their ids."""
        return sorted(self.state.world.members, key=lambda member: member.id)

    def true(self, condition: ir.Condition, member: Member, t: int, zone: str) -> bool:
        """Whether a condition is true of a member at t, by all that the run knows."""
        world, library = self.state.world, self.setup.library
        return holds(condition, world, member, t, self.at, self.seq, zone, library)

    def view(self, member: Member, t: int, zone: str = "UTC") -> View:
        """The member at t, by all that the run knows."""
        return View(self.state.world, member, t, self.at, self.seq, zone, self.setup.library)

    def knows(self, member: Member, t: int) -> bool:
        """Whether the member exists at t."""
        return exists(member, t, self.at, self.seq)

    def zone_of(self, playbook: ir.Playbook, member: Member, t: int) -> str:
        """The zone in which a playbook meets a member at t."""
        if playbook.zone.per_member:
            own = attribute_value(self.view(member, t), "timezone")
            if isinstance(own, str):
                return own
        return playbook.zone.name

    def next_seq(self) -> int:
        """The number of the next fact that the run causes."""
        self.seq += 1
        return self.seq
