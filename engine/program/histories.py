"""Tests of what came to the member by us: pushes, coupons, red packets, journeys, and goods that run out."""

from __future__ import annotations

from dataclasses import replace

from ...grammar import syntax
from . import ir
from .events import counted
from .ir import FieldRef, TextPattern, ValueType, Window
from .queries import counted_since, find_window, past_window
from .scope import Context, find, find_patterns, unknown, use

_ORDER_EVENTS = ("order", "下单", "购买", "purchase", "buy")
"""What an event of buying may be called; the first that is declared is the one that replenishment goes by."""
_QUANTITY = "qty"

Counted = ir.Received | ir.UsedCoupon | ir.ReceivedRedpacket


def happened_window(context: Context, window: syntax.Window | None) -> tuple[Window | None, bool]:
    """Return when something must have happened, and whether the words for it are sound."""
    if window is None:
        return counted_since(context), True
    found = past_window(context, window)
    return found, found is not None


def _so_often(test: Counted, count: syntax.Count | None) -> ir.Condition:
    """The test with its count; never is the complement of once."""
    low, high = counted(count)
    return ir.Not(test) if high == 0 else replace(test, at_least=low, at_most=high)


def resolve_received(context: Context, test: syntax.Received) -> ir.Condition | None:
    """Return a test of pushes received from a playbook or one of its steps."""
    playbook = find(context, "playbook", test.playbook)
    window, sound = happened_window(context, test.window)
    if playbook is None or not sound:
        return None
    step = test.step.text if test.step else None
    steps = context.scope.playbooks[playbook]
    if test.step and steps is not None and test.step.text not in steps:
        unknown(context, "E210", test.step, steps, playbook=playbook)
        return None
    return _so_often(ir.Received(playbook, step, None, 1, None, window), test.count)


def resolve_received_template(context: Context, test: syntax.ReceivedTemplate) -> ir.Condition | None:
    """Return a test of pushes received with a template."""
    templates = find_patterns(context, "template", [test.template])
    window, sound = happened_window(context, test.window)
    if templates is None or not sound:
        return None
    return _so_often(ir.Received(None, None, templates[0], 1, None, window), test.count)


def resolve_redpacket(context: Context, test: syntax.ReceivedRedpacket) -> ir.Condition | None:
    """Return a test of red packets received."""
    redpacket = find(context, "redpacket", test.redpacket)
    window, sound = happened_window(context, test.window)
    if redpacket is None or not sound:
        return None
    return _so_often(ir.ReceivedRedpacket(redpacket, 1, None, window), test.count)


def resolve_used_coupon(context: Context, test: syntax.UsedCoupon) -> ir.Condition | None:
    """Return a test of coupons used."""
    coupon = find(context, "coupon", test.coupon)
    window, sound = happened_window(context, test.window)
    if coupon is None or not sound:
        return None
    return _so_often(ir.UsedCoupon(coupon, 1, None, window), test.count)


def resolve_holds_coupon(context: Context, test: syntax.HoldsCoupon) -> ir.Condition | None:
    """Return a test of a coupon held, perhaps one that expires at some time."""
    coupon = find(context, "coupon", test.coupon)
    expiring = find_window(context, test.expiring) if test.expiring else None
    if coupon is None or (test.expiring and expiring is None):
        return None
    return ir.HoldsCoupon(coupon, expiring)


def resolve_in_playbook(context: Context, test: syntax.InPlaybook) -> ir.Condition | None:
    """Return a test of a journey that goes on."""
    playbook = find(context, "playbook", test.playbook)
    return None if playbook is None else ir.InPlaybook(playbook)


def resolve_finished_playbook(context: Context, test: syntax.FinishedPlaybook) -> ir.Condition | None:
    """Return a test of a journey that came to its end."""
    playbook = find(context, "playbook", test.playbook)
    window, sound = happened_window(context, test.window)
    return ir.FinishedPlaybook(playbook, window) if playbook is not None and sound else None


def resolve_due_to_reorder(context: Context, test: syntax.DueToReorder) -> ir.Condition | None:
    """Return a test of when what was bought runs out; the product says how long one piece lasts."""
    product = find(context, "product", test.product)
    window = find_window(context, test.window)
    event = _order_event(context, test)
    if product is None or window is None or event is None:
        return None
    lasts = context.scope.products[product].lasts
    if lasts is None:
        context.entry.error("E366", test.product.span, name=product)
        return None
    query = ir.EventQuery(event, (TextPattern(product),))
    return ir.DueToReorder(product, query, lasts, _quantity(context, event), window)


def _order_event(context: Context, test: syntax.DueToReorder) -> str | None:
    events = context.scope.events
    name = next((name for name in _ORDER_EVENTS if name in events), None)
    if name is None:
        doubts = [context.scope.doubtful[name] for name in _ORDER_EVENTS if name in context.scope.doubtful]
        context.entry.doubts.update(*doubts)
        if not doubts:
            context.entry.error("E367", test.span)
        return None
    return use(context, "event", name, test.product)


def _quantity(context: Context, event: str) -> FieldRef | None:
    kind = context.scope.events[event].get(_QUANTITY)
    return FieldRef(_QUANTITY, kind) if kind is ValueType.NUMBER else None
