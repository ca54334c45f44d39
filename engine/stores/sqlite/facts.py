"""Writing facts in bulk: rows go in by batches, and what is maintained from them follows as sets at the end."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType

from ...program import ir
from ...program.clock import add_duration
from .database import SqliteStore
from .identifiers import with_names
from .maintenance import close_exclusive, exclusive_groups, maintain

BATCH = 10_000
PSEUDONYM_BYTES = 16
_HIGHEST = (
    # What an erased member left behind must not become somebody else's.
    "SELECT MAX((SELECT COALESCE(MAX(unit), 0) FROM members), (SELECT COALESCE(MAX(unit), 0) FROM erasures))",
    "SELECT COALESCE(MAX(unit), 0) FROM groups",
    "SELECT COALESCE(MAX(staff), 0) FROM staff",
)
Value = int | str | None

_SAID = ("at", "arrived", "cause", "backfilled")
# What is written into each table, those first that others refer to; events also have a column for each field.
_COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "members": ("unit", "id", "pseudonym", "arrived", "seq"),
    "groups": ("unit", "id", "pseudonym", "name", "arrived", "seq", "backfilled"),
    "staff": ("staff", "id", "arrived", "seq"),
    "attribute_facts": ("seq", "unit", "attribute", "value", *_SAID),
    "tag_facts": ("seq", "unit", "tag", "given", "at", "arrived", "expires", "cause", "backfilled"),
    "events": ("seq", "id", "type", "unit", "at", "arrived", "subject", "amount", "backfilled"),
    "points": ("seq", "unit", "delta", "reason", *_SAID),
    "coupon_facts": ("seq", "code", "coupon", "unit", "kind", "at", "arrived", "expires", "cause", "backfilled"),
    "redpacket_facts": ("seq", "code", "redpacket", "unit", "kind", "amount", "at", "arrived", "cause"),
    "group_facts": ("seq", "unit", "property", "value", *_SAID),
    "staff_facts": ("seq", "unit", "property", "value", *_SAID),
    "group_tag_facts": ("seq", "unit", "tag", "expires", "given", *_SAID),
    "group_member_facts": ("seq", "grp", "unit", "given", *_SAID),
    "friendship_facts": ("seq", "unit", "staff", "given", *_SAID),
})


@dataclass(slots=True)
class _Buffer:
    """Rows that wait to be inserted into one table."""

    insert: str
    rows: list[tuple[object, ...]] = field(default_factory=list)

    def flush(self, connection: sqlite3.Connection) -> None:
        if self.rows:
            connection.executemany(self.insert, self.rows)
            self.rows.clear()


def _insert(table: str, columns: tuple[str, ...]) -> _Buffer:
    head = with_names("INSERT INTO $table ($columns) VALUES ", table=table, columns=", ".join(columns))
    return _Buffer(head + "(" + ", ".join("?" * len(columns)) + ")")


@contextmanager
def write_facts(
    store: SqliteStore, library: ir.Library, *, zone: str, random_bytes: Callable[[int], bytes]
) -> Iterator[FactWriter]:
    """A write transaction with a :class:`FactWriter`; what is maintained is up to date when it commits.

    The names of ``library`` are interned first. ``zone`` is that of calendar months in expiries.
    """
    with store.transaction():
        store.declare(library)
        writer = FactWriter(store, library, zone=zone, random_bytes=random_bytes)
        yield writer
        writer.finish()


class FactWriter:
    """Appends facts in the order of arrival, inside a write transaction.

    Names must be declared in the store, units are what :meth:`add_member` returned or the store knows. Values are in
    the units of ``ir``. ``arrived`` is ``at`` for backfilled facts. Nothing is compared with what is there.
    """

    def __init__(
        self, store: SqliteStore, library: ir.Library, *, zone: str, random_bytes: Callable[[int], bytes]
    ) -> None:
        self._store = store
        self._connection = store.connection
        self._library = library
        self._zone = zone
        self._random_bytes = random_bytes
        self._attributes, self._fields = store.attributes(), store.fields()
        self._events, self._tags, self._coupons = store.events(), store.tags(), store.coupons()
        self._redpackets = store.redpackets()
        self.first = self._next = store.next_seq
        self._unit, self._group, self._staff = (self._highest(query) for query in _HIGHEST)
        self._waiting = 0
        self._backfilled = False
        self._buffers()

    def _buffers(self) -> None:
        fields = tuple(f"f{number:d}" for number in self._fields.values())
        self._places = {name: place for place, name in enumerate(self._fields)}
        self._rows = {
            table: _insert(table, columns + fields if table == "events" else columns)
            for table, columns in _COLUMNS.items()
        }

    def _highest(self, query: str) -> int:
        return int(self._connection.execute(query).fetchone()[0])

    def take(self, count: int) -> range:
        """The next ``count`` arrival numbers, for facts written beside this writer."""
        first = self._next
        self._next += count
        return range(first, first + count)

    def add_member(self, member: str, *, arrived: int) -> int:
        """Add a member by outside id, which the store must not know, with a random pseudonym; return the unit."""
        self._unit += 1
        row = (self._unit, member, self._random_bytes(PSEUDONYM_BYTES), arrived, self._next)
        self._append("members", row)
        return self._unit

    def add_attribute(self, unit: int, name: str, value: Value, *, at: int, arrived: int) -> int:
        """Add the fact that an attribute has ``value`` from ``at`` on (None: unknown); return its arrival number."""
        row = (self._next, unit, self._attributes[name], value, at, arrived, None, 0)
        return self._append("attribute_facts", row)

    def add_tag(
        self, unit: int, tag: str, *, at: int, arrived: int, given: bool = True, backfilled: bool = False
    ) -> int:
        """Add the fact that a tag is given (or taken) at ``at``; its expiry follows from the declaration."""
        expires = self.expiry(tag, at) if given else None
        self._backfilled = self._backfilled or backfilled
        row = (self._next, unit, self._tags[tag], int(given), at, arrived, expires, None, int(backfilled))
        return self._append("tag_facts", row)

    def add_event(
        self, event: str, event_type: str, unit: int, *, at: int, arrived: int, subject: str | None = None,
        amount: int | None = None, fields: Mapping[str, Value] | None = None, backfilled: bool = False,
    ) -> int:
        """Add an event by its outside id, which the store must not know; ``amount`` in cents."""
        places: list[Value] = [None] * len(self._places)
        for name, value in (fields or {}).items():
            places[self._places[name]] = value
        head = (self._next, event, self._events[event_type], unit, at, arrived, subject, amount, int(backfilled))
        return self._append("events", (*head, *places))

    def add_points(self, unit: int, delta: int, reason: str, *, at: int, arrived: int) -> int:
        """Add an entry of the ledger, in whole points."""
        row = (self._next, unit, delta, reason, at, arrived, None, 0)
        return self._append("points", row)

    def add_coupon(
        self, code: str, coupon: str, unit: int, kind: str, *, at: int, arrived: int, expires: int | None = None,
        backfilled: bool = False,
    ) -> int:
        """Add what happened to a coupon's code: ``reserved``, ``issued``, ``used`` or ``cancelled``."""
        row = (self._next, code, self._coupons[coupon], unit, kind, at, arrived, expires, None, int(backfilled))
        return self._append("coupon_facts", row)

    def add_redpacket(
        self, code: str, redpacket: str, unit: int, kind: str, amount: int, *, at: int, arrived: int,
        cause: int | None = None,
    ) -> int:
        """Add what happened to a red packet of ``amount`` cents: ``reserved``, ``issued`` or ``cancelled``."""
        row = (self._next, code, self._redpackets[redpacket], unit, kind, amount, at, arrived, cause)
        return self._append("redpacket_facts", row)

    def add_group(self, group: str, *, arrived: int, backfilled: bool = False) -> int:
        """Add a customer group by outside id, which the store must not know; return its unit."""
        self._group += 1
        row = (self._group, group, self._random_bytes(PSEUDONYM_BYTES), group, arrived, self._next, int(backfilled))
        self._append("groups", row)
        return self._group

    def add_staff(self, staff: str, *, arrived: int) -> int:
        """Add a staff member by outside id, whom the store must not know; return the number."""
        self._staff += 1
        self._append("staff", (self._staff, staff, arrived, self._next))
        return self._staff

    def add_group_fact(
        self, group: int, prop: str, value: Value, *, at: int, arrived: int, backfilled: bool = False
    ) -> int:
        """Add the fact that ``name``, ``owner`` or ``created`` of a group is ``value`` from ``at`` on."""
        row = (self._next, group, prop, value, at, arrived, None, int(backfilled))
        return self._append("group_facts", row)

    def add_staff_fact(
        self, staff: int, prop: str, value: Value, *, at: int, arrived: int, backfilled: bool = False
    ) -> int:
        """Add the fact that ``name`` or ``manager`` of a staff member is ``value`` from ``at`` on."""
        row = (self._next, staff, prop, value, at, arrived, None, int(backfilled))
        return self._append("staff_facts", row)

    def add_group_tag(self, group: int, tag: str, *, at: int, arrived: int) -> int:
        """Add the fact that a group is given a tag at ``at``."""
        row = (self._next, group, self._tags[tag], self.expiry(tag, at), 1, at, arrived, None, 0)
        return self._append("group_tag_facts", row)

    def add_group_member(self, group: int, unit: int, *, at: int, arrived: int, given: bool = True) -> int:
        """Add the fact that a member joins (or leaves) a group at ``at``."""
        row = (self._next, group, unit, int(given), at, arrived, None, 0)
        return self._append("group_member_facts", row)

    def add_friendship(
        self, unit: int, staff: int, *, at: int, arrived: int, given: bool = True, cause: int | None = None
    ) -> int:
        """Add the fact that a friendship with a staff member begins (or ends) at ``at``."""
        row = (self._next, unit, staff, int(given), at, arrived, cause, 0)
        return self._append("friendship_facts", row)

    def expiry(self, tag: str, at: int) -> int | None:
        """When a tag gained at ``at`` expires by its declaration, None for never."""
        declared = self._library.tags.get(tag)
        if declared is None or declared.expires is None:
            return None
        return add_duration(at, declared.expires, self._zone)

    def flush(self) -> None:
        """Hand all waiting rows to the store."""
        for buffer in self._rows.values():
            buffer.flush(self._connection)
        self._waiting = 0

    def finish(self, *, backfilled: bool | None = None) -> None:
        """Write what is left, close exclusive groups, maintain the rest, and give the arrival numbers out.

        ``backfilled`` marks the facts by which exclusive groups close; without it they are if a tag of this writer is.
        """
        self.flush()
        flag = self._backfilled if backfilled is None else backfilled
        exclusive = exclusive_groups(self._library, self._tags)
        for facts in ("tag_facts", "group_tag_facts"):
            close_exclusive(self._connection, self.first, exclusive, self.take, flag, facts)
        if self._next == self.first:
            return
        maintain(self._connection, self.first)
        self._store.take_seqs(self._next - self.first)

    def _append(self, table: str, row: tuple[object, ...]) -> int:
        seq = self._next
        self._next += 1
        self._rows[table].rows.append(row)
        self._waiting += 1
        if self._waiting >= BATCH:
            self.flush()
        return seq
