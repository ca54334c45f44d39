"""Steps: a block's nested steps as one row of instructions with forward jumps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from ...grammar import syntax
from . import ir
from .actions import resolve_action
from .conditions import resolve_member_condition
from .groups import check_step_of_groups
from .identities import Path, base_identity, of_pass
from .ir import CutoffKind
from .pushes import Place
from .windows import clock_minutes, duration

_WHOLE = 10_000
HOLDOUT = "holdout"
# A run looks at every position of a block's code, so that code must not grow without end.
LONGEST_CODE = 1000


@dataclass(slots=True)
class Flow:
    """Writes the code of a playbook's blocks, one after the other.

    ``counts`` are the identities met so far, ``splits`` the names of splits; ``repeats`` says how many repeats are open.
    """

    counts: Counter[str] = field(default_factory=Counter)
    splits: set[str] = field(default_factory=set)
    code: list[ir.Instruction] = field(default_factory=list)
    repeats: int = 0

    def write_block(self, place: Place, steps: Sequence[syntax.Step]) -> tuple[ir.Instruction, ...]:
        """Return the instructions of one block; errors go to the entry of the place."""
        self.code = []
        self._write_all(place, steps, ())
        return tuple(self.code)

    def _write_all(self, place: Place, steps: Sequence[syntax.Step], path: Path) -> None:
        _warn_coupon_beside_push(place, steps)
        _check_days(place, steps)
        for step in steps:
            self._write(place, step, path)

    def _write(self, place: Place, step: syntax.Step, path: Path) -> None:
        if place.groups and not check_step_of_groups(place.context, step):
            return
        match step:
            case syntax.Stop():
                self.code.append(ir.Stop())
            case syntax.Wait(written):
                found = duration(place.context.entry, written)
                if found:
                    self.code.append(ir.Wait(found))
            case syntax.WaitUntil(weekday, clock):
                self.code.append(ir.WaitUntil(clock_minutes(clock), weekday))
            case syntax.NamedStep(name, steps):
                self._write_all(place, steps, (*path, name.text))
            case syntax.If():
                self._write_if(place, step, path)
            case syntax.Split():
                self._write_split(place, step, path)
            case syntax.DayBlock():
                self._write_day(place, step, path)
            case syntax.WaitFor():
                self._write_wait_for(place, step, path)
            case syntax.Repeat():
                self._write_repeat(place, step, path)
            case _:
                self._write_action(place, step, path)

    def _write_action(self, place: Place, step: syntax.Action, path: Path) -> None:
        base = base_identity(step, path)
        assert base is not None
        self.counts[base] += 1
        ordinal = self.counts[base]
        action = resolve_action(place, step, base if ordinal == 1 else f"{base} #{ordinal}")
        if action is not None:
            self.code.append(action)

    def _write_if(self, place: Place, step: syntax.If, path: Path) -> None:
        exits: list[int] = []
        for position, (condition, steps) in enumerate(step.branches):
            found = resolve_member_condition(place.context, condition)
            branch = self._reserve()
            self._write_all(place, steps, path)
            if step.otherwise or position < len(step.branches) - 1:
                exits.append(self._reserve())
            # An unsound condition is an error already; the playbook is blocked and this code never runs.
            self.code[branch] = ir.Branch(found or ir.Always(False), len(self.code))
        self._write_all(place, step.otherwise, path)
        self._land(exits)

    def _write_split(self, place: Place, split: syntax.Split, path: Path) -> None:
        self._check_split(place, split)
        start = self._reserve()
        exits: list[int] = []
        arms: list[tuple[str, int, int]] = []
        bound = 0
        for position, arm in enumerate(split.arms):
            bound += arm.share.parts
            arms.append((arm.name.text if arm.name else HOLDOUT, bound, len(self.code)))
            self._write_all(place, arm.steps, path)
            if position < len(split.arms) - 1:
                exits.append(self._reserve())
        self.code[start] = ir.Divide(_draw_name(place, split), tuple(arms))
        self._land(exits)

    def _check_split(self, place: Place, split: syntax.Split) -> None:
        entry = place.context.entry
        total = sum(arm.share.parts for arm in split.arms)
        if total != _WHOLE:
            entry.error("E409", split.span, name=split.name.text, total=f"{total / 100:g}%")
        if split.name.text in self.splits:
            entry.error("E412", split.name.span, name=split.name.text)
        self.splits.add(split.name.text)
        labels: set[str] = set()
        for arm in split.arms:
            label = arm.name.text if arm.name else HOLDOUT
            if arm.share.parts <= 0:
                entry.error("E410", arm.share.span)
            if label in labels:
                entry.error("E411", arm.name.span if arm.name else arm.span, name=label)
            labels.add(label)

    def _write_day(self, place: Place, step: syntax.DayBlock, path: Path) -> None:
        if self.repeats:
            place.context.entry.error("E435", step.span)
        start = self._reserve()
        self._write_all(place, step.steps, path)
        clock = clock_minutes(step.clock) if step.clock else None
        self.code[start] = ir.WaitDay(step.day, clock, len(self.code))

    def _write_wait_for(self, place: Place, step: syntax.WaitFor, path: Path) -> None:
        waiting = replace(place.context, since=CutoffKind.WAIT)
        condition = resolve_member_condition(waiting, step.condition)
        up_to = duration(place.context.entry, step.up_to)
        start = self._reserve()
        self._write_all(place, step.then, path)
        exits = [self._reserve()] if step.otherwise else []
        otherwise = len(self.code)
        self._write_all(place, step.otherwise, path)
        self._land(exits)
        self.code[start] = ir.WaitFor(condition or ir.Always(False), up_to or ir.Duration(0), otherwise)

    def _write_repeat(self, place: Place, step: syntax.Repeat, path: Path) -> None:
        entry, start = place.context.entry, len(self.code)
        every = duration(entry, step.every)
        self.repeats += 1
        self._write_all(place, step.steps, path)
        self.repeats -= 1
        body = self.code[start:]
        if start + step.at_most * (len(body) + 1) > LONGEST_CODE:
            entry.error("E436", step.span, most=LONGEST_CODE, count=step.at_most * (len(body) + 1))
            return
        gap = self._gap(place, step, every, body) if every else ir.Duration(0)
        for number in range(2, step.at_most + 1):
            self.code.append(ir.Wait(gap))
            self.code.extend(of_pass(body, len(self.code) - start, number))

    def _gap(
        self, place: Place, step: syntax.Repeat, every: ir.Duration, body: Sequence[ir.Instruction]
    ) -> ir.Duration:
        """The wait between two passes, so that each begins ``every`` after the one before."""
        waits = [i for i in body if isinstance(i, ir.Waiting)]
        if not waits:
            return every
        plain = [i.duration for i in waits if isinstance(i, ir.Wait)]
        inside = sum(each.micros for each in plain)
        straight = not any(isinstance(i, ir.Branch | ir.Divide | ir.Jump) for i in body)
        months = every.months or any(each.months for each in plain)
        if straight and len(plain) == len(waits) and not months and inside < every.micros:
            return ir.Duration(every.micros - inside)
        if not any(isinstance(i, ir.WaitDay) for i in waits):
            place.context.entry.warn("W432", step.span)
        return every

    def _reserve(self) -> int:
        self.code.append(ir.Jump(0))
        return len(self.code) - 1

    def _land(self, exits: Sequence[int]) -> None:
        for position in exits:
            self.code[position] = ir.Jump(len(self.code))


def _draw_name(place: Place, split: syntax.Split) -> str:
    # A member's arm is stable for the playbook and the split's name.
    return f"split:{place.context.entry.key.name}\0{split.name.text}"


def _warn_coupon_beside_push(place: Place, steps: Sequence[syntax.Step]) -> None:
    for first, second in pairwise(steps):
        match first, second:
            case (syntax.IssueCoupon() as coupon, syntax.Push(coupon=None)) | (
                syntax.Push(coupon=None),
                syntax.IssueCoupon() as coupon,
            ):
                place.context.entry.warn("W401", coupon.span, coupon=coupon.coupon.text)


def _check_days(place: Place, steps: Sequence[syntax.Step]) -> None:
    days = [step for step in steps if isinstance(step, syntax.DayBlock)]
    for earlier, later in pairwise(days):
        if not _comes_later(earlier, later):
            place.context.entry.error_with(
                "E434", later.span, [earlier.span], day=f"D{later.day}", before=f"D{earlier.day}"
            )


def _comes_later(earlier: syntax.DayBlock, later: syntax.DayBlock) -> bool:
    if earlier.day != later.day:
        return earlier.day < later.day
    # Without a clock it is that of the entry, which may be earlier or later than any other.
    if earlier.clock is None or later.clock is None:
        return earlier.clock is not later.clock
    return earlier.clock.value < later.clock.value
