"""Crossings: numbers that reach or fall below a mark, tiers that change, segments entered or left.

They are no facts. What was so at the block's previous look, with all that was known then, is compared with what is so at T;
the occurrence is T. What the run itself moves is compared at its end with what was so before it decided anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp

from ...program.ir import (
    All,
    Compare,
    Condition,
    InSegment,
    LadderRef,
    Library,
    MarkReached,
    Not,
    SegmentCrossed,
    TierMoves,
)
from ...query.compile import Compiler
from ...query.relations import Delta
from ...query.sql import conjunction
from ...stores.asof import AsOfRelations
from ...stores.sqlite.dialect import SqliteDialect
from ..context import BlockRun, RunContext, Values
from ..failures import deciding
from ..lateness import event_window
from ..moving import gather_moved, moved_by, touches
from ..news import placed
from ..progress import Progress
from ..statement import fill_once
from ..units import MEMBER
from ..zones import in_zone, zones_of

CrossingTrigger = MarkReached | TierMoves | SegmentCrossed


@dataclass(frozen=True, slots=True)
class Crossing:
    """``now`` is true of a member, and ``before`` was not, or with ``was`` was true and is no more.

    ``detail`` tells the crossings of a block apart. Those that ``age`` are late where they were so a while ago already.
    """

    detail: str
    now: Condition
    before: Condition
    was: bool = False
    ages: bool = True


def crossings_of(trigger: CrossingTrigger, library: Library) -> Iterator[Crossing]:
    """The crossings that start a block, each of them an occurrence of its own."""
    match trigger:
        case MarkReached(operand, direction, marks):
            for mark in marks:
                reached = Compare(operand, "ge", (mark,))
                if direction == "reach":
                    yield Crossing(f"reach {mark}", reached, reached)
                else:
                    yield Crossing(f"below {mark}", Compare(operand, "lt", (mark,)), reached, was=True)
        case TierMoves(ladder, direction, tier):
            yield _tier_crossing(library, ladder, direction, tier)
        case SegmentCrossed(segment, direction):
            inside = InSegment(segment)
            if direction == "enters":
                yield Crossing("enters", inside, inside, ages=False)
            else:
                yield Crossing("leaves", Not(inside), inside, was=True, ages=False)


def _tier_crossing(library: Library, ladder: str, direction: str, tier: str) -> Crossing:
    rungs = [rung.name for rung in library.ladders[ladder].rungs]
    higher = tuple(rungs[: rungs.index(tier)])
    on = LadderRef(ladder)
    now = Compare(on, "is", (tier,))
    match direction:
        case "rises":
            return Crossing("tier", now, Compare(on, "in", (*higher, tier)))
        case "drops":
            return Crossing("tier", now, Compare(on, "in", higher), was=True)
    return Crossing("tier", now, now)


def crossing_conditions(trigger: CrossingTrigger, library: Library) -> Iterator[Condition]:
    """What is asked to find the crossings."""
    for crossing in crossings_of(trigger, library):
        yield crossing.now
        yield crossing.before


NOTHING_CAUSED = Delta()
FEW, _PART = 1000, 8
"""So many, or such a part of all members, are asked one by one; of more a set is found at less cost."""


@dataclass(frozen=True, slots=True)
class Look:
    """The coordinates of a look: at t, which is T as well, with facts up to ``mark`` and what the run had caused."""

    t: int
    mark: int
    delta: Delta = NOTHING_CAUSED

    def compiler(self, ctx: RunContext, run: BlockRun, t: int | None = None) -> Compiler:
        """A compiler for evaluations at t, or at an earlier instant with what was known at t."""
        at = self.t if t is None else t
        relations = AsOfRelations(ctx.look_up, SqliteDialect(), self.t, self.mark, at, at, self.delta)
        return Compiler(run.loaded.program.library, relations, ctx.plan)


def find_crossings(ctx: RunContext, run: BlockRun, trigger: CrossingTrigger, since: Progress) -> None:
    """Finds what has crossed since the previous look.

    Before the first run there is none, and whoever is inside a segment then has not entered it.
    """
    if isinstance(trigger, SegmentCrossed) and ctx.store.last_run is None:
        return
    before, now = Look(since.handled, since.mark), Look(ctx.at, ctx.mark)
    for crossing in crossings_of(trigger, run.loaded.program.library):
        _cross(ctx, run, crossing, before, now, since)


def find_caused_crossings(ctx: RunContext) -> int:
    """Finds what the run itself has moved across since it began, as triggers at T; says how many are new.

    To be asked when everything up to T is decided, as long as that leads to more.
    """
    before, now = Look(ctx.at, ctx.mark), Look(ctx.at, ctx.counters.seq, ctx.delta)
    found = 0
    for run in ctx.watchers:
        if isinstance(run.block.trigger, CrossingTrigger):
            with deciding(run.name):
                for crossing in crossings_of(run.block.trigger, run.loaded.program.library):
                    found += _cross(ctx, run, crossing, before, now, None)
    return found


def _cross(
    ctx: RunContext, run: BlockRun, crossing: Crossing, before: Look, now: Look, since: Progress | None
) -> int:
    """Fills ``run_triggers`` with the members who crossed between two looks; says how many are new.

    ``since`` is the progress, None where the run itself is the cause. What only facts can move is asked of those alone whom
    such facts concern, if they are few; otherwise everybody of whom something is true is found at either look.
    """
    library = run.loaded.program.library
    moving = moved_by(ctx, crossing.before, library)
    concerned = None if moving is None else gather_moved(ctx, moving, since)
    if concerned == 0:
        return 0
    if concerned is not None and (concerned <= FEW or concerned <= ctx.population(MEMBER) // _PART):
        _keep(ctx, run, crossing.now, now, wanted=True)
        _keep(ctx, run, crossing.before, before, wanted=crossing.was)
    elif since is None and not touches(ctx, crossing.before, library):
        return 0
    elif crossing.was:
        _find_difference(ctx, run, crossing.before, before, crossing.before, now)
        _keep(ctx, run, crossing.now, now, wanted=True)
    else:
        _find_difference(ctx, run, crossing.now, now, crossing.before, before)
    if not ctx.count("SELECT EXISTS (SELECT 1 FROM crossed)"):
        return 0
    return _start(ctx, run, crossing, before, now, caused=since is None)


def _find_difference(
    ctx: RunContext, run: BlockRun, true_of: Condition, at: Look, not_of: Condition, nor_at: Look
) -> None:
    """Fills ``crossed`` with those of whom one condition is true at one look, but not another at another look."""
    ctx.execute("DELETE FROM crossed")
    ctx.execute("DELETE FROM uncrossed")
    for text, condition, look in ((_OTHERS, not_of, nor_at), (_DIFFERENCE, true_of, at)):
        for frame, asked in _by_zone(ctx, run, condition, look.t):
            compiler = look.compiler(ctx, run)
            ctx.execute(fill_once(text, found=compiler.select_units(asked, frame)), compiler.parameters.values)


_OTHERS = "INSERT OR IGNORE INTO uncrossed (unit) SELECT k.unit FROM found AS k"
_DIFFERENCE = """
INSERT OR IGNORE INTO crossed (unit)
SELECT k.unit FROM found AS k WHERE NOT EXISTS (SELECT 1 FROM uncrossed u WHERE u.unit = k.unit)
"""


def _by_zone(ctx: RunContext, run: BlockRun, condition: Condition, t: int) -> Iterator[tuple[int, Condition]]:
    """The frames of an instant with what is asked in each: under the clocks of members, of those in its zone alone."""
    zone = run.playbook.zone
    for name in zones_of(ctx, zone):
        yield ctx.frame(t, name), All((condition, in_zone(name, zone.name))) if zone.per_member else condition


def _keep(ctx: RunContext, run: BlockRun, condition: Condition, look: Look, *, wanted: bool) -> None:
    """Leaves in ``crossed`` those of whom a condition is true at a look, or is not."""
    _note(ctx, run, _STANDS, condition, look, look.t)
    ctx.execute("DELETE FROM crossed WHERE stands <> :wanted", {"wanted": int(wanted)})
    ctx.execute("UPDATE crossed SET stands = 0")


def _note(ctx: RunContext, run: BlockRun, text: str, condition: Condition, look: Look, t: int) -> None:
    """Notes of whom in ``crossed`` a condition is true at t with what a look knows."""
    for frame, asked in _by_zone(ctx, run, condition, t):
        compiler = look.compiler(ctx, run, t)
        test = compiler.predicate(asked, exp.column("unit", "c"), "f")
        there = conjunction(compiler.relations.member_filters("m", exp.column("t", "f")))
        ctx.execute(fill_once(text, test=test, there=there), {**compiler.parameters.values, "frame": frame})


_STANDS = """
UPDATE crossed SET stands = 1 WHERE unit IN (
  SELECT c.unit FROM crossed c CROSS JOIN members m CROSS JOIN frames f
  WHERE m.unit = c.unit AND f.frame = :frame AND there AND test)
