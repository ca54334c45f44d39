"""Steps of the syntax tree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from ..diagnostics import Span
from ..statements import Statement
from ..syntax import (
    Alert,
    Arm,
    Condition,
    DayBlock,
    Duration,
    EnterPlaybook,
    GiveTask,
    If,
    IssueCoupon,
    IssueRedpacket,
    NamedStep,
    Repeat,
    Split,
    Step,
    Stop,
    Wait,
    WaitFor,
    WaitUntil,
    Welcome,
)
from .actions import RULE_ACTIONS, make_rule_action
from .headers import REENTRY
from .library import make_line_condition, tell_twice
from .pushes import make_push
from .schedules import weekday_of
from .values import Maker, Tree, numbers_of, span, token_types, tokens, trees

MAX_DAY = 3660
MAX_TIMES = 1_000_000


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
    if inner is None:
        return None
    if inner.data in REENTRY:
        maker.blame("E161", span(inner), written=maker.source(span(inner)))
        return None
    tree = trees(inner)[0]
    rule = str(tree.data)
    if rule in RULE_ACTIONS:
        return make_rule_action(maker, tree)
    if rule in _WITH_BLOCK:
        return _WITH_BLOCK[rule](maker, statement, tree)
    if rule == "push":
        return make_push(maker, statement.line, tree)
    return _PLAIN[rule](maker, tree)


# Steps without a block


def _task(maker: Maker, tree: Tree) -> GiveTask:
    title, due, whom = (trees(tree, rule) for rule in ("title", "task_due", "task_for"))
    staff = [maker.title(name) for each in whom for name in trees(each, "title")]
    manager = bool(whom) and "MANAGER" in token_types(whom[0])
    duration = maker.duration(trees(due[0])[0])
    return GiveTask(maker.title(title[0]), duration, staff[0] if staff else None, manager, span(tree))


def _alert(maker: Maker, tree: Tree) -> Alert:
    whom: Literal["staff", "manager"] = "staff" if "ALERT_STAFF" in token_types(tree) else "manager"
    return Alert(whom, maker.text(trees(tree)[0]), span(tree))


def _wait_until(maker: Maker, tree: Tree) -> WaitUntil:
    days = trees(tree, "weekday")
    return WaitUntil(weekday_of(days[0]) if days else None, maker.clock(tokens(tree)[-1]), span(tree))


_PLAIN: dict[str, Callable[[Maker, Tree], Step]] = {
    "welcome": lambda maker, tree: Welcome(maker.title(trees(tree)[0]), span(tree)),
    "issue_coupon": lambda maker, tree: IssueCoupon(maker.title(trees(tree)[0]), span(tree)),
    "issue_redpacket": lambda maker, tree: IssueRedpacket(maker.title(trees(tree)[0]), span(tree)),
    "give_task": _task, "alert": _alert,
    "enter": lambda maker, tree: EnterPlaybook(maker.title(trees(tree)[0]), span(tree)),
    "stop": lambda _maker, tree: Stop(span(tree)),
    "wait": lambda maker, tree: Wait(maker.duration(trees(tree)[0]), span(tree)),
    "wait_until": _wait_until,
}


# Steps with a block


def _day(maker: Maker, statement: Statement, tree: Tree) -> DayBlock:
    number = next(token for token in tokens(tree) if token.type in ("NUMBER", "DAY_MARK"))
    if number.type == "DAY_MARK":
        number = number.reading(str(numbers_of(number)[0]))
    clock = next((maker.clock(token) for token in tokens(tree) if token.type == "CLOCK"), None)
    return DayBlock(maker.whole(number, 0, MAX_DAY), clock, make_steps(maker, statement.children), statement.span)


def _wait_for(maker: Maker, statement: Statement, tree: Tree) -> WaitFor:
    condition = make_line_condition(maker, statement, trees(tree)[0])
    found: dict[str, tuple[Step, ...]] = {}
    for child in statement.children:
        if child.tree is None:
            continue
        rule = str(child.tree.data)
        if rule in found:
            tell_twice(maker, child.tree)
        else:
            found[rule] = make_steps(maker, child.children)
    up_to = maker.duration(trees(tree)[1])
    return WaitFor(condition, up_to, found.get("then_line", ()), found.get("otherwise_line", ()), statement.span)


def _repeat(maker: Maker, statement: Statement, tree: Tree) -> Repeat:
    durations = trees(tree, "duration")
    every = maker.duration(durations[0]) if durations else Duration(1, "day", span(tokens(tree)[1]))
    times = maker.whole(next(token for token in tokens(tree) if token.type == "NUMBER"), 1, MAX_TIMES)
    return Repeat(every, times, make_steps(maker, statement.children), statement.span)


def _named(maker: Maker, statement: Statement, tree: Tree) -> NamedStep:
    return NamedStep(maker.title(trees(tree)[0]), make_steps(maker, statement.children), statement.span)


def _split(maker: Maker, statement: Statement, tree: Tree) -> Split:
    return Split(maker.title(trees(tree)[0]), _arms(maker, statement.children), statement.span)


_WITH_BLOCK: dict[str, Callable[[Maker, Statement, Tree], Step]] = {
    "named_step": _named, "split": _split, "day_line": _day, "wait_for": _wait_for, "repeat": _repeat,
}


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
