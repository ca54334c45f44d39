"""What is asked when rules are explained, and a rule as an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..program.ir import Block, Playbook, Program, Push
from ..run.units import GROUP
from .answers import Node
from .view import View

EVERY_LEAF = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as a test, and the reason it gives where it applies."""

    reason: str
    node: Node


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose rules are asked: a block of a playbook in a program, seen in a view.

    Only what was decided before the record ``leaf`` counts. ``number`` is the block's; ``steps`` are the
    instructions whose rules matter.
    """

    program: Program
    playbook: Playbook
    block: Block
    number: int
    view: View
    lang: str
    steps: Sequence[object]
    leaf: int = EVERY_LEAF

    @property
    def pushes(self) -> list[Push]:
        """The pushes among the steps that go to what is seen, a member or a group."""
        return [step for step in self.steps if isinstance(step, Push) and self.concerns(step)]

    def concerns(self, step: object) -> bool:
        """Whether a step is done to what is seen: pushes to groups are no member's, and other steps no group's."""
        to_group = self.playbook.groups is not None or (isinstance(step, Push) and step.groups is not None)
        return to_group == (self.view.kind == GROUP)

    @property
    def is_marketing(self) -> bool:
        """Whether caps, the policy's holdout and marketing consents bind the playbook."""
        return self.playbook.category == "marketing"
