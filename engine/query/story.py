"""What a journey adds to the context of an evaluation: when it began, when its wait began, what started it, what it did."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from ..program.ir import Cutoff, CutoffKind, Window
from .calendar import LATEST


class Story(NamedTuple):
    """The journey of one unit, as far as conditions ask for it.

    ``entered`` and ``waited`` are instants, ``event`` is the seq of the fact that started the journey, ``steps`` are the
    names of steps with the instants at which they were done. None, or absent, is unknown: nothing lies behind it.
    """

    entered: int | None = None
    waited: int | None = None
    event: int | None = None
    steps: tuple[tuple[str, int], ...] = ()

    def instant(self, cutoff: Cutoff) -> int | None:
        """The instant that a cutoff of a journey counts from."""
        match cutoff.kind:
            case CutoffKind.ENTRY:
                return self.entered
            case CutoffKind.WAIT:
                return self.waited
            case _:
                return dict(self.steps).get(cutoff.name)


NO_STORY = Story()
"""The story of a unit outside every journey."""
OF_JOURNEYS = frozenset({CutoffKind.ENTRY, CutoffKind.WAIT, CutoffKind.STEP})
"""The cutoffs that count from something in a journey."""


def placed(cutoff: Cutoff, t: int, story: Story) -> Cutoff:
    """The cutoff with what it says of a journey put in place, so that it counts from t.

    >>> placed(Cutoff(CutoffKind.ENTRY, 0, 1), 100, Story(entered=40)) == Cutoff(CutoffKind.T, -60, 1)
    True
    """
    if cutoff.kind not in OF_JOURNEYS:
        return cutoff
    instant = story.instant(cutoff)
    # Behind the end of all time nothing lies.
    return Cutoff(CutoffKind.T, (LATEST if instant is None else instant) - t, cutoff.plus)


def placed_window(window: Window, t: int, story: Story) -> Window:
    """The window with its ends put in place."""
    low = None if window.low is None else placed(window.low, t, story)
    return replace(window, low=low, high=None if window.high is None else placed(window.high, t, story))
