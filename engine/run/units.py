"""Kinds of units: what may be before a block is a member or a group, and each kind has its table.

A flow holds units of one kind only. Every statement that needs the row of a unit (its outside id, its pseudonym) is
written once, with ``$units`` in the place of the table, and taken by the kind at work.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ..stores.sqlite.identifiers import with_names

MEMBER = 0
GROUP = 1
_TABLES = ((MEMBER, "members"), (GROUP, "groups"))


def by_kind(statement: str) -> Mapping[int, str]:
    """The statement for each kind of unit; ``$units`` is the table with ``unit``, ``id``, ``pseudonym`` and ``arrived``.

    >>> by_kind("SELECT id FROM $units")[GROUP]
    'SELECT id FROM groups'
    """
    return MappingProxyType({kind: with_names(statement, units=table) for kind, table in _TABLES})
