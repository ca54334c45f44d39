"""Interned names: attributes, fields, event types, tags, coupons and red packets by number.

Looking a name up never writes; a name that the store has not met has no number.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from ....grammar.diagnostics import CannotRun
from ...program.ir import Library, ValueType
from .identifiers import with_names

# These built-in attributes are not facts: two are columns of members, the tier follows from others.
NOT_FACTS = frozenset({"id", "points", "tier"})


@dataclass(frozen=True, slots=True)
class NameTable:
    """A table of interned names: its name and the column with the number."""

    table: str
    number: str

    def numbers(self, connection: sqlite3.Connection) -> Mapping[str, int]:
        """Every name with its number."""
        return dict(connection.execute(self._sql("SELECT name, $number FROM $table")))

    def number_of(self, connection: sqlite3.Connection, name: str) -> int | None:
        """The number of ``name``, None where the store has not met it."""
        row = connection.execute(self._sql("SELECT $number FROM $table WHERE name = ?"), (name,)).fetchone()
        return None if row is None else int(row[0])

    def intern(self, connection: sqlite3.Connection, name: str) -> int:
        """The number of ``name``, given now if it had none."""
        number = self.number_of(connection, name)
        if number is None:
            number = connection.execute(self._sql("INSERT INTO $table (name) VALUES (?)"), (name,)).lastrowid
        assert number is not None
        return number

    def _sql(self, statement: str) -> str:
        return with_names(statement, table=self.table, number=self.number)


@dataclass(frozen=True, slots=True)
class ColumnTable:
    """A table of interned names with types, each of which has a column ``prefix<number>`` in ``owner``."""

    names: NameTable
    owner: str
    prefix: str

    def intern(self, connection: sqlite3.Connection, name: str, value_type: ValueType) -> int:
        """The number of ``name``; a new one gets its column.

        Raises CannotRun where the store holds values of another type under the name.
        """
        number = self.names.number_of(connection, name)
        if number is None:
            return self._add(connection, name, value_type)
        self._retype(connection, name, number, value_type)
        return number

    def _add(self, connection: sqlite3.Connection, name: str, value_type: ValueType) -> int:
        insert = with_names("INSERT INTO $table (name, type) VALUES (?, ?)", table=self.names.table)
        number = connection.execute(insert, (name, value_type.value)).lastrowid
        assert number is not None
        # Without a declared type SQLite converts nothing, so that text stays text.
        add = "ALTER TABLE $owner ADD COLUMN $column"
        connection.execute(with_names(add, owner=self.owner, column=f"{self.prefix}{number}"))
        return number

    def _retype(self, connection: sqlite3.Connection, name: str, number: int, value_type: ValueType) -> None:
        tables = {"table": self.names.table, "number": self.names.number}
        query = with_names("SELECT type FROM $table WHERE $number = ?", **tables)
        (stored,) = connection.execute(query, (number,)).fetchone()
        if stored == value_type.value:
            return
        if self._has_values(connection, number):
            raise CannotRun("S311", name=name, stored=stored, declared=value_type.value)
        change = with_names("UPDATE $table SET type = ? WHERE $number = ?", **tables)
        connection.execute(change, (value_type.value, number))

    def _has_values(self, connection: sqlite3.Connection, number: int) -> bool:
        if self.owner == "members":
            query, values = "SELECT 1 FROM attribute_facts WHERE attribute = ? LIMIT 1", (number,)
            return connection.execute(query, values).fetchone() is not None
        query = "SELECT 1 FROM $owner WHERE $column IS NOT NULL LIMIT 1"
        query = with_names(query, owner=self.owner, column=f"{self.prefix}{number}")
        return connection.execute(query).fetchone() is not None


EVENT_TYPES = NameTable("event_types", "type")
TAGS = NameTable("tags", "tag")
COUPONS = NameTable("coupon_kinds", "coupon")
REDPACKETS = NameTable("redpacket_kinds", "redpacket")
ATTRIBUTES = ColumnTable(NameTable("attributes", "attribute"), "members", "a")
FIELDS = ColumnTable(NameTable("fields", "field"), "events", "f")


def declare(connection: sqlite3.Connection, library: Library) -> None:
    """Intern every name of ``library``, in code-point order of the names; inside a write transaction."""
    for attribute_name in sorted(library.attributes.keys() - NOT_FACTS):
        ATTRIBUTES.intern(connection, attribute_name, library.attributes[attribute_name].type)
    for event_name in sorted(library.events):
        EVENT_TYPES.intern(connection, event_name)
        for field in library.events[event_name].fields:
            FIELDS.intern(connection, field.name, field.type)
    for tag_name in sorted(library.tags):
        TAGS.intern(connection, tag_name)
    for coupon_name in sorted(library.coupons):
        COUPONS.intern(connection, coupon_name)
    for redpacket_name in sorted(library.redpackets):
        REDPACKETS.intern(connection, redpacket_name)
