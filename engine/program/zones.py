"""Time zones by name."""

from __future__ import annotations

import re
from collections.abc import Set
from zoneinfo import ZoneInfo, available_timezones

_AREA_AND_PLACE = re.compile(r"UTC|[A-Z][A-Za-z]+(/[A-Za-z0-9_+-]+)+")


def is_zone(name: str) -> bool:
    """Whether ``name`` is UTC or an IANA zone of the form area/place, which means the same on every machine."""
    if not _AREA_AND_PLACE.fullmatch(name):
        return False
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def zone_names() -> Set[str]:
    """Return every name that :func:`is_zone` takes; it reads a directory, so ask only once something is wrong."""
    return {name for name in available_timezones() if _AREA_AND_PLACE.fullmatch(name)}
