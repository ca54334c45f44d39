"""Names as they may be shown where anybody may look on."""

from __future__ import annotations

import sqlite3

_STARS = "**"


def masked(name: object) -> str:
    """A name by its first character alone; nothing of what is no text.

    >>> masked("张小丽"), masked(""), masked(None)
    ('张**', '**', '**')
    """
    return (name[:1] if isinstance(name, str) else "") + _STARS


def name_column(connection: sqlite3.Connection) -> str | None:
    """The column of ``members`` with their names, as they are now; None where no name was ever imported."""
    row = connection.execute("SELECT attribute FROM main.attributes WHERE name = 'name'").fetchone()
    return None if row is None else f"a{row[0]}"
