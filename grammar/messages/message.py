"""What one entry of a message catalogue looks like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from ..record import record


@record
class Message:
    """One sentence in both languages, with its hint.

    ``zh`` and ``en`` are ``str.format`` templates over the diagnostic's parameters; ``hint_zh`` and ``hint_en``
    likewise, empty where there is nothing to advise. ``hints`` holds further hints by name, each (zh, en), for
    diagnostics that say which of several ways out applies.
    """

    zh: str
    en: str
    hint_zh: str = ""
    hint_en: str = ""
    hints: Mapping[str, tuple[str, str]] = field(default_factory=dict)
