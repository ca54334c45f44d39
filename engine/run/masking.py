"""Names as they may be shown where anybody may look on."""

from __future__ import annotations

_STARS = "**"


def masked(name: object) -> str:
    """A name by its first character alone; nothing of what is no text.

    >>> masked("张小丽"), masked(""), masked(None)
    ('张**', '**', '**')
    """
    return (name[:1] if isinstance(name, str) else "") + _STARS
