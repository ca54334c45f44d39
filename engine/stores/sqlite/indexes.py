"""The indexes by which members are found from their attributes; those of events stand with the upkeep of events."""

from __future__ import annotations

import sqlite3

from ...program.ir import ValueType
from .identifiers import with_names

# Anniversaries ask for the month and day of yyyymmdd.
ATTRIBUTE_INDEXES = {
    ValueType.DATE: (("value", "$value"), ("day", "$value % 10000")),
    ValueType.LUNAR_DATE: (("value", "$value"),),
    ValueType.INSTANT: (("value", "$value"),),
}


def ensure_attribute_indexes(connection: sqlite3.Connection, attribute: int) -> None:
    """Make the indexes by which members are found from a date or an instant, unless they are there."""
    (kind,) = connection.execute("SELECT type FROM attributes WHERE attribute = ?", (attribute,)).fetchone()
    for suffix, value in ATTRIBUTE_INDEXES.get(ValueType(kind), ()):
        statement = f"CREATE INDEX IF NOT EXISTS $name ON members ({value})"
        connection.execute(with_names(statement, name=f"members_{attribute:d}_{suffix}", value=f"a{attribute:d}"))
