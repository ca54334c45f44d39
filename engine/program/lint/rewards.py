"""Coupons and rewards that are given too often, too late or too few."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ....grammar import syntax
from ....grammar.diagnostics import Diagnostic, Span
from .. import ir
from ..identities import all_steps
from .material import Material, Pair, nodes, warn

_MINUTES = {"minute": 1, "hour": 60, "day": 1440, "week": 7 * 1440, "month": 31 * 1440}


def rewards_in_service(material: Material) -> Iterator[Diagnostic]:
    """W446: coupons in a service playbook, which caps and the global holdout do not bind."""
    for pair in material.pairs:
        if pair.playbook.category != "service":
            continue
        for step, _ in all_steps(pair.written.blocks):
            span = _reward_span(step)
            if span is not None:
                yield warn(pair.entry, "W446", span, name=pair.playbook.name)
                break


def _reward_span(step: syntax.Step) -> Span | None:
    match step:
        case syntax.IssueCoupon() | syntax.IssueRedpacket():
            return step.span
        case syntax.Push(coupon=syntax.Name() as name) | syntax.Push(redpacket=syntax.Name() as name):
            return name.span
    return None


def rewarded_descents(material: Material) -> Iterator[Diagnostic]:
    """W447: ``tier becomes`` also says who comes down to a tier; a block under it gives something."""
    for pair in material.pairs:
        for written, block in pair.blocks:
            if not isinstance(block.trigger, ir.TierMoves) or block.trigger.direction != "becomes":
                continue
            ladder = material.library.ladders.get(block.trigger.ladder)
            if ladder is not None and ladder.rungs and ladder.rungs[0].name == block.trigger.tier:
                continue  # nobody comes down to the highest
            if any(_gives(instruction) for instruction in block.code):
                yield warn(pair.entry, "W447", written.trigger.span, tier=block.trigger.tier)


def _gives(instruction: ir.Instruction) -> bool:
    match instruction:
        case ir.IssueCoupon() | ir.IssueRedpacket():
            return True
        case ir.Push(coupon=coupon, redpacket=redpacket):
            return coupon is not None or redpacket is not None
        case ir.ChangePoints(_, delta):
            return delta > 0
    return False


def expired_before_reminder(material: Material) -> Iterator[Diagnostic]:
    """W444: a reminder of a coupon at a time when it has expired already."""
    for pair in material.pairs:
        for written, block in pair.blocks:
            trigger = block.trigger
            if isinstance(trigger, ir.CouponExpires):
                life = _life(material.library, trigger.coupon)
                ahead = trigger.ahead.micros // ir.MINUTE + trigger.ahead.months * _MINUTES["month"]
                if life is not None and ahead >= life:
                    yield warn(pair.entry, "W444", written.trigger.span, hint="ahead", coupon=trigger.coupon)
            yield from _Lives(material, pair).through(written.steps)


def _life(library: ir.Library, name: str) -> int | None:
    """The minutes that a coupon lives at most, None without a limit or until a date."""
    coupon = library.coupons.get(name)
    validity = coupon.validity if coupon is not None else None
    if validity is None or validity.until is not None:
        return None
    if validity.duration is None:
        return _MINUTES["day"]
    return validity.duration.micros // ir.MINUTE + validity.duration.months * _MINUTES["month"]


@dataclass(slots=True)
class _Lives:
    """Goes through steps with how long ago, at least, each coupon was given."""

    material: Material
    pair: Pair
    ages: dict[str, int] = field(default_factory=dict)
    found: list[Diagnostic] = field(default_factory=list)

    def through(self, steps: Sequence[syntax.Step]) -> list[Diagnostic]:
        self._walk(steps)
        return self.found

    def _walk(self, steps: Sequence[syntax.Step]) -> None:
        for step in steps:
            match step:
                case syntax.Wait(duration):
                    for coupon in self.ages:
                        self.ages[coupon] += duration.count * _MINUTES[duration.unit]
                case syntax.IssueCoupon(coupon=name) | syntax.Push(coupon=syntax.Name() as name):
                    self.ages[name.text] = 0
                case syntax.NamedStep(_, inner):
                    self._walk(inner)
                case syntax.If(branches):
                    for condition, _ in branches:
                        self._ask(condition)
                    self._forget(step)
                case syntax.WaitFor(condition):
                    self._ask(condition)
                    self._forget(step)
                case syntax.Split() | syntax.Repeat() | syntax.DayBlock() | syntax.WaitUntil():
                    self._forget(step)

    def _forget(self, step: syntax.Step) -> None:
        """What is given on one of several ways is not followed."""
        for inner, _ in all_steps([syntax.Block(_NO_TRIGGER, None, None, (), (step,), step.span)]):
            match inner:
                case syntax.IssueCoupon(coupon=name) | syntax.Push(coupon=syntax.Name() as name):
                    self.ages.pop(name.text, None)

    def _ask(self, condition: syntax.Condition) -> None:
        for node in nodes(condition):
            if isinstance(node, syntax.HoldsCoupon) and node.coupon.text in self.ages:
                life = _life(self.material.library, node.coupon.text)
                if life is not None and self.ages[node.coupon.text] >= life:
                    self.found.append(warn(self.pair.entry, "W444", node.span, coupon=node.coupon.text))


_NO_TRIGGER = syntax.WhenEntered(Span(0, 0))


def stock_too_small(material: Material) -> Iterator[Diagnostic]:
    """W445: fewer coupons in stock than members in the audience of a schedule, by what the store holds now."""
    store = material.around.store
    if store is None:
        return
    for pair in material.pairs:
        for written, block in pair.blocks:
            coupon = _scarce(material.library, pair.playbook, block)
            if coupon is None or coupon.stock is None or not isinstance(block.trigger, ir.Schedule):
                continue
            if coupon.stock >= store.members():
                continue  # counting an audience takes long where there are many
            audience = pair.playbook.audience
            whole = audience if block.audience is None else ir.All((audience, block.audience))
            size = store.audience_size(material.library, whole, pair.playbook.zone.name)
            if coupon.stock < size:
                yield warn(pair.entry, "W445", written.trigger.span, coupon=coupon.name, stock=coupon.stock, size=size)


def _scarce(library: ir.Library, playbook: ir.Playbook, block: ir.Block) -> ir.Coupon | None:
    """The coupon with the smallest stock that a block gives to everybody it begins with."""
    first = block.code[0] if block.code else None
    name = first.coupon if isinstance(first, ir.Push | ir.IssueCoupon) else None
    coupon = library.coupons.get(name) if name is not None else None
    if coupon is None or coupon.stock is None:
        return None
    return None if playbook.take is not None and playbook.take.number <= coupon.stock else coupon
