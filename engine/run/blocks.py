"""What a block is called across the versions of its playbook: its trigger, which survives that blocks are added or moved."""

from __future__ import annotations

import sqlite3

from ..program.digest import encode, load_version
from ..program.ir import Playbook


def block_name(playbook: Playbook, index: int) -> str:
    """The name under which a block's progress is kept: its trigger, with an ordinal where that repeats."""
    return _names(playbook)[index]


def block_numbers(connection: sqlite3.Connection, playbook: Playbook) -> tuple[int, ...]:
    """The number of each block, by position: a name keeps the number it had when a version first brought it.

    Entries and occurrences are kept under these numbers, so that re-entry goes on counting when another block is put above.
    """
    versions = connection.execute(_VERSIONS, (playbook.name,)).fetchall()
    if all(digest == playbook.version for digest, _ in versions):
        return tuple(range(len(playbook.blocks)))
    known: dict[str, int] = {}
    for _, source in versions:
        for name in _names(load_version(source).playbook):
            known.setdefault(name, len(known))
    return tuple(known.setdefault(name, len(known)) for name in _names(playbook))


_VERSIONS = "SELECT digest, source FROM playbook_versions WHERE playbook = ? ORDER BY version"


def _names(playbook: Playbook) -> list[str]:
    triggers = [encode(block.trigger) for block in playbook.blocks]
    return [f"{trigger}#{triggers[:index].count(trigger)}" for index, trigger in enumerate(triggers)]
