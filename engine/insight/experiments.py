"""What playbooks achieve: how many of those who entered reached the goal, against those who were held out.

Counted are entries, not members, by the goal as it is written now; entries under an earlier goal are only told of. An entry
counts when its goal's window is over and a run has looked at it since; the others are told apart. Who was let in counts
whether or not anything reached them, as who was held out does: only so are both drawn alike.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ..program.clock import add_months, local_of, local_to_instant
from ..program.digest import load_version
from ..program.ir import DAY, Divide, Duration, Goal, Playbook, Program
from ..run.progress import JOURNEYS
from ..stores.sqlite.database import SqliteStore
from .proportions import Estimate, difference_of, share_of

HELD_OUT = "holdout"
ArmKind = Literal["entered", "holdout", "arm", "arm_holdout"]


@dataclass(frozen=True, slots=True)
class Arm:
    """One part of those whom a playbook concerned: all who entered, who was held out, or an arm of its split.

    ``name`` is that of an arm, None of the others. ``entered`` counts entries whose window is over, ``reached`` those of them
    that reached the goal; ``open`` and ``open_reached`` the same of those whose window is not over. ``rate`` is None where
    nobody counts yet, ``lift`` the difference of the rate from that of the holdout, None where there is nothing to compare.
    """

    kind: ArmKind
    name: str | None
    entered: int
    reached: int
    open: int
    open_reached: int
    lift: Estimate | None = None

    @property
    def rate(self) -> Estimate | None:
        """The share of those who reached the goal."""
        return share_of(self.reached, self.entered) if self.entered else None


@dataclass(frozen=True, slots=True)
class Experiment:
    """What became of a playbook's goal, for each arm; ``earlier`` entries were under a goal that is not the present one.

    ``looked`` is the instant up to which windows count as over, None where the playbook has never run.
    """

    playbook: str
    goal: Goal
    arms: tuple[Arm, ...]
    earlier: int
    looked: int | None


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """Entries in [``since``, ``until``), known at ``at``; None does not filter. Microseconds."""

    at: int
    since: int | None = None
    until: int | None = None


def read_experiments(store: SqliteStore, program: Program, wanted: EntryFilter) -> tuple[Experiment, ...]:
    """What became of the goals of all playbooks that have one, by name."""
    playbooks = [p for _, p in sorted(program.playbooks.items()) if p.goal is not None]
    return tuple(_experiment(store, playbook, wanted) for playbook in playbooks)


def _experiment(store: SqliteStore, playbook: Playbook, wanted: EntryFilter) -> Experiment:
    assert playbook.goal is not None
    looked = _looked(store, playbook.name, wanted.at)
    over = [] if looked is None else spans_over(looked, playbook.goal.up_to, playbook.zone.name)
    versions, splits = _versions(store, playbook)
    values = {
        "playbook": playbook.name, "versions": json.dumps(versions), "over": json.dumps(over), "looked": looked or 0, "at": wanted.at,
        "since": wanted.since, "until": wanted.until,
    }
    counted = [_Counted(*row) for row in store.connection.execute(_COUNTED, values)]
    (earlier,) = store.connection.execute(_EARLIER, values).fetchone()
    return Experiment(playbook.name, playbook.goal, tuple(_arms(counted, splits, playbook.take is not None)), earlier, looked)


def _looked(store: SqliteStore, playbook: str, at: int) -> int | None:
    """Up to when goals have been noted: the last run by ``at``, or the last before the playbook came to rest."""
    (last,) = store.connection.execute("SELECT max(at) FROM runs WHERE at <= ?", (at,)).fetchone()
    (handled,) = store.connection.execute(_HANDLED, {"playbook": playbook, "journeys": JOURNEYS}).fetchone()
    return None if last is None else int(last if handled is None else min(last, handled))


_HANDLED = """
SELECT coalesce(max(CASE WHEN block = :journeys THEN handled END), max(handled)) FROM progress WHERE playbook = :playbook
"""


def spans_over(looked: int, up_to: Duration, zone: str) -> list[tuple[int, int]]:
    """The instants of entry, as spans with both ends, from which a window of ``up_to`` is over at ``looked``.

    Months have other days than those they lead to: the last of January and a day before may both lead to 28 February.
    """
    ends = looked - up_to.micros
    if not up_to.months:
        return [(0, ends)]
    local = local_of(ends, zone)
    first = add_months(_day(local), -up_to.months) - DAY
    spans = [(0, local_to_instant(first, zone) - 1)]
    for day in range(first, first + 6 * DAY, DAY):
        target = add_months(day, up_to.months)
        if target < _day(local):
            spans.append((local_to_instant(day, zone), local_to_instant(day + DAY, zone) - 1))
        elif target == _day(local):
            spans.append((local_to_instant(day, zone), local_to_instant(day + local % DAY, zone)))
    return spans


def _day(local: int) -> int:
    """The beginning of the day of a local date-time."""
    return local - local % DAY


def _versions(store: SqliteStore, playbook: Playbook) -> tuple[list[int], int]:
    """The numbers of the versions that have the playbook's goal, and how many splits they hold together."""
    numbers: list[int] = []
    splits: set[str] = set()
    for number, source in store.connection.execute(_SOURCES, {"playbook": playbook.name}):
        version = load_version(source).playbook
        if version.goal == playbook.goal:
            numbers.append(number)
            splits.update(i.name for block in version.blocks for i in block.code if isinstance(i, Divide))
    return numbers, len(splits)


