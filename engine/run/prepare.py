"""Setting up an attempt: delta tables, versions and steps by number, frames, and what is known at the start."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from ..program.digest import library_of, load_version
from ..program.ir import (
    Branch,
    Condition,
    Coupon,
    Cutoff,
    CutoffKind,
    Did,
    EventTrigger,
    FinishedPlaybook,
    GiveTask,
    Instruction,
    Library,
    MemberDate,
    Playbook,
    Program,
    Push,
    Redpacket,
    Wait,
    WaitFor,
)
from ..program.journeys_asked import journeys_asked
from ..query.frame_table import FrameTable
from ..query.frames import FramePlan
from ..query.groups import boundaries_of
from ..query.normal import normal
from ..query.operands import asked_by
from ..stores.sqlite.database import SqliteStore
from ..stores.sqlite.dialect import register_draw
from ..stores.sqlite.identifiers import with_names
from ..stores.sqlite.names import ATTRIBUTES, COUPONS, NOT_FACTS, REDPACKETS, TAGS, NameTable
from .blocks import block_numbers
from .context import BlockRun, Counters, LoadedVersion, RunContext, leaves_no_entry
from .effects import validity_end
from .enrol import name_occurrences
from .entry import forbidden_span
from .flow import in_zone
from .judge import after, before, younger_than
from .limits import limit_window
from .member_dates import of_value
from .records import actions_of
from .stories import Asks, asks_of
from .tables import create_tables
from .triggers.finding import asked_by_trigger
from .variables import needed_by

Versions = dict[tuple[str, str], LoadedVersion]


def prepare(
    store: SqliteStore, program: Program, at: int, mark: int, left_out: Collection[str], lasting: bool
) -> RunContext:
    """A fresh context for deciding ``program`` at ``at`` without the playbooks of ``left_out``.

    With ``lasting`` the names declared are in the store already; a plan puts unknown ones beside it.
    """
    register_draw(store.connection)
    create_tables(store.connection)
    if not lasting:
        _shadow_names(store, program.library)
    playbooks = [p for p in program.playbooks.values() if p.name not in left_out and p.state == "live"]
    loaded = _load_versions(store, program, playbooks)
    plan = FramePlan.of_all(_conditions(program, loaded), _cutoffs(program, loaded))
    _create_frame_table(store, plan)
    steps = _number_steps(store, loaded)
    ctx = RunContext(
        store=store, program=program, at=at, mark=mark, plan=plan, versions=loaded, steps=steps,
        tags=TAGS.numbers(store.connection), coupons=COUPONS.numbers(store.connection),
        redpackets=REDPACKETS.numbers(store.connection), attributes=ATTRIBUTES.names.numbers(store.connection),
        has_dispatches=bool(_count(store, "SELECT EXISTS (SELECT 1 FROM dispatches)")),
        ahead=bool(_count(store, "SELECT EXISTS (SELECT 1 FROM extents WHERE max_arrived > :at)", at)),
        settled=store.settled,
        watchers=tuple(
            BlockRun(loaded[p.name, p.version], block)
            for p in playbooks for block in p.blocks if isinstance(block.trigger, EventTrigger)
        ),
        forgetful=_forgetful(store, playbooks),
        consents_move=_consents_move(program),
        counters=Counters(
            seq=mark, header=_last(store, "header", "headers"),
            occurrence=_last(store, "occurrence", "occurrences"), enrolment=_last(store, "enrolment", "enrolments"),
        ),
    )
    _open_enrolments(ctx, playbooks)
    return ctx


def _count(store: SqliteStore, sql: str, at: int | None = None) -> int:
    return int(store.connection.execute(sql, {} if at is None else {"at": at}).fetchone()[0])


def _last(store: SqliteStore, column: str, table: str) -> int:
    return _count(store, with_names("SELECT coalesce(max($column), 0) FROM $table", column=column, table=table))


def _shadow_names(store: SqliteStore, library: Library) -> None:
    """Puts temporary tables in front of the store's names, with the declared ones that it has not met."""
    for names, declared in ((TAGS, library.tags), (COUPONS, library.coupons), (REDPACKETS, library.redpackets)):
        _shadow(store, names)
        for name in sorted(declared):
            names.intern(store.connection, name)
    for statement in _SHADOW_ATTRIBUTES:
        store.connection.execute(statement)
    for name in sorted(library.attributes.keys() - NOT_FACTS):
        store.connection.execute(
            "INSERT OR IGNORE INTO temp.attributes (name, type) VALUES (?, ?)", (name, library.attributes[name].type)
        )


