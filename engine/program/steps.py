"""Steps: a block's nested steps as one row of instructions with forward jumps.

An identity is the action and main name as the formatter writes them in English, inside ``step "首触"``
the step's name and the action; repeated ones get their ordinal, counted through the playbook in text order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ...grammar import syntax
from . import ir
from .conditions import resolve_member_condition
from .headers import resolve_channel
from .scope import Context, find
from .windows import duration

_WHOLE = 10_000
HOLDOUT = "holdout"


@dataclass(slots=True)
class Flow:
    """Writes the code of a playbook's blocks, one after the other.

    ``templates`` are the resolved ones, ``counts`` the identities met so far, ``splits`` the names of splits.
    """

    context: Context
    templates: Mapping[str, ir.Template]
    counts: Counter[str] = field(default_factory=Counter)
    splits: set[str] = field(default_factory=set)
    code: list[ir.Instruction] = field(default_factory=list)

    def write_block(self, steps: Sequence[syntax.Step]) -> tuple[ir.Instruction, ...]:
        """Return the instructions of one block; errors go to the context's entry."""
        self.code = []
        self._write_all(steps, ())
        return tuple(self.code)

    def _write_all(self, steps: Sequence[syntax.Step], path: tuple[str, ...]) -> None:
        self._warn_coupon_beside_push(steps)
        for step in steps:
            self._write(step, path)

    def _write(self, step: syntax.Step, path: tuple[str, ...]) -> None:
        match step:
            case syntax.Push():
                self._write_push(step, path)
            case syntax.GiveTag(tags):
                self._write_tags("tag", tags, path)
            case syntax.TakeTag(tags):
                self._write_tags("untag", tags, path)
            case syntax.IssueCoupon(name):
                identity = self._identity("coupon", name.text, path)
                coupon = find(self.context, "coupon", name)
                if coupon:
                    self.code.append(ir.IssueCoupon(identity, coupon))
            case syntax.Stop():
                self.code.append(ir.Stop())
            case syntax.Wait(written):
                found = duration(self.context.entry, written)
                if found:
                    self.code.append(ir.Wait(found))
            case syntax.NamedStep(name, steps):
                self._write_all(steps, (*path, name.text))
            case syntax.If():
                self._write_if(step, path)
            case syntax.Split():
                self._write_split(step, path)

    def _identity(self, action: str, main: str, path: tuple[str, ...]) -> str:
        base = identity_of(action, main, path)
        self.counts[base] += 1
        ordinal = self.counts[base]
        return base if ordinal == 1 else f"{base} #{ordinal}"

    def _write_push(self, push: syntax.Push, path: tuple[str, ...]) -> None:
        identity = self._identity("push", push.template.text, path)
        name = find(self.context, "template", push.template)
        coupon = find(self.context, "coupon", push.coupon) if push.coupon else None
        template = self.templates.get(name) if name else None
        channel = self._channel(push, template)
        if template is None or channel is None or (push.coupon and coupon is None):
            return
        if "coupon.code" in template.needed and coupon is None:
            self.context.entry.warn("W406", push.span, template=template.name)
        self.code.append(ir.Push(identity, channel, template.name, coupon))

    def _channel(self, push: syntax.Push, template: ir.Template | None) -> str | None:
        if push.channel is None:
            return self._template_channel(push, template)
        channel = resolve_channel(self.context, push.channel)
        if channel and template and template.channel not in (None, channel):
            self.context.entry.error(
                "E414", push.channel.span, template=template.name, theirs=template.channel or "",
                channel=push.channel.text,
            )
            return None
        return channel

    def _template_channel(self, push: syntax.Push, template: ir.Template | None) -> str | None:
        if template is None:
            return None
        if template.channel is None:
            self.context.entry.error("E413", push.span, template=template.name)
            return None
        return resolve_channel(self.context, syntax.Name(template.channel, False, push.template.span))

    def _write_tags(self, action: str, tags: tuple[syntax.Name, ...], path: tuple[str, ...]) -> None:
        identity = self._identity(action, tags[0].text, path)
        found = [find(self.context, "tag", tag) for tag in tags]
        if action == "tag":
            self._warn_exclusive(tags)
        names = tuple(dict.fromkeys(name for name in found if name))
        if len([name for name in found if name]) == len(tags):
            self.code.append(ir.GiveTags(identity, names) if action == "tag" else ir.TakeTags(identity, names))

    def _warn_exclusive(self, tags: tuple[syntax.Name, ...]) -> None:
        scope, first = self.context.scope, dict[str, str]()
        for tag in tags:
            group = scope.tags.get(tag.text)
            if group in scope.exclusive and first.setdefault(group, tag.text) != tag.text:
                self.context.entry.warn("W407", tag.span, tag=tag.text, other=first[group], group=group)

    def _write_if(self, step: syntax.If, path: tuple[str, ...]) -> None:
        exits: list[int] = []
        for position, (condition, steps) in enumerate(step.branches):
            found = resolve_member_condition(self.context, condition)
            branch = self._reserve()
            self._write_all(steps, path)
            if step.otherwise or position < len(step.branches) - 1:
                exits.append(self._reserve())
            # An unsound condition is an error already; the playbook is blocked and this code never runs.
            self.code[branch] = ir.Branch(found or ir.Always(False), len(self.code))
        self._write_all(step.otherwise, path)
        self._land(exits)

    def _write_split(self, split: syntax.Split, path: tuple[str, ...]) -> None:
        self._check_split(split)
        start = self._reserve()
        exits: list[int] = []
        arms: list[tuple[str, int, int]] = []
        bound = 0
        for position, arm in enumerate(split.arms):
            bound += arm.share.parts
            arms.append((arm.name.text if arm.name else HOLDOUT, bound, len(self.code)))
            self._write_all(arm.steps, path)
            if position < len(split.arms) - 1:
                exits.append(self._reserve())
        self.code[start] = ir.Divide(self._draw_name(split), tuple(arms))
        self._land(exits)

    def _draw_name(self, split: syntax.Split) -> str:
        # A member's arm is stable for the playbook and the split's name.
        return f"split:{self.context.entry.key.name}\0{split.name.text}"

    def _check_split(self, split: syntax.Split) -> None:
        entry = self.context.entry
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

    def _reserve(self) -> int:
        self.code.append(ir.Jump(0))
        return len(self.code) - 1

    def _land(self, exits: Sequence[int]) -> None:
        for position in exits:
            self.code[position] = ir.Jump(len(self.code))

    def _warn_coupon_beside_push(self, steps: Sequence[syntax.Step]) -> None:
        for first, second in pairwise(steps):
            match first, second:
                case (syntax.IssueCoupon() as coupon, syntax.Push(coupon=None)) | (
                    syntax.Push(coupon=None),
                    syntax.IssueCoupon() as coupon,
                ):
                    self.context.entry.warn("W401", coupon.span, coupon=coupon.coupon.text)


