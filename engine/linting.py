"""What lint is told of the world around the texts: when schedules fall due, which tests there are, what the store holds."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ..grammar.diagnostics import CannotRun
from .program.clock import from_datetime, local_of, local_to_instant
from .program.holdings import goes_on
from .program.holidays import HolidayCalendar
from .program.ir import DAY, Block, Condition, Library, Playbook, Schedule, Times
from .program.lint import Surroundings
from .settings import Settings

if TYPE_CHECKING:
    from .stores.sqlite.database import SqliteStore

TESTS = "_test.yaml"


@contextmanager
def looked_around(
    root: Path, store_path: Path | None, settings: Settings, at: datetime | None
) -> Iterator[Surroundings]:
    """What is known around the workspace in ``root``, while the body runs.

    The store is read where one can be opened. Without ``at`` neither it nor the schedules are looked at.
    """
    tests = frozenset(_tests_under(root))
    if at is None:
        yield Surroundings(test_files=tests)
        return
    instant = from_datetime(at)
    with _facts(store_path, instant) as facts:
        yield Surroundings(instant, Calendar(settings.holidays).occurrences, facts, tests)


def _tests_under(root: Path) -> Iterator[str]:
    """The files of playbook tests, relative with ``/``; hidden folders are left out."""
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from ((Path(folder) / name).relative_to(root).as_posix() for name in files if name.endswith(TESTS))


@contextmanager
def _facts(path: Path | None, at: int) -> Iterator[StoredFacts | None]:
    if path is None or not path.is_file():
        yield None
        return
    from .stores.sqlite.database import SqliteStore

    with ExitStack() as stack:
        try:
            store = stack.enter_context(SqliteStore.open(path))
        except CannotRun:
            # Whoever needs the store is told; the texts can be checked without it.
            yield None
            return
        yield StoredFacts(store, at)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Finds when blocks fall due, by the workspace's calendar of workdays and holidays."""

    holidays: HolidayCalendar

    def occurrences(self, playbook: Playbook, block: Block, after: int, until: int, within: bool) -> Iterator[int]:
        """The instants in (after, until] of a block's schedule; ``within`` only when its playbook runs."""
        from .run.schedules import dues, window_span

        assert isinstance(block.trigger, Schedule)
        zone = playbook.zone.name
        after, until = _narrowed(block.limits.times if block.limits else None, zone, after, until)
        if block.limits is not None and block.limits.window is not None:
            low, high = window_span(block.limits.window, zone)
            after, until = max(after, low - 1), min(until, high - 1)
        if within:
            low, high = window_span(playbook.active, zone)
            after, until = max(after, low - 1), min(until, high - 1)
            for during in playbook.during:
                if not during.negated:
                    after, until = _narrowed(during.times, zone, after, until)
        for due in dues(block.trigger, zone, after, until, block.limits, self.holidays):
            if not within or all(goes_on(d.times, local_of(due.instant, zone)) is not d.negated for d in playbook.during):
                yield due.instant


def _narrowed(times: Times | None, zone: str, after: int, until: int) -> tuple[int, int]:
    """The part of (after, until] in which an activity goes on at all, so that not every minute of years is tried."""
    if times is None or not times.spans:
        return after, until
    first = local_to_instant(min(start for start, _ in times.spans), zone)
    last = local_to_instant(max(end for _, end in times.spans), zone)
    return max(after, first - DAY), min(until, last + DAY)


@dataclass(frozen=True, slots=True)
class StoredFacts:
    """What a store holds at an instant, by everything that has arrived by then."""

    store: SqliteStore
    at: int

    def holds_tag(self, tag: str) -> bool:
        """Whether anybody holds a tag or ever did."""
        with self.store.guarded() as connection:
            return connection.execute(_EVER_HELD, {"tag": tag}).fetchone() is not None

    def members(self) -> int:
        """How many members there are."""
        with self.store.guarded() as connection:
            return int(connection.execute("SELECT count(*) FROM members").fetchone()[0])

    def audience_size(self, library: Library, condition: Condition, zone: str) -> int:
        """How many members a condition is true of."""
        from .asking import members_where

        return len(members_where(self.store, library, condition, self.at, zone))


_EVER_HELD = "SELECT 1 FROM tags JOIN member_tags USING (tag) WHERE name = :tag LIMIT 1"
