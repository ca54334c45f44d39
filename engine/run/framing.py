"""The frames of single units: each at its own instant, on its own clock, in its own journey.

Whoever fills ``unit_frames`` with units and their instants (``number`` is the unit's, or the enrolment's) gets the
numbers of two frames for each: that of t and that of T. What of a journey no condition of the version asks for is left out of the frames, so that many units share one.
"""

from __future__ import annotations

from sqlglot import exp

from ..program.ir import AttributeRef, ValueType
from ..query.story import Story
from .context import BlockRun, RunContext
from .judge import compiler_for
from .statement import fill_once
from .stories import read_steps

_TIMEZONE = AttributeRef("timezone", ValueType.TEXT)


def frame_units(ctx: RunContext, run: BlockRun) -> None:
    """Completes ``unit_frames``: zones where they are missing, what is asked of journeys, and the frames of t and T."""
    if ctx.execute("UPDATE unit_frames SET zone = :zone WHERE zone IS NULL", {"zone": run.playbook.zone.name}).rowcount:
        _member_zones(ctx, run)
    _keep_what_is_asked(ctx, run)
    for due, zone, entered, waited, fact, steps in ctx.rows(_DISTINCT):
        story = Story(entered, waited, fact, read_steps(steps))
        ctx.frame(due, zone, story)
        ctx.frame(ctx.at, zone, story)
    ctx.execute(_FRAMED, {"at": ctx.at})


_DISTINCT = "SELECT DISTINCT due, zone, entered, waited, fact, steps FROM unit_frames"
_FRAMED = """
UPDATE unit_frames SET
  frame = (SELECT k.frame FROM frame_keys k WHERE k.t = unit_frames.due AND k.zone = unit_frames.zone
    AND k.entered IS unit_frames.entered AND k.waited IS unit_frames.waited AND k.event IS unit_frames.fact
    AND k.steps IS unit_frames.steps),
  now_frame = (SELECT k.frame FROM frame_keys k WHERE k.t = :at AND k.zone = unit_frames.zone
    AND k.entered IS unit_frames.entered AND k.waited IS unit_frames.waited AND k.event IS unit_frames.fact
    AND k.steps IS unit_frames.steps)
"""


def _keep_what_is_asked(ctx: RunContext, run: BlockRun) -> None:
    asks = run.loaded.asks
    ctx.execute(_ASKED, {"entered": asks.entered, "waited": asks.waited, "event": asks.event})
    for name in asks.steps:
        numbers = [number for (playbook, step), number in ctx.steps.items() if playbook == run.name and _inside(step, name)]
        for number in numbers:
            ctx.execute(_STEP_DONE, {"step": number})
        ctx.execute(_NOTE_STEP, {"name": name})


def _inside(step: str, name: str) -> bool:
    return step == name or step.startswith(name + "/")


_ASKED = """
UPDATE unit_frames SET entered = CASE WHEN :entered THEN entered END, waited = CASE WHEN :waited THEN waited END,
  fact = CASE WHEN :event THEN fact END
"""
# Of several steps of one name the last that was done counts.
_STEP_DONE = """
UPDATE unit_frames SET done = max(coalesce(done, d.t), d.t) FROM (
  SELECT u.number, max(t) AS t FROM unit_frames u JOIN (
    SELECT d.occurrence, d.kind, d.unit, d.t, h.status FROM run_dispatches d JOIN run_headers h ON h.header = d.header
    WHERE d.step = :step
    UNION ALL
    SELECT d.occurrence, d.kind, d.unit, d.t, h.status FROM dispatches d JOIN headers h ON h.header = d.header
    WHERE d.step = :step) d ON d.occurrence = u.occurrence AND d.kind = u.kind AND d.unit = u.unit
  WHERE d.status <> 'suppressed' GROUP BY u.number) d
WHERE d.number = unit_frames.number
"""
_NOTE_STEP = """
UPDATE unit_frames SET done = NULL,
  steps = nullif(coalesce(steps, '') || CASE WHEN done IS NULL THEN '' ELSE :name || char(31) || done || char(30) END, '')
"""


def _member_zones(ctx: RunContext, run: BlockRun) -> None:
    """Puts each member's own zone, as of t, in the place of the default."""
    if not run.playbook.zone.per_member:
        return
    low = ctx.count("SELECT coalesce(min(due), :at) FROM unit_frames", {"at": ctx.at})
    compiler = compiler_for(ctx, run, low)
    own = compiler.relations.attribute(_TIMEZONE, exp.column("unit", "u"), exp.column("due", "u"), "m")
    if own is not None:
        ctx.execute(fill_once(_OWN_ZONES, own=own), compiler.parameters.values)


_OWN_ZONES = """
UPDATE unit_frames SET zone = n.zone FROM (
  SELECT u.number, own AS zone FROM unit_frames u JOIN members m ON m.unit = u.unit) n
WHERE n.number = unit_frames.number AND n.zone IS NOT NULL
"""
