"""What the conditions of a playbook ask of a member's journey, and the text in which the steps done stand in tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..program.ir import Condition, Cutoff, CutoffKind, Library
from ..query.needs import DateNeed, InstantNeed, MonthDayNeed, StartNeed, needs_of
from ..query.normal import normal
from ..query.story import Story

_NAME_END, _STEP_END = "\x1f", "\x1e"


@dataclass(frozen=True, slots=True)
class Asks:
    """Which parts of a story conditions ask for; ``steps`` are the names of steps, in code-point order."""

    entered: bool = False
    waited: bool = False
    event: bool = False
    steps: tuple[str, ...] = ()

    def entering(self, t: int, fact: int | None = None) -> Story:
        """The story of who enters at t by a fact, as far as it is asked for; a wait that is met at once begins at t."""
        return Story(t if self.entered else None, t if self.waited else None, fact if self.event else None)


    def of(self, story: Story) -> Story:
        """What of a story is asked for; never when a wait began."""
        return Story(
            story.entered if self.entered else None, None, story.event if self.event else None,
            story.steps if self.steps else (),
        )


def asks_of(conditions: Iterable[Condition], library: Library) -> Asks:
    """What the conditions ask of a journey."""
    needs = {need for condition in conditions for need in needs_of(normal(condition, library))}
    cutoffs: set[Cutoff] = set()
    for need in needs:
        match need:
            case InstantNeed(cutoff) | DateNeed(cutoff):
                cutoffs.add(cutoff)
            case MonthDayNeed(window):
                cutoffs.update(end for end in (window.low, window.high) if end is not None)
    kinds = {cutoff.kind for cutoff in cutoffs}
    steps = {cutoff.name for cutoff in cutoffs if cutoff.kind is CutoffKind.STEP}
    return Asks(CutoffKind.ENTRY in kinds, CutoffKind.WAIT in kinds, StartNeed() in needs, tuple(sorted(steps)))


def steps_text(steps: tuple[tuple[str, int], ...]) -> str:
    """The steps done as one text.

    >>> read_steps(steps_text((("首触", 5),)))
    (('首触', 5),)
    """
    return "".join(f"{name}{_NAME_END}{instant}{_STEP_END}" for name, instant in steps)


def read_steps(text: str | None) -> tuple[tuple[str, int], ...]:
    """The steps that a text says; none in an empty or missing one."""
    parts = [part.split(_NAME_END) for part in (text or "").split(_STEP_END) if part]
    return tuple((name, int(instant)) for name, instant in parts)
