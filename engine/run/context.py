"""The state of one attempt at a run: coordinates, counters, frames, and the notes for the report.

Nothing here outlives the attempt. :class:`Counters` holds all that a savepoint must put back beside the tables.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ..program.ir import (
    Alert,
    Block,
    ChangePoints,
    EnterPlaybook,
    GiveTags,
    GiveTask,
    IssueCoupon,
    IssueRedpacket,
    Playbook,
    Program,
    Push,
    QuietHours,
    Schedule,
    SetAttribute,
    TakeTags,
    Welcome,
)
from ..query.frame_table import FrameTable
from ..query.frames import FramePlan
from ..query.relations import Delta
from ..query.story import NO_STORY, Story
from ..stores.sqlite.database import SqliteStore
from .stories import Asks, steps_text
from .units import GROUP, MEMBER, by_kind

StepAction = (
    Push | Welcome | GiveTags | TakeTags | IssueCoupon | IssueRedpacket | ChangePoints | SetAttribute | GiveTask | Alert
    | EnterPlaybook
)
"""The steps that are carried out; playbooks with others are blocked before they are decided."""

ENTRY = 0
"""The position in ``flow`` of those who are about to enter; nobody else is in it then."""

Value = int | str | bytes | None
Values = Mapping[str, Value]
"""What a statement binds, by name; it may be more than the statement names."""

_NOTHING: Values = {}
_MOST_KEPT = 256


@dataclass(frozen=True, slots=True)
class LoadedVersion:
    """One version of a playbook with the library it is judged by.

    ``number`` is the version's in the store, ``blocks`` are the numbers of its blocks by position, ``asks`` is what its
    conditions ask of journeys, ``asks_now`` what its exit does, which is judged at T; ``remembered`` says that
    somebody asks who came to the end of the playbook.
    """

    number: int
    playbook: Playbook
    program: Program
    blocks: tuple[int, ...]
    asks: Asks
    asks_now: Asks
    remembered: bool = False


@dataclass(frozen=True, slots=True)
class BlockRun:
    """A block of a version at work; ``beside`` its members, where it pushes to groups."""

    loaded: LoadedVersion
    block: Block
    beside: bool = False

    @property
    def playbook(self) -> Playbook:
        return self.loaded.playbook

    @property
    def name(self) -> str:
        return self.loaded.playbook.name

    @property
    def number(self) -> int:
        """The block's number, the same in all versions that have it."""
        return self.loaded.blocks[self.block.index]

    @property
    def version(self) -> int:
        return self.loaded.number

    @property
    def kind(self) -> int:
        """The kind of the units that stand before the block, or that one of its pushes goes to (``beside``)."""
        return GROUP if self.beside or self.playbook.groups is not None else MEMBER

    @property
    def leaves_no_entry(self) -> bool:
        """Whether nothing asks afterwards who entered."""
        return leaves_no_entry(self.block) and self.playbook.goal is None and not self.loaded.remembered

    @property
    def first_action(self) -> StepAction | None:
        """The block's first step that leaves records."""
        return next((i for i in self.block.code if isinstance(i, StepAction)), None)


def leaves_no_entry(block: Block) -> bool:
    """Whether nothing asks afterwards who entered a block: no re-entry line and no wait."""
    return block.reentry is None and not block.waits


@dataclass(slots=True)
class GuardNote:
    """What a guard compared: the largest number reached against its limit."""

    limit: int
    reached: int


@dataclass(frozen=True, slots=True)
class WaveNote:
    """Something scarce in a wave: how to ask what is ``left``, the ``most`` that anybody takes, what was ``before``."""

    left: Callable[[], int]
    most: int
    before: int


@dataclass(slots=True)
class Counters:
    """The numbers given last, and what has been noted. ``leaf`` counts records from 0 at the run's start."""

    seq: int
    leaf: int = 0
    header: int = 0
    occurrence: int = 0
    enrolment: int = 0
    pushes: bool = False
    tags: set[int] = field(default_factory=set)
    points: bool = False
    attributes: set[int] = field(default_factory=set)
    coupons: bool = False
    redpackets: bool = False
    tasks: bool = False
    frames: dict[tuple[int, str, Story], int] = field(default_factory=dict)
    refused: set[tuple[str, ...]] = field(default_factory=set)
    entries: Counter[tuple[str, int, int | None]] = field(default_factory=Counter)
    tallies: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    occurrences: dict[str, set[int]] = field(default_factory=dict)
    missed: dict[str, set[int]] = field(default_factory=dict)
    unknown_days: dict[str, set[date]] = field(default_factory=dict)
    guards: dict[str, GuardNote] = field(default_factory=dict)
    furthest: dict[str, int] = field(default_factory=dict)
    inside: str | None = None


