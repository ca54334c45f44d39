"""Withdrawing what waits for members to whom nothing may go out any more."""

from __future__ import annotations

from collections.abc import Sequence

from .due import waiting_for_members
from .outcomes import Settled, record_outcomes
from .store import DeliveryStore


def handed_over(store: DeliveryStore, units: Sequence[int]) -> int:
    """Return how many dispatches for the members ``units`` a channel has in hand, so that what becomes of them is not known."""
    return sum(each.owner is not None for each in waiting_for_members(store, units))


def withdraw_waiting(store: DeliveryStore, units: Sequence[int], at: int, reason: str) -> int:
    """Withdraw, at the instant ``at``, what waits for the members ``units`` and is in no channel's hands; return how many.

    Coupons and red packets reserved for them go back. Inside a write transaction.
    """
    waiting = [each for each in waiting_for_members(store, units) if each.owner is None]
    record_outcomes(store, at, [Settled(each, each.attempt, "withdrawn", reason) for each in waiting], owner=None)
    return len(waiting)
