"""What has been given away already, by the store and by the run: what is left of stock and budgets follows from it.

Pushes count as for caps, while they are not known to have failed; coupons and red packets until they are given back.
Numbers come in two: what was gone before the run, and what the run has given.
"""

from __future__ import annotations

from typing import NamedTuple

from ..program.ir import Budget
from .caps import COUNTING
from .context import RunContext, Value
from .statement import fill


class Spent(NamedTuple):
    """How much was gone ``before`` the run, and what it has given ``now``."""

    before: int
    now: int


def coupons_taken(ctx: RunContext, coupon: str) -> int:
    """How many of a coupon are gone, by all playbooks."""
    return ctx.count(_TAKEN, {"coupon": ctx.coupons[coupon]}) + taken_now(ctx, coupon)


def taken_now(ctx: RunContext, coupon: str) -> int:
    """How many of a coupon the run has taken."""
    return ctx.count(_TAKEN_NOW, {"coupon": ctx.coupons[coupon]})


_TAKEN = "SELECT count(*) FROM coupons WHERE coupon = :coupon AND cancelled IS NULL"
_TAKEN_NOW = "SELECT count(*) FROM run_coupons WHERE coupon = :coupon"


def packet_budget_spent(ctx: RunContext, redpacket: str, budget: Budget, low: int, high: int) -> Spent:
    """What all playbooks have used of a red packet's own budget at t in [low, high)."""
    values: dict[str, Value] = {"redpacket": ctx.redpackets[redpacket], "since": low, "until": high}
    column = 1 if budget.kind == "money" else 0
    return Spent(ctx.rows(_PACKETS, values)[0][column], ctx.rows(_PACKETS_NOW, values)[0][column])


def packets_given_now(ctx: RunContext, redpacket: str, playbook: str) -> tuple[int, int]:
    """How many of a red packet a playbook has given in this run, and the cents in them."""
    values: dict[str, Value] = {"redpacket": ctx.redpackets[redpacket], "playbook": playbook}
    number, cents = ctx.rows(_GIVEN_NOW, values)[0]
    return int(number), int(cents)


_PACKETS = """
SELECT count(*), coalesce(sum(amount), 0) FROM redpackets
WHERE redpacket = :redpacket AND cancelled IS NULL AND taken >= :since AND taken < :until
"""
_PACKETS_NOW = """
SELECT count(*), coalesce(sum(amount), 0) FROM run_redpackets
WHERE redpacket = :redpacket AND at >= :since AND at < :until
"""
_GIVEN_NOW = """
SELECT count(*), coalesce(sum(r.amount), 0) FROM run_redpackets r JOIN run_dispatches d ON d.seq = r.cause
JOIN run_occurrences o ON o.occurrence = d.occurrence WHERE r.redpacket = :redpacket AND o.playbook = :playbook
"""


def budget_spent(ctx: RunContext, playbook: str, budget: Budget, low: int, high: int) -> Spent:
    """What a playbook has used of a budget at t in [low, high): pushes, coupons, or cents of face value."""
    values: dict[str, Value] = {"playbook": playbook, "since": low, "until": high, "at": ctx.at}
    if budget.kind == "pushes":
        return Spent(ctx.count(fill(_PUSHES, stands=COUNTING["stands"]), values), ctx.count(_PUSHES_NOW, values))
    before, now = (ctx.rows(sql, values) for sql in (_COUPONS, _COUPONS_NOW))
    if budget.kind == "coupons":
        return Spent(sum(number for _, number in before), sum(number for _, number in now))
    return Spent(
        _face_value(ctx, before) + ctx.count(_PACKET_CENTS, values),
        _face_value(ctx, now) + ctx.count(_PACKET_CENTS_NOW, values),
    )


def _face_value(ctx: RunContext, coupons: list[tuple[int, int]]) -> int:
    faces = {ctx.coupons[name]: coupon.face_cents for name, coupon in ctx.program.library.coupons.items()}
    return sum(number * faces.get(coupon, 0) for coupon, number in coupons)


_PUSHES = """
SELECT count(*) FROM occurrences o JOIN dispatches d ON d.occurrence = o.occurrence
JOIN headers h ON h.header = d.header
WHERE o.playbook = :playbook AND d.t >= :since AND d.t < :until AND h.status = 'queued' AND h.action = 'push'
  AND stands
"""
_PUSHES_NOW = """
SELECT count(*) FROM run_occurrences o JOIN run_dispatches d ON d.occurrence = o.occurrence
JOIN run_headers h ON h.header = d.header
WHERE o.playbook = :playbook AND d.t >= :since AND d.t < :until AND h.status = 'queued' AND h.action = 'push'
"""
# The first fact of a code is the playbook's; what became of it at delivery has another cause.
_COUPONS = """
SELECT f.coupon, count(DISTINCT f.code) FROM coupon_facts f
JOIN coupons c ON c.code = f.code AND c.cancelled IS NULL
JOIN dispatches d ON d.seq = f.cause JOIN occurrences o ON o.occurrence = d.occurrence
WHERE o.playbook = :playbook AND f.kind IN ('reserved', 'issued') AND f.at >= :since AND f.at < :until
GROUP BY f.coupon ORDER BY f.coupon
"""
_COUPONS_NOW = """
SELECT r.coupon, count(*) FROM run_coupons r JOIN run_dispatches d ON d.seq = r.cause
JOIN run_occurrences o ON o.occurrence = d.occurrence
WHERE o.playbook = :playbook AND r.at >= :since AND r.at < :until
GROUP BY r.coupon ORDER BY r.coupon
"""
_PACKET_CENTS = """
SELECT coalesce(sum(amount), 0) FROM (
  SELECT c.amount FROM redpacket_facts f JOIN redpackets c ON c.code = f.code AND c.cancelled IS NULL
  JOIN dispatches d ON d.seq = f.cause JOIN occurrences o ON o.occurrence = d.occurrence
  WHERE o.playbook = :playbook AND f.kind IN ('reserved', 'issued') AND f.at >= :since AND f.at < :until
  GROUP BY f.code, c.amount)
"""
_PACKET_CENTS_NOW = """
SELECT coalesce(sum(r.amount), 0) FROM run_redpackets r JOIN run_dispatches d ON d.seq = r.cause
JOIN run_occurrences o ON o.occurrence = d.occurrence
WHERE o.playbook = :playbook AND r.at >= :since AND r.at < :until
"""
