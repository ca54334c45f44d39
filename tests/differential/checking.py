"""Compares the compiler with the oracle, case by case."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import Random

from differential.asking import Asker
from differential.backends import Backend, SqliteBackend
from oracle.cases import Case, existing, members_of
from oracle.conditions import exists, holds
from oracle.model import Member
from oracle.store import build_store
from oracle.worlds import OTHER_ZONES, Coordinates
from qingting.engine.program import ir
from qingting.engine.stores.sqlite.database import SqliteStore

_numbers = count(1)


@dataclass(eq=False)
class Disagreement(AssertionError):
    """The compiler and the oracle name different members."""

    shape: str
    condition: ir.Condition
    at: Coordinates
    missing: tuple[Member, ...]
    excess: tuple[Member, ...]

    def __str__(self) -> str:
        lines = [f"{self.shape}: {self.condition}", f"at {self.at}"]
        lines += [f"missing {member}" for member in self.missing[:1]]
        lines += [f"excess {member}" for member in self.excess[:1]]
        return "\n".join(lines)


@contextmanager
def stored(case: Case, folder: Path) -> Iterator[SqliteStore]:
    """A store that holds the world of a case."""
    setting = case.setting
    path = folder / f"world{next(_numbers)}.db"
    store = build_store(path, setting.world, case.library, setting.at.zone, setting.change)
    try:
        yield store
    finally:
        store.close()
        for file in folder.glob(path.name + "*"):
            file.unlink()


def check_case(case: Case, folder: Path, backend: Callable[[SqliteStore], Backend] = SqliteBackend) -> None:
    """Asks every question of a case in both shapes; raises :class:`Disagreement`."""
    setting = case.setting
    conditions = [question.condition for question in case.questions]
    with stored(case, folder) as store:
        asker = Asker(backend(store), case.library, conditions, [(setting.at.t, setting.at.zone)], setting.at)
        found = asker.as_set(ir.Always(True))
        compare(case, ir.Always(True), "existing", found, existing(setting))
        frames = {asker.units[name]: 1 for name in sorted(found)}
        for condition in conditions:
            wanted = members_of(condition, setting, case.library)
            compare(case, condition, "set", asker.as_set(condition), wanted)
            compare(case, condition, "probe", asker.as_probe(condition, frames), wanted)


def check_frames(case: Case, folder: Path, rng: Random) -> None:
    """Asks about members who each have a frame of their own, by different instants and zones."""
    setting = case.setting
    t, zone = setting.at.t, setting.at.zone
    other = rng.choice([name for name in OTHER_ZONES if name != zone])
    frames = [(t, zone), (t - ir.DAY, zone), (t, other), (t - 7 * ir.HOUR, other)]
    conditions = [question.condition for question in case.questions]
    members = {m.id: m for m in setting.world.members if exists(m, t - ir.DAY, setting.at.T, setting.at.mark)}
    with stored(case, folder) as store:
        asker = Asker(SqliteBackend(store), case.library, conditions, frames, setting.at)
        units = {asker.units[name]: rng.randrange(len(frames)) for name in sorted(members)}
        names = {unit: name for name, unit in asker.units.items()}
        for condition in conditions:
            wanted = set()
            for unit, number in units.items():
                member = members[names[unit]]
                at, where = frames[number]
                if holds(condition, setting.world, member, at, setting.at.T, setting.at.mark, where, case.library):
                    wanted.add(member.id)
            got = asker.as_probe(condition, {unit: number + 1 for unit, number in units.items()})
            compare(case, condition, f"frames {[(names[u], frames[n]) for u, n in units.items()]}", got, wanted)


def compare(case: Case, condition: ir.Condition, shape: str, got: set[str], wanted: set[str]) -> None:
    """Raises :class:`Disagreement` unless the same members were found."""
    if got != wanted:
        members = sorted(case.setting.world.members, key=lambda member: member.id)
        missing = tuple(member for member in members if member.id in wanted - got)
        excess = tuple(member for member in members if member.id in got - wanted)
        raise Disagreement(shape, condition, case.setting.at, missing, excess)
