"""Deciding: a plan or run from its coordinates to its report.

``plan_run`` and ``execute_run`` go through the same stages; only the second reserves arrival numbers and commits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

from ..log.keys import run_id
from ..log.notary import Notary
from ..log.store import leaf_count
from ..program.ir import Program
from ..stores.sqlite.database import SqliteStore
from .agenda import Progress, ProgressTable, Turn, find_triggers, schedule_turns, turn_key
from .around import look_around, wake, watch_over
from .blocks import block_name
from .commit import RunIdentity, commit_run
from .context import BlockRun, RunContext
from .entry import enter
from .failures import GuardTripped, PlaybookFailed, deciding
from .flow import load_turn
from .leaving import leave_removed
from .prepare import prepare
from .progress import JOURNEYS
from .report import Blocked, PlanOptions, RunReport
from .standing import RULES, apply_rules
from .summary import summarise
from .sweep import sweep
from .tables import drop_tables
from .triggers.crossings import find_caused_crossings
from .waves import Blocks, decide_items_at, decide_waves, items_at


@dataclass(frozen=True, slots=True)
class RunSettings:
    """What a run needs beside store and program.

    ``secret`` makes coupon codes, ``notary`` vouches for the log, ``started_wall`` is the wall clock as text for the table of
    runs. ``reached`` is called with the name of each stage boundary as the run comes to it.
    ``approve`` sees what was decided before it is committed, and raises what is to stop it; ``plan`` is the id of the plan
    that the run carries out, if any.
    """

    secret: bytes
    notary: Notary
    started_wall: str
    reached: Callable[[str], None] = lambda boundary: None
    approve: Callable[[Decided], None] = lambda decided: None
    plan: str | None = None


_PLAIN = PlanOptions()


def plan_run(store: SqliteStore, program: Program, at: int, options: PlanOptions = _PLAIN) -> RunReport:
    """Decides what a run at ``at`` would do now, and drops it. Writes nothing to the store, which may be read-only."""
    last = store.last_run
    if last is not None and at <= last:
        return RunReport(at, program.policy.zone.name, None, (), blocked_by_check(program), 0, earlier=last)
    with store.snapshot(), planned(store, program, at) as decided:
        return summarise(decided.ctx, decided.blocked, None, options)


@contextmanager
def planned(store: SqliteStore, program: Program, at: int) -> Iterator[Decided]:
    """What a run at ``at`` would decide now, in its delta tables, which are dropped behind the body.

    The caller holds a snapshot of the store, whose last run is earlier.
    """
    try:
        yield decide(store, program, at, store.last_seq, lasting=False, reached=lambda boundary: None)
    finally:
        drop_tables(store.connection)


def execute_run(
    store: SqliteStore, program: Program, at: int, settings: RunSettings, options: PlanOptions = _PLAIN
) -> RunReport:
    """Decides what has fallen due up to ``at`` and commits it. The caller holds the run lock.

    Does nothing, and says so, where a run at ``at`` or later has been made. Raises CannotRun for a store that is
    older than its fence.
    """
    settings.notary.check(store)
    last = store.last_run
    if last is not None and at <= last:
        # A run that died behind its commit has left the fence behind.
        settings.notary.confirm(store)
        return RunReport(at, program.policy.zone.name, None, (), blocked_by_check(program), 0, earlier=last)
    store.declare(program.library)
    settings.reached("declared")
    try:
        report = _decide_and_commit(store, program, at, settings, options)
    finally:
        drop_tables(store.connection)
    settings.reached("committed")
    settings.notary.confirm(store)
    settings.reached("fenced")
    return report


def _decide_and_commit(
    store: SqliteStore, program: Program, at: int, settings: RunSettings, options: PlanOptions
) -> RunReport:
    with ExitStack() as snapshot:
        mark = _begin_snapshot(store, snapshot)
        settings.reached("reserved")
        identity = _identify(store, program, at, mark)
        decided = decide(store, program, at, mark, lasting=True, reached=settings.reached)
        settings.approve(decided)
        report = replace(summarise(decided.ctx, decided.blocked, identity.id, options), plan=settings.plan)
        # Ends the reading; rolled back, the delta tables would go with it.
        store.connection.execute("COMMIT")
    settings.reached("decided")
    text = report.to_text()
    commit_run(decided.ctx, identity, settings.secret, decided.progress, settings.started_wall, text, settings.notary)
    return report


def _begin_snapshot(store: SqliteStore, stack: ExitStack) -> int:
    """Reserves numbers and begins reading exactly what was there then; tries again if an import came between."""
    while True:
        mark = store.reserve_for_run()
        attempt = ExitStack()
        attempt.enter_context(store.snapshot())
        if store.last_seq == mark:
            stack.push(attempt.pop_all())
            return mark
        attempt.close()


def _identify(store: SqliteStore, program: Program, at: int, mark: int) -> RunIdentity:
    row = store.connection.execute("SELECT run, id FROM runs ORDER BY run DESC LIMIT 1").fetchone()
    number, previous = row if row else (0, None)
    return RunIdentity(number + 1, run_id(previous, at, program.digest, mark), program.digest, leaf_count(store))


def blocked_by_check(program: Program) -> tuple[Blocked, ...]:
    """The playbooks that their errors block."""
    return tuple(Blocked(name, "check", codes) for name, codes in sorted(program.blocked.items()))


@dataclass(frozen=True, slots=True)
class Decided:
    """A decided attempt: its context, what was blocked, and how far each block is handled after it."""

    ctx: RunContext
    blocked: tuple[Blocked, ...]
    progress: ProgressTable


def decide(
    store: SqliteStore, program: Program, at: int, mark: int, *, lasting: bool, reached: Callable[[str], None]
) -> Decided:
    """Decides until no playbook fails or trips its guard; such a playbook is left out and all is decided anew."""
    left_out = {blocked.playbook: blocked for blocked in blocked_by_check(program)}
    while True:
        ctx = prepare(store, program, at, mark, left_out.keys(), lasting)
        try:
            _decide_all(ctx, reached)
        except GuardTripped as guard:
            left_out[guard.playbook] = Blocked(guard.playbook, "guard", limit=guard.limit, reached=guard.reached)
        except PlaybookFailed as failure:
            left_out[failure.playbook] = Blocked(failure.playbook, "failed", where=failure.where)
        else:
            blocked = sorted(left_out.values(), key=lambda b: b.playbook)
            return Decided(ctx, tuple(blocked), _progress_after(ctx, set(left_out)))


_RULES_KEY = ("", RULES)


def _decide_all(ctx: RunContext, reached: Callable[[str], None]) -> None:
    blocks = _blocks(ctx)
    newest = [run for (_, _, version), run in sorted(blocks.items(), key=lambda b: turn_key(b[1])) if version is None]
    before, fresh = stored_progress(ctx.store)
    since = before.get(_RULES_KEY, fresh)
    leave_removed(ctx)
    # What others brought is found first: a rule may move what it starts from.
    find_triggers(ctx, newest, before, fresh)
    apply_rules(ctx, since.mark, since.handled)
    watch = watch_over(ctx, blocks, lambda playbook: _news_for(playbook, before, fresh))
    wake(ctx, watch)
    turns = schedule_turns(ctx, newest, before, fresh, _member_zones(ctx))
    reached("agenda")
    for instant in sorted({turn.instant for turn in turns}):
        decide_waves(ctx, blocks, instant - 1)
        _decide_instant(ctx, blocks, [turn for turn in turns if turn.instant == instant])
        reached("instant")
    decide_waves(ctx, blocks, ctx.at)
    reached("waves")
    look_around(ctx, watch, lambda: decide_waves(ctx, blocks, ctx.at), (lambda: find_caused_crossings(ctx) > 0,))


def _news_for(playbook: str, progress: ProgressTable, fresh: Progress) -> Progress:
    """What is new to the journeys of a playbook; a store of before this was kept goes by the block furthest behind."""
    if (playbook, JOURNEYS) in progress:
        return progress[playbook, JOURNEYS]
    known = [done for (name, _), done in progress.items() if name == playbook] or [fresh]
    return Progress(min(done.handled for done in known), min(done.mark for done in known))


def _blocks(ctx: RunContext) -> Blocks:
    blocks: Blocks = {}
    for (name, digest), loaded in ctx.versions.items():
        for block in loaded.playbook.blocks:
            run = BlockRun(loaded, block)
            blocks[name, run.number, loaded.number] = run
            if ctx.program.playbooks[name].version == digest:
                blocks[name, run.number, None] = run
    return blocks


def _decide_instant(ctx: RunContext, blocks: Blocks, turns: list[Turn]) -> None:
    """Decides one instant: by priority, playbook and block; members due at it first, then the schedule's audience."""
    instant = turns[0].instant
    runs = {turn_key(turn.run): turn.run for turn in turns}
    for playbook, block in items_at(ctx, instant):
        run = next(r for (name, index, _), r in blocks.items() if (name, index) == (playbook, block))
        runs.setdefault(turn_key(run), run)
    for key in sorted(runs):
        decide_items_at(ctx, blocks, runs[key], instant)
        for turn in turns:
            if turn.key == key:
                with deciding(turn.run.name):
                    ctx.note_occurrence(turn.run.name, instant)
                    load_turn(ctx, turn)
                    enter(ctx, turn.run)
                    sweep(ctx, turn.run)


