"""The values seen by tests that count days, look back at an attribute, or ask what somebody holds."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

from sqlglot import exp

from ...grammar.messages import render
from ..program.clock import iso, local_day
from ..program.ir import (
    DAY,
    AttributeRef,
    Changed,
    Compare,
    DidOnDays,
    DueToReorder,
    FinishedPlaybook,
    HeldFor,
    HoldsCoupon,
    InGroup,
    InPlaybook,
    Invited,
    IsFriend,
    LadderRef,
    ReceivedRedpacket,
    SourceIn,
    TaskIs,
    TodayIs,
    UsedCoupon,
    ValueType,
)
from ..query.belongings import Belonging, belonging_arms, belonging_rows
from ..query.compile import Compiler
from ..query.days import days_of
from ..query.history import last_change
from ..query.normal import normal
from ..query.scopes import Builder, Scope
from ..query.sql import number
from ..query.states import sum_of_counts
from ..query.work import newest_task
from .answers import Shown
from .readable import shown
from .view import FRAME, Build, View

Looking = (
    HeldFor | Changed | DidOnDays | DueToReorder | Invited | SourceIn | TodayIs | HoldsCoupon | UsedCoupon
    | ReceivedRedpacket | InGroup | IsFriend | TaskIs | InPlaybook | FinishedPlaybook
)


def seen_behind(condition: Looking, view: View, lang: str) -> Shown:
    """The value that a test looks at; None where it is unknown, or where there is none."""
    match condition:
        case HeldFor(operand=operand):
            return _since_then(operand, view, lang)
        case Changed():
            return _instant(view.one(condition, _last_change_of(condition)), view)
        case DidOnDays():
            return _days(condition, view)
        case DueToReorder():
            wanted = normal(condition, view.library)
            assert isinstance(wanted, DueToReorder)
            return _instant(view.due(wanted), view)
        case Invited():
            return view.invited(condition)
        case SourceIn():
            return view.attribute(AttributeRef("source", ValueType.TEXT))
        case TaskIs():
            return _task(condition, view, lang)
        case TodayIs():
            return local_day(view.t, view.zone).isoformat()
    return _belongings(condition, view, lang)


def _task(test: TaskIs, view: View, lang: str) -> Shown:
    """Until when the newest task is open, or since when it is done; None where there is none."""

    def build(compiler: Compiler) -> list[exp.Query]:
        found = newest_task(compiler.builder, test, Scope(number(view.unit), FRAME))
        return [] if found is None else [found]

    for due, done, since in view.rows(test, build):
        if done:
            return render("explain.task_done", {"since": iso(int(since or 0), view.zone)}, lang)[0]
        return render("explain.task_open", {"due": iso(int(due or 0), view.zone)}, lang)[0]
    return None


def rung_of(ladder: LadderRef, view: View) -> Shown:
    """The rung on which the member stands; None below the lowest."""
    names = (rung.name for rung in view.library.ladders[ladder.name].rungs)
    return next((name for name in names if view.is_true(Compare(ladder, "is", (name,)))), None)


def _instant(found: int | str | None, view: View) -> Shown:
    return None if found is None else iso(int(found), view.zone)


def _last_change_of(test: Changed) -> Build:
    return lambda builder, scope: last_change(builder, test, scope)


def _since_then(operand: AttributeRef, view: View, lang: str) -> Shown:
    """The present value, and since when if it was another before."""
    value = view.attribute(operand)
    if value is None:
        return None
    changed = view.one(Changed(operand), _last_change_of(Changed(operand)))
    text = shown(operand.type, value, view.zone, lang)
    if changed is None:
        return text
    return render("explain.held", {"tag": text, "since": iso(int(changed), view.zone)}, lang)[0]


def _days(test: DidOnDays, view: View) -> int:
    """How many days, or the longest row of days."""
    wanted = normal(replace(test, at_least=2, at_most=None), view.library)
    assert isinstance(wanted, DidOnDays)

    def build(compiler: Compiler) -> list[exp.Query]:
        found = days_of(compiler.builder, wanted, Scope(number(view.unit), FRAME))
        return [] if found is None else [found]

    days = sorted(int(day or 0) // DAY for (day,) in view.rows(wanted, build))
    if not test.in_a_row:
        return len(days)
    rows = [len(list(row)) for _, row in groupby(enumerate(days), lambda pair: pair[1] - pair[0])]
    return max(rows, default=0)


def _belongings(test: Belonging, view: View, lang: str) -> Shown:
    """How many there are, or for what lasts: until when coupons live, since when somebody is in a group or a friend."""
    if isinstance(test, UsedCoupon | ReceivedRedpacket):
        wanted = normal(replace(test, at_least=1, at_most=None), view.library)
        assert isinstance(wanted, UsedCoupon | ReceivedRedpacket)
        return int(view.one(wanted, lambda builder, scope: _count(builder, wanted, scope)) or 0)

    def build(compiler: Compiler) -> list[exp.Query]:
        arms = belonging_arms(compiler.builder, test, Scope(number(view.unit), FRAME))
        return [arm.query.select(arm.at.copy(), copy=False) for arm in arms]

    never = render("explain.never", {}, lang)[0]
    found = sorted({-1 if at is None else int(at) for (at,) in view.rows(test, build)})
    return ", ".join(never if at < 0 else iso(at, view.zone) for at in found) or None


def _count(builder: Builder, test: Belonging, scope: Scope) -> exp.Select | None:
    queries = belonging_rows(builder, test, scope)
    return exp.select(sum_of_counts(queries)) if queries else None
