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
    Block,
    ChangePoints,
    GiveTags,
    IssueCoupon,
    IssueRedpacket,
    Playbook,
    Program,
    Push,
    QuietHours,
    Schedule,
    SetAttribute,
    TakeTags,
)
from ..query.frame_table import FrameTable
from ..query.frames import FramePlan
from ..query.relations import Delta
from ..stores.sqlite.database import SqliteStore

StepAction = Push | GiveTags | TakeTags | IssueCoupon | IssueRedpacket | ChangePoints | SetAttribute
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

    ``number`` is the version's in the store, ``blocks`` are the numbers of its blocks by position.
    """

    number: int
    playbook: Playbook
    program: Program
    blocks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BlockRun:
    """A block of a version at work."""

    loaded: LoadedVersion
    block: Block

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
    def leaves_no_entry(self) -> bool:
        """Whether nothing asks afterwards who entered."""
        return leaves_no_entry(self.block)

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
    frames: dict[tuple[int, str], int] = field(default_factory=dict)
    refused: set[tuple[str, ...]] = field(default_factory=set)
    entries: Counter[tuple[str, int, int | None]] = field(default_factory=Counter)
    tallies: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    occurrences: dict[str, set[int]] = field(default_factory=dict)
    missed: dict[str, set[int]] = field(default_factory=dict)
    unknown_days: dict[str, set[date]] = field(default_factory=dict)
    guards: dict[str, GuardNote] = field(default_factory=dict)


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
    members: int
    has_dispatches: bool
    watchers: Sequence[BlockRun]
    forgetful: Set[str]
    """The playbooks with a re-entry line of which an earlier version kept no entries; records tell who entered then."""
    counters: Counters
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
            self.plan, "sqlite", lambda sql, values: self.connection.execute(sql, values).fetchall()
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
        """The rows of a question about names or extents, asked once: neither changes during an attempt."""
        found = self._found.get((sql, values))
        if found is None:
            found = self._found[sql, values] = self.connection.execute(sql, values).fetchall()
        return found

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
            coupons=done.coupons, redpackets=done.redpackets,
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

    def frame(self, t: int, zone: str) -> int:
        """The number of the frame of (t, zone), made if it is new."""
        known = self.counters.frames.get((t, zone))
        if known is not None:
            return known
        number = len(self.counters.frames) + 1
        self.counters.frames[t, zone] = number
        self.frame_table.add(number, t, zone)
        return number

    def has_later_facts(self, tag: int, instant: int) -> bool:
        """Whether a fact of the tag may lie, or have arrived, after an instant."""
        return any(latest > instant for (latest,) in self.look_up(_LATEST_FACT, (tag,)))

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

    def note_unknown_days(self, playbook: str, days: Iterable[date]) -> None:
        """Notes days on which nothing ran since nobody has announced whether they are workdays or holidays."""
        self.counters.unknown_days.setdefault(playbook, set()).update(days)


_OUTCOMES = """
SELECT outcome, count(*) FROM flow WHERE pc = :pc AND outcome IS NOT NULL GROUP BY outcome ORDER BY outcome
"""
_FRAMES_AT = """
SELECT f.frame, f.t, f.zone FROM frames f WHERE f.frame IN (SELECT frame FROM flow WHERE pc = :pc AND outcome IS NULL)
"""
_LATEST_FACT = "SELECT max(max_at, max_arrived) FROM extents WHERE relation = 'tag' AND key = ?"
_ANY_ENROLMENT = """
SELECT EXISTS (SELECT 1 FROM run_enrolments WHERE playbook = :playbook)
    OR EXISTS (SELECT 1 FROM enrolments WHERE playbook = :playbook)
"""
