"""The indexes by which members are found from their attributes; those of events stand with the upkeep of events."""

from __future__ import annotations

import sqlite3

from ...program.ir import ValueType
from .identifiers import with_names

# Anniversaries ask for the month and day of yyyymmdd.
ATTRIBUTE_INDEXES: dict[ValueType, tuple[tuple[str, str], ...]] = {
    ValueType.DATE: (("value", "$value"), ("day", "$value % 10000")),
    ValueType.LUNAR_DATE: (("value", "$value"),),
    ValueType.INSTANT: (("value", "$value"),),
}
# Whom a member invited is asked of the others.
ASKED_OF_OTHERS = frozenset({"inviter"})


def ensure_attribute_indexes(connection: sqlite3.Connection, attribute: int) -> None:
    """Make the indexes by which members are found from a date, an instant or their inviter, unless they are there."""
    query = "SELECT type, name FROM attributes WHERE attribute = ?"
    kind, name = connection.execute(query, (attribute,)).fetchone()
    indexes = ATTRIBUTE_INDEXES.get(ValueType(kind), ())
    if name in ASKED_OF_OTHERS:
        indexes = (("value", "$value"),)
        create = "CREATE INDEX IF NOT EXISTS $name ON attribute_facts (value, unit) WHERE attribute = $number"
        connection.execute(with_names(create, name=f"attribute_facts_{attribute:d}", number=f"{attribute:d}"))
    for suffix, value in indexes:
        statement = f"CREATE INDEX IF NOT EXISTS $name ON members ({value})"
        connection.execute(with_names(statement, name=f"members_{attribute:d}_{suffix}", value=f"a{attribute:d}"))
