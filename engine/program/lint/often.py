"""Schedules and blocks that push more often than the caps, or the channel itself, let through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ....grammar import syntax
from ....grammar.diagnostics import Diagnostic
from .. import ir
from ..builtin_names import channel_name
from ..channel_rules import limits_of
from ..identities import substeps
from .clocks import clocks_of
from .material import Material, Pair, warn
from .moving import period_of
from .quiet import binds
from .repeating import stays


def pointless_for_caps(material: Material) -> Iterator[Diagnostic]:
    """W422: a schedule that falls due more often a day than a cap lets anybody be told.

    W453: one that falls due more often a day, every day, than the channel delivers to one customer.
    """
    for pair in material.pairs:
        for written, block in pair.blocks:
            times, push = _times_a_day(block), _first_push(block)
            if times < 2 or push is None or block.reentry is not None or block.waits:
                continue
            if not stays(material, pair.playbook, block, ir.DAY // times):
                continue
            cap = _daily_cap(material, pair.playbook, push)
            if cap is not None and cap < times:
                yield warn(pair.entry, "W422", written.trigger.span, times=times, number=cap)
            else:
                yield from _beyond_the_channel(pair, written, block, push, min(times, cap) if cap else times)


def _times_a_day(block: ir.Block) -> int:
    clocks = clocks_of(block)
    return len(clocks) if clocks is not None and period_of(block) is not None else 1


def _first_push(block: ir.Block) -> ir.Push | None:
    """The push with which a block begins, so that everybody in its audience gets to it."""
    first = block.code[0] if block.code else None
    return first if isinstance(first, ir.Push) and first.groups is None and not first.despite_caps else None


def _daily_cap(material: Material, playbook: ir.Playbook, push: ir.Push) -> int | None:
    numbers = [
        cap.number for cap in material.program.policy.caps
        if cap.per is None and binds(cap, playbook) and cap.channel in (None, push.channel)
    ]
    return min(numbers, default=None)


def _beyond_the_channel(
    pair: Pair, written: syntax.Block, block: ir.Block, push: ir.Push, times: int
) -> Iterator[Diagnostic]:
    limits = limits_of(push.channel)
    every_day = isinstance(block.trigger, ir.Interval) or (
        isinstance(block.trigger, ir.Daily) and block.trigger.weekdays is None
    )
    if limits is not None and limits.daily is not None and every_day and times > limits.daily:
        yield warn(
            pair.entry, "W453", written.trigger.span, channel=push.channel, times=times, number=limits.daily,
            rules=limits.rules,
        )


def pushes_beyond_caps(material: Material) -> Iterator[Diagnostic]:
    """W423: a push in a block that a cap never lets through, since so many went out at the same instant before it."""
    for pair in material.pairs:
        caps = [cap for cap in material.program.policy.caps if binds(cap, pair.playbook) and not cap.defer]
        for written, _ in pair.blocks if caps else ():
            for cap in caps:
                yield from _Counter(material, pair, cap).through(written.steps)


class _Counter:
    """Counts the pushes that everybody got before a step, without a wait between them."""

    def __init__(self, material: Material, pair: Pair, cap: ir.Cap) -> None:
        self.material, self.pair, self.cap = material, pair, cap
        self.found: list[Diagnostic] = []

    def through(self, steps: Sequence[syntax.Step]) -> list[Diagnostic]:
        self._count(steps, 0)
        return self.found[:1]

    def _count(self, steps: Sequence[syntax.Step], before: int) -> int:
        for step in steps:
            before = self._after(step, before)
        return before

    def _after(self, step: syntax.Step, before: int) -> int:
        match step:
            case syntax.Push():
                return self._pushed(step, before)
            case syntax.NamedStep(_, steps):
                return self._count(steps, before)
            case syntax.If(branches, otherwise):
                ways = [self._count(steps, before) for _, steps in branches]
                return min([*ways, self._count(otherwise, before)])
            case syntax.Split(_, arms):
                return min((self._count(arm.steps, before) for arm in arms), default=before)
            case syntax.Wait() | syntax.WaitUntil() | syntax.DayBlock() | syntax.WaitFor() | syntax.Repeat():
                for inner in _inner(step):
                    self._count(inner, 0)
                return 0
        return before

    def _pushed(self, push: syntax.Push, before: int) -> int:
        if any(line.what == "caps" for line in push.despite) or not self._is_counted(push):
            return before
        if before >= self.cap.number:
            self.found.append(warn(self.pair.entry, "W423", push.span, number=self.cap.number))
        return before + 1

    def _is_counted(self, push: syntax.Push) -> bool:
        if push.groups is not None:
            return False
        if self.cap.channel is None:
            return True
        if push.channel is not None:
            return channel_name(push.channel.text) == self.cap.channel
        name = push.content.text if isinstance(push.content, syntax.Name) else ""
        template = self.material.library.templates.get(name)
        return template is not None and template.channel == self.cap.channel


def _inner(step: syntax.Step) -> list[Sequence[syntax.Step]]:
    if isinstance(step, syntax.WaitFor):
        return [step.then, step.otherwise]
    return [substeps(step)]
