"""The state of a run as the oracle keeps it: records, enrolments, and what falls due."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from oracle.conditions import View, attribute_value, exists, true_of
from oracle.model import Enrolment, Member, World
from oracle.starts import Start
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


BlockName = tuple[ir.Trigger, int]


def block_name(playbook: ir.Playbook, block: ir.Block) -> BlockName:
    """What a block is called in all versions of its playbook: its trigger, and which of those with that trigger it is."""
    return block.trigger, [one.index for one in playbook.blocks if one.trigger == block.trigger].index(block.index)


@dataclass(frozen=True, slots=True)
class Item:
    """Something that falls due for one member: an entry or, with an enrolment, the next step.

    ``start`` is the fact by which somebody enters, if one does.
    ``only`` is what must be true besides the audiences: that it is the member's own date.
    """

    instant: int
    playbook: ir.Playbook
    block: ir.Block
    member: Member
    occurrence: str
    zone: str
    enrolment: Enrolment | None = None
    start: Start | None = None
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
    """What is run: the newest playbooks, all ``versions`` there ever were in order, and the start of the store."""

    playbooks: tuple[ir.Playbook, ...]
    policy: ir.Policy
    library: ir.Library
    start: int
    versions: tuple[ir.Playbook, ...] = ()

    def version(self, enrolment: Enrolment) -> ir.Playbook:
        """The playbook as it was when a member entered; what is no part of a version is that of the newest."""
        newest = next(p for p in self.playbooks if p.name == enrolment.playbook)
        entered = next(p for p in self.versions if (p.name, p.version) == (enrolment.playbook, enrolment.version))
        return replace(entered, state=newest.state, budgets=newest.budgets, priority=newest.priority)


@dataclass(slots=True)
class State:
    """What outlives a run. ``handled`` is the (T, mark) up to which each block got, by playbook and :func:`block_name`."""

    world: World
    records: list[Record] = field(default_factory=list)
    handled: dict[tuple[str, BlockName], tuple[int, int]] = field(default_factory=dict)
    looked: dict[str, int] = field(default_factory=dict)
    """When the journeys of each playbook were last looked at: they wait while it is at rest."""
    rules: tuple[int, int] | None = None
    """The (T, mark) up to which standing rules got."""
    sent: list[tuple[str, Start]] = field(default_factory=list)
    """Whom playbooks sent to which others, once a run; one that rests finds it when it runs again."""
    last_run: int | None = None
    last_mark: int = 0
    last_seq: int = 0
    duplicates: int = 0
    not_taken: int = 0
    passed_over: int = 0
    """How often a line ``catch up latest`` left out an occurrence that was not too old."""

    @property
    def enrolments(self) -> list[Enrolment]:
        """All entries of all members, each member's in their order."""
        return [journey for member in self.world.members for journey in member.journeys]


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
    refused: frozenset[str] = frozenset()
    first_record: int = 0
    taken: set[tuple[str, int, str, str]] = field(default_factory=set)
    started: set[tuple[str, str]] = field(default_factory=set)
    """Whom what the run itself caused has started on which playbooks."""
    told: list[tuple[ir.Playbook, ir.Block, Start]] = field(default_factory=list)
    """What others brought that starts blocks, and what members crossed."""
    caused: list[tuple[ir.Playbook, ir.Block, Start]] = field(default_factory=list)
    """What the run itself made members cross, and whom it sent to other playbooks."""
    closed: str | None = None
    """Why nobody after the present one gets any more of what the step gives."""
    entries: Counter[tuple[str, int, int | None]] = field(default_factory=Counter)

    @property
    def known_playbooks(self) -> list[ir.Playbook]:
        """The newest playbooks, and those that members in flight entered."""
        flying = {(e.playbook, e.version) for e in self.state.enrolments if e.ended is None}
        live = {playbook.name for playbook in self.live}
        older = [p for p in self.setup.versions if p.name in live and (p.name, p.version) in flying]
        return [*self.setup.playbooks, *older]

    @property
    def members(self) -> list[Member]:
        """All members of the world, in the order of their ids."""
        return sorted(self.state.world.members, key=lambda member: member.id)

    def true(
        self, condition: ir.Condition, member: Member, t: int, zone: str, journey: Enrolment | None = None
    ) -> bool:
        """Whether a condition is true of a member at t, by all that the run knows; perhaps in a journey."""
        return true_of(condition, replace(self.view(member, t, zone), journey=journey))

    def view(self, member: Member, t: int, zone: str = "UTC") -> View:
        """The member at t, by all that the run knows."""
        return View(self.state.world, member, t, self.at, self.seq, zone, self.setup.library)

    def knows(self, member: Member, t: int) -> bool:
        """Whether the member exists at t."""
        return exists(member, t, self.at, self.seq)

    def progress(self, playbook: ir.Playbook, block: ir.Block) -> tuple[int, int]:
        """The (T, mark) up to which a block is handled; one that is new begins at the last run."""
        last = self.state.last_run
        fresh = (self.setup.start, 0) if last is None else (last, self.state.last_mark)
        return self.state.handled.get((playbook.name, block_name(playbook, block)), fresh)

    def member(self, name: str) -> Member:
        """A member by their id."""
        return next(member for member in self.state.world.members if member.id == name)

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