_SHADOW_ATTRIBUTES = (
    "DROP TABLE IF EXISTS temp.attributes",
    "CREATE TEMP TABLE attributes (attribute INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, type TEXT NOT NULL)",
    "INSERT INTO temp.attributes SELECT attribute, name, type FROM main.attributes",
)


def _shadow(store: SqliteStore, names: NameTable) -> None:
    for statement in _SHADOW:
        store.connection.execute(with_names(statement, table=names.table, number=names.number))


_SHADOW = (
    "DROP TABLE IF EXISTS temp.$table",
    "CREATE TEMP TABLE $table ($number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
    "INSERT INTO temp.$table SELECT $number, name FROM main.$table",
)


def _load_versions(store: SqliteStore, program: Program, playbooks: Collection[Playbook]) -> Versions:
    """The newest version of each playbook, and older ones that members in flight are on or may reach a goal of."""
    known = {
        (name, digest): (number, source)
        for number, name, digest, source in store.connection.execute(
            "SELECT version, playbook, digest, source FROM playbook_versions ORDER BY version"
        )
    }
    last = max((number for number, _ in known.values()), default=0)
    loaded: Versions = {}
    for playbook in sorted(playbooks, key=lambda p: p.name):
        if (playbook.name, playbook.version) not in known:
            last += 1
        number = known.get((playbook.name, playbook.version), (last, ""))[0]
        loaded[playbook.name, playbook.version] = LoadedVersion(
            number, playbook, program, block_numbers(store.connection, playbook), *_asks(playbook, program.library)
        )
    names = {p.name: p for p in playbooks}
    for number, name, digest, source in store.connection.execute(_STILL_AT_WORK, {"last": store.last_run or 0}):
        if name in names and (name, digest) not in loaded:
            loaded[name, digest] = _older(store, program, number, names[name], digest, source)
    store.connection.executemany(
        "INSERT INTO run_versions VALUES (?, ?, ?)", [(v.number, name, digest) for (name, digest), v in loaded.items()]
    )
    remembered = _remembered(program, loaded)
    return {key: replace(version, remembered=key[0] in remembered) for key, version in loaded.items()}


def _remembered(program: Program, loaded: Versions) -> frozenset[str]:
    """The playbooks of which anything that is written, at work or not, asks who came to their end."""
    consents = tuple(consent.condition for consent in program.policy.consents)
    older = (v.playbook for (name, digest), v in loaded.items() if digest != program.playbooks[name].version)
    roots = [program.playbooks, program.library.segments, consents, *older]
    return frozenset(test.playbook for test in journeys_asked(roots) if isinstance(test, FinishedPlaybook))


def _consents_move(program: Program) -> bool:
    """Whether a journey that somebody has just begun may forbid pushes to them."""
    return bool(journeys_asked(normal(consent.condition, program.library) for consent in program.policy.consents))


# Versions that members in flight are on, and those of which somebody may still reach the goal.
_STILL_AT_WORK = """
SELECT version, playbook, digest, source FROM playbook_versions
WHERE version IN (SELECT DISTINCT version FROM enrolments WHERE ended IS NULL)
   OR version IN (SELECT version FROM watched_versions WHERE until >= :last)
ORDER BY version
"""


def _forgetful(store: SqliteStore, playbooks: Collection[Playbook]) -> frozenset[str]:
    asking = {p.name: p.version for p in playbooks if any(block.reentry is not None for block in p.blocks)}
    return frozenset(
        name
        for name, digest, source in store.connection.execute("SELECT playbook, digest, source FROM playbook_versions")
        if asking.get(name, digest) != digest and any(map(leaves_no_entry, load_version(source).playbook.blocks))
    )


def _older(
    store: SqliteStore, program: Program, number: int, newest: Playbook, digest: str, source: str
) -> LoadedVersion:
    """An older version, with its own segments, metrics and ladders; what is no part of one comes from the newest."""
    unit = load_version(source)
    playbook = replace(
        unit.playbook, about=newest.about, owner=newest.owner, state=newest.state, budgets=newest.budgets,
        version=digest,
    )
    library = library_of(unit, program.library)
    numbers = block_numbers(store.connection, playbook)
    return LoadedVersion(number, playbook, replace(program, library=library), numbers, *_asks(playbook, library))


def _asks(playbook: Playbook, library: Library) -> tuple[Asks, Asks]:
    at_run = () if playbook.exit is None else (playbook.exit,)
    return asks_of(_of_playbook(playbook, library), library), asks_of(at_run, library)


def _conditions(program: Program, loaded: Versions) -> Iterator[tuple[Condition, Library]]:
    for consent in program.policy.consents:
        yield consent.condition, program.library
    queries = [rule.query for rule in program.library.points] + [rule.query for rule in program.library.rules]
    yield from ((Did(query), program.library) for query in queries)
    for version in loaded.values():
        library = version.program.library
        for condition in _of_playbook(version.playbook, library):
            yield condition, library


