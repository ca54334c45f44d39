"""What steps are called: the names under which their dispatches are kept and asked for.

An identity is the action and main name as the formatter writes them in English, inside ``step "首触"`` the step's name
and the action; repeated ones get their ordinal, counted through the playbook in text order. The actions of the n-th
pass of a repeat have ``@n`` behind theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ...grammar import syntax
from . import ir
from .builtin_names import attribute_name

Path = tuple[str, ...]


def identity_of(action: str, main: str, path: Path) -> str:
    """Return a step's identity before its ordinal.

    >>> identity_of("push", "猫粮种草", ()), identity_of("push", "猫粮种草", ("首触",))
    ('push "猫粮种草"', '首触/push')
    """
    if path:
        return "/".join((*path, action))
    escaped = main.replace("\\", "\\\\").replace('"', '\\"')
    return f'{action} "{escaped}"'


def base_identity(step: syntax.Step, path: Path) -> str | None:
    """Return the identity of an action without its ordinal, None for other steps."""
    match step:
        case syntax.ChangePoints(delta):
            return "/".join((*path, "points")) if path else f"points {delta:+d}"
        case syntax.Alert(whom):
            return "/".join((*path, "alert")) if path else f"alert {whom}"
    named = _action_and_name(step)
    return identity_of(*named, path) if named else None


def _action_and_name(step: syntax.Step) -> tuple[str, str] | None:
    match step:
        case syntax.Push(content=content):
            return "push", content.text if isinstance(content, syntax.Name) else pattern_text(content.pattern)
        case syntax.Welcome(template):
            return "welcome", template.text
        case syntax.GiveTag(tags):
            return "tag", tags[0].text
        case syntax.TakeTag(tags):
            return "untag", tags[0].text
        case syntax.IssueCoupon(coupon):
            return "coupon", coupon.text
        case syntax.IssueRedpacket(redpacket):
            return "redpacket", redpacket.text
        case syntax.SetAttribute(name):
            return "set", attribute_name(name.text)
        case syntax.GiveTask(title):
            return "task", title.text
        case syntax.EnterPlaybook(playbook):
            return "enter playbook", playbook.text
    return None


def pattern_text(pattern: syntax.Pattern) -> str:
    """Return a pattern as it is written, stars that stand for themselves with a backslash."""
    return pattern.text.replace("*", "\\*") + ("*" if pattern.prefix else "")


def substeps(step: syntax.Step) -> list[syntax.Step]:
    """Return the steps directly inside a step, in text order."""
    match step:
        case syntax.NamedStep(_, steps) | syntax.DayBlock(_, _, steps) | syntax.Repeat(_, _, steps):
            return list(steps)
        case syntax.WaitFor(_, _, then, otherwise):
            return [*then, *otherwise]
        case syntax.If(branches, otherwise):
            return [child for _, steps in branches for child in steps] + list(otherwise)
        case syntax.Split(_, arms):
            return [child for arm in arms for child in arm.steps]
        case _:
            return []


def all_steps(blocks: Iterable[syntax.Block]) -> Iterable[tuple[syntax.Step, Path]]:
    """Yield every step of some blocks with the names of the steps around it, in text order."""
    waiting: list[tuple[syntax.Step, Path]] = [
        (step, ()) for block in reversed(tuple(blocks)) for step in reversed(block.steps)
    ]
    while waiting:
        step, path = waiting.pop()
        yield step, path
        inner = (*path, step.name.text) if isinstance(step, syntax.NamedStep) else path
        waiting.extend((child, inner) for child in reversed(substeps(step)))


def step_names(blocks: Sequence[syntax.Block]) -> frozenset[str]:
    """Return the names by which steps of a playbook can be asked for: step names and first identities."""
    names: set[str] = set()
    for step, path in all_steps(blocks):
        if isinstance(step, syntax.NamedStep):
            names.add("/".join((*path, step.name.text)))
        action = base_identity(step, path)
        if action is not None:
            names.add(action)
    return frozenset(names)


def first_identities(steps: Sequence[syntax.Step]) -> dict[str, syntax.Step]:
    """Return the first step of each identity in a block, in text order."""
    found: dict[str, syntax.Step] = {}
    waiting: list[tuple[syntax.Step, Path]] = [(step, ()) for step in reversed(steps)]
    while waiting:
        step, path = waiting.pop()
        identity = base_identity(step, path)
        if identity is not None:
            found.setdefault(identity, step)
        inner = (*path, step.name.text) if isinstance(step, syntax.NamedStep) else path
        waiting.extend((child, inner) for child in reversed(substeps(step)))
    return found


def names_of_playbook(playbook: ir.Playbook) -> frozenset[str]:
    """Return the names by which the steps of a checked playbook can be asked for."""
    names: set[str] = set()
    for step in (i.step for block in playbook.blocks for i in block.code if isinstance(i, ir.Action)):
        names.add(step)
        # Every step name around an action is a name to ask by; a quoted main name is none.
        path = step.split("/") if '"' not in step else []
        names.update("/".join(path[:depth]) for depth in range(1, len(path)))
    return frozenset(names)


def of_pass(code: Sequence[ir.Instruction], by: int, number: int) -> list[ir.Instruction]:
    """Return the code of a repeat's pass for pass ``number``, ``by`` positions further on.

    A step that a repeat inside repeats as well goes on counting where its last pass ended.
    """
    most: dict[str, int] = {}
    for instruction in code:
        if isinstance(instruction, ir.Action):
            name, own = _pass_of(instruction.step)
            most[name] = max(most.get(name, 0), own)
    return [_moved(instruction, by, number - 1, most) for instruction in code]


def _pass_of(step: str) -> tuple[str, int]:
    """The identity of a step in its first pass, and which pass this is."""
    name, _, number = step.rpartition(" @")
    return (name, int(number)) if name and number.isdigit() else (step, 1)


def _moved(instruction: ir.Instruction, by: int, before: int, most: Mapping[str, int]) -> ir.Instruction:
    match instruction:
        case ir.Branch() | ir.WaitFor() | ir.WaitDay():
            return replace(instruction, otherwise=instruction.otherwise + by)
        case ir.Jump(target):
            return ir.Jump(target + by)
        case ir.Divide(name, arms):
            return ir.Divide(name, tuple((label, bound, position + by) for label, bound, position in arms))
        case ir.Stop() | ir.Wait() | ir.WaitUntil():
            return instruction
        case _:
            name, own = _pass_of(instruction.step)
            return replace(instruction, step=f"{name} @{before * most[name] + own}")
