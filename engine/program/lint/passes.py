"""The lint passes in order: each takes the material and yields what it has to say."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ....grammar.diagnostics import Diagnostic
from .audiences import impossible_audiences, impossible_branches
from .behaviours import lapsed_only, unknown_in_not, unwatched_journeys
from .channel_limits import beyond_channel_limits
from .declared import idle_declarations
from .firing import dead_schedules
from .loops import trigger_loops
from .material import Material
from .often import pointless_for_caps, pushes_beyond_caps
from .quiet import quiet_pushes
from .reach import unreachable_steps
from .repeating import days_meant, samples_again, told_again
from .rewards import expired_before_reminder, rewarded_descents, rewards_in_service, stock_too_small
from .safeguards import missing_safeguards

PASSES: tuple[Callable[[Material], Iterator[Diagnostic]], ...] = (
    impossible_audiences, impossible_branches, unreachable_steps, dead_schedules, quiet_pushes, pointless_for_caps,
    pushes_beyond_caps, told_again, samples_again, days_meant, idle_declarations, trigger_loops, lapsed_only,
    unwatched_journeys, unknown_in_not, expired_before_reminder, stock_too_small, rewards_in_service, rewarded_descents,
    missing_safeguards, beyond_channel_limits,
)

CHANGING = frozenset({"W415", "W416", "W417", "W419", "W424", "W445", "W450"})
"""Codes that come and go with the day, the store and the other files, so that an ignore without use says nothing."""


def find_warnings(material: Material) -> tuple[Diagnostic, ...]:
    """Return what all passes say, each thing once."""
    told = {(d.file, d.span, d.code): d for one in PASSES for d in one(material)}
    return tuple(told.values())
