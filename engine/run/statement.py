"""Fixed SQL texts with open places: an identifier of the text stands for an expression that is put in later."""

from __future__ import annotations

from functools import lru_cache

import sqlglot
from sqlglot import exp


def fill(text: str, **places: exp.Expression) -> str:
    """The statement with every column named like a place replaced by that place's expression.

    >>> fill("SELECT 1 WHERE x >= low", low=exp.column("c0", "f"))
    'SELECT 1 WHERE x >= f.c0'
    """
    return _filled(text, places).sql("sqlite")


def parsed(text: str, **places: exp.Expression) -> exp.Select:
    """The same for a select, as a tree."""
    tree = _filled(text, places)
    assert isinstance(tree, exp.Select)
    return tree


def _filled(text: str, places: dict[str, exp.Expression]) -> exp.Expression:
    tree = _parse(text).copy()
    for column in list(tree.find_all(exp.Column)):
        if column.name in places and not column.table:
            column.replace(places[column.name].copy())
    return tree


@lru_cache(maxsize=256)
def _parse(text: str) -> exp.Expression:
    return sqlglot.parse_one(text, read="sqlite")
