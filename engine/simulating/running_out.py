"""How stock and budgets go day by day, and when nothing is left."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import accumulate

from ..program.ir import Budget, Playbook, Program
from ..run.caps import COUNTING
from ..run.records import actions_of
from ..run.statement import Part, fill
from .days import Days, note_days
from .model import BudgetCourse, StockCourse

_BEFORE = -1
Values = Mapping[str, str | int]
_DAY_OF = """
coalesce((SELECT y.day FROM days y WHERE y.zone = :zone AND y.low <= instant ORDER BY y.low DESC LIMIT 1), -1)
"""


def stock_courses(connection: sqlite3.Connection, program: Program, days: Days, used: frozenset[str]) -> Iterator[StockCourse]:
    """How the stock of each coupon goes that has one and is among those ``used``."""
    for name, coupon in sorted(program.library.coupons.items()):
        if coupon.stock is None or name not in used:
            continue
        taken = _by_day(connection, fill(_TAKEN, day_of=Part(_DAY_OF)), {"zone": program.policy.zone.name, "name": name})
        left = _left(coupon.stock, taken, days, per_day=False)
        yield StockCourse(name, coupon.stock, left, _runs_out(left, days))


_TAKEN = """
SELECT day, count(*) FROM (
  SELECT day_of AS day FROM (
    SELECT c.taken AS instant FROM coupons c JOIN coupon_kinds k ON k.coupon = c.coupon
    WHERE k.name = :name AND c.cancelled IS NULL) x) z
GROUP BY day
"""


def budget_courses(
    connection: sqlite3.Connection, program: Program, days: Days, playbooks: list[Playbook], at: int
) -> Iterator[BudgetCourse]:
    """How the budgets of playbooks go, then those of the red packets that they give."""
    for playbook in playbooks:
        note_days(connection, days, playbook.zone.name)
        values: Values = {"zone": playbook.zone.name, "playbook": playbook.name, "at": at}
        for budget in playbook.budgets:
            yield _course(playbook.name, False, budget, _spent(connection, program, budget, values), days)
    packets = {name for playbook in playbooks for name in packets_of(playbook)}
    for name in sorted(packets):
        own = program.library.redpackets[name].budget
        if own is not None:
            given = fill(_PACKETS, day_of=Part(_DAY_OF))
            asked: Values = {"zone": program.policy.zone.name, "name": name, "money": own.kind == "money"}
            yield _course(name, True, own, _by_day(connection, given, asked), days)


def _course(owner: str, is_packet: bool, budget: Budget, spent: Mapping[int, int], days: Days) -> BudgetCourse:
    left = _left(budget.amount, spent, days, per_day=budget.per_day)
    return BudgetCourse(owner, is_packet, budget, left, _runs_out(left, days))


def _spent(
    connection: sqlite3.Connection, program: Program, budget: Budget, values: Values
) -> dict[int, int]:
    """What a playbook has used of a budget by day: pushes, coupons, or cents."""
    day_of = Part(_DAY_OF)
    if budget.kind == "pushes":
        return _by_day(connection, fill(_PUSHES, day_of=day_of, stands=COUNTING["stands"]), values)
    found: dict[int, int] = {}
    for day, name, number in connection.execute(fill(_COUPONS, day_of=day_of), values):
        coupon = program.library.coupons.get(name)
        worth = 1 if budget.kind == "coupons" else 0 if coupon is None else coupon.face_cents
        found[day] = found.get(day, 0) + number * worth
    if budget.kind == "money":
        for day, cents in _by_day(connection, fill(_PACKET_CENTS, day_of=day_of), values).items():
            found[day] = found.get(day, 0) + cents
    return found


def _by_day(connection: sqlite3.Connection, sql: str, values: Values) -> dict[int, int]:
    return dict(connection.execute(sql, values).fetchall())


def _left(amount: int, spent: Mapping[int, int], days: Days, *, per_day: bool) -> tuple[int, ...]:
    if per_day:
        return tuple(amount - spent.get(number, 0) for number in range(days.count))
    before = amount - spent.get(_BEFORE, 0)
    return tuple(before - gone for gone in accumulate(spent.get(number, 0) for number in range(days.count)))


def _runs_out(left: tuple[int, ...], days: Days) -> date | None:
    return next((day for day, number in zip(days.all, left, strict=True) if number <= 0), None)


def coupons_of(playbook: Playbook) -> set[str]:
    """The coupons that a playbook's steps give."""
    found = {getattr(action, "coupon", None) for block in playbook.blocks for action in actions_of(block)}
    return {name for name in found if name is not None}


def packets_of(playbook: Playbook) -> set[str]:
    """The red packets that a playbook's steps give."""
    found = {getattr(action, "redpacket", None) for block in playbook.blocks for action in actions_of(block)}
    return {name for name in found if name is not None}


_PUSHES = """
SELECT day, count(*) FROM (
  SELECT day_of AS day FROM (
    SELECT d.t AS instant FROM occurrences o JOIN dispatches d ON d.occurrence = o.occurrence
    JOIN headers h ON h.header = d.header
    WHERE o.playbook = :playbook AND h.status = 'queued' AND h.action = 'push' AND stands) x) z
GROUP BY day
"""
# What was reserved was given on the day on which that was decided, whenever it went out.
_COUPONS = """
SELECT day, name, count(*) FROM (
  SELECT day_of AS day, name FROM (
    SELECT k.name AS name, min(f.at) AS instant FROM coupon_facts f
    JOIN coupons c ON c.code = f.code AND c.cancelled IS NULL JOIN coupon_kinds k ON k.coupon = f.coupon
    JOIN dispatches d ON d.seq = f.cause JOIN occurrences o ON o.occurrence = d.occurrence
    WHERE o.playbook = :playbook AND f.kind IN ('reserved', 'issued') GROUP BY f.code, k.name) x) z
GROUP BY day, name
"""
_PACKET_CENTS = """
SELECT day, sum(amount) FROM (
  SELECT day_of AS day, amount FROM (
    SELECT c.amount AS amount, min(f.at) AS instant FROM redpacket_facts f
    JOIN redpackets c ON c.code = f.code AND c.cancelled IS NULL
    JOIN dispatches d ON d.seq = f.cause JOIN occurrences o ON o.occurrence = d.occurrence
    WHERE o.playbook = :playbook AND f.kind IN ('reserved', 'issued') GROUP BY f.code, c.amount) x) z
GROUP BY day
"""
_PACKETS = """
SELECT day, sum(CASE WHEN :money THEN amount ELSE 1 END) FROM (
  SELECT day_of AS day, amount FROM (
    SELECT c.amount AS amount, c.taken AS instant FROM redpackets c
    JOIN redpacket_kinds k ON k.redpacket = c.redpacket WHERE k.name = :name AND c.cancelled IS NULL) x) z
GROUP BY day
"""
