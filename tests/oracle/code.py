"""Random code of blocks: steps, branches, splits and waits, laid out with forward jumps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from qingting.engine.program import ir
from qingting.engine.program.identities import of_pass


@dataclass(slots=True)
class Coder:
    """Makes code; ``actions`` are the makers of single steps, given the step's identity."""

    rng: Random
    actions: list[Callable[[str], ir.Action]]
    conditions: list[ir.Condition]
    waits: list[ir.Duration]
    splits: bool
    steps: int = 0
    clocks: bool = False
    days: bool = False
    repeats: bool = False
    wait_for: Callable[[], ir.Condition] | None = None
    """What is waited for, if anything is."""

    def code(self, length: int) -> tuple[ir.Instruction, ...]:
        """Code with about ``length`` steps."""
        out: list[ir.Instruction] = []
        while length > 0:
            length -= self._one(out, 2)
        return tuple(out)

    def _one(self, out: list[ir.Instruction], depth: int) -> int:
        shape = self.rng.random()
        if depth and self._pause(out, depth):
            return 1
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

    def _pause(self, out: list[ir.Instruction], depth: int) -> bool:
        """Perhaps a wait that is more than a time."""
        rng = self.rng
        if self.clocks and rng.random() < 0.3:
            out.append(ir.WaitUntil(rng.choice((0, 150, 600, 1200)), rng.choice((None, None, 1, 6))))
        elif self.days and rng.random() < 0.4:
            start = len(out)
            out.append(ir.Stop())
            self._one(out, depth - 1)
            self._one(out, depth - 1)
            out[start] = ir.WaitDay(rng.choice((0, 0, 1, 2)), rng.choice((None, 150, 600, 1080, 1290)), len(out))
        elif self.wait_for is not None and rng.random() < 0.45:
            self._wait_for(out, depth, self.wait_for())
        elif self.repeats and rng.random() < 0.4:
            start = len(out)
            # Repeats inside repeats would give identities twice.
            self.repeats = False
            self._one(out, depth - 1)
            self.repeats = True
            body = out[start:]
            for number in range(2, rng.choice((3, 4))):
                out.append(ir.Wait(rng.choice((ir.Duration(6 * ir.HOUR), ir.Duration(ir.DAY)))))
                out.extend(of_pass(body, len(out) - start, number))
        else:
            return False
        return True

    def _wait_for(self, out: list[ir.Instruction], depth: int, condition: ir.Condition) -> None:
        start = len(out)
        out.append(ir.Stop())
        if self.rng.random() < 0.8:
            self._one(out, depth - 1)
        end = len(out)
        out.append(ir.Stop())
        up_to = self.rng.choice((30, 120, 600, 1440, 2880)) * ir.MINUTE
        out[start] = ir.WaitFor(condition, ir.Duration(up_to), len(out))
        if self.rng.random() < 0.7:
            self._one(out, depth - 1)
        out[end] = ir.Jump(len(out))

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
