"""A block's steps as they nest: the syntax tree says how, the instructions say what.

The checker writes the code of a block from its steps in order, so that walking the steps again meets each instruction
where it was written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from ....grammar import syntax
from ....grammar.record import record
from ...program import ir
from ...program.windows import elapsed

T = TypeVar("T")


@record
class Act:
    """An action. ``reasons`` are those of its ``despite`` lines, by what they lift."""

    action: ir.Action
    reasons: tuple[tuple[str, str], ...] = ()


@record
class Pause:
    waiting: ir.Wait | ir.WaitUntil


@record
class Finish:
    """Leaves the playbook."""


@record
class Named:
    name: str
    steps: tuple[Node, ...]


@record
class OnDay:
    day: ir.WaitDay
    steps: tuple[Node, ...]


@record
class Await:
    waiting: ir.WaitFor
    met: tuple[Node, ...]
    unmet: tuple[Node, ...]


@record
class Choice:
    """``branches`` are tried in order; who meets none goes the way of ``otherwise``."""

    branches: tuple[tuple[ir.Condition, tuple[Node, ...]], ...]
    otherwise: tuple[Node, ...]


@record
class Arm:
    """``share`` in hundredths of a percent; ``name`` None for the control group."""

    share: int
    name: str | None
    steps: tuple[Node, ...]


@record
class Parting:
    """A split."""

    name: str
    arms: tuple[Arm, ...]


@record
class Again:
    """Steps that are repeated ``every`` so long, ``at_most`` so many times."""

    every: ir.Duration
    at_most: int
    steps: tuple[Node, ...]


Node = Act | Pause | Finish | Named | OnDay | Await | Choice | Parting | Again


def outline(steps: Sequence[syntax.Step], code: Sequence[ir.Instruction]) -> tuple[Node, ...]:
    """Return the steps of a sound block as they nest, with the instructions that its ``code`` has for them."""
    walk = _Walk(code)
    nodes = walk.nodes(steps)
    assert walk.position == len(code), (walk.position, len(code))
    return nodes


@dataclass(slots=True)
class _Walk:
    code: Sequence[ir.Instruction]
    position: int = 0

    def _take(self, kind: type[T]) -> T:
        instruction = self.code[self.position]
        assert isinstance(instruction, kind), (instruction, self.position)
        self.position += 1
        return instruction

    def nodes(self, steps: Sequence[syntax.Step]) -> tuple[Node, ...]:
        return tuple(self._node(step) for step in steps)

    def _node(self, step: syntax.Step) -> Node:
        match step:
            case syntax.Stop():
                self._take(ir.Stop)
                return Finish()
            case syntax.Wait():
                return Pause(self._take(ir.Wait))
            case syntax.WaitUntil():
                return Pause(self._take(ir.WaitUntil))
            case syntax.NamedStep(name, steps):
                return Named(name.text, self.nodes(steps))
            case syntax.DayBlock(_, _, steps):
                return OnDay(self._take(ir.WaitDay), self.nodes(steps))
            case syntax.If() | syntax.Split() | syntax.WaitFor() | syntax.Repeat():
                return self._forked(step)
        reasons = tuple((each.what, each.reason) for each in step.despite) if isinstance(step, syntax.Push) else ()
        return Act(self._action(), reasons)

    def _action(self) -> ir.Action:
        instruction = self.code[self.position]
        assert isinstance(instruction, ir.Action), (instruction, self.position)
        self.position += 1
        return instruction

    def _forked(self, step: syntax.If | syntax.Split | syntax.WaitFor | syntax.Repeat) -> Node:
        match step:
            case syntax.If():
                return self._choice(step)
            case syntax.Split():
                return self._parting(step)
            case syntax.WaitFor(_, _, then, otherwise):
                waiting = self._take(ir.WaitFor)
                met = self.nodes(then)
                if otherwise:
                    self._take(ir.Jump)
                return Await(waiting, met, self.nodes(otherwise))
            case syntax.Repeat(every, at_most, steps):
                start = self.position
                inside = self.nodes(steps)
                # Each further pass is a wait and the same code again.
                self.position += (at_most - 1) * (self.position - start + 1)
                return Again(elapsed(every), at_most, inside)

    def _choice(self, step: syntax.If) -> Choice:
        branches = []
        for place, (_, steps) in enumerate(step.branches):
            condition = self._take(ir.Branch).condition
            branches.append((condition, self.nodes(steps)))
            if step.otherwise or place < len(step.branches) - 1:
                self._take(ir.Jump)
        return Choice(tuple(branches), self.nodes(step.otherwise))

    def _parting(self, step: syntax.Split) -> Parting:
        self._take(ir.Divide)
        arms = []
        for place, arm in enumerate(step.arms):
            steps = self.nodes(arm.steps)
            if place < len(step.arms) - 1:
                self._take(ir.Jump)
            arms.append(Arm(arm.share.parts, arm.name.text if arm.name else None, steps))
        return Parting(step.name.text, tuple(arms))
