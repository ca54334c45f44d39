"""The frames of single units: each at its own instant, on its own clock, in its own journey.

Whoever fills ``unit_frames`` with units and their instants (``number`` is the unit's, or the enrolment's) gets the
numbers of two frames for each: that of t and that of T. What of a journey no condition of the version asks for is left
out of the frames, so that many units share one; of T only what exits ask for.
"""

from __future__ import annotations

from sqlglot import exp

from ..program.ir import AttributeRef, ValueType
from ..query.story import Story
from .context import BlockRun, RunContext, Value
from .judge import compiler_for
from .statement import fill_once
from .stories import Asks, read_steps

_TIMEZONE = AttributeRef("timezone", ValueType.TEXT)


def frame_units(ctx: RunContext, run: BlockRun) -> None:
    """Completes ``unit_frames``: each member's own zone, what is asked of journeys, and the frames of t and T."""
    _member_zones(ctx, run)
    _note_steps(ctx, run)
    later = run.loaded.asks_now
    places: dict[tuple[int, str, Story], None] = {}
    for due, zone, entered, waited, fact, steps in ctx.rows(_DISTINCT):
        story = Story(entered, waited, fact, read_steps(steps))
        places[due, zone, story] = None
        places[ctx.at, zone, later.of(story)] = None
    ctx.frame_all(places)
    ctx.execute(_FRAMED, {"at": ctx.at, "entered": later.entered, "event": later.event, "steps": bool(later.steps)})


def asked(run: BlockRun, asks: Asks | None = None) -> dict[str, Value]:
    """What statements bind that fill ``unit_frames``: the zone, and what conditions ask of journeys (all, or ``asks``)."""
    asks = run.loaded.asks if asks is None else asks
    return {
        "zone": run.playbook.zone.name, "ask_entered": asks.entered, "ask_waited": asks.waited, "ask_event": asks.event,
    }


_DISTINCT = "SELECT DISTINCT due, zone, entered, waited, fact, steps FROM unit_frames ORDER BY zone, due"
_FRAMED = """
UPDATE unit_frames SET
  frame = (SELECT k.frame FROM frame_keys k WHERE k.t = unit_frames.due AND k.zone = unit_frames.zone
    AND k.entered IS unit_frames.entered AND k.waited IS unit_frames.waited AND k.event IS unit_frames.fact
    AND k.steps IS unit_frames.steps),
  now_frame = (SELECT k.frame FROM frame_keys k WHERE k.t = :at AND k.zone = unit_frames.zone
    AND k.entered IS CASE WHEN :entered THEN unit_frames.entered END AND k.waited IS NULL
    AND k.event IS CASE WHEN :event THEN unit_frames.fact END AND k.steps IS CASE WHEN :steps THEN unit_frames.steps END)
"""


def _note_steps(ctx: RunContext, run: BlockRun) -> None:
    for name in run.loaded.asks.steps:
        numbers = [number for (playbook, step), number in ctx.steps.items() if playbook == run.name and _inside(step, name)]
        for number in numbers:
            ctx.execute(_STEP_DONE, {"step": number})
        ctx.execute(_NOTE_STEP, {"name": name})


def _inside(step: str, name: str) -> bool:
    return step == name or step.startswith(name + "/")


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
