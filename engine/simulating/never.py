"""Why a playbook never does anything to anybody."""

from __future__ import annotations

from ..program.ir import Playbook, Schedule
from .counting import Tally
from .model import Why


def why_never(playbook: Playbook, tally: Tally, suppressed: int, *, refused: bool, failed: bool) -> Why:
    """Why nothing of a playbook was dispatched: the first reason that applies, from the outside in.

    ``suppressed`` are its records; ``refused`` says that its guard refused it, ``failed`` that it failed as it ran.
    """
    if playbook.state != "live":
        return "paused" if playbook.state == "paused" else "draft"
    if failed:
        return "failed"
    if refused:
        return "guard"
    if suppressed:
        return "all_suppressed"
    if tally.in_flight or tally.entered:
        return "waiting"
    if tally.duplicate:
        return "already_in"
    if tally.occurrences:
        return "nobody"
    if tally.missed:
        return "missed"
    scheduled = all(isinstance(block.trigger, Schedule) for block in playbook.blocks)
    return "no_occurrence" if scheduled else "nothing_started"
