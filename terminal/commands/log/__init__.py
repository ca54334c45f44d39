"""``qingting log`` and what stands behind it: proving, exporting and archiving the records of decisions."""

from .listing import build as build
