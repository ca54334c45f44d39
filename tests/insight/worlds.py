"""Random worlds in which nothing is yet to come, in a store, for asking what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from oracle import vocabulary
from oracle.cases import Case
from oracle.model import World
from oracle.store import Numbers, entries_of, pseudo_random, with_expiries, write_entry, write_pushes
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.engine.stores.sqlite.facts import write_facts

_KINDS = ("attributes", "tags", "events", "points", "codes", "packets", "places", "friends", "pushes")


@contextmanager
def store_of(case: Case, folder: Path) -> Iterator[SqliteStore]:
    """A store with the world of a case as it was at its t: what happens later is left out."""
    world = case.setting.world
    _end(world, case.setting.at.t)
    path = folder / "world.db"
    path.unlink(missing_ok=True)
    store = SqliteStore.create(path, at=0, random_bytes=pseudo_random("store"))
    zone, units = case.setting.at.zone, dict[str, int]()
    with write_facts(store, case.library, zone=zone, random_bytes=pseudo_random("facts")) as writer:
        staff = {name: writer.add_staff(name, arrived=0) for name in vocabulary.STAFF}
        groups = {name: writer.add_group(name, arrived=0) for name in world.groups}
        for name, facts in world.groups.items():
            for fact in facts:
                writer.add_group_fact(groups[name], "name", fact.name, at=fact.at, arrived=fact.arrived)
    # Expiries are those declared when a tag was given.
    for first in (True, False):
        declared = with_expiries(case.library, first)
        with write_facts(store, declared, zone=zone, random_bytes=pseudo_random(f"members/{first}")) as writer:
            for entry in entries_of(world):
                if (entry.seq <= case.setting.change) == first:
                    write_entry(writer, entry, Numbers(units, groups, staff))
    write_pushes(store, world, units)
    try:
        yield store
    finally:
        store.close()
        for file in folder.glob(path.name + "*"):
            file.unlink()


def _end(world: World, t: int) -> None:
    for member in world.members:
        for kind in _KINDS:
            facts = getattr(member, kind)
            facts[:] = [fact for fact in facts if fact.at <= t]
