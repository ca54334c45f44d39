"""Moving members in flight from one version of a playbook to another: looked at first, then done in one transaction.

Each stands in front of the same next step as before; whose next step is gone stays, unless told otherwise. The instants
for which they wait, their entry, their arms and what they have received remain.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ...grammar.diagnostics import UsageError
from ..program.digest import encode, load_version, version_unit
from ..program.ir import Block, Playbook, Program, Trigger, WaitFor
from ..program.positions import ahead, place_of_step, same_place
from ..stores.sqlite.database import SqliteStore
from .blocks import block_numbers
from .context import Values

LATEST = "latest"
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class VersionInFlight:
    """A version of a playbook: when a run first saw it (None: none has yet), and how many are in flight on it."""

    version: str
    first_seen: int | None
    units: int
    latest: bool

    def to_json(self) -> dict[str, object]:
        """The version without the instant, which needs a zone."""
        return {"version": self.version, "members": self.units, "latest": self.latest}


@dataclass(frozen=True, slots=True)
class GoneStep:
    """What becomes of those whose next step is gone: they stay, they leave (``drop``), or stand before ``to_step``."""

    drop: bool = False
    to_step: str | None = None


STAY = GoneStep()


@dataclass(frozen=True, slots=True)
class Standing:
    """``units`` members or groups at one place: the ``step`` before which they stand (None: the end), and where they go.

    ``fate`` is ``moves`` (to stand before ``to_step``), ``stays`` on the old version, or ``leaves`` the playbook.
    """

    trigger: Trigger
    step: str | None
    units: int
    fate: Literal["moves", "stays", "leaves"]
    to_step: str | None
    place: tuple[int, int]
    to_place: tuple[int, int] | None
    waits_on: bool = False


@dataclass(frozen=True, slots=True)
class Migration:
    """What a migration does, or has done: ``standings`` in the order of blocks and positions."""

    playbook: str
    source: str
    target: str
    standings: tuple[Standing, ...]
    done: bool = False

    def units(self, fate: str) -> int:
        """How many meet a fate."""
        return sum(standing.units for standing in self.standings if standing.fate == fate)


def versions_of(store: SqliteStore, program: Program, playbook: str) -> tuple[VersionInFlight, ...]:
    """The versions of a playbook that members are in flight on, the oldest first, and last the one that is written now."""
    rows = store.connection.execute(_VERSIONS, {"playbook": playbook}).fetchall()
    newest = program.playbooks[playbook].version if playbook in program.playbooks else None
    found = [VersionInFlight(digest, seen, units, digest == newest) for digest, seen, units in rows]
    used = [version for version in found if version.units and not version.latest]
    if newest is None:
        return tuple(used)
    now = next((version for version in found if version.latest), VersionInFlight(newest, None, 0, latest=True))
    return (*used, now)


_VERSIONS = """
SELECT v.digest, v.first_seen, (SELECT count(*) FROM enrolments e WHERE e.version = v.version AND e.ended IS NULL)
FROM playbook_versions v WHERE v.playbook = :playbook ORDER BY v.version
"""


def migration_of(
    store: SqliteStore, program: Program, playbook: str, source: str, target: str = LATEST, gone: GoneStep = STAY
) -> Migration:
    """What moving the members of version ``source`` to ``target`` would do; versions are given by the start of their digests.

    Raises UsageError C241 for an unknown version, C242 for one that is not told apart, C243 where ``gone.to_step`` is no
    step of the target, C244 where both versions are one.
    """
    digests = {source: _digest(store, program, playbook, source), target: _digest(store, program, playbook, target)}
    new = _stored(store, program, playbook, digests[target])
    aside = None if gone.to_step is None else _before_step(_blocks(store, new), gone.to_step)
    if digests[source] == digests[target]:
        raise UsageError("C244", version=digests[source][:_SHOWN])
    old = _stored(store, program, playbook, digests[source])
    standings = tuple(_standings(store, old, new, gone.drop, aside))
    return Migration(playbook, digests[source], digests[target], standings)


def migrate(
    store: SqliteStore, program: Program, planned: Migration, gone: GoneStep, at: int, wall: str
) -> Migration:
    """Moves the members as they stand now, in one transaction; ``wall`` is the wall clock as text.

    The caller holds the run lock.
    """
    with store.transaction():
        now = migration_of(store, program, planned.playbook, planned.source, planned.target, gone)
        numbers: dict[str, int | str] = {
            "at": at, "playbook": now.playbook, "wall": wall,
            "source": _number(store, program, now.playbook, now.source, at),
            "target": _number(store, program, now.playbook, now.target, at),
        }
        (number,) = store.connection.execute("SELECT coalesce(max(migration), 0) + 1 FROM migrations").fetchone()
        store.connection.execute(_MIGRATION, {**numbers, "migration": number})
        for standing in now.standings:
            if standing.fate != "stays":
                _move(store, standing, {**numbers, "migration": number})
    return Migration(now.playbook, now.source, now.target, now.standings, done=True)


def _move(store: SqliteStore, standing: Standing, numbers: dict[str, int | str]) -> None:
    block, position = standing.place
    to_block, to_position = standing.to_place or (None, None)
    values: Values = {
        **numbers, "block": block, "position": position, "to_block": to_block, "to_position": to_position,
        "waits": standing.waits_on,
    }
    for statement in (_NOTE, _LEAVE if to_block is None else _STAND):
        store.connection.execute(statement, values)


_MIGRATION = "INSERT INTO migrations VALUES (:migration, :at, :playbook, :source, :target, :wall)"
_NOTE = """
INSERT INTO migrated
SELECT :migration, enrolment, block, position, :to_block, :to_position FROM enrolments
WHERE version = :source AND ended IS NULL AND block = :block AND position = :position
"""
_STAND = """
UPDATE enrolments SET version = :target, block = :to_block, position = :to_position,
  waited = CASE WHEN :waits THEN waited END, looked = CASE WHEN :waits THEN looked END, seen = CASE WHEN :waits THEN seen END
