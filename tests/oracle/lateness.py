"""What still happens when a run comes late: windows by the ``catch up`` line of a playbook."""

from __future__ import annotations

from qingting.engine.program import ir

PUNCTUAL = 10 * ir.MINUTE
MISSED = 2 * ir.HOUR
STALE = ir.DAY


def made_up(playbook: ir.Playbook, missed: list[tuple[int, int]], now: int) -> list[tuple[int, int]]:
    """Of the missed occurrences of a schedule (first their instants, in order) those that still run."""
    which, within = _line(playbook)
    if which == "none":
        return [one for one in missed if now - one[0] <= PUNCTUAL]
    if which == "all":
        return [one for one in missed if within is None or now - one[0] <= within]
    return [one for one in missed[-1:] if now - one[0] <= (MISSED if within is None else within)]


def is_own_date_missed(playbook: ir.Playbook, due: int, now: int) -> bool:
    """Whether a member's own date lies too far back; each is the latest of its members."""
    return not made_up(playbook, [(due, due)], now)


def fact_window(playbook: ir.Playbook) -> int | None:
    """How late facts may come that start something; None for any time."""
    which, within = _line(playbook)
    if which == "none":
        return PUNCTUAL
    if within is not None:
        return within
    return None if which == "all" else STALE


def step_window(playbook: ir.Playbook) -> int | None:
    """How late the steps of a journey may come; None for any time."""
    which, within = _line(playbook)
    return PUNCTUAL if which == "none" else within


def _line(playbook: ir.Playbook) -> tuple[str, int | None]:
    line = playbook.catch_up
    if line is None:
        return "latest", None
    assert line.within is None or not line.within.months
    return line.which, None if line.within is None else line.within.micros
