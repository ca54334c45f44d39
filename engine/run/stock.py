"""Stock and limits of coupons: who still gets one.

Scarce stock goes by draw within an occurrence. One after the other in that order, a member finds the stock used up
(``stock``), has had as many as allowed (``per_member_limit``), or takes one.
"""

from __future__ import annotations

from sqlglot import exp

from ..program.ir import Action, Coupon, Cutoff, CutoffKind, IssueCoupon, Push
from .context import BlockRun, RunContext
from .failures import StockContended
from .statement import fill


def apply_limit(ctx: RunContext, run: BlockRun, pc: int, action: Action) -> None:
    """``per_member_limit`` for rows that have had as many of the step's coupon as a member may have."""
    name = coupon_of(action)
    if name is not None and ctx.program.library.coupons[name].limit is not None:
        _mark_over_limit(ctx, pc, ctx.program.library.coupons[name])


def apply_stock(ctx: RunContext, run: BlockRun, pc: int, action: Action) -> None:
    """``stock`` for rows that find none left when their turn comes.

    Comes after the limit and incomplete texts, since those who take none leave it to others, and yet has the first
    word: whoever comes when all is gone has the reason ``stock``. Raises StockContended where the result would depend
    on the order of instants that are decided together.
    """
    name = coupon_of(action)
    if name is None or ctx.program.library.coupons[name].stock is None:
        return
    left = stock_left(ctx, name)
    wanted, refused = ctx.rows(_DEMAND, {"pc": pc})[0]
    if wanted > left or (refused and wanted == left):
        if left > 0 and ctx.mixed_wave:
            raise StockContended
        # Whether an earlier item was to have what is gone, the wave asks at its end.
        ctx.counters.refused.add(name)
        ctx.execute(_RATION, {"pc": pc, "left": max(left, 0), "playbook": run.name + "\0"})
    elif refused and ctx.mixed_wave:
        ctx.counters.refused.add(name)


def coupon_of(action: Action) -> str | None:
    """The coupon that a step gives away."""
    return action.coupon if isinstance(action, Push | IssueCoupon) else None


def stock_left(ctx: RunContext, name: str) -> int:
    """How many of a coupon are left, what the run has taken already gone."""
    stock = ctx.program.library.coupons[name].stock
    return (stock or 0) - ctx.count(_TAKEN, {"coupon": ctx.coupons[name]}) - taken_now(ctx, name)


def taken_now(ctx: RunContext, name: str) -> int:
    """How many of a coupon the run has taken."""
    return ctx.count(_TAKEN_NOW, {"coupon": ctx.coupons[name]})


_TAKEN = "SELECT count(*) FROM coupons WHERE coupon = :coupon AND cancelled IS NULL"
_TAKEN_NOW = "SELECT count(*) FROM run_coupons WHERE coupon = :coupon"
_DEMAND = """
SELECT coalesce(sum(outcome IS NULL), 0), coalesce(sum(outcome IN ('per_member_limit', 'incomplete')), 0)
FROM flow WHERE pc = :pc
"""


def _mark_over_limit(ctx: RunContext, pc: int, coupon: Coupon) -> None:
    low, high = _limit_window(ctx, coupon)
    values = {"pc": pc, "coupon": ctx.coupons[coupon.name], "limit": coupon.limit}
    ctx.execute(fill(_OVER, low_at=low, high_at=high), values)


def _limit_window(ctx: RunContext, coupon: Coupon) -> tuple[exp.Expression, exp.Expression]:
    if coupon.limit_per is None:
        return exp.Literal.number(-(2**63) + 1), exp.Literal.number(2**63 - 1)
    kind = CutoffKind.DAY if coupon.limit_per == "day" else CutoffKind.YEAR
    return ctx.plan.instant(Cutoff(kind, 0), "f"), ctx.plan.instant(Cutoff(kind, 1), "f")


_OVER = """
UPDATE flow SET outcome = 'per_member_limit' WHERE unit IN (
  SELECT s.unit FROM flow s JOIN frames f ON f.frame = s.frame WHERE s.pc = :pc AND s.outcome IS NULL AND
    (SELECT count(*) FROM coupons c WHERE c.coupon = :coupon AND c.unit = s.unit AND c.cancelled IS NULL
       AND c.taken >= low_at AND c.taken < high_at)
    + (SELECT count(*) FROM run_coupons c WHERE c.coupon = :coupon AND c.unit = s.unit
       AND c.at >= low_at AND c.at < high_at) >= :limit)
"""


_RATION = """
UPDATE flow SET outcome = 'stock' WHERE unit IN (
  SELECT unit FROM (
    SELECT s.unit AS unit,
      coalesce(sum(s.outcome IS NULL) OVER (
        ORDER BY s.t, qingting_draw(:playbook || o.name, m.id), m.id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS ahead
    FROM flow s JOIN members m ON m.unit = s.unit JOIN run_occurrences o ON o.occurrence = s.occurrence
    WHERE s.pc = :pc AND (s.outcome IS NULL OR s.outcome IN ('per_member_limit', 'incomplete')))
  WHERE ahead >= :left)
"""
