"""What a simulation tells: days, playbooks, messages per member, collisions, and what runs out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from ..answers import Note
from ..program.ir import Budget

Why = Literal[
    "blocked", "draft", "paused", "guard", "failed", "no_occurrence", "missed", "nothing_started", "nobody", "already_in",
    "waiting", "all_suppressed",
]
"""Why a playbook never does anything to anybody, the first that applies."""


@dataclass(frozen=True, slots=True)
class Day:
    """One local day: what goes out by channel, what is done in the store, what is suppressed and deferred by reason.

    What is queued counts on the day on which it may go out. ``deferred`` counts each time that something was put off.
    """

    day: date
    queued: Mapping[str, int]
    done: int
    suppressed: Mapping[str, int]
    deferred: Mapping[str, int]

    @property
    def messages(self) -> int:
        """What goes out by any channel."""
        return sum(self.queued.values())


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one playbook.

    ``occurrences`` are instants of its schedules that were handled, ``missed`` those that were skipped as too late.
    ``duplicate`` were turned away since they had been in, ``late`` are facts that came too late. ``in_flight`` are inside at
    the end, ``left`` went by why. ``never`` says why nothing at all was dispatched, None where something was.
    """

    playbook: str
    state: str
    occurrences: int = 0
    missed: int = 0
    entered: int = 0
    duplicate: int = 0
    late: int = 0
    queued: Mapping[str, int] = field(default_factory=dict)
    done: int = 0
    suppressed: Mapping[str, int] = field(default_factory=dict)
    deferred: Mapping[str, int] = field(default_factory=dict)
    in_flight: int = 0
    left: Mapping[str, int] = field(default_factory=dict)
    never: Why | None = None

    @property
    def dispatched(self) -> int:
        """What was queued or done."""
        return sum(self.queued.values()) + self.done


@dataclass(frozen=True, slots=True)
class Spread:
    """How many members get how many messages: ``counts`` are (messages, members), ascending, those with none included."""

    counts: tuple[tuple[int, int], ...]

    @property
    def members(self) -> int:
        """How many members there are in all."""
        return sum(members for _, members in self.counts)

    @property
    def most(self) -> int:
        """The most that one member gets."""
        return max((messages for messages, members in self.counts if members), default=0)

    def quantile(self, part: float) -> int:
        """The least number of messages that ``part`` of the members do not exceed; 0 without members.

        >>> Spread(((0, 5), (1, 4), (7, 1))).quantile(0.5), Spread(((0, 5), (1, 4), (7, 1))).quantile(0.99)
        (0, 7)
        """
        wanted, seen = part * self.members, 0
        for messages, members in self.counts:
            seen += members
            if seen >= wanted:
                return messages
        return 0


@dataclass(frozen=True, slots=True)
class Collision:
    """Two playbooks that meet in one member on one local day, ``times`` such days of members.

    ``reason`` is why ``second`` got nothing where ``first`` did something; ``both`` where both sent a message, the names
    then in code-point order.
    """

    first: str
    second: str
    reason: str
    times: int


@dataclass(frozen=True, slots=True)
class StockCourse:
    """How the stock of a coupon goes: what is ``left`` at the end of each day, in the order of the days.

    ``runs_out`` is the day on which none are left.
    """

    coupon: str
    stock: int
    left: tuple[int, ...]
    runs_out: date | None


@dataclass(frozen=True, slots=True)
class BudgetCourse:
    """How a budget goes: what is ``left`` at the end of each day; of one per day, of that day's. Money is in cents.

    ``owner`` is a playbook, or with ``is_redpacket`` a red packet. ``runs_out`` is the first day on which nothing is left.
    """

    owner: str
    is_redpacket: bool
    budget: Budget
    left: tuple[int, ...]
    runs_out: date | None


@dataclass(frozen=True, slots=True)
class Tripped:
    """A guard that refused a playbook: first on a ``day``, in ``runs`` runs, with at most ``reached`` members."""

    playbook: str
    day: date
    runs: int
    limit: int
    reached: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A playbook that could not be run: by ``codes`` of its errors, or since it failed at a place (``where``)."""

    playbook: str
    codes: tuple[str, ...]
    where: str | None = None


@dataclass(frozen=True, slots=True)
class Simulation:
    """What runs in [``start``, ``until``] would do. ``replayed`` says that recorded history is played again.

    ``zone`` is that of days. ``runs`` are the instants of the runs made on the copy, ``records`` what they recorded.
    ``weekly`` counts each seven days from the start by themselves, so that a member counts in it once for each.
    """

    start: int
    until: int
    zone: str
    replayed: bool
    runs: tuple[int, ...]
    records: int
    days: tuple[Day, ...]
    playbooks: tuple[Outcome, ...]
    messages: Spread
    weekly: Spread
    collisions: tuple[Collision, ...]
    collided: int
    """On so many days of members two playbooks or more met."""
    stock: tuple[StockCourse, ...]
    budgets: tuple[BudgetCourse, ...]
    guards: tuple[Tripped, ...]
    blocked: tuple[LeftOut, ...]
    notes: tuple[Note, ...] = ()
    is_whole: bool = True
    """Whether all declarations could be read; else a playbook may be missing of which nobody hears."""

    @property
    def exit_code(self) -> int:
        """0 fine, 1 where a playbook was blocked or may be missing."""
        return 1 if self.blocked or not self.is_whole else 0

    @property
    def courses(self) -> tuple[StockCourse | BudgetCourse, ...]:
        """What may run out."""
        return (*self.stock, *self.budgets)

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels that anything goes out by, by name."""
        return tuple(sorted({channel for day in self.days for channel in day.queued}))