def identity_of(action: str, main: str, path: tuple[str, ...]) -> str:
    """Return a step's identity before its ordinal.

    >>> identity_of("push", "猫粮种草", ()), identity_of("push", "猫粮种草", ("首触",))
    ('push "猫粮种草"', '首触/push')
    """
    if path:
        return "/".join((*path, action))
    escaped = main.replace("\\", "\\\\").replace('"', '\\"')
    return f'{action} "{escaped}"'


def step_names(blocks: Sequence[syntax.Block]) -> frozenset[str]:
    """Return the names by which steps of a playbook can be asked for: step names and first identities."""
    names: set[str] = set()
    waiting: list[tuple[syntax.Step, tuple[str, ...]]] = [(step, ()) for block in blocks for step in block.steps]
    while waiting:
        step, path = waiting.pop()
        inner = path
        if isinstance(step, syntax.NamedStep):
            inner = (*path, step.name.text)
            names.add("/".join(inner))
        waiting.extend((child, inner) for child in substeps(step))
        action = base_identity(step, path)
        if action is not None:
            names.add(action)
    return frozenset(names)


def substeps(step: syntax.Step) -> list[syntax.Step]:
    """Return the steps directly inside a step, in text order."""
    match step:
        case syntax.NamedStep(_, steps):
            return list(steps)
        case syntax.If(branches, otherwise):
            return [child for _, steps in branches for child in steps] + list(otherwise)
        case syntax.Split(_, arms):
            return [child for arm in arms for child in arm.steps]
        case _:
            return []


def base_identity(step: syntax.Step, path: tuple[str, ...]) -> str | None:
    """Return the identity of an action without its ordinal, None for other steps."""
    match step:
        case syntax.Push(_, template):
            return identity_of("push", template.text, path)
        case syntax.GiveTag(tags):
            return identity_of("tag", tags[0].text, path)
        case syntax.TakeTag(tags):
            return identity_of("untag", tags[0].text, path)
        case syntax.IssueCoupon(coupon):
            return identity_of("coupon", coupon.text, path)
        case _:
            return None
