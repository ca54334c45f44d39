"""Events that start blocks: those of a query, or each member's nth of them."""

from __future__ import annotations

from sqlglot import exp

from ...program.ir import Did, EventHappens, EventQuery, Library
from ...query.compile import Compiler
from ...query.events import EventRows, event_rows, rows_of
from ...query.normal import normal
from ...query.scopes import Scope
from ...query.sql import column, cross, eq, number, scalar, select_from, table
from ..context import BlockRun, RunContext
from ..judge import compiler_for
from ..news import EVENTS, find_news, placed
from ..progress import Progress
from ..reads import reads_of
from ..statement import fill_once


def find_events(ctx: RunContext, run: BlockRun, trigger: EventHappens, since: Progress) -> None:
    """Finds the events that a query speaks of; with ``nth`` those that were the member's nth as they became known."""
    library = run.loaded.program.library
    for event_type in ctx.event_numbers([trigger.query.event]):
        if not find_news(ctx, EVENTS, event_type, since):
            return
        low = _frame_news(ctx, run, trigger.query, library)
        compiler = compiler_for(ctx, run, low)
        chosen = _chosen(compiler, normal_query(trigger.query, library), trigger.nth)
        if chosen is not None:
            sql = fill_once(_HAPPENED, chosen=chosen)
            ctx.execute(sql, {**compiler.parameters.values, **placed(ctx, run)})


_HAPPENED = """
INSERT OR IGNORE INTO run_triggers (playbook, block, unit, fact, due, at, arrived)
SELECT :playbook, :block, unit, seq, max(at, arrived), at, arrived FROM chosen
"""


def normal_query(query: EventQuery, library: Library) -> EventQuery:
    """A query with its parts in normal form."""
    asked = normal(Did(query), library)
    assert isinstance(asked, Did)
    return asked.query


def _frame_news(ctx: RunContext, run: BlockRun, query: EventQuery, library: Library) -> int:
    """Gives each of ``news`` the frame in which its fields are asked; says the earliest instant of a frame.

    One frame is enough where no field is compared with something that moves with t.
    """
    zone = run.playbook.zone.name
    if reads_of(Did(query), library).only:
        ctx.execute("UPDATE news SET frame = :frame", {"frame": ctx.frame(ctx.at, zone)})
        return ctx.at
    instants: list[int] = [due for (due,) in ctx.rows("SELECT DISTINCT max(at, arrived) FROM news")]
    rows = [(ctx.frame(due, zone), due) for due in instants]
    ctx.connection.executemany("UPDATE news SET frame = ? WHERE max(at, arrived) = ?", rows)
    return min(instants)


def _chosen(compiler: Compiler, query: EventQuery, nth: int | None) -> exp.Select | None:
    """Those of ``news`` that the query speaks of; None where the store has no such events."""
    scope = Scope(column("unit", "n"), "f")
    rows = event_rows(compiler.builder, query, scope, "order")
    if rows is None:
        return None
    where = [eq(column("frame", "f"), column("frame", "n")), eq(rows.column("seq"), column("seq", "n")), *rows.where]
    if nth is not None:
        others = rows_of(compiler.builder, query, scope)
        assert others is not None
        where.append(eq(scalar(_known_before(others)), number(nth)))
    what = [column(name, "n") for name in ("unit", "seq", "at", "arrived")]
    # News are few and lead to the others.
    return cross(cross(select_from(what, table("news", "n"), where), table("frames", "f")), rows.source)


def _known_before(others: EventRows) -> exp.Select:
    """How many events of the unit were known by the one at hand, itself included; of one instant, by arrival."""
    known, own = (exp.Greatest(this=at, expressions=[arrived]) for at, arrived in (
        (others.column("at"), others.column("arrived")), (column("at", "n"), column("arrived", "n")),
    ))
    by_seq = exp.LTE(this=others.column("seq"), expression=column("seq", "n"))
    same = exp.And(this=eq(known.copy(), own.copy()), expression=by_seq)
    earlier = exp.Paren(this=exp.Or(this=exp.LT(this=known, expression=own), expression=same))
    return select_from([exp.Count(this=exp.Star())], others.source, [*others.where, earlier])
