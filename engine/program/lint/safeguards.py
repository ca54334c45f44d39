"""What keeps a mistake small: caps, a guard, tests. Told once for the workspace."""

from __future__ import annotations

from collections.abc import Iterator

from ....grammar.diagnostics import Diagnostic
from .. import ir
from .material import Material, Pair, warn
from .quiet import binds


def missing_safeguards(material: Material) -> Iterator[Diagnostic]:
    """W448: no cap above the pushes of marketing. W449: no guard above schedules. W450: files of playbooks untested.

    Each once, at the first playbook without it.
    """
    pairs = [pair for pair in material.pairs if any(block.pushes for block in pair.playbook.blocks)]
    yield from _once("W448", [pair for pair in pairs if _is_uncapped(pair, material.program.policy)])
    yield from _once("W449", [pair for pair in pairs if _is_unguarded(pair, material.program.policy)])
    tested = material.around.test_files
    if tested:
        yield from _once("W450", [pair for pair in material.pairs if _test_of(pair) not in tested])


def _once(code: str, pairs: list[Pair]) -> Iterator[Diagnostic]:
    if pairs:
        first = pairs[0]
        name, span = first.playbook.name, first.written.name.span
        hint = "groups" if first.playbook.groups is not None else None
        yield warn(first.entry, code, span, hint=hint, name=name, number=len(pairs), test=_test_of(first))


def _test_of(pair: Pair) -> str:
    return pair.entry.file.removesuffix(".sop") + "_test.yaml"


def _is_uncapped(pair: Pair, policy: ir.Policy) -> bool:
    caps = [cap for cap in policy.caps if binds(cap, pair.playbook)]
    if pair.playbook.category != "marketing":
        return False
    pushes = [i for block in pair.playbook.blocks for i in block.code if isinstance(i, ir.Push)]
    return any(
        not push.despite_caps and push.groups is None and not any(cap.channel in (None, push.channel) for cap in caps)
        for push in pushes
    )


def _is_unguarded(pair: Pair, policy: ir.Policy) -> bool:
    if policy.guard is not None or pair.playbook.guard is not None or pair.playbook.groups is not None:
        return False
    narrow = pair.playbook.take is not None
    return not narrow and any(isinstance(block.trigger, ir.Schedule) and block.pushes for block in pair.playbook.blocks)
