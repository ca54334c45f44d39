"""How much of the playbooks the cases have tried: steps reached, and tests and branches that came out both ways."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ...grammar.record import record
from ..program.ir import Action, All, Always, Any, Block, Branch, Condition, Divide, Not, Playbook, WaitFor
from ..program.words.conditions import describe
from ..program.words.steps import waiting_words
from ..program.words.values import Tongue, quoted

Kind = Literal["step", "test", "branch", "arm"]
Key = tuple[str, Kind, int, int]
"""Playbook, kind, block, and the place in it: a position of its code, or the number of a test."""
Fork = Branch | WaitFor | Divide


@record
class Piece:
    """One piece of a playbook and how often it came out either way.

    ``yes``: the step was carried out, the test true, the branch (or the arm of a split) taken. ``no``: otherwise.
    """

    playbook: str
    kind: Kind
    text: str
    yes: int
    no: int

    @property
    def never(self) -> Literal["reached", "true", "false"] | None:
        """What was never seen; None where the piece is covered."""
        if self.kind in ("step", "arm"):
            return None if self.yes else "reached"
        return "true" if not self.yes else "false" if not self.no else None


@record
class Coverage:
    """The pieces of all playbooks under test, in the order of each playbook."""

    pieces: tuple[Piece, ...]

    def of(self, *kinds: Kind) -> tuple[Piece, ...]:
        """The pieces of some kinds."""
        return tuple(piece for piece in self.pieces if piece.kind in kinds)


@dataclass(slots=True)
class Counts:
    """What has been seen so far, by piece."""

    yes: Counter[Key] = field(default_factory=Counter)
    no: Counter[Key] = field(default_factory=Counter)

    def see(self, key: Key, *, true: bool, times: int = 1) -> None:
        """Count what came out."""
        (self.yes if true else self.no)[key] += times


def coverage_of(playbooks: Sequence[Playbook], counts: Counts, lang: str) -> Coverage:
    """The coverage of playbooks after everything has been counted."""
    return Coverage(tuple(
        Piece(key[0], key[1], text, counts.yes[key], counts.no[key])
        for playbook in playbooks for key, text in _pieces(playbook, lang)
    ))


def _pieces(playbook: Playbook, lang: str) -> Iterator[tuple[Key, str]]:
    for block in playbook.blocks:
        for place, test in enumerate(tests_of(playbook, block)):
            yield (playbook.name, "test", block.index, place), describe(test, lang)
        for pc, instruction in enumerate(block.code):
            if isinstance(instruction, Action):
                yield (playbook.name, "step", block.index, pc), instruction.step
            elif isinstance(instruction, Branch):
                yield (playbook.name, "branch", block.index, pc), describe(instruction.condition, lang)
            elif isinstance(instruction, WaitFor):
                yield (playbook.name, "branch", block.index, pc), waiting_words(instruction, lang)
            elif isinstance(instruction, Divide):
                for label, _, target in instruction.arms:
                    yield (playbook.name, "arm", block.index, target), _arm_words(instruction, label, lang)


def _arm_words(divide: Divide, label: str, lang: str) -> str:
    name = divide.name.partition("\0")[2]
    return f"{Tongue(lang).word('SPLIT')} {quoted(name)} {quoted(label)}"


def tests_of(playbook: Playbook, block: Block) -> tuple[Condition, ...]:
    """The single tests of the playbook's and a block's audience, in text order, each once; none of groups."""
    if playbook.groups is not None:
        return ()
    whole = [playbook.audience] if block.audience is None else [playbook.audience, block.audience]
    return tuple(dict.fromkeys(test for part in whole for test in _leaves(part)))


def _leaves(condition: Condition) -> Iterator[Condition]:
    match condition:
        case All(items) | Any(items):
            for item in items:
                yield from _leaves(item)
        case Not(item):
            yield from _leaves(item)
        case Always():
            return
        case _:
            yield condition
