"""What the store remembers of what was given away up to a decision: coupons, red packets, pushes, and templates received."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from ..program.clock import day_start, local_day
from ..program.ir import Budget, Coupon, Redpacket
from ..query.calendar import EARLIEST, LATEST
from ..run.limits import limit_window
from ..stores.sqlite.identifiers import with_names
from .history import Cell, Span, rows_of, span_of
from .view import View


def stock_taken(view: View, coupon: Coupon) -> int:
    """How many of a coupon are gone by what is known at T."""
    values: dict[str, Cell] = {"coupon": view.store.coupon_number(coupon.name), "at": view.at}
    return int(rows_of(view, _TAKEN, values)[0][0])


_TAKEN = """
SELECT count(*) FROM main.coupons c WHERE c.coupon = :coupon
  AND EXISTS (SELECT 1 FROM main.coupon_facts f WHERE f.code = c.code AND f.arrived <= :at)
  AND NOT EXISTS (
    SELECT 1 FROM main.coupon_facts f WHERE f.code = c.code AND f.arrived <= :at AND f.kind = 'cancelled')
"""


@dataclass(frozen=True, slots=True)
class Taker:
    """A step that took of what is scarce, how often, and when last."""

    playbook: str
    step: str
    number: int
    last: int


def stock_takers(view: View, coupon: Coupon, leaf: int) -> list[Taker]:
    """The steps that took of a coupon before the record ``leaf``, the most first; what imports issued is not among them."""
    values: dict[str, Cell] = {"coupon": view.store.coupon_number(coupon.name), "at": view.at, "leaf": leaf}
    return [Taker(*row) for row in rows_of(view, _TAKERS, values)]


def budget_takers(view: View, playbook: str, span: Span, leaf: int) -> list[Taker]:
    """The steps of a playbook that may have used its budget before the record ``leaf``, the most first."""
    values: dict[str, Cell] = {"playbook": playbook, "low": span[0], "high": span[1], "at": view.at, "leaf": leaf}
    return [Taker(*row) for row in rows_of(view, _SPENDERS, values)]


_TAKERS = """
SELECT s.playbook, s.name, count(DISTINCT f.code) AS number, max(f.at)
FROM main.coupon_facts f JOIN main.dispatches d ON d.seq = f.cause JOIN main.steps s ON s.step = d.step
WHERE f.coupon = :coupon AND f.kind IN ('reserved', 'issued') AND f.arrived <= :at AND f.cause < :leaf
  AND NOT EXISTS (
    SELECT 1 FROM main.coupon_facts g WHERE g.code = f.code AND g.arrived <= :at AND g.kind = 'cancelled')
GROUP BY s.playbook, s.name ORDER BY number DESC, s.playbook, s.name
"""
_SPENDERS = """
SELECT s.playbook, s.name, count(*) AS number, max(d.t)
FROM main.occurrences o JOIN main.headers h ON h.occurrence = o.occurrence JOIN main.dispatches d ON d.header = h.header
JOIN main.steps s ON s.step = d.step JOIN main.runs r ON r.run = h.run
WHERE o.playbook = :playbook AND d.t >= :low AND d.t < :high AND d.seq < :leaf AND r.at <= :at AND h.status <> 'suppressed'
  AND h.action IN ('push', 'coupon', 'redpacket')
GROUP BY s.playbook, s.name ORDER BY number DESC, s.playbook, s.name
"""


def number_had(view: View, given: Coupon | Redpacket, leaf: int) -> int:
    """How many of a coupon or red packet the member took, before the record ``leaf``, in the period of its limit."""
    low, high = span_of(*limit_window(given), view)
    sql = _COUPONS_HAD if isinstance(given, Coupon) else _PACKETS_HAD
    values: dict[str, Cell] = {"name": given.name, "at": view.at, "leaf": leaf, "low": low, "high": high}
    return int(rows_of(view, sql, {**values, "unit": view.unit})[0][0])


_HAD = """
SELECT count(*) FROM main.$kept c JOIN main.$kinds n ON n.$kind = c.$kind
WHERE n.name = :name AND c.unit = :unit AND c.taken >= :low AND c.taken < :high
  AND EXISTS (
    SELECT 1 FROM main.$facts f
    WHERE f.code = c.code AND f.arrived <= :at AND (f.cause IS NULL OR f.cause < :leaf))
  AND NOT EXISTS (
    SELECT 1 FROM main.$facts f WHERE f.code = c.code AND f.arrived <= :at AND f.kind = 'cancelled')
"""
_COUPONS_HAD = with_names(_HAD, kind="coupon", kept="coupons", kinds="coupon_kinds", facts="coupon_facts")
_PACKETS_HAD = with_names(_HAD, kind="redpacket", kept="redpackets", kinds="redpacket_kinds", facts="redpacket_facts")


def day_of(budget: Budget, t: int, zone: str) -> Span:
    """The instants [low, high) by which a budget counts at t: those of the day in ``zone``, or all."""
    if not budget.per_day:
        return EARLIEST, LATEST
    day = local_day(t, zone)
    return day_start(day, zone), day_start(day + timedelta(days=1), zone)


def playbook_spent(view: View, playbook: str, budget: Budget, span: Span, leaf: int) -> int:
    """What a playbook has used of a budget of its own before the record ``leaf``."""
    values: dict[str, Cell] = {
        "playbook": playbook, "low": span[0], "high": span[1], "at": view.at, "leaf": leaf,
    }
    if budget.kind == "pushes":
        return int(rows_of(view, _PUSHES, values)[0][0])
    coupons = rows_of(view, _COUPONS, values)
    if budget.kind == "coupons":
        return sum(int(number) for _, number in coupons)
    known = view.library.coupons
    faces = sum(int(number) * known[name].face_cents for name, number in coupons if name in known)
    return faces + int(rows_of(view, _PACKETS, {**values, "name": None})[0][1])


def packet_spent(view: View, packet: Redpacket, budget: Budget, span: Span, leaf: int) -> int:
    """What all playbooks have used of a red packet's own budget before the record ``leaf``."""
    values: dict[str, Cell] = {
        "playbook": None, "name": packet.name, "low": span[0], "high": span[1], "at": view.at, "leaf": leaf,
    }
    number, cents = rows_of(view, _PACKETS, values)[0]
    return int(cents if budget.kind == "money" else number)


