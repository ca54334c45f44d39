"""What the files of sheets are called."""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import sha256

# What some file system cannot hold, control characters among it.
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')
_LONGEST = 60
_DIGITS = 6


def file_name(playbook: str, playbooks: Sequence[str]) -> str:
    """Return the name of a playbook's file without its ending; unlike those of the other ``playbooks``.

    >>> file_name("新客/旅程", ["新客/旅程"]), file_name("..", [".."])
    ('新客_旅程', 'playbook')
    """
    name = _plain(playbook)
    if sum(_plain(other).casefold() == name.casefold() for other in playbooks) == 1:
        return name
    return f"{name}-{sha256(playbook.encode()).hexdigest()[:_DIGITS]}"


def _plain(playbook: str) -> str:
    return _FORBIDDEN.sub("_", playbook)[:_LONGEST].strip(". ") or "playbook"
