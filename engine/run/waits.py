"""Waits: when those at a wait go on, and where.

A wait for a duration, a clock or a day knows its instant as it begins. A wait for a condition is looked at when it
begins, at each event that its condition names, and when its time is over; ``waking.py`` finds those instants for journeys
that have waited since an earlier run.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlglot import exp

from ..program.clock import add_duration, local_day, local_of, local_to_instant, naive_micros
from ..program.ir import DAY, HOUR, MINUTE, Duration, Wait, WaitDay, WaitFor, WaitUntil
from .context import BlockRun, RunContext, StepAction, Values
from .enrol import park
from .framing import asked, frame_units
from .judge import after, refuse_where
from .reads import reads_of
from .records import content_of, write_records
from .statement import fill

_SKIPPED_AFTER = 2 * HOUR


def wait(ctx: RunContext, run: BlockRun, pc: int, waiting: Wait) -> None:
    """Parks everybody at the position behind the wait; a wait that began counts the entry."""
    due = ctx.plan.instant(after(waiting.duration.months, waiting.duration.micros), "f")
    ctx.execute(fill(_DUE, due_at=due), {"pc": pc})
    park(ctx, run, pc, pc + 1)


_DUE = """
UPDATE flow SET counted = 1, deferrals = 0, due = (SELECT due_at FROM frames f WHERE f.frame = flow.frame)
WHERE pc = :pc
"""


def wait_until(ctx: RunContext, run: BlockRun, pc: int, waiting: WaitUntil) -> None:
    """Parks everybody until the next such clock after t."""
    ctx.execute("DELETE FROM frame_dues")
    rows = [(frame, next_clock(t, zone, waiting)) for frame, t, zone in ctx.frames_at(pc)]
    ctx.connection.executemany("INSERT INTO frame_dues VALUES (?, ?)", rows)
    ctx.execute(_DUE_BY_FRAME, {"pc": pc})
    park(ctx, run, pc, pc + 1)


_DUE_BY_FRAME = """
UPDATE flow SET counted = 1, deferrals = 0, due = d.due FROM frame_dues d WHERE d.frame = flow.frame AND flow.pc = :pc
"""


def next_clock(t: int, zone: str, waiting: WaitUntil) -> int:
    """The first instant behind t at which the clock of the zone says so.

    >>> next_clock(0, "UTC", WaitUntil(10 * 60)) // HOUR
    10
    """
    day = local_day(t, zone)
    while True:
        if waiting.weekday in (None, day.isoweekday()):
            instant = local_to_instant(_at_clock(day, waiting.clock), zone)
            if instant > t:
                return instant
        day += timedelta(days=1)


def _at_clock(day: date, clock: int) -> int:
    return naive_micros(datetime.combine(day, time())) + clock * MINUTE


def wait_day(ctx: RunContext, run: BlockRun, pc: int, waiting: WaitDay) -> None:
    """Parks everybody until their day, lets those go on for whom it has come, and passes over what was past at entry."""
    ctx.execute("DELETE FROM day_targets")
    rows = [(zone, entered, day_target(entered, zone, waiting)) for zone, entered in ctx.rows(_ENTRIES, {"pc": pc})]
    ctx.connection.executemany("INSERT INTO day_targets VALUES (?, ?, ?)", rows)
    ctx.execute(_TARGET, {"pc": pc})
    ctx.execute(_PAST, {"pc": pc, "past": _SKIPPED_AFTER})
    _pass_over(ctx, run, pc, waiting)
    ctx.execute(_GO_ON, {"pc": pc})
    ctx.execute("UPDATE flow SET counted = 1, deferrals = 0 WHERE pc = :pc", {"pc": pc})
    park(ctx, run, pc, pc + 1)


_ENTRIES = """
SELECT DISTINCT f.zone, w.entered FROM flow w JOIN frames f ON f.frame = w.frame WHERE w.pc = :pc
"""
_TARGET = """
UPDATE flow SET due = d.target FROM frames f, day_targets d
WHERE flow.pc = :pc AND f.frame = flow.frame AND d.zone = f.zone AND d.began = flow.entered
"""
_PAST = "UPDATE flow SET outcome = 'late', due = NULL WHERE pc = :pc AND due < entered - :past"
_GO_ON = "UPDATE flow SET pc = pc + 1, due = NULL WHERE pc = :pc AND due <= t"


def day_target(entered: int, zone: str, waiting: WaitDay) -> int:
    """When day N after an entry begins: at its clock, or at the clock of the entry."""
    day = local_day(entered, zone) + timedelta(days=waiting.day)
    if waiting.clock is not None:
        return local_to_instant(_at_clock(day, waiting.clock), zone)
    return local_to_instant(_at_clock(day, 0) + local_of(entered, zone) % DAY, zone)


def _pass_over(ctx: RunContext, run: BlockRun, pc: int, waiting: WaitDay) -> None:
    """Records the steps of a day that was past at entry as late, as far as nothing branches, and goes on behind it."""
    number = ctx.count("SELECT count(*) FROM flow WHERE pc = :pc AND outcome = 'late'", {"pc": pc})
    if not number:
        return
    for instruction in run.block.code[pc + 1 : waiting.otherwise]:
        if not isinstance(instruction, StepAction):
            break
        content = content_of(instruction, ctx)
        write_records(ctx, run, pc, "late", content, "suppressed", "late")
        ctx.tally(run.name, "suppressed:late", content.step, number)
    ctx.execute(_BEHIND, {"pc": pc, "target": waiting.otherwise})


_BEHIND = "UPDATE flow SET pc = :target, outcome = NULL WHERE pc = :pc AND outcome = 'late'"


def wait_for(ctx: RunContext, run: BlockRun, pc: int, waiting: WaitFor) -> None:
    """Lets those go on of whom the condition is true, then those whose time is over, and parks the others.

    They are looked at again at the next event that the condition names, or when their time is over.
    """
    ctx.execute("UPDATE flow SET waited = t WHERE pc = :pc AND waited IS NULL", {"pc": pc})
    if run.loaded.asks.waited:
        _frame_anew(ctx, run, pc)
    _set_end(ctx, pc, waiting.up_to)
    refuse_where(ctx, run, pc, waiting.condition, _PASSES)
    ctx.execute(_GONE_ON, {"pc": pc, "passes": _PASSES, "otherwise": waiting.otherwise})
    ctx.execute("UPDATE flow SET counted = 1, deferrals = 0, looked = t WHERE pc = :pc", {"pc": pc})
    for number in ctx.event_numbers(reads_of(waiting.condition, run.loaded.program.library).events):
        if ctx.has_later_facts("event", number, ctx.earliest(pc)):
            values: Values = {"pc": pc, "at": ctx.at, "mark": ctx.mark}
            ctx.execute(fill(_NEXT_EVENT, named=exp.Literal.number(number)), values)
    park(ctx, run, pc, pc)


_PASSES = "passes"
_GONE_ON = """
UPDATE flow SET pc = CASE WHEN outcome = :passes THEN pc + 1 ELSE :otherwise END, outcome = NULL, waited = NULL,
  looked = NULL, due = NULL