_PUSHES = """
SELECT count(*) FROM main.dispatches d JOIN main.occurrences o ON o.occurrence = d.occurrence
JOIN main.headers h ON h.header = d.header JOIN main.runs r ON r.run = h.run
WHERE o.playbook = :playbook AND d.t >= :low AND d.t < :high AND d.seq < :leaf AND r.at <= :at
  AND h.status = 'queued' AND h.action = 'push'
  AND coalesce((
    SELECT v.outcome FROM main.deliveries v WHERE v.dispatch = d.seq AND v.at <= :at ORDER BY v.seq DESC LIMIT 1), '')
    NOT IN ('failed', 'refused', 'withdrawn')
"""
_COUPONS = """
SELECT n.name, count(*) FROM main.coupon_facts f JOIN main.coupon_kinds n ON n.coupon = f.coupon
JOIN main.dispatches d ON d.seq = f.cause JOIN main.occurrences o ON o.occurrence = d.occurrence
WHERE o.playbook = :playbook AND f.kind IN ('reserved', 'issued') AND f.at >= :low AND f.at < :high
  AND f.arrived <= :at AND f.cause < :leaf AND NOT EXISTS (
    SELECT 1 FROM main.coupon_facts g WHERE g.code = f.code AND g.arrived <= :at AND g.kind = 'cancelled')
GROUP BY n.name ORDER BY n.name
"""
_PACKETS = """
SELECT count(*), coalesce(sum(f.amount), 0) FROM main.redpacket_facts f
JOIN main.redpacket_kinds n ON n.redpacket = f.redpacket
JOIN main.dispatches d ON d.seq = f.cause JOIN main.occurrences o ON o.occurrence = d.occurrence
WHERE (:playbook IS NULL OR o.playbook = :playbook) AND (:name IS NULL OR n.name = :name)
  AND f.kind IN ('reserved', 'issued') AND f.at >= :low AND f.at < :high
  AND f.arrived <= :at AND f.cause < :leaf AND NOT EXISTS (
    SELECT 1 FROM main.redpacket_facts g WHERE g.code = f.code AND g.arrived <= :at AND g.kind = 'cancelled')
"""


def last_received(view: View, template: str, leaf: int) -> int | None:
    """When the member last got a template of any playbook, before the record ``leaf``; None where never."""
    values: dict[str, Cell] = {
        "unit": view.unit, "kind": view.kind, "template": template, "at": view.at, "leaf": leaf,
    }
    found = rows_of(view, _RECEIVED, values)[0][0]
    return None if found is None else int(found)


_RECEIVED = """
SELECT max(d.not_before) FROM main.dispatches d JOIN main.headers h ON h.header = d.header
JOIN main.runs r ON r.run = h.run
WHERE d.kind = :kind AND d.unit IN (
    SELECT :unit UNION ALL SELECT g.unit FROM main.merges g WHERE g.target = :unit AND :kind = 0 AND g.at <= :at)
  AND d.seq < :leaf AND r.at <= :at AND h.status = 'queued' AND h.action = 'push'
  AND substr(h.content, 1, length(rtrim(h.content, '0123456789abcdef')) - 1) = :template
  AND coalesce((
    SELECT v.outcome FROM main.deliveries v WHERE v.dispatch = d.seq AND v.at <= :at ORDER BY v.seq DESC LIMIT 1), '')
    NOT IN ('failed', 'refused', 'withdrawn')
"""


def rival_journey(view: View, rivals: list[str]) -> tuple[str, int] | None:
    """The playbook of those named in whose journey the member is at T, the first by name, and when they entered it."""
    for rival in sorted(rivals):
        values: dict[str, Cell] = {"playbook": rival, "unit": view.unit, "at": view.at, "t": view.t}
        found = rows_of(view, _ENGAGED, values)
        if found:
            return str(found[0][0]), int(found[0][1])
    return None


_ENGAGED = """
SELECT e.playbook, e.entered FROM main.enrolments e
WHERE e.playbook = :playbook AND e.unit = :unit AND e.kind = 0 AND coalesce(e.why, '') <> 'holdout'
  AND (e.ended IS NULL OR e.ended > :at OR (e.counted = 1 AND e.entered = :t))
  AND e.entered <= (SELECT coalesce(max(r.at), e.entered - 1) FROM main.runs r WHERE r.at <= :at)
UNION
SELECT o.playbook, d.t FROM main.dispatches d JOIN main.headers h ON h.header = d.header
JOIN main.occurrences o ON o.occurrence = d.occurrence JOIN main.runs r ON r.run = h.run
WHERE o.playbook = :playbook AND d.unit = :unit AND d.kind = 0 AND d.t = :t AND h.status <> 'suppressed' AND r.at <= :at
"""
