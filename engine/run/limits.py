"""Limits per member: who has had as many of a coupon or red packet as one may have."""

from __future__ import annotations

from sqlglot import exp

from ..program.ir import Coupon, Cutoff, CutoffKind, IssueCoupon, IssueRedpacket, Push, Redpacket
from ..stores.sqlite.identifiers import with_names
from .context import BlockRun, RunContext, StepAction
from .statement import fill

Window = tuple[Cutoff | None, Cutoff | None]


def coupon_of(action: StepAction) -> str | None:
    """The coupon that a step gives away."""
    return action.coupon if isinstance(action, Push | IssueCoupon) else None


def redpacket_of(action: StepAction) -> str | None:
    """The red packet that a step gives away."""
    return action.redpacket if isinstance(action, Push | IssueRedpacket) else None


def apply_limit(ctx: RunContext, run: BlockRun, pc: int, action: StepAction) -> None:
    """``per_member_limit`` for rows that have had as many of the step's coupon or red packet as a member may have."""
    library = ctx.program.library
    coupon, redpacket = coupon_of(action), redpacket_of(action)
    if coupon is not None:
        _mark_over(ctx, pc, library.coupons[coupon], ctx.coupons[coupon], _COUPONS_HAD)
    if redpacket is not None:
        _mark_over(ctx, pc, library.redpackets[redpacket], ctx.redpackets[redpacket], _REDPACKETS_HAD)


def _mark_over(ctx: RunContext, pc: int, given: Coupon | Redpacket, number: int, text: str) -> None:
    if given.limit is None:
        return
    low, high = limit_window(given)
    places = {
        "low_at": exp.Literal.number(-(2**63) + 1) if low is None else ctx.plan.instant(low, "f"),
        "high_at": exp.Literal.number(2**63 - 1) if high is None else ctx.plan.instant(high, "f"),
    }
    ctx.execute(fill(text, **places), {"pc": pc, "given": number, "limit": given.limit})


def limit_window(given: Coupon | Redpacket) -> Window:
    """The instants [low, high), seen from t, in which those had count against the limit; None is open.

    Of an activity that recurs it is the latest holding that began.
    """
    match given.limit_per:
        case "day":
            return Cutoff(CutoffKind.DAY, 0), Cutoff(CutoffKind.DAY, 1)
        case "year":
            return Cutoff(CutoffKind.YEAR, 0), Cutoff(CutoffKind.YEAR, 1)
        case "activity":
            assert given.limit_times is not None
            ends = (CutoffKind.LATEST_START, CutoffKind.LATEST_END)
            return Cutoff(ends[0], times=given.limit_times), Cutoff(ends[1], times=given.limit_times)
    return None, None


_HAD = """
UPDATE flow SET outcome = 'per_member_limit' WHERE unit IN (
  SELECT s.unit FROM flow s JOIN frames f ON f.frame = s.frame WHERE s.pc = :pc AND s.outcome IS NULL AND
    (SELECT count(*) FROM $kept c WHERE c.$kind = :given AND c.unit = s.unit AND c.cancelled IS NULL
       AND c.taken >= low_at AND c.taken < high_at)
    + (SELECT count(*) FROM $decided c WHERE c.$kind = :given AND c.unit = s.unit
       AND c.at >= low_at AND c.at < high_at) >= :limit)
"""
_COUPONS_HAD = with_names(_HAD, kind="coupon", kept="coupons", decided="run_coupons")
_REDPACKETS_HAD = with_names(_HAD, kind="redpacket", kept="redpackets", decided="run_redpackets")
