"""What has been given away already, by the store and by the run: what is left of stock and budgets follows from it.

Pushes count as for caps, while they are not known to have failed; coupons and red packets until they are given back.
"""

from __future__ import annotations

from .context import RunContext, Value


def coupons_taken(ctx: RunContext, coupon: str) -> int:
    """How many of a coupon are gone, by all playbooks."""
    return ctx.count(_TAKEN, {"coupon": ctx.coupons[coupon]}) + taken_now(ctx, coupon)


def taken_now(ctx: RunContext, coupon: str) -> int:
    """How many of a coupon the run has taken."""
    return ctx.count(_TAKEN_NOW, {"coupon": ctx.coupons[coupon]})


_TAKEN = "SELECT count(*) FROM coupons WHERE coupon = :coupon AND cancelled IS NULL"
_TAKEN_NOW = "SELECT count(*) FROM run_coupons WHERE coupon = :coupon"


def packets_given(ctx: RunContext, redpacket: str, low: int, high: int) -> tuple[int, int]:
    """The number of a red packet given at t in [low, high) by all playbooks, and the cents in them."""
    number, cents = ctx.rows(_PACKETS, {"redpacket": ctx.redpackets[redpacket], "since": low, "until": high})[0]
    return int(number), int(cents)


_PACKETS = """
SELECT count(*), coalesce(sum(amount), 0) FROM (
  SELECT amount FROM redpackets
  WHERE redpacket = :redpacket AND cancelled IS NULL AND taken >= :since AND taken < :until
  UNION ALL
  SELECT amount FROM run_redpackets WHERE redpacket = :redpacket AND at >= :since AND at < :until)
"""


def pushes_sent(ctx: RunContext, playbook: str, low: int, high: int) -> int:
    """How many pushes of a playbook with t in [low, high) are queued or sent."""
    return ctx.count(_PUSHES, _span(ctx, playbook, low, high))


_PUSHES = """
SELECT
  (SELECT count(*) FROM occurrences o JOIN dispatches d ON d.occurrence = o.occurrence
   JOIN headers h ON h.header = d.header
   WHERE o.playbook = :playbook AND d.t >= :since AND d.t < :until AND h.status = 'queued' AND h.action = 'push'
     AND coalesce((SELECT v.outcome FROM deliveries v WHERE v.dispatch = d.seq AND v.at <= :at
                   ORDER BY v.seq DESC LIMIT 1), '') NOT IN ('failed', 'refused', 'withdrawn'))
  + (SELECT count(*) FROM run_occurrences o JOIN run_dispatches d ON d.occurrence = o.occurrence
     JOIN run_headers h ON h.header = d.header
     WHERE o.playbook = :playbook AND d.t >= :since AND d.t < :until AND h.status = 'queued' AND h.action = 'push')
"""


def coupons_given(ctx: RunContext, playbook: str, low: int, high: int) -> int:
    """How many coupons a playbook has given at t in [low, high)."""
    return sum(number for _, number in _coupons_by(ctx, playbook, low, high))


def face_value_given(ctx: RunContext, playbook: str, low: int, high: int) -> int:
    """The face value, in cents, of the coupons and red packets that a playbook has given at t in [low, high)."""
    faces = {ctx.coupons[name]: coupon.face_cents for name, coupon in ctx.program.library.coupons.items()}
    coupons = sum(number * faces.get(coupon, 0) for coupon, number in _coupons_by(ctx, playbook, low, high))
    return coupons + ctx.count(_PACKET_CENTS, _span(ctx, playbook, low, high))


def _coupons_by(ctx: RunContext, playbook: str, low: int, high: int) -> list[tuple[int, int]]:
    return ctx.rows(_COUPONS, _span(ctx, playbook, low, high))


def _span(ctx: RunContext, playbook: str, low: int, high: int) -> dict[str, Value]:
    return {"playbook": playbook, "since": low, "until": high, "at": ctx.at}


# The first fact of a code is the playbook's; what became of it at delivery follows.
_COUPONS = """
SELECT coupon, count(*) FROM (
  SELECT f.coupon FROM coupon_facts f JOIN coupons c ON c.code = f.code AND c.cancelled IS NULL
  JOIN dispatches d ON d.seq = f.cause JOIN occurrences o ON o.occurrence = d.occurrence
  WHERE o.playbook = :playbook AND f.kind IN ('reserved', 'issued') AND f.at >= :since AND f.at < :until
  GROUP BY f.code, f.coupon
  UNION ALL
  SELECT r.coupon FROM run_coupons r JOIN run_dispatches d ON d.seq = r.cause
  JOIN run_occurrences o ON o.occurrence = d.occurrence
  WHERE o.playbook = :playbook AND r.at >= :since AND r.at < :until)
GROUP BY coupon ORDER BY coupon
"""
_PACKET_CENTS = """
SELECT coalesce(sum(amount), 0) FROM (
  SELECT c.amount FROM redpacket_facts f JOIN redpackets c ON c.code = f.code AND c.cancelled IS NULL
  JOIN dispatches d ON d.seq = f.cause JOIN occurrences o ON o.occurrence = d.occurrence
  WHERE o.playbook = :playbook AND f.kind IN ('reserved', 'issued') AND f.at >= :since AND f.at < :until
  GROUP BY f.code, c.amount
  UNION ALL
  SELECT r.amount FROM run_redpackets r JOIN run_dispatches d ON d.seq = r.cause
  JOIN run_occurrences o ON o.occurrence = d.occurrence
  WHERE o.playbook = :playbook AND r.at >= :since AND r.at < :until)
"""
