"""What an expectation says in the words of a playbook, and whether a decision is just that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from ...grammar import syntax
from ...grammar.diagnostics import Diagnostic, Span
from ...grammar.parser import DeclaredNames, parse_text
from ...grammar.record import record
from ..program import ir
from ..program.builtin_names import attribute_name, channel_name, field_name
from ..program.clock import local_to_instant
from ..program.identities import pattern_text
from ..program.ir import Library, ValueType
from ..program.windows import local_start, yyyymmdd
from ..program.words.steps import action_words
from .names import unknown_name

_AROUND = 'playbook "t"\n  every day at 00:00\n    '
# What a playbook asks a reason for needs none in a test.
_REASON = " # test\n"
# A task may be told of by its name alone.
_DUE = " due within 1 day"


@record
class ReadDeed:
    """An action as written, None with ``problems``; their spans are those of the text alone."""

    action: syntax.Action | None
    problems: tuple[Diagnostic, ...] = ()


def read_deed(
    text: str, file: str, names: DeclaredNames, library: Library, playbooks: Mapping[str, object], *, decided: bool = True
) -> ReadDeed:
    """Read one line of a playbook that does something; every name must be declared.

    Only what was never ``decided`` may be a rotation: of what came about the template is known.
    """
    step, problems = _parse(text, file, names)
    if problems:
        due, worse = _parse(text + _DUE, file, names)
        if not worse and isinstance(due, syntax.GiveTask):
            step, problems = due, ()
    if problems:
        return ReadDeed(None, problems)
    whole = Span(0, max(1, len(text)))
    if not isinstance(step, syntax.Action) or (decided and _is_rotating(step)):
        return ReadDeed(None, (Diagnostic("C405", "error", file, whole, {"text": text}),))
    unknown = _unknown_names(step, file, library, playbooks)
    return ReadDeed(None if unknown else step, unknown)


def _is_rotating(step: syntax.Action) -> bool:
    return isinstance(step, syntax.Push) and isinstance(step.content, syntax.Rotation)


def _parse(text: str, file: str, names: DeclaredNames) -> tuple[syntax.Step | None, tuple[Diagnostic, ...]]:
    tree, found = parse_text(_AROUND + text + _REASON, file, names)
    moved = tuple(_moved(problem, len(text)) for problem in found)
    if moved:
        return None, moved
    playbook = tree.declarations[0] if len(tree.declarations) == 1 else None
    if not isinstance(playbook, syntax.PlaybookDecl) or len(playbook.blocks) != 1 or len(playbook.blocks[0].steps) != 1:
        return None, ()
    return playbook.blocks[0].steps[0], ()


def _moved(problem: Diagnostic, length: int) -> Diagnostic:
    """A diagnostic of the text around as one of the text alone."""
    start = min(max(0, problem.span.start - len(_AROUND)), max(0, length - 1))
    end = min(max(start + 1, problem.span.end - len(_AROUND)), max(1, length))
    return replace(problem, span=Span(start, end), related=(), fix=None)


def _unknown_names(
    action: syntax.Action, file: str, library: Library, playbooks: Mapping[str, object]
) -> tuple[Diagnostic, ...]:
    found = []
    for code, name, known in _named(action, library, playbooks):
        if name.text not in known:
            span = Span(max(0, name.span.start - len(_AROUND)), max(1, name.span.end - len(_AROUND)))
            found.append(unknown_name(file, code, name.text, known, span))
    return tuple(found)


def _named(
    action: syntax.Action, library: Library, playbooks: Mapping[str, object]
) -> list[tuple[str, syntax.Name, Mapping[str, object]]]:
    """The names that an action uses: the code for an unknown one, the name, and what is declared."""
    match action:
        case syntax.Push(content=content, coupon=coupon, redpacket=packet):
            named = [("E207", content, library.templates), ("E208", coupon, library.coupons),
                     ("E215", packet, library.redpackets)]
            return [(code, name, known) for code, name, known in named if isinstance(name, syntax.Name)]
        case syntax.Welcome(template):
            return [("E207", template, library.templates)]
        case syntax.GiveTag(tags) | syntax.TakeTag(tags):
            return [("E204", tag, library.tags) for tag in tags]
        case syntax.IssueCoupon(coupon):
            return [("E208", coupon, library.coupons)]
        case syntax.IssueRedpacket(packet):
            return [("E215", packet, library.redpackets)]
        case syntax.EnterPlaybook(playbook):
            return [("E209", playbook, playbooks)]
        case syntax.SetAttribute(name):
            return [] if attribute_name(name.text) in library.attributes else [("E201", name, library.attributes)]
    return []


def is_deed(expected: syntax.Action, action: ir.Action, zone: str) -> bool:
    """Whether a decided action is the expected one; how and when it is done does not count."""
    match expected, action:
        case syntax.Push(), ir.Push():
            return _is_push(expected, action)
        case syntax.Welcome(name), ir.Welcome(template=template):
            return name.text == template
        case (syntax.GiveTag(names), ir.GiveTags(tags=tags)) | (syntax.TakeTag(names), ir.TakeTags(tags=tags)):
            return {name.text for name in names} == set(tags)
        case syntax.IssueCoupon(name), ir.IssueCoupon(coupon=coupon):
            return name.text == coupon
        case syntax.IssueRedpacket(name), ir.IssueRedpacket(redpacket=packet):
            return name.text == packet
        case syntax.ChangePoints(wanted), ir.ChangePoints(delta=delta):
            return wanted == delta
        case syntax.SetAttribute(name, value), ir.SetAttribute(attribute=attribute, value=to):
            return attribute_name(name.text) == attribute.name and _is_value(value, attribute.type, to, zone)
        case syntax.GiveTask(title, _, staff, manager), ir.GiveTask():
            whom = staff.text if staff else None
            open_to_all = whom is None and not manager
            return says(title.text, action.title) and (open_to_all or (whom, manager) == (action.staff, action.manager))
        case syntax.Alert(whom, said), ir.Alert(whom=told, text=text):
            return whom == told and says(said.text, text)
        case syntax.EnterPlaybook(name), ir.EnterPlaybook(playbook=playbook):
            return name.text == playbook
    return False


def says(expected: str, text: str) -> bool:
    """Whether a text is the expected one, or begins with it where that ends in ``*``.

    >>> says("回访*", "回访 {{ 姓名 }}"), says("回访", "回访 {{ 姓名 }}")
    (True, False)
    """
    return text == expected or (expected.endswith("*") and text.startswith(expected[:-1]))


def _is_push(expected: syntax.Push, push: ir.Push) -> bool:
    channel = channel_name(expected.channel.text) if expected.channel else None
    return (
        _is_content(expected.content, push)
        and channel in (None, push.channel)
        and (expected.coupon.text if expected.coupon else None) == push.coupon
        and (expected.redpacket.text if expected.redpacket else None) == push.redpacket
    )


def _is_content(content: syntax.Name | syntax.Rotation, push: ir.Push) -> bool:
    if isinstance(content, syntax.Name):
        return content.text == push.template
    return push.rotation is not None and pattern_text(content.pattern) == push.rotation.pattern


def _is_value(
    value: syntax.Value | syntax.Name, kind: ValueType, to: int | str | ir.FieldRef, zone: str
) -> bool:
    """Whether a written value is what an attribute was set to; of a field of an event only its name is known."""
    match value:
        case syntax.Name(text):
            return isinstance(to, ir.FieldRef) and field_name(text) == to.name
        case syntax.Text(text):
            return text == to
        case syntax.Number(text):
            return to == Decimal(text) * (100 if kind is ValueType.MONEY else ir.NUMBER_SCALE)
        case syntax.Money(cents):
            return to == cents
        case syntax.YesNo(yes):
            return to == int(yes)
        case syntax.Date() | syntax.Instant() if kind is ValueType.INSTANT:
            return to == local_to_instant(local_start(value), zone)
        case syntax.Date(day):
            return to == yyyymmdd(day)
    return False


def possible(action: ir.Action) -> tuple[ir.Action, ...]:
    """What an action may come out as: of a rotation a push of each template."""
    if isinstance(action, ir.Push) and action.rotation is not None:
        return tuple(plain(action, f"{template}@") for template in action.rotation.templates)
    return (plain(action, None),)


def plain(action: ir.Action, content: str | None) -> ir.Action:
    """An action as it was decided, with no word on how and when.

    Of a rotation it is the template chosen (``content`` of its record), the rotation itself where none was.
    """
    if not isinstance(action, ir.Push):
        return action
    template = content.rpartition("@")[0] if content and "@" in content else action.template
    return replace(
        action, template=template, rotation=None if template else action.rotation, within=None, confirmed=None,
        despite_caps=False, despite_quiet=False,
    )


def deed_words(action: ir.Action, lang: str) -> str:
    """An action in the words of a playbook."""
    return action_words(action, lang)