"""
# What is known of a member reaches back behind their own arrival.
_AGED = """
UPDATE crossed SET aged = aged + 1 WHERE unit IN (
  SELECT c.unit FROM crossed c CROSS JOIN frames f WHERE f.frame = :frame AND test)
"""


def _start(ctx: RunContext, run: BlockRun, crossing: Crossing, before: Look, now: Look, *, caused: bool) -> int:
    """Makes triggers at T of ``crossed``; says how many are new.

    Late is what, by all that is known now, was so at the end of the window already, and still when the block was looked at
    last: it has only been learned of.
    """
    window = event_window(run.playbook) if crossing.ages else None
    if ctx.settled is not None:
        since = now.t - ctx.settled
        window = since if window is None else min(since, window)
    instants = set() if window is None or caused else {now.t - window, max(now.t - window, before.t)}
    for instant in sorted(instants):
        _note(ctx, run, _AGED, crossing.now, now, instant)
    values: Values = {
        **placed(ctx, run), "detail": crossing.detail, "caused": int(caused), "looks": len(instants) or None,
        "before": now.t - (window or 0) - 1,
    }
    return ctx.execute(_START, values).rowcount


# Of what was so long ago already it is not known since when.
_START = """
INSERT OR IGNORE INTO run_triggers (playbook, block, unit, fact, detail, due, at, arrived, caused)
SELECT :playbook, :block, unit, 0, :detail, :at, CASE aged WHEN :looks THEN :before ELSE :at END, :at, :caused
FROM crossed ORDER BY unit
"""
