"""Writes a world into a member store, fact by fact in the order of seq, through the store's own bulk writer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from oracle import vocabulary
from oracle.model import (
    AttributeFact,
    CodeFact,
    EventFact,
    Member,
    NameFact,
    PacketFact,
    PlaceFact,
    PointsFact,
    PushRecord,
    TagFact,
    World,
)
from qingting.engine.program import ir
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.engine.stores.sqlite.facts import FactWriter, write_facts


def pseudo_random(seed: str) -> Callable[[int], bytes]:
    """A source of bytes that depends on a seed alone."""
    calls = 0

    def take(count: int) -> bytes:
        nonlocal calls
        calls += 1
        return sha256(f"{seed}/{calls}".encode()).digest()[:count]

    return take


Fact = AttributeFact | TagFact | EventFact | PointsFact | CodeFact | PacketFact


@dataclass(frozen=True, slots=True)
class Friendship:
    """That a member became, or ceased to be, a friend of a staff member."""

    fact: PlaceFact

    @property
    def seq(self) -> int:
        """The place in the order of arrival."""
        return self.fact.seq


@dataclass(frozen=True, slots=True)
class Entry:
    """A member, or a fact of a member."""

    member: Member
    fact: Fact | PlaceFact | Friendship | None

    @property
    def seq(self) -> int:
        """The place in the order of arrival."""
        return self.member.seq if self.fact is None else self.fact.seq


def entries_of(world: World) -> list[Entry]:
    """Everything a world's store was told, in the order of arrival."""
    found = []
    for member in world.members:
        found += [Entry(member, None), *(Entry(member, fact) for fact in member.attributes)]
        found += [Entry(member, fact) for fact in member.tags] + [Entry(member, fact) for fact in member.events]
        found += [Entry(member, fact) for fact in (*member.points, *member.codes, *member.packets, *member.places)]
        found += [Entry(member, Friendship(fact)) for fact in member.friends]
    return sorted(found, key=lambda entry: entry.seq)


def with_expiries(library: ir.Library, first: bool) -> ir.Library:
    """The library with the tags as they were declared before or after the change."""
    lives = vocabulary.expiries(first)
    tags = {name: ir.Tag(name, tag.group, lives.get(name)) for name, tag in library.tags.items()}
    return replace(library, tags=tags)


def build_store(path: Path, world: World, library: ir.Library, zone: str, change: int) -> SqliteStore:
    """A new store that holds a world; its tags were declared anew after the seq ``change``."""
    store = SqliteStore.create(path, at=0, random_bytes=pseudo_random("store"))
    entries = entries_of(world)
    units: dict[str, int] = {}
    with write_facts(store, library, zone=zone, random_bytes=pseudo_random("groups")) as writer:
        staff = {name: writer.add_staff(name, arrived=0) for name in vocabulary.STAFF if world.groups}
        groups = {name: writer.add_group(name, arrived=0) for name in world.groups}
    for first in (True, False):
        part = [entry for entry in entries if (entry.seq <= change) == first]
        if part:
            declared = with_expiries(library, first)
            with write_facts(store, declared, zone=zone, random_bytes=pseudo_random(f"members/{first}")) as writer:
                write_entries(writer, part, Numbers(units, groups, staff))
    if world.groups:
        with write_facts(store, library, zone=zone, random_bytes=pseudo_random("names")) as writer:
            for name, facts in world.groups.items():
                for fact in facts:
                    _write_name(writer, groups[name], fact)
    write_pushes(store, world, units)
    return store


@dataclass(frozen=True, slots=True)
class Numbers:
    """The units of members, which grow, and those of groups and staff."""

    units: dict[str, int]
    groups: dict[str, int] = field(default_factory=dict)
    staff: dict[str, int] = field(default_factory=dict)


def _write_name(writer: FactWriter, group: int, fact: NameFact) -> None:
    seq = writer.add_group_fact(group, "name", fact.name, at=fact.at, arrived=fact.arrived)
    assert seq == fact.seq, (seq, fact)


def write_entries(writer: FactWriter, entries: Iterable[Entry], numbers: Numbers) -> None:
    """Writes entries, whose facts get the seqs that they have in the world."""
    for entry in entries:
        seq = write_entry(writer, entry, numbers)
        assert seq in (None, entry.seq), (seq, entry)