@dataclass(slots=True)
class RunContext:
    """One attempt. ``at`` is T, ``mark`` the last seq when it began; ``counters.seq`` follows the run's own facts.

    ``versions`` are by playbook and digest; ``steps`` (by playbook and step), ``tags``, ``coupons``, ``redpackets`` and
    ``attributes`` give numbers.
    """

    store: SqliteStore
    program: Program
    at: int
    mark: int
    plan: FramePlan
    versions: Mapping[tuple[str, str], LoadedVersion]
    steps: Mapping[tuple[str, str], int]
    tags: Mapping[str, int]
    coupons: Mapping[str, int]
    redpackets: Mapping[str, int]
    attributes: Mapping[str, int]
    has_dispatches: bool
    ahead: bool
    """Whether the store holds facts that arrive later than T."""
    settled: int | None
    """Up to this instant all counts as done, since the store was put back; None for a store that never was."""
    watchers: Sequence[BlockRun]
    forgetful: Set[str]
    """The playbooks with a re-entry line of which an earlier version kept no entries; records tell who entered then."""
    counters: Counters
    consents_move: bool = False
    """Whether a consent asks about journeys, so that it must be asked anew at each step."""
    mixed_wave: bool = False
    wave_notes: dict[tuple[str, ...], WaveNote] = field(default_factory=dict)
    """What was left of each scarce thing when the wave at work first asked for it."""
    consented: int | None = None
    """The last seq when consent of all rows of ``flow`` was asked; until further facts, asking again is idle."""
    frame_table: FrameTable = field(init=False)
    _found: dict[tuple[str, tuple[int | str, ...]], list[tuple[Any, ...]]] = field(default_factory=dict)
    _statements: dict[tuple[Hashable, ...], tuple[str, Values]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.frame_table = FrameTable(
            self.plan, "sqlite", lambda sql, values: self.connection.execute(sql, values).fetchall(),
            lambda sql, rows: self.connection.executemany(sql, rows),
        )

    @property
    def connection(self) -> sqlite3.Connection:
        return self.store.connection

    def execute(self, sql: str, values: Values = _NOTHING) -> sqlite3.Cursor:
        """Runs one statement on the delta tables."""
        return self.connection.execute(sql, values)

    def rows(self, sql: str, values: Values = _NOTHING) -> list[tuple[Any, ...]]:
        """All rows of a small result."""
        return self.connection.execute(sql, values).fetchall()

    def count(self, sql: str, values: Values = _NOTHING) -> int:
        """The single number of a result."""
        return int(self.connection.execute(sql, values).fetchone()[0])

    def look_up(self, sql: str, values: tuple[int | str, ...]) -> list[tuple[Any, ...]]:
        """The rows of a question about what no attempt changes, as names and extents, asked once."""
        found = self._found.get((sql, values))
        if found is None:
            found = self._found[sql, values] = self.connection.execute(sql, values).fetchall()
        return found

    def population(self, kind: int) -> int:
        """How many units of a kind there are at T. Counting them goes through the store, so that only who needs it asks."""
        ((number,),) = self.look_up(_POPULATION[kind], (self.at,))
        return int(number)

    def statement(self, key: tuple[Hashable, ...], make: Callable[[], tuple[str, Values]]) -> tuple[str, Values]:
        """The statement of a key that says all it depends on, made if it is new."""
        known = self._statements.get(key)
        if known is None:
            if len(self._statements) >= _MOST_KEPT:
                self._statements.clear()
            known = self._statements[key] = make()
        return known

    @property
    def delta(self) -> Delta:
        """What the run has decided so far that conditions may see."""
        done = self.counters
        return Delta(
            tags=frozenset(done.tags), pushes=done.pushes, points=done.points, attributes=frozenset(done.attributes),
            coupons=done.coupons, redpackets=done.redpackets, tasks=done.tasks, enrolments=True, inside=done.inside,
        )

    def outcomes(self, pc: int) -> dict[str | None, int]:
        """How many rows of ``flow`` stand at a position with each outcome; None is none."""
        total = self.count("SELECT count(*) FROM flow WHERE pc = :pc", {"pc": pc})
        found: dict[str | None, int] = dict(self.rows(_OUTCOMES, {"pc": pc}))
        free = total - sum(found.values())
        return {None: free, **found} if free else found

    def frames_at(self, pc: int) -> list[tuple[int, int, str]]:
        """The frames, with their instants and zones, of the rows of ``flow`` at a position that have no outcome."""
        return self.rows(_FRAMES_AT, {"pc": pc})

    @contextmanager
    def undone_on(self, failure: type[Exception]) -> Iterator[None]:
        """Puts tables and counters back if the body raises ``failure``, and lets it pass on."""
        before = deepcopy(self.counters)
        self.connection.execute("SAVEPOINT attempt")
        try:
            yield
        except failure:
            self.connection.execute("ROLLBACK TO attempt")
            self.connection.execute("RELEASE attempt")
            self.counters = before
            raise
        self.connection.execute("RELEASE attempt")

    def quiet_hours(self, playbook: Playbook) -> QuietHours | None:
        """The playbook's quiet hours, else the policy's."""
        return playbook.quiet or self.program.policy.quiet

    def frame(self, t: int, zone: str, story: Story = NO_STORY) -> int:
        """The number of the frame of (t, zone, story), made if it is new."""
        known = self.counters.frames.get((t, zone, story))
        if known is not None:
            return known
        number = len(self.counters.frames) + 1
        self.counters.frames[t, zone, story] = number
        self.frame_table.add(number, t, zone, story)
        entered, waited, event, steps = story
        self.connection.execute(_FRAME_KEY, (number, t, zone, entered, waited, event, steps_text(steps) or None))
        return number

    def frame_all(self, places: Iterable[tuple[int, str, Story]]) -> None:
        """Makes the frames that are new among many; those of one zone's day come best one after the other."""
        known = self.counters.frames
        rows, keys = [], []
        for place in places:
            if place not in known:
                number = known[place] = len(known) + 1
                t, zone, story = place
                rows.append((number, *place))
                keys.append((number, t, zone, story.entered, story.waited, story.event, steps_text(story.steps) or None))
        self.frame_table.add_all(rows)
        self.connection.executemany(_FRAME_KEY, keys)

    def has_later_facts(self, relation: str, key: int, instant: int) -> bool:
        """Whether a fact of a relation (as in the table of extents) may lie, or have arrived, after an instant."""
        return any(latest > instant for (latest,) in self.look_up(_LATEST_FACT, (relation, key)))

    def has_newer_facts(self, relation: str, key: int, mark: int) -> bool:
        """Whether a fact of a relation may have come behind a seq."""
        return any(latest > mark for (latest,) in self.look_up(_NEWEST_FACT, (relation, key)))

    def event_numbers(self, names: Iterable[str]) -> list[int]:
        """The numbers of types of events, without those that the store has not met."""
        return [number for name in sorted(names) for (number,) in self.look_up(_EVENT_TYPE, (name,))]

    def earliest(self, pc: int) -> int:
        """The earliest t among the rows of ``flow`` at a position; T where there are none."""
        return self.count("SELECT coalesce(min(t), :at) FROM flow WHERE pc = :pc", {"at": self.at, "pc": pc})

    def has_enrolments(self, playbook: str) -> bool:
        """Whether anybody has ever been enrolled in a playbook."""
        return bool(self.count(_ANY_ENROLMENT, {"playbook": playbook}))

    def note_entries(self, run: BlockRun, instant: int | None, number: int) -> int:
        """Adds to who entered a block in this run; a scheduled block is counted for each instant alone.

        At one instant a schedule may have several occurrences: those of members' zones, or of their own dates.
        """
        key = (run.name, run.number, instant if isinstance(run.block.trigger, Schedule) else None)
        self.counters.entries[key] += number
        return self.counters.entries[key]

    def note_guard(self, playbook: str, limit: int, reached: int) -> None:
        """Notes what a guard compared; the report tells the largest."""
        note = self.counters.guards.get(playbook)
        if note is None or reached * note.limit >= note.reached * limit:
            self.counters.guards[playbook] = GuardNote(limit, reached)

    def tally(self, playbook: str, what: str, detail: str, number: int) -> None:
        """Adds to the report's numbers."""
        self.counters.tallies[playbook, what, detail] += number

    def note_occurrence(self, playbook: str, at: int) -> None:
        """Notes an instant handled for a playbook."""
        self.counters.occurrences.setdefault(playbook, set()).add(at)

    def note_missed(self, playbook: str, at: int) -> None:
        """Notes an instant of a schedule that is skipped as late."""
        self.counters.missed.setdefault(playbook, set()).add(at)
        self.note_lateness(playbook, self.at - at)

    def note_lateness(self, playbook: str, late_by: int) -> None:
        """Notes by how much something that is skipped was late; the report tells the largest."""
        self.counters.furthest[playbook] = max(late_by, self.counters.furthest.get(playbook, 0))

    def note_unknown_days(self, playbook: str, days: Iterable[date]) -> None:
        """Notes days on which nothing ran since nobody has announced whether they are workdays or holidays."""
        self.counters.unknown_days.setdefault(playbook, set()).update(days)


_OUTCOMES = """
SELECT outcome, count(*) FROM flow WHERE pc = :pc AND outcome IS NOT NULL GROUP BY outcome ORDER BY outcome
"""
_FRAMES_AT = """
SELECT f.frame, f.t, f.zone FROM frames f WHERE f.frame IN (SELECT frame FROM flow WHERE pc = :pc AND outcome IS NULL)
"""
_POPULATION = by_kind("SELECT count(*) FROM $units WHERE arrived <= ?")
_FRAME_KEY = "INSERT INTO frame_keys VALUES (?, ?, ?, ?, ?, ?, ?)"
_LATEST_FACT = "SELECT max(max_at, max_arrived) FROM extents WHERE relation = ? AND key = ?"
_NEWEST_FACT = "SELECT max_seq FROM extents WHERE relation = ? AND key = ?"
_EVENT_TYPE = "SELECT type FROM event_types WHERE name = ?"
_ANY_ENROLMENT = """
SELECT EXISTS (SELECT 1 FROM run_enrolments WHERE playbook = :playbook)
    OR EXISTS (SELECT 1 FROM enrolments WHERE playbook = :playbook)
"""
