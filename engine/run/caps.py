"""Frequency caps: how many marketing pushes a member or group has had in a window, and whether one more may follow.

Counted is what was queued or sent, over all playbooks, at the instant it may go out; failed, refused and withdrawn
pushes stop counting once that is recorded.
"""

from __future__ import annotations

from sqlglot import exp

from ..program.ir import Cap, Cutoff, CutoffKind, Push
from .context import BlockRun, RunContext, StepAction, Value
from .judge import before
from .persons import has_merges
from .statement import Part, fill
from .units import GROUP, MEMBER

COUNTING: dict[str, Part] = {
    "counted": Part("had + had_now"),
    "had": Part("SELECT count(*) FROM dispatches d JOIN headers h ON h.header = d.header WHERE in_window AND stands"),
    "had_now": Part("SELECT count(*) FROM run_dispatches d JOIN run_headers h ON h.header = d.header WHERE in_window"),
    "owned": Part("d.unit = s.unit"),
    "in_window": Part("""
      owned AND d.kind = :kind AND d.not_before >= low_at AND d.not_before < high_at
      AND h.status = 'queued' AND h.action = 'push' AND h.category = 'marketing'
      AND (:channel IS NULL OR h.channel = :channel)"""),
    "stands": Part("""
      coalesce(
        (SELECT v.outcome FROM deliveries v WHERE v.dispatch = d.seq AND v.at <= :at ORDER BY v.seq DESC LIMIT 1), ''
      ) NOT IN ('failed', 'refused', 'withdrawn')"""),
    "latest": Part("""
      SELECT b FROM (
        SELECT d.not_before AS b FROM dispatches d JOIN headers h ON h.header = d.header WHERE in_window AND stands
        UNION ALL
        SELECT d.not_before AS b FROM run_dispatches d JOIN run_headers h ON h.header = d.header WHERE in_window
      ) ORDER BY b DESC LIMIT 1 OFFSET :number - 1"""),
}
"""Parts of statements over pushes to ``s.unit`` in [low_at, high_at), with the values of :func:`cap_values`.

``counted`` is their number, ``latest`` the instant of the ``number``-th latest.
"""
_COUNTING_NOW = {**COUNTING, "counted": Part("had_now")}
# What went to ids that were merged into one counts for the person.
_OF_PERSON = Part("""
(d.unit = s.unit OR :kind = 0 AND d.unit IN (SELECT g.unit FROM merges g WHERE g.target = s.unit))""")

_EXCEEDED = """
UPDATE flow SET outcome = :outcome WHERE unit IN (
  SELECT s.unit FROM flow s JOIN frames f ON f.frame = coalesce(s.send_frame, s.frame)
  WHERE s.pc = :pc AND s.outcome IS NULL AND counted >= :number)
"""


def counting(ctx: RunContext) -> dict[str, Part]:
    """The parts of ``COUNTING`` as the store at hand needs them."""
    parts = COUNTING if ctx.has_dispatches else _COUNTING_NOW
    return {**parts, "owned": _OF_PERSON} if has_merges(ctx) else parts


def caps_on(ctx: RunContext, run: BlockRun, push: Push) -> list[Cap]:
    """The caps that bind a push: none for service playbooks, and none where it goes out despite them."""
    if run.playbook.category != "marketing" or push.despite_caps:
        return []
    groups = run.kind == GROUP
    return [cap for cap in ctx.program.policy.caps if cap.groups == groups and cap.channel in (None, push.channel)]


def window_of(ctx: RunContext, cap: Cap) -> dict[str, exp.Expression]:
    """The ends of a cap's window over the frame ``f``: the calendar day, or all since t less the duration."""
    if cap.per is None:
        ends = Cutoff(CutoffKind.DAY, 0), Cutoff(CutoffKind.DAY, 1)
        return {"low_at": ctx.plan.instant(ends[0], "f"), "high_at": ctx.plan.instant(ends[1], "f")}
    low = ctx.plan.instant(before(cap.per.months, cap.per.micros), "f")
    return {"low_at": low, "high_at": exp.Literal.number(2**63 - 1)}


def cap_values(ctx: RunContext, cap: Cap) -> dict[str, Value]:
    """The parameters of the parts of ``COUNTING``."""
    return {"channel": cap.channel, "at": ctx.at, "number": cap.number, "kind": GROUP if cap.groups else MEMBER}


def apply_caps(ctx: RunContext, run: BlockRun, pc: int, action: StepAction) -> None:
    """``cap`` for rows that have had as many pushes as a cap allows; caps that only defer come after the others."""
    if not isinstance(action, Push) or not (ctx.counters.pushes or ctx.has_dispatches):
        return
    parts = counting(ctx)
    for cap in sorted(caps_on(ctx, run, action), key=lambda cap: cap.defer):
        outcome = "defer:cap" if cap.defer else "cap"
        sql = fill(_EXCEEDED, **parts, **window_of(ctx, cap))
        ctx.execute(sql, {**cap_values(ctx, cap), "pc": pc, "outcome": outcome})
