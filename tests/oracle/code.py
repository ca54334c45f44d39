"""Random code of blocks: steps, branches, splits and waits, laid out with forward jumps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from qingting.engine.program import ir


@dataclass(slots=True)
class Coder:
    """Makes code; ``actions`` are the makers of single steps, given the step's identity."""

    rng: Random
    actions: list[Callable[[str], ir.Action]]
    conditions: list[ir.Condition]
    waits: list[ir.Duration]
    splits: bool
    steps: int = 0

    def code(self, length: int) -> tuple[ir.Instruction, ...]:
        """Code with about ``length`` steps."""
        out: list[ir.Instruction] = []
        while length > 0:
            length -= self._one(out, 2)
        return tuple(out)

    def _one(self, out: list[ir.Instruction], depth: int) -> int:
        shape = self.rng.random()
        if self.waits and shape < 0.2:
            out.append(ir.Wait(self.rng.choice(self.waits)))
            return 0
        if depth and self.conditions and shape < 0.35:
            self._branch(out, depth)
            return 1
        if depth and self.splits and shape < 0.5:
            self._split(out, depth)
            return 1
        if shape > 0.97:
            out.append(ir.Stop())
            return 1
        self.steps += 1
        out.append(self.rng.choice(self.actions)(f"步骤{self.steps}"))
        return 1

    def _branch(self, out: list[ir.Instruction], depth: int) -> None:
        start = len(out)
        out.append(ir.Stop())
        self._one(out, depth - 1)
        end = len(out)
        out.append(ir.Stop())
        out[start] = ir.Branch(self.rng.choice(self.conditions), len(out))
        if self.rng.random() < 0.6:
            self._one(out, depth - 1)
        out[end] = ir.Jump(len(out))

    def _split(self, out: list[ir.Instruction], depth: int) -> None:
        start = len(out)
        out.append(ir.Stop())
        arms, exits = [], []
        for label, high in (("红包", 3333), ("holdout", 6000), ("对照", 10_000)):
            arms.append((label, high, len(out)))
            if label != "holdout":
                self._one(out, depth - 1)
            exits.append(len(out))
            out.append(ir.Stop())
        for position in exits:
            out[position] = ir.Jump(len(out))
        out[start] = ir.Divide(f"split:甲\0{self.rng.choice(('诱饵', '测试'))}", tuple(arms))
