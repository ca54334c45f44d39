"""Steps of the syntax tree."""

from __future__ import annotations

from .diagnostics import Span
from .make_library import channel_name, make_line_condition
from .make_values import Maker, Tree, span, token_types, trees
from .statements import Statement
from .syntax import (
    Arm,
    Condition,
    GiveTag,
    If,
    IssueCoupon,
    NamedStep,
    Push,
    Split,
    Step,
    Stop,
    TakeTag,
    Wait,
)


class _OpenIf:
    """An ``if`` whose ``else`` lines may still come. ``broken`` where one of its lines could not be read."""

    def __init__(self, broken: bool) -> None:
        self.broken = broken
        self.branches: list[tuple[Condition, tuple[Step, ...]]] = []
        self.otherwise: tuple[Step, ...] = ()
        self.closed = False
        self.span: Span | None = None

    def add(self, condition: Condition, steps: tuple[Step, ...], where: Span) -> None:
        self.branches.append((condition, steps))
        self.span = self.span | where if self.span else where


def make_steps(maker: Maker, statements: list[Statement]) -> tuple[Step, ...]:
    """The steps of a block."""
    made: list[Step] = []
    chain: _OpenIf | None = None
    for statement in statements:
        rule = _rule(statement)
        if rule in ("else_if", "else_line", "bad_else"):
            if chain is None:
                if rule != "bad_else":
                    maker.blame("E128", statement.line.span)
                chain = _OpenIf(broken=True)
            _add_else(maker, statement, chain)
            continue
        _close(chain, made)
        chain = None
        if rule in ("if_line", "bad_if"):
            chain = _open_if(maker, statement)
        elif statement.tree is not None:
            step = _step(maker, statement)
            if step is not None:
                made.append(step)
    _close(chain, made)
    return tuple(made)


def _rule(statement: Statement) -> str:
    if statement.tree is None:
        if statement.first == "IF":
            return "bad_if"
        return "bad_else" if statement.first in ("ELSE_IF", "ELSE") else "bad"
    inner = trees(statement.tree)[0]
    return str(trees(inner)[0].data) if inner.data == "step_line" else str(inner.data)


def _open_if(maker: Maker, statement: Statement) -> _OpenIf:
    chain = _OpenIf(broken=statement.tree is None)
    if statement.tree is not None:
        _branch(maker, statement, chain)
    return chain


def _branch(maker: Maker, statement: Statement, chain: _OpenIf) -> None:
    condition = make_line_condition(maker, statement, trees(_inner(statement))[0])
    chain.add(condition, make_steps(maker, statement.children), statement.span)


def _add_else(maker: Maker, statement: Statement, chain: _OpenIf) -> None:
    if statement.tree is None:
        chain.broken = True
        return
    if chain.closed:
        maker.blame("E162", statement.line.span)
        return
    if _rule(statement) == "else_if":
        _branch(maker, statement, chain)
        return
    chain.otherwise = make_steps(maker, statement.children)
    chain.closed = True
    chain.span = chain.span | statement.span if chain.span else statement.span


def _close(chain: _OpenIf | None, made: list[Step]) -> None:
    if chain is not None and not chain.broken and chain.span is not None:
        made.append(If(tuple(chain.branches), chain.otherwise, chain.span))


def _inner(statement: Statement) -> Tree:
    assert statement.tree is not None
    return trees(trees(statement.tree)[0])[0]


def _step(maker: Maker, statement: Statement) -> Step | None:
    inner = trees(statement.tree)[0] if statement.tree is not None else None
    if inner is None or inner.data != "step_line":
        if inner is not None:
            maker.blame("E161", span(inner), written=maker.source(span(inner)))
        return None
    tree = trees(inner)[0]
    rule, where = str(tree.data), span(tree)
    if rule == "push":
        return _push(maker, tree)
    if rule == "wait":
        return Wait(maker.duration(trees(tree)[0]), where)
    if rule == "stop":
        return Stop(where)
    titles = tuple(maker.title(title) for title in trees(tree, "title"))
    if rule == "give_tag":
        return GiveTag(titles, where)
    if rule == "take_tag":
        return TakeTag(titles, where)
    if rule == "issue_coupon":
        return IssueCoupon(titles[0], where)
    if rule == "split":
        return Split(titles[0], _arms(maker, statement.children), statement.span)
    return NamedStep(titles[0], make_steps(maker, statement.children), statement.span)


def _push(maker: Maker, tree: Tree) -> Push:
    channels = trees(tree, "name")
    titles = [maker.title(title) for title in trees(tree, "title")]
    coupon = titles[1] if len(titles) > 1 else None
    return Push(channel_name(maker, channels[0]) if channels else None, titles[0], coupon, span(tree))


def _arms(maker: Maker, statements: list[Statement]) -> tuple[Arm, ...]:
    arms: list[Arm] = []
    for statement in statements:
        if statement.tree is None:
            continue
        tree = statement.tree
        share = maker.share(trees(tree, "share")[0])
        if "HOLDOUT" in token_types(tree):
            arms.append(Arm(share, None, (), statement.span))
        else:
            title = maker.title(trees(tree, "title")[0])
            arms.append(Arm(share, title, make_steps(maker, statement.children), statement.span))
    return tuple(arms)
