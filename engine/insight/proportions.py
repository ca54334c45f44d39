"""Shares of a number, and how far they may be from the truth: 95% intervals.

Sources: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the American
Statistical Association 22 (1927), 209-212, for one share; R. G. Newcombe, "Interval estimation for the difference between
independent proportions: comparison of eleven methods", Statistics in Medicine 17 (1998), 873-890, method 10, for two.
Both hold for small numbers and for shares of nothing and of all, where the usual formula gives intervals without width.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

Z = 1.959963984540054
"""The 97.5% point of the normal distribution."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number between two ends that hold the true one in 95 of 100 cases."""

    value: float
    low: float
    high: float


def share_of(reached: int, total: int) -> Estimate:
    """The share of ``reached`` in ``total``, at least one, with Wilson's interval.

    >>> share_of(15, 148)
    Estimate(value=0.10135135135135136, low=0.06238594..., high=0.16050567...)
    """
    value, square = reached / total, Z * Z
    centre = (reached + square / 2) / (total + square)
    reach = Z * sqrt(reached * (total - reached) / total + square / 4) / (total + square)
    # At the ends rounding may leave the true bound by a hair.
    low = 0.0 if reached == 0 else centre - reach
    high = 1.0 if reached == total else centre + reach
    return Estimate(value, low, high)


def difference_of(one: Estimate, other: Estimate) -> Estimate:
    """How much larger the share ``one`` is than ``other``, negative where it is smaller, with Newcombe's interval.

    >>> difference_of(share_of(56, 70), share_of(48, 80))
    Estimate(value=0.2..., low=0.0524..., high=0.3338...)
    """
    value = one.value - other.value
    low = value - sqrt((one.value - one.low) ** 2 + (other.high - other.value) ** 2)
    high = value + sqrt((one.high - one.value) ** 2 + (other.value - other.low) ** 2)
    return Estimate(value, low, high)
