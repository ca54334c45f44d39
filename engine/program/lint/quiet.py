"""Pushes into quiet hours, and texts that say today but may go out tomorrow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ....grammar import syntax
from ....grammar.diagnostics import Diagnostic
from .. import ir
from ..identities import base_identity
from .clocks import Clocks, clocks_of, follow
from .material import Material, Pair, warn
from .plain_text import without_liquid

_OF_TODAY = re.compile(
    r"今天|今日|今晚|今早|今夜|明天|明日|明晚|明早|最后一天|最后\d+小时|最后机会|最后一晚"
    r"|\b(?:today|tonight|tomorrow|last chance|last day|final hours)\b",
    re.IGNORECASE,
)


def quiet_pushes(material: Material) -> Iterator[Diagnostic]:
    """W420: a push that quiet hours always defer or drop. W421: a text of today that may be deferred to another day."""
    for pair in material.pairs:
        quiet = pair.playbook.quiet or material.program.policy.quiet
        caps = [cap for cap in material.program.policy.caps if cap.defer and binds(cap, pair.playbook)]
        if quiet is None and not caps:
            continue
        for written, block in pair.blocks:
            yield from _Walk(material, pair, quiet, caps).through(written, block)


def binds(cap: ir.Cap, playbook: ir.Playbook) -> bool:
    """Whether a cap counts the pushes of a playbook."""
    return playbook.category == "marketing" and cap.groups == (playbook.groups is not None)


@dataclass(slots=True)
class _Walk:
    """Goes through the steps of a block with the clocks at which they are done."""

    material: Material
    pair: Pair
    quiet: ir.QuietHours | None
    caps: list[ir.Cap]
    actions: dict[str, ir.Push] = field(default_factory=dict)
    found: list[Diagnostic] = field(default_factory=list)

    def through(self, written: syntax.Block, block: ir.Block) -> list[Diagnostic]:
        self.actions = {push.template: push for push in block.code if isinstance(push, ir.Push)}
        start = clocks_of(block)
        follow(written.steps, start, start, self._visit)
        return self.found

    def _visit(self, step: syntax.Step, clocks: Clocks | None) -> Clocks | None:
        if not isinstance(step, syntax.Push) or base_identity(step, ()) is None:
            return clocks
        loud = any(line.what == "quiet_hours" for line in step.despite)
        uncapped = any(line.what == "caps" for line in step.despite)
        quiet = None if loud else self.quiet
        if quiet is not None and clocks and all(lies_in(quiet, clock) for clock in clocks):
            self.found.append(warn(
                self.pair.entry, "W420", step.span, hint=quiet.overflow,
                start=_clock(quiet.start), end=_clock(quiet.end), clock=_clock(min(clocks)),
            ))
        elif step.within is None and (_to_another_day(quiet, clocks) or (self._capped(step) and not uncapped)):
            self._say_of_today(step)
        if quiet is None or clocks is None or quiet.overflow == "skip":
            return clocks
        return frozenset(quiet.end if lies_in(quiet, clock) else clock for clock in clocks)

    def _capped(self, step: syntax.Push) -> bool:
        push = self.actions.get(step.content.text) if isinstance(step.content, syntax.Name) else None
        channel = push.channel if push is not None else None
        return any(cap.channel is None or cap.channel == channel for cap in self.caps)

    def _say_of_today(self, step: syntax.Push) -> None:
        library = self.material.library
        names = [step.content.text] if isinstance(step.content, syntax.Name) else [
            name for name in library.templates if name.startswith(step.content.pattern.text)
        ]
        for name in names:
            template = library.templates.get(name)
            said = _OF_TODAY.search(without_liquid(template.body)) if template is not None else None
            if said is not None:
                content = step.content.span
                self.found.append(warn(self.pair.entry, "W421", content, template=name, word=said.group()))
                return


def lies_in(quiet: ir.QuietHours, clock: int) -> bool:
    """Whether a clock lies in quiet hours.

    >>> lies_in(ir.QuietHours(22 * 60, 8 * 60, "defer"), 7 * 60 + 59)
    True
    """
    if quiet.start < quiet.end:
        return quiet.start <= clock < quiet.end
    return clock >= quiet.start or clock < quiet.end


def _to_another_day(quiet: ir.QuietHours | None, clocks: Clocks | None) -> bool:
    """Whether quiet hours may put a push off past midnight: those that go over it, at a clock before it."""
    if quiet is None or quiet.overflow != "defer" or quiet.start < quiet.end:
        return False
    return clocks is None or any(clock >= quiet.start for clock in clocks)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
