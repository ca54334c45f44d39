"""How far blocks have been handled: what is new to a block begins there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a block has been handled: instants up to ``handled``, facts up to ``mark``."""

    handled: int
    mark: int

    @property
    def values(self) -> dict[str, int]:
        """The names under which statements about journeys bind them."""
        return {"since_mark": self.mark, "handled": self.handled}


JOURNEYS = "journeys"
"""The name under which it is kept how far the journeys of a playbook have been looked at: they wait while it is at rest."""

ProgressTable = dict[tuple[str, str], Progress]
"""How far each block is handled, by playbook and the block's name."""