WHERE version = :source AND ended IS NULL AND block = :block AND position = :position
"""
_LEAVE = """
UPDATE enrolments SET ended = :at, why = 'dropped', due = NULL, position = NULL
WHERE version = :source AND ended IS NULL AND block = :block AND position = :position
"""


def _standings(
    store: SqliteStore, old: Playbook, new: Playbook, drop: bool, aside: tuple[int, int] | None
) -> Iterator[Standing]:
    """Where the members stand, and go; ``aside`` is the place of those whose next step is gone, who else ``drop`` or stay."""
    olds, news = _blocks(store, old), _blocks(store, new)
    rows = store.connection.execute(_STANDING, {"playbook": old.name, "digest": old.version}).fetchall()
    for number, position, units in rows:
        block = olds[number]
        step = ahead(block.code, position).step
        place = same_place(block.code, position, news[number].code) if number in news else None
        to = aside if place is None else (number, place)
        if to is not None:
            to_block = news[to[0]]
            waits = _waits_for(block, position) and _waits_for(to_block, to[1])
            ahead_there = ahead(to_block.code, to[1]).step
            yield Standing(block.trigger, step, units, "moves", ahead_there, (number, position), to, waits)
        else:
            fate: Literal["leaves", "stays"] = "leaves" if drop else "stays"
            yield Standing(block.trigger, step, units, fate, None, (number, position), None)


_STANDING = """
SELECT e.block, e.position, count(*) FROM enrolments e JOIN playbook_versions v ON v.version = e.version
WHERE v.playbook = :playbook AND v.digest = :digest AND e.ended IS NULL AND e.position IS NOT NULL
GROUP BY e.block, e.position ORDER BY e.block, e.position
"""


def _blocks(store: SqliteStore, playbook: Playbook) -> dict[int, Block]:
    return dict(zip(block_numbers(store.connection, playbook), playbook.blocks, strict=True))


def _before_step(blocks: dict[int, Block], step: str) -> tuple[int, int]:
    for number, block in blocks.items():
        place = place_of_step(block.code, step)
        if place is not None:
            return number, place
    known = sorted({ahead(block.code, at).step or "" for block in blocks.values() for at in range(len(block.code))} - {""})
    raise UsageError("C243", step=step, known=", ".join(known))


def _waits_for(block: Block, position: int) -> bool:
    return position < len(block.code) and isinstance(block.code[position], WaitFor)


def _digest(store: SqliteStore, program: Program, playbook: str, prefix: str) -> str:
    versions = versions_of(store, program, playbook)
    stored = [digest for (digest,) in store.connection.execute(_DIGESTS, {"playbook": playbook})]
    latest = [version.version for version in versions if version.latest]
    if prefix == LATEST and latest:
        return latest[0]
    found = sorted({digest for digest in (*stored, *latest) if prefix and digest.startswith(prefix)})
    if len(found) > 1:
        raise UsageError("C242", version=prefix, known=", ".join(digest[:_SHOWN] for digest in found))
    if not found:
        known = ", ".join(dict.fromkeys(version.version[:_SHOWN] for version in versions))
        raise UsageError("C241", version=prefix, playbook=playbook, known=known)
    return str(found[0])


_DIGESTS = "SELECT digest FROM playbook_versions WHERE playbook = :playbook ORDER BY version"


def _stored(store: SqliteStore, program: Program, playbook: str, digest: str) -> Playbook:
    newest = program.playbooks.get(playbook)
    if newest is not None and newest.version == digest:
        return newest
    (source,) = store.connection.execute(_SOURCE, {"playbook": playbook, "digest": digest}).fetchone()
    return load_version(source).playbook


_SOURCE = "SELECT source FROM playbook_versions WHERE playbook = :playbook AND digest = :digest"


def _number(store: SqliteStore, program: Program, playbook: str, digest: str, at: int) -> int:
    """The number of a version, which is kept if no run has seen it yet."""
    values: dict[str, int | str] = {"playbook": playbook, "digest": digest}
    row = store.connection.execute(_VERSION, values).fetchone()
    if row is None:
        source = encode(version_unit(program.playbooks[playbook], program.library))
        store.connection.execute(_KEEP, {**values, "source": source, "at": at})
        row = store.connection.execute(_VERSION, values).fetchone()
    return int(row[0])


_VERSION = "SELECT version FROM playbook_versions WHERE playbook = :playbook AND digest = :digest"
_KEEP = """
INSERT INTO playbook_versions (playbook, digest, source, first_seen) VALUES (:playbook, :digest, :source, :at)
"""
