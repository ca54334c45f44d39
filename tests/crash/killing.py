"""Killing a command on the way."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from crash.nursery import Nursery
from crash.shop import BY_NAME
from crash.states import is_torn


@dataclass(frozen=True)
class Death:
    """Whether the command was killed before its end, and whether it left a batch that is recorded in other pieces."""

    died: bool
    torn: bool


def die(nursery: Nursery, root: Path, command: str, **how: float | None) -> Death:
    """Perform ``command`` in ``root`` and kill it as :class:`Order` says; without a death it must end well."""
    report = nursery.carry_out(root, command, **how)
    assert report.code in (0, None), report.said
    died = report.code is None
    return Death(died, died and BY_NAME[command].verb == "deliver" and is_torn(root))
