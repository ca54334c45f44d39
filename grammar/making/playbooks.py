"""Playbooks of the syntax tree: header lines, audiences, and blocks with their triggers and steps."""

from __future__ import annotations

from ..statements import Statement
from ..syntax import (
    AudienceLine,
    Block,
    Declaration,
    GroupAudienceLine,
    Header,
    Pattern,
    PlaybookDecl,
    ReentryLine,
    ScheduleLimits,
    Trigger,
    Window,
)
from .headers import REENTRY, make_header, make_reentry
from .library import make_line_condition, tell_twice
from .schedules import make_schedule
from .steps import make_steps
from .triggers import make_happening
from .values import Maker, Tree, span, tokens, trees
from .windows import make_window

MAX_GROUP = 1_000_000


def make_playbook(maker: Maker, statement: Statement, tree: Tree) -> Declaration:
    """A playbook with all its lines."""
    lines: list[Header] = []
    audiences: list[AudienceLine | GroupAudienceLine] = []
    blocks: list[Block] = []
    for child in statement.children:
        if child.tree is None:
            continue
        inner = trees(child.tree)[0]
        if inner.data == "audience":
            condition = make_line_condition(maker, child, trees(inner)[0])
            audiences.append(AudienceLine(condition, span(inner) | condition.span))
        elif inner.data == "group_audience":
            audiences.append(_groups(maker, inner))
        elif inner.data == "block":
            blocks.append(_block(maker, child, inner))
        else:
            lines.append(make_header(maker, child, inner))
    return PlaybookDecl(maker.title(trees(tree)[0]), tuple(lines), tuple(audiences), tuple(blocks), statement.span)


def _groups(maker: Maker, tree: Tree) -> GroupAudienceLine:
    """Which customer groups; each clause once."""
    named: Pattern | None = None
    tag: Pattern | None = None
    at_least: int | None = None
    created: Window | None = None
    seen: set[str] = set()
    for clause in trees(tree):
        rule = str(clause.data)
        if rule in seen:
            tell_twice(maker, clause)
        elif rule == "groups_named":
            named = maker.pattern(trees(clause)[0])
        elif rule == "groups_tagged":
            tag = maker.pattern(trees(clause)[0])
        elif rule == "groups_of":
            at_least = maker.whole(tokens(clause)[1], 1, MAX_GROUP)
        else:
            created = make_window(maker, trees(clause)[0])
        seen.add(rule)
    return GroupAudienceLine(named, tag, at_least, created, span(tree))


def _block(maker: Maker, statement: Statement, tree: Tree) -> Block:
    trigger, *rest = trees(tree)
    audience = make_line_condition(maker, statement, rest[0]) if rest else None
    reentry: list[ReentryLine] = []
    steps: list[Statement] = []
    for child in statement.children:
        inner = trees(child.tree)[0] if child.tree is not None else None
        if inner is None or inner.data not in REENTRY:
            steps.append(child)
        elif steps:
            maker.blame("E161", span(inner), written=maker.source(span(inner)))
        else:
            reentry.append(make_reentry(maker, inner))
    if not steps:
        maker.blame("E117", statement.line.span)
    made, limits = _trigger(maker, trigger)
    return Block(made, limits, audience, tuple(reentry), make_steps(maker, steps), statement.span)


def _trigger(maker: Maker, tree: Tree) -> tuple[Trigger, ScheduleLimits | None]:
    if tree.data == "schedule":
        made = make_schedule(maker, tree)
        return made.schedule, made.limits
    return make_happening(maker, tree), None
