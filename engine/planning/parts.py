"""The parts of a program by digests, so that it can be told which of them are others now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from ..program.digest import digest_of
from ..program.ir import Playbook, Program

_DIGITS = 16
KINDS = (
    "attributes", "events", "tags", "tag_groups", "segments", "metrics", "templates", "coupons", "redpackets", "products",
    "sources", "activities", "ladders",
)
"""What is declared by name, as the fields of a library are called."""
_WHOLE = ("points", "rules", "holidays")

Parts = Mapping[str, Mapping[str, str]]
"""Digests by kind and name; what has no name stands under ""."""


@dataclass(frozen=True, slots=True)
class PartMoved:
    """Something declared that is new, gone, or says something else. ``kind`` as in :data:`Parts`, or ``files``."""

    kind: str
    name: str
    how: Literal["new", "gone", "changed"]

    def to_json(self) -> dict[str, str]:
        """The entry with its keys."""
        return {"kind": self.kind, "name": self.name, "how": self.how}


def parts_of_program(program: Program) -> dict[str, dict[str, str]]:
    """Everything that decides, by kind and name: playbooks, declarations, the policy."""
    library = program.library
    found = {"playbooks": {name: _playbook(playbook) for name, playbook in program.playbooks.items()}}
    found["blocked"] = {name: ",".join(codes) for name, codes in sorted(program.blocked.items())}
    for kind in KINDS:
        declared: Mapping[str, object] = getattr(library, kind)
        found[kind] = {name: digest_of(value)[:_DIGITS] for name, value in sorted(declared.items())}
    found["policy"] = {"": digest_of(program.policy)[:_DIGITS]}
    for kind in _WHOLE:
        found[kind] = {"": digest_of(getattr(library, kind))[:_DIGITS]}
    return found


def _playbook(playbook: Playbook) -> str:
    besides = (playbook.about, playbook.owner, playbook.state, playbook.budgets)
    return digest_of((playbook.version, *besides))[:_DIGITS]


def moved_parts(before: Parts, after: Parts) -> tuple[PartMoved, ...]:
    """What differs between two sets of parts, by kind and name."""
    return tuple(
        moved
        for kind in [*after, *(kind for kind in before if kind not in after)]
        for moved in _moved(kind, before.get(kind, {}), after.get(kind, {}))
    )


def _moved(kind: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[PartMoved]:
    for name in sorted(before.keys() | after.keys()):
        if name not in before:
            yield PartMoved(kind, name, "new")
        elif name not in after:
            yield PartMoved(kind, name, "gone")
        elif before[name] != after[name]:
            yield PartMoved(kind, name, "changed")
