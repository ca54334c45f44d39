"""Random worlds whose facts sit on the edges of windows.

Everything is drawn from a ``random.Random``, so that a seed gives one world; Hypothesis hands in its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from random import Random

from oracle import clock, vocabulary
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
    Value,
    World,
)
from qingting.engine.program import ir

# Zone and local day around which a world is built: ordinary days, days on which clocks change, ends of months.
PLACES = (
    ("Asia/Shanghai", date(2026, 11, 21)),
    ("UTC", date(2024, 2, 29)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Europe/London", date(2026, 3, 29)),
    ("Europe/London", date(2026, 10, 25)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("America/Havana", date(2026, 3, 8)),
    ("America/Sao_Paulo", date(2018, 11, 4)),
    ("Pacific/Apia", date(2011, 12, 31)),
    ("Asia/Shanghai", date(2026, 3, 31)),
    ("Asia/Kathmandu", date(2025, 12, 31)),
)
CLOCKS = ((0, 0), (1, 30), (2, 0), (2, 30), (3, 0), (9, 0), (20, 0), (23, 59))
KINDS_OF_FACT = ("attributes", "tags", "events", "points", "codes", "packets", "places", "friends")
OTHER_ZONES = ("Asia/Shanghai", "America/New_York", "Pacific/Kiritimati", "Australia/Lord_Howe")


@dataclass(frozen=True, slots=True)
class Coordinates:
    """The instant, the instant of the run, the last seq it sees, and the zone of the calendar."""

    t: int
    T: int
    mark: int
    zone: str


@dataclass(frozen=True, slots=True)
class Setting:
    """A world and the coordinates at which it is looked at.

    The declarations of tags (their expiries) changed after the seq ``change``.
    """

    world: World
    at: Coordinates
    change: int


def random_setting(rng: Random, least: int = 5, most: int = 25) -> Setting:
    """A world of ``least`` to ``most`` members around an instant, and that instant's coordinates."""
    zone, day = rng.choice(PLACES)
    hour, minute = rng.choice(CLOCKS)
    t = clock.instant_of(datetime(day.year, day.month, day.day, hour, minute), zone) + rng.choice((0, 0, -1, 1))
    late = rng.random() < 0.6
    now = t + rng.choice((1, ir.HOUR, 7 * ir.MINUTE)) if late else t
    world = random_world(rng, edges_of(t, zone), t, now, rng.randint(least, most))
    mark = world.last_seq
    if late and rng.random() < 0.5:
        mark = rng.randint(mark * 2 // 3, mark)
    change = rng.randint(0, world.last_seq)
    set_expiries(world, zone, change)
    return Setting(world, Coordinates(t, now, mark, zone), change)


def edges_of(t: int, zone: str) -> list[int]:
    """The instants that windows seen from t begin or end at, each a few times by its likelihood."""
    cutoffs = [ir.Cutoff(ir.CutoffKind.DAY, n) for n in (-60, -8, -7, -3, -2, -1, 0, 0, 1, 2, 4)]
    cutoffs += [ir.Cutoff(ir.CutoffKind.T, 0, plus) for plus in (0, 0, 0, -ir.MINUTE, -ir.HOUR, 3 * ir.DAY)]
    cutoffs += [ir.Cutoff(ir.CutoffKind.T, 0, -n * ir.DAY) for n in (1, 2, 3, 3, 7, 7, 30, 90)]
    cutoffs += [ir.Cutoff(ir.CutoffKind.MONTHS, n) for n in (-1, -2, 1)]
    cutoffs += [ir.Cutoff(kind, n) for kind in (ir.CutoffKind.WEEK, ir.CutoffKind.MONTH) for n in (-1, 0, 1)]
    cutoffs += [ir.Cutoff(ir.CutoffKind.MONTH_DAY, -1), ir.Cutoff(ir.CutoffKind.YEAR, 0)]
    return [clock.cutoff(edge, t, zone) for edge in cutoffs]


@dataclass(slots=True)
class _Maker:
    rng: Random
    edges: list[int]
    t: int
    T: int

    def instant(self) -> int:
        """An instant on or beside an edge."""
        return self.rng.choice(self.edges) + self.rng.choice((0, 0, 0, -1, 1, -ir.HOUR, 5 * ir.HOUR))

    def arrival(self, at: int) -> int:
        """When a fact of ``at`` arrived: mostly at once, sometimes around t and T, sometimes earlier."""
        if self.rng.random() < 0.75:
            return at
        return self.rng.choice((at + ir.HOUR, at - ir.DAY, self.t, self.t + 1, self.T, self.T + 1, self.T + ir.DAY))


def random_world(rng: Random, edges: list[int], t: int, now: int, members: int) -> World:
    """A world of some members with facts on the edges."""
    maker = _Maker(rng, edges, t, now)
    ids = list(vocabulary.IDS) + [f"m{number}" for number in range(members)]
    rng.shuffle(ids)
    found = [_member(maker, ids[number]) for number in range(members)]
    for member in found:
        _invite(maker, member, ids[:members])
        _hold(maker, member)
    groups = {f"g{number}": _names(maker, name) for number, name in enumerate(vocabulary.GROUPS)}
    return _number(rng, World(found, groups))


def _invite(maker: _Maker, member: Member, ids: list[str]) -> None:
    """Who brought a member, mostly one of the first few, and whence they came."""
    rng = maker.rng
    for name, values in (("inviter", ids[:4]), ("source", list(vocabulary.SOURCES))):
        for _ in range(rng.choice((0, 1, 1, 2))):
            at = maker.instant()
            value = None if rng.random() < 0.1 else rng.choice(values)
            member.attributes.append(AttributeFact(name, value, at, maker.arrival(at), 0))


def _hold(maker: _Maker, member: Member) -> None:
    """Coupons, red packets, groups and friends."""
    rng = maker.rng
    for number in range(rng.choice((0, 1, 2, 3))):
        code, coupon = f"{member.id}/{number}", rng.choice(vocabulary.COUPONS[:2])
        kinds = rng.choice((("issued",), ("issued",), ("reserved", "issued"), ("reserved",), ("issued", "used")))
        kinds += rng.choice(((), (), ("cancelled",), ("used",)))
        expires = maker.instant() if rng.random() < 0.7 else None
        for kind in kinds:
            at = maker.instant()
            ends = expires if kind in ("reserved", "issued") else None
            member.codes.append(CodeFact(code, coupon, kind, at, maker.arrival(at), 0, ends))
    for number in range(rng.choice((0, 0, 1, 2))):
        code, packet = f"{member.id}/r{number}", rng.choice(vocabulary.REDPACKETS)
        for kind in rng.choice((("reserved",), ("issued",), ("reserved", "issued"), ("reserved", "cancelled"))):
            at = maker.instant()
            member.packets.append(PacketFact(code, packet, kind, at, maker.arrival(at), 0))
    for number in range(len(vocabulary.GROUPS)):
        member.places += _places(maker, f"g{number}", rng.choice((0, 0, 1, 2)))
    for staff in vocabulary.STAFF:
        member.friends += _places(maker, staff, rng.choice((0, 0, 0, 1, 2)))


def _places(maker: _Maker, name: str, number: int) -> list[PlaceFact]:
    found = []
    for _ in range(number):
        at = maker.instant()
        found.append(PlaceFact(name, maker.rng.random() < 0.65, at, maker.arrival(at), 0))
    return found


def _names(maker: _Maker, name: str) -> list[NameFact]:
    """What a group is called, from long ago on or not before some instant, and now and then anew."""
    rng = maker.rng
    at = min(maker.edges) - ir.DAY if rng.random() < 0.6 else maker.instant()
    found = [NameFact(name, at, maker.arrival(at), 0)]
    if rng.random() < 0.3:
        at = maker.instant()
        found.append(NameFact(rng.choice(vocabulary.GROUPS), at, maker.arrival(at), 0))
    return found


def _member(maker: _Maker, member_id: str) -> Member:
    rng = maker.rng
    arrived = min(maker.edges) - ir.DAY
    if rng.random() < 0.25:
        arrived = rng.choice((maker.t - ir.DAY, maker.t, maker.t + 1, maker.T, maker.T + 1))
    member = Member(member_id, arrived, 0)
    for attribute in vocabulary.ATTRIBUTES:
        for _ in range(rng.choice((0, 1, 1, 2))):
            member.attributes.append(_attribute_fact(maker, attribute.name, attribute.type, attribute.choices))
        if member.attributes and rng.random() < 0.15:
            # Something else is said of the attribute at the instant of the fact before.
            same = _attribute_fact(maker, attribute.name, attribute.type, attribute.choices)
            member.attributes.append(replace(same, at=member.attributes[-1].at))
    if rng.random() < 0.7:
        member.attributes.append(_attribute_fact(maker, "joined", ir.ValueType.INSTANT, ()))
    if rng.random() < 0.5:
        at = min(maker.edges) - 1
        member.attributes.append(AttributeFact("timezone", rng.choice(OTHER_ZONES), at, at, 0))
    for tag in vocabulary.TAGS:
        if rng.random() < 0.5:
            member.tags.extend(_tag_facts(maker, tag))
    for _ in range(rng.choice((0, 2, 5, 9))):
        # Several events of one instant, now and then.
        same = member.events and rng.random() < 0.3
        member.events.append(_event(maker, rng.choice(member.events).at if same else maker.instant()))
    for _ in range(rng.choice((0, 0, 1, 3))):
        at = maker.instant()
        member.points.append(PointsFact(rng.choice((1, 5, -5, 500)), at, maker.arrival(at), 0))
    return member


def _attribute_fact(maker: _Maker, name: str, kind: ir.ValueType, choices: tuple[str, ...]) -> AttributeFact:
    at = min(maker.edges) - ir.HOUR if maker.rng.random() < 0.4 else maker.instant()
    value: Value = None
    if maker.rng.random() < 0.8:
        value = _value(maker, kind, choices)
    return AttributeFact(name, value, at, maker.arrival(at), 0)


def _value(maker: _Maker, kind: ir.ValueType, choices: tuple[str, ...] = ()) -> Value:
    if kind == ir.ValueType.INSTANT:
        return maker.instant()
    return maker.rng.choice(choices or tuple(v for v in vocabulary.sample_values(kind) if v != ""))


def _tag_facts(maker: _Maker, tag: str) -> list[TagFact]:
    facts = []
    for _ in range(maker.rng.choice((1, 1, 2, 3))):
        at = maker.instant()
        given = maker.rng.random() < 0.7
        facts.append(TagFact(tag, given, at, maker.arrival(at), 0))
    return facts


def _event(maker: _Maker, at: int) -> EventFact:
    rng = maker.rng
    event = rng.choice(vocabulary.EVENTS)
    subject = rng.choice(vocabulary.SUBJECTS) if rng.random() < 0.85 else None
    amount = rng.choice((-1177, 0, 999, 1000, 1001, 5000)) if rng.random() < 0.8 else None
    fields = []
    for field in event.fields:
        value = _value(maker, field.type) if rng.random() < 0.7 else None
        if value is not None:
            fields.append((field.name, value))
    return EventFact(event.name, at, maker.arrival(at), 0, subject, amount, tuple(fields))


def _number(rng: Random, world: World) -> World:
    """Gives everything its seq: by arrival, now and then in another order (a file may say when it arrived).

    Members come before their own facts, some of them behind the facts of others.
    """
    shuffled = rng.random() < 0.4
    queue: list[tuple[float, int, str, int]] = []
    for number, member in enumerate(world.members):
        known = rng.random() if rng.random() < 0.15 else 0.0
        queue.append((known, number, "", 0))
        facts = [
            (fact.arrived, kind, index) for kind in KINDS_OF_FACT for index, fact in enumerate(getattr(member, kind))
        ]
        facts.sort(key=lambda fact: fact[0])
        places = sorted(known + rng.random() * (1 - known) for _ in facts)
        if shuffled:
            rng.shuffle(places)
        queue += [(place, number, kind, index) for place, (_, kind, index) in zip(places, facts, strict=True)]
    behind = _number_groups(world)
    for seq, (_, number, kind, index) in enumerate(sorted(queue), start=behind + 1):
        member = world.members[number]
        if not kind:
            member.seq = seq
        else:
            found = getattr(member, kind)
            found[index] = replace(found[index], seq=seq)
    _number_names(world)
    return world


def _number_groups(world: World) -> int:
    """Staff and groups come first of all and have a number each; gives the last."""
    return len(vocabulary.STAFF) + len(world.groups)


def _number_names(world: World) -> None:
    """What groups are called comes last."""
    seq = world.last_seq
    for names in world.groups.values():
        for index, fact in enumerate(names):
            seq += 1
            names[index] = replace(fact, seq=seq)


def set_expiries(world: World, zone: str, change: int) -> None:
    """Gives tags their expiry: by the first declarations up to the seq ``change``, by the second ones after it."""
    for member in world.members:
        for index, fact in enumerate(member.tags):
            declared = vocabulary.expiries(fact.seq <= change).get(fact.tag)
            if fact.given and declared is not None:
                member.tags[index] = replace(fact, expires=clock.add_duration(fact.at, declared, zone))


def random_pushes(rng: Random, setting: Setting) -> None:
    """Adds pushes that earlier runs decided for the members, each known to later ones."""
    t, zone = setting.at.t, setting.at.zone
    edges = sorted(edge for edge in edges_of(t, zone) if edge <= setting.at.T)
    for member in setting.world.members:
        for _ in range(rng.choice((0, 1, 3))):
            at = rng.choice(edges) + rng.choice((0, 0, 1, -1))
            arrived = at - rng.choice((0, 0, ir.HOUR))
            member.pushes.append(
                PushRecord(
                    rng.choice(vocabulary.PLAYBOOKS),
                    rng.choice(vocabulary.STEPS),
                    rng.choice(vocabulary.TEMPLATES),
                    rng.choice(vocabulary.CHANNELS),
                    rng.choice(("marketing", "marketing", "service")),
                    at,
                    arrived,
                    0,
                    rng.random() < 0.15,
                )
            )