def _member_zones(ctx: RunContext) -> list[str]:
    """Every zone that the store has heard of for a member."""
    return [zone for (zone,) in ctx.rows(_ZONES)]


_ZONES = """
SELECT DISTINCT f.value FROM attribute_facts f JOIN attributes a ON a.attribute = f.attribute
WHERE a.name = 'timezone' AND f.value IS NOT NULL
"""


def stored_progress(store: SqliteStore) -> tuple[ProgressTable, Progress]:
    """How far each block is handled, and where a block begins that the store has not met: at the last run."""
    rows = store.connection.execute("SELECT playbook, block, handled, mark FROM progress").fetchall()
    last = store.connection.execute("SELECT at, end_mark FROM runs ORDER BY run DESC LIMIT 1").fetchone()
    fresh = Progress(*last) if last else Progress(store.started, 0)
    return {(playbook, block): Progress(handled, mark) for playbook, block, handled, mark in rows}, fresh


def _progress_after(ctx: RunContext, blocked: set[str]) -> ProgressTable:
    """How far each block is handled after this run; those blocked or paused stay where they were."""
    before, fresh = stored_progress(ctx.store)
    after: ProgressTable = {}
    after[_RULES_KEY] = Progress(ctx.at, ctx.counters.seq) if ctx.program.rules_stand else before.get(_RULES_KEY, fresh)
    for playbook in ctx.program.playbooks.values():
        for block in playbook.blocks:
            key = (playbook.name, block_name(playbook, block.index))
            handled = playbook.name not in blocked and playbook.state != "paused"
            after[key] = Progress(ctx.at, ctx.counters.seq) if handled else before.get(key, fresh)
        looked_at = playbook.name not in blocked and playbook.state == "live"
        journeys = Progress(ctx.at, ctx.counters.seq) if looked_at else _news_for(playbook.name, before, fresh)
        after[playbook.name, JOURNEYS] = journeys
    for key, progress in before.items():
        # A playbook that cannot be read keeps what it had: its occurrences stay open.
        if key[0] in blocked:
            after.setdefault(key, progress)
    return after
