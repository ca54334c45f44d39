"""The clocks that members live by."""

from __future__ import annotations

from ..program.ir import Any, AttributeRef, Compare, Condition, ValueType, Zone
from .context import RunContext

TIMEZONE = AttributeRef("timezone", ValueType.TEXT)
"""The attribute that says a member's own zone."""


def in_zone(zone: str, default: str) -> Condition:
    """Members whose own clock is that of ``zone``; those without one have the default's."""
    own = Compare(TIMEZONE, "is", (zone,))
    return Any((own, Compare(TIMEZONE, "unknown"))) if zone == default else own


def member_zones(ctx: RunContext) -> list[str]:
    """Every zone that the store has heard of for a member."""
    return [zone for (zone,) in ctx.rows(_ZONES)]


_ZONES = """
SELECT DISTINCT f.value FROM attribute_facts f JOIN attributes a ON a.attribute = f.attribute
WHERE a.name = 'timezone' AND f.value IS NOT NULL
"""


def zones_of(ctx: RunContext, zone: Zone) -> list[str]:
    """The zones whose clocks a playbook may follow, sorted: its own, and those of members where it follows theirs."""
    return sorted({zone.name, *member_zones(ctx)}) if zone.per_member else [zone.name]
