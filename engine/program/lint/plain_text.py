"""The words of a text that everybody gets."""

from __future__ import annotations

import re

_LIQUID = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


def without_liquid(text: str) -> str:
    """A text without what Liquid fills in.

    >>> without_liquid("{{ name }},早")
    ',早'
    """
    return _LIQUID.sub("", text)
