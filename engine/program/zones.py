"""Time zones by name."""

from __future__ import annotations

from collections.abc import Set
from zoneinfo import ZoneInfo, available_timezones


def is_zone(name: str) -> bool:
    """Whether ``name`` is an IANA zone or UTC."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def zone_names() -> Set[str]:
    """Return every known zone name; it reads a directory, so ask only once something is wrong."""
    return available_timezones()
