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
