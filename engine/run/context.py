"""The state of one attempt at a run: coordinates, counters, frames, and the notes for the report.

Nothing here outlives the attempt. :class:`Counters` holds all that a savepoint must put back beside the tables.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from traceback import extract_tb

from ...grammar.diagnostics import QingtingError
from ..program.ir import (
    Action,
    Block,
    Consent,
    GiveTags,
    IssueCoupon,
    Playbook,
    Program,
    Push,
    QuietHours,
    TagGained,
    TakeTags,
)
from ..query.frames import FramePlan
from ..stores.sqlite.database import SqliteStore
from ..stores.sqlite.names import COUPONS, TAGS

ENTRY = 0
"""The position in ``flow`` of those who are about to enter; nobody else is in it then."""

Value = int | str | bytes | None


class GuardTripped(Exception):
    """A guard refuses a playbook; the run decides anew without it."""

    def __init__(self, playbook: str, limit: int, reached: int) -> None:
        super().__init__(playbook)
        self.playbook, self.limit, self.reached = playbook, limit, reached


class PlaybookFailed(Exception):
    """Deciding a playbook failed; the run decides anew without it. ``where`` names the failure and its place in the code."""

    def __init__(self, playbook: str, where: str) -> None:
        super().__init__(playbook, where)
        self.playbook, self.where = playbook, where


class StockContended(Exception):
    """Several instants of one wave want more of a coupon than there is; the wave is split."""


@dataclass(frozen=True, slots=True)
class LoadedVersion:
    """One version of a playbook with the library it is judged by. ``number`` is the version's in the store."""

    number: int
    playbook: Playbook
    program: Program


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
    def version(self) -> int:
        return self.loaded.number

    @property
    def leaves_no_entry(self) -> bool:
        """Whether nothing asks afterwards who entered."""
        return leaves_no_entry(self.block)

    @property
    def first_action(self) -> Action | None:
        """The block's first step that leaves records."""
        return next((i for i in self.block.code if isinstance(i, Push | GiveTags | TakeTags | IssueCoupon)), None)


def leaves_no_entry(block: Block) -> bool:
    """Whether nothing asks afterwards who entered a block: no re-entry line and no wait."""
    return block.reentry is None and not block.waits


@dataclass(slots=True)
class GuardNote:
    """What a guard compared: the largest number reached against its limit."""

    limit: int
    reached: int


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
    frames: dict[tuple[int, str], int] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    entries: Counter[tuple[str, int]] = field(default_factory=Counter)
    tallies: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    occurrences: dict[str, set[int]] = field(default_factory=dict)
    missed: dict[str, set[int]] = field(default_factory=dict)
    guards: dict[str, GuardNote] = field(default_factory=dict)


@dataclass(slots=True)
class RunContext:
    """One attempt. ``at`` is T, ``mark`` the last seq when it began; ``counters.seq`` follows the run's own facts."""

    store: SqliteStore
    program: Program
    at: int
    mark: int
    plan: FramePlan
    versions: Mapping[tuple[str, str], LoadedVersion]
    steps: Mapping[tuple[str, str], int]
    members: int
    has_dispatches: bool
    watchers: Sequence[BlockRun]
    forgetful: Set[str]
    """The playbooks with a re-entry line of which an earlier version kept no entries; records tell who entered then."""
    counters: Counters
    mixed_wave: bool = False
    consented: int | None = None
    """The last seq when consent of all rows of ``flow`` was asked; until further facts, asking again is idle."""

    @property
    def connection(self) -> sqlite3.Connection:
        return self.store.connection

    def execute(self, sql: str, values: Mapping[str, Value]) -> sqlite3.Cursor:
        """Runs one statement on the delta tables."""
        return self.connection.execute(sql, values)

    def rows(self, sql: str, values: Mapping[str, Value] | None = None) -> list[tuple[Value, ...]]:
        """All rows of a small result."""
        return self.connection.execute(sql, values or {}).fetchall()

    def outcomes(self, pc: int) -> dict[str | None, int]:
        """How many rows of ``flow`` stand at a position with each outcome; None is none."""
        total = self.count("SELECT count(*) FROM flow WHERE pc = :pc", {"pc": pc})
        found: dict[str | None, int] = {
            str(outcome): int(number or 0) for outcome, number in self.rows(_OUTCOMES, {"pc": pc})
        }
        free = total - sum(found.values())
        return {None: free, **found} if free else found

    def count(self, sql: str, values: Mapping[str, Value] | None = None) -> int:
        """The single number of a result."""
        return int(self.connection.execute(sql, values or {}).fetchone()[0])

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

    def consents(self, category: str) -> Sequence[Consent]:
        """The consents that bind playbooks of a category."""
        return [c for c in self.program.policy.consents if category == "marketing" or not c.marketing_only]

    def frame(self, t: int, zone: str) -> int:
        """The number of the frame of (t, zone), made if it is new."""
        known = self.counters.frames.get((t, zone))
        if known is not None:
            return known
        number = len(self.counters.frames) + 1
        self.counters.frames[t, zone] = number
        values = self.plan.values(t, zone)
        marks = ", ".join("?" * (3 + len(values)))
        self.connection.execute(f"INSERT INTO frames VALUES ({marks})", (number, t, zone, *values))
        return number

    def tag_numbers(self) -> Mapping[str, int]:
        """Every tag the store knows with its number."""
        return TAGS.numbers(self.connection)

    def tag_number(self, name: str) -> int:
        """The number of a declared tag."""
        return TAGS.intern(self.connection, name)

    def coupon_number(self, name: str) -> int:
        """The number of a declared coupon."""
        return COUPONS.intern(self.connection, name)

    def has_later_facts(self, tag: int, instant: int) -> bool:
        """Whether a fact of the tag may lie, or have arrived, after an instant."""
        row = self.connection.execute(
            "SELECT max(max_at, max_arrived) FROM extents WHERE relation = 'tag' AND key = ?", (tag,)
        ).fetchone()
        return row is not None and row[0] > instant

    def has_enrolments(self, playbook: str) -> bool:
        """Whether anybody has ever been enrolled in a playbook."""
        return bool(self.count(_ANY_ENROLMENT, {"playbook": playbook}))

    def note_entries(self, run: BlockRun, number: int) -> int:
        """Adds to who entered a block in this run; a scheduled block is counted for each instant alone."""
        if not isinstance(run.block.trigger, TagGained):
            return number
        self.counters.entries[run.name, run.block.index] += number
        return self.counters.entries[run.name, run.block.index]

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


_OUTCOMES = """
SELECT outcome, count(*) FROM flow WHERE pc = :pc AND outcome IS NOT NULL GROUP BY outcome ORDER BY outcome
"""
_ANY_ENROLMENT = """
SELECT EXISTS (SELECT 1 FROM run_enrolments WHERE playbook = :playbook)
    OR EXISTS (SELECT 1 FROM enrolments WHERE playbook = :playbook)
"""


@contextmanager
def deciding(playbook: str) -> Iterator[None]:
    """Says of an unforeseen failure of the body which playbook was being decided.

    Faults of the environment (a full disk, a damaged file) are no playbook's and pass through.
    """
    try:
        yield
    except (GuardTripped, StockContended, QingtingError, sqlite3.Error, MemoryError):
        raise
    except Exception as failure:
        # The text of the failure is left out: it may hold personal data.
        last = extract_tb(failure.__traceback__)[-1]
        raise PlaybookFailed(playbook, f"{type(failure).__name__} at {Path(last.filename).name}:{last.lineno}") from failure
