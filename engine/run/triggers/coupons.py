"""Coupons that are used, or about to expire."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlglot import exp

from ...program.clock import add_duration, day_start, local_day
from ...program.ir import DAY, Always, CouponExpires, CouponUsed, Daily
from ..context import BlockRun, RunContext, Values
from ..judge import compiler_for
from ..news import COUPON_FACTS, find_news, placed
from ..progress import Progress
from ..schedules import dues
from ..statement import fill_once
from ..zones import in_zone, zones_of

_MONTH = 31 * DAY


def find_used(ctx: RunContext, run: BlockRun, trigger: CouponUsed, since: Progress) -> None:
    """Finds the facts that a coupon was used."""
    coupon = ctx.coupons.get(trigger.coupon)
    if coupon is not None and find_news(ctx, COUPON_FACTS, coupon, since):
        ctx.execute(_USED, placed(ctx, run))


_USED = """
INSERT OR IGNORE INTO run_triggers (playbook, block, unit, fact, due, at, arrived)
SELECT :playbook, :block, n.unit, n.seq, max(n.at, n.arrived), n.at, n.arrived
FROM news n CROSS JOIN coupon_facts f WHERE f.seq = n.seq AND f.kind = 'used'
"""


@dataclass(frozen=True, slots=True)
class _Expiring:
    """The expiries in [low, high), and the instant that they lead to; None is so long before each of them."""

    instant: int | None
    low: int
    high: int


def find_expiring(ctx: RunContext, run: BlockRun, trigger: CouponExpires, since: Progress) -> None:
    """Finds the coupons that are held at the instant that lies so long before they expire, where it has come."""
    coupon = ctx.coupons.get(trigger.coupon)
    if coupon is None or not ctx.look_up(_ANY, (coupon,)):
        return
    zone = run.playbook.zone
    by_clock = trigger.clock is not None or trigger.ahead.months > 0
    # Elapsed time is the same on every clock.
    for name in zones_of(ctx, zone) if by_clock else [zone.name]:
        own = in_zone(name, zone.name) if by_clock and zone.per_member else Always(True)
        for span in _spans(ctx, trigger, coupon, name, since):
            instant = span.low - trigger.ahead.micros if span.instant is None else span.instant
            compiler = compiler_for(ctx, run, instant)
            test = compiler.predicate(own, exp.column("unit", "c"), "f")
            values: Values = {
                **placed(ctx, run), **compiler.parameters.values, "coupon": coupon, "low": span.low,
                "high": span.high, "instant": span.instant, "ahead": trigger.ahead.micros, "frame": ctx.frame(instant, name),
            }
            ctx.execute(fill_once(_EXPIRING, test=test), values)


_ANY = "SELECT 1 FROM extents WHERE relation = 'coupon' AND key = ?"
_EXPIRING = """
INSERT OR IGNORE INTO run_triggers (playbook, block, unit, fact, due, at, arrived)
SELECT :playbook, :block, c.unit, c.seq, c.instant, c.instant, c.instant
FROM (
  SELECT k.unit, k.instant, (
    SELECT min(i.seq) FROM coupon_facts i
    WHERE i.code = k.code AND i.kind = 'issued' AND i.at <= k.instant AND i.arrived <= :at) AS seq
  FROM (
    SELECT code, unit, coalesce(:instant, expires - :ahead) AS instant FROM coupons
    WHERE coupon = :coupon AND NOT expires IS NULL AND expires >= :low AND expires < :high) k
  WHERE NOT EXISTS (
    SELECT 1 FROM coupon_facts g
    WHERE g.code = k.code AND g.kind IN ('used', 'cancelled') AND g.at <= k.instant AND g.arrived <= :at)) c
CROSS JOIN frames f
WHERE f.frame = :frame AND NOT c.seq IS NULL AND test
"""


def _spans(
    ctx: RunContext, trigger: CouponExpires, coupon: int, zone: str, since: Progress
) -> Iterator[_Expiring]:
    """The instants in (handled, T], on the clock of a zone, with the expiries that lead to them."""
    ahead = trigger.ahead
    if ahead.months:
        yield from _by_months(ctx, trigger, coupon, zone, since)
    elif trigger.clock is None:
        yield _Expiring(None, since.handled + ahead.micros + 1, ctx.at + ahead.micros + 1)
    else:
        for due in dues(Daily(None, (trigger.clock,)), zone, since.handled, ctx.at):
            day = local_day(due.instant, zone) + timedelta(days=ahead.micros // DAY)
            yield _Expiring(due.instant, day_start(day, zone), day_start(day + timedelta(days=1), zone))


def _by_months(
    ctx: RunContext, trigger: CouponExpires, coupon: int, zone: str, since: Progress
) -> Iterator[_Expiring]:
    """Months lead to the same day, or the last of its month, so that each expiry is moved by itself."""
    reach = (trigger.ahead.months + 1) * _MONTH
    values: Values = {"coupon": coupon, "low": since.handled - DAY, "high": ctx.at + reach}
    clocks = {} if trigger.clock is None else {
        local_day(due.instant, zone): due.instant
        for due in dues(Daily(None, (trigger.clock,)), zone, since.handled, ctx.at)
    }
    for (expires,) in ctx.rows(_EXPIRIES, values):
        moved = add_duration(expires, trigger.ahead, zone, -1)
        instant = moved if trigger.clock is None else clocks.get(local_day(moved, zone))
        if instant is not None and since.handled < instant <= ctx.at:
            yield _Expiring(instant, expires, expires + 1)


_EXPIRIES = """
SELECT DISTINCT expires FROM coupons
WHERE coupon = :coupon AND expires IS NOT NULL AND expires > :low AND expires <= :high ORDER BY expires
"""