def _of_playbook(playbook: Playbook, library: Library) -> Iterator[Condition]:
    yield playbook.audience
    if playbook.groups is not None and (asked := boundaries_of(playbook.groups)) is not None:
        yield asked
    yield from () if playbook.goal is None else (playbook.goal.condition,)
    yield from () if playbook.exit is None else (playbook.exit,)
    if playbook.take is not None and playbook.take.by is not None:
        yield from asked_by(playbook.take.by, library)
    if playbook.zone.per_member:
        yield in_zone(playbook.zone.name, playbook.zone.name)
    for block in playbook.blocks:
        if block.audience is not None:
            yield block.audience
        if isinstance(block.trigger, MemberDate):
            yield of_value(block.trigger)
        yield from asked_by_trigger(block.trigger, library)
        yield from (i.condition for i in block.code if isinstance(i, Branch | WaitFor))
        yield from (known for instruction in block.code for known in needed_by(library, instruction))


def _cutoffs(program: Program, loaded: Versions) -> Iterator[Cutoff]:
    """The boundaries that stages ask for besides conditions: caps, limits, validity, expiry, re-entry, waits."""
    yield from (Cutoff(CutoffKind.DAY, 0), Cutoff(CutoffKind.DAY, 1))
    yield from (Cutoff(CutoffKind.YEAR, 0), Cutoff(CutoffKind.YEAR, 1))
    for cap in program.policy.caps:
        if cap.per is not None:
            yield before(cap.per.months, cap.per.micros)
    for coupon in program.library.coupons.values():
        end = validity_end(coupon.validity)
        if end is not None:
            yield end
    given: list[Coupon | Redpacket] = [*program.library.coupons.values(), *program.library.redpackets.values()]
    yield from (end for limited in given for end in limit_window(limited) if end is not None)
    for tag in program.library.tags.values():
        if tag.expires is not None:
            yield after(tag.expires.months, tag.expires.micros)
    for version in loaded.values():
        for block in version.playbook.blocks:
            if block.reentry is not None:
                yield from (end for end in forbidden_span(block.reentry) if end is not None)
            for instruction in block.code:
                yield from _of_instruction(instruction)


def _of_instruction(instruction: Instruction) -> Iterator[Cutoff]:
    match instruction:
        case Wait(duration=duration) | WaitFor(up_to=duration):
            yield after(duration.months, duration.micros)
        case GiveTask(due=duration):
            yield after(duration.months, duration.micros)
        case Push(rotation=rotation, within=within, confirmed=confirmed):
            if rotation is not None and rotation.no_repeat is not None:
                yield younger_than(rotation.no_repeat.months, rotation.no_repeat.micros)
            limits = (within, None if confirmed is None else confirmed.within)
            yield from (after(limit.months, limit.micros) for limit in limits if limit is not None)


def _create_frame_table(store: SqliteStore, plan: FramePlan) -> None:
    FrameTable(plan, "sqlite", lambda sql, values: store.connection.execute(sql, values).fetchall()).create()
    store.connection.execute("CREATE INDEX temp.frames_instant ON frames (t, zone)")


def _number_steps(store: SqliteStore, loaded: Versions) -> dict[tuple[str, str], int]:
    store.connection.execute("INSERT INTO run_steps SELECT * FROM steps")
    for version in loaded.values():
        for block in version.playbook.blocks:
            for step in (action.step for action in actions_of(block)):
                store.connection.execute(_NEW_STEP, {"playbook": version.playbook.name, "name": step})
    rows = store.connection.execute("SELECT playbook, name, step FROM run_steps").fetchall()
    return {(playbook, name): number for playbook, name, number in rows}


_NEW_STEP = """
INSERT INTO run_steps (playbook, name)
SELECT :playbook, :name WHERE NOT EXISTS (SELECT 1 FROM run_steps WHERE playbook = :playbook AND name = :name)
"""


def _open_enrolments(ctx: RunContext, playbooks: Collection[Playbook]) -> None:
    """Brings the enrolments that are due into the delta tables; those of playbooks at rest stay where they are."""
    ctx.connection.executemany("INSERT INTO priorities VALUES (?, ?)", [(p.name, p.priority) for p in playbooks])
    ctx.execute(_DUE, {"at": ctx.at})
    name_occurrences(ctx)


_DUE = """
INSERT INTO run_enrolments
SELECT e.* FROM enrolments e JOIN priorities p ON p.playbook = e.playbook WHERE e.ended IS NULL AND e.due <= :at
"""
