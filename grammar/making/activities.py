"""Activities of the syntax tree: periods, hours that recur, phases and sessions."""

from __future__ import annotations

from ..statements import Statement
from ..syntax import ActivityDecl, Clock, Date, Declaration, NamedPeriod, Period, RecurringHours
from .library import clock_range
from .schedules import weekdays_of
from .values import Maker, Tree, span, tokens, trees


def make_activity(maker: Maker, statement: Statement, tree: Tree) -> Declaration:
    """An activity with its phases and sessions."""
    title, *times = trees(tree)
    phases: list[NamedPeriod] = []
    sessions: list[NamedPeriod] = []
    for child in statement.children:
        if child.tree is not None:
            made = phases if child.tree.data == "phase" else sessions
            name, period = trees(child.tree)
            made.append(NamedPeriod(maker.title(name), _period(maker, period), span(child.tree)))
    if not times and not statement.line.children:
        maker.blame("E194", statement.line.span)
    when = _when(maker, times[0]) if times else None
    return ActivityDecl(maker.title(title), when, tuple(phases), tuple(sessions), statement.span)


def _when(maker: Maker, tree: Tree) -> Period | RecurringHours:
    if tree.data == "period":
        return _period(maker, tree)
    ranges = trees(tree, "weekday_range")
    return RecurringHours(weekdays_of(ranges[0]) if ranges else None, *clock_range(maker, tree), span(tree))


def _period(maker: Maker, tree: Tree) -> Period:
    days = [maker.day(day) for day in trees(tree, "day")]
    clocks = [token for token in tokens(tree) if token.type == "CLOCK"]
    last = maker.clock(clocks[0]) if clocks else days[1]
    if isinstance(last, Clock) and isinstance(days[0], Date):
        maker.blame("E173", days[0].span, written=maker.source(days[0].span))
    return Period(days[0], last, span(tree))
