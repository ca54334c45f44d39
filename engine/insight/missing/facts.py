"""The instants of what one member did, holds and was, by which windows are judged ahead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlglot import exp

from ...program.ir import (
    All,
    Any,
    AttributeRef,
    Changed,
    Condition,
    Did,
    EventQuery,
    FieldRef,
    InWindow,
    Not,
    Received,
    TaskIs,
    Window,
)
from ...query.belongings import Belonging, belonging_arms, belonging_rows
from ...query.compile import Compiler
from ...query.events import rows_of
from ...query.normal import normal
from ...query.scopes import Scope
from ...query.sql import column, number, select_from
from ...query.states import received_instants
from ...query.work import newest_task
from ..view import FRAME, View, derived_select

MOST = 1_000
"""How many instants are looked at, the latest."""


@dataclass(frozen=True, slots=True)
class Happened:
    """An event: when it was, and the value of the field that was asked for; None is unknown."""

    at: int
    value: int | str | None


def event_instants(view: View, query: EventQuery) -> list[int]:
    """The instants up to t of the events that a query finds, whatever its window but behind the event it counts from."""
    return [event.at for event in events_of(view, query, None)]


def events_of(view: View, query: EventQuery, field: FieldRef | None) -> list[Happened]:
    """The events that :func:`event_instants` speaks of in their order, with a field."""
    since = None if query.window is None or query.window.since is None else Window(None, None, query.window.since)
    wanted = normal(Did(replace(query, window=since)), view.library)
    assert isinstance(wanted, Did)
    # What lies behind no other event, and in no window of its own, is the same whenever it is looked at.
    seen = view if since is not None or has_window(wanted.query.where) else replace(view, t=view.at)
    rows = seen.once(("events", wanted, field), lambda: _events(seen, wanted, field))
    return [event for event in rows if event.at <= view.t]


def has_window(condition: Condition | None) -> bool:
    """Whether a condition about an event in normal form asks where an instant or date of it lies, seen from t."""
    match condition:
        case All(items) | Any(items):
            return any(has_window(item) for item in items)
        case Not(item):
            return has_window(item)
    return isinstance(condition, InWindow)


def _events(view: View, wanted: Did, field: FieldRef | None) -> list[Happened]:
    def build(compiler: Compiler) -> list[exp.Query]:
        rows = rows_of(compiler.builder, wanted.query, Scope(number(view.unit), FRAME))
        if rows is None:
            return []
        value = None if field is None else compiler.builder.relations.field(field, rows.alias)
        what = [rows.column("at"), rows.column("seq"), exp.null() if value is None else value]
        query = select_from(what, rows.source, rows.where)
        query.set("order", exp.Order(expressions=[exp.Ordered(this=rows.column("at"), desc=True)]))
        return [query.limit(MOST, copy=False)]

    rows = sorted((int(at or 0), int(seq or 0), value) for at, seq, value in view.rows(wanted, build))
    return [Happened(at, value) for at, _, value in rows]


def belonging_instants(view: View, test: Belonging) -> list[int]:
    """The instants by which what is held or was given is judged: when coupons expire, were used, journeys ended and so on."""

    def build(compiler: Compiler) -> list[exp.Query]:
        arms = belonging_arms(compiler.builder, test, Scope(number(view.unit), FRAME))
        return [arm.query.select(arm.at.copy(), copy=False) for arm in arms]

    return _sorted(view, test, build)


def belonging_number(view: View, test: Belonging) -> int:
    """How many things a test finds."""

    def build(compiler: Compiler) -> list[exp.Query]:
        rows = belonging_rows(compiler.builder, test, Scope(number(view.unit), FRAME))
        return [row.select(exp.Count(this=exp.Star()), copy=False) for row in rows]

    return sum(int(found or 0) for (found,) in view.rows(test, build))


def push_instants(view: View, test: Received) -> list[int]:
    """The instants of the pushes that a test would count without its window."""
    wanted = replace(test, window=None)

    def build(compiler: Compiler) -> list[exp.Query]:
        return [*received_instants(compiler.builder, wanted, Scope(number(view.unit), FRAME))]

    return _sorted(view, wanted, build)


def attribute_instants(view: View, ref: AttributeRef) -> list[int]:
    """The instants at which something was said of an attribute, in order."""

    def build(compiler: Compiler) -> list[exp.Query]:
        relations = compiler.builder.relations
        rows = relations.attribute_facts(ref, "a", column("t", FRAME), number(view.unit))
        if rows is None:
            return []
        return [derived_select([column("at", "a")], rows.source, "a", list(rows.where))]

    return _sorted(view, Changed(ref), build)


def task_instants(view: View, test: TaskIs) -> list[int]:
    """When the newest task is due, and since when it stands as it does."""

    def build(compiler: Compiler) -> list[exp.Query]:
        found = newest_task(compiler.builder, test, Scope(number(view.unit), FRAME))
        return [] if found is None else [found]

    rows = view.rows(test, build)
    return sorted(int(cell) for due, _, since in rows for cell in (due, since) if cell is not None)


def _sorted(view: View, condition: Condition, build: Callable[[Compiler], list[exp.Query]]) -> list[int]:
    return sorted(int(at) for (at,) in view.rows(condition, build) if at is not None)
