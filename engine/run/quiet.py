"""Quiet hours: whether an instant lies in them, and when they end."""

from __future__ import annotations

from ..program.clock import local_of, local_to_instant
from ..program.ir import DAY, MINUTE, QuietHours


def quiet_until(quiet: QuietHours, instant: int, zone: str) -> int | None:
    """The instant at which the quiet hours around ``instant`` end, None outside them.

    The range is [start, end) on the local clock, over midnight where end is not after start. An end that the clocks
    skip is the jump; where the clocks go back the end is the first one after ``instant``.

    >>> quiet_until(QuietHours(22 * 60, 8 * 60, "defer"), 23 * 60 * MINUTE, "UTC") == 32 * 60 * MINUTE
    True
    """
    local = local_of(instant, zone)
    clock = local % DAY
    start, end = quiet.start * MINUTE, quiet.end * MINUTE
    inside = start <= clock < end if start < end else clock >= start or clock < end
    if not inside:
        return None
    midnight = local - clock
    ends = midnight + end if clock < end else midnight + DAY + end
    until = local_to_instant(ends, zone)
    return until if until > instant else local_to_instant(ends, zone, 1)
