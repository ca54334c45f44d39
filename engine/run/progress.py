"""How far blocks have been handled: what is new to a block begins there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a block has been handled: instants up to ``handled``, facts up to ``mark``."""

    handled: int
    mark: int


ProgressTable = dict[tuple[str, str], Progress]
"""How far each block is handled, by playbook and the block's name."""
