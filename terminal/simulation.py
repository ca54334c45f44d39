"""What a simulation tells, as tables: days, playbooks, messages per member, meetings, stock and budgets.

The tables are described as values, which a terminal and a page show each in their way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..engine.program.ir import MINUTE
from ..engine.program.words.values import money
from ..engine.simulating.model import BudgetCourse, Outcome, Simulation, Spread, StockCourse
from .blocks import Column, Table, rows_of
from .instants import show_instant
from .run_report import reason_word
from .session import Session
from .simulation_chart import chart_lines

MOST_COLLISIONS = 20
_MANY = 12
_PARTS = (0.5, 0.9, 0.99)


def show_simulation(session: Session, found: Simulation) -> None:
    """Show a simulation to a reader; what there is nothing of takes no room."""
    screen = session.screen()
    screen.line(title_of(session, found), "bold")
    for line in facts_of(session, found):
        screen.line(line)
    chart = list(chart_lines(session, found))
    for line in chart:
        screen.line(line)
    for table in tables_of(session, found):
        screen.line()
        screen.table(table)
    for line in warnings_of(session, found):
        screen.line(line, "bad")
    screen.line()
    for note in found.notes:
        screen.line("· " + session.word(note.code, **note.params), "dim")


def title_of(session: Session, found: Simulation) -> str:
    """What was simulated."""
    start, until = (show_instant(end - end % MINUTE, found.zone) for end in (found.start, found.until))
    return session.word("sim.title", start=start, until=until)


def facts_of(session: Session, found: Simulation) -> Iterator[str]:
    """What is to be said of the whole, a line each."""
    how = session.word("sim.replayed" if found.replayed else "sim.projected")
    yield f"{how} · {session.word('sim.runs', runs=len(found.runs), records=found.records)}"
    if not found.records:
        yield session.word("sim.nothing")


def tables_of(session: Session, found: Simulation) -> Iterator[Table]:
    """Every table that has rows."""
    tables = (
        days_table(session, found), playbooks_table(session, found), never_table(session, found),
        spread_table(session, found), collisions_table(session, found), running_out_table(session, found),
    )
    yield from (table for table in tables if table.rows)


def warnings_of(session: Session, found: Simulation) -> Iterator[str]:
    """Guards that refuse, and playbooks that cannot run."""
    for each in found.guards:
        yield session.word(
            "sim.guard", playbook=each.playbook, day=each.day.isoformat(), runs=each.runs, reached=each.reached, limit=each.limit
        )
    for left in found.blocked:
        reason = ", ".join(left.codes) or left.where or reason_word(session, "blocked")
        yield session.word("N117", playbook=left.playbook, reason=reason)


def days_table(session: Session, found: Simulation) -> Table:
    """What happens on each day; days on which nothing does are left out."""
    words = ("sim.messages", "sim.done", "sim.suppressed", "sim.deferred")
    columns = (Column(session.word("sim.day")), *(Column(session.word(word), is_number=True) for word in words))
    more = (Column(session.word("sim.why_not")),)
    rows = [
        (day.day.isoformat(), day.messages, day.done, sum(day.suppressed.values()), sum(day.deferred.values()),
         reasons(session, day.suppressed))
        for day in found.days if day.queued or day.done or day.suppressed or day.deferred
    ]
    return Table((*columns, *more), rows_of(rows), session.word("sim.days"))


def playbooks_table(session: Session, found: Simulation) -> Table:
    """What becomes of each playbook."""
    words = ("sim.entered", "sim.messages", "sim.done", "sim.suppressed", "sim.in_flight")
    columns = (Column(session.word("T.playbook")), *(Column(session.word(word), is_number=True) for word in words))
    more = (Column(session.word("sim.why_not")),)
    rows = [
        (each.playbook, each.entered, sum(each.queued.values()), each.done, sum(each.suppressed.values()), each.in_flight,
         reasons(session, each.suppressed))
        for each in found.playbooks if each.dispatched or each.entered or each.suppressed
    ]
    return Table((*columns, *more), rows_of(rows), session.word("sim.playbooks"))


def never_table(session: Session, found: Simulation) -> Table:
    """The playbooks that never do anything, with why."""
    columns = (Column(session.word("T.playbook")), Column(session.word("T.reason")))
    blocked = [(each.playbook, session.word("never.blocked")) for each in found.blocked if each.codes]
    idle = [_never(session, each) for each in found.playbooks if each.never is not None]
    return Table(columns, rows_of([*idle, *blocked]), session.word("sim.never"))


def _never(session: Session, each: Outcome) -> tuple[str, str]:
    why = session.word(f"never.{each.never}")
    return each.playbook, f"{why}({reasons(session, each.suppressed)})" if each.suppressed else why


def spread_table(session: Session, found: Simulation) -> Table:
    """How many members get how many messages, in all and in seven days."""
    if not found.messages.members:
        return Table((), ())
    columns = (
        Column(session.word("sim.number")), Column(session.word("sim.in_all"), is_number=True),
        Column(session.word("sim.in_week"), is_number=True),
    )
    both = (_grouped(found.messages), _grouped(found.weekly))
    numbers = sorted(both[0].keys() | both[1].keys())
    rows: list[tuple[object, ...]] = [
        (f"{number}+" if number == _MANY else number, *(each.get(number, 0) for each in both)) for number in numbers
    ]
    rows += [(f"P{part * 100:.0f}", found.messages.quantile(part), found.weekly.quantile(part)) for part in _PARTS]
    rows.append((session.word("sim.most"), found.messages.most, found.weekly.most))
    return Table(columns, rows_of(rows), session.word("sim.each"))


def _grouped(spread: Spread) -> dict[int, int]:
    """Members by messages, many of these together."""
    found: dict[int, int] = {}
    for messages, members in spread.counts:
        found[min(messages, _MANY)] = found.get(min(messages, _MANY), 0) + members
    return found


def collisions_table(session: Session, found: Simulation) -> Table:
    """Which playbooks met, most often first."""
    words = ("sim.first", "sim.second", "sim.outcome")
    columns = (*(Column(session.word(word)) for word in words), Column(session.word("sim.times"), is_number=True))
    rows = [
        (each.first, each.second,
         session.word("sim.both") if each.reason == "both" else reason_word(session, each.reason), each.times)
        for each in found.collisions[:MOST_COLLISIONS]
    ]
    title = f"{session.word('sim.collisions')} · {session.word('sim.collided', count=found.collided)}"
    return Table(columns, rows_of(rows), title)


def running_out_table(session: Session, found: Simulation) -> Table:
    """How stock and budgets go, and when nothing is left."""
    words = ("sim.whole", "sim.left_first", "sim.left_last", "sim.least")
    columns = (
        Column(session.word("sim.whose")), *(Column(session.word(word), is_number=True) for word in words),
        Column(session.word("sim.runs_out")),
    )
    rows = [_course(session, each) for each in found.courses]
    return Table(columns, rows_of(rows), session.word("sim.running_out"))


def _course(session: Session, each: StockCourse | BudgetCourse) -> tuple[object, ...]:
    shown = [amount_shown(each, number) for number in (whole_of(each), each.left[0], each.left[-1], min(each.left))]
    return (name_of(session, each), *shown, each.runs_out.isoformat() if each.runs_out else None)


def name_of(session: Session, each: StockCourse | BudgetCourse) -> str:
    """What it is that runs out."""
    if isinstance(each, StockCourse):
        return session.word("sim.of_coupon", name=each.coupon)
    return session.word("sim.of_redpacket" if each.is_redpacket else "sim.of_playbook", name=each.owner)


def whole_of(each: StockCourse | BudgetCourse) -> int:
    """How much there is of it in all, or a day."""
    return each.stock if isinstance(each, StockCourse) else each.budget.amount


def amount_shown(each: StockCourse | BudgetCourse, number: int) -> str:
    """A number of it for a reader; money with its sign."""
    in_money = isinstance(each, BudgetCourse) and each.budget.kind == "money"
    return money(number) if in_money else str(number)


def reasons(session: Session, counts: Mapping[str, int]) -> str:
    """Reasons with their numbers, the most frequent first."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return " · ".join(f"{reason_word(session, reason)} {number}" for reason, number in ordered)