WHERE pc = :pc AND (outcome = :passes OR due <= t)
"""
_NEXT_EVENT = """
UPDATE flow SET due = min(due, coalesce((
  SELECT min(max(e.at, e.arrived)) FROM events e
  WHERE e.type = named AND e.unit = flow.unit AND max(e.at, e.arrived) > flow.t AND e.at <= :at AND e.arrived <= :at
    AND e.seq <= :mark), due))
WHERE pc = :pc
"""


def _frame_anew(ctx: RunContext, run: BlockRun, pc: int) -> None:
    """Gives rows at ``pc`` whose frames say that another wait began frames that know when this one did."""
    ctx.execute("DELETE FROM unit_frames")
    if ctx.execute(_STANDING_THERE, {"pc": pc, **asked(run)}).rowcount:
        frame_units(ctx, run)
        ctx.execute(_FRAMED_ANEW, {"pc": pc})


_STANDING_THERE = """
INSERT INTO unit_frames (number, unit, kind, due, zone, entered, waited, fact, occurrence)
SELECT w.unit, w.unit, w.kind, w.t, k.zone, CASE WHEN :ask_entered THEN w.entered END, w.waited,
  CASE WHEN :ask_event THEN w.fact END, w.occurrence
FROM flow w JOIN frame_keys k ON k.frame = w.frame WHERE w.pc = :pc AND k.waited IS NOT w.waited
"""
_FRAMED_ANEW = """
UPDATE flow SET frame = z.frame, now_frame = z.now_frame FROM unit_frames z WHERE z.number = flow.unit AND flow.pc = :pc
"""


def _set_end(ctx: RunContext, pc: int, up_to: Duration) -> None:
    """Puts into ``due`` when the wait of each row at ``pc`` is over."""
    if not up_to.months:
        ctx.execute("UPDATE flow SET due = waited + :micros WHERE pc = :pc", {"pc": pc, "micros": up_to.micros})
        return
    ctx.execute("DELETE FROM day_targets")
    found = ctx.rows(_BEGINNINGS, {"pc": pc})
    rows = [(zone, began, add_duration(began, up_to, zone)) for zone, began in found]
    ctx.connection.executemany("INSERT INTO day_targets VALUES (?, ?, ?)", rows)
    ctx.execute(_END, {"pc": pc})


_BEGINNINGS = """
SELECT DISTINCT f.zone, w.waited FROM flow w JOIN frames f ON f.frame = w.frame WHERE w.pc = :pc
"""
_END = """
UPDATE flow SET due = d.target FROM frames f, day_targets d
WHERE flow.pc = :pc AND f.frame = flow.frame AND d.zone = f.zone AND d.began = flow.waited
"""
