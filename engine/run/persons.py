"""Persons with several ids: what went to ids that were merged into one counts for the one that stays.

Facts are told anew when ids are merged; what the log and the journeys know of them is not, and is looked up here.
"""

from __future__ import annotations

from collections.abc import Iterator

from .context import RunContext
from .statement import Part, Place

_OWN: dict[str, Place] = {"entered_own": Part("e.unit = flow.unit"), "received": Part("d.unit = flow.unit")}
_OF_PERSON = """
flow.kind = 0 AND flow.unit IN (SELECT t.target FROM merges t)
AND $.unit IN (SELECT flow.unit UNION ALL SELECT g.unit FROM merges g WHERE g.target = flow.unit)
"""
_MERGED: dict[str, Place] = {
    "entered_own": Part(_OF_PERSON.replace("$", "e")), "received": Part(_OF_PERSON.replace("$", "d")),
}


def has_merges(ctx: RunContext) -> bool:
    """Whether the store has persons with several ids."""
    return bool(ctx.look_up("SELECT 1 FROM merges LIMIT 1", ()))


def own_or_merged(ctx: RunContext) -> Iterator[dict[str, Place]]:
    """The places ``entered_own`` (of entries ``e``) and ``received`` (of records ``d``) for rows of ``flow``.

    First those of each id for itself, which go by an index; then, where there are any, those of persons with several ids,
    who are few.
    """
    yield _OWN
    if has_merges(ctx):
        yield _MERGED