_SOURCES = "SELECT version, source FROM playbook_versions WHERE playbook = :playbook ORDER BY version"
_COUNTED = """
SELECT held, arm, sum(is_over), sum(is_over AND is_reached), sum(NOT is_over), sum(NOT is_over AND is_reached)
FROM (
  SELECT coalesce(why = 'holdout', 0) AS held, arm, coalesce(goal <= :looked, 0) AS is_reached,
    EXISTS (SELECT 1 FROM json_each(:over) s WHERE entered BETWEEN s.value ->> 0 AND s.value ->> 1) AS is_over
  FROM enrolments
  WHERE playbook = :playbook AND version IN (SELECT value FROM json_each(:versions)) AND entered <= :at
    AND (:since IS NULL OR entered >= :since) AND (:until IS NULL OR entered < :until))
GROUP BY held, arm ORDER BY held, arm
"""
_EARLIER = """
SELECT count(*) FROM enrolments
WHERE playbook = :playbook AND version NOT IN (SELECT value FROM json_each(:versions)) AND entered <= :at
  AND (:since IS NULL OR entered >= :since) AND (:until IS NULL OR entered < :until)
"""


@dataclass(frozen=True, slots=True)
class _Counted:
    """Entries that share whether they were held out, and their arm."""

    held: int
    arm: str | None
    entered: int
    reached: int
    open: int
    open_reached: int


def _arms(counted: Sequence[_Counted], splits: int, takes: bool) -> Iterator[Arm]:
    """All who entered, who was held out, then the arms in the order of their names, the one that gets nothing last.

    Where a playbook ``takes`` some of those who were not held out, the holdout holds others than them.
    """
    inside = [each for each in counted if not each.held]
    held = _sum("holdout", None, [each for each in counted if each.held])
    drawn_beside = None if takes else held
    yield _compared(_sum("entered", None, inside), drawn_beside)
    if held.entered or held.open:
        yield held
    arms = [each for each in inside if each.arm is not None]
    idle = _sum("arm_holdout", None, [each for each in arms if each.arm == HELD_OUT])
    against = _against(inside, idle, drawn_beside, splits)
    for each in arms:
        if each.arm != HELD_OUT:
            yield _compared(_sum("arm", each.arm, [each]), against)
    if idle.entered or idle.open:
        yield idle


def _against(inside: Sequence[_Counted], idle: Arm, held: Arm | None, splits: int) -> Arm | None:
    """Whom arms may be compared with, or None: those who met the same on the way to the split, and were drawn beside them.

    That is its own holdout. The playbook's will do where everybody who entered came to the split. Of several splits an entry
    knows only the last, to which those who had reached the goal did not come.
    """
    if splits > 1:
        return None
    if idle.entered:
        return idle
    return held if all(each.arm is not None or not each.entered for each in inside) else None


def _sum(kind: ArmKind, name: str | None, counted: Sequence[_Counted]) -> Arm:
    return Arm(
        kind, name, sum(each.entered for each in counted), sum(each.reached for each in counted),
        sum(each.open for each in counted), sum(each.open_reached for each in counted),
    )


def _compared(arm: Arm, other: Arm | None) -> Arm:
    rate, base = arm.rate, None if other is None else other.rate
    if rate is None or base is None:
        return arm
    return Arm(arm.kind, arm.name, arm.entered, arm.reached, arm.open, arm.open_reached, difference_of(rate, base))
