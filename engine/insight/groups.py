"""One group as an evaluation sees it: the clauses of ``for groups`` with the values seen, and its draws."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace

from sqlglot import exp

from ..program.clock import iso
from ..program.ir import Always, GroupAudience
from ..program.words.headers import group_audience_words
from ..program.words.rules import holdout_words
from ..query.compile import Compiler
from ..query.draws import draw, threshold
from ..query.groups import boundaries_of, group_parts
from ..query.sql import column, eq, number, select_from, table
from .answers import Node, Shown
from .asked import Asked, Rule
from .view import FRAME, View

_GROUP = "one"


def group_tree(audience: GroupAudience, view: View, lang: str) -> Node:
    """Whether the group of a view is of an audience, and which of its clauses are true."""
    clauses = tuple(_clause(clause, view, lang) for clause in _clauses(audience))
    return Node(group_audience_words(audience, lang), all(node.true for node in clauses), None, clauses)


def no_member(audience: GroupAudience, lang: str) -> Node:
    """An audience of groups, of which no member is."""
    return Node(group_audience_words(audience, lang), False)


def _clauses(audience: GroupAudience) -> Iterator[GroupAudience]:
    for asked in fields(GroupAudience):
        if getattr(audience, asked.name) is not None:
            yield replace(GroupAudience(), **{asked.name: getattr(audience, asked.name)})


def _clause(clause: GroupAudience, view: View, lang: str) -> Node:
    def build(compiler: Compiler) -> list[exp.Query]:
        own = eq(column("unit", _GROUP), number(view.unit))
        test = group_parts(compiler.builder, clause, _GROUP, FRAME)
        return [
            select_from([number(1)], table("groups", _GROUP), [own, *test]),
            select_from([_value(compiler, clause)], table("groups", _GROUP), [own]),
        ]

    *true, (value,) = view.rows(boundaries_of(clause) or Always(True), build)
    shown: Shown = value
    if clause.created is not None and value is not None:
        shown = iso(int(value), view.zone)
    return Node(group_audience_words(clause, lang), bool(true), shown)


def _value(compiler: Compiler, clause: GroupAudience) -> exp.Expression:
    """What a clause looks at: the name, the instant of creation, the number of members; nothing of tags."""
    relations, t = compiler.relations, column("t", FRAME)
    if clause.pattern is not None:
        return relations.group_said("name", _GROUP, "v", t)
    if clause.created is not None:
        return relations.group_said("created", _GROUP, "v", t)
    return relations.group_members(_GROUP, "v", t) if clause.at_least is not None else exp.null()


def group_holdout(asked: Asked) -> Iterator[Rule]:
    """The playbook's own control group; that of the policy holds members."""
    parts = asked.playbook.holdout
    if parts and asked.playbook.groups is not None:
        sql = "SELECT id FROM groups WHERE unit = ?"
        ((name,),) = asked.view.store.connection.execute(sql, (asked.view.unit,))
        held = draw("holdout:" + asked.playbook.name, name) < threshold(parts)
        yield Rule("holdout", Node(holdout_words(parts, asked.lang), held))