def write_entry(writer: FactWriter, entry: Entry, numbers: Numbers) -> int | None:
    """Writes an entry and gives the seq of its fact; ``numbers`` knows the members and learns a new one."""
    member = entry.member
    if entry.fact is None:
        numbers.units[member.id] = writer.add_member(member.id, arrived=member.arrived)
        return None
    unit = numbers.units[member.id]
    match entry.fact:
        case PlaceFact(name=name, given=given, at=at, arrived=arrived):
            return writer.add_group_member(numbers.groups[name], unit, at=at, arrived=arrived, given=given)
        case Friendship(fact=PlaceFact(name=name, given=given, at=at, arrived=arrived)):
            return writer.add_friendship(unit, numbers.staff[name], at=at, arrived=arrived, given=given)
        case fact:
            return _write_fact(writer, unit, fact)


def _write_fact(writer: FactWriter, unit: int, fact: Fact) -> int:
    at, arrived = fact.at, fact.arrived
    match fact:
        case CodeFact(code=code, coupon=coupon, kind=kind, expires=expires):
            return writer.add_coupon(code, coupon, unit, kind, at=at, arrived=arrived, expires=expires)
        case PacketFact(code=code, redpacket=packet, kind=kind):
            return writer.add_redpacket(code, packet, unit, kind, 100, at=at, arrived=arrived)
        case AttributeFact(attribute=name, value=value):
            return writer.add_attribute(unit, name, value, at=at, arrived=arrived)
        case TagFact(tag=tag, given=given, backfilled=backfilled):
            return writer.add_tag(unit, tag, at=at, arrived=arrived, given=given, backfilled=backfilled)
        case PointsFact(delta=delta):
            return writer.add_points(unit, delta, "test", at=at, arrived=arrived)
        case EventFact():
            return writer.add_event(
                f"e{fact.seq}",
                fact.event,
                unit,
                at=at,
                arrived=arrived,
                subject=fact.subject,
                amount=fact.amount,
                fields=dict(fact.fields),
            )


def write_pushes(store: SqliteStore, world: World, units: dict[str, int]) -> None:
    """Writes the pushes of a world into the log: one run, occurrence and header for each."""
    pushes = [(member, push) for member in world.members for push in member.pushes]
    with store.transaction() as connection:
        for number, (member, push) in enumerate(pushes, start=1):
            for sql, values in _rows_of(number, units[member.id], push):
                connection.execute(sql, values)
        connection.execute("UPDATE meta SET value = ? WHERE key = 'leaves'", (2 * len(pushes),))


def _rows_of(number: int, unit: int, push: PushRecord) -> list[tuple[str, tuple[object, ...]]]:
    digest = sha256(push.template.encode()).hexdigest()
    run = (number, f"run{number}", push.arrived, push.seq, push.seq, "", 0, 0, "", "{}", 0)
    content = f"{push.template}@{digest}"
    named = (number, 0, push.category, "push", push.channel, content, "{}", None, "queued", None)
    leaf = 2 * number
    dispatch = (leaf, number, number, number, 0, unit, push.at, push.seq, push.at, b"", b"")
    rows: list[tuple[str, tuple[object, ...]]] = [
        (_insert("runs", 11), run),
        (_insert("playbook_versions", 5), (number, push.playbook, f"v{number}", "", 0)),
        (_insert("occurrences", 4), (number, push.playbook, f"o{number}", push.at)),
        ("INSERT OR IGNORE INTO steps (playbook, name) VALUES (?, ?)", (push.playbook, push.step)),
    ]
    step = "(SELECT step FROM steps WHERE playbook = ? AND name = ?)"
    key = (push.playbook, push.step)
    places = ", ".join("?" * 5)
    insert_header = f"INSERT INTO headers VALUES ({places}, {step}, {', '.join('?' * 10)})"
    insert_dispatch = f"INSERT INTO dispatches VALUES (?, ?, ?, {step}, {', '.join('?' * 7)})"
    rows.append((insert_header, (number, b"", b"", number, number, *key, *named)))
    rows.append((insert_dispatch, (*dispatch[:3], *key, *dispatch[4:])))
    if push.lost:
        outcome = ("failed", "refused", "withdrawn")[number % 3]
        lost = (leaf + 1, leaf, push.arrived, 1, outcome, None, 2, None, push.seq, b"")
        rows.append((_insert("deliveries", 10), lost))
    return rows


def _insert(table: str, columns: int) -> str:
    return f"INSERT INTO {table} VALUES ({', '.join('?' * columns)})"
