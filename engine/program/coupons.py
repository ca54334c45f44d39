"""Coupons and red packets: what they give, how often, and with which limits."""

from __future__ import annotations

from typing import Literal

from ...grammar import syntax
from ...grammar.record import record
from . import ir
from .activities import find_times
from .entries import Entry
from .scope import Context
from .values import money_fits
from .windows import clock_minutes, duration, local_end

_WHOLE = 10_000


@record
class MemberLimit:
    """How many one member may have: ``number`` for ever, or per day, year or activity with its ``times``."""

    number: int | None = None
    per: Literal["day", "year", "activity"] | None = None
    times: ir.Times | None = None


def resolve_coupon(context: Context, written: syntax.CouponDecl) -> ir.Coupon:
    """Return a coupon; worth and hours out of range are errors."""
    entry, worth = context.entry, written.worth
    _check_worth(context, worth)
    limit = _limit(context, written.limit)
    return ir.Coupon(
        name=written.name.text,
        face_cents=worth.off_cents or 0,
        threshold_cents=worth.threshold_cents,
        percent_off=worth.percent_off,
        gift=worth.gift.text if worth.gift else None,
        stock=int(written.stock.text) if written.stock else None,
        limit=limit.number,
        limit_per=limit.per,
        limit_times=limit.times,
        validity=_validity(entry, written.validity) if written.validity else None,
        hours=_hours(entry, written.hours) if written.hours else None,
    )


def resolve_redpacket(context: Context, written: syntax.RedpacketDecl) -> ir.Redpacket:
    """Return a red packet; one amount without a range is both its ends."""
    low, high = written.low, written.high or written.low
    for amount in {low, high}:
        money_fits(context.entry, context.scope.settings, amount)
    limit = _limit(context, written.limit)
    return ir.Redpacket(
        name=written.name.text,
        low=low.cents,
        high=high.cents,
        limit=limit.number,
        limit_per=limit.per,
        limit_times=limit.times,
        budget=resolve_budget(context, written.budget) if written.budget else None,
    )


def resolve_budget(context: Context, written: syntax.Budget) -> ir.Budget:
    """Return a budget; yuan are an error where the currency has none."""
    if written.kind == "money":
        money_fits(context.entry, context.scope.settings, syntax.Money(written.amount, written.span))
    return ir.Budget(written.amount, written.kind, written.per_day)


def _limit(context: Context, written: syntax.PerMember | None) -> MemberLimit:
    if written is None:
        return MemberLimit()
    if written.per != "activity" or written.activity is None:
        return MemberLimit(written.number, written.per)
    found = find_times(context, written.activity, None)
    return MemberLimit(written.number, "activity", found[1] if found else None)


def _check_worth(context: Context, worth: syntax.Worth) -> None:
    entry = context.entry
    if worth.off_cents is not None or worth.threshold_cents:
        money_fits(entry, context.scope.settings, syntax.Money(worth.off_cents or worth.threshold_cents, worth.span))
    if worth.off_cents is not None and 0 < worth.threshold_cents < worth.off_cents:
        entry.error("E344", worth.span)
    if worth.percent_off is not None and not 0 < worth.percent_off < _WHOLE:
        entry.error("E342", worth.span)


def _validity(entry: Entry, written: syntax.Validity) -> ir.Validity:
    if written.duration is not None:
        return ir.Validity(duration(entry, written.duration))
    return ir.Validity(None, local_end(written.until) if written.until else None)


def _hours(entry: Entry, written: tuple[syntax.Clock, syntax.Clock]) -> tuple[int, int]:
    start, end = written
    if start.value == end.value:
        entry.error("E345", start.span | end.span)
    return clock_minutes(start), clock_minutes(end)
