"""Journeys for which a condition may have changed: only they need be asked again.

Asked are those of members about whom facts have come since the last look, or are caused by this run; whatever this run
touched; and everybody where something else may change the condition.
"""

from __future__ import annotations

from ..program.ir import Condition, Library
from .context import RunContext
from .moving import gather_moved, moved_by
from .progress import Progress
from .statement import Part


def find_affected(ctx: RunContext, condition: Condition, library: Library, since: Progress) -> Part:
    """Gives the enrolments of the store, those in the delta tables left out, that must be asked; may fill ``crossed``."""
    moving = moved_by(ctx, condition, library)
    if moving is None:
        return _EVERYBODY
    gather_moved(ctx, moving, since, caused=True)
    return _AFFECTED


_EVERYBODY = Part("""
SELECT * FROM enrolments s
WHERE s.playbook = :playbook AND NOT EXISTS (SELECT 1 FROM run_enrolments r WHERE r.enrolment = s.enrolment)
""")
# Facts are those of members; groups are asked in any case.
_AFFECTED = Part("""
SELECT s.* FROM crossed a CROSS JOIN enrolments s ON s.unit = a.unit AND s.playbook = :playbook AND s.kind = 0
WHERE NOT EXISTS (SELECT 1 FROM run_enrolments r WHERE r.enrolment = s.enrolment)
UNION ALL
SELECT s.* FROM enrolments s
WHERE s.playbook = :playbook AND s.kind = 1 AND :groups
  AND NOT EXISTS (SELECT 1 FROM run_enrolments r WHERE r.enrolment = s.enrolment)
""")
