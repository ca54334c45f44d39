"""What is coming besides the schedules: the journeys that go on at an instant known already, and what only a look finds."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from ..program.digest import load_version
from ..program.ir import (
    CouponExpires,
    MarkReached,
    Playbook,
    Program,
    SegmentCrossed,
    TagLost,
    TierMoves,
    WaitFor,
)
from ..program.positions import ahead
from .blocks import block_numbers


@dataclass(frozen=True, slots=True)
class JourneysDue:
    """``units`` members or groups who go on at ``at``, all in front of the same ``step`` (None: the end)."""

    at: int
    playbook: str
    step: str | None
    units: int


def journeys_due(
    connection: sqlite3.Connection, playbooks: Iterable[str], after: int, until: int | None, count: int | None
) -> Iterator[JourneysDue]:
    """The instants in (after, until] at which members inside ``playbooks`` go on, ascending; about ``count`` at most."""
    values = {
        "names": json.dumps(sorted(playbooks)), "after": after, "until": until, "count": -1 if count is None else count,
    }
    for due, name, version, block, position, units in connection.execute(_DUE, values).fetchall():
        yield JourneysDue(due, name, _step_at(connection, version, block, position), units)


_DUE = """
SELECT due, playbook, version, block, position, count(*) FROM enrolments
WHERE ended IS NULL AND due > :after AND (:until IS NULL OR due <= :until)
  AND playbook IN (SELECT value FROM json_each(:names))
GROUP BY due, playbook, version, block, position ORDER BY due, playbook, block, position, version LIMIT :count
"""


def next_journey(connection: sqlite3.Connection, playbooks: Iterable[str], after: int) -> int | None:
    """The first instant later than ``after`` at which somebody inside ``playbooks`` goes on."""
    row = connection.execute(_FIRST, {"names": json.dumps(sorted(playbooks)), "after": after}).fetchone()
    return None if row is None else int(row[0])


_FIRST = """
SELECT due FROM enrolments
WHERE ended IS NULL AND due > :after AND playbook IN (SELECT value FROM json_each(:names)) ORDER BY due LIMIT 1
"""


def _step_at(connection: sqlite3.Connection, version: int, block: int, position: int | None) -> str | None:
    (source,) = connection.execute("SELECT source FROM playbook_versions WHERE version = ?", (version,)).fetchone()
    playbook = _version(source)
    numbers = block_numbers(connection, playbook)
    if position is None or block not in numbers:
        return None
    return ahead(playbook.blocks[numbers.index(block)].code, position).step


@lru_cache(maxsize=32)
def _version(source: str) -> Playbook:
    return load_version(source).playbook


def member_zones(connection: sqlite3.Connection) -> list[str]:
    """Every zone that the store has heard of for a member."""
    return [zone for (zone,) in connection.execute(_ZONES)]


_ZONES = """
SELECT DISTINCT f.value FROM attribute_facts f JOIN attributes a ON a.attribute = f.attribute
WHERE a.name = 'timezone' AND f.value IS NOT NULL
"""


def needs_looking(connection: sqlite3.Connection, program: Program, now: int) -> bool:
    """Whether something may come about by the mere passing of time at an instant that is not known beforehand.

    That is so where a playbook asks for what is true of a member by and by, and where facts lie ahead of ``now``.
    """
    if any(_looks(playbook) for playbook in program.playbooks.values() if playbook.state == "live"):
        return True
    row = connection.execute("SELECT EXISTS (SELECT 1 FROM extents WHERE max_at > ? OR max_arrived > ?)", (now, now))
    return bool(row.fetchone()[0])


_LOOKED_FOR = (SegmentCrossed, MarkReached, TierMoves, TagLost, CouponExpires)


def _looks(playbook: Playbook) -> bool:
    if playbook.goal is not None or playbook.exit is not None or starts_by_looks(playbook):
        return True
    return any(isinstance(i, WaitFor) for block in playbook.blocks for i in block.code)


def starts_by_looks(playbook: Playbook) -> bool:
    """Whether a block begins for whom something has become true by and by, which a run finds only as it looks."""
    return any(isinstance(block.trigger, _LOOKED_FOR) for block in playbook.blocks)
