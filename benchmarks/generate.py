"""Makes a member store of a chosen size with a fixed seed: about 20 events and 6 tags a member over 180 days.

    python benchmarks/generate.py 100000 /tmp/shop.db

Rows go straight into the tables, facts and what is maintained from them alike, since the store's own writer checks
what cannot be wrong here. Tags and subjects are distributed by Zipf's law.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
from bisect import bisect
from collections.abc import Iterator
from hashlib import sha256
from itertools import accumulate
from pathlib import Path
from random import Random
from time import perf_counter

from qingting.engine.log.notary import LogNotary
from qingting.engine.program.clock import local_to_instant, naive_micros
from qingting.engine.program.ir import DAY, Attribute, Event, Library, Tag, ValueType
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.engine.stores.sqlite.indexes import ensure_attribute_indexes
from qingting.engine.stores.sqlite.maintenance import ensure_event_indexes

ZONE = "Asia/Shanghai"
DAYS = 180
TAGS = 300
SUBJECTS = 500
TAGS_EACH = 6
EVENTS_EACH = 20
EVENTS = ("点击", "下单", "分享", "签到")
SHARES = (0.35, 0.15, 0.15, 0.35)
CITIES = ("上海", "北京", "杭州", "成都", "广州", "深圳", "西安", "武汉")
OPEN = 2**63 - 1


def notary(path: Path) -> LogNotary:
    """What signs the log of a store, with key and fence beside it."""
    return LogNotary(path.parent, path.with_suffix(".fence").name, "qingting.log", os.urandom)


def now() -> int:
    """The instant at which the generated store ends: a Saturday evening in Shanghai."""
    from datetime import datetime

    return local_to_instant(naive_micros(datetime(2026, 11, 21, 20)), ZONE)


def tag_name(rank: int) -> str:
    """The name of the tag of a rank; 0 is the most frequent."""
    return f"标签{rank:03}"


def subject_name(rank: int) -> str:
    """The subject of a rank; 0 is the most frequent. One in ten is about cats."""
    return f"{'猫' if rank % 10 == 7 else '商'}品{rank:03}"


LIBRARY = Library(
    attributes={
        "id": Attribute("id", ValueType.TEXT),
        "points": Attribute("points", ValueType.NUMBER),
        "城市": Attribute("城市", ValueType.TEXT),
        "生日": Attribute("生日", ValueType.DATE),
        "joined": Attribute("joined", ValueType.INSTANT),
    },
    events={name: Event(name) for name in EVENTS},
    tags={tag_name(rank): Tag(tag_name(rank)) for rank in range(TAGS)},
    tag_groups={},
    segments={},
    metrics={},
    templates={},
    coupons={},
)


class Zipf:
    """Ranks below ``count`` with probability in proportion to 1 / (rank + 1)."""

    def __init__(self, count: int) -> None:
        self.bounds = list(accumulate(1 / (rank + 1) for rank in range(count)))

    def draw(self, number: float) -> int:
        """The rank of a number in [0, 1)."""
        return bisect(self.bounds, number * self.bounds[-1])


def generate(path: Path, members: int, seed: int = 20261121) -> SqliteStore:
    """A new store at ``path``; anything there is replaced."""
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    store = SqliteStore.create(path, at=now() - DAY, random_bytes=lambda count: sha256(b"store").digest()[:count])
    store.connection.execute("PRAGMA synchronous = OFF")
    store.declare(LIBRARY)
    with store.transaction() as connection:
        Filler(store, connection, members, Random(seed)).fill()
    return store


class Filler:
    """Fills an empty store, one kind of rows after the other."""

    def __init__(self, store: SqliteStore, connection: sqlite3.Connection, members: int, rng: Random) -> None:
        self.store, self.connection, self.members, self.rng = store, connection, members, rng
        self.end = now()
        self.start = self.end - DAYS * DAY
        self.seq = 0

    def fill(self) -> None:
        """Writes everything and notes the extents."""
        for relation in (self.fill_members, self.fill_attributes, self.fill_points, self.fill_tags, self.fill_events):
            relation()
        for number in self.store.events().values():
            ensure_event_indexes(self.connection, number)
        for number in self.store.attributes().values():
            ensure_attribute_indexes(self.connection, number)
        for statement in EXTENTS:
            self.connection.execute(statement)
        self.store.take_seqs(self.seq + 1)

    def next(self) -> int:
        """The next arrival number."""
        self.seq += 1
        return self.seq

    def insert(self, table: str, columns: int, rows: Iterator[tuple[object, ...]]) -> None:
        """Inserts rows in the order of the table's columns."""
        places = ", ".join("?" * columns)
        self.connection.executemany(f"INSERT INTO {table} VALUES ({places})", rows)

    def fill_members(self) -> None:
        """The members with the present values of their attributes."""
        numbers = self.store.attributes()
        order = sorted(numbers, key=lambda name: numbers[name])
        random = self.rng.random

        def rows() -> Iterator[tuple[object, ...]]:
            for unit in range(1, self.members + 1):
                born = (
                    19_500_000 + int(random() * 55) * 10_000 + (1 + int(random() * 12)) * 100 + 1 + int(random() * 28)
                )
                values = {
                    "城市": CITIES[int(random() * len(CITIES))] if random() < 0.8 else None,
                    "生日": born if random() < 0.7 else None,
                    "joined": self.start - int(random() * 500) * DAY + int(random() * DAY),
                }
                points = int(random() ** 3 * 4000)
                yield (
                    unit,
                    f"u{unit}",
                    unit.to_bytes(16, "big"),
                    self.start,
                    self.next(),
                    points,
                    *(values[name] for name in order),
                )

        self.insert("members", 6 + len(order), rows())

    def fill_attributes(self) -> None:
        """One fact for each present value."""
        for number in self.store.attributes().values():
            self.connection.execute(
                f"INSERT INTO attribute_facts SELECT ? + unit, unit, ?, a{number}, ?, ?, NULL, 0 FROM members"
                f" WHERE a{number} IS NOT NULL",
                (self.seq, number, self.start, self.start),
            )
            self.seq += self.members

    def fill_points(self) -> None:
        """One entry of the ledger for each member."""
        self.connection.execute(
            "INSERT INTO points SELECT ? + unit, unit, points, 'x', ?, ?, NULL, 0 FROM members",
            (self.seq, self.start, self.start),
        )
        self.seq += self.members

    def fill_tags(self) -> None:
        """Gains, some of them taken again or expired, and the intervals that follow."""
        zipf, random = Zipf(TAGS), self.rng.random
        numbers = self.store.tags()
        tags = [numbers[tag_name(rank)] for rank in range(TAGS)]
        self.connection.execute("CREATE TEMP TABLE intervals (tag, unit, since, until, seq)")

        def rows() -> Iterator[tuple[object, ...]]:
            for unit in range(1, self.members + 1):
                for tag in {tags[zipf.draw(random())] for _ in range(1 + int(random() * 2 * TAGS_EACH))}:
                    since = self.start + int(random() * DAYS) * DAY
                    yield tag, unit, since, since + 30 * DAY if random() < 0.1 else OPEN, self.next()

        self.insert("intervals", 5, rows())
        self.connection.execute("INSERT INTO member_tags SELECT * FROM intervals ORDER BY tag, unit")
        self.connection.execute(
            "INSERT INTO tag_facts SELECT seq, unit, tag, 1, since, since, NULLIF(until, ?), NULL, 0 FROM intervals",
            (OPEN,),
        )
        self.connection.execute("DROP TABLE intervals")

    def fill_events(self) -> None:
        """What members did; everything arrives when it happens."""
        zipf, random = Zipf(SUBJECTS), self.rng.random
        numbers = self.store.events()
        types = [numbers[name] for name in EVENTS]
        order = types[1]
        bounds = list(accumulate(SHARES))

        def rows() -> Iterator[tuple[object, ...]]:
            for unit in range(1, self.members + 1):
                # Some members do much, most do little.
                for _ in range(int(random() ** 2 * 3 * EVENTS_EACH) + 1):
                    kind = types[bisect(bounds, random() * bounds[-1])]
                    at = self.start + int(random() * DAYS * DAY)
                    amount = 100 + int(random() ** 2 * 40_000) if kind == order else None
                    seq = self.next()
                    yield seq, f"e{seq}", kind, unit, at, at, subject_name(zipf.draw(random())), amount, 0

        self.insert("events", 9, rows())


def _extent(relation: str, key: str, table: str, units: str = "COUNT(DISTINCT unit)") -> str:
    bounds = f"COUNT(*), {units}, MIN(at), MAX(at), MAX(arrived), MAX(seq)"
    return f"INSERT INTO extents SELECT '{relation}', {key}, {bounds} FROM {table} GROUP BY 2"


EXTENTS = (
    _extent("attribute", "attribute", "attribute_facts"),
    _extent("tag", "tag", "tag_facts"),
    _extent("event", "type", "events", "COUNT(*)"),
    _extent("points", "0", "points"),
    _extent("member", "0", "(SELECT arrived AS at, * FROM members)", "COUNT(*)"),
)


def main() -> None:
    """Reads the command line and makes a store."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("members", type=int)
    parser.add_argument("path", type=Path)
    arguments = parser.parse_args()
    began = perf_counter()
    generate(arguments.path, arguments.members).close()
    print(f"{arguments.members} members in {perf_counter() - began:.1f} s, {arguments.path.stat().st_size >> 20} MB")


if __name__ == "__main__":
    main()
