"""Audiences of groups at any (t, T, mark) against a plain reading of the facts, one group at a time."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest
from qingting.engine.program.ir import DAY, Always, Cutoff, CutoffKind, GroupAudience, TextPattern, Window
from qingting.engine.query.compile import Compiler
from qingting.engine.query.frame_table import FrameTable
from qingting.engine.query.frames import FramePlan
from qingting.engine.query.groups import boundaries_of, group_probe, select_groups
from qingting.engine.query.sql import column, cross, narrowed, select_from, table
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.engine.stores.sqlite.facts import write_facts
from qingting.engine.stores.sqlite.relations import SqliteRelations
from sampling import sampled
from stores.support import LIBRARY, NOW, ZONE, counted_bytes, new_store

KINDS, MEMBERS = ("name", "created", "tag", "member"), ("u1", "u2", "u3")
GROUPS, FACTS = 30, 400
RECENT = Window(Cutoff(CutoffKind.T, 0, 1 - 20 * DAY), Cutoff(CutoffKind.T, 0, 1))
LAST_MONTH = Window(Cutoff(CutoffKind.MONTH, -1), Cutoff(CutoffKind.MONTH, 0))
AUDIENCES = (
    GroupAudience(TextPattern("福利", True)), GroupAudience(TextPattern("福利一")), GroupAudience(TextPattern("", True)),
    GroupAudience(tag=TextPattern("plain")), GroupAudience(tag=TextPattern("short")), GroupAudience(tag=TextPattern("", True)),
    GroupAudience(at_least=1), GroupAudience(at_least=2), GroupAudience(created=RECENT), GroupAudience(created=LAST_MONTH),
    GroupAudience(TextPattern("福利", True), TextPattern("", True), 1),
    GroupAudience(TextPattern("福利", True), None, 1, RECENT),
)


def instant(random: Random) -> int:
    """One of ten instants, ten days apart."""
    return NOW + 10 * random.randrange(10) * DAY


@dataclass(frozen=True)
class Seen:
    """What an evaluation sees; ``rows`` are all rows of the tables of facts by table."""

    rows: dict[str, list[dict[str, Any]]]
    t: int
    at: int
    mark: int

    def latest(self, name: str, **which: object) -> dict[str, Any] | None:
        """The latest fact about something that is seen, by (at, seq)."""
        found = [
            row for row in self.rows[name]
            if row["at"] <= self.t and row["arrived"] <= self.at and row["seq"] <= self.mark
            and all(row[key] == value for key, value in which.items())
        ]
        return max(found, key=lambda row: (row["at"], row["seq"]), default=None)

    def fits(self, group: dict[str, Any], audience: GroupAudience) -> bool:
        """Whether a group is of an audience."""
        if group["arrived"] > min(self.t, self.at) or group["seq"] > self.mark:
            return False
        unit, pattern, tag = group["unit"], audience.pattern, audience.tag
        said = self.latest("group_facts", unit=unit, property="name")
        name = (said["value"] if said else None) or group["id"]
        size = sum(self.holds("group_member_facts", grp=unit, unit=member["unit"]) for member in self.rows["members"])
        held = [one["name"] for one in self.rows["tags"] if self.holds("group_tag_facts", unit=unit, tag=one["tag"])]
        created = self.latest("group_facts", unit=unit, property="created")
        return (
            (pattern is None or pattern.matches(name))
            and (tag is None or any(map(tag.matches, held)))
            and (audience.at_least is None or size >= audience.at_least)
            and (audience.created is None or self.inside(audience.created, created["value"] if created else None))
        )

    def holds(self, name: str, **which: object) -> bool:
        """Whether the latest fact gave something that has not expired."""
        fact = self.latest(name, **which)
        return fact is not None and bool(fact["given"]) and self.t < (fact.get("expires") or self.t + 1)

    def inside(self, window: Window, instant: int | None) -> bool:
        """Whether an instant lies in a window; one that is unknown lies in none."""
        low, high = FramePlan.of([], LIBRARY, [window.low, window.high]).values(self.t, ZONE) if window is LAST_MONTH else (
            self.t - 20 * DAY + 1, self.t + 1
        )
        return instant is not None and low <= instant < high


def fill(folder: Path, arrivals: list[int], told: list[tuple[str, int, int, int, int]]) -> SqliteStore:
    """A store in which groups arrive and facts are told of them, in this order."""
    store = new_store(folder)
    with write_facts(store, LIBRARY, zone=ZONE, random_bytes=counted_bytes) as writer:
        members = [writer.add_member(member, arrived=NOW - DAY) for member in MEMBERS]
        groups = [writer.add_group(f"g{number}", arrived=at) for number, at in enumerate(arrivals)]
        for kind, place, what, at, arrived in told:
            group, when = groups[place], {"at": at, "arrived": arrived}
            if kind == "name":
                writer.add_group_fact(group, "name", (None, "福利一", "福利二", "闲聊")[what], **when)
            elif kind == "created":
                writer.add_group_fact(group, "created", (None, NOW, NOW + 25 * DAY, NOW + 45 * DAY)[what], **when)
            elif kind == "tag":
                writer.add_group_tag(group, ("plain", "short", "A", "short")[what], **when)
            else:
                writer.add_group_member(group, members[what % 3], given=what != 3, **when)
    return store


def rows_of(store: SqliteStore) -> dict[str, list[dict[str, Any]]]:
    names = ("groups", "members", "tags", "group_facts", "group_tag_facts", "group_member_facts")
    found = {}
    for name in names:
        cursor = store.connection.execute(f"SELECT * FROM {name}")
        heads = [head[0] for head in cursor.description]
        found[name] = [dict(zip(heads, row, strict=True)) for row in cursor]
    return found


def asked(store: SqliteStore, audience: GroupAudience, seen: Seen) -> tuple[list[int], list[int]]:
    """The groups found, and those of which the probe is true."""
    plan = FramePlan.of([boundaries_of(audience) or Always(True)], LIBRARY)
    frames = FrameTable(plan, "sqlite", lambda sql, values: store.connection.execute(sql, values).fetchall())
    frames.create()
    frames.add(1, seen.t, ZONE)
    answers = []
    for probing in (False, True):
        compiler = Compiler(LIBRARY, SqliteRelations(store, seen.at, seen.mark, seen.t, seen.t), plan)
        query = select_groups(compiler.builder, audience, 1)
        if probing:
            test = group_probe(compiler.builder, audience, column("unit", "own"), "f")
            units = cross(select_from([column("unit", "own")], table("groups", "own"), []), table("frames", "f"))
            query = narrowed(units, [test])
        answers.append(sorted(u for (u,) in store.connection.execute(query.sql("sqlite"), compiler.parameters.values)))
    frames.drop()
    return answers[0], answers[1]


@pytest.mark.parametrize("seed", sampled(3, [1, 2, 3]))
def test_audiences_are_what_the_facts_say(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    told = [
        (random.choice(KINDS), random.randrange(GROUPS), random.randrange(4), instant(random), instant(random))
        for _ in range(FACTS)
    ]
    met = set()
    with fill(tmp_path, [instant(random) for _ in range(GROUPS)], told) as store:
        rows = rows_of(store)
        for audience in AUDIENCES:
            for unseen in (0, 0, FACTS // 3):
                seen = Seen(rows, instant(random), instant(random), store.last_seq - unseen)
                expected = sorted(group["unit"] for group in rows["groups"] if seen.fits(group, audience))
                assert asked(store, audience, seen) == (expected, expected), (audience, seen.t, seen.at, seen.mark)
                met.add(bool(expected))
    assert met == {True, False}
