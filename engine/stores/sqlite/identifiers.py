"""Names of tables and columns inside statements, which SQL cannot bind as parameters."""

from __future__ import annotations

import re
from functools import lru_cache
from string import Template

_NAMES = re.compile(r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?(, [a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?)*|[0-9, ]+")


def with_names(statement: str, **names: str) -> str:
    """Return ``statement`` with ``$name`` replaced by table or column names, or by interned numbers.

    Several stand with commas. Anything but plain names and numbers raises ValueError, so that no value can get in.

    >>> with_names("SELECT $columns FROM events WHERE type = $number", columns="unit, f1", number="3")
    'SELECT unit, f1 FROM events WHERE type = 3'
    """
    return _put_in(statement, tuple(names.items()))


@lru_cache(maxsize=2048)
def _put_in(statement: str, names: tuple[tuple[str, str], ...]) -> str:
    """The statement with its names; kept, since the same few hundred are asked for at every import and run."""
    for _, name in names:
        if not _NAMES.fullmatch(name):
            raise ValueError(name)
    return Template(statement).substitute(dict(names))
