"""Fixed SQL texts with open places: a name in a text stands for an expression or a table that is put in later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import sqlglot
from sqlglot import exp


@dataclass(frozen=True, slots=True)
class Part:
    """A fixed text to put into a place; it may have places itself, which are filled with it."""

    text: str


Place = exp.Expr | Part


def fill(text: str, **places: Place) -> str:
    """The statement with every column or table named like a place replaced by what belongs there; kept by its places.

    A table keeps its alias, or takes the place's name as one; a select is put in as a subquery.

    >>> fill("SELECT 1 FROM s WHERE x >= low", low=exp.column("c0", "f"))
    'SELECT 1 FROM s WHERE x >= f.c0'
    >>> fill("SELECT count(*) FROM found", found=Part("SELECT unit FROM members WHERE chosen"), chosen=Part("a OR b"))
    'SELECT COUNT(*) FROM (SELECT unit FROM members WHERE a OR b) AS found'
    """
    return _kept(text, tuple(places.items()))


def fill_once(text: str, **places: Place) -> str:
    """The same for expressions that are made for this statement alone: not kept, and used up."""
    return _filled(text, places, used_up=True).sql("sqlite", copy=False)


def parsed(text: str) -> exp.Select:
    """A fixed select as a tree."""
    tree = _parsed(text).copy()
    assert isinstance(tree, exp.Select)
    return tree


@lru_cache(maxsize=512)
def _kept(text: str, places: tuple[tuple[str, Place], ...]) -> str:
    return _filled(text, dict(places), used_up=False).sql("sqlite", copy=False)


def _filled(text: str, places: Mapping[str, Place], *, used_up: bool) -> exp.Expr:
    tree = _parsed(text).copy()
    for name in list(tree.find_all(exp.Column, exp.Table)):
        place = places.get(name.name)
        if place is None or name.args.get("table") or name.args.get("db"):
            continue
        if isinstance(place, Part):
            put = _filled(place.text, places, used_up=used_up)
        else:
            put = place if used_up and place.parent is None else place.copy()
        filled = _as_table(put, name) if isinstance(name, exp.Table) else _as_operand(put, name)
        if name is tree:
            return filled
        name.replace(filled)
    return tree


def _as_table(put: exp.Expr, name: exp.Table) -> exp.Expr:
    alias = exp.TableAlias(this=exp.to_identifier(name.alias_or_name))
    if isinstance(put, exp.Table):
        put.set("alias", alias)
        return put
    return exp.Subquery(this=put, alias=alias)


def _as_operand(put: exp.Expr, name: exp.Expr) -> exp.Expr:
    if isinstance(put, exp.Select | exp.SetOperation):
        return exp.Subquery(this=put)
    inside = isinstance(name.parent, exp.Binary | exp.Unary)
    return exp.Paren(this=put) if inside and isinstance(put, exp.Binary) else put


@lru_cache(maxsize=512)
def _parsed(text: str) -> exp.Expr:
    return sqlglot.parse_one(text, read="sqlite")
