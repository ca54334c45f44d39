"""Steps that are called something else in another version of a playbook: a push of another text is another step by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher

from ..program.ir import Block, Playbook, Program, Push, Welcome
from ..run.context import StepAction
from ..run.records import actions_of


def renamed_steps(before: Program, after: Program) -> Mapping[tuple[str, str], str]:
    """What steps of ``before``, by playbook and step, are called in ``after``, where they are called something else.

    Steps of one name are the same. Between them, in blocks with the same trigger (or else in the same place), steps of the
    same kind are taken for each other in their order.
    """
    return {
        (name, old): new
        for name in before.playbooks.keys() & after.playbooks.keys()
        for old, new in _of_playbook(before.playbooks[name], after.playbooks[name])
    }


def _of_playbook(before: Playbook, after: Playbook) -> Iterator[tuple[str, str]]:
    names = [{action.step for block in playbook.blocks for action in actions_of(block)} for playbook in (before, after)]
    kept = names[0] & names[1]
    for old, new in _blocks(before, after):
        formerly, now = ([_Named(action, kept) for action in actions_of(block)] for block in (old, new))
        matcher = SequenceMatcher(None, [each.kind for each in formerly], [each.kind for each in now], autojunk=False)
        for first, second, size in matcher.get_matching_blocks():
            for offset in range(size):
                one, other = formerly[first + offset].step, now[second + offset].step
                if one != other:
                    yield one, other


def _blocks(before: Playbook, after: Playbook) -> Iterator[tuple[Block, Block]]:
    left = list(after.blocks)
    single: list[Block] = []
    for block in before.blocks:
        same = next((other for other in left if other.trigger == block.trigger), None)
        if same is None:
            single.append(block)
        else:
            left.remove(same)
            yield block, same
    # A moved clock is another trigger; what is left stands in the same order.
    yield from zip(single, left, strict=False)


class _Named:
    """A step as it is matched: by its name where both versions have it, else by what it does and on which channel."""

    def __init__(self, action: StepAction, kept: set[str]) -> None:
        self.step = action.step
        channel = action.channel if isinstance(action, Push | Welcome) else None
        self.kind = (self.step,) if self.step in kept else (type(action).__name__, channel, "")
