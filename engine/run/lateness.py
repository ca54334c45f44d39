"""How late is too late: what a playbook's line ``catch up`` means for schedules, for facts and for the steps of journeys.

A window is a number of microseconds, and None is without end: something handled longer than its window after its instant
is late. A month in a window is 31 days, since a tolerance needs no calendar.
"""

from __future__ import annotations

from ..program.ir import DAY, HOUR, MINUTE, CatchUp, Duration, Playbook

PUNCTUAL = 10 * MINUTE
"""What is handled no later than this after its instant is on time."""
_LATEST_SCHEDULE = 2 * HOUR
_LATEST_FACT = DAY
_MONTH = 31 * DAY


def schedule_window(playbook: Playbook) -> int | None:
    """How old an occurrence of a schedule may be and still run; whether all of several do, says :func:`runs_all`."""
    return window_of(playbook.catch_up or CatchUp("latest"), _LATEST_SCHEDULE)


def runs_all(playbook: Playbook) -> bool:
    """Whether of several missed occurrences of a schedule each runs; else only the latest does."""
    return playbook.catch_up is not None and playbook.catch_up.which != "latest"


def event_window(playbook: Playbook) -> int | None:
    """How much later than its instant a fact may arrive, or be handled, and still start a block."""
    return window_of(playbook.catch_up or CatchUp("latest"), _LATEST_FACT)


def step_window(playbook: Playbook) -> int | None:
    """How much later than it fell due a step of a journey may be handled and still be carried out."""
    return window_of(playbook.catch_up or CatchUp("all"), None)


def window_of(catch_up: CatchUp, usual: int | None) -> int | None:
    """The window of a line ``catch up``; ``usual`` is that of ``latest`` where the line gives none."""
    if catch_up.which == "none":
        return PUNCTUAL
    if catch_up.within is not None:
        return elapsed(catch_up.within)
    return usual if catch_up.which == "latest" else None


def elapsed(duration: Duration) -> int:
    """A duration in microseconds, a month as 31 days.

    >>> elapsed(Duration(HOUR, months=1)) == 31 * DAY + HOUR
    True
    """
    return duration.micros + duration.months * _MONTH


def taking(late_by: int) -> CatchUp:
    """The line ``catch up`` that still takes what is so late: whole hours, from two days on whole days.

    >>> taking(HOUR + 1).within == Duration(2 * HOUR), taking(2 * DAY + 1).within == Duration(3 * DAY)
    (True, True)
    """
    unit = HOUR if late_by <= 2 * DAY else DAY
    return CatchUp("all", Duration(-(-late_by // unit) * unit))


def is_late(instant: int, at: int, window: int | None) -> bool:
    """Whether something due at ``instant`` and handled at ``at`` is late by a window.

    >>> is_late(0, PUNCTUAL, PUNCTUAL), is_late(0, PUNCTUAL + 1, PUNCTUAL), is_late(0, DAY, None)
    (False, True, False)
    """
    return window is not None and at - instant > window
