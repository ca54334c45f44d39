"""Enrolments: who waits inside a playbook, where and until when, and who has left and why."""

from __future__ import annotations

from .context import BlockRun, RunContext, Values

_NEW = """
INSERT INTO run_enrolments
SELECT :first + row_number() OVER (ORDER BY unit), :playbook, :block, kind, unit, occurrence, :version, entered,
       :position, due, deferrals, arm, counted, CASE WHEN :why IS NULL THEN NULL ELSE t END, :why, waited, looked,
       :seen, fact, NULL
FROM flow WHERE pc = :pc AND enrolment IS NULL AND (:outcome IS NULL OR outcome = :outcome)
"""
_CHANGED = """
UPDATE run_enrolments SET position = :position, due = f.due, deferrals = f.deferrals, arm = f.arm, counted = f.counted,
       ended = CASE WHEN :why IS NULL THEN NULL ELSE f.t END, why = :why, waited = f.waited, looked = f.looked,
       seen = :seen
FROM flow f WHERE f.enrolment = run_enrolments.enrolment AND f.pc = :pc AND (:outcome IS NULL OR f.outcome = :outcome)
"""
_GONE = "DELETE FROM flow WHERE pc = :pc AND (:outcome IS NULL OR outcome = :outcome)"


def park(ctx: RunContext, run: BlockRun, pc: int, position: int, outcome: str | None = None) -> None:
    """Enrols the rows at ``pc`` (with ``outcome``, if given) at ``position`` until their ``due``, out of ``flow``."""
    _write(ctx, run, pc, position, None, outcome, True)


def finish(ctx: RunContext, run: BlockRun, pc: int, why: str) -> None:
    """Ends the rows at ``pc``; an entry without an enrolment is kept only where re-entry asks for it."""
    ctx.execute("UPDATE flow SET due = NULL WHERE pc = :pc AND due IS NOT NULL", {"pc": pc})
    _write(ctx, run, pc, None, why, None, not run.leaves_no_entry)


def finish_where(ctx: RunContext, run: BlockRun, pc: int, why: str) -> None:
    """Ends the rows at ``pc`` whose outcome is ``why``; those whose entry nothing asks about are only taken away."""
    _write(ctx, run, pc, None, why, why, not run.leaves_no_entry)


def bring_woken(ctx: RunContext) -> None:
    """Brings the enrolments of ``woken`` into the delta tables, where they are not there yet."""
    if ctx.execute(_BRING).rowcount:
        name_occurrences(ctx)


def name_occurrences(ctx: RunContext) -> None:
    """Brings the names of the occurrences by which members in flight entered: their records need them."""
    ctx.execute(_ENTERED_BY)


_ENTERED_BY = """
INSERT OR IGNORE INTO run_occurrences
SELECT * FROM occurrences WHERE occurrence IN (SELECT occurrence FROM run_enrolments)
"""


_BRING = """
INSERT INTO run_enrolments
SELECT e.* FROM woken w CROSS JOIN enrolments e ON e.enrolment = w.enrolment
WHERE NOT EXISTS (SELECT 1 FROM run_enrolments r WHERE r.enrolment = e.enrolment)
"""


def _write(
    ctx: RunContext, run: BlockRun, pc: int, position: int | None, why: str | None, outcome: str | None, keep_new: bool
) -> None:
    values: Values = {
        "first": ctx.counters.enrolment, "playbook": run.name, "block": run.number, "version": run.version,
        "position": position, "why": why, "pc": pc, "outcome": outcome, "seen": ctx.mark,
    }
    if keep_new:
        ctx.counters.enrolment += ctx.execute(_NEW, values).rowcount
    ctx.execute(_CHANGED, values)
    ctx.execute(_GONE, values)
